import re
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.case import Case, Evidence, Fact, Severity, Status, StepStatus
from daemon.core.commands import (
    Absorb,
    Acknowledge,
    Actor,
    AnswerTransfer,
    AskCheck,
    AskTransfer,
    Assign,
    Cancel,
    Choose,
    Complete,
    Context,
    Continue,
    Correct,
    EndSubcase,
    EndWith,
    FailAddress,
    File,
    Give,
    HandBack,
    HandOn,
    Hold,
    Join,
    Leave,
    Link,
    Merge,
    Note,
    OpenSubcase,
    Raise,
    Recur,
    Refusal,
    Remind,
    Reopen,
    Resume,
    Split,
)  # fmt: skip
from daemon.core.decide import decide
from daemon.core.events import EventType, Via
from daemon.core.evolve import evolve, replay
from daemon.core.process import load_sources, source
from daemon.core.refusals import WORDS, refuse
from daemon.core.roles import may_speak_as
from daemon.core.timing import due, next_due_at
from daemon.processes import profile_sources
from tests.cast import CHEN, ENGINEERING, GM, HE, LI, LIN, PRODUCTION, SUN, WANG, XU, ZHAO
from tests.core.play import (
    ANSWER,
    CALENDARS,
    DIRECTORY,
    NUMBER,
    PROCESS,
    Play,
    actor_at,
    at,
    local,
    registered,
    registering,
    to_check,
    to_closed,
    to_confirm,
)  # fmt: skip

STRANGER = "boss@mail.example"


# ── registration and the steps that follow of themselves ──


def test_a_registration_opens_every_step_that_waits_for_nothing():
    play = registered()
    assert play.open == {"emergency", "verify", "team", "containment"}
    assert play.case.status is Status.VERIFYING
    assert [event.seq for event in play.events] == list(range(1, len(play.events) + 1))
    assert play.events[0].data["number"] == NUMBER


@pytest.mark.parametrize(
    ("severity", "step", "due_at"),
    [
        ("一般", "team", "11-03 09:00"),
        ("重要", "team", "11-02 14:00"),
        ("重大", "team", "11-02 11:00"),
        ("一般", "verify", "11-02 13:00"),
        ("", "verify", "11-02 13:00"),
    ],
)
def test_a_step_has_the_time_of_its_grade(severity, step, due_at):
    assert local(registered(severity).case.steps[step].due_at) == due_at


@pytest.mark.parametrize(
    ("facts", "step", "due_at"),
    [
        ({"on_site": "是"}, "verify", "11-04 09:00"),
        ({"on_site": "否"}, "verify", "11-02 13:00"),
        ({"ask_customer": "是"}, "verify", "11-03 09:00"),
        ({"customer_due": "2026-11-02T15:00:00+08:00"}, "containment", "11-02 15:00"),
        ({"customer_due": "2026-11-09T15:00:00+08:00"}, "containment", "11-03 09:00"),
        ({"customer_due": "2026-11-01T15:00:00+08:00"}, "containment", "11-03 09:00"),
        ({"customer_due": "2026-11-02T15:00:00+08:00"}, "team", "11-03 09:00"),
    ],
)
def test_facts_change_what_is_due_when(facts, step, due_at):
    assert local(registered(**facts).case.steps[step].due_at) == due_at


@pytest.mark.parametrize(
    ("severity", "director"), [("一般", StepStatus.SKIPPED), ("重要", StepStatus.SKIPPED), ("重大", StepStatus.OPEN)]
)
def test_a_step_that_the_case_does_not_need_is_skipped(severity, director):
    play = to_check(severity)
    play.must(Choose("check", "works"), WANG)
    play.must(Choose("approve", "approved"), CHEN)
    assert play.status_of("approve_director") is director


def test_promised_dates_tell_when_the_actions_are_due():
    play = registered()
    play.must(Choose("verify", "founded"), WANG)
    play.must(Give({**ANSWER, "d5.actions": "自动回传，11月6日；首件检查表，2026-11-12"}), PRODUCTION)
    play.must(Choose("check", "works"), WANG)
    play.must(Choose("approve", "approved"), CHEN)
    assert local(play.case.steps["implement"].due_at) == "11-12 17:30"


# ── answers ──


