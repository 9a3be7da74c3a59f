"""Follow-ups, rules that raise the grade and complaints that come again, as pure rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.alike import alike, customer_key, repeats, same_symptom
from daemon.core.case import Fact, Severity, Status
from daemon.core.commands import (
    Acknowledge,
    AskCheck,
    Choose,
    Continue,
    Correct,
    Give,
    Hold,
    RaiseByRule,
    Recur,
    Reopen,
    Resume,
)
from daemon.core.evolve import replay
from daemon.core.following import MOST_CHECKS, instants
from daemon.core.journal import fact_time
from daemon.core.process import BadProfile, holds, load_process, load_sources, source
from daemon.core.process.parts import Bound
from daemon.core.timing import due, next_due_at
from daemon.processes import profile_sources
from tests.cast import CHEN, LI, PRODUCTION, SUN, WANG
from tests.core.play import CALENDAR, CALENDARS, DIRECTORY, PROCESS, PROFILE, at, local, registered, to_check, to_closed
from tests.core.test_process import TINY, faults_of


def own(more):
    return load_sources((*profile_sources("8d"), source(more, "own.toml")))


def asked(play):
    play.must(AskCheck("tracking", play.case.followups["tracking"].number))
    return play.case.open_tasks[0]


# ── when checks are asked for ──


def test_monthly_for_three_months_then_each_quarter_end_for_three_years():
    found = list(instants(PROCESS.followups["tracking"], at("11-12 09:00"), CALENDAR))
    assert [local(one) for one in found[:3]] == ["12-12 09:00", "01-12 09:00", "02-12 09:00"]
    quarters = [one.astimezone(at("11-12 09:00").tzinfo) for one in found[3:]]
    assert [(one.year, one.month) for one in quarters[:5]] == [(2027, 3), (2027, 6), (2027, 9), (2027, 12), (2028, 3)]
    assert all((one.hour, one.minute) == (8, 0) for one in quarters), "in the morning of the day"
    assert found[-1] <= CALENDAR.add(at("11-12 09:00"), PROCESS.followups["tracking"].most)
    assert len(found) == 3 + 11


@settings(max_examples=50, deadline=None)
@given(
    st.integers(0, 2000 * 24),
    st.sampled_from(["quarter end", "3mo", "1wd", "month end"]),
)
def test_checks_come_one_after_another_and_never_without_end(hours, every):
    process = own(f'[[followup]]\nid = "tracking"\nevery = "{every}"\nmost = "36mo"\n')
    since = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=hours)
    found = list(instants(process.followups["tracking"], since, CALENDAR))
    assert all(one < other for one, other in pairwise(found))
    assert since < found[0]
    assert len(found) <= MOST_CHECKS


def test_a_check_waits_for_working_time_and_is_asked_for_once():
    play = to_closed()
    assert next_due_at(play.case, PROCESS, CALENDARS, play.now) == at("11-17 09:00")
    play.at("12-12 09:00")  # a Saturday
    assert not [one for one in due(play.case, PROCESS, CALENDARS, play.now) if one == AskCheck("tracking", 1)]
    play.at("12-14 08:00")
    assert AskCheck("tracking", 1) in due(play.case, PROCESS, CALENDARS, play.now)
    assert asked(play) == "tracking.1"
    assert play.must(AskCheck("tracking", 1)) == ()
    assert play.must(AskCheck("tracking", 2)) == ()
    assert local(play.case.state("tracking.1").due_at) == "12-21 08:00"


def test_what_was_missed_is_left_out():
    play = to_closed()
    play.at("12-14 08:00")
    check = asked(play)
    play.now += timedelta(days=80)
    play.must(Choose(check, "effective", "不良0件"), WANG)
    follow = play.case.followups["tracking"]
    assert (follow.number, follow.planned_at.month) == (4, 3), "the second and the third month went by unanswered"
    assert [(one.number, one.verdict, one.remark) for one in follow.checks] == [(1, "有效", "不良0件")]


def test_only_its_owner_answers_and_an_older_check_is_over():
    play = to_closed()
    play.at("12-14 08:00")
    check = asked(play)
    assert "质量工程师" in play.must_not(Choose(check, "effective"), SUN)["zh-CN"]
    play.must(Acknowledge((check,)), WANG)
    assert play.case.state(check).acknowledged_by == "wang.xiaoyan"
    play.must(Choose(check, "effective"), WANG)
    play.must_not(Choose(check, "ineffective", "又不良"), WANG)


def test_the_end_of_a_follow_up_is_told_before_it_is_asked_for():
    play = to_closed()
    play.must_not(Correct({"batch_no": "A1"}), WANG)
    play.must(Correct({"fitting": "停装"}), WANG)
    assert play.case.followups["tracking"].ended == "until"
    play.must_not(Correct({"fitting": "在装"}), WANG)
    assert next_due_at(play.case, PROCESS, CALENDARS, play.now) == at("11-17 09:00"), (
        "the mark is asked for all the same"
    )


def test_ineffective_begins_anew_and_the_closing_is_asked_for_again():
    play = to_closed()
    play.at("12-14 08:00")
    check = asked(play)
    play.must(Choose(check, "ineffective", "又有5件"), WANG)
    assert (play.case.status, play.case.round) == (Status.WORKING, 2)
    assert play.open == {"containment", "meeting"}
    assert play.status_of("close") == "waiting"
    assert play.case.text("effect") == "无效"
    assert play.case.followups["tracking"].ended == "round"
    assert play.case.followups["marks"].ended == "round"
    assert replay(play.events) == play.case


def test_a_case_opened_again_by_a_person_is_tracked_no_more():
    play = to_closed()
    play.must(Reopen("又发生"), CHEN)
    assert not any(one.runs for one in play.case.followups.values())
    assert next_due_at(play.case, PROCESS, CALENDARS, play.now)


def test_a_follow_up_after_a_step_runs_beside_the_case_and_rests_with_it():
    more = """\
