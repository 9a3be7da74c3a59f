from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

import pytest

from daemon.adapters.calendars import (
    USUAL,
    CalendarSettings,
    ContradictoryDays,
    UnknownCountry,
    UnknownZone,
    announced,
    build_calendar,
    unannounced_years,
)
from daemon.core.durations import parse_duration
from daemon.core.worktime import BadWindows

CHINA = build_calendar(CalendarSettings())
SIX = dict.fromkeys(range(6), USUAL)
SIX_DAYS = build_calendar(CalendarSettings(week=SIX))
SHANGHAI = ZoneInfo("Asia/Shanghai")


def day(text):
    return date.fromisoformat(f"2026-{text}")


@pytest.mark.parametrize("text", ["01-04", "02-14", "02-28", "05-09", "09-20", "10-10"])
def test_weekends_worked_in_2026(text):
    assert day(text).weekday() in {5, 6}
    assert CHINA.is_workday(day(text))


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("01-01", "01-03"),
        ("02-15", "02-23"),
        ("04-04", "04-06"),
        ("05-01", "05-05"),
        ("06-19", "06-21"),
        ("09-25", "09-27"),
        ("10-01", "10-07"),
    ],
)
def test_the_breaks_of_2026(first, last):
    span = range(day(first).toordinal(), day(last).toordinal() + 1)
    assert not any(CHINA.is_workday(date.fromordinal(n)) for n in span)
    assert CHINA.is_workday(CHINA.next_workday(day(last)))


def test_national_day_2026():
    def due(start, duration):
        found = CHINA.add(datetime.fromisoformat(f"2026-{start}+08:00"), parse_duration(duration))
        return f"{found.astimezone(SHANGHAI):%m-%d %H:%M}"

    assert due("09-30T16:00", "1wd") == "10-08 16:00"
    assert due("09-30T16:00", "3wd") == "10-10 16:00"
    assert due("09-30T17:00", "1wh") == "10-08 08:30"
    assert due("09-30T17:00", "24h") == "10-01 17:00"
    assert due("09-18T17:20", "30wmin") == "09-20 08:20"


def test_a_factory_that_works_on_saturdays_is_off_on_the_one_inside_a_break():
    assert SIX_DAYS.is_workday(day("02-07"))
    assert not SIX_DAYS.is_workday(day("02-21"))
    assert not SIX_DAYS.is_workday(day("10-03"))


def test_where_the_law_alone_fixes_the_holidays_a_saturday_between_two_is_worked():
    german = CalendarSettings(zone="Europe/Berlin", country="DE", week=SIX)
    calendar = build_calendar(german)
    easter = ("04-03", "04-04", "04-05", "04-06", "04-07")
    assert [calendar.is_workday(day(text)) for text in easter] == [False, True, False, False, True]


def test_the_companys_own_days_beat_the_countrys():
    calendar = build_calendar(
        CalendarSettings(days_off=(day("10-10"), day("09-04")), work_on=(day("10-07"), day("09-06")))
    )
    assert [calendar.is_workday(day(text)) for text in ("10-10", "09-04", "10-07", "09-06")] == [
        False,
        False,
        True,
        True,
    ]


def test_an_extra_day_has_the_hours_of_the_others():
    hours = ((time(7, 30), time(16)),)
    calendar = build_calendar(CalendarSettings(hours=hours))
    assert calendar.end_of_day(day("10-10")) == datetime(2026, 10, 10, 8, tzinfo=UTC)
    without = build_calendar(CalendarSettings(hours=(), week={3: hours, 5: ((time(8), time(12)),)}))
    assert without.end_of_day(day("02-15")) == datetime(2026, 2, 15, 8, tzinfo=UTC), "a Sunday like the first weekday"


def test_a_short_saturday_is_short_when_the_company_works_on_it_and_long_in_place_of_a_weekday():
    short = ((time(8), time(12)),)
    calendar = build_calendar(CalendarSettings(week={**SIX, 5: short}, work_on=(day("10-03"), day("10-18"))))
    ends = {text: calendar.end_of_day(day(text)).astimezone(SHANGHAI).hour for text in ("09-12", "10-03", "10-10")}
    assert ends == {"09-12": 12, "10-03": 12, "10-10": 17}
    assert calendar.end_of_day(day("10-18")).astimezone(SHANGHAI).hour == 17


def test_without_a_country_only_weekends_are_off():
    calendar = build_calendar(CalendarSettings(country=""))
    assert calendar.is_workday(day("10-01"))
    assert not calendar.is_workday(day("10-10"))


@pytest.mark.parametrize(
    ("country", "year", "known"),
    [("CN", 2025, True), ("CN", 2026, True), ("CN", 2049, False), ("DE", 2049, True), ("", 2049, True)],
)
def test_which_years_are_announced(country, year, known):
    assert announced(country, year) is known


@pytest.mark.parametrize(
    ("now", "years"),
    [
        (datetime(2048, 10, 31, 12, tzinfo=UTC), (2048,)),
        (datetime(2048, 10, 31, 17, tzinfo=UTC), (2048, 2049)),  # already November in Shanghai
        (datetime(2025, 11, 1, 12, tzinfo=UTC), ()),
        (datetime(2026, 10, 1, 12, tzinfo=UTC), ()),
    ],
)
def test_the_years_to_warn_about(now, years):
    assert unannounced_years(CalendarSettings(), now) == years
    assert unannounced_years(CalendarSettings(country=""), now) == ()


@pytest.mark.parametrize("zone", ["Asia/Nowhere", "Asia", "../etc/passwd", ""])
def test_an_unknown_zone_is_named(zone):
    with pytest.raises(UnknownZone, match="no time zone"):
        build_calendar(CalendarSettings(zone=zone))


def test_an_unknown_country_is_named():
    with pytest.raises(UnknownCountry, match="'XX'"):
        build_calendar(CalendarSettings(country="XX"))


def test_a_day_both_off_and_worked_is_refused():
    both = (day("09-04"),)
    with pytest.raises(ContradictoryDays, match="2026-09-04"):
        build_calendar(CalendarSettings(days_off=both, work_on=both))


def test_disordered_hours_are_refused():
    with pytest.raises(BadWindows):
        build_calendar(CalendarSettings(week={0: ((time(13), time(17)), (time(8), time(12)))}))
