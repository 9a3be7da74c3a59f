"""Cases that people kept before the daemon came begin where they left them."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from daemon.core.case import Fact, Status
from daemon.core.commands import Register, Reopen, TakeOver
from daemon.core.decide import decide
from daemon.core.evolve import evolve, replay
from daemon.core.ladder import due
from tests.cast import CHEN
from tests.core.play import Play, at

ROW = Register(UUID(int=9), "2603017", "p" * 64, {"customer": Fact("远景汽车")}, received_at=at("03-02 09:00"))


def taken_over(status, **more):
    return replay(decide(None, TakeOver(ROW, status, **more), Play().context()))


@pytest.mark.parametrize("status", [one for one in Status if one not in (Status.CLOSED, Status.CANCELLED)])
def test_an_open_case_stands_where_people_left_it(status):
    case = taken_over(status, reason="等客户寄样品")
    assert case.status is status
    assert case.number == "2603017"
    assert case.is_open


@pytest.mark.parametrize("status", [Status.CLOSED, Status.CANCELLED])
def test_a_case_that_had_ended_keeps_its_day_and_waits_for_nothing(status):
    day = at("04-02 10:00")
    case = taken_over(status, closed_at=day)
    assert (case.status, case.closed_at, case.open_tasks) == (status, day, ())


def test_what_was_written_down_is_kept_as_sections():
    case = taken_over(Status.WORKING, sections={"d3.containment": "隔离库存 500 件"})
    assert case.section("d3.containment") == "隔离库存 500 件"


def test_what_was_late_keeps_its_day_and_is_asked_for_once_by_its_owners_alone():
    play = Play()
    case, context = taken_over(Status.WORKING, due_at=at("04-02 10:00")), play.context()
    state = case.state(case.open_steps[0])
    assert state.due_at == at("04-02 10:00")
    assert state.asks_at > context.now
    assert due(case, context.process, context.calendars, context.now) == ()
    asked = due(case, context.process, context.calendars, state.asks_at + timedelta(days=90))
    assert {(one.step, one.to, one.template) for one in asked} == {(k, ("owner",), "reminder") for k in case.open_steps}
    for one in asked:
        for event in decide(case, one, context):
            case = evolve(case, event)
    assert due(case, context.process, context.calendars, state.asks_at + timedelta(days=90)) == ()


def test_a_case_that_had_ended_says_what_its_row_said_until_it_begins_anew():
    found = {"due_at": "2026-03-12T09:00:00+08:00", "closed_at": None}
    case = taken_over(Status.CLOSED, found=found)
    assert case.found == found
    for event in decide(case, Reopen("又发生了"), Play().context(CHEN)):
        case = evolve(case, event)
    assert case.is_open
    assert case.found == {}
