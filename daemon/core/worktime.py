"""Arithmetic on working time: when something is due, and how much of its time is used.  Reads no clock and no file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain, count
from zoneinfo import ZoneInfo

from daemon.core.durations import CLOCK, Unit
from daemon.core.pauses import Pause, since
from daemon.core.terms import CalendarDay, Moves, Term, months_later
from daemon.core.windows import (
    DAY,
    BadWindows,
    Opening,
    Window,
    Windows,
    check_week,
    check_windows,
    instant,
    openings,
    runs_past_midnight,
)

__all__ = ["BadWindows", "NaiveInstant", "NoWorkingTime", "Opening", "Window", "Windows", "WorkCalendar"]

SEARCHED_DAYS = 400
_LENGTHS = {
    Unit.MIN: timedelta(minutes=1),
    Unit.H: timedelta(hours=1),
    Unit.WMIN: timedelta(minutes=1),
    Unit.WH: timedelta(hours=1),
}


class NoWorkingTime(Exception):
    """The calendar has no working time for more than a year, so nothing can ever be due."""

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(
            f"the calendar has no working time in the {SEARCHED_DAYS} days around {day}: "
            "look at the working days, hours and days off of the calendar in config.toml"
        )


class NaiveInstant(ValueError):
    """A datetime without a zone, which would silently be read in the zone of the machine."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"{at.isoformat()} has no time zone")


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When people work: windows per weekday (0 is Monday), days off, and extra days worked.

    `days_off` beats the weekday, `extra_days` beats both; an extra day without windows of its own (None) has those of
    its weekday, or else of the first weekday that has any.  A shift past midnight is work of the day it begins on.
    Instants go in aware and come out in UTC.
    Raises BadWindows; every question about an instant raises NaiveInstant.
    """

    zone: ZoneInfo
    windows: Mapping[int, Windows]
    days_off: frozenset[date] = frozenset()
    extra_days: Mapping[date, Windows | None] = field(default_factory=dict)
    _known: dict[date, tuple[Opening, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        for windows in (*self.windows.values(), *self.extra_days.values()):
            check_windows(windows or ())
        check_week(self.windows)

    # ── days ──

    def is_workday(self, day: date) -> bool:
        """Tell whether anybody works on this day."""
        return bool(self.windows_on(day))

    def windows_on(self, day: date) -> Windows:
        """Return the windows of a day, none when nobody works."""
        if day in self.extra_days:
            own = self.extra_days[day]
            return self._normal_windows(day) if own is None else own
        return () if day in self.days_off else self.windows.get(day.weekday(), ())

    def next_workday(self, day: date) -> date:
        """Return the first workday after this day.  Raises NoWorkingTime."""
        return self._nearest_workday(day, DAY)

    def previous_workday(self, day: date) -> date:
        """Return the last workday before this day.  Raises NoWorkingTime."""
        return self._nearest_workday(day, -DAY)

    def start_of_day(self, day: date) -> datetime:
        """Return the start of the day's first window; a day off has the hours of a workday.  Raises NoWorkingTime."""
        return openings(day, self._usual_windows(day), self.zone)[0].start

    def end_of_day(self, day: date) -> datetime:
        """Return the end of the day's last window; a day off has the hours of a workday.  Raises NoWorkingTime."""
        return openings(day, self._usual_windows(day), self.zone)[-1].end

    def moved(self, day: date, moves: Moves) -> date:
        """Return the day itself when it is a workday, else the workday before or after it.  Raises NoWorkingTime."""
        if self.is_workday(day):
            return day
        return self.previous_workday(day) if moves is Moves.BEFORE else self.next_workday(day)

    # ── instants ──

    def is_open(self, at: datetime) -> bool:
        """Tell whether people work at this instant; the end of a window is outside it."""
        moment, today = _utc(at), self._local(at).date()
        return any(one.start <= moment < one.end for one in self._openings_between(today, today))

    def next_open(self, at: datetime) -> datetime:
        """Return the instant itself when people work then, else the start of the next window.  Raises NoWorkingTime."""
        return next(self._openings_from(at)).start

    def add(self, start: datetime, term: Term, pauses: Iterable[Pause] = ()) -> datetime:
        """Return when the term is over.

        min, h run by the clock.  wmin, wh use up windows and may end with one.  wd gives the same time of day n
        workdays later, counted from the next opening when nobody works at `start`; a time in a break moves to the
        break's end, one outside the day's hours to the nearest of them.  d, mo give the same wall time, in working time
        or not; mo clips to the month's last day.  A day of the calendar gives the end of its work: of the first such
        day that is not over.  Each pause puts it off by the time that it took: working time for the working units; a
        day of the calendar stays.  Raises NoWorkingTime for working units and days of the calendar.
        """
        if isinstance(term, CalendarDay):
            return self._calendar_day(start, term)
        due = self._without_pauses(start, term.amount, term.unit)
        for pause in since(_utc(start), pauses):
            if pause.start < due:
                due = self._put_off(due, pause) if term.is_working else due + (_utc(pause.end) - _utc(pause.start))
        return due

    def span(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants, negative when the end comes first."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.span(end, start)
        found = self._openings_between(self._local(start).date(), self._local(end).date())
        return sum((one.within(start, end) for one in found), timedelta())

    def used(self, start: datetime, end: datetime, pauses: Iterable[Pause] = (), *, working: bool = True) -> timedelta:
        """Return the time between two instants that counts: without the pauses, working time or by the clock."""
        length = self.span if working else _between
        stood = ((_utc(one.start), min(_utc(one.end), _utc(end))) for one in since(_utc(start), pauses))
        return length(start, end) - sum((length(begin, last) for begin, last in stood if begin < last), timedelta())

    def share(
        self, start: datetime, end: datetime, fraction: float, pauses: Iterable[Pause] = (), *, working: bool
    ) -> datetime:
        """Return when this fraction (0 to 1) of the time between two instants is used: working time, or by the clock.

        Pauses do not count.  It never lies after `end`; where there is no time that counts in between, it is `end`.
        """
        start, end = _utc(start), _utc(end)
        stood = tuple(pauses)
        total = self.used(start, end, stood, working=working)
        if end <= start or total <= timedelta():
            return end
        found = self._use_up(start, total * fraction) if working else start + total * fraction
        for pause in since(start, stood):
            if pause.start < found:
                found = self._put_off(found, pause) if working else found + (_utc(pause.end) - _utc(pause.start))
        return min(found, end)

    # ── inside ──

    def _local(self, at: datetime) -> datetime:
        return _utc(at).astimezone(self.zone)

    def _normal_windows(self, day: date) -> Windows:
        weekdays = (day.weekday(), *range(7))
        return next((self.windows[n] for n in weekdays if self.windows.get(n)), ())

    def _usual_windows(self, day: date) -> Windows:
        windows = self.windows_on(day) or self._normal_windows(day)
        if not windows:
            raise NoWorkingTime(day)
        return windows

    def _openings_on(self, day: date) -> tuple[Opening, ...]:
        found = self._known.get(day)
        if found is None:
            found = self._known[day] = tuple(self._worked_out(day))  # of the days around now, asked again and again
        return found

    def _worked_out(self, day: date) -> list[Opening]:
        windows, before = self.windows_on(day), self.windows_on(day - DAY)
        shift = openings(day - DAY, before[-1:], self.zone) if runs_past_midnight(before) else ()
        return openings(day, windows, self.zone, shift[0].end if shift else None)

    def _openings_between(self, first: date, last: date) -> Iterator[Opening]:
        """Yield the stretches of these days, and of the night shift before them."""
        for number in range(-1, (last - first).days + 1):
            yield from self._openings_on(first + timedelta(number))

    def _openings_from(self, at: datetime) -> Iterator[Opening]:
        today, moment = self._local(at).date(), _utc(at)
        for day in chain((today - DAY, today), self._workdays_after(today)):
            for one in self._openings_on(day):
                if max(one.start, moment) < one.end:
                    yield one._replace(start=max(one.start, moment))

    def _workdays_after(self, day: date) -> Iterator[date]:
        while True:
            day = self.next_workday(day)
            yield day

    def _nearest_workday(self, day: date, step: timedelta) -> date:
        days = (day + step * n for n in range(1, SEARCHED_DAYS + 1))
        found = next(filter(self.is_workday, days), None)
        if found is None:
            raise NoWorkingTime(day)
        return found

    def _use_up(self, start: datetime, amount: timedelta) -> datetime:
        for opening in self._openings_from(start):
            length = opening.end - opening.start
            if amount <= length:
                return opening.start + amount
            amount -= length
        raise AssertionError  # _openings_from never ends, it raises

    def _without_pauses(self, start: datetime, amount: int, unit: Unit) -> datetime:
        if unit in CLOCK:
            return _utc(start) + _LENGTHS[unit] * amount
        if unit in _LENGTHS:
            return self._use_up(start, _LENGTHS[unit] * amount)
        if unit is Unit.WD:
            return self._after_workdays(start, amount)
        today = self._local(start).date()
        later = today + timedelta(days=amount) if unit is Unit.D else months_later(today, amount)
        return self._same_time(start, later)

    def _put_off(self, due: datetime, pause: Pause) -> datetime:
        stood = self.span(pause.start, pause.end)
        return self._use_up(due, stood) if stood else due

    def _after_workdays(self, start: datetime, amount: int) -> datetime:
        opened = next(self._openings_from(start))
        if not amount:
            return opened.start
        local = self._local(opened.start)
        day = opened.day
        for _ in range(amount):
            day = self.next_workday(day)
        return self._placed(day, instant(day + (local.date() - opened.day), local.time(), self.zone))

    def _placed(self, day: date, wanted: datetime) -> datetime:
        found = self._openings_on(day)
        opening = next((one for one in found if wanted <= one.end), found[-1])
        return min(max(wanted, opening.start), opening.end)

    def _same_time(self, start: datetime, day: date) -> datetime:
        local = self._local(start)
        return _utc(start) if day == local.date() else instant(day, local.time(), self.zone)

    def _calendar_day(self, start: datetime, term: CalendarDay) -> datetime:
        moment, today = _utc(start), self._local(start).date()
        days = (self.moved(term.date_on(today, n), moves) for n in count() for moves in (term.moves, Moves.AFTER))
        return next(end for end in map(self.end_of_day, days) if end > moment)


def _utc(at: datetime) -> datetime:
    # Two datetimes of one zone compare and subtract by the wall clock, so all arithmetic is done in UTC.
    if at.tzinfo is None:
        raise NaiveInstant(at)
    return at.astimezone(UTC)


def _between(start: datetime, end: datetime) -> timedelta:
    return _utc(end) - _utc(start)
