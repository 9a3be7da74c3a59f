"""From what a person will read to the bytes of one mail, checked by reading them again.  Pure; sends nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.parser import BytesHeaderParser
from email.policy import compat32
from email.utils import format_datetime, getaddresses
from typing import NamedTuple

from daemon.notices.mime import Header, file_part, mailbox, multipart, quoted_local, text_part, words
from daemon.notices.mime import part as entity
from daemon.notices.plain import one_line
from daemon.notices.render import Rendered
from daemon.notices.threading import MESSAGE_ID

LONGEST_LINE = 998
LONGEST_SUBJECT = 180
MOST_REFERENCES = 10
DOT_ATOM = re.compile(r"(?!.{255})[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
DOMAIN = re.compile(
    r"(?!.{254})[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*"
)
MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,60}/[a-z0-9][a-z0-9!#$&^_.+-]{0,100}")
TOKEN = re.compile(r"[A-Za-z][A-Za-z0-9-]{0,60}")


@dataclass(frozen=True, slots=True)
class Address:
    """Somebody's address, with the name to show."""

    email: str
    name: str = ""


class AttachedFile(NamedTuple):
    """A file that goes with a mail."""

    name: str
    media_type: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """All of a mail but what a person reads; `answers` when it answers a mail that somebody wrote (RFC 3834)."""

    sender: Address
    recipient: Address
    message_id: str
    date: datetime
    reply_to: Address | None = None
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    attachments: tuple[AttachedFile, ...] = ()
    answers: bool = False
    extra: tuple[Header, ...] = ()


class UnsafeHeader(ValueError):
    """A header that cannot be written safely, or that reads differently from what was meant."""

    def __init__(self, header: str, why: str) -> None:
        self.header = header
        super().__init__(f"the mail was not written, its header {header} {why}")


def compose(rendered: Rendered, outgoing: Outgoing) -> bytes:
    """Return the mail: multipart/mixed of text, HTML and attachments, with CRLF and no line over 998 (RFC 5322).

    The same values give the same bytes.  A name or a subject is cleaned; foreign Message-IDs that are not well-formed
    are left out.  Raises UnsafeHeader for an address or a Message-ID of ours that cannot stand in a header, and
    whenever the finished bytes do not hold exactly the headers that were meant.
    """
    subject = one_line(rendered.subject, LONGEST_SUBJECT)
    headers = tuple(_headers(subject, outgoing))
    raw = _body(rendered, outgoing, headers)
    _verify(raw, headers, subject, outgoing)
    return raw


def _headers(subject: str, outgoing: Outgoing) -> Iterator[Header]:
    yield "From", _mailbox("From", outgoing.sender)
    yield "To", _mailbox("To", outgoing.recipient)
    if outgoing.reply_to:
        yield "Reply-To", _mailbox("Reply-To", outgoing.reply_to)
    yield "Subject", words(subject, len("Subject: "))
    yield "Date", format_datetime(outgoing.date)
    if not MESSAGE_ID.fullmatch(outgoing.message_id):
        raise UnsafeHeader("Message-ID", f"is not well-formed: {outgoing.message_id!r}")
    yield "Message-ID", outgoing.message_id
    yield from _thread(outgoing)
    yield "Auto-Submitted", "auto-replied" if outgoing.answers else "auto-generated"
    yield "X-Auto-Response-Suppress", "All"
    yield from _extra(outgoing)
    yield "MIME-Version", "1.0"


def _thread(outgoing: Outgoing) -> Iterator[Header]:
    if MESSAGE_ID.fullmatch(outgoing.in_reply_to):
        yield "In-Reply-To", outgoing.in_reply_to
    known = [one for one in outgoing.references if MESSAGE_ID.fullmatch(one)][-MOST_REFERENCES:]
    if known:
        yield "References", "\r\n ".join(known)


def _extra(outgoing: Outgoing) -> Iterator[Header]:
    for name, value in outgoing.extra:
        if not TOKEN.fullmatch(name):
            raise UnsafeHeader(repr(name), "has no name that a header may have")
        yield name, words(one_line(value, LONGEST_SUBJECT), len(name) + 2)


def _mailbox(header: str, address: Address) -> str:
    local, _, domain = address.email.rpartition("@")
    bare = local[1:-1] if local == quoted_local(local[1:-1]) else local
    usable = DOT_ATOM.fullmatch(bare) or quoted_local(bare) != bare
    if not usable or not DOMAIN.fullmatch(domain) or len(address.email) > LONGEST_LINE // 4:
        raise UnsafeHeader(header, f"has no usable address: {address.email[:120]!r}")
    return mailbox(one_line(address.name, 60), _written(address.email))


def _written(address: str) -> str:
    """Return an address as a header shows it; `li..na@docomo.example` is there, and only its quoted form is valid."""
    local, _, domain = address.rpartition("@")
    return f"{quoted_local(local)}@{domain}"


def _body(rendered: Rendered, outgoing: Outgoing, headers: tuple[Header, ...]) -> bytes:
    seed = outgoing.message_id
    both = multipart("alternative", seed, (text_part("plain", rendered.text), text_part("html", rendered.html)))
    if not outgoing.attachments:
        kind, body = both
        return entity((*headers, kind), body)
    files = (file_part(one_line(f.name, 200), _media_type(f), f.data) for f in outgoing.attachments)
    kind, body = multipart("mixed", seed, (entity((both[0],), both[1]), *files))
    return entity((*headers, kind), body)


def _media_type(file: AttachedFile) -> str:
    """Return a media type that says no more than what the file is; a mail inside a mail goes as plain bytes."""
    media_type = file.media_type.lower().partition(";")[0].strip()
    composite = media_type.startswith(("multipart/", "message/"))
    return media_type if MEDIA_TYPE.fullmatch(media_type) and not composite else "application/octet-stream"


def _verify(raw: bytes, headers: tuple[Header, ...], subject: str, outgoing: Outgoing) -> None:
    """Read the finished bytes as a stranger would.  Raises UnsafeHeader."""
    lines = raw.split(b"\r\n")
    broken = raw.count(b"\n") != len(lines) - 1 or raw.count(b"\r") != len(lines) - 1
    if broken or b"\0" in raw or max(map(len, lines)) > LONGEST_LINE:
        raise UnsafeHeader("block", "holds a bare line break, a NUL or a line over 998 bytes")
    mail = BytesHeaderParser(policy=compat32).parsebytes(raw.partition(b"\r\n\r\n")[0] + b"\r\n\r\n")
    found, meant = [name.lower() for name in mail], [*(name.lower() for name, _ in headers), "content-type"]
    if found != meant or len(set(found)) != len(found):
        raise UnsafeHeader("block", f"holds {', '.join(found)} instead of {', '.join(meant)}")
    if _read("Subject", mail) != subject:
        raise UnsafeHeader("Subject", "reads differently from what was meant")
    addresses = (("From", outgoing.sender), ("To", outgoing.recipient), ("Reply-To", outgoing.reply_to))
    for header, address in addresses:
        if address and [one for _, one in getaddresses([str(mail[header])])] != [_written(address.email)]:
            raise UnsafeHeader(header, f"names somebody else than {address.email}")


def _read(header: str, mail: Message) -> str:
    try:
        parts = decode_header(str(mail[header]))
    except (MessageError, ValueError) as fault:
        raise UnsafeHeader(header, "cannot be decoded") from fault
    return "".join(t.decode(charset or "ascii", "replace") if isinstance(t, bytes) else t for t, charset in parts)
