"""Working windows in wall time, and the stretches of real time that they are on a day.  Reads no clock and no file."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

MIDNIGHT = time(0)
DAY = timedelta(days=1)
LONGEST_SHIFT = timedelta(hours=14)  # one that is longer was written the wrong way round

Window = tuple[time, time]
"""A working window in local wall time, from its start until just before its end.

One that ends at 00:00 or at a time before its start runs past midnight, and is work of the day on which it starts.
"""
Windows = tuple[Window, ...]


class BadWindows(ValueError):
    """The windows of a day overlap, stand in the wrong order, or run into those of the next day."""

    def __init__(self, windows: Windows) -> None:
        self.windows = windows
        shown = ", ".join(f"{start:%H:%M}-{end:%H:%M}" for start, end in windows)  # the way config.toml writes them
        super().__init__(
            f"working hours {shown}: each must end after it starts and before the next one starts; the last of a day "
            f"may run past midnight, for at most {LONGEST_SHIFT // timedelta(hours=1)} hours in all, and not into the "
            "hours of the next day"
        )


class Opening(NamedTuple):
    """One stretch of working time, in UTC, and the day whose work it is."""

    start: datetime
    end: datetime
    day: date

    def within(self, start: datetime, end: datetime) -> timedelta:
        """Return how much of it lies between two instants."""
        return max(min(self.end, end) - max(self.start, start), timedelta())


def openings(day: date, windows: Windows, zone: ZoneInfo, earliest: datetime | None = None) -> list[Opening]:
    """Return what the windows of a day are in real time; nothing begins before `earliest`."""
    # Where the clock is put forward, windows can shrink to nothing or meet; the earlier one keeps the time.
    found: list[Opening] = []
    for first, last in windows:
        start, end = instant(day, first, zone), instant(day + DAY if last <= first else day, last, zone)
        if earliest:
            start, end = max(start, earliest), max(end, earliest)
        found.append(Opening(min(start, end), end, day))
        earliest = end
    return found


def instant(day: date, wall: time, zone: ZoneInfo) -> datetime:
    """Return the instant of a wall time: of two equal ones the first, of one that the clock skips as much later."""
    return datetime.combine(day, wall.replace(fold=0), zone).astimezone(UTC)


def runs_past_midnight(windows: Windows) -> bool:
    """Tell whether the last window ends on the day after."""
    return bool(windows) and MIDNIGHT != windows[-1][1] <= windows[-1][0]


def check_windows(windows: Windows) -> None:
    """Check the windows of one day.  Raises BadWindows."""
    previous = timedelta()
    for start, end in windows:
        first, last = _since_midnight(start), _since_midnight(end)
        last += DAY if last <= first else timedelta()
        if first < previous or (last > DAY and last - first > LONGEST_SHIFT):
            raise BadWindows(windows)
        previous = last


def check_week(week: Mapping[int, Windows]) -> None:
    """Check that no day's last window runs into the first of the next day.  Raises BadWindows."""
    for weekday, windows in week.items():
        tomorrow = week.get((weekday + 1) % 7)
        if tomorrow and runs_past_midnight(windows) and windows[-1][1] > tomorrow[0][0]:
            raise BadWindows((*windows, tomorrow[0]))


def _since_midnight(wall: time) -> timedelta:
    return timedelta(hours=wall.hour, minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond)
