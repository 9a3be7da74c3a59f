"""What a number is shown as under a number format: a number, naive wall time, or text.  Pure (ECMA-376 18.8.30)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum
from math import isfinite

from daemon.core.fields import CellValue

DAY = 86_400
LAST_SERIAL = 2_958_466  # the first day of the year 10000
LEAP_DAY = 60  # 29 February 1900, which Excel took over from Lotus and which never was
SINCE_1904 = 1_462  # days from the first calendar's day 0 to the second's
LONGEST_CODE = 1_000  # characters of a format that are looked at; Excel allows 255

_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a cell has no zone
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,4})?", re.ASCII)
_WHOLE = re.compile(r"-?\d{1,400}", re.ASCII)
_TOKENS = re.compile(
    r'"(?P<quoted>[^"]*)"?'
    r"|\\(?P<escaped>.)"
    r"|[_*].?"  # a gap as wide as the character, or the character repeated to fill the cell
    r"|\[(?P<elapsed>h+|m+|s+)\]"
    r"|\[\$(?P<currency>[^\]-]*)[^\]]*\]"
    r"|\[[^\]]*\]?"  # colours, conditions, numerals
    r"|(?P<general>General|G/通用格式)"
    r"|(?P<noon>AM/PM|A/P|上午/下午)"
    r"|(?P<power>E[+-])"
    r"|(?P<date>y+|m+|d+|h+|s+|e+|g+|aaaa?|bb(?:bb)?)"
    r"|(?P<end>;)"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_NO_LITERAL = frozenset(".,%#?/@")


class Kind(Enum):
    """What a format makes of a number."""

    NUMBER = "number"
    MOMENT = "moment"
    CLOCK = "clock"  # a time of day, without a date
    ELAPSED = "elapsed"  # [h]:mm
    TEXT = "text"
    CODE = "code"  # 000000: leading zeros are shown


@dataclass(frozen=True, slots=True)
class Format:
    """A number format as it is read; `slots` are the pieces of a code, a `0` for each digit, all else as shown."""

    kind: Kind = Kind.NUMBER
    slots: tuple[str, ...] = ()


GENERAL = Format()
_TEXT, _MOMENT, _CLOCK, _ELAPSED = Format(Kind.TEXT), Format(Kind.MOMENT), Format(Kind.CLOCK), Format(Kind.ELAPSED)
_MOMENTS = (14, 15, 16, 17, 22, 27, 28, 29, 30, 31, 36, 50, 51, 52, 53, 54, 57, 58)
_CLOCKS = (18, 19, 20, 21, 32, 33, 34, 35, 45, 47, 55, 56)  # 27 to 58 as Chinese programs number them
BUILTIN = {
    **dict.fromkeys(_MOMENTS, _MOMENT),
    **dict.fromkeys(_CLOCKS, _CLOCK),
    46: _ELAPSED,
    49: _TEXT,
}


def format_of(code: str) -> Format:
    """Return what a format code makes of a positive number: its first section counts."""
    tokens = tuple(_section(code[:LONGEST_CODE]))
    kinds = {kind for kind, _ in tokens}
    if "date" in kinds or "elapsed" in kinds:
        return _of_time([(kind, text) for kind, text in tokens if kind in ("date", "elapsed")])
    if ("other", "@") in tokens:
        return _TEXT
    return _of_code(tokens)


def number_of(raw: str) -> int | float | None:
    """Return the number that is written here, a whole one as int with all its digits; None when there is none."""
    if _WHOLE.fullmatch(raw):
        return int(raw)
    if not _NUMBER.fullmatch(raw):
        return None
    found = float(raw)
    if not isfinite(found):
        return None
    return int(found) if found.is_integer() else found


def shown(number: float, form: Format, *, date1904: bool = False) -> CellValue:
    """Return what people see of a number; one that the calendar does not hold stays the number it is."""
    if form.kind is Kind.NUMBER:
        return number
    if form.kind is Kind.TEXT:
        return str(number)
    if form.kind is Kind.CODE:
        return _coded(number, form.slots) if isinstance(number, int) and number >= 0 else number
    if not 0 <= number < LAST_SERIAL:
        return number
    seconds = round(number * DAY)
    if form.kind is Kind.ELAPSED or (form.kind is Kind.CLOCK and seconds < DAY):
        return _clock(seconds, "" if form.kind is Kind.ELAPSED else "02")
    moment = _moment(seconds + SINCE_1904 * DAY if date1904 else seconds)
    return number if moment is None else moment


# ── formats ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _section(code: str) -> Iterator[tuple[str, str]]:
    """Yield the pieces of the first section: what each is, and its text."""
    for found in _TOKENS.finditer(code):
        kind = found.lastgroup
        if kind == "end":
            return
        if kind:
            yield kind, found[kind]


def _of_time(tokens: Sequence[tuple[str, str]]) -> Format:
    letters = ["h" if kind == "elapsed" else text[0].lower() for kind, text in tokens]
    if any(_is_of_a_date(letters, at) for at in range(len(letters))):
        return _MOMENT
    return _ELAPSED if any(kind == "elapsed" for kind, _ in tokens) else _CLOCK


def _is_of_a_date(letters: Sequence[str], at: int) -> bool:
    """Tell whether this stands for a part of a date; `m` is minutes after hours and before seconds only."""
    if letters[at] != "m":
        return letters[at] not in "hs"
    return not (letters[at - 1 : at] == ["h"] or letters[at + 1 : at + 2] == ["s"])


def _of_code(tokens: Sequence[tuple[str, str]]) -> Format:
    """Return a format of zeros and literals, where it shows zeros that the number does not have."""
    zeros = tokens.count(("other", "0"))
    strange = {"general", "power", "noon"} & {kind for kind, _ in tokens}
    if zeros < 2 or strange or any(kind == "other" and text in _NO_LITERAL for kind, text in tokens):
        return GENERAL
    return Format(Kind.CODE, tuple("0" if one == ("other", "0") else f"={one[1]}" for one in tokens))


def _coded(number: int, slots: Sequence[str]) -> str:
    zeros = slots.count("0")
    digits = f"{number:0{zeros}d}"
    extra = len(digits) - zeros  # a longer number shows its further digits before the first zero
    shares = iter((digits[: extra + 1], *digits[extra + 1 :]))
    return "".join(next(shares) if slot == "0" else slot[1:] for slot in slots)


# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _clock(seconds: int, width: str) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours:{width}d}:{minutes:02d}" + (f":{rest:02d}" if rest else "")


def _moment(seconds: int) -> datetime | str | None:
    """Return the wall time of a serial in seconds; noise below a second is gone by now."""
    day = seconds // DAY
    if not 1 <= day < LAST_SERIAL:
        return None
    if day == LEAP_DAY:
        return "1900-02-29"
    return _EPOCH + timedelta(seconds=seconds + (DAY if day < LEAP_DAY else 0))
