"""Header fields: raw bytes, encoded words and addresses, read strictly where trust depends on it."""

from __future__ import annotations

import base64
import binascii
import quopri
import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from email.message import Message as Mime
from email.utils import parsedate_tz

from daemon.intake.charsets import clean, decode

ENCODED_WORD = re.compile(r"=\?([^?\s*]{1,40})(?:\*[^?]*)?\?([bBqQ])\?([^?]*)\?=")
BETWEEN_WORDS = re.compile(r"(\?=)[ \t\r\n]+(?==\?)")
ADDRESS = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+")
COMMENT = re.compile(r"\(([^()]*)\)")
BIDI = dict.fromkeys([*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
MESSAGE_ID = re.compile(r"<[^<>\s]{3,900}>")


HEAD_BYTES = 262_144
MOST_READ = 600  # bytes of a header that is only shown


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address with the name that its owner writes before it."""

    email: str
    name: str | None = None


def raw_values(mime: Mime, name: str) -> list[bytes]:
    """Return the bytes of every header of this name, as they stood in the mail."""
    wanted = name.lower()
    return [_bytes(value) for key, value in mime.raw_items() if key.lower() == wanted]


def _bytes(value: object) -> bytes:
    return str(value).encode("utf-8", "surrogateescape")


def header(mime: Mime, name: str, charset: str | None = None) -> str:
    """Return the first header of this name in readable form on one line, or an empty text."""
    values = raw_values(mime, name)
    return decode_words(values[0], charset) if values else ""


def decode_words(raw: bytes, charset: str | None = None) -> str:
    """Decode raw 8-bit text and RFC 2047 words, also words cut inside a character; the result is one line."""
    text = BETWEEN_WORDS.sub(r"\1", decode(raw, charset))
    return one_line(_join_words(text))


def one_line(text: str) -> str:
    """Return the text without line ends, control and direction characters, so that it can stand in a header."""
    return " ".join(clean(text).translate(BIDI).split())


def _join_words(text: str) -> str:
    """Put the bytes of neighbouring words of one charset together before decoding them."""
    out, pending, pending_charset, at = [], b"", "", 0
    for match in ENCODED_WORD.finditer(text):
        charset, kind, payload = match.groups()
        if match.start() != at or charset.lower() != pending_charset:
            out += [decode(pending, pending_charset), text[at : match.start()]]
            pending = b""
        pending, pending_charset, at = pending + _word(kind, payload), charset.lower(), match.end()
    return "".join([*out, decode(pending, pending_charset), text[at:]])


def _word(kind: str, payload: str) -> bytes:
    data = payload.encode("utf-8", "replace")
    if kind in "qQ":
        return quopri.decodestring(data, header=True)
    try:
        return base64.b64decode(data + b"=" * (-len(data) % 4))
    except binascii.Error:
        return _damaged_base64(data)


def _damaged_base64(data: bytes) -> bytes:
    whole = re.sub(rb"[^A-Za-z0-9+/]", b"", data)
    return base64.b64decode(whole[: len(whole) // 4 * 4])


def strict_mailbox(raw: bytes) -> Mailbox | None:
    """Read exactly one mailbox, or None: a header that could be read as two people proves nobody.

    Addresses are cut before encoded words are decoded, so that a decoded name can bring no address of its own.
    """
    text = " ".join(raw.decode("utf-8", "surrogateescape").split())
    before, bracket, rest = text.rpartition("<") if text.endswith(">") else ("", "", "")
    if bracket:
        address, name = rest[:-1].strip(), before.strip()
        if not ADDRESS.fullmatch(address) or not _is_name(name):
            return None
        return Mailbox(address, _unquoted(name))
    comment = COMMENT.search(text)
    address = COMMENT.sub("", text).strip()
    return Mailbox(address, _unquoted(comment[1]) if comment else None) if ADDRESS.fullmatch(address) else None


def _is_name(name: str) -> bool:
    if len(name) > 1 and name[0] == name[-1] == '"':
        return '"' not in name[1:-1].replace('\\"', "")
    return not re.search(r'[<>,;"]', name)


def _unquoted(name: str) -> str | None:
    plain = name.strip().strip("'\"").replace("\\", "")
    return decode_words(plain.encode("utf-8", "surrogateescape")).strip("'\" ") or None


def mailboxes(text: str) -> tuple[str, ...]:
    """Return every address in a decoded header, in lower case."""
    return tuple(found.lower() for found in ADDRESS.findall(text))


def message_ids(raw: list[bytes]) -> tuple[str, ...]:
    """Return the Message-IDs with their brackets; `<>` and other damage are left out."""
    return tuple(found for value in raw for found in MESSAGE_ID.findall(value.decode("ascii", "replace")))


def message_id_of(raw: bytes) -> str | None:
    """Return the Message-ID in the header block of a mail, read without parsing the mail; None when there is none."""
    head = re.split(rb"\r?\n\r?\n", raw[:HEAD_BYTES], maxsplit=1)[0]
    found = re.search(rb"^Message-ID:\s*(<[^<>\s]{1,990}>)", head, re.IGNORECASE | re.MULTILINE)
    return found[1].decode("ascii", "replace") if found else None


def envelope_of(raw: bytes, most: int = MOST_READ) -> tuple[str, str]:
    """Return writer and subject as far as they can be read without parsing the mail; empty texts where not."""
    head = halves(raw)[0]
    found = (re.search(rb"(?im)^%b:([^\n]*(?:\n[ \t][^\n]*)*)" % name, head) for name in (b"From", b"Subject"))
    writer, subject = (decode_words(one[1][:most]) if one else "" for one in found)
    return writer, subject


def sender_of(raw: bytes) -> str:
    """Return the one address that a mail is from, in small letters and without parsing it; empty when there is none."""
    lines = re.findall(rb"(?im)^From:([^\n]*(?:\n[ \t][^\n]*)*)", halves(raw)[0])
    found = strict_mailbox(lines[0][:MOST_READ]) if len(lines) == 1 else None
    return found.email.lower() if found else ""


def halves(raw: bytes) -> tuple[bytes, bytes]:
    """Cut a mail into its headers, with plain line ends, and its body."""
    end = re.search(rb"\r?\n\r?\n", raw[:HEAD_BYTES])
    head, body = (raw[: end.start()], raw[end.end() :]) if end else (raw[:HEAD_BYTES], raw[HEAD_BYTES:])
    return head.replace(b"\r\n", b"\n"), body


def received_at(raw: bytes) -> datetime | None:
    """Return the time in the topmost Received, read without parsing the mail; None when there is none."""
    found = re.search(rb"(?im)^Received:([^\n]*(?:\n[ \t][^\n]*)*)", halves(raw)[0])
    return _moment(found[1][-MOST_READ:].rpartition(b";")[2].decode("ascii", "replace")) if found else None


def sent_at(mime: Mime) -> datetime | None:
    """Return the Date as an aware datetime, also with two-digit years or without seconds; None when damaged."""
    return _moment(header(mime, "Date"))


def _moment(text: str) -> datetime | None:
    try:
        parts = parsedate_tz(text)
        if not parts:
            return None
        zone = timezone(timedelta(seconds=parts[9])) if parts[9] is not None else UTC
        return datetime(*parts[:6], tzinfo=zone)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
