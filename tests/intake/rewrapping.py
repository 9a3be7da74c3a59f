"""Every complaint of the corpora again, as colleagues forward it: mail programs, charsets, other labels and numbers.

`python -m tests.intake.rewrapping` prints how much is read of it as it is read of the mail itself.  A rule that fits a
mail of the corpora only, its client, its words or its numbers, does not pass here.
"""

from __future__ import annotations

import json
import random
import re
import sys
from base64 import encodebytes
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from quopri import encodestring
from typing import Any

from daemon.core.directory import Directory
from daemon.intake.message import parse
from daemon.intake.read import as_json, read
from daemon.intake.reading import Known
from tests.corpus.score import compare
from tests.intake.conftest import CORPUS, company_of

CORPORA = (CORPUS, CORPUS / "second")
CLIENTS = {  # n: who complains, e: his address, s: the salesperson's, x: the subject
    "Outlook cn": "发件人: {n} <{e}>\n发送时间: 2026年11月18日 10:47\n收件人: {s}\n主题: {x}\n\n",
    "Outlook en": "From: {n} <{e}>\nSent: Monday, November 16, 2026 9:17 PM\nTo: {s}\nSubject: {x}\n\n",
    "Outlook tw": "寄件者: {n} <{e}>\n寄件日期: 2026年11月18日 上午 10:47\n收件者: {s}\n主旨: {x}\n\n",
    "Outlook ja": "差出人: {n} <{e}>\n送信日時: 2026年11月18日 10:47\n宛先: {s}\n件名: {x}\n\n",
    "Foxmail": " \n发件人： {n} <{e}>\n发送时间： 2026-11-18 10:47\n收件人： {s}\n主题： {x}\n",
    "QQ": '------------------ 原始邮件 ------------------\n发件人: "{n}" <{e}>;\n'
    '发送时间: 2026年11月18日(星期三) 中午12:40\n收件人: "{s}"<{s}>;\n主题:  {x}\n\n',
    "163": "---- 转发的邮件 ----\n发件人\t{n}<{e}>\n日期\t2026年11月19日 17:20\n收件人\t{s}\n抄送至\t\n主题\t{x}\n\n",
    "Coremail": '-----原始邮件-----\n发件人:"{n}" <{e}>\n发送时间:2026-11-19 13:58:20 (星期四)\n'
    "收件人: {s}\n抄送: \n主题: {x}\n\n",
    "WeCom": '------------------ Original ------------------\nFrom:  "{n}"<{e}>;\nDate:  Thu, Nov 19, 2026 06:21 PM\n'
    'To:  "{s}"<{s}>;\nSubject:  {x}\n\n',
    "Gmail": "---------- Forwarded message ---------\n发件人： {n} <{e}>\nDate: 2026年11月20日周五 19:42\n"
    "Subject: {x}\nTo: <{s}>\n\n",
    "Apple Mail": "开始转发的邮件：\n\n发件人: {n} <{e}>\n主题: {x}\n日期: 2026年11月21日 GMT+8 18:02:11\n"
    "收件人: {s}\n\n",
}
CHARSETS = ("utf-8, base64", "gb18030 as gb2312, quoted", "gb18030, undeclared", "utf-8 as us-ascii")
NOTES = ("请登记处理。", "麻烦立案，谢谢", "Please open a case.", "见下，客户来的邮件")
LABELS = (  # what means the same on a form
    ("客户名称", "客户单位", "投诉单位"), ("产品名称", "品名", "物料名称"), ("产品型号", "料号", "图号", "物料编码"),
    ("批次号", "生产批次", "批号"), ("订单号", "采购订单号"), ("到货数量", "来料数量", "交货数量"),
    ("不良数量", "不合格数", "不良数"), ("问题描述", "不良现象", "异常描述"), ("处理要求", "客户要求", "诉求"),
    ("联系人", "经办人"), ("联系电话", "手机"),
)  # fmt: skip
NAMES = ("part_no", "batch_no", "order_no")
JUDGED = ("kind", "contact.email", "forwarded", "facts", "phenomenon")


@dataclass(frozen=True)
class Original:
    """A complaint as somebody outside wrote it, and what a clerk reads in it."""

    name: str
    text: str
    subject: str
    expected: dict[str, Any]
    read_well: frozenset[str]  # the fields that are read rightly in the mail itself


def originals(corpus: Path, directory: Directory) -> Iterator[Original]:
    """Yield the complaints of a corpus that came from outside, with all they say in their text."""
    for path in sorted((corpus / "mails").glob("*.eml")):
        expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
        if (
            expected["kind"] == "complaint"
            and not expected["forwarded"]
            and (expected.get("contact") or {}).get("email")
        ):
            raw = path.read_bytes()
            message, reading = parse(raw), read(raw, directory, Known())
            well = frozenset(row[1] for row in compare(expected, as_json(reading)) if row[2])
            yield Original(path.stem, message.text, message.subject, expected, well)


