"""What quality writes down in the ledger: for whom it may speak there, and that a cell read twice says nothing new."""

from __future__ import annotations

import pytest

from daemon.core.case import Fact
from daemon.core.commands import Acknowledge, Assign, Choose, Correct, Give, Register
from daemon.core.events import EventType, Via
from daemon.core.tell import notices
from tests.cast import CHEN, PRODUCTION, WANG
from tests.core.play import NUMBER, registered, registering, to_check, to_closed, to_confirm


def types(events):
    return [one.type for one in events]


# ── twice is once ────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "command",
    [
        Correct({"customer": "南方电机", "quantity_defective": 12}),
        Correct({"customer": None}),
        Correct({"severity": "重大"}),
        Give({"d3.containment": "已隔离", "d5.actions": "换刀"}),
        Give({"d0.emergency": "已换货"}),
        Assign("quality_engineer", "刘志强"),
        Assign("owner", "孙大鹏"),
    ],
)
def test_a_cell_that_is_read_again_changes_nothing_and_tells_nobody(command):
    play = registered().in_ledger()
    assert play.must(command, WANG)
    again = play.must(command, WANG)
    assert again == ()
    assert notices(play.case, again, play.context(WANG)) == ()


def test_what_was_inferred_is_confirmed_once():
    play = registered()
    play.must(Register(play.case.id, NUMBER, "p", {**registering().facts, "part_no": Fact("P-1")}))
    play.in_ledger()
    assert types(play.must(Correct({"part_no": "P-1"}), WANG)) == [EventType.FACTS_SET]
    assert play.must(Correct({"part_no": "P-1"}), WANG) == ()


def test_only_what_is_new_of_an_answer_is_written_down():
    play = registered().in_ledger()
    play.must(Give({"d3.containment": "已隔离"}), WANG)
    events = play.must(Give({"d3.containment": "已隔离", "d5.actions": "换刀"}), WANG)
    assert [one.data["section"] for one in events if one.type is EventType.SECTION_GIVEN] == ["d5.actions"]


def test_the_same_words_count_anew_in_a_new_round():
    play = to_check()
    play.must(Choose("check", "questioned", "数据不足"), WANG)
    play.in_ledger()
    assert EventType.SECTION_GIVEN in types(play.must(Give({"d5.actions": play.case.section("d5.actions")}), WANG))


def test_a_mail_that_says_the_same_again_is_answered_again():
    play = registered()
    play.must(Correct({"customer": "南方电机"}), WANG)
    events = play.must(Correct({"customer": "南方电机"}), WANG)
    assert [one.template for one in notices(play.case, events, play.context(WANG))] == ["recorded"]


# ── for whom the ledger speaks ───────────────────────────────────────────────────────────────────────────────────────


def test_quality_writes_down_what_a_department_told_it_in_the_ledger_and_nowhere_else():
    play = registered()
    assert "8D组长" in play.must_not(Give({"d3.containment": "已隔离"}), WANG)["zh-CN"]
    play.in_ledger().must(Give({"d3.containment": "已隔离"}), WANG)
    assert play.case.section("d3.containment") == "已隔离"
    assert "containment" not in play.open


def test_what_quality_writes_down_is_no_acknowledgement_of_the_department():
    play = registered()
    play.must(Choose("verify", "founded"), WANG)
    play.in_ledger().must(Give({"d3.containment": "已隔离"}), WANG)
    assert "team" in play.open
    play.via = Via.MAIL
    play.must(Acknowledge(("team",)), PRODUCTION)


def test_the_ledger_speaks_for_nobody_but_by_quality_and_only_in_its_own_sections():
    play = registered().in_ledger()
    play.must_not(Give({"d5.actions": "换刀"}), "xu.bin@hongyuan.example")
    play.must_not(Give({"d6.results": "已实施"}), WANG)


def test_a_section_that_was_reviewed_stays_as_it_was_reviewed():
    play = to_confirm().in_ledger()
    assert "已经审批" in play.must_not(Give({"d5.actions": "改口"}), WANG)["zh-CN"]


def test_a_verdict_for_its_owner_counts_in_the_ledger_only():
    play = to_check()
    play.must(Choose("check", "works"), WANG)
    verdict = Choose("approve", "approved", for_owner=True)
    play.must_not(verdict, WANG)
    play.in_ledger().must_not(Choose("approve", "approved"), WANG)
    play.must_not(verdict, PRODUCTION)
    play.must(verdict, WANG)
    assert play.case.text("review") == "批准"


def test_nobody_gets_a_mail_about_the_cell_just_typed():
    play = registered().in_ledger()
    events = play.must(Correct({"customer": "南方电机"}), WANG)
    assert notices(play.case, events, play.context(WANG)) == ()


# ── what may be emptied, added, and written after closing ────────────────────────────────────────────────────────────


def test_a_fact_may_be_made_unknown_but_neither_department_nor_grade():
    play = registered(customer="北方电机", quantity_defective="3").in_ledger()
    play.must(Correct({"quantity_defective": None, "customer": None, "channel": None}), WANG)
    assert play.case.text("customer") == ""
    for key in ("department", "severity"):
        assert "不能清空" in play.must_not(Correct({key: None}), WANG)["zh-CN"]


def test_costs_and_remarks_are_written_down_after_closing_too():
    play = to_closed("short").in_ledger()
    before = play.case
    play.must(Correct({"cost": 1200.5, "remarks": "已开票", "satisfaction": "5", "disposal": "换货"}), WANG)
    assert play.case.status is before.status
    assert play.case.severity is before.severity
    assert play.case.text("remarks") == "已开票"
    assert "已结案" in play.must_not(Correct({"customer": "别家"}), WANG)["zh-CN"]
    play.via = Via.MAIL
    play.must_not(Correct({"remarks": "x"}), CHEN)
