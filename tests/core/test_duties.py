"""When calendar duties are due: pure, and for calendars of all shapes."""

from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.core.days import parse_day
from daemon.core.duties import Done, coming, duties_due, key_of, latest, span_of
from daemon.core.process.duty import Duty, Listed
from tests.core.calendars import calendars, instants
from tests.core.play import CALENDAR, SHANGHAI

DAYS = (
    "4th of month",
    "5th of month, after",
    "end of month",
    "quarter end, after",
    "year end",
    "friday",
    "monday, after",
)


def duty(*on, ahead=0):
    return Duty(id="one", title={"en": "one"}, on=list(on), to="general_manager", ahead=ahead)


def moment(text):
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


def local(instant):
    return instant.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


@pytest.mark.parametrize(
    ("on", "now", "named", "goes_out", "due_at"),
    [  # National Day 2026: 1 to 7 October off, Saturday the 10th worked; Spring Festival: 15 to 23 February off
        ("4th of month", "2026-11-04 07:59", (10, 4), "09-30 08:00", "09-30 17:30"),
        ("4th of month", "2026-11-04 08:00", (11, 4), "11-04 08:00", "11-04 17:30"),
        ("4th of month", "2026-09-30 08:00", (10, 4), "09-30 08:00", "09-30 17:30"),
        ("5th of month, after", "2026-10-08 08:00", (10, 5), "10-08 08:00", "10-08 17:30"),
        ("5th of month, after", "2026-10-08 07:59", (9, 5), "09-07 08:00", "09-07 17:30"),
        ("thursday", "2026-10-02 12:00", (10, 1), "09-30 08:00", "09-30 17:30"),
        ("saturday", "2026-10-10 09:00", (10, 10), "10-10 08:00", "10-10 17:30"),
        ("thursday", "2026-02-16 12:00", (2, 19), "02-14 08:00", "02-14 17:30"),
        ("friday, after", "2026-02-24 08:00", (2, 20), "02-24 08:00", "02-24 17:30"),
        ("end of month", "2026-02-28 08:00", (2, 28), "02-28 08:00", "02-28 17:30"),
        ("year end", "2026-12-31 08:00", (12, 31), "12-31 08:00", "12-31 17:30"),
    ],
)
def test_a_day_off_moves(on, now, named, goes_out, due_at):
    turn = latest(duty(on), parse_day(on), CALENDAR, moment(now))
    assert turn.named == date(2026, *named)
    assert (local(turn.goes_out), local(turn.due_at)) == (goes_out, due_at)


def test_mails_may_go_out_workdays_ahead():
    one = duty("10th of month, after", ahead=2)
    turn = latest(one, one.on[0], CALENDAR, moment("2026-10-09 12:00"))
    assert (turn.day, local(turn.goes_out), local(turn.due_at)) == (date(2026, 10, 10), "10-08 08:00", "10-10 17:30")
    assert coming(one, one.on[0], CALENDAR, moment("2026-10-09 12:00")).day == date(2026, 11, 10)


def test_a_new_duty_is_noted_and_begins_with_its_next_day():
    one, now = duty("4th of month"), moment("2026-11-20 12:00")
    (turn,) = duties_due([one], CALENDAR, {}, now)
    assert turn.last is None
    done = {turn.key: Done(turn.period, now)}
    assert duties_due([one], CALENDAR, done, moment("2026-12-04 07:59")) == ()
    (turn,) = duties_due([one], CALENDAR, done, moment("2026-12-04 08:00"))
    assert turn.period == "2026-12-04"


def test_of_several_missed_turns_the_newest_is_due_and_late():
    one = duty("friday")
    done = {key_of(one, one.on[0]): Done("2026-11-06", moment("2026-11-06 08:00"))}
    (turn,) = duties_due([one], CALENDAR, done, moment("2026-12-08 09:00"))
    assert turn.period == "2026-12-04"
    assert turn.is_late(moment("2026-12-08 09:00"))
    assert not turn.is_late(moment("2026-12-04 17:30"))


def test_a_duty_that_is_off_is_never_due():
    assert duties_due([duty()], CALENDAR, {}, moment("2026-11-20 12:00")) == ()


@pytest.mark.parametrize(
    ("on", "which", "start", "end"),
    [
        ("5th of month, after", "last period", "2026-09-01 00:00", "2026-10-01 00:00"),
        ("5th of month, after", "this period", "2026-10-01 00:00", "2026-11-01 00:00"),
        ("quarter end", "this period", "2026-07-01 00:00", "2026-10-01 00:00"),
        ("year end", "last period", "2024-01-01 00:00", "2025-01-01 00:00"),
        ("friday", "last period", "2026-09-28 00:00", "2026-10-05 00:00"),
        ("friday", "since last time", "2026-09-30 08:10", "2026-10-09 08:00"),
    ],
)
def test_the_time_that_a_turn_covers(on, which, start, end):
    one, now = duty(on), moment("2026-10-09 08:00")
    last = Done("2026-10-02", moment("2026-09-30 08:10"))
    span = span_of(latest(one, one.on[0], CALENDAR, now, last), Listed(are="closed", **{"in": which}), now, CALENDAR)
    assert (span.start, span.end) == (moment(start), moment(end))
    assert (span.holds(span.start), span.holds(span.end), span.holds(None)) == (True, False, False)


def test_open_cases_belong_to_no_time_unless_the_profile_says_so():
    one, now = duty("friday"), moment("2026-10-09 08:00")
    assert span_of(latest(one, one.on[0], CALENDAR, now), Listed(are="open"), now, CALENDAR) is None


@given(
    calendar=calendars(),
    start=instants(),
    on=st.sampled_from(DAYS),
    ahead=st.integers(0, 3),
    steps=st.lists(st.integers(1, 60 * 24 * 20), min_size=1, max_size=40),
)
def test_once_a_period_on_a_workday_however_often_it_is_asked(calendar, start, on, ahead, steps):
    one = duty(on, ahead=ahead)
    done: dict[str, Done] = {}
    made = []
    now = start
    for minutes in steps:
        for turn in duties_due([one], calendar, done, now):
            assert turn.goes_out <= now
            assert calendar.is_workday(turn.day)
            assert calendar.is_open(turn.goes_out) or turn.last is None
            made.append(turn.period)
            done[turn.key] = Done(turn.period, now)
        assert duties_due([one], calendar, done, now) == (), "asked again at once, nothing is due"
        now += timedelta(minutes=minutes)
    assert made == sorted(set(made)), "each period once, in the order of time"


@given(calendar=calendars(), start=instants(), on=st.sampled_from(DAYS))
def test_no_turn_is_left_out_by_a_daemon_that_never_sleeps(calendar, start, on):
    one = duty(on)
    first = latest(one, one.on[0], calendar, start)
    done, now, made = {first.key: Done(first.period, start)}, start, []
    for _ in range(5):
        now = coming(one, one.on[0], calendar, now).goes_out
        (turn,) = duties_due([one], calendar, done, now)
        assert not turn.is_late(now)
        made.append(turn)
        done[turn.key] = Done(turn.period, now)
    assert all(before.goes_out < after.goes_out for before, after in pairwise(made))
