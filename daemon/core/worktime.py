"""Arithmetic on working time: when something is due, and how much of its time is used.  Reads no clock and no file."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from daemon.core.durations import Duration, Unit

SEARCHED_DAYS = 400
_MIDNIGHT = time(0)
_DAY = timedelta(days=1)
_LENGTHS = {
    Unit.MIN: timedelta(minutes=1),
    Unit.H: timedelta(hours=1),
    Unit.WMIN: timedelta(minutes=1),
    Unit.WH: timedelta(hours=1),
}

Window = tuple[time, time]
"""A working window in local wall time, from its start until just before its end; an end of 00:00 is midnight."""
Windows = tuple[Window, ...]


class NoWorkingTime(Exception):
    """The calendar has no working time for more than a year, so nothing can ever be due."""

    def __init__(self, day: date) -> None:
        self.day = day
        super().__init__(
            f"the calendar has no working time in the {SEARCHED_DAYS} days around {day}: "
            "look at the working days, hours and days off of the calendar in config.toml"
        )


class BadWindows(ValueError):
    """The windows of a day overlap, stand in the wrong order, or end before they start."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        shown = ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in windows)  # the way config.toml writes them
        super().__init__(f"working hours {shown}: each must end after it starts and before the next one starts")


class NaiveInstant(ValueError):
    """A datetime without a zone, which would silently be read in the zone of the machine."""

    def __init__(self, at: datetime) -> None:
        super().__init__(f"{at.isoformat()} has no time zone")


