"""Builds the working calendar: public holidays with 调休 from the `holidays` package, and the company's own days."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import chain
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from daemon.core.worktime import Windows, WorkCalendar

# The State Council announces each year's days in the November before; until then `holidays` guesses without a word.
ANNOUNCED_YEARLY = frozenset({"CN"})
ANNOUNCED_BY_MONTH = 11

_DAY = timedelta(days=1)
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """What config.toml says about a calendar.

    `country` is an ISO 3166 code, or empty for no public holidays; weekday 0 is Monday; `days_off` and `work_on` are
    the company's own days and beat the country's.  Public holidays are known for `years`.
    """

    zone: str = "Asia/Shanghai"
    country: str = "CN"
    hours: Windows = ((time(8), time(12)), (time(13), time(17, 30)))
    workdays: tuple[int, ...] = (0, 1, 2, 3, 4)
    days_off: tuple[date, ...] = ()
    work_on: tuple[date, ...] = ()
    years: range = range(2020, 2051)


class UnknownZone(ValueError):
    """A time zone that the database of time zones does not have."""

    def __init__(self, zone: str) -> None:
        self.zone = zone
        super().__init__(f"there is no time zone {zone!r}: write one such as Asia/Shanghai")


class UnknownCountry(ValueError):
    """A country whose public holidays are not known."""

    def __init__(self, country: str) -> None:
        self.country = country
        super().__init__(
            f"no public holidays are known for the country {country!r}: write a code such as CN, "
            "or leave it empty and list the days off yourself"
        )


class ContradictoryDays(ValueError):
    """Days that the settings call both off and worked."""

    def __init__(self, days: Iterable[date]) -> None:
        self.days = tuple(sorted(days))
        super().__init__(f"both a day off and a day worked: {', '.join(map(str, self.days))}; take it out of one list")


def build_calendar(settings: CalendarSettings) -> WorkCalendar:
    """Make the calendar that these settings describe.

    Raises UnknownZone, UnknownCountry, ContradictoryDays and BadWindows.
    """
    off, worked = frozenset(settings.days_off), frozenset(settings.work_on)
    if off & worked:
        raise ContradictoryDays(off & worked)
    public, shifted = _public_days(settings.country, settings.years)
    return WorkCalendar(
        zone=_zone(settings.zone),
        windows=MappingProxyType(dict.fromkeys(settings.workdays, settings.hours)),
        days_off=public | off,
        extra_days=MappingProxyType(dict.fromkeys((shifted - off) | worked, settings.hours)),
    )


def announced(country: str, year: int) -> bool:
    """Tell whether the year's days off are known from the announcement (true where the law alone fixes them)."""
    if country not in ANNOUNCED_YEARLY:
        return True
    return year in _country_days(country, range(0)).special_public_holidays


def unannounced_years(settings: CalendarSettings, now: datetime) -> tuple[int, ...]:
    """Return the years to warn about: this year, and from November on the next, where the days off are only guessed."""
    local = now.astimezone(_zone(settings.zone))
    years = (local.year, local.year + 1) if local.month >= ANNOUNCED_BY_MONTH else (local.year,)
    return tuple(year for year in years if not announced(settings.country, year))


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError) as fault:
        raise UnknownZone(name) from fault


def _country_days(country: str, years: range) -> holidays.HolidayBase:
    if not country:
        return holidays.HolidayBase(years=years)
    try:
        return holidays.country_holidays(country, years=years)
    except NotImplementedError as fault:
        raise UnknownCountry(country) from fault


def _public_days(country: str, years: range) -> tuple[frozenset[date], frozenset[date]]:
    found = _country_days(country, years)
    off, worked = frozenset(found), frozenset(found.weekend_workdays)
    return (off | (_enclosed_weekends(off) - worked) if country in ANNOUNCED_YEARLY else off), worked


def _enclosed_weekends(holiday: frozenset[date]) -> frozenset[date]:
    # `holidays` leaves out the weekend inside an announced break; a factory that works on Saturdays is off then too.
    runs = (_weekend_run(day + _DAY, holiday) for day in holiday)
    return frozenset(chain.from_iterable(run for run in runs if run and run[-1] + _DAY in holiday))


def _weekend_run(day: date, holiday: frozenset[date]) -> tuple[date, ...]:
    if day.weekday() not in _WEEKEND or day in holiday:
        return ()
    return (day, *_weekend_run(day + _DAY, holiday))
