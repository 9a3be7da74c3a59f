"""A step that was skipped is asked for after all: a raised grade or a corrected fact brings it back."""

from daemon.core.case import Severity, StepStatus
from daemon.core.commands import Choose, Correct, Give, Raise
from daemon.core.events import EventType
from daemon.core.process import load_sources, source
from daemon.processes import profile_sources
from tests.cast import CHEN, PRODUCTION, WANG
from tests.core.play import ANSWER, local, registered, to_confirm

GRAVE = """
[[step]]
id = "grave"
title = "重大评估"
owner = "quality_manager"
phase = "待审批"
after = "check"
when = [{ severity = "重大" }, { on_site = "是" }]
due = "4h"
takes = "d0.emergency"
[[step]]
id = "approve"
after = ["check", "grave"]
[[step]]
id = "team"
clock_starts = "customer_due"
"""
PROCESS = load_sources((*profile_sources("8d"), source(GRAVE, "own.toml")))


def checked():
    play = registered("一般", process=PROCESS)
    play.must(Choose("verify", "founded"), WANG)
    play.must(Give(ANSWER), PRODUCTION)
    play.must(Choose("check", "works"), WANG)
    assert play.status_of("grave") is StepStatus.SKIPPED
    assert "approve" in play.open
    return play


def test_a_raised_grade_opens_the_step_and_what_follows_waits_for_it_again():
    play = checked()
    new = play.at("11-02 10:00").must(Raise(Severity.CRITICAL), WANG)
    assert [one.data["step"] for one in new if one.type is EventType.STEP_RECALLED] == ["approve"]
    assert "grave" in play.open
    assert play.status_of("approve") is StepStatus.WAITING
    assert local(play.case.steps["grave"].due_at) == "11-02 14:00"
    play.must_not(Choose("approve", "approved"), CHEN)
    play.must(Give({"d0.emergency": "已评估，可以放行"}), CHEN)
    assert play.status_of("grave") is StepStatus.DONE
    assert "approve" in play.open


def test_a_corrected_fact_does_the_same():
    play = checked()
    play.must(Correct({"on_site": "是"}), WANG)
    assert "grave" in play.open


def test_nothing_comes_back_when_what_follows_it_is_done():
    play = checked()
    play.must(Choose("approve", "approved"), CHEN)
    play.must(Raise(Severity.CRITICAL), WANG)
    assert play.status_of("grave") is StepStatus.SKIPPED


def test_the_default_process_asks_no_director_after_the_answer_went_out():
    play = to_confirm("一般")
    play.must(Raise(Severity.CRITICAL), WANG)
    assert play.status_of("approve_director") is StepStatus.SKIPPED
