from collections import Counter
from dataclasses import replace

import pytest

from daemon.core.case import Severity
from daemon.core.commands import (
    Acknowledge,
    AnswerTransfer,
    AskTransfer,
    Choose,
    FailAddress,
    File,
    Give,
    Refusal,
)  # fmt: skip
from daemon.core.decide import decide
from daemon.core.ladder import due
from daemon.core.tell import addressee, notices, progress, refusal
from tests.cast import CHEN, ENGINEERING, GM, LI, PRODUCTION, QUALITY, SUN, WANG, XU, ZHAO, ZHENG
from tests.core.play import CALENDARS, PROCESS, Play, actor_at, registered, registering, to_check, to_confirm


def told(play, command, by=""):
    events = play.must(command, by)
    return notices(play.case, events, play.context(by))


def summary(found):
    return Counter((one.template, one.recipient) for one in found)


def test_a_registration_tells_each_person_once():
    play = Play()
    found = told(play, registering())
    assert summary(found) == Counter([("receipt", LI), ("notice", PRODUCTION), ("task", WANG)])
    receipt, *_ = found
    assert receipt.urgent
    notice = next(one for one in found if one.recipient == PRODUCTION)
    assert (notice.steps, notice.form, notice.evidence, notice.about) == (
        ("team", "containment"), "internal", True, "notice",
    )  # fmt: skip
    task = next(one for one in found if one.recipient == WANG)
    assert (task.steps, task.about, task.urgent) == (("emergency", "verify"), "review", False)


def test_a_grave_case_alarms_the_chain_and_nobody_twice():
    found = told(Play(), registering("重大"))
    assert {one.recipient for one in found if one.template == "alarm"} == {ZHAO, CHEN, XU, GM, ZHENG}
    assert max(Counter(one.recipient for one in found).values()) == 1
    assert all(one.urgent for one in found)


def test_several_roles_of_one_person_are_one_mail():
    found = told(Play(), registering(department="质量部"))
    assert summary(found)["notice", QUALITY] == 1
    nowhere = told(Play(), registering(department=""))
    assert Counter(one.recipient for one in nowhere)[WANG] == 1, "quality stands in for the department"


def test_what_was_taken_from_an_answer_is_told_with_what_is_missing():
    play = registered()
    play.must(Choose("verify", "founded"), WANG)
    found = told(play, Give({"d3.containment": "已隔离", "d4.occurrence.cause": "补正值"}), SUN)
    (recorded,) = (one for one in found if one.template == "recorded")
    assert recorded.recipient == SUN
    assert recorded.values["sections"] == ["d3.containment", "d4.occurrence.cause"]
    assert recorded.values["missing"] == ["d4.escape.cause"]
    assert recorded.steps == ("cause",)


def test_an_acknowledgement_is_not_answered():
    assert not [one for one in told(registered(), Acknowledge(("team",)), SUN) if one.recipient == SUN]


def test_a_mail_that_sends_the_answer_carries_the_customers_form():
    play = to_check()
    play.must(Choose("check", "works"), WANG)
    found = told(play, Choose("approve", "approved"), CHEN)
    (answer,) = (one for one in found if one.recipient == LI)
    assert (answer.template, answer.form, answer.purpose) == ("answer", "external", "answer")
    assert "confirm" in answer.steps, "its buttons ask whether the customer is satisfied"


def test_a_rejection_goes_to_those_who_must_do_it_again():
    found = told(to_check(), Choose("check", "questioned", "没有措施"), WANG)
    assert [(one.template, one.recipient, one.steps) for one in found] == [("task", PRODUCTION, ("action",))]


def test_an_unfounded_complaint_is_explained_and_withdrawn():
    found = told(registered(), Choose("verify", "unfounded", "合格"), WANG)
    assert summary(found) == Counter([("explanation", LI), ("withdrawn", PRODUCTION)])
    assert all(one.values == {"reason": "合格"} for one in found)