[[followup]]
id = "line"
title = "产线复查"
owner = "quality_engineer"
after = "containment"
times = "2d"
due = "1wd"
verdicts = "effect"
on_ineffective = "containment"
"""
    process = own(more)
    play = registered(process=process)
    play.must(Give({"d3.containment": "已隔离"}), PRODUCTION)
    follow = play.case.followups["line"]
    assert local(follow.planned_at) == "11-04 09:00"
    play.must(Hold("等样品"), WANG)
    assert not due(play.case, process, CALENDARS, at("11-09 09:00"))
    play.must(Resume(), WANG)
    play.at("11-04 09:00").must(AskCheck("line", 1))
    assert "line.1" in play.case.open_tasks
    play.must(Choose("line.1", "ineffective", "漏检2件"), WANG)
    assert (play.case.round, play.case.followups["line"].ended) == (2, "round")


def test_a_case_goes_on_in_another_one_once():
    play = to_closed()
    play.must(Continue("2612001", UUID(int=7), "p", "又有5件"))
    assert play.case.continued_in == "2612001"
    assert play.must(Continue("2612002", UUID(int=8), "p")) == ()


# ── the grade rises ──

OLD = '[[raise]]\nid = "old"\ngrade = "important"\nafter = "1mo"\nwhen = { validity = "成立" }\n'


def test_a_rule_raises_the_grade_once_and_times_are_computed_anew():
    process = own(OLD)
    play = registered(process=process)
    play.must(Choose("verify", "founded"), WANG)
    moment = CALENDAR.add(play.now, process.raise_[-1].after)
    assert next_due_at(play.case, process, CALENDARS, at("12-01 09:00")) <= moment
    play.now = moment
    assert RaiseByRule("old") in due(play.case, process, CALENDARS, play.now)
    play.must(RaiseByRule("old"))
    assert (play.case.severity, play.case.raised) == (Severity.IMPORTANT, ("old",))
    assert local(play.case.steps["team"].due_at) == "11-02 14:00", "four working hours from its own start"
    play.must(Correct({"severity": "一般"}), WANG)
    assert play.case.severity is Severity.GENERAL
    assert play.must(RaiseByRule("old")) == ()


def test_a_rule_whose_facts_come_late_raises_at_once():
    process = own(OLD)
    play = registered(process=process)
    play.at("12-08 09:00")
    assert not [one for one in due(play.case, process, CALENDARS, play.now) if isinstance(one, RaiseByRule)]
    play.must(Choose("verify", "founded"), WANG)
    assert play.case.severity is Severity.IMPORTANT


def test_the_second_failure_is_for_somebody_else_to_decide():
    """System U: a step may wait for the round, which is no fact that anybody writes down."""
    more = '[[step]]\nid = "approve_director"\nwhen = { round = { at_least = 3 } }\n'
    process = own(more)
    assert process.steps["approve_director"].when
    play = registered(process=process)
    assert not [table for table in process.steps["approve_director"].when if table["round"].holds(play.case, "round")]


# ── the same again ──


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("轴承室内径偏大0.03mm，装配后轴承松动。", "贵司前端盖装配后轴承松动，轴承室尺寸超差", True),
        ("外表面有轻微划痕，请改善包装。", "表面划伤严重", True),
        ("外表面有轻微划痕", "轴承室内径偏大", False),
        ("47 of 500 pieces are cracked at the latch", "latch broken again on 12 pcs", True),
        ("connector cracked", "connector loose", False),
        ("收到的数量比送货单少 20 件", "数量短缺", False),
        ("数量不足，少装20件", "短装 5 件", True),
        ("卡扣装不到位", "卡扣装配不到位，装不进去", True),
        ("卡扣装不到位", "线束太短", False),
        ("", "线束太短", False),
        ("12 件", "15 件", False),
    ],
)
def test_symptoms_are_the_same_in_other_words(one, other, same):
    assert same_symptom(one, other) is same
    assert same_symptom(other, one) is same


@settings(max_examples=100)
@given(st.text(max_size=2000), st.text(max_size=2000))
def test_symptoms_are_compared_the_same_both_ways_and_never_raise(one, other):
    assert same_symptom(one, other) == same_symptom(other, one)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("北方电机制造有限公司", "北方电机制造股份公司"),
        ("Northwind Automotive Inc.", "NORTHWIND AUTOMOTIVE"),
        ("ＡＢＣ（苏州）有限公司", "ABC 苏州"),
    ],
)
def test_a_customer_is_the_same_whatever_the_legal_form(one, other):
    assert customer_key(one) == customer_key(other) != ""


def test_codes_are_alike_by_one_in_common_and_what_is_unknown_is_like_nothing():
    case = registered(part_no="BF-2207、BF-2208", phenomenon="内径偏大").case
    told = {"customer": Fact("北方电机"), "part_no": Fact("bf 2207"), "phenomenon": Fact("内径超差")}
    keys = ("customer", "part_no", "phenomenon")
    assert not alike({**told, "part_no": Fact("BF")}, case, keys)
    assert alike({**told, "part_no": Fact("bf2208")}, case, keys)
    assert not alike({key: told[key] for key in ("customer", "phenomenon")}, case, keys)


def test_what_was_cancelled_or_closed_long_ago_is_not_watched():
    closed = to_closed().case
    facts = {"customer": Fact("北方电机"), "part_no": Fact("A1"), "phenomenon": Fact("内径超差")}
    closed = replace(closed, facts={**closed.facts, **facts})
    rule = PROCESS.recurrence
    assert repeats(facts, [closed], rule, CALENDAR, at("12-12 09:00")) is closed
    assert repeats(facts, [closed], rule, CALENDAR, at("11-12 09:00") + timedelta(days=200)) is None
    assert repeats(facts, [replace(closed, status=Status.CANCELLED)], rule, CALENDAR, at("12-12 09:00")) is None
    still_open = replace(closed, status=Status.WORKING, closed_at=None)
    assert repeats(facts, [still_open], rule, CALENDAR, at("11-12 09:00") + timedelta(days=900)) is still_open


def test_a_complaint_that_comes_again_opens_the_case_and_counts():
    play = to_closed()
    wish = Recur(
        "又来了", {"phenomenon": Fact("轴承松动"), "department": Fact("技术部")}, reporter=LI, reporter_name="李娜"
    )
    play.must(wish)
    case = play.case
    assert (case.round, case.fact("repeats"), case.text("department")) == (2, 1, "生产部")
    assert case.text("phenomenon") == "轴承松动"
    assert "轴承松动" in case.steps["containment"].reason
    play.must(wish)
    assert play.case.round == 2, "one that is open only takes the mail"


# ── soundness ──

FOLLOW = """\
[[followup]]
id = "later"
title = { en = "Later" }
owner = "clerk"
after = "second.yes"
times = "1mo"
due = "5wd"
[followup.choices.good]
words = { en = "good" }
"""


def test_a_small_follow_up_loads():
    assert load_process(TINY + FOLLOW, "own.toml").followups["later"].after == ("second.yes",)


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ('id = "later"', 'id = "first"', "cannot be the name of a follow-up"),
        ('id = "later"', 'id = "a.b"', "cannot be the name of a follow-up"),
        ('after = "second.yes"', 'after = "second.maybe"', "follows 'second.maybe', which is no step"),
        ('owner = "clerk"\nafter', 'owner = "ceo"\nafter', "'ceo', which is no role"),
        ('times = "1mo"\n', "", "has no times"),
        ('times = "1mo"', 'every = "quarter end"', "would never end"),
        ('due = "5wd"', 'due = { general = "5wd" }', "no due time for every grade"),
        ('due = "5wd"', "", "nobody can be reminded"),
        ('due = "5wd"', 'due = "5wd"\nladder = "steep"', "'steep', which is not there"),
        ('due = "5wd"', 'due = "5wd"\nuntil = { nonsense = "x" }', "'nonsense' is no fact"),
        ('due = "5wd"', 'due = "5wd"\ngives = "d1.note"', "gives is said of steps"),
        ('due = "5wd"', 'due = "5wd"\ndocuments = "record"', "asks for 'record', which is not in [documents]"),
        ('words = { en = "good" }', 'words = { en = "good" }\nends = "已结案"', "can neither end the case"),
        ('words = { en = "good" }', 'words = { en = "good" }\nback_to = "frist"', "'frist', which is no step"),
        ('[followup.choices.good]\nwords = { en = "good" }', "", "nothing ever ends follow-up"),
    ],
)
def test_a_follow_up_with_a_fault_is_named_with_its_line(old, new, say):
    text = TINY + FOLLOW
    assert old in text
    found = faults_of(text.replace(old, new))
    (fault,) = [one for one in found if say in str(one)]
    assert fault.line > TINY.count("\n")


@pytest.mark.parametrize(
    ("more", "say"),
    [
        ('[[raise]]\nid = "a"\ngrade = "grave"\nafter = "1mo"', "'grave' is no grade"),
        ('[[raise]]\nid = "a"\ngrade = "critical"', "would raise every case"),
        ('[[raise]]\nid = "a"\ngrade = "critical"\nwhen = { nonsense = "x" }', "'nonsense' is no fact"),
        ('[recurrence]\nwithin = "6mo"\nsame = ["part_no"]', "needs the customer"),
        ('[recurrence]\nwithin = "6mo"\nsame = ["customer", "nonsense"]', "'nonsense' is no fact"),
        ('[recurrence]\nwithin = "6mo"\ntells = "ceo"', "'ceo' is no role"),
        ('[recurrence]\nwithin = "6mo"\nthen = "forget"', "then"),
    ],
)
def test_a_fault_in_what_comes_after_is_named(more, say):
    tells = "" if "tells" in more or "recurrence" not in more else '\ntells = "clerk"'
    assert say in "".join(map(str, faults_of(f"{TINY}{more}{tells}\n")))


def test_two_rules_of_one_name_are_a_fault():
    rule = '[[raise]]\nid = "a"\ngrade = "critical"\nafter = "1mo"\n'
    with pytest.raises(BadProfile, match="two rules that raise the grade are called 'a'"):
        load_process(TINY + rule + rule, "own.toml")


def test_the_pinned_text_of_a_profile_holds_its_follow_ups():
    assert load_process(PROFILE, "store").followups == PROCESS.followups


# ── who is responsible ──

KINDS = """\
[roles]
makers = "制造责任部门"
[kinds.making]
title = "制造"
words = ["焊点"]
responsible = "makers"
[kinds.other]
title = "其他"
"""


def held_by(department):
    """Return the directory in which this department holds the role."""
    return replace(DIRECTORY, offices={**DIRECTORY.offices, "makers": (department,)})


def test_the_kind_names_the_department_until_a_person_does(monkeypatch):
    monkeypatch.setattr("tests.core.play.DIRECTORY", held_by("技术部"))
    process = own(KINDS)
    play = registered(department="", process=process, category="制造")
    assert play.case.text("department") == "技术部"
    play = registered(department="生产部", process=process, category="其他")
    assert play.case.text("department") == "生产部", "a kind that names nobody leaves it as it is"
    play.must(Correct({"department": "物流部"}), WANG)
    play.must(Correct({"category": "制造"}), WANG)
    assert play.case.text("department") == "物流部"


def test_a_role_that_no_department_holds_names_none():
    play = registered(department="生产部", process=own(KINDS), category="制造")
    assert play.case.text("department") == "生产部"


@pytest.mark.parametrize(
    ("more", "say"),
    [
        ('[kinds.a]\ntitle = "a"\nresponsible = "ceo"', "'ceo' is no role"),
        ('[grades.general]\nresponsible = "clerk"', "only a kind names"),
    ],
)
def test_a_wrong_responsible_role_is_a_fault(more, say):
    assert say in "".join(map(str, faults_of(f"{TINY}{more}\n")))


@pytest.mark.parametrize(
    ("text", "instant"),
    [
        ("2026-11-02 08:10", "11-02 08:10"),
        ("11月2日 8：10 电话", "11-02 08:10"),
        ("11月2日", "11-02 08:00"),
        ("2026-11-02 99:10", "11-02 08:00"),
    ],
)
def test_a_fact_may_name_the_time_of_day(text, instant):
    play = registered(heard_at=text)
    found = fact_time("heard_at", CALENDAR, play.case, play.context(), end=False)
    assert local(found) == instant


def test_a_verdict_may_count():
    more = '[facts.failures]\nheader = "不满意次数"\nkind = "whole number"\n[[step]]\nid = "check"\n'
    process = own(f'{more}[step.choices.questioned]\ncounts = "failures"\n')
    play = to_check(process=process)
    for count in (1, 2):
        play.must(Choose("check", "questioned", "不够"), WANG)
        assert play.case.fact("failures") == count
        play.must(Give({"d5.actions": "改了"}), PRODUCTION)
    assert holds(({"failures": Bound(at_least=2)},), play.case)


def test_a_verdict_counts_only_in_a_number_of_the_profile():
    text = TINY.replace('ends = "已结案"', 'ends = "已结案"\ncounts = "phenomenon"')
    assert "'phenomenon' cannot be counted in" in "".join(map(str, faults_of(text)))