def rewrapped(one: Original, client: str, charset: str, directory: Directory) -> tuple[bytes, dict[str, Any]]:
    """Return a complaint as a colleague forwards it, with other labels and names, and what is to be read in it."""
    dice = random.Random(f"{one.name} {client} {charset}")
    renamed = dict(_renamed(one.expected, dice))
    text, expected = (
        _replaced(one.text, renamed),
        json.loads(_replaced(json.dumps(one.expected, ensure_ascii=False), renamed)),
    )
    text = _relabelled(text, dice)
    seller = next(one for one in directory.addresses_of(directory.sales) if directory.person(one))
    contact = expected["contact"]
    head = CLIENTS[client].format(n=contact.get("name") or "客户", e=contact["email"], s=seller, x=one.subject)
    body = f"{dice.choice(NOTES)}\n\n{head}{text}\n"
    expected |= {"forwarded": True, "from_email": seller}
    return _mail(f"转发: {one.subject}", seller, body, charset), expected


def _renamed(expected: dict[str, Any], dice: random.Random) -> Iterator[tuple[str, str]]:
    """Yield other numbers, and other letters in them, in the shape of those that are there."""
    for key in NAMES:
        if (value := expected.get(key)) and len(str(value)) > 4:
            yield str(value), re.sub(r"[1-9]", lambda _: str(dice.randint(1, 9)), str(value))


def _replaced(text: str, renamed: dict[str, str]) -> str:
    for old in sorted(renamed, key=len, reverse=True):
        text = text.replace(old, renamed[old])
    return text


def _relabelled(text: str, dice: random.Random) -> str:
    """Return a text with other labels where a line begins with one of these."""
    for some in LABELS:
        words = "|".join(some)
        text = re.sub(
            rf"(?m)^([ \t【]*)(?:{words})(?=[】]?[ \t]*[：:\t])", lambda m, s=some: m[1] + dice.choice(s), text
        )
    return text


def _mail(subject: str, sender: str, body: str, charset: str) -> bytes:
    heads = [
        f"From: <{sender}>",
        "To: <kesu@company.example>",
        "Date: Fri, 20 Nov 2026 09:00:00 +0800",
        "MIME-Version: 1.0",
    ]
    heads.append(f"Subject: =?utf-8?B?{encodebytes(subject.encode()).decode().replace(chr(10), '')}?=")
    plain = body.replace("\n", "\r\n")
    if charset == "utf-8, base64":
        kind, how, data = "text/plain; charset=utf-8", "base64", encodebytes(plain.encode())
    elif charset == "gb18030 as gb2312, quoted":
        kind, how, data = "text/plain; charset=gb2312", "quoted-printable", encodestring(plain.encode("gb18030"))
    elif charset == "gb18030, undeclared":
        kind, how, data = "text/plain", "8bit", plain.encode("gb18030")
    else:
        kind, how, data = "text/plain; charset=us-ascii", "8bit", plain.encode()
    heads += [f"Content-Type: {kind}", f"Content-Transfer-Encoding: {how}"]
    return "\r\n".join(heads).encode() + b"\r\n\r\n" + data


def scored(clients: tuple[str, ...] = tuple(CLIENTS)) -> tuple[Counter[str], Counter[str], list[str]]:
    """Return how often each client is read rightly, how often in all, and the misses; of what the mail itself gives."""
    right, all_ = Counter[str](), Counter[str]()
    misses = []
    for corpus in CORPORA:
        directory = company_of(corpus)[0]
        for one, client, charset in product(list(originals(corpus, directory)), clients, CHARSETS):
            raw, expected = rewrapped(one, client, charset, directory)
            got = as_json(read(raw, directory, Known()))
            for group, field, held, want, have in compare(expected, got):
                if group in JUDGED and (field in one.read_well or field in {"forwarded", "from_email"}):
                    right[client] += held
                    all_[client] += 1
                    if not held:
                        misses.append(
                            f"{one.name}, {client}, {charset}: {field}: wanted {want!r}, found {str(have)[:80]!r}"
                        )
    return right, all_, misses


def main() -> int:
    """Print a line for each client, and the misses with -v."""
    right, all_, misses = scored()
    for client in CLIENTS:
        sys.stdout.write(f"{client:12} {right[client] / all_[client]:.3f}  ({right[client]} of {all_[client]})\n")
    sys.stdout.write(f"{'all':12} {right.total() / all_.total():.3f}  ({right.total()} of {all_.total()})\n")
    if "-v" in sys.argv:
        sys.stdout.write("\n".join(misses) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
