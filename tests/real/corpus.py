"""The mails of tests/corpus with what is expected of them, and how one of its replies is re-addressed to a notice."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from email import message_from_bytes
from email.header import Header, decode_header
from email.utils import parseaddr
from pathlib import Path
from typing import Any

from daemon.seams import OutboxRow

FOLDER = Path(__file__).parent.parent / "corpus"
DIRECTORY = FOLDER / "directory.toml"
FIELD = re.compile(rb"^([!-9;-~]+):((?:.*\r?\n)(?:[ \t].*\r?\n)*)", re.MULTILINE)


@dataclass(frozen=True)
class CorpusMail:
    """A mail of the corpus; `number` is that of its file."""

    number: str
    raw: bytes
    expected: Mapping[str, Any]

    @property
    def kind(self) -> str:
        return str(self.expected["kind"])

    @property
    def message_id(self) -> str:
        return str(message_from_bytes(self.raw)["Message-ID"]).strip()


def corpus() -> dict[str, CorpusMail]:
    """Return the mails of the corpus by number."""
    paths = sorted((FOLDER / "mails").glob("*.eml"))
    mails = (CorpusMail(path.name[:3], path.read_bytes(), _expected(path)) for path in paths)
    return {mail.number: mail for mail in mails}


def new_id(number: str) -> str:
    """Return the Message-ID of a re-addressed mail: it is another mail than the one of the corpus."""
    return f"<again-{number}@corpus.example>"


def addressed_to(mail: CorpusMail, notice: OutboxRow | None, case_number: str, sender: str = "") -> bytes:
    """Return the mail as an answer to this notice of ours: its head is edited, its body is as it was.

    `sender` is the address that it comes from instead, under the name that it has.
    """
    head, blank, body = re.split(rb"(\r?\n\r?\n)", mail.raw, maxsplit=1)
    fields = {"message-id": new_id(mail.number)}
    if notice:
        fields |= {"in-reply-to": notice.message_id, "references": notice.message_id}
    if sender:
        fields |= {"return-path": f"<{sender}>", "from": _from(mail, sender)}
    fields["subject"] = _subject(mail, case_number)

    def edited(found: re.Match[bytes]) -> bytes:
        name = found[1].decode("ascii")
        return f"{name}: {fields[name.lower()]}\r\n".encode("ascii") if name.lower() in fields else found[0]

    return FIELD.sub(edited, head + b"\r\n").rstrip(b"\r\n") + blank + body


def _expected(path: Path) -> Mapping[str, Any]:
    found: Mapping[str, Any] = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return found


def _from(mail: CorpusMail, sender: str) -> str:
    name = parseaddr(_decoded(mail, "From"))[0]
    return f"{Header(name, 'utf-8').encode()} <{sender}>"


def _subject(mail: CorpusMail, case_number: str) -> str:
    subject = _decoded(mail, "Subject").replace(mail.expected["case_ref"], case_number)
    return Header(subject, "utf-8").encode(linesep="\r\n")


def _decoded(mail: CorpusMail, field: str) -> str:
    """Return a head field in words; a character that its mail program tore apart is lost, as in any reader."""
    parts = decode_header(message_from_bytes(mail.raw)[field])
    return "".join(
        part if isinstance(part, str) else part.decode((charset or "utf-8").replace("gb2312", "gb18030"), "replace")
        for part, charset in parts
    )
