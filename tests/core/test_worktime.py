from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.core.durations import Duration, Unit, parse_duration
from daemon.core.worktime import BadWindows, NaiveInstant, NoWorkingTime, WorkCalendar

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
HOURS = ((time(8), time(12)), (time(13), time(17, 30)))
SATURDAY = ((time(8), time(12)),)
NIGHT = ((time(0), time(4)), (time(20), time(0)))
WEEK = dict.fromkeys(range(5), HOURS)

# The National Day week of 2026: off from Thursday the 1st to Wednesday the 7th, worked on Saturday the 10th.
FACTORY = WorkCalendar(
    SHANGHAI,
    WEEK,
    days_off=frozenset(date(2026, 10, n) for n in range(1, 8)),
    extra_days={date(2026, 9, 20): None, date(2026, 10, 10): None},
)
WERK = WorkCalendar(BERLIN, WEEK)
NIGHT_SHIFT = WorkCalendar(BERLIN, dict.fromkeys(range(7), NIGHT))
CLOSED = WorkCalendar(SHANGHAI, {})


def at(text, zone=SHANGHAI, fold=0):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone, fold=fold)


def said(instant, zone=SHANGHAI):
    assert instant.tzinfo is UTC
    return f"{instant.astimezone(zone):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        # by the clock, day and night
        ("09-04 17:00", "30min", "09-04 17:30"),
        ("09-04 17:00", "24h", "09-05 17:00"),
        # working minutes and hours: through lunch, the evening, the weekend (Friday the 4th)
        ("09-03 11:45", "30wmin", "09-03 13:15"),
        ("09-03 11:30", "30wmin", "09-03 12:00"),
        ("09-04 17:15", "30wmin", "09-07 08:15"),
        ("09-04 17:30", "30wmin", "09-07 08:30"),
        ("09-04 20:00", "30wmin", "09-07 08:30"),
        ("09-05 10:00", "4wh", "09-07 12:00"),
        ("09-03 10:00", "17wh", "09-07 10:00"),
        ("09-03 12:30", "0wmin", "09-03 13:00"),
        # working days: the same time of day
        ("09-03 10:15", "1wd", "09-04 10:15"),
        ("09-04 10:15", "1wd", "09-07 10:15"),
        ("09-04 18:00", "1wd", "09-08 08:00"),
        ("09-03 12:30", "1wd", "09-04 13:00"),
        ("09-04 03:00", "1wd", "09-07 08:00"),
        ("09-05 10:00", "2wd", "09-09 08:00"),
        ("09-05 10:00", "0wd", "09-07 08:00"),
        ("09-03 10:15", "15wd", "09-23 10:15"),  # with the Sunday of the 20th
        # over National Day
        ("09-30 17:00", "1wd", "10-08 17:00"),
        ("09-30 17:00", "3wd", "10-10 17:00"),
        ("09-30 17:00", "4wd", "10-12 17:00"),
        ("09-30 17:00", "1wh", "10-08 08:30"),
        ("10-02 09:00", "10wd", "10-21 08:00"),
        ("10-09 17:00", "1wh", "10-10 08:30"),
        ("09-18 16:00", "1wd", "09-20 16:00"),
        # calendar days and months stay where they fall
        ("09-04 23:10", "7d", "09-11 23:10"),
        ("09-26 09:00", "7d", "10-03 09:00"),
        ("08-31 09:00", "1mo", "09-30 09:00"),
        ("01-31 09:00", "1mo", "02-28 09:00"),
        ("09-05 09:00", "3mo", "12-05 09:00"),
    ],
)
def test_when_it_is_due(start, duration, due):
    assert said(FACTORY.add(at(start), parse_duration(duration))) == due


