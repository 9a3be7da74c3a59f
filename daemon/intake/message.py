"""From the bytes of a mail to its decoded headers, text, files and attached mails.  Judges nothing."""

from __future__ import annotations

import base64
import binascii
import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Mime
from functools import cached_property

from daemon.intake import msg, pictures, tnef
from daemon.intake.charsets import clean, decode
from daemon.intake.forms import forms_of
from daemon.intake.headers import header
from daemon.intake.html import MAX_HTML, has_table, text_of
from daemon.intake.limits import MAX_DEPTH, TOO_MUCH, UnreadableMail, check_head, check_limits, readable
from daemon.intake.mapi import NotOutlook
from daemon.intake.names import attachment_name, safe_name
from daemon.intake.reading import Attachment, Closed, Form

MAX_TEXT = 250_000  # characters of a text before its lines are joined
DEEPEST_ENCODED = 3  # mails encoded in mails, each to be decoded and parsed anew; one further down stays a file
NO_EVIDENCE = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
               "application/ms-tnef", "text/calendar", "text/vcard", "text/x-vcard", "application/ics"}  # fmt: skip
NO_EVIDENCE_NAMES = (".p7s", ".asc", ".ics", ".vcf", "winmail.dat")
MAILS = {"message/rfc822", "message/global", "message/news"}
MSG_TYPES, TNEF_TYPES = {"application/vnd.ms-outlook"}, {"application/ms-tnef", "application/vnd.ms-tnef"}
REPORT_PARTS = {"message/delivery-status", "message/disposition-notification", "text/rfc822-headers"}


@dataclass(frozen=True)
class Message:
    """A decoded mail: `mime` for its headers, `text` as a reader sees it, files, and mails attached to it."""

    mime: Mime
    subject: str
    plain: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    mails: tuple[Message, ...] = ()
    calendar: bool = False

    @cached_property
    def text(self) -> str:
        """Return the plain text, or the HTML's where it alone shows which table cells belong together."""
        if self.html and (not self.plain.strip() or has_table(self.html)):
            return readable(text_of(self.html))
        return self.plain

    @cached_property
    def forms(self) -> tuple[Form, ...]:
        """Return what the complaint forms among the files state."""
        return forms_of(self.files)

    @property
    def files(self) -> tuple[Attachment, ...]:
        """Return the attachments, those inside attached mails too."""
        return (*self.attachments, *(file for mail in self.mails for file in mail.files))


@dataclass(slots=True)
class _Collected:
    plain: list[str]
    html: list[str]
    files: list[_File]
    mails: list[Message]
    calendar: bool = False
    wrapped: _Collected | None = None  # what a winmail.dat holds


@dataclass(frozen=True, slots=True)
class _File:
    part: Mime
    name: str
    data: bytes
    closed: Closed | None = None


def parse(raw: bytes) -> Message:
    """Decode a mail; raise UnreadableMail for what must not or cannot be parsed."""
    try:
        return _message(parsed(raw), 0)
    except UnreadableMail:
        raise
    except MemoryError as error:
        raise UnreadableMail(TOO_MUCH) from error
    except Exception as error:
        raise UnreadableMail(f"its structure is damaged ({type(error).__name__})") from error


def parsed(raw: bytes) -> Mime:
    """Return the parts of a mail, not decoded; raise UnreadableMail for what must not be parsed."""
    check_limits(raw)
    return email.message_from_bytes(raw)


def _message(mime: Mime, depth: int) -> Message:
    if depth > MAX_DEPTH:
        raise UnreadableMail("mails are attached to mails without end")
    if depth:
        check_head(mime.raw_items())
    found = _Collected([], [], [], [])
    for part in leaves(mime):
        _collect(part, found, depth)
    if found.wrapped and not "".join([*found.plain, *found.html]).strip():
        found.plain, found.html = found.wrapped.plain, found.wrapped.html
    html = "\n".join(found.html)[:MAX_HTML]
    charset = _charset(mime) or next((_charset(p) for p in leaves(mime) if _charset(p)), None)
    return Message(
        mime=mime,
        subject=header(mime, "Subject", charset),
        plain=readable("\n".join(found.plain)),
        html=html,
        attachments=tuple(_attachment(file, html) for file in found.files),
        mails=tuple(found.mails),
        calendar=found.calendar,
    )


def leaves(mime: Mime) -> Iterator[Mime]:
    """Yield the parts that hold something, without entering attached mails."""
    if mime.get_content_maintype() == "multipart" and mime.is_multipart():
        for part in mime.get_payload():
            if isinstance(part, Mime):
                yield from leaves(part)
    else:
        yield mime


