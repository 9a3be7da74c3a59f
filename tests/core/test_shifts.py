"""Shifts past midnight, hours that differ by weekday, days of the calendar and pauses; then whatever the hours."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from daemon.core.durations import Duration, Unit
from daemon.core.pauses import Pause, pauses_in
from daemon.core.terms import CalendarDay, Moves, Period, parse_term
from daemon.core.windows import BadWindows
from daemon.core.worktime import WorkCalendar
from tests.core.calendars import (
    BERLIN,
    DAY,
    EVENING_TO_EARLY,
    MORNING,
    SHANGHAI,
    THREE_SHIFTS,
    calendars,
    instants,
    pauses,
)

NIGHTS = WorkCalendar(SHANGHAI, dict.fromkeys(range(5), ((time(22), time(2)),)))
WEEKNIGHTS = WorkCalendar(SHANGHAI, dict.fromkeys(range(5), EVENING_TO_EARLY))
SIX_DAYS = WorkCalendar(SHANGHAI, {**dict.fromkeys(range(5), DAY), 5: MORNING})
ROUND_THE_CLOCK = WorkCalendar(SHANGHAI, dict.fromkeys(range(7), THREE_SHIFTS))
OFFICE = WorkCalendar(
    SHANGHAI,
    dict.fromkeys(range(5), DAY),
    days_off=frozenset(date(2026, 10, n) for n in range(1, 8)),
    extra_days={date(2026, 10, 10): None},
)


def at(text, zone=SHANGHAI):
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=zone)


def said(instant, zone=SHANGHAI):
    return f"{instant.astimezone(zone):%m-%d %H:%M}"


@pytest.mark.parametrize(
    ("calendar", "start", "term", "due"),
    [
        # The shift of Friday the 4th of September goes on to Saturday at 06:00, and is Friday's work.
        (WEEKNIGHTS, "09-04 23:00", "4wh", "09-05 03:00"),
        (WEEKNIGHTS, "09-04 21:00", "2wh", "09-04 23:30"),
        (WEEKNIGHTS, "09-05 05:00", "2wh", "09-07 19:00"),
        (WEEKNIGHTS, "09-05 05:00", "1wd", "09-08 05:00"),
        (WEEKNIGHTS, "09-05 07:00", "1wd", "09-08 18:00"),
        (WEEKNIGHTS, "09-03 02:00", "1wd", "09-04 02:00"),
        (NIGHTS, "09-05 01:00", "90wmin", "09-07 22:30"),
        (ROUND_THE_CLOCK, "09-05 21:00", "24wh", "09-06 21:00"),
        (ROUND_THE_CLOCK, "09-05 03:00", "2wd", "09-07 03:00"),
        # Saturdays are short.
        (SIX_DAYS, "09-04 16:30", "2wh", "09-05 09:00"),
        (SIX_DAYS, "09-04 16:30", "1wd", "09-05 12:00"),
        (SIX_DAYS, "09-05 11:00", "2wh", "09-07 09:00"),
    ],
)
def test_shifts_and_weekdays_with_hours_of_their_own(calendar, start, term, due):
    assert said(calendar.add(at(start), parse_term(term))) == due


def test_the_end_of_a_shift_is_open_until_then_and_the_weekend_is_not():
    assert WEEKNIGHTS.is_open(at("09-05 05:59"))
    assert not WEEKNIGHTS.is_open(at("09-05 06:00"))
    assert not WEEKNIGHTS.is_open(at("09-05 18:30"))
    assert said(WEEKNIGHTS.next_open(at("09-05 06:00"))) == "09-07 18:00"
    assert said(WEEKNIGHTS.end_of_day(date(2026, 9, 4))) == "09-05 06:00"
    assert not WEEKNIGHTS.is_open(at("09-07 05:00")), "nobody began work on Sunday evening"


@pytest.mark.parametrize(("day", "hours"), [("03-28", 10.5), ("10-24", 12.5), ("06-13", 11.5)])
def test_a_night_in_which_the_clock_is_changed_is_as_long_as_it_really_was(day, hours):
    nights = WorkCalendar(BERLIN, dict.fromkeys(range(7), EVENING_TO_EARLY))
    noon = at(f"{day} 12:00", BERLIN)
    assert nights.span(noon, noon + timedelta(hours=20)) == timedelta(hours=hours)


@pytest.mark.parametrize(
    "week",
    [
        {0: ((time(22), time(9)),), 1: DAY},  # Tuesday's hours begin before Monday's night ends
        {6: ((time(22), time(9)),), 0: DAY},
        {0: ((time(12), time(11)),)},  # 23 hours: written the wrong way round
        {0: ((time(22), time(6)), (time(23), time(0)))},
    ],
)
def test_shifts_that_run_into_each_other_are_refused(week):
    with pytest.raises(BadWindows, match="past midnight"):
        WorkCalendar(SHANGHAI, week)


def test_a_night_before_an_extra_day_that_begins_early_ends_where_that_begins_no_minute_twice():
    busy = WorkCalendar(SHANGHAI, {4: EVENING_TO_EARLY}, extra_days={date(2026, 9, 5): ((time(4), time(8)),)})
    assert busy.span(at("09-04 12:00"), at("09-05 12:00")) == timedelta(hours=13.5)


# ── days of the calendar ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("start", "term", "due"),
    [
        ("09-04 10:00", "4th of next month", "09-30 17:30"),  # the 4th of October is a holiday
        ("09-04 10:00", "4th of next month, after", "10-08 17:30"),
        ("08-04 10:00", "5th of next month", "09-04 17:30"),  # a Saturday
        ("08-04 10:00", "5th of next month, after", "09-07 17:30"),
        ("09-04 10:00", "10th of next month", "10-10 17:30"),  # a Saturday worked
        ("09-04 10:00", "end of month", "09-30 17:30"),
        ("09-04 10:00", "end of day", "09-04 17:30"),
        ("09-04 17:30", "end of day", "09-07 17:30"),  # a Friday, and its work was over
        ("09-06 10:00", "end of day", "09-07 17:30"),
        ("09-30 17:29", "end of month", "09-30 17:30"),
        ("09-30 17:30", "end of month", "10-30 17:30"),  # the 31st is a Saturday
        ("10-30 18:00", "end of month", "11-02 17:30"),  # it moved to an hour that was over
        ("10-31 09:00", "month end, after", "11-02 17:30"),
        ("10-31 09:00", "1st of next month", "11-02 17:30"),
        ("01-31 09:00", "31st of next month", "02-27 17:30"),
        ("08-04 10:00", "quarter end", "09-30 17:30"),
        ("08-04 10:00", "end of next quarter", "12-31 17:30"),
        ("08-04 10:00", "10th of next quarter, after", "10-10 17:30"),
        ("08-04 10:00", "half-year end", "12-31 17:30"),
        ("08-04 10:00", "year end", "12-31 17:30"),
        ("08-04 10:00", "2nd of month", "09-02 17:30"),  # this month's is over
        ("08-04 10:00", "20th of month", "08-20 17:30"),
    ],
)
def test_due_on_a_day_of_the_calendar(start, term, due):
    assert said(OFFICE.add(at(start), parse_term(term))) == due


DAYS = st.builds(
    CalendarDay, st.sampled_from(Period), st.integers(0, 31), st.booleans(), st.sampled_from(Moves)
)  # fmt: skip


@given(calendars(), instants(), instants(), DAYS)
def test_a_day_of_the_calendar_comes_after_its_start_at_the_end_of_work_and_never_earlier_for_a_later_start(
    calendar, one, other, term
):
    first, second = sorted((one, other))
    due = calendar.add(first, term)
    assert due > first
    assert calendar.is_open(due - timedelta(microseconds=1))
    assert due <= calendar.add(second, term)


# ── pauses ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_pauses_are_read_from_the_history():
    history = [
        (at("09-01 09:00"), False),
        (at("09-02 09:00"), True),
        (at("09-02 10:00"), True),
        (at("09-03 09:00"), False),
        (at("09-04 09:00"), True),
    ]
    now = at("09-07 09:00")
    assert pauses_in(history, now) == (Pause(history[1][0], history[3][0]), Pause(history[4][0], now))
    assert pauses_in(history[:4], now) == (Pause(history[1][0], history[3][0]),)
    assert pauses_in((), now) == ()


@pytest.mark.parametrize(
    ("start", "term", "held", "due"),
    [
        ("09-03 10:00", "3wh", [("09-03 11:00", "09-03 15:00")], "09-03 17:00"),
        ("09-03 10:00", "3wh", [("09-03 18:00", "09-04 06:00")], "09-03 14:00"),  # after it was due
        ("09-03 10:00", "3wh", [("09-02 10:00", "09-03 11:00")], "09-03 15:00"),  # an hour of it since the start
        ("09-03 10:00", "1wd", [("09-03 16:30", "09-04 09:00")], "09-04 12:00"),
        ("09-03 10:00", "24h", [("09-03 16:00", "09-04 08:00")], "09-05 02:00"),
        ("09-03 10:00", "1d", [("09-03 16:00", "09-04 08:00"), ("09-04 09:00", "09-04 10:00")], "09-05 03:00"),
        ("09-03 10:00", "3wh", [("09-03 11:00", "09-03 15:00"), ("09-03 16:00", "09-03 17:00")], "09-04 08:30"),
        ("09-03 10:00", "3wh", [("09-03 12:00", "09-03 13:00")], "09-03 14:00"),  # nobody works then
        ("09-03 10:00", "end of month", [("09-03 11:00", "09-29 15:00")], "09-30 17:30"),
    ],
)
def test_a_pause_puts_off_what_is_due(start, term, held, due):
    stood = [Pause(at(begin), at(end)) for begin, end in held]
    assert said(OFFICE.add(at(start), parse_term(term), stood)) == due


@given(calendars(), instants(), st.integers(0, 300), st.sampled_from(Unit), pauses())
def test_pauses_put_off_by_exactly_the_time_that_they_took(calendar, start, amount, unit, stood):
    term = Duration(amount, unit)
    plain, due = calendar.add(start, term), calendar.add(start, term, stood)
    assert due >= plain
    assert calendar.used(start, due, stood, working=term.is_working) == calendar.used(
        start, plain, working=term.is_working
    )
    if term.is_working:
        assert due == plain or calendar.is_open(due - timedelta(microseconds=1))


@given(calendars(), instants(), st.integers(0, 100), st.sampled_from(Unit), pauses())
def test_pauses_in_any_order_and_cut_in_two_are_the_same(calendar, start, amount, unit, stood):
    halves = [Pause(one.start, one.start + (one.end - one.start) / 2) for one in stood]
    halves += [Pause(half.end, one.end) for half, one in zip(halves, stood, strict=True)]
    assert calendar.add(start, Duration(amount, unit), halves[::-1]) == calendar.add(
        start, Duration(amount, unit), stood
    )


# ── whatever the hours ───────────────────────────────────────────────────────────────────────────────────────────────

EXACT = {Unit.WMIN: timedelta(minutes=1), Unit.WH: timedelta(hours=1)}


@given(calendars(), instants(), st.integers(0, 2000), st.sampled_from(sorted(EXACT)))
def test_measuring_gives_what_was_added(calendar, start, amount, unit):
    assert calendar.span(start, calendar.add(start, Duration(amount, unit))) == EXACT[unit] * amount


@given(calendars(), instants(), st.integers(0, 100), st.sampled_from([Unit.WMIN, Unit.WH, Unit.WD]))
def test_working_units_are_never_due_outside_working_time(calendar, start, amount, unit):
    due = calendar.add(start, Duration(amount, unit))
    assert due >= start
    assert calendar.is_open(due) or calendar.is_open(due - timedelta(microseconds=1))


@given(calendars(), instants(), instants(), st.integers(0, 60), st.sampled_from(Unit))
def test_more_time_or_a_later_start_is_never_due_earlier(calendar, one, other, amount, unit):
    first, second = sorted((one, other))
    due = calendar.add(first, Duration(amount, unit))
    assert due <= calendar.add(first, Duration(amount + 1, unit))
    later = calendar.add(second, Duration(amount, unit))
    if unit is Unit.MO:  # of a month that has no such day it is the last day, at the hour of the start
        due, later = (each.astimezone(calendar.zone).date() for each in (due, later))
    assert due <= later


@given(calendars(), instants())
def test_the_next_opening_is_open_and_nothing_was_worked_before_it(calendar, moment):
    opened = calendar.next_open(moment)
    assert calendar.is_open(opened)
    assert calendar.span(moment, opened) == timedelta()
    assert opened.tzinfo is UTC


@given(calendars(), instants(), instants(), instants())
def test_spans_add_up_and_are_never_longer_than_the_time(calendar, one, two, three):
    assert calendar.span(one, two) + calendar.span(two, three) == calendar.span(one, three)
    assert abs(calendar.span(one, two)) <= abs(two - one)


@given(calendars(), instants(), instants(), st.floats(0, 1))
def test_a_share_of_the_time_is_that_share(calendar, one, other, fraction):
    start, end = sorted((one, other))
    assume(calendar.span(start, end))
    used = calendar.share(start, end, fraction, working=True)
    assert start <= used <= end
    assert abs(calendar.span(start, used) - calendar.span(start, end) * fraction) <= timedelta(microseconds=1)
