"""Days that come again: a day of each month, quarter, half-year or year, or a day of the week; and their periods."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from daemon.core.terms import MONTHS, BadTerm, CalendarDay, Moves, Period, months_later, parse_term, term_in_words

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_ENGLISH = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_CHINESE = "一二三四五六日"
_EVERY = {Period.MONTH: "每月", Period.QUARTER: "每季", Period.HALF: "每半年", Period.YEAR: "每年"}


class BadDay(ValueError):
    """A text that is no day that comes again; the message says what is allowed."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} is no day that comes again; write '4th of month', 'end of month', 'quarter end', "
            "'half-year end', 'year end' or 'friday'; a day off moves to the workday before, with ', after' to the one "
            "after"
        )


@dataclass(frozen=True, slots=True)
class Weekday:
    """A day of each week; 0 is Monday.  A day off moves to the workday before, or after."""

    weekday: int
    moves: Moves = Moves.BEFORE

    def date_on(self, today: date, later: int = 0) -> date:
        """Return this day of the present week, or of one so many weeks later."""
        return _monday(today) + timedelta(days=self.weekday + 7 * later)

    def __str__(self) -> str:
        return f"{WEEKDAYS[self.weekday]}, {self.moves}"


Day = CalendarDay | Weekday


def parse_day(text: str) -> Day:
    """Read a day that comes again.  Raises BadDay."""
    name, _, moves = (part.strip().lower() for part in text.partition(","))
    if name in WEEKDAYS and moves in {"", *Moves}:
        return Weekday(WEEKDAYS.index(name), Moves(moves or Moves.BEFORE))
    try:
        found = parse_term(text)
    except BadTerm as fault:
        raise BadDay(text) from fault
    if not isinstance(found, CalendarDay) or found.ahead or found.period is Period.DAY:  # there is no next
        raise BadDay(text)
    return found


def name_of(day: Day) -> str:
    """Return a day's name, whichever way it moves."""
    return str(day).partition(",")[0]


def first_day(day: Day, on: date, later: int = 0) -> date:
    """Return the first day of the period around a date, or of a period so many later: a week, a month, a year."""
    if isinstance(day, Weekday):
        return _monday(on) + timedelta(days=7 * later)
    months = MONTHS[day.period]
    return months_later(date(on.year, (on.month - 1) // months * months + 1, 1), months * later)


def day_in_words(day: Day, language: str) -> str:
    """Say a day that comes again: 每月4日, every Friday."""
    if isinstance(day, Weekday):
        week = "每週" if language == "zh-TW" else "每周"
        named = WEEKDAYS[day.weekday].capitalize()
        return f"{week}{_CHINESE[day.weekday]}" if language.startswith("zh") else f"every {named}"
    if not language.startswith("zh"):
        return term_in_words(day, language).replace("of this", "of each")
    count = f"{day.day}日" if day.period is Period.MONTH else f"第{day.day}日"
    return f"{_EVERY[day.period]}{count if day.day else '末'}"


def period_in_words(day: Day, first: date, language: str) -> str:
    """Say the period of a day that begins on this date: 2026年10月, Q3 2026; a week is told by its days."""
    chinese = language.startswith("zh")
    if isinstance(day, Weekday):
        last = first + timedelta(days=6)
        if chinese:
            return f"{first.year}年{first.month}月{first.day}日至{last.month}月{last.day}日"
        return f"{first.isoformat()} to {last.isoformat()}"
    quarter, half = (first.month + 2) // 3, 1 if first.month < 7 else 2
    season = "季" if language == "zh-TW" else "季度"
    said = {
        Period.MONTH: (f"{first.year}年{first.month}月", f"{_ENGLISH[first.month - 1]} {first.year}"),
        Period.QUARTER: (f"{first.year}年第{quarter}{season}", f"Q{quarter} {first.year}"),
        Period.HALF: (f"{first.year}年{'上' if half == 1 else '下'}半年", f"H{half} {first.year}"),
        Period.YEAR: (f"{first.year}年", f"{first.year}"),
    }
    return said[day.period][0 if chinese else 1]


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
