"""Builds the working calendar: public holidays with 调休 from the `holidays` package, and the company's own days."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import cache
from itertools import chain
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays

from daemon.core.worktime import Windows, WorkCalendar

# The State Council announces each year's days in the November before; until then `holidays` guesses without a word.
ANNOUNCED_YEARLY = frozenset({"CN"})
ANNOUNCED_BY_MONTH = 11

USUAL: Windows = ((time(8), time(12)), (time(13), time(17, 30)))
_DAY = timedelta(days=1)
_WEEKEND = frozenset({5, 6})


@dataclass(frozen=True, slots=True)
class CalendarSettings:
    """What config.toml says about a calendar.

    `week` holds the windows of each weekday that is worked (0 is Monday); `hours` are those of a day worked out of turn
    (调休), by default those of the first weekday.  `country` is an ISO 3166 code, or empty for no public holidays;
    `days_off` and `work_on` are the company's own days and beat the country's.  Public holidays are known for `years`.
    """

    zone: str = "Asia/Shanghai"
    country: str = "CN"
    hours: Windows = USUAL
    week: Mapping[int, Windows] = field(default_factory=lambda: dict.fromkeys(range(5), USUAL))
    days_off: tuple[date, ...] = ()
    work_on: tuple[date, ...] = ()
    years: range = range(2020, 2051)


@dataclass(frozen=True, slots=True)
class Guess:
    """A year whose days off are not announced, so that due times in it may be wrong; `begun` when it runs already."""

    country: str
    year: int
    begun: bool

    def says(self, language: str = "zh-CN") -> str:
        """Say it to a person, with what to do."""
        if language.startswith("zh"):
            return (
                f"{self.year} 年（{self.country}）的放假调休安排还没有，截止时间按推测计算："
                "公布后请升级软件包 holidays，或把放假和上班的日子写进 config.toml 的 days_off 和 work_on"
            )
        return (
            f"the days off of {self.year} ({self.country}) are not known yet and due times in it are guessed: once "
            "they are announced, update the package holidays, or write days_off and work_on in config.toml"
        )


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
        windows=MappingProxyType(settings.week),
        days_off=public | off,
        extra_days=MappingProxyType(
            {**dict.fromkeys(shifted - off, settings.hours or None), **{day: _own(day, settings) for day in worked}}
        ),
    )


def _own(day: date, settings: CalendarSettings) -> Windows | None:
    """Return the hours of a day that the company works by itself: those of its weekday, if that has any."""
    return settings.week.get(day.weekday()) or settings.hours or None


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


def guesses(calendars: Iterable[CalendarSettings], now: datetime) -> tuple[Guess, ...]:
    """Return what people must be told: the years for which the days off of any of these calendars are only guessed."""
    found = [
        Guess(one.country, year, begun=year <= now.astimezone(_zone(one.zone)).year)
        for one in calendars
        for year in unannounced_years(one, now)
    ]
    return tuple(dict.fromkeys(found))


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


@cache
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
