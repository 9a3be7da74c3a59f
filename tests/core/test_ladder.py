from datetime import datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.commands import Acknowledge, Choose, Give
from daemon.core.ladder import due, next_due_at, waiting
from tests.cast import PRODUCTION, WANG
from tests.core.play import CALENDAR, CALENDARS, PROCESS, Play, at, local, registered, registering, to_confirm

MINUTE = timedelta(minutes=1)


def rungs(case, step):
    found = waiting(case, PROCESS.steps[step], PROCESS, CALENDARS)
    return [(one.id, local(one.at), one.rung.template) for one in found]


@pytest.mark.parametrize(
    ("severity", "expected"),
    [
        (
            "一般",  # due after 1wd: too short to be reminded before
            [
                ("1.0", "11-03 09:00", "reminder"),
                ("2.0", "11-04 09:00", "escalation"),
                ("3.0", "11-06 09:00", "escalation"),
            ],
        ),
        (
            "重要",  # due after 4wh
            [
                ("1.0", "11-02 14:00", "escalation"),
                ("2.0", "11-03 14:00", "escalation"),
                ("3.0", "11-04 14:00", "escalation"),
            ],
        ),
        (
            "重大",  # due after 2h by the clock, day and night
            [
                ("0.0", "11-02 10:30", "reminder"),
                ("1.0", "11-02 11:00", "escalation"),
                ("2.0", "11-02 15:00", "escalation"),
                ("2.1", "11-02 19:00", "escalation"),
                ("2.2", "11-02 23:00", "escalation"),
                ("2.3", "11-03 03:00", "escalation"),
                ("2.4", "11-03 07:00", "escalation"),
                ("2.5", "11-03 11:00", "escalation"),
            ],
        ),
    ],
)
def test_the_rungs_of_each_grade_at_their_instants(severity, expected):
    assert rungs(registered(severity).case, "team") == expected


def test_only_a_step_that_takes_longer_is_reminded_before_it_is_due():
    play = registered()
    play.must(Give({"d3.containment": "已隔离"}), PRODUCTION)
    assert rungs(play.case, "cause")[:2] == [("0.0", "11-05 16:22:30", "reminder"), ("1.0", "11-09 09:00", "reminder")]
    assert rungs(registered().case, "team")[0][0] == "1.0"


def test_who_answers_before_work_begins_is_not_reminded():
    play = registered().at("11-07 10:00")  # a Saturday; all was due on Tuesday, and the daemon was down
    assert not due(play.case, PROCESS, CALENDARS, play.now)
    assert local(next_due_at(play.case, PROCESS, CALENDARS, play.now)) == "11-09 08:00"
    play.must(Acknowledge(("team",)), PRODUCTION)
    play.at("11-09 08:00")
    assert reminders_of(play, "containment")
    assert not reminders_of(play, "team")


def test_the_customer_is_asked_again_and_never_pressed():
    play = to_confirm()
    assert rungs(play.case, "confirm") == [
        ("0.0", "11-09 09:00", "ask_again"),
        ("1.0", "11-16 09:00", "silence"),
        ("1.1", "11-23 09:00", "silence"),
        ("1.2", "11-30 09:00", "silence"),
    ]


def reminders_of(play, step):
    return [one for one in due(play.case, PROCESS, CALENDARS, play.now) if one.step == step]


def test_a_rung_is_reached_once():
    play = registered().at("11-03 09:00")
    (reminder,) = reminders_of(play, "team")
    assert (reminder.rungs, reminder.to) == (("1.0",), ("owner",))
    play.must(reminder)
    assert not reminders_of(play, "team")
    assert rungs(play.case, "team")[0][0] == "2.0"


def test_after_downtime_only_the_highest_rung_speaks():
    play = registered().at("11-20 10:00")
    (reminder,) = reminders_of(play, "team")
    assert reminder.rungs == ("1.0", "2.0", "3.0")
    assert (reminder.template, reminder.to) == ("escalation", ("owner_manager", "quality_director"))
    play.must(reminder)
    assert not rungs(play.case, "team")


@pytest.mark.parametrize(
    ("severity", "begun", "first"),
    [
        ("一般", "11-06 17:00", "11-09 08:00"),  # a Friday evening: 30 working minutes are over on Friday at 17:30
        ("重大", "11-06 17:00", "11-06 17:22:30"),
        ("重大", "11-07 23:00", "11-07 23:22:30"),
        ("一般", "11-07 23:00", "11-09 08:30"),
    ],
)
def test_outside_working_time_a_reminder_waits_unless_the_case_is_critical(severity, begun, first):
    play = Play(now=at(begun))
    play.must(registering(severity))
    found = [local(one.at) for one in waiting(play.case, PROCESS.steps["emergency"], PROCESS, CALENDARS)]
    assert first in found
    assert severity == "重大" or all(CALENDAR.is_open(at(one[:11])) for one in found)


def test_a_step_that_is_done_and_a_closed_case_ask_for_nothing():
    play = registered()
    play.must(Acknowledge(("team",)), PRODUCTION)
    play.at("11-20 10:00")
    assert not reminders_of(play, "team")
    play.must(Choose("verify", "unfounded", "合格"), WANG)
    assert next_due_at(play.case, PROCESS, CALENDARS) is None
    assert due(play.case, PROCESS, CALENDARS, play.now) == ()


GRADES = st.sampled_from(("一般", "重要", "重大"))
BEGINNINGS = st.datetimes(datetime(2026, 11, 1), datetime(2026, 12, 31)).map(  # noqa: DTZ001  the zone comes next
    lambda naive: naive.replace(tzinfo=at("11-02 09:00").tzinfo, microsecond=0)
)


@settings(max_examples=40, deadline=None)
@given(GRADES, BEGINNINGS)
def test_what_comes_next_is_what_is_due_then(severity, begun):
    play = Play(now=begun)
    play.must(registering(severity))
    for _ in range(40):
        then = next_due_at(play.case, PROCESS, CALENDARS)
        if then is None:
            break
        assert not due(play.case, PROCESS, CALENDARS, then - timedelta(seconds=1))
        assert due(play.case, PROCESS, CALENDARS, then)
        play.now = max(then, play.now)
        for reminder in due(play.case, PROCESS, CALENDARS, play.now):
            play.must(reminder)
    fired = [rung for state in play.case.steps.values() for rung in state.fired]
    assert next_due_at(play.case, PROCESS, CALENDARS) is None, "every ladder has an end"
    assert fired
    assert play.case.id == UUID(int=1)