def test_whoever_acknowledges_first_leads_the_team():
    play = registered()
    play.must(Acknowledge(("team",)), SUN)
    assert play.status_of("team") is StepStatus.DONE
    assert play.case.section("d1.leader") == "sun.dapeng"
    assert play.case.steps["team"].acknowledged_by == "sun.dapeng"


def test_an_acknowledgement_of_another_step_is_only_noted():
    play = registered()
    play.must(Acknowledge(("containment",)), PRODUCTION)
    assert play.status_of("containment") is StepStatus.OPEN
    assert play.case.steps["containment"].acknowledged_by == PRODUCTION


def test_an_answer_counts_as_acknowledgement():
    play = registered()
    play.must(Give({"d3.containment": "已隔离"}), SUN)
    assert play.status_of("team") is StepStatus.DONE
    assert play.case.section("d1.leader") == "sun.dapeng"


def test_an_answer_given_early_counts_when_its_step_opens():
    play = registered()
    play.must(Give({"d5.actions": "自动回传"}), PRODUCTION)
    assert play.status_of("action") is StepStatus.WAITING
    play.must(Give({"d3.containment": "已隔离"}), PRODUCTION)
    assert "cause" in play.open
    play.must(Give({"d4.occurrence.cause": "补正值"}), PRODUCTION)
    assert "cause" in play.open, "the escape cause is missing"
    play.must(Give({"d4.escape.cause": "检查表"}), PRODUCTION)
    assert play.status_of("action") is StepStatus.DONE
    assert play.status_of("check") is StepStatus.WAITING, "nobody verified yet"


def test_a_step_done_late_is_marked():
    play = registered().at("11-03 09:01")
    play.must(Acknowledge(("team",)), PRODUCTION)
    play.must(Choose("verify", "founded"), WANG)
    assert (play.case.steps["team"].missed, play.case.steps["verify"].missed) == (True, True)
    play.must(Give({"d3.containment": "已隔离"}), PRODUCTION)
    assert play.case.steps["first_answer"].missed is False


# ── verdicts ──


def test_an_unfounded_complaint_is_closed_with_its_reason():
    play = registered()
    play.must(Choose("verify", "unfounded", "实测合格"), WANG)
    assert play.case.status is Status.CLOSED
    assert play.case.text("validity") == "不成立"
    assert play.events[-1].data["reason"] == "实测合格"
    assert play.case.closed_at == play.now


def test_going_back_does_again_what_follows_and_nothing_else():
    play = to_check()
    play.must(Choose("check", "works"), WANG)
    play.must(Choose("approve", "rejected", "流出原因没有对应的措施"), CHEN)
    assert play.case.round == 2
    assert play.case.steps["action"].reason == "流出原因没有对应的措施"
    assert play.status_of("action") is StepStatus.OPEN
    assert {play.status_of(step) for step in ("check", "approve", "answer", "close")} == {StepStatus.WAITING}
    assert {play.status_of(step) for step in ("verify", "team", "containment", "cause")} == {StepStatus.DONE}
    assert (play.case.text("review"), play.case.text("review_comment")) == ("驳回", "流出原因没有对应的措施")
    play.must(Give({"d5.actions": "增加检查"}), PRODUCTION)
    assert play.open >= {"check"}, "what was given in round 1 does not count, what is given in round 2 does"


def test_a_customer_who_is_not_satisfied_sends_the_case_back_to_the_start():
    play = to_confirm()
    play.must(Choose("confirm", "dissatisfied", "又有2件"), LI)
    assert play.case.round == 2
    assert play.status_of("containment") is StepStatus.OPEN
    assert play.case.text("customer_answer") == "不满意"


def test_the_whole_way_to_closing():
    play = to_confirm("重大")
    play.must(Choose("confirm", "satisfied"), LI)
    play.must(Give({"d6.results": "CPK 1.52", "d7.prevention": "PFMEA"}), PRODUCTION)
    play.must(Choose("effect", "effective"), WANG)
    play.must(Choose("close", "short"), CHEN)
    assert play.case.status is Status.CLOSED
    assert play.case.section("d8.closing") == "短期结案"
    assert replay(play.events) == play.case


# ── who may what ──


