"""What a mail may be before it is parsed: bounds checked on the raw bytes, cheaply.  Must not parse."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from itertools import islice

MAX_MAIL = 50 * 1024 * 1024
MAX_HEADER_BLOCK = 256 * 1024
MAX_HEADER = 16 * 1024
MAX_HEADERS = 1000
MAX_PARTS = 500
MAX_DEPTH = 20
MAX_ENCODED_WORDS = 2000
MAX_BOUNDARIES = 1000
MAX_LINES = 4_000_000  # 50 MB of base64 are 690,000 lines, within three parts at the most
# What is read for its meaning: rules look around each word, so that their cost grows faster than the text.
MAX_LINE = 1000
MAX_READ = 60_000
MAX_FACTS = 12_000
RUN = re.compile(r"([^\n])\1{40,}|\n{20,}")

HEADER_END = re.compile(rb"\r?\n\r?\n|\r\r")
HEADER_START = re.compile(rb"(?m)^(?=[!-9;-~]+[ \t]*:)")
# Each begins with what is fixed, which `re` finds fast in long base64; so the word's own beginning is looked at last.
BOUNDARY_LINE = re.compile(rb"\n--([^\r\n]{1,200})()")
TOO_MUCH = "reading it takes more memory than there is for one mail"
NOTHING = re.compile(rb"(?!)")
DECLARED = re.compile(rb'boundary(?<!\wboundary)\s*=\s*"?([^"\r\n;]{1,200})')


class UnreadableMail(ValueError):
    """A mail that must not or cannot be parsed; it is kept as it is and shown to a person."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"this mail cannot be read: {reason}; open the stored original in a mail program")
        self.reason = reason


def check_limits(raw: bytes) -> None:
    """Refuse a mail whose size or structure would cost more than any real mail does; raise UnreadableMail."""
    _at_most(len(raw), MAX_MAIL, "bytes")
    _check_headers(_block(raw, 0))
    _check_structure(raw)


def check_head(fields: Iterable[tuple[str, object]]) -> None:
    """Refuse the head of an attached mail as that of a mail would be; raise UnreadableMail."""
    _check_headers("".join(f"{name}:{value}\n" for name, value in fields).encode("utf-8", "replace"))


def readable(text: str) -> str:
    """Return the beginning of a text, in lines and runs of one character no longer than people write."""
    lines = (line[:MAX_LINE] for line in text[:MAX_READ].split("\n"))
    return RUN.sub(lambda run: run[0][:40], "\n".join(lines))


def _at_most(found: int, allowed: int, what: str) -> None:
    if found > allowed:
        raise UnreadableMail(f"{found} {what}; {allowed} are allowed")


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
    """Follow the boundaries as a parser would, without one: how deep they nest, and the head of each part they cut.

    A boundary in pieces (RFC 2231) escapes this reading, so every line like one counts as a part then.  A parser asks
    of each line whether it ends one of the parts around it.
    """
    raw = b"\n" + raw
    hidden = b"boundary*" in (lowered := raw.lower())
    open_boundaries: list[bytes] = []
    parts = deepest = at = 0
    for number, declared in enumerate((*_some(DECLARED.finditer(lowered)), None)):
        _at_most(number, MAX_BOUNDARIES, "boundaries")
        end = declared.start() if declared else len(raw)
        while line := _line(tuple(open_boundaries), hidden=hidden).search(raw, at, end):
            at = line.end()
            if hidden or _opens(open_boundaries, *line.groups()):
                parts += 1
                _at_most(parts, MAX_PARTS, "parts")
                _check_headers(_block(raw, at))
        if declared:
            open_boundaries.append(raw[slice(*declared.span(1))].rstrip())
            deepest = max(deepest, len(open_boundaries))
            _at_most(deepest, MAX_DEPTH, "nested parts")
            at = declared.end()
    lines = raw.count(b"\n") + raw.count(b"\r") - raw.count(b"\r\n")
    _at_most(lines * (1 + deepest), MAX_LINES, "lines, each counted with the parts around it")


def _some(declared: Iterator[re.Match[bytes]]) -> Iterator[re.Match[bytes]]:
    return islice(declared, MAX_BOUNDARIES + 1)


@lru_cache(maxsize=64)
def _line(open_boundaries: tuple[bytes, ...], *, hidden: bool) -> re.Pattern[bytes]:
    """Return the pattern of the lines that cut a part, or end one, while these boundaries are open."""
    if hidden:
        return BOUNDARY_LINE
    names = b"|".join(re.escape(one) for one in sorted(open_boundaries, key=len, reverse=True))
    return re.compile(rb"\n--(%b)(--)?[ \t]*(?=[\r\n]|\Z)" % names) if names else NOTHING


def _opens(open_boundaries: list[bytes], name: bytes, closing: bytes | None) -> bool:
    """Forget the boundaries that a line ends, and tell whether it begins another part."""
    del open_boundaries[open_boundaries.index(name) + (not closing) :]
    return not closing
