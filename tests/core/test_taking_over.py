"""Cases that people kept before the daemon came begin where they left them."""

from __future__ import annotations

from uuid import UUID

import pytest

from daemon.core.case import Fact, Status
from daemon.core.commands import Register, TakeOver
from daemon.core.decide import decide
from daemon.core.evolve import replay
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