@pytest.mark.parametrize(
    ("command", "yes", "no"),
    [
        (Choose("verify", "founded"), (WANG, CHEN, ""), (SUN, LI, GM, STRANGER)),
        (Choose("emergency", "not_needed", "有库存"), (WANG,), (PRODUCTION, LIN)),
        (Acknowledge(("team",)), (PRODUCTION, SUN, ZHAO), (WANG, HE, ENGINEERING, LI, LIN, STRANGER)),
        (Give({"d3.containment": "已隔离"}), (PRODUCTION, SUN, ZHAO), (WANG, HE, LI, STRANGER)),
        (
            AskTransfer("技术部", "图纸问题"),
            (PRODUCTION, SUN, WANG),
            (HE, LI, CHEN.replace("chen", "nobody"), STRANGER),
        ),
        (AnswerTransfer(agreed=True, to="技术部"), (WANG, CHEN), (SUN, LI, GM, STRANGER)),
    ],
)
def test_who_may_do_what(command, yes, no):
    for address in yes:
        registered().must(command, address)
    for address in no:
        registered().must_not(command, address)


@pytest.mark.parametrize(
    ("command", "yes", "no"),
    [
        (Choose("confirm", "satisfied"), (LI, LIN), (WANG, CHEN, SUN, STRANGER)),
        (Choose("confirm", "dissatisfied"), (LI, LIN), (WANG, STRANGER)),
    ],
)
def test_only_the_customer_and_sales_speak_for_the_customer(command, yes, no):
    for address in yes:
        to_confirm().must(command, address)
    for address in no:
        to_confirm().must_not(command, address)


@pytest.mark.parametrize(("address", "may"), [(CHEN, True), (WANG, False), (XU, False), (PRODUCTION, False)])
def test_who_may_approve(address, may):
    play = to_check()
    play.must(Choose("check", "works"), WANG)
    assert isinstance(play.do(Choose("approve", "approved"), address), Refusal) is not may


def test_a_colleague_who_is_called_daemon_is_not_the_clock():
    context = registered().context()
    context = Context(PROCESS, DIRECTORY, CALENDARS, context.now, Actor("daemon", "daemon@hongyuan.example"), Via.MAIL)
    assert isinstance(decide(registered().case, Choose("verify", "founded"), context), Refusal)


# ── refusals ──


def refusals():
    answered, closed = to_check(), registered()
    closed.must(Choose("verify", "unfounded", "合格"), WANG)
    moved = registered()
    for department in ("技术部", "物流部", "生产部"):
        moved.must(AnswerTransfer(agreed=True, to=department), WANG)
    return [
        (closed, Acknowledge(("team",)), PRODUCTION, "closed"),
        (closed, AskTransfer("技术部", ""), PRODUCTION, "closed"),
        (registered(), Choose("verify", "founded"), SUN, "not_yours"),
        (registered(), Choose("check", "works"), WANG, "not_open"),
        (answered, Choose("verify", "founded"), WANG, "not_open"),
        (answered, Choose("check", "questioned", "  "), WANG, "reason_needed"),
        (registered(), AskTransfer("月球部", "x"), PRODUCTION, "no_such_department"),
        (registered(), AnswerTransfer(agreed=True), WANG, "no_transfer_asked"),
        (registered(), AskTransfer("生产部", "x"), PRODUCTION, "same_department"),
        (moved, AskTransfer("技术部", "x"), PRODUCTION, "too_many_transfers"),
        (moved, AnswerTransfer(agreed=True, to="技术部"), WANG, "too_many_transfers"),
        (registered(), AnswerTransfer(agreed=False), WANG, "no_transfer_asked"),
        (registered(), AskTransfer("技术部", "x"), LI, "only_quality"),
        (registered(), AnswerTransfer(agreed=True, to="技术部"), SUN, "only_quality"),
        (registered(), Give({"d9.other": "x"}), PRODUCTION, "nothing_asked"),
        (answered, Acknowledge(("team",)), PRODUCTION, "nothing_asked"),
    ]


REFUSALS = refusals()


@pytest.mark.parametrize(
    ("play", "command", "by", "key"), REFUSALS, ids=[f"{n}-{one[3]}" for n, one in enumerate(REFUSALS)]
)
def test_a_refusal_says_why_in_both_languages(play, command, by, key):
    why = play.must_not(command, by)
    for language, words in zip(("zh-CN", "en"), WORDS[key], strict=True):
        assert why[language].startswith(words.partition("{")[0])
        assert "{" not in why[language]