class Opening(NamedTuple):
    """One stretch of working time, in UTC."""

    start: datetime
    end: datetime

    def within(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of it lies between two instants."""
        return max(min(self.end, end) - max(self.start, start), timedelta())


@dataclass(frozen=True, slots=True)
class WorkCalendar:
    """When people work: windows per weekday (0 is Monday), days off, and extra days worked.

    `days_off` beats the weekday, `extra_days` beats both; an extra day without windows of its own (None) has those of
    its weekday, or else of the first weekday that has any.  Instants go in aware and come out in UTC.
    Raises BadWindows; every question about an instant raises NaiveInstant.
    """

    zone: ZoneInfo
    windows: Mapping[int, Windows]
    days_off: frozenset[date] = frozenset()
    extra_days: Mapping[date, Windows | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for windows in (*self.windows.values(), *self.extra_days.values()):
            _check_order(windows or ())

    # ── days ──

    def is_workday(self, day: date) -> bool:
        """Tell whether anybody works on this day."""
        return bool(self._windows_on(day))

    def next_workday(self, day: date) -> date:
        """Return the first workday after this day.  Raises NoWorkingTime."""
        return self._nearest_workday(day, _DAY)

    def previous_workday(self, day: date) -> date:
        """Return the last workday before this day.  Raises NoWorkingTime."""
        return self._nearest_workday(day, -_DAY)

    def start_of_day(self, day: date) -> datetime:
        """Return the start of the day's first window; a day off has the hours of a workday.  Raises NoWorkingTime."""
        return self._openings(day, self._usual_windows(day))[0].start

    def end_of_day(self, day: date) -> datetime:
        """Return the end of the day's last window; a day off has the hours of a workday.  Raises NoWorkingTime."""
        return self._openings(day, self._usual_windows(day))[-1].end

    # ── instants ──

    def is_open(self, at: datetime) -> bool:
        """Tell whether people work at this instant; the end of a window is outside it."""
        instant = _utc(at)
        return any(start <= instant < end for start, end in self._openings_on(self._local(at).date()))

    def next_open(self, at: datetime) -> datetime:
        """Return the instant itself when people work then, else the start of the next window.  Raises NoWorkingTime."""
        return next(self._openings_from(at)).start

    def add(self, start: datetime, duration: Duration) -> datetime:
        """Return when the duration is over.

        min, h run by the clock.  wmin, wh use up windows and may end with one.  wd gives the same time of day n
        workdays later, counted from the next opening when nobody works at `start`; a time in a break moves to the
        break's end, one outside the day's hours to the nearest of them.  d, mo give the same wall time, in working time
        or not; mo clips to the month's last day.  Raises NoWorkingTime for working units.
        """
        local, amount, unit = self._local(start), duration.amount, duration.unit
        if duration.is_clock:
            return _utc(start) + _LENGTHS[unit] * amount
        if unit in _LENGTHS:
            return self._use_up(start, _LENGTHS[unit] * amount)
        if unit is Unit.WD:
            return self._after_workdays(start, amount)
        days_later = local.date() + timedelta(days=amount)
        return self._same_time(start, days_later if unit is Unit.D else months_later(local.date(), amount))

    def span(self, start: datetime, end: datetime) -> timedelta:
        """Return the working time between two instants, negative when the end comes first."""
        start, end = _utc(start), _utc(end)
        if end < start:
            return -self.span(end, start)
        day, last = self._local(start).date(), self._local(end).date()
        days = (day + timedelta(n) for n in range((last - day).days + 1))
        return sum((o.within(start, end) for d in days for o in self._openings_on(d)), timedelta())

    def share(self, start: datetime, end: datetime, fraction: float, *, working: bool) -> datetime:
        """Return when this fraction (0 to 1) of the time between two instants is used: working time, or by the clock.

        It never lies after `end`; where there is no working time in between, it is `end`.
        """
        start, end = _utc(start), _utc(end)
        if end <= start:
            return end
        if not working:
            return start + (end - start) * fraction
        total = self.span(start, end)
        return min(self._use_up(start, total * fraction), end) if total else end

    # ── inside ──

    def _local(self, at: datetime) -> datetime:
        return _utc(at).astimezone(self.zone)

    def _instant(self, day: date, wall: time) -> datetime:
        # With fold=0 a time that the clock skips comes out as much later, and of two equal times the first is meant.
        return datetime.combine(day, wall.replace(fold=0), self.zone).astimezone(UTC)

    def _normal_windows(self, day: date) -> Windows:
        weekdays = (day.weekday(), *range(7))
        return next((self.windows[n] for n in weekdays if self.windows.get(n)), ())

    def _windows_on(self, day: date) -> Windows:
        if day in self.extra_days:
            own = self.extra_days[day]
            return self._normal_windows(day) if own is None else own
        return () if day in self.days_off else self.windows.get(day.weekday(), ())

    def _usual_windows(self, day: date) -> Windows:
        windows = self._windows_on(day) or self._normal_windows(day)
        if not windows:
            raise NoWorkingTime(day)
        return windows

    def _openings(self, day: date, windows: Windows) -> list[Opening]:
        # Where the clock is put forward, windows can shrink to nothing or meet; the earlier one keeps the time.
        openings: list[Opening] = []
        for first, last in windows:
            start, end = self._instant(day, first), self._instant(day + _DAY if last == _MIDNIGHT else day, last)
            if openings:
                start, end = max(start, openings[-1].end), max(end, openings[-1].end)
            openings.append(Opening(min(start, end), end))
        return openings

    def _openings_on(self, day: date) -> list[Opening]:
        return self._openings(day, self._windows_on(day))

    def _openings_from(self, at: datetime) -> Iterator[Opening]:
        day, instant = self._local(at).date(), _utc(at)
        while True:
            for start, end in self._openings_on(day):
                if max(start, instant) < end:
                    yield Opening(max(start, instant), end)
            day = self.next_workday(day)

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

    def _after_workdays(self, start: datetime, amount: int) -> datetime:
        opened = self.next_open(start)
        local = self._local(opened)
        day = local.date()
        for _ in range(amount):
            day = self.next_workday(day)
        return self._placed(day, local.time()) if amount else opened

    def _placed(self, day: date, wall: time) -> datetime:
        wanted, openings = self._instant(day, wall), self._openings_on(day)
        opening = next((o for o in openings if wanted <= o.end), openings[-1])
        return min(max(wanted, opening.start), opening.end)

    def _same_time(self, start: datetime, day: date) -> datetime:
        local = self._local(start)
        return _utc(start) if day == local.date() else self._instant(day, local.time())


def months_later(day: date, months: int) -> date:
    """Return the same day of the month so many months later, or that month's last day."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _utc(at: datetime) -> datetime:
    # Two datetimes of one zone compare and subtract by the wall clock, so all arithmetic is done in UTC.
    if at.tzinfo is None:
        raise NaiveInstant(at)
    return at.astimezone(UTC)


def _check_order(windows: Windows) -> None:
    previous = _MIDNIGHT
    for start, end in windows:
        last = time.max if end == _MIDNIGHT else end
        if start < previous or last <= start:
            raise BadWindows(windows)
        previous = last
