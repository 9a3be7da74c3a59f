"""The script that a person would write in an afternoon, straight on; it is the measure of what a daemon costs more.

Started as `python -m tests.bench.script PLAN MOST`: it deals with that many mails and says the seconds of each stage.
"""

from __future__ import annotations

import email
import imaplib
import json
import re
import smtplib
import ssl
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from email.header import decode_header, make_header
from email.message import EmailMessage
from pathlib import Path
from time import perf_counter

from docx import Document
from openpyxl import Workbook, load_workbook

FIELDS = {
    "客户": r"客户名称：(.+)", "产品": r"产品名称：(.+)", "型号": r"(?:型号|产品型号：)([A-Z]+-[A-Z0-9]+)",
    "批次": r"批次号?：?([0-9-]+)", "订单": r"(PO\d+)", "数量": r"(?:到货|交货数量：)(\d+)",
    "不良": r"不良(?:数量：)?(\d+)", "描述": r"问题描述：(.+)", "要求": r"处理要求：(.+)", "电话": r"电话：(\d+)",
}  # fmt: skip

times: dict[str, float] = {}


@contextmanager
def stage(name: str) -> Iterator[None]:
    """Add the seconds of a stage."""
    since = perf_counter()
    yield
    times[name] = times.get(name, 0.0) + perf_counter() - since


def text_of(mail: email.message.Message) -> str:
    """Return the text of a mail, HTML without its tags."""
    for part in mail.walk():
        if part.get_content_maintype() == "text":
            text = part.get_payload(decode=True).decode(part.get_content_charset() or "utf-8", "replace")  # type: ignore[union-attr]
            return re.sub(r"<[^>]+>", "\n", text) if part.get_content_subtype() == "html" else text
    return ""


def facts_of(mail: email.message.Message) -> dict[str, str]:
    """Return what the regexes find."""
    text = text_of(mail)
    found = {name: re.search(pattern, text) for name, pattern in FIELDS.items()}
    facts = {name: match[1] if match else "" for name, match in found.items()}
    return facts | {"主题": str(make_header(decode_header(mail["Subject"]))), "发件人": mail["From"]}


def add_row(path: Path, facts: dict[str, str]) -> None:
    """Load the workbook, add a row, save it."""
    workbook = load_workbook(path) if path.exists() else Workbook()
    sheet = workbook.active
    assert sheet
    sheet.append(list(facts.values()))
    workbook.save(path)


def report(path: Path, facts: dict[str, str]) -> None:
    """Write an 8D from scratch."""
    document = Document()
    document.add_heading("8D 报告", 0)
    for number in range(1, 9):
        document.add_heading(f"D{number}", 1)
        table = document.add_table(rows=0, cols=2)
        for name, value in facts.items():
            cells = table.add_row().cells
            cells[0].text, cells[1].text = name, value
    document.save(str(path))


def send(plan: dict[str, str], to: str, facts: dict[str, str], form: Path | None) -> None:
    """Send a mail over a connection of its own."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "a@hongyuan.example", to, f"客诉 {facts['主题']}"
    mail.set_content("\n".join(f"{name}：{value}" for name, value in facts.items()))
    if form:
        mail.add_attachment(form.read_bytes(), maintype="application", subtype="octet-stream", filename=form.name)
    context = ssl.create_default_context(cafile=plan["ca_file"])
    with smtplib.SMTP_SSL("localhost", int(plan["smtp_port"]), context=context) as server:
        server.send_message(mail)


def main(path: str, most: str) -> None:
    """Deal with the first mails of the inbox."""
    plan = json.loads(Path(path).read_text("utf-8"))
    folder = Path(plan["folder"])
    context = ssl.create_default_context(cafile=plan["ca_file"])
    server = imaplib.IMAP4_SSL("localhost", plan["imap_port"], ssl_context=context)
    server.login(plan["user"], plan["password"])
    server.create("done")
    server.select("INBOX")
    numbers = server.uid("SEARCH", "ALL")[1][0].split()[: int(most)]  # type: ignore[arg-type]
    for uid in numbers:
        with stage("fetch"):
            raw = server.uid("FETCH", uid, "(RFC822)")[1][0][1]  # type: ignore[index]
        with stage("understand"):
            facts = facts_of(email.message_from_bytes(raw))  # type: ignore[arg-type]
        with stage("ledger"):
            add_row(Path(plan["workbook"]), facts)
        with stage("8D files"):
            report(form := folder / f"script-{uid.decode()}.docx", facts)
        with stage("send"):
            send(plan, "customer@b.example", facts, None)
            send(plan, "department@b.example", facts, form)
        with stage("shelve"):
            server.uid("COPY", uid, "done")
            server.uid("STORE", uid, "+FLAGS", r"(\Deleted)")
            server.expunge()
    server.logout()
    print(json.dumps({"mails": len(numbers), "stages": times}))


if __name__ == "__main__":
    main(*sys.argv[1:])