@pytest.mark.parametrize("key", WORDS)
def test_every_refusal_has_the_same_places_in_both_languages(key):
    names = {name for words in WORDS[key] for name in re.findall(r"\{(\w+)\}", words)}
    values = dict.fromkeys(names, "〇")
    counts = {language: text.count("〇") for language, text in refuse(key, **values).why.items()}
    assert set(counts) == {"zh-CN", "zh-TW", "en"}
    assert len(set(counts.values())) == 1


def test_a_closed_case_still_takes_mails_and_failed_addresses():
    play = registered()
    play.must(Choose("verify", "unfounded", "合格"), WANG)
    play.must(File("谢谢", LI, trusted=True), LI)
    play.must(FailAddress(LI, permanent=True))
    play.must(FailAddress(XU, permanent=False))
    assert play.case.dead_addresses == (LI,)


# ── transfers ──


def test_a_transfer_is_asked_for_and_agreed():
    play = registered()
    play.must(Acknowledge(("team",)), SUN)
    play.at("11-03 10:00").must(AskTransfer("技术部", "图纸问题"), SUN)
    assert (play.case.transfer_asked, play.case.text("department")) == ("技术部", "生产部")
    play.at("11-04 10:00").must(AnswerTransfer(agreed=True), WANG)
    case = play.case
    assert (case.transfer_asked, case.text("department"), case.transfers) == ("", "技术部", 1)
    assert case.section("d1.leader") == ""
    assert play.status_of("team") is StepStatus.OPEN, "the new department takes it on anew"
    assert local(case.steps["team"].due_at) == "11-05 10:00", "and has its full time"
    play.must_not(Acknowledge(("team",)), SUN)
    play.must(Acknowledge(("team",)), HE)


def test_a_transfer_may_be_declined():
    play = registered()
    play.must(AskTransfer("技术部", "图纸问题"), SUN)
    play.must(AnswerTransfer(agreed=False, reason="工序问题"), WANG)
    assert (play.case.transfer_asked, play.case.text("department"), play.case.transfers) == ("", "生产部", 0)


def test_a_transfer_to_nobody_in_particular_is_decided_by_quality():
    play = registered()
    play.must(AskTransfer("", "不是我们的问题"), SUN)
    assert play.case.transfer_asked
    play.must_not(AnswerTransfer(agreed=True), WANG)
    play.must(AnswerTransfer(agreed=True, to="物流部"), WANG)


# ── the clock ──


def test_a_reminder_for_a_step_that_was_done_meanwhile_says_nothing():
    play = registered()
    play.must(Acknowledge(("team",)), PRODUCTION)
    assert play.must(Remind("team", ("0.0",), "reminder", ("owner",))) == ()


def test_a_journal_begins_with_a_registration():
    play = registered()
    with pytest.raises(ValueError, match="does not begin with a registration"):
        evolve(None, play.events[1])
    with pytest.raises(ValueError, match="empty journal"):
        replay(())


# ── whatever happens ──

