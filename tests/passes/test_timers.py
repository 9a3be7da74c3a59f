import logging

import pytest

import daemon.passes.timers
from tests.cast import LI
from tests.scenarios.letters import FORM, SLIGHT


def complain(desk, subject):
    desk.mail(f"李娜 <{LI}>", subject, FORM.format(bad=30, symptom=SLIGHT))


@pytest.fixture
def one_fails(desk, caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL)
    whole = daemon.passes.timers._case

    def broken(desk, case, now):
        if case.number == "2611001":
            raise ValueError("its profile cannot be read")
        yield from whole(desk, case, now)

    monkeypatch.setattr(daemon.passes.timers, "_case", broken)


def test_a_case_that_fails_keeps_no_other_case_waiting_and_is_told_once_an_hour(desk, one_fails):
    complain(desk, "投诉：前端盖划痕 1")
    complain(desk, "投诉：前端盖划痕 2")
    desk.at("11-04 18:00")
    timers = [one for one in desk.happened if one.event.startswith("timer.")]
    assert any(one.case == "2611002" for one in timers)
    failed = [one for one in timers if one.event == "timer.failed"]
    assert {one.case for one in failed} == {"2611001"}
    assert "ValueError: its profile cannot be read" in failed[0].text
    before = len(failed)
    for _ in range(3):
        desk.tick()
    assert len([one for one in desk.happened if one.event == "timer.failed"]) == before
    assert not [one for one in desk.happened if one.event == "pass.failed"]