@pytest.mark.parametrize(
    ("instant", "opens"),
    [
        ("09-03 08:00", "09-03 08:00"),
        ("09-03 07:59", "09-03 08:00"),
        ("09-03 12:00", "09-03 13:00"),
        ("09-03 17:29", "09-03 17:29"),
        ("09-04 17:30", "09-07 08:00"),
        ("10-01 09:00", "10-08 08:00"),
        ("10-10 09:00", "10-10 09:00"),
        ("10-11 09:00", "10-12 08:00"),
    ],
)
def test_when_people_work_next(instant, opens):
    assert said(FACTORY.next_open(at(instant))) == opens
    assert FACTORY.is_open(at(instant)) == (instant == opens)


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("09-03 08:00", "09-03 17:30", 8.5),
        ("09-03 11:00", "09-03 14:00", 2),
        ("09-03 12:10", "09-03 12:50", 0),
        ("09-04 16:30", "09-07 09:00", 2),
        ("09-30 16:30", "10-08 09:00", 2),
        ("09-28 00:00", "10-12 00:00", 6 * 8.5),
        ("09-07 09:00", "09-04 16:30", -2),
    ],
)
def test_how_much_working_time_lies_between(start, end, hours):
    assert FACTORY.span(at(start), at(end)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    ("start", "end", "fraction", "working", "used"),
    [
        ("09-03 08:00", "09-04 08:00", 0.75, False, "09-04 02:00"),
        ("09-04 08:00", "09-07 17:30", 0.5, True, "09-04 17:30"),
        ("09-04 15:30", "09-07 10:00", 0.75, True, "09-07 09:00"),
        ("09-04 15:30", "09-07 10:00", 1, True, "09-07 10:00"),
        ("09-04 20:00", "09-05 20:00", 0.75, True, "09-05 20:00"),  # nobody works in between
        ("09-05 20:00", "09-04 20:00", 0.75, False, "09-04 20:00"),  # late from the start
    ],
)
def test_when_a_share_of_the_time_is_used(start, end, fraction, working, used):
    assert said(FACTORY.share(at(start), at(end), fraction, working=working)) == used


def test_workdays():
    assert FACTORY.next_workday(date(2026, 9, 30)) == date(2026, 10, 8)
    assert FACTORY.next_workday(date(2026, 10, 9)) == date(2026, 10, 10)
    assert FACTORY.previous_workday(date(2026, 10, 8)) == date(2026, 9, 30)
    assert FACTORY.previous_workday(date(2026, 9, 21)) == date(2026, 9, 20)
    worked = [n for n in range(1, 15) if FACTORY.is_workday(date(2026, 10, n))]
    assert worked == [8, 9, 10, 12, 13, 14]


def test_a_day_begins_and_ends_with_its_windows_and_a_day_off_as_if_it_were_worked():
    for day in (date(2026, 9, 3), date(2026, 10, 3)):
        assert said(FACTORY.start_of_day(day)) == f"{day:%m-%d} 08:00"
        assert said(FACTORY.end_of_day(day)) == f"{day:%m-%d} 17:30"


def test_a_short_saturday_clips_the_time_of_day():
    six_days = WorkCalendar(SHANGHAI, {**WEEK, 5: SATURDAY})
    assert said(six_days.add(at("09-04 16:00"), parse_duration("1wd"))) == "09-05 12:00"
    assert said(six_days.add(at("09-05 09:00"), parse_duration("1wd"))) == "09-07 09:00"
    assert said(six_days.end_of_day(date(2026, 9, 6))) == "09-06 17:30"


def test_an_extra_day_may_have_hours_of_its_own_and_beats_a_day_off():
    day = date(2026, 9, 6)
    inventory = WorkCalendar(SHANGHAI, WEEK, frozenset({day}), {day: SATURDAY})
    assert said(inventory.add(at("09-04 16:30"), parse_duration("6wh"))) == "09-07 09:00"
    assert not WorkCalendar(SHANGHAI, WEEK, extra_days={date(2026, 9, 4): ()}).is_workday(date(2026, 9, 4))


@pytest.mark.parametrize(
    ("start", "duration", "due"),
    [
        # forward in the night to Sunday 29 March, back in the night to Sunday 25 October
        ("03-27 10:00", "1wd", "03-30 10:00"),
        ("03-27 17:00", "1wh", "03-30 08:30"),
        ("03-28 10:00", "24h", "03-29 11:00"),
        ("03-28 10:00", "1d", "03-29 10:00"),
        ("03-28 02:30", "1d", "03-29 03:30"),  # 02:30 does not exist
        ("10-23 10:00", "1wd", "10-26 10:00"),
        ("10-24 10:00", "24h", "10-25 09:00"),
        ("10-24 02:30", "1d", "10-25 02:30"),
    ],
)
def test_summer_time(start, duration, due):
    assert said(WERK.add(at(start, BERLIN), parse_duration(duration)), BERLIN) == due