PEOPLE = st.sampled_from(("", WANG, CHEN, XU, PRODUCTION, SUN, ENGINEERING, LI, LIN, STRANGER))
# The default process with a fact and a paper among its answers, and a step of grave cases in the midst.
WIDER = load_sources(
    (
        *profile_sources("8d"),
        source(
            """
[documents.log]
title = "围堵记录"
[[step]]
id = "containment"
gives = ["d3.containment", "disposal"]
documents = ["log"]
[[step]]
id = "grave"
title = "重大评估"
owner = "quality_manager"
phase = "待审批"
after = "check"
when = { severity = "重大" }
due = "4h"
takes = "d0.emergency"
[[step]]
id = "approve"
after = ["check", "grave"]
""",
            "wider.toml",
        ),
    )
)
FACTS = st.dictionaries(st.sampled_from(("disposal", "batch_no")), st.sampled_from(("换货", "A1")), max_size=2)
FILES = st.sampled_from(((), (Evidence("围堵记录.pdf", "0" * 64),)))
SECTIONS = st.dictionaries(st.sampled_from([*PROCESS.sections, "meetings"]), st.just("写明"), max_size=4)
STEPS = st.sampled_from(list(WIDER.steps))
CHECKS = [one.check(number) for one in WIDER.followup for number in (1, 2)]
CHOICES = st.sampled_from([(step.id, key) for step in (*WIDER.step, *CHECKS) for key in step.choices])
DEPARTMENTS = st.sampled_from(("", "生产部", "技术部", "物流部", "月球部"))
REASONS = st.sampled_from(("", "原因"))
NAMES = st.sampled_from(("孙大鹏", "何䶮", "刘志强", "张三"))
OTHER = replace(registered().case, id=UUID(int=2), number="2611002")
SUBCASE = UUID(int=5), "2611005"
COMMANDS = st.one_of(
    st.builds(Acknowledge, st.lists(STEPS, max_size=3).map(tuple)),
    st.builds(Give, SECTIONS, FILES, FACTS),
    st.builds(lambda pair, reason: Choose(*pair, reason), CHOICES, REASONS),
    st.builds(lambda pair, reason: Choose(*pair, reason), CHOICES, REASONS),
    st.builds(AskTransfer, DEPARTMENTS, REASONS),
    st.builds(AnswerTransfer, st.booleans(), DEPARTMENTS, REASONS),
    st.builds(Hold, REASONS),
    st.builds(Resume, REASONS),
    st.builds(Cancel, REASONS),
    st.builds(Reopen, REASONS),
    st.builds(Assign, st.sampled_from(("leader", "owner", "quality_engineer", "sales")), NAMES),
    st.builds(Raise, st.sampled_from(Severity), REASONS),
    st.builds(Note, REASONS),
    st.builds(Merge, st.just("2611002"), REASONS, st.sampled_from((None, OTHER))),
    st.builds(Absorb, st.just("2611003"), st.just(UUID(int=3))),
    st.builds(Link, st.just("2611002"), st.sampled_from((None, OTHER))),
    st.builds(Correct, st.sampled_from(({"severity": "重大"}, {"batch_no": "A1"}, {"customer_due": "2026-11-05"}))),
    st.builds(Complete, st.just({"batch_no": "A2"})),
    st.builds(File, st.just("来信"), st.just(LI), st.booleans()),
    st.builds(FailAddress, PEOPLE, st.booleans()),
    st.builds(AskCheck, st.sampled_from(list(PROCESS.followups)), st.integers(1, 2)),
    st.builds(Correct, st.just({"fitting": "停装"})),
    st.builds(Recur, st.just("又来了"), st.just({"phenomenon": Fact("又来了")}), st.just(LI)),
    st.builds(Continue, st.just("2611004"), st.just(UUID(int=4)), st.just("p")),
    st.builds(OpenSubcase, st.sampled_from(("技术部", "铸铁公司 <qa@cast.example>", "月球部", "")), st.just(SUBCASE)),
    st.builds(EndSubcase, st.just(SUBCASE[1]), st.sampled_from((Status.CLOSED, Status.CANCELLED))),
    st.builds(EndWith, st.just("2611002"), REASONS),
    st.builds(Join, st.just("2611002"), REASONS, st.sampled_from((None, OTHER))),
    st.builds(Leave, REASONS),
    st.builds(Split, st.sampled_from(("", "产品编号：A2")), st.just(((UUID(int=6), "2611006"),))),
    st.builds(HandOn, st.just((SUN,)), st.just(at("11-20 08:00"))),
    st.builds(HandBack, st.just((SUN,))),
    st.builds(Remind, STEPS, st.just(("0.0",)), st.just("reminder"), st.just(("owner",))),
)
WISHES = st.lists(st.tuples(COMMANDS, PEOPLE, st.integers(0, 2000)), max_size=30)
ANSWERED = {
    EventType.FILED, EventType.ADDRESS_FAILED, EventType.NOTED, EventType.FACTS_SET, EventType.ABSORBED,
    EventType.ACKNOWLEDGED, EventType.CHOSEN, EventType.CONTINUED, EventType.FOLLOW_ASKED, EventType.FOLLOW_ANSWERED,
    EventType.FOLLOW_PLANNED, EventType.FOLLOW_ENDED,
}  # fmt: skip