def test_a_transfer_is_told_to_those_whom_it_touches():
    play = registered()
    (asked,) = told(play, AskTransfer("技术部", "图纸"), SUN)
    assert (asked.template, asked.recipient, asked.purpose) == ("transfer_request", WANG, "transfer")
    assert asked.values == {"by": "孙大鹏", "to": "技术部", "reason": "图纸"}
    found = told(play, AnswerTransfer(agreed=True), WANG)
    assert summary(found) == Counter([("withdrawn", PRODUCTION), ("notice", ENGINEERING)])
    play.must(AskTransfer("生产部", "工序"), ENGINEERING)
    (declined,) = told(play, AnswerTransfer(agreed=False, reason="按图纸"), WANG)
    assert (declined.template, declined.recipient, declined.values["why"]) == ("refused", ENGINEERING, "按图纸")


def test_a_dead_address_is_told_and_its_tasks_go_to_the_next():
    found = told(registered(), FailAddress(PRODUCTION, permanent=True, detail="550"))
    assert summary(found) == Counter([("undeliverable", WANG), ("notice", ZHAO)])
    assert told(registered(), FailAddress(PRODUCTION, permanent=False)) == ()


def test_a_mail_that_only_belongs_to_the_case_tells_nobody_unless_there_is_a_reason():
    assert told(registered(), File("谢谢", LI, trusted=True)) == ()
    (stranger,) = told(registered(), File("结案", "x@mail.example", trusted=False, why="未证实"))
    assert (stranger.template, stranger.recipient, stranger.values["sender"]) == ("stranger", WANG, "x@mail.example")


def test_reminders_of_one_batch_are_one_mail_a_person():
    play = registered().at("11-20 10:00")
    commands = due(play.case, PROCESS, CALENDARS, play.now)
    events = [event for command in commands for event in play.must(command)]
    found = notices(play.case, events, play.context())
    assert len(commands) == 4
    assert summary(found) == Counter([("escalation", CHEN), ("escalation", ZHAO), ("escalation", XU)])
    director = next(one for one in found if one.recipient == XU)
    assert director.steps == ("emergency", "verify", "team", "containment")


@pytest.mark.parametrize(
    ("severity", "people"), [("一般", set()), ("重要", {PRODUCTION, WANG}), ("重大", {PRODUCTION, WANG})]
)
def test_only_graver_cases_have_a_weekly_word(severity, people):
    play = registered(severity)
    assert {one.recipient for one in progress(play.case, play.context())} == people
    play.must(Choose("verify", "unfounded", "合格"), WANG)
    assert not list(progress(play.case, play.context()))
    assert play.case.severity in set(Severity)


@pytest.mark.parametrize(
    ("address", "language", "words"), [(WANG, "zh-CN", "已结案"), (LI, "en", "closed"), (PRODUCTION, "zh-CN", "已结案")]
)
def test_a_refusal_speaks_the_language_of_who_asked(address, language, words):
    play = registered()
    play.must(Choose("verify", "unfounded", "合格"), WANG)
    case, context = replace(play.case, language=language), play.context(address)
    refused = decide(case, Acknowledge(("team",)), context)
    assert isinstance(refused, Refusal)
    to = addressee(actor_at(address), case, context)
    notice = refusal(refused, "收到" * 500, to, case, context)
    assert (notice.template, notice.recipient, notice.language) == ("refused", address, language)
    assert words in notice.values["why"]
    assert len(notice.values["wish"]) == 500


def test_closing_sends_each_side_its_own_form():
    play = to_confirm()
    play.must(Choose("confirm", "satisfied"), LI)
    play.must(Give({"d6.results": "CPK", "d7.prevention": "PFMEA"}), PRODUCTION)
    play.must(Choose("effect", "effective"), WANG)
    found = told(play, Choose("close", "short"), CHEN)
    assert {(one.recipient, one.form) for one in found} == {
        (PRODUCTION, "internal"), (WANG, "internal"), (LI, "external"),
    }  # fmt: skip
