"""The floor of each stage: the least program that does the same amount of it, on the same machine in the same run.

Started as `python -m tests.bench.floors PLAN`: PLAN is a JSON file that says where the servers are and how many.
"""

from __future__ import annotations

import base64
import imaplib
import json
import smtplib
import socket
import sqlite3
import ssl
import sys
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from email import message_from_bytes
from email.policy import compat32
from io import BytesIO
from pathlib import Path
from time import perf_counter, process_time
from typing import Any
from xml.sax.saxutils import escape

from openpyxl import Workbook

MAIL = """From: a@hongyuan.example\r
To: {to}\r
Subject: =?utf-8?B?{subject}?=\r
Message-ID: <{number}@hongyuan.example>\r
MIME-Version: 1.0\r
Content-Type: multipart/mixed; boundary=b\r
\r
--b\r
Content-Type: text/html; charset=utf-8\r
Content-Transfer-Encoding: base64\r
\r
{body}\r
--b\r
Content-Type: application/octet-stream\r
Content-Transfer-Encoding: base64\r
\r
{file}\r
--b--\r
"""
PER_MAIL = 2  # receipt and notice


@dataclass(frozen=True)
class Plan:
    """Where the servers are, and what the daemon made: one of its 8D files, the shape of its workbook."""

    imap_port: int
    smtp_port: int
    ca_file: str
    user: str
    password: str
    folder: Path
    count: int
    grown: int
    form: Path
    columns: int


@dataclass
class Floor:
    """What one stage hands on to the next."""

    plan: Plan
    raw: list[bytes]
    texts: list[str]
    forms: list[bytes]
    mails: list[bytes]


def fetch(floor: Floor) -> None:
    """One FETCH of all."""
    with _imap(floor.plan) as server:
        server.select("INBOX", readonly=True)
        found = server.uid("FETCH", "1:*", "(BODY.PEEK[])")[1]  # type: ignore[arg-type]
    floor.raw = [part[1] for part in found if isinstance(part, tuple)]
    assert len(floor.raw) == floor.plan.count


def understand(floor: Floor) -> None:
    """compat32 parsing and the first text part, decoded."""
    for raw in floor.raw:
        mail = message_from_bytes(raw, policy=compat32)
        part = next(one for one in mail.walk() if one.get_content_maintype() == "text")
        payload = part.get_payload(decode=True)
        assert isinstance(payload, bytes)
        floor.texts.append(payload.decode("utf-8"))


def commit(floor: Floor) -> None:
    """One SQLite commit a mail, WAL and synchronous=FULL."""
    database = sqlite3.connect(floor.plan.folder / "floor.db", isolation_level=None)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA synchronous=FULL")
    database.execute("CREATE TABLE mail (id INTEGER PRIMARY KEY, text TEXT)")
    for text in floor.texts:
        database.execute("BEGIN IMMEDIATE")
        database.execute("INSERT INTO mail (text) VALUES (?)", (text,))
        database.execute("COMMIT")
    database.close()


def move(floor: Floor) -> None:
    """One MOVE of all."""
    with _imap(floor.plan) as server:
        server.create("done")
        server.select("INBOX")
        server.uid("MOVE", "1:*", "done")


def fill_forms(floor: Floor) -> None:
    """An 8D from a template prepared once: text put in place, one part packed, the file written."""
    with zipfile.ZipFile(floor.plan.form) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    head, mark, tail = parts.pop("word/document.xml").decode().partition("</w:t>")
    with zipfile.ZipFile(base := BytesIO(), "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        for name, data in parts.items():
            package.writestr(name, data)
    for number, text in enumerate(floor.texts):
        out = BytesIO(base.getvalue())
        with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            package.writestr("word/document.xml", head + escape(text) + mark + tail)
        floor.forms.append(out.getvalue())
        (floor.plan.folder / f"{number}.docx").write_bytes(out.getvalue())


def write_mails(floor: Floor) -> None:
    """Bytes built by hand: one mail with the 8D, one without."""
    for number, (text, form) in enumerate(zip(floor.texts, floor.forms, strict=True)):
        body = base64.encodebytes(text.encode()).decode()
        words = {"to": f"{number}@b.example", "subject": base64.b64encode(text[:30].encode()).decode(), "body": body}
        file = base64.encodebytes(form).decode()
        floor.mails.append(MAIL.format(number=number, file=file, **words).replace("\n", "\r\n").encode())
        floor.mails.append(MAIL.format(number=f"r{number}", file="", **words).replace("\n", "\r\n").encode())


def send(floor: Floor) -> None:
    """One connection, three commands a mail."""
    context = ssl.create_default_context(cafile=floor.plan.ca_file)
    with smtplib.SMTP_SSL("localhost", floor.plan.smtp_port, context=context) as server:
        server.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # type: ignore[union-attr]
        server.ehlo()
        for raw in floor.mails:
            server.mail("a@hongyuan.example")
            server.rcpt("b@b.example")
            server.data(raw)


def ledger(floor: Floor) -> None:
    """Write the workbook once, plain cells and no styles."""
    _write_rows(floor, floor.plan.count)


def grown_ledger(floor: Floor) -> None:
    """Write the workbook with the rows of years once."""
    _write_rows(floor, floor.plan.grown)


def _write_rows(floor: Floor, rows: int) -> None:
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet()
    for number in range(rows):
        sheet.append([floor.texts[number % len(floor.texts)][:20]] * floor.plan.columns)
    workbook.save(floor.plan.folder / "floor.xlsx")


FLOORS: dict[str, Callable[[Floor], None]] = {
    "fetch": fetch,
    "understand": understand,
    "decide and commit": commit,
    "shelve": move,
    "8D files": fill_forms,
    "write mails": write_mails,
    "send": send,
    "ledger": ledger,
    "ledger, grown": grown_ledger,
}


def _imap(plan: Plan) -> imaplib.IMAP4_SSL:
    context = ssl.create_default_context(cafile=plan.ca_file)
    server = imaplib.IMAP4_SSL("localhost", plan.imap_port, ssl_context=context)
    server.login(plan.user, plan.password)
    return server


def main(path: str) -> None:
    """Run every floor in turn and say the seconds of each, wall and CPU."""
    told: dict[str, Any] = json.loads(Path(path).read_text("utf-8"))
    plan = Plan(**told | {"folder": Path(told["folder"]), "form": Path(told["form"])})
    floor, times = Floor(plan, [], [], [], []), {}
    for name, run in FLOORS.items():
        wall, cpu = perf_counter(), process_time()
        run(floor)
        times[name] = {"wall": perf_counter() - wall, "cpu": process_time() - cpu}
    print(json.dumps(times))


if __name__ == "__main__":
    main(sys.argv[1])
