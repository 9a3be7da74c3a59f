"""What Outlook keeps of a mail, its properties (MS-OXPROPS), as the MIME mail that they stand for.  Opens no file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from email.message import Message as Mime
from email.mime.text import MIMEText
from email.parser import HeaderParser
from email.utils import formataddr

from daemon.intake.charsets import clean, decode
from daemon.intake.headers import one_line
from daemon.intake.rtf import body_of, unpacked

SUBJECT, HEADERS, DISPLAY_TO, BODY, RTF, HTML = 0x0037, 0x007D, 0x0E04, 0x1000, 0x1009, 0x1013
SENDERS = ((0x0042, 0x5D02), (0x0042, 0x0065), (0x0C1A, 0x5D01), (0x0C1A, 0x0C1F))  # name and address, as sent, as is
DATA, LONG_NAME, SHORT_NAME, NAME, TAG, CONTENT_ID = 0x3701, 0x3707, 0x3704, 0x3001, 0x370E, 0x3712
CODEPAGE, INTERNET_CODEPAGE = 0x3FFD, 0x3FDE
KEPT = {SUBJECT, HEADERS, DISPLAY_TO, BODY, RTF, HTML, DATA, LONG_NAME, SHORT_NAME, NAME, TAG, CONTENT_ID, CODEPAGE,
        INTERNET_CODEPAGE, *(key for pair in SENDERS for key in pair)}  # fmt: skip
ADDRESS = re.compile(r"[!-;=?A-~]+@[!-;=?A-~]+")
MEDIA_TYPE = re.compile(r"[a-z]{1,20}/[a-z0-9][a-z0-9.+-]{0,80}")
SHOWN = ("from", "to", "cc", "subject", "date", "message-id")


class NotOutlook(ValueError):
    """Bytes that are no file of Outlook's, or a damaged one."""


@dataclass(frozen=True, slots=True)
class Item:
    """A mail or an attached file of Outlook: its properties by number, its files, the mail that it is itself."""

    values: Mapping[int, bytes | str | int]
    files: tuple[Item, ...] = ()
    mail: Item | None = None
    codepage: int = 0

    def text(self, key: int) -> str:
        """Return a property's text, an empty one when it is not there."""
        value = self.values.get(key, "")
        if isinstance(value, bytes):
            value = decode(value.rstrip(b"\x00"), self._charset(key))
        return clean(value).rstrip("\x00") if isinstance(value, str) else ""

    def data(self, key: int) -> bytes:
        """Return a property's bytes."""
        value = self.values.get(key, b"")
        return value if isinstance(value, bytes) else b""

    def _charset(self, key: int) -> str | None:
        order = (INTERNET_CODEPAGE, CODEPAGE) if key == HTML else (CODEPAGE, INTERNET_CODEPAGE)
        known = (*(self.values.get(one) for one in order), self.codepage)
        return next((f"cp{one}" for one in known if isinstance(one, int) and 0 < one < 70_000), None)


def mime_of(item: Item) -> Mime:
    """Return the mail that a message of Outlook stands for: heads, text, HTML, files, mails among them."""
    mime = Mime()
    for name, value in _heads(item):
        mime[name] = value
    mime["Content-Type"] = "multipart/mixed"
    plain, html = _bodies(item)
    parts = [MIMEText(text, kind, "utf-8") for text, kind in ((plain, "plain"), (html, "html")) if text.strip()]
    mime.set_payload([*parts, *_files(item.files)])
    return mime


def _heads(item: Item) -> Iterable[tuple[str, str]]:
    """Yield the heads that it came with, or else what Outlook made of them."""
    came = HeaderParser().parsestr(item.text(HEADERS))
    if "from" in came:
        yield from ((name, one_line(str(value))) for name, value in came.items() if name.lower() in SHOWN)
        return
    named = ((one_line(item.text(name)), ADDRESS.search(item.text(address))) for name, address in SENDERS)
    sender = max(named, key=lambda pair: (bool(pair[1]), bool(pair[0])))
    yield "From", formataddr((sender[0], sender[1][0] if sender[1] else ""))
    yield "Subject", one_line(item.text(SUBJECT))
    yield "To", one_line(item.text(DISPLAY_TO))


def _bodies(item: Item) -> tuple[str, str]:
    plain, html = item.text(BODY), item.text(HTML)
    if plain.strip() or html.strip() or not item.data(RTF):
        return plain, html
    try:
        text, is_html = body_of(unpacked(item.data(RTF)))
    except ValueError:
        return "", ""
    return ("", text) if is_html else (text, "")


def _files(files: Iterable[Item]) -> Iterable[Mime]:
    for file in files:
        part = Mime()
        if not file.mail and not file.data(DATA):
            continue  # a link to a file that lies elsewhere
        if file.mail:
            part["Content-Type"] = "message/rfc822"
            part.set_payload([mime_of(file.mail)])
        else:
            said = file.text(TAG).lower()
            part["Content-Type"] = said if MEDIA_TYPE.fullmatch(said) else "application/octet-stream"
            name = one_line(file.text(LONG_NAME) or file.text(SHORT_NAME) or file.text(NAME))
            part.add_header("Content-Disposition", "attachment", filename=("utf-8", "", name))
            content_id = one_line(file.text(CONTENT_ID)).strip("<> ")
            if content_id:
                part["Content-ID"] = f"<{content_id}>"
            part["Content-Transfer-Encoding"] = "8bit"
            part.set_payload(file.data(DATA).decode("ascii", "surrogateescape"))
        yield part
