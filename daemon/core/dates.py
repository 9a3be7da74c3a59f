"""Dates that people write in a text: 11月12日, 2026-11-12, 2026/11/12, 12 Nov.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

FULL = re.compile(r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})")
SHORT = re.compile(r"(?<![\d年/.-])(\d{1,2})\s*(?:月|/)\s*(\d{1,2})(?:\s*[日号]|(?![\d/%]))")
NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
LONG_NAMES = (
    "jan(?:uary)?", "feb(?:ruary)?", "mar(?:ch)?", "apr(?:il)?", "may", "june?", "july?", "aug(?:ust)?",
    "sept?(?:ember)?", "oct(?:ober)?", "nov(?:ember)?", "dec(?:ember)?",
)  # fmt: skip
ENGLISH = re.compile(
    r"(?<!\d)(\d{1,2})(?:st|nd|rd|th)?[ .]+(" + "|".join(LONG_NAMES) + r")\b\.?(?:[ ,]+(20\d\d))?", re.IGNORECASE
)


def latest_date(text: str, today: date) -> date | None:
    """Return the latest date that a text names; one without a year is the nearest to `today`.

    Numbers that are no date (13月, 31/31) are passed over.
    """
    return max(_dates(text, today), default=None)


def _dates(text: str, today: date) -> Iterator[date]:
    for found in FULL.finditer(text):
        yield from _date(int(found[1]), int(found[2]), int(found[3]))
    for found in SHORT.finditer(FULL.sub(" ", text)):
        yield from _nearest(int(found[1]), int(found[2]), today)
    for found in ENGLISH.finditer(text):
        month = NAMES.index(found[2][:3].lower()) + 1
        yield from _date(int(found[3]), month, int(found[1])) if found[3] else _nearest(month, int(found[1]), today)


def days_called(month: int, day: int, today: date) -> tuple[date, ...]:
    """Return the days of this name in last year, this year and the next; none for 2月30日."""
    return tuple(one for year in (today.year - 1, today.year, today.year + 1) for one in _date(year, month, day))


def _nearest(month: int, day: int, today: date) -> Iterator[date]:
    near = days_called(month, day, today)
    if near:
        yield min(near, key=lambda one: abs((one - today).days))


def _date(year: int, month: int, day: int) -> Iterator[date]:
    try:
        yield date(year, month, day)
    except ValueError:
        return