def _collect(part: Mime, found: _Collected, depth: int) -> None:
    kind, name = part.get_content_type(), attachment_name(part)
    attached = (part.get_content_disposition() or "") == "attachment"
    if kind in MAILS:
        found.mails += _inner(part, depth)
    elif name.lower().endswith(".eml") and kind not in REPORT_PARTS and depth < DEEPEST_ENCODED:
        found.mails.append(_attached_bytes(_data(part), depth))
    elif name.lower().endswith(".msg") or kind in MSG_TYPES:
        found.files.append(_saved(part, name, found, depth))
    elif name.lower() == "winmail.dat" or kind in TNEF_TYPES:
        found.files.append(_unwrapped(part, name, found, depth))
    elif kind == "text/calendar" and not attached:
        found.calendar = True
    elif kind in {"text/plain", "text/html"} and not attached and not (name and found.plain):
        (found.html if kind == "text/html" else found.plain).append(_text(part))
    elif kind not in REPORT_PARTS and part.get_content_maintype() != "multipart":
        found.files.append(_File(part, name, _data(part)))


def _saved(part: Mime, name: str, found: _Collected, depth: int) -> _File:
    """Read a mail saved from Outlook as one that is attached; the file is kept all the same."""
    data = _data(part)
    try:
        found.mails.append(_message(msg.mail_of(data), depth + 1))
    except msg.NoReader:
        return _File(part, name, data, Closed.NO_READER)
    except NotOutlook:
        return _File(part, name, data, Closed.DAMAGED)
    return _File(part, name, data)


def _unwrapped(part: Mime, name: str, found: _Collected, depth: int) -> _File:
    """Take the files, and the text where the mail has none, out of a winmail.dat; it is kept all the same."""
    data, inner = _data(part), _Collected([], [], [], [])
    if depth > MAX_DEPTH:
        raise UnreadableMail("mails are attached to mails without end")
    try:
        for one in leaves(tnef.mail_of(data)):
            _collect(one, inner, depth + 1)
    except NotOutlook:
        return _File(part, name, data, Closed.DAMAGED)
    found.files += inner.files
    found.mails += inner.mails
    found.wrapped = inner
    return _File(part, name, data)


def _inner(part: Mime, depth: int) -> list[Message]:
    """Return the mail that a part is; some programs encode it, which RFC 2046, section 5.2.1, forbids."""
    payload = part.get_payload()
    mails = [inner for inner in payload if isinstance(inner, Mime)] if isinstance(payload, list) else []
    is_encoded = len(mails) == 1 and not mails[0].keys() and depth < DEEPEST_ENCODED
    if is_encoded and header(part, "Content-Transfer-Encoding").lower() == "base64":
        try:
            return [_attached_bytes(base64.b64decode(str(mails[0].get_payload())), depth)]
        except binascii.Error:
            return []
    return [_message(inner, depth + 1) for inner in mails]


def _attached_bytes(data: bytes, depth: int) -> Message:
    check_limits(data)
    return _message(email.message_from_bytes(data), depth + 1)


def _data(part: Mime) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _charset(part: Mime) -> str | None:
    charset = part.get_param("charset")
    return str(charset[2] if isinstance(charset, tuple) else charset) if charset else None


def _text(part: Mime) -> str:
    most = MAX_HTML if part.get_content_subtype() == "html" else MAX_TEXT
    data = _data(part)
    text = clean(decode(data[: 4 * most], _charset(part), cut=len(data) > 4 * most))[:most]
    return unflowed(text) if str(part.get_param("format", "")).lower() == "flowed" else text


def unflowed(text: str) -> str:
    """Join the soft line ends of format=flowed (RFC 3676), each quote depth by itself."""
    out: list[str] = []
    open_depth = -1
    for line in text.split("\n"):
        quotes, content = re.fullmatch(r"(>*)(.*)", line, re.DOTALL).groups()  # type: ignore[union-attr]
        content = content.removeprefix(" ") if quotes or content.startswith(" ") else content
        if open_depth == len(quotes) and content != "-- ":
            out[-1] += content
        else:
            out.append(f"{quotes} {content}" if quotes else content)
        open_depth = len(quotes) if content.endswith(" ") and content.strip() and content != "-- " else -1
    return "\n".join(out)


def _attachment(file: _File, html: str) -> Attachment:
    kind, part = file.part.get_content_type(), file.part
    shown = file.name or safe_name(f"attachment.{part.get_content_subtype()[:20]}")
    evidence = bool(file.closed) or (kind not in NO_EVIDENCE and not shown.lower().endswith(NO_EVIDENCE_NAMES))
    if pictures.is_picture(kind, shown):
        content_id = header(part, "Content-ID").strip("<> ")
        evidence = pictures.shows_something(
            pictures.Picture(shown, file.data, content_id, part.get_content_disposition()), html
        )
    return Attachment(shown, kind, file.data, evidence, file.closed)
