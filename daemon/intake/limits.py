"""What a mail may be before it is parsed: bounds checked on the raw bytes, cheaply.  Must not parse."""

from __future__ import annotations

import re
from collections.abc import Iterator

MAX_MAIL = 50 * 1024 * 1024
MAX_HEADER_BLOCK = 256 * 1024
MAX_HEADER = 16 * 1024
MAX_HEADERS = 1000
MAX_PARTS = 500
MAX_DEPTH = 20
MAX_ENCODED_WORDS = 2000
# What is read for its meaning: rules look around each word, so that their cost grows faster than the text.
MAX_LINE = 1000
MAX_READ = 60_000
MAX_FACTS = 12_000
RUN = re.compile(r"([^\n])\1{40,}|\n{20,}")

HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
HEADER_START = re.compile(rb"(?m)^(?=[!-9;-~]+[ \t]*:)")
# Each begins with what is fixed, which `re` finds fast in long base64; so the word's own beginning is looked at last.
BOUNDARY_LINE = re.compile(rb"\n--([^\r\n]{1,200})")
DECLARED = re.compile(rb'boundary(?<!\wboundary)\s*=\s*"?([^"\r\n;]{1,200})')
PART_HEADERS = re.compile(rb"(?m)^--[^\r\n]*\r?\n(?=[!-9;-~]+:)")


class UnreadableMail(ValueError):
    """A mail that must not or cannot be parsed; it is kept as it is and shown to a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"this mail cannot be read: {reason}; open the stored original in a mail program")
        self.reason = reason


def check_limits(raw: bytes) -> None:
    """Refuse a mail whose size or structure would cost more than any real mail does; raise UnreadableMail."""
    _at_most(len(raw), MAX_MAIL, "bytes")
    _check_headers(_block(raw, 0))
    for start in PART_HEADERS.finditer(raw):
        _check_headers(_block(raw, start.end()))
    _check_structure(raw)


def readable(text: str) -> str:
    """Return the beginning of a text, in lines and runs of one character no longer than people write."""
    lines = (line[:MAX_LINE] for line in text[:MAX_READ].split("\n"))
    return RUN.sub(lambda run: run[0][:40], "\n".join(lines))


def _at_most(found: int, allowed: int, what: str) -> None:
    if found > allowed:
        raise UnreadableMail(f"{found} {what}, where {allowed} are allowed")


def _block(raw: bytes, start: int) -> bytes:
    end = HEADER_END.search(raw, start, start + MAX_HEADER_BLOCK + 4)
    return raw[start : end.start() if end else start + MAX_HEADER_BLOCK + 1]


def _check_headers(block: bytes) -> None:
    starts = [match.start() for match in HEADER_START.finditer(block)]
    _at_most(len(starts), MAX_HEADERS, "headers")
    _at_most(block.count(b"=?"), MAX_ENCODED_WORDS, "encoded words")
    ends = [*starts[1:], len(block)]
    longest = max((end - start for start, end in zip(starts, ends, strict=False)), default=0)
    if len(block) > MAX_HEADER_BLOCK:
        _at_most(len(block), MAX_HEADER_BLOCK, "bytes of headers")
    _at_most(longest, MAX_HEADER, "bytes in one header")


def _check_structure(raw: bytes) -> None:
    """Follow the boundaries as a parser would, without one: how deep they nest and how many parts they cut.

    A boundary in pieces (RFC 2231) escapes this reading, so every line like one counts as a part then.
    """
    open_boundaries: list[bytes] = []
    parts = 0
    raw = b"\n" + raw
    hidden = b"boundary*" in (lowered := raw.lower())
    for name, is_line in _marks(raw, lowered):
        if is_line:
            parts += hidden or _close_to(open_boundaries, name)
            _at_most(parts, MAX_PARTS, "parts")
        else:
            open_boundaries.append(name)
            _at_most(len(open_boundaries), MAX_DEPTH, "nested parts")


def _marks(raw: bytes, lowered: bytes) -> Iterator[tuple[bytes, bool]]:
    """Yield the names that lines like a boundary begin with (True) and those that are declared, as they come."""
    line, declared = BOUNDARY_LINE.search(raw), DECLARED.search(lowered)
    while first := min(filter(None, (line, declared)), key=re.Match.start, default=None):
        yield raw[slice(*first.span(1))].rstrip(), first is line
        end = first.end()  # what begins before lies within this one
        if line and line.start() < end:
            line = BOUNDARY_LINE.search(raw, end)
        if declared and declared.start() < end:
            declared = DECLARED.search(lowered, end)


def _close_to(open_boundaries: list[bytes], line: bytes) -> bool:
    for name, closing in ((line, False), (line.removesuffix(b"--"), True)):
        if name in open_boundaries:
            del open_boundaries[open_boundaries.index(name) + (not closing) :]
            return not closing
    return False
