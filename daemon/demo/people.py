"""People at their mail programs and at the ledger: they read, answer, press buttons, type.  For demo and simulation."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from html import unescape
from urllib.parse import parse_qs, urlsplit

from daemon.ledger.columns import MAIN_SHEET
from daemon.ledger.patching import patched
from daemon.ledger.reading import open_workbook
from daemon.ledger.sheet import NewRow, Patch, Put
from daemon.ledger.shown import Book
from daemon.seams import CellValue


@dataclass(frozen=True, slots=True)
class Button:
    """A mailto: link of a mail: the subject and the body that it fills in."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Received:
    """A mail of ours as a person has it in the inbox."""

    to: str
    raw: bytes

    @property
    def mail(self) -> EmailMessage:
        """Return the mail, parsed."""
        return message_from_bytes(self.raw, policy=policy.default)

    @property
    def subject(self) -> str:
        """Return the subject."""
        return str(self.mail["Subject"])

    @property
    def text(self) -> str:
        """Return the plain text."""
        return self._body("plain")

    @property
    def html(self) -> str:
        """Return the HTML."""
        return self._body("html")

    @property
    def attachments(self) -> tuple[str, ...]:
        """Return the names of the attached files."""
        return tuple(part.get_filename() or "" for part in self.mail.iter_attachments())

    @property
    def buttons(self) -> tuple[Button, ...]:
        """Return the buttons, in order."""
        links = (unescape(link) for link in re.findall(r'href="(mailto:[^"]+)"', self.html))
        asked = (parse_qs(urlsplit(link).query) for link in links)
        return tuple(Button(one["subject"][0], one.get("body", [""])[0]) for one in asked if "subject" in one)

    def _body(self, kind: str) -> str:
        part = self.mail.get_body((kind,))
        return str(part.get_content()) if part else ""


@dataclass(frozen=True, slots=True)
class Writer:
    """A person who writes to the complaint mailbox, at an instant; `serial` makes the Message-ID its own."""

    name: str
    address: str
    mailbox: str
    at: datetime
    serial: int

    def write(
        self, subject: str, text: str, files: Sequence[tuple[str, bytes]] = (), headers: Sequence[tuple[str, str]] = ()
    ) -> bytes:
        """Return a new mail with these files attached."""
        mail = EmailMessage(policy=policy.SMTP)
        mail["From"] = f"{self.name} <{self.address}>" if self.name else self.address
        mail["To"], mail["Subject"], mail["Date"] = self.mailbox, subject, self.at
        mail["Message-ID"] = f"<{self.serial}.{self.at:%Y%m%d%H%M}@{self.address.partition('@')[2]}>"
        for key, value in headers:
            mail[key] = value
        mail.set_content(text, cte="base64")
        for name, data in files:
            kind = {"png": ("image", "png"), "jpg": ("image", "jpeg")}.get(
                name.rpartition(".")[2], ("application", "x")
            )
            mail.add_attachment(data, maintype=kind[0], subtype=kind[1], filename=name)
        return mail.as_bytes()

    def reply(self, to: Received, text: str, files: Sequence[tuple[str, bytes]] = ()) -> bytes:
        """Return an answer to a mail of ours, with its text quoted below as a mail program does, and these files."""
        quoted = "\n".join(f"> {line}" for line in to.text.splitlines())
        answered = str(to.mail["Message-ID"])
        return self.write(
            f"答复: {to.subject}",
            f"{text}\n\n{quoted}",
            files,
            headers=[("In-Reply-To", answered), ("References", answered)],
        )

    def press(self, to: Received, word: str, reason: str = "", number: str = "") -> bytes:
        """Return the mail of a button with this word, its reason filled in.  Raises LookupError."""
        button = next((one for one in to.buttons if word in one.subject.split() and number in one.subject), None)
        if button is None:
            offered = ", ".join(one.subject for one in to.buttons)
            raise LookupError(f"{to.subject!r} has no button {word!r}; it has: {offered}")
        body = re.sub(r"(原因|Reason)(\s*[:：])", lambda found: found[0] + reason, button.body, count=1)
        return self.write(button.subject, body)


def typed(workbook: bytes, book: Book, number: str, cells: Mapping[str, CellValue]) -> bytes:
    """Return the ledger as it is after a person typed into the row of a case, or into a new row, by the headers."""
    opened = open_workbook(workbook)
    sheet = opened.find(book.wanted, (MAIN_SHEET,))
    rows = tuple(opened.rows(sheet))
    keys = {column.title: key for key, column in book.columns.items()}
    puts = {keys[title]: Put(value) for title, value in cells.items()}
    last = max((row.number for row in rows), default=sheet.header_row)
    if not number:
        return patched(opened, sheet, Patch(rows=[NewRow(puts)], after=last))
    (row,) = (row for row in rows if str(row.cells["case_no"].value) == number)
    return patched(opened, sheet, Patch(cells={row.number: puts}, after=last))
