"""Text on its way into a cell: what XML forbids is taken out, what is too long is shortened and says so."""

from __future__ import annotations

import re
from math import ceil
from unicodedata import east_asian_width

MOST = 32_767  # what one cell can hold, counted in UTF-16 units as Excel does
SHORTENED = "……（文字过长，此处已截短；全文见该客诉的邮件 / shortened here, the full text is in the mail）"

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
_ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "＝", "＋", "－", "＠", "'")


def clean(text: str) -> str:
    """Return the text as a cell can hold it: one kind of line end, no illegal character, at most 32,767 units."""
    fitting = legal(text)
    return _shortened(fitting) if _units(fitting) > MOST else fitting


def legal(text: str) -> str:
    """Return the text with one kind of line end and without the characters that XML forbids."""
    return _ILLEGAL.sub("", _LINE_ENDS.sub("\n", text))


def is_too_long(text: str) -> bool:
    """Tell whether a cell cannot hold the whole text."""
    return _units(text) > MOST


def escaped(text: str) -> str:
    """Return the text for a workbook's XML, where `_x0041_` would be read as the letter A (ECMA-376 ST_Xstring)."""
    return _ESCAPE_LIKE.sub("_x005F_", text)


def looks_like_formula(text: str) -> bool:
    """Tell whether a spreadsheet would compute this, were it typed in."""
    return text.startswith(_FORMULA_STARTS)


def choice(text: str) -> str | int:
    """Return a list's value; a score is a number, as a person would type it."""
    return int(text) if text in set("0123456789") else text


def lines_needed(text: str, width: float) -> int:
    """Return how many lines the text fills when wrapped at `width` characters, a Chinese one counting two."""
    room = max(width - 3, 1)
    return sum(max(1, ceil(shown_width(line) / room)) for line in text.split("\n"))


def shown_width(line: str) -> float:
    """Return how wide a line is, in the digits by which a column's width is counted."""
    return sum(1.9 if east_asian_width(char) in "WFA" else 0.95 for char in line)


def _units(text: str) -> int:
    return len(text) + sum(char > "\uffff" for char in text) if len(text) * 2 > MOST else len(text)


def _shortened(text: str) -> str:
    room = 2 * (MOST - len(SHORTENED))
    return text.encode("utf-16-le")[:room].decode("utf-16-le", "ignore") + SHORTENED