def check(play: Play, before: Case, new):
    case = play.case
    assert case.round >= before.round
    assert case.seq == before.seq + len(new)
    kinds = [event.type for event in new]
    assert before.is_open or set(kinds) <= ANSWERED or EventType.REOPENED in kinds
    assert set(case.open_tasks) - set(case.open_steps) == {
        f"{key}.{one.number}" for key, one in case.followups.items() if one.asked and one.runs
    }
    assert case.status is not Status.CANCELLED or not any(one.runs for one in case.followups.values())
    assert case.is_open or not case.open_steps, "a closed case has no open step"
    assert (case.status is Status.ON_HOLD) is case.is_held
    assert not case.is_held or not due(case, play.process, CALENDARS, play.now + timedelta(days=99))
    passed_on = any(event.type is EventType.TRANSFERRED for event in play.events)  # who takes it on is asked anew
    for key in case.open_steps if case.is_open and not passed_on else ():
        ended = {case.steps[one].status for one in play.process.steps[key].after}
        assert ended <= {StepStatus.DONE, StepStatus.SKIPPED}, key
    later = play.now + timedelta(days=99)
    runs = any(one.runs for one in case.followups.values())
    assert case.is_open or runs or next_due_at(case, play.process, CALENDARS, later) is None
    assert case.is_open or {
        one.step for one in due(case, play.process, CALENDARS, later) if isinstance(one, Remind)
    } <= set(case.open_tasks)


def check_owner(play: Play, before: Case, by: str, new):
    """A verdict, and what is taken as an answer, is given by its owner's role; the clock (no address) may do all."""
    for event in new:
        if event.type is EventType.CHOSEN and by:
            assert may_speak_as(by, play.process.task(event.data["step"]).owner, before, DIRECTORY)
        if event.type is EventType.ACKNOWLEDGED and by:
            assert may_speak_as(by, play.process.task(event.data["step"]).owner, before, DIRECTORY)
    assert play.case.seq >= before.seq


def check_give(command, before: Case, by: str, new):
    """Parts of an answer are taken from the role that owns a step which asks for them; the clock may do all."""
    if not (isinstance(command, Give) and by and new):
        return
    mine = [step for step in WIDER.step if may_speak_as(by, step.owner, before, DIRECTORY)]
    assert {*command.sections, *command.facts} <= {key for step in mine for key in (*step.gives, step.takes)}
    given = {event.data["document"] for event in new if event.type is EventType.DOCUMENT_GIVEN}
    assert given <= {key for step in mine for key in step.documents}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(("", "一般", "重要", "重大")), WISHES)
def test_whatever_people_wish_the_journal_tells_the_case(severity, wishes):
    play = Play(WIDER)
    play.must(registering(severity))
    whatever_is_wished(play, wishes)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(("stage", "short")), WISHES)
def test_whatever_people_wish_of_a_closed_case_the_journal_tells_it(verdict, wishes):
    whatever_is_wished(to_closed(verdict), wishes)


def whatever_is_wished(play, wishes):
    for command, by, minutes in wishes:
        play.now += timedelta(minutes=minutes)
        before, count = play.case, len(play.events)
        play.do(command, by)
        check(play, before, play.events[count:])
        check_owner(play, before, by, play.events[count:])
        check_give(command, before, by, play.events[count:])
    assert [event.seq for event in play.events] == list(range(1, len(play.events) + 1))
    assert replay(play.events) == play.case


@settings(max_examples=25, deadline=None)
@given(st.sampled_from(("一般", "重要", "重大")), st.data())
def test_a_case_whose_owners_always_answer_comes_to_its_end(severity, data):
    """Whatever choice each owner takes, some step is open until the case is closed."""
    play = registered(severity)
    for _ in range(60):
        if not play.case.is_open:
            return
        assert play.case.open_steps
        step = PROCESS.steps[play.case.open_steps[0]]
        if step.choices:
            keys = list(step.choices)
            key = data.draw(st.sampled_from(keys)) if play.case.round < 3 else keys[0]
            play.must(Choose(step.id, key, "原因"))
        else:
            play.must(Give({key: "写明" for key in (*step.gives, step.takes) if key}))
    assert not play.case.is_open


def test_the_cast_is_who_it_is():
    assert actor_at(SUN).id == "sun.dapeng"
    assert actor_at(PRODUCTION).id == PRODUCTION
    assert at("11-02 09:00").weekday() == 0
