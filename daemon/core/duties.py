"""When calendar duties are due: each once in its period, on a workday, and of several missed ones the newest."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import count

from daemon.core.days import Day, first_day, name_of
from daemon.core.process.duty import Duty, Listed
from daemon.core.worktime import WorkCalendar

LOOKED_AHEAD = 6  # periods; a mail that goes out ahead, over a long holiday, may belong to a week far off


@dataclass(frozen=True, slots=True)
class Done:
    """The latest turn of a duty that was carried out, and when it was."""

    period: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a duty: `named` is the day as the profile has it, `day` the workday that it falls on.

    `goes_out` is when its mails go out and `due_at` the end of work of its day, both in UTC; `last` is the turn before,
    None when there was none: then it is only noted, so that a new duty begins with its next day.
    """

    duty: Duty
    on: Day
    named: date
    day: date
    goes_out: datetime
    due_at: datetime
    last: Done | None = None

    @property
    def key(self) -> str:
        """Return the name under which it is remembered that this duty was done."""
        return key_of(self.duty, self.on)

    @property
    def period(self) -> str:
        """Return the name of the period, in the order of time."""
        return self.named.isoformat()

    def is_late(self, now: datetime) -> bool:
        """Tell whether its day was over before it could be done."""
        return now > self.due_at


@dataclass(frozen=True, slots=True)
class Span:
    """The time that a turn covers: from `start`, with it, to `end`, without it; `first` is the day it begins on.

    `is_period` tells a whole period of the calendar from the time since the last turn.
    """

    start: datetime
    end: datetime
    first: date
    is_period: bool

    def holds(self, moment: datetime | None) -> bool:
        """Tell whether something happened in this time."""
        return moment is not None and self.start <= moment < self.end


def key_of(duty: Duty, on: Day) -> str:
    """Return the name under which it is remembered that a duty was done on such a day."""
    return f"duty:{duty.id}:{name_of(on)}"


def duties_due(
    duties: Iterable[Duty], calendar: WorkCalendar, done: Mapping[str, Done], now: datetime
) -> tuple[Turn, ...]:
    """Return the turns that are due and not done, at most one for each day of each duty.  Raises NoWorkingTime."""
    turns = (latest(duty, on, calendar, now, done.get(key_of(duty, on))) for duty in duties for on in duty.on)
    return tuple(turn for turn in turns if turn.last is None or turn.last.period < turn.period)


def latest(duty: Duty, on: Day, calendar: WorkCalendar, now: datetime, last: Done | None = None) -> Turn:
    """Return the newest turn whose mails may go out.  Raises NoWorkingTime."""
    turns = _turns(duty, on, calendar, now, count(LOOKED_AHEAD, -1), last)
    return next(turn for turn in turns if turn.goes_out <= now)


def coming(duty: Duty, on: Day, calendar: WorkCalendar, now: datetime) -> Turn:
    """Return the next turn that comes.  Raises NoWorkingTime."""
    turns = _turns(duty, on, calendar, now, count(-LOOKED_AHEAD), None)
    return next(turn for turn in turns if turn.goes_out > now)


def span_of(turn: Turn, listed: Listed, now: datetime, calendar: WorkCalendar) -> Span | None:
    """Return the time that the cases of a turn belong to, None when they belong to no time."""
    if listed.in_ == "since last time":
        start = turn.last.at if turn.last else turn.goes_out
        return Span(start, now, start.astimezone(calendar.zone).date(), is_period=False)
    back = {"this period": 0, "last period": -1}.get(listed.in_)
    if back is None:
        return None
    first, after = (first_day(turn.on, turn.named, back + more) for more in (0, 1))
    start, end = (datetime.combine(day, time(), calendar.zone) for day in (first, after))
    return Span(start, end, first, is_period=True)


def _turns(
    duty: Duty, on: Day, calendar: WorkCalendar, now: datetime, periods: Iterable[int], last: Done | None
) -> Iterator[Turn]:
    today = now.astimezone(calendar.zone).date()
    for later in periods:
        named = on.date_on(today, later)
        day = calendar.moved(named, on.moves)
        before = day
        for _ in range(duty.ahead):
            before = calendar.previous_workday(before)
        yield Turn(duty, on, named, day, calendar.start_of_day(before), calendar.end_of_day(day), last)
