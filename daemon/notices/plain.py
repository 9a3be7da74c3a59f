"""Foreign text made harmless: nothing invisible, nothing that reorders what people read.  Pure."""

from __future__ import annotations

import re
import unicodedata

# Bidi marks and overrides, zero-width space and byte order mark: invisible, and able to make a text lie.
HIDDEN = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff\u00ad")
DROPPED = frozenset({"Cc", "Cs", "Co", "Cn"})
BREAKS = re.compile(r"\r\n|[\r\n\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def plain(text: str, longest: int = 4000) -> str:
    """Return the text with its line breaks as single newlines, without controls and hidden marks, cut at `longest`."""
    kept = (text if text.isprintable() else _cleaned(text)).strip()
    return kept if len(kept) <= longest else kept[: longest - 1].rstrip() + "…"


def one_line(text: str, longest: int = 200) -> str:
    """Return the text as one line that is safe in a header.

    The start of an encoded word (RFC 2047) is taken apart, so that a program which decodes a header twice finds
    nothing to decode (CVE-2024-6923).
    """
    return plain(" ".join(plain(text, longest * 4).split()), longest).replace("=?", "= ?")


def _cleaned(text: str) -> str:
    lines = BREAKS.sub("\n", text).replace("\t", " ")
    return lines if lines.replace("\n", "").isprintable() else _shown(lines)


def _shown(text: str) -> str:
    """Return what can be seen of a text; a printable one (it is the rule) has none of what is dropped here."""
    return "".join(c for c in text if c == "\n" or not _is_hidden(c))


def _is_hidden(char: str) -> bool:
    return char in HIDDEN or unicodedata.category(char) in DROPPED