def test_a_time_that_comes_twice_means_the_first_one_unless_it_was_the_second():
    due = WERK.add(at("10-24 02:30", BERLIN), parse_duration("1d"))
    assert due == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)
    second = at("10-25 02:30", BERLIN, fold=1)
    assert WERK.add(second, parse_duration("0d")) == datetime(2026, 10, 25, 1, 30, tzinfo=UTC)


def test_a_night_shift_is_as_long_as_it_really_was():
    def worked(day):
        return NIGHT_SHIFT.span(at(f"{day} 00:00", BERLIN), at(f"{day} 12:00", BERLIN))

    assert [worked(day) // timedelta(hours=1) for day in ("03-28", "03-29", "10-25")] == [4, 3, 5]


def test_the_night_shift_works_past_midnight():
    assert NIGHT_SHIFT.is_open(at("06-10 23:59", BERLIN))
    assert said(NIGHT_SHIFT.add(at("06-10 23:00", BERLIN), parse_duration("2wh")), BERLIN) == "06-11 01:00"
    assert said(NIGHT_SHIFT.end_of_day(date(2026, 6, 10)), BERLIN) == "06-11 00:00"


def test_windows_that_meet_where_the_clock_is_put_forward_do_not_count_twice():
    windows = ((time(1), time(2, 30)), (time(2, 40), time(3, 20)), (time(3, 30), time(5)))
    shifts = WorkCalendar(BERLIN, dict.fromkeys(range(7), windows))
    start, end = at("03-29 00:00", BERLIN), at("03-30 00:00", BERLIN)
    assert shifts.span(start, end) == timedelta(hours=3)
    assert shifts.span(at("03-28 00:00", BERLIN), start) == timedelta(hours=3, minutes=40)
    assert shifts.is_open(shifts.next_open(at("03-29 03:30", BERLIN)))


def test_a_window_that_the_clock_skips_is_empty():
    shifts = WorkCalendar(BERLIN, dict.fromkeys(range(7), ((time(2), time(3)),)))
    assert said(shifts.add(at("03-28 02:30", BERLIN), parse_duration("1wh")), BERLIN) == "03-30 02:30"
    assert said(shifts.next_open(at("03-29 00:00", BERLIN)), BERLIN) == "03-30 02:00"


@pytest.mark.parametrize("duration", ["1wmin", "1wh", "1wd", "0wd"])
def test_a_calendar_without_working_time_says_so(duration):
    with pytest.raises(NoWorkingTime, match=r"2026-09-04: look at .* config\.toml"):
        CLOSED.add(at("09-04 10:00"), parse_duration(duration))


def test_without_working_time_the_clock_still_runs():
    assert said(CLOSED.add(at("09-04 10:00"), parse_duration("2h"))) == "09-04 12:00"
    assert CLOSED.span(at("01-01 00:00"), at("12-31 00:00")) == timedelta()
    for question in (CLOSED.next_workday, CLOSED.previous_workday, CLOSED.start_of_day, CLOSED.end_of_day):
        with pytest.raises(NoWorkingTime):
            question(date(2026, 9, 4))


def test_a_time_without_zone_is_refused():
    naive = datetime(2026, 9, 4, 10)  # noqa: DTZ001
    for question in (FACTORY.is_open, FACTORY.next_open, lambda t: FACTORY.add(t, parse_duration("1h"))):
        with pytest.raises(NaiveInstant, match="2026-09-04T10:00:00"):
            question(naive)


@pytest.mark.parametrize(
    "windows",
    [
        ((time(12), time(8)),),
        ((time(8), time(8)),),
        ((time(13), time(17)), (time(8), time(12))),
        ((time(8), time(12)), (time(11), time(17))),
        ((time(20), time(0)), (time(0), time(4))),
    ],
)
def test_disordered_windows_are_refused(windows):
    with pytest.raises(BadWindows, match=f"{windows[0][0]:%H:%M}-{windows[0][1]:%H:%M}"):
        WorkCalendar(SHANGHAI, {0: windows})
    with pytest.raises(BadWindows):
        WorkCalendar(SHANGHAI, {}, extra_days={date(2026, 9, 6): windows})


# ── whatever the hours ───────────────────────────────────────────────────────────────────────────────────────────────

INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
CALENDARS = st.sampled_from([FACTORY, WERK, NIGHT_SHIFT])
LENGTHS = {Unit.WMIN: timedelta(minutes=1), Unit.WH: timedelta(hours=1)}
WORKING = st.builds(Duration, st.integers(0, 200), st.sampled_from([Unit.WMIN, Unit.WH, Unit.WD]))


def in_or_at_the_end_of_working_time(calendar, instant):
    return calendar.is_open(instant) or calendar.is_open(instant - timedelta(microseconds=1))


@given(CALENDARS, INSTANTS, st.integers(0, 2000), st.sampled_from(sorted(LENGTHS)))
def test_measuring_gives_what_was_added(calendar, start, amount, unit):
    due = calendar.add(start, Duration(amount, unit))
    assert calendar.span(start, due) == LENGTHS[unit] * amount


@given(CALENDARS, INSTANTS, WORKING)
def test_working_units_are_never_due_outside_working_time(calendar, start, duration):
    due = calendar.add(start, duration)
    assert due >= start
    assert in_or_at_the_end_of_working_time(calendar, due)


@given(CALENDARS, INSTANTS, st.integers(0, 100), st.sampled_from(Unit))
def test_more_time_is_never_due_earlier(calendar, start, amount, unit):
    assert calendar.add(start, Duration(amount, unit)) <= calendar.add(start, Duration(amount + 1, unit))


@given(INSTANTS, INSTANTS, st.integers(0, 100), st.sampled_from(Unit))
def test_a_later_start_is_never_due_earlier(one, other, amount, unit):
    duration = Duration(amount, unit)
    assert FACTORY.add(min(one, other), duration) <= FACTORY.add(max(one, other), duration)


@given(CALENDARS, INSTANTS, st.integers(0, 50))
def test_working_days_count_workdays(calendar, start, amount):
    opened = calendar.next_open(start).astimezone(calendar.zone).date()
    due = calendar.add(start, Duration(amount, Unit.WD)) - timedelta(microseconds=1)
    days = (due.astimezone(calendar.zone).date() - opened).days
    passed = sum(calendar.is_workday(opened + timedelta(days=n)) for n in range(1, days + 1))
    # What is due at 00:00 was taken one microsecond into the day before.
    assert passed in {amount, amount - 1}


@given(CALENDARS, INSTANTS, INSTANTS, INSTANTS)
def test_spans_add_up(calendar, one, two, three):
    assert calendar.span(one, two) + calendar.span(two, three) == calendar.span(one, three)
    assert calendar.span(one, two) == -calendar.span(two, one)


@given(CALENDARS, INSTANTS, INSTANTS)
def test_working_time_is_never_longer_than_time(calendar, one, two):
    start, end = sorted((one, two))
    assert timedelta() <= calendar.span(start, end) <= end - start


@given(CALENDARS, INSTANTS, INSTANTS, st.floats(0, 1), st.booleans())
def test_a_share_lies_in_between(calendar, one, two, fraction, working):
    start, end = sorted((one, two))
    used = calendar.share(start, end, fraction, working=working)
    assert start <= used <= end
    if working and (total := calendar.span(start, end)):
        assert calendar.span(start, used) == total * fraction


@given(CALENDARS, INSTANTS)
def test_the_next_opening_is_open_and_nothing_was_worked_before_it(calendar, instant):
    opened = calendar.next_open(instant)
    assert calendar.is_open(opened)
    assert calendar.span(instant, opened) == timedelta()
    assert calendar.next_open(opened) == opened


@given(CALENDARS, st.dates(date(2026, 1, 1), date(2027, 1, 1)))
def test_neighbouring_workdays_point_at_each_other(calendar, day):
    later = calendar.next_workday(day)
    assert day < later
    assert calendar.is_workday(later)
    assert calendar.previous_workday(later) <= day
