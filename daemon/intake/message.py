"""From the bytes of a mail to its decoded headers, text, files and attached mails.  Judges nothing."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import Message as Mime
from functools import cached_property

from daemon.intake import pictures
from daemon.intake.charsets import clean, decode
from daemon.intake.forms import forms_of
from daemon.intake.headers import header
from daemon.intake.html import has_table, text_of
from daemon.intake.limits import MAX_DEPTH, UnreadableMail, check_limits, readable
from daemon.intake.names import attachment_name
from daemon.intake.reading import Attachment, Form

MAX_TEXT = 1_000_000
NO_EVIDENCE = {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
               "application/ms-tnef", "text/calendar", "text/vcard", "text/x-vcard", "application/ics"}  # fmt: skip
NO_EVIDENCE_NAMES = (".p7s", ".asc", ".ics", ".vcf", "winmail.dat")
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
    files: list[tuple[Mime, str, bytes]]
    mails: list[Message]
    calendar: bool = False


def parse(raw: bytes) -> Message:
    """Decode a mail; raise UnreadableMail for what must not or cannot be parsed."""
    try:
        return _message(parsed(raw), 0)
    except UnreadableMail:
        raise
    except Exception as error:
        raise UnreadableMail(f"its structure is damaged ({type(error).__name__})") from error


def parsed(raw: bytes) -> Mime:
    """Return the parts of a mail, not decoded; raise UnreadableMail for what must not be parsed."""
    check_limits(raw)
    return email.message_from_bytes(raw)


def _message(mime: Mime, depth: int) -> Message:
    if depth > MAX_DEPTH:
        raise UnreadableMail("mails are attached to mails without end")
    found = _Collected([], [], [], [])
    for part in leaves(mime):
        _collect(part, found, depth)
    html = "\n".join(found.html)
    charset = _charset(mime) or next((_charset(p) for p in leaves(mime) if _charset(p)), None)
    return Message(
        mime=mime,
        subject=header(mime, "Subject", charset),
        plain=readable("\n".join(found.plain)),
        html=html,
        attachments=tuple(_attachment(part, name, data, html) for part, name, data in found.files),
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
    if kind == "message/rfc822":
        found.mails += [_message(inner, depth + 1) for inner in _inner(part)]
    elif name.lower().endswith(".eml") and kind not in REPORT_PARTS:
        found.mails.append(_attached_bytes(_data(part), depth))
    elif kind == "text/calendar" and not attached:
        found.calendar = True
    elif kind in {"text/plain", "text/html"} and not attached and not (name and found.plain):
        (found.html if kind == "text/html" else found.plain).append(_text(part))
    elif kind not in REPORT_PARTS and part.get_content_maintype() != "multipart":
        found.files.append((part, name, _data(part)))


def _inner(part: Mime) -> list[Mime]:
    payload = part.get_payload()
    return [inner for inner in payload if isinstance(inner, Mime)] if isinstance(payload, list) else []


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
    text = clean(decode(_data(part)[: 4 * MAX_TEXT], _charset(part)))[:MAX_TEXT]
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


def _attachment(part: Mime, name: str, data: bytes, html: str) -> Attachment:
    kind = part.get_content_type()
    shown = name or f"attachment.{part.get_content_subtype()[:20]}"
    evidence = kind not in NO_EVIDENCE and not shown.lower().endswith(NO_EVIDENCE_NAMES)
    if pictures.is_picture(kind, shown):
        evidence = pictures.shows_something(
            pictures.Picture(shown, data, header(part, "Content-ID").strip("<> "), part.get_content_disposition()), html
        )
    return Attachment(shown, kind, data, evidence=evidence)
