"""Attachment names that are safe to write into a folder, on every system."""

from __future__ import annotations

import re
import unicodedata
from email.message import Message as Mime
from urllib.parse import unquote_to_bytes

from daemon.intake.charsets import decode
from daemon.intake.headers import decode_words, one_line, raw_values

MAX_BYTES = 255
RESERVED = re.compile(r"(?i)^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³]|conin\$|conout\$)(\.|$)")
FORBIDDEN = re.compile(r'[<>:"|?*]')
PARAMETER = re.compile(r'(?i);\s*(file)?name(\*?)(\d*)(\*?)\s*=\s*("(?:[^"\\]|\\.)*"|[^;]*)')


def attachment_name(part: Mime) -> str:
    """Return the safe decoded name of an attachment, or an empty text when it has none (RFC 2231, RFC 2047)."""
    for field in ("Content-Disposition", "Content-Type"):
        for value in raw_values(part, field)[:1]:
            found = _parameter(value.decode("utf-8", "surrogateescape"))
            if found:
                return safe_name(found)
    return ""


def _parameter(field: str) -> str:
    plain, pieces, is_extended = "", {}, False
    for match in PARAMETER.finditer(field):
        _, star, number, encoded, quoted = match.groups()
        value = _unquote(quoted)
        if star:
            pieces[int(number or 0)] = (value, bool(encoded or not number))
            is_extended |= bool(encoded or not number)
        else:
            plain = plain or value
    if pieces:
        return _extended(pieces) if is_extended else "".join(pieces[n][0] for n in sorted(pieces))
    return decode_words(plain.encode("utf-8", "surrogateescape"))


def _unquote(value: str) -> str:
    value = value.strip()
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _extended(pieces: dict[int, tuple[str, bool]]) -> str:
    """Join the pieces as bytes first: a character may be cut between two of them."""
    charset, data = None, b""
    for number in sorted(pieces):
        value, encoded = pieces[number]
        if encoded and number == 0 and value.count("'") >= 2:
            charset, _, value = value.split("'", 2)
        data += unquote_to_bytes(value) if encoded else value.encode("utf-8", "surrogateescape")
    return decode(data, charset)


def safe_name(name: str) -> str:
    """Return the last component of a name without anything that a file system or a reader could be misled by."""
    last = re.split(r"[\\/]", one_line(unicodedata.normalize("NFC", name)))[-1]
    plain = FORBIDDEN.sub("_", last).strip(" .")
    if RESERVED.match(plain):
        plain = "_" + plain
    return _shortened(plain)


def _shortened(name: str) -> str:
    if len(name.encode("utf-8", "replace")) <= MAX_BYTES:
        return name
    stem, dot, ending = name.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = name, "", ""
    room = MAX_BYTES - len((dot + ending).encode())
    return stem.encode("utf-8", "replace")[:room].decode("utf-8", "ignore") + dot + ending
