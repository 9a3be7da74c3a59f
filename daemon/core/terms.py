"""By when something is due, as profiles write it: a length (3wd), or a day of the calendar (4th of next month)."""

from __future__ import annotations

import re
from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from daemon.core.durations import BadDuration, Duration, in_words, parse_duration


class Period(StrEnum):
    """A period of the calendar, which has an end."""

    DAY = "day"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half-year"
    YEAR = "year"


class Moves(StrEnum):
    """Where a day goes that is a day off."""

    BEFORE = "before"  # to the workday before: reports for a meeting
    AFTER = "after"  # to the workday after: counts, settlements


MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.HALF: 6, Period.YEAR: 12}
_PERIOD = "|".join(Period)
_DAY = re.compile(
    rf"\s*(?:(?P<day>\d{{1,2}})(?:st|nd|rd|th) of|end of|(?P<short>{_PERIOD}) end)"
    rf"(?(short)|\s+(?P<next>next )?(?P<period>{_PERIOD}))(?:\s*,\s*(?P<moves>before|after))?\s*"
)


class BadTerm(BadDuration):
    """A text that is neither a length of time nor a day of the calendar; the message says what is allowed."""

    def __init__(self, text: str) -> None:
        super().__init__(text)
        periods = ", ".join(Period)
        days = (
            "Or write a day: '4th of next month', 'end of month', 'quarter end', 'end of day' "
            f"({periods}); a day off moves to the workday before, with ', after' to the one after"
        )
        self.args = (f"{self.args[0]}. {days}",)


@dataclass(frozen=True, slots=True)
class CalendarDay:
    """A day of the period that runs, or of the next one; `day` counts from 1, and 0 is the last.

    In a month that is too short it is the last day.  A day off moves to the workday before, or after.
    """

    period: Period
    day: int = 0
    ahead: bool = False
    moves: Moves = Moves.BEFORE

    @property
    def is_working(self) -> bool:
        """Tell whether shares of the time are counted in working time."""
        return True

    def date_on(self, today: date, later: int = 0) -> date:
        """Return the day meant on this day, or that of a period so many periods later."""
        if self.period is Period.DAY:
            return today + timedelta(days=later + self.ahead)
        months = MONTHS[self.period]
        first = date(today.year, (today.month - 1) // months * months + 1, 1)
        begins = months_later(first, months * (later + self.ahead))
        month = begins if self.day else months_later(begins, months - 1)
        last = monthrange(month.year, month.month)[1]
        return month.replace(day=min(self.day or last, last))

    def __str__(self) -> str:
        which = f"next {self.period}" if self.ahead else str(self.period)
        return f"{_ordinal(self.day) if self.day else 'end'} of {which}, {self.moves}"


Term = Duration | CalendarDay


def parse_term(text: str) -> Term:
    """Read a length of time, or a day of the calendar.  Raises BadTerm."""
    found = _DAY.fullmatch(text)
    if found is None:
        return _length(text)
    day = int(found["day"] or 0)
    period = Period(found["period"] or found["short"])
    if found["day"] and (not 1 <= day <= 31 or period is Period.DAY):
        raise BadTerm(text)
    return CalendarDay(period, day, bool(found["next"]), Moves(found["moves"] or Moves.BEFORE))


def term_in_words(term: Term, language: str) -> str:
    """Say a term to a person in zh-CN, zh-TW or en; any other language is answered in English."""
    if isinstance(term, Duration):
        return in_words(term, language)
    if not language.startswith("zh"):
        which = f"{'next' if term.ahead else 'this'} {term.period}"
        return f"the {_ordinal(term.day) if term.day else 'end'} of {which}"
    this, following = _CHINESE[term.period]
    if term.period is Period.DAY:
        return f"{following if term.ahead else this}下班前"
    day = f"{term.day}日" if term.period is Period.MONTH else f"第{term.day}日"
    return f"{following if term.ahead else this}{day if term.day else '末'}"


def months_later(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


_CHINESE = {
    Period.DAY: ("当日", "次日"),
    Period.MONTH: ("本月", "次月"),
    Period.QUARTER: ("本季", "次季"),
    Period.HALF: ("本半年", "下一半年"),
    Period.YEAR: ("本年", "次年"),
}


def _length(text: str) -> Duration:
    try:
        return parse_duration(text)
    except BadDuration as fault:
        raise BadTerm(text) from fault


def _ordinal(day: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")
    return f"{day}{'th' if day in (11, 12, 13) else ending}"
