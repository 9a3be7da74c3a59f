"""The bytes of a mail's parts and headers: RFC 2045, 2047, 2231 and 5322, written out by hand.

The standard library's generator writes a real header for an encoded word that hides a line break (CVE-2024-6923);
here every line is made from cleaned text, and `compose` reads the finished bytes again.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterator, Sequence
from hashlib import sha256
from urllib.parse import quote

CRLF = b"\r\n"
DOTTED = re.compile(r"(?!.{63})[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]+")
DOT_ATOM = re.compile(r"[^.]+(?:\.[^.]+)*")
ATOMS = re.compile(r"[A-Za-z0-9 !#$%&'*+/=^_`{|}~-]*")
ENCODED_BYTES = 39  # 52 characters of base64: with its frame and `Subject: ` a line stays within the 76 of RFC 2047
WIDTH = 76
LONGEST_NAME = 120

Header = tuple[str, str]


def words(text: str, used: int = 0) -> str:
    """Return unstructured header text: as it is when short and plain ASCII, else as folded encoded words (RFC 2047)."""
    plain = text.isascii() and text.isprintable() and "=?" not in text
    return text if plain and used + len(text) <= WIDTH else "\r\n ".join(encoded_words(text))


def encoded_words(text: str) -> Iterator[str]:
    """Yield encoded words; none splits a character."""
    chunk = b""
    for char in text:
        piece = char.encode()
        if len(chunk) + len(piece) > ENCODED_BYTES:
            yield _encoded(chunk)
            chunk = b""
        chunk += piece
    yield _encoded(chunk)


def mailbox(name: str, address: str) -> str:
    """Return `name <address>` for a header; the name as quoted string or as encoded words, on lines of their own."""
    if not name:
        return f"<{address}>" if len(address) > WIDTH else address
    if name.isascii() and name.isprintable() and len(name) < WIDTH // 2:
        shown = name if ATOMS.fullmatch(name) else f'"{_quoted(name)}"'
        return f"{shown} <{address}>"
    return "\r\n ".join((*encoded_words(name), f"<{address}>"))


def quoted_local(local: str) -> str:
    """Return the part before the @ as RFC 5321 writes it: dots at an end or in a row (`li..na`) need quotes."""
    return f'"{local}"' if DOTTED.fullmatch(local) and not DOT_ATOM.fullmatch(local) else local


def part(headers: Sequence[Header], body: bytes) -> bytes:
    """Return an entity: headers, an empty line, the body."""
    lines = [f"{name}: {value}".encode("ascii") for name, value in headers]
    return CRLF.join((*lines, b"", body))


def text_part(subtype: str, text: str) -> bytes:
    """Return a text part in UTF-8 and base64, its lines ended by CRLF as RFC 2046 asks."""
    return part(
        (("Content-Type", f"text/{subtype}; charset=utf-8"), ("Content-Transfer-Encoding", "base64")),
        _base64(text.replace("\r\n", "\n").replace("\n", "\r\n").encode(errors="replace")),
    )


def file_part(name: str, media_type: str, data: bytes) -> bytes:
    """Return an attachment, its name written as RFC 2231 says and as Outlook, Foxmail and QQ Mail read it."""
    safe = file_name(name)
    plain = _quoted(safe) if safe.isascii() else "\r\n ".join(encoded_words(safe))
    extended = "" if safe.isascii() else f"\r\n filename*=UTF-8''{quote(safe, safe='')};"
    return part(
        (
            ("Content-Type", f'{media_type};\r\n name="{plain}"'),
            ("Content-Disposition", f'attachment;{extended}\r\n filename="{plain}"'),
            ("Content-Transfer-Encoding", "base64"),
        ),
        _base64(data),
    )


def multipart(subtype: str, seed: str, parts: Sequence[bytes]) -> tuple[Header, bytes]:
    """Return the Content-Type and the body of a multipart whose boundary follows from `seed`.

    The boundary holds `=_`, which base64 never does, so no part can contain it (RFC 2045, 6.7).
    """
    boundary = "=_" + sha256(f"{subtype} {seed}".encode()).hexdigest()[:32]
    mark = b"--" + boundary.encode("ascii")
    body = b"".join(mark + CRLF + one + CRLF for one in parts) + mark + b"--" + CRLF
    return ("Content-Type", f'multipart/{subtype};\r\n boundary="{boundary}"'), body


def file_name(name: str) -> str:
    """Return a file name that names no folder, is not too long for a header line, and keeps its ending."""
    bare = re.sub(r'[\\/:*?"<>|]+', "_", name).strip(". ") or "attachment"
    stem, dot, ending = bare.rpartition(".")
    if not stem or len(ending) > 10:
        stem, dot, ending = bare, "", ""
    return _cut(stem, LONGEST_NAME - len(ending.encode()) - 1) + dot + ending


def _cut(text: str, longest: int) -> str:
    return text.encode()[:longest].decode(errors="ignore")


def _encoded(chunk: bytes) -> str:
    return f"=?utf-8?B?{b64encode(chunk).decode('ascii')}?="


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _base64(data: bytes) -> bytes:
    """Return the data in base64, in lines of 76 (RFC 2045, 6.8)."""
    whole = b64encode(data)
    return CRLF.join([whole[at : at + 76] for at in range(0, len(whole), 76)])
