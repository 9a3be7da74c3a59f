"""A profile is put together from what it extends, what it says itself and what config.toml overrides."""

import tomllib
from pathlib import Path

import pytest

from daemon.core.case import Severity
from daemon.core.commands import Choose, Correct
from daemon.core.process import (
    BadProfile,
    Source,
    holds,
    load_pinned,
    load_process,
    load_sources,
    pinned,
    source,
    sources_of,
)
from daemon.core.process.writing import toml_text
from daemon.processes import profile_sources, profile_text, shipped, shipped_process
from tests.cast import WANG
from tests.core.play import PROCESS, local, registered
from tests.core.test_process import TINY, story

OWN = """\
id = "own"
title = "自己的"
extends = "tiny"
[roles]
boss = { en = "boss" }
[[step]]
id = "second"
owner = "boss"
due = "2d"
[[step]]
id = "third"
title = "三"
owner = "boss"
phase = "待核实"
after = "first"
due = "1d"
gives = "d1.note"
"""
FIRST = Path(__file__).parent / "pinned" / "8d-first.toml"


def shelf(**texts):
    def read(name):
        if name not in texts:
            raise FileNotFoundError(name)
        return texts[name], f"{name}.toml"

    return read


def own(text=OWN, **texts):
    return sources_of(text, "own.toml", shelf(tiny=TINY, **texts))


def faults_of(sources):
    with pytest.raises(BadProfile) as wrong:
        load_sources(sources)
    return [str(one) for one in wrong.value.faults]


def test_what_is_said_again_replaces_by_id_and_the_rest_is_taken_over():
    process = load_sources(own())
    assert list(process.steps) == ["first", "second", "third"]
    second = process.steps["second"]
    assert (second.owner, str(second.due_in(Severity.CRITICAL)), second.after) == (("boss",), "2d", ("first",))
    assert set(second.choices) == {"yes", "no"}
    assert set(process.roles) == {"clerk", "boss"}
    assert (process.id, process.number.pattern) == ("own", "{yy}{seq:04}")
    assert process.title == {"zh-CN": "自己的"}, "a plain text is in the language of the profile"


def test_order_tells_which_steps_there_are():
    text = OWN.replace('extends = "tiny"', 'extends = "tiny"\norder = ["third", "first", "second"]')
    assert list(load_sources(own(text)).steps) == ["third", "first", "second"]
    text = text.replace('"third", ', "")
    assert list(load_sources(own(text)).steps) == ["first", "second"]
    (fault,) = faults_of(own(text.replace('"second"]', '"second", "forth"]')))
    assert fault == "own.toml:4: order names 'forth', which is no step"


def test_a_text_in_another_language_is_that_languages():
    text = OWN.replace('title = "自己的"', 'language = "zh-TW"\ntitle = "客訴處理"')
    process = load_sources(own(text))
    assert (process.title, process.steps["third"].title) == ({"zh-TW": "客訴處理"}, {"zh-TW": "三"})


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (OWN.replace('"tiny"', '"teeny"'), "own.toml:3: extends 'teeny', which cannot be read"),
        (OWN.replace('owner = "boss"', 'owner = "chef"', 1), "own.toml:8: step 'second' belongs to 'chef'"),
        (OWN.replace('due = "2d"', 'due = "2 fortnights"'), "own.toml:9: step.1.due.default"),
        (OWN.replace('after = "first"', 'after = "forth"'), "own.toml:15: step 'third' waits for 'forth'"),
        (OWN.replace('due = "2d"', "promise = 1"), "own.toml:9: step.1.promise: there is no such key"),
        (OWN.replace('due = "2d"', 'after = "second"'), "own.toml:9: step 'second' is never reached"),
        (
            OWN.replace('due = "2d"', 'on_reject = "first"'),
            "own.toml:9: step 'second' has no choice with on = \"reject\"",
        ),
        (OWN.replace('due = "2d"', 'verdicts = "law"'), "own.toml:9: verdicts 'law' are not there"),
    ],
)
def test_a_fault_is_named_where_it_was_written(text, says):
    with pytest.raises(BadProfile) as wrong:
        load_sources(own(text))
    assert any(str(one).startswith(says) for one in wrong.value.faults), str(wrong.value)


def test_a_fault_in_what_is_extended_is_named_there():
    below = TINY.replace('after = "first"', 'after = "frist"')
    faults = faults_of(sources_of(OWN, "own.toml", shelf(tiny=below)))
    assert f"tiny.toml:{below[: below.index('frist')].count(chr(10)) + 1}: " in faults[0]


def test_profiles_that_extend_each_other_are_a_fault():
    with pytest.raises(BadProfile, match=r"tiny.toml:1: extends 'own', which extends it in turn"):
        sources_of(OWN, "own.toml", shelf(tiny='extends = "own"\n' + TINY, own=OWN))


def test_config_overrides_and_its_faults_are_named_in_config():
    config = '[service]\nprocess = "own"\n\n[[override.step]]\nid = "second"\ndue = "5d"\n'
    over = Source("config.toml", config, {"step": [{"id": "second", "due": "5d"}]}, ("override",))
    assert str(load_sources((*own(), over)).steps["second"].due_in(Severity.GENERAL)) == "5d"
    over = Source("config.toml", config.replace("5d", "5x"), {"step": [{"id": "second", "due": "5x"}]}, ("override",))
    assert faults_of((*own(), over))[0].startswith("config.toml:6: step.1.due.default")


def test_what_is_pinned_reads_back_the_same_and_one_text_alone_is_pinned_as_it_is():
    over = Source(
        "config.toml", "", {"ladder": {"default": {"critical": [{"at": "+1h", "to": "clerk"}]}}}, ("override",)
    )
    sources = (*own(), over)
    assert load_process(pinned(sources), "store") == load_sources(sources)
    assert pinned(sources_of(TINY, "tiny.toml", shelf())) == TINY


def test_plain_data_is_written_so_that_it_reads_back():
    data = {
        "text": 'a "quoted" \\ line\nand \u007f more', "list": [1, 2.5, True], "d4.cause": {"zh-CN": "原因"},
        "table": {"deep": {"x": [1], "y": {"z": "1"}}}, "rows": [{"id": "a", "more": {"b": {"c": ["d"]}}}, {"id": "e"}],
    }  # fmt: skip
    assert tomllib.loads(toml_text(data)) == data


# ── the profiles that ship ──


@pytest.mark.parametrize("name", shipped())
def test_every_shipped_profile_loads_and_reads_back_from_its_pin(name):
    text, file = profile_text(name)
    assert load_process(text, file) == shipped_process(name)
    assert load_pinned(text, file) == shipped_process(name)
    assert [one.file.rpartition("/")[2] for one in profile_sources(name)][-1] == f"{name}.toml"


def test_a_profile_that_a_case_pinned_long_ago_still_plays():
    old = load_pinned(FIRST.read_text(encoding="utf-8"), "store")
    assert list(old.steps) == list(PROCESS.steps)
    names = {key: key for key in old.steps}
    assert story(old, names).open == story(PROCESS, names).open


# ── verdicts ──

GATE = """\
[verdicts.approval.ok]
words = "批准"
[verdicts.approval.no]
words = "驳回"
on = "reject"
needs_reason = true
[[step]]
id = "gate"
title = "审批"
owner = "clerk"
phase = "待审批"
after = "second"
due = "4h"
verdicts = "approval"
on_reject = "first"
[step.choices.ok]
ends = "已结案"
"""


def test_verdicts_are_written_out_and_a_step_may_say_more_of_one():
    choices = load_process(TINY + GATE, "own.toml").steps["gate"].choices
    assert choices["no"].back_to == ("first",)
    assert choices["no"].needs_reason
    assert choices["ok"].ends == "已结案"
    assert choices["ok"].words == {"zh-CN": "批准"}


RULING = """\
[[step]]
id = "ruling"
title = "裁定"
owner = "clerk"
phase = "待审批"
after = "second"
when = { remarks = { known = true } }
due = "4h"
[step.choices.upheld]
words = "维持"
back_to = "first"
[[step]]
id = "first"
[step.choices.object]
words = "异议"
sets = { remarks = "{reason}" }
"""


def test_a_step_that_every_verdict_leaves_by_a_round_which_forgets_why_it_was_asked_is_no_endless_loop():
    whole = load_sources((source(TINY, "tiny.toml"), source(RULING, "own.toml")))
    assert whole.steps["ruling"].choices["upheld"].back_to == ("first",)
    endless = source(RULING.replace('sets = { remarks = "{reason}" }', ""), "own.toml")
    assert "step 'ruling' is a loop without an end" in faults_of((source(TINY, "tiny.toml"), endless))[0]


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('after = "second"', "", "choice 'no' goes back to first, but 'gate' does not follow it"),
        ('ends = "已结案"', 'back_to = "first"', "step 'gate' is a loop without an end"),
        ('words = "驳回"', 'words = "批准"', "the choices 'ok' and 'no' are both called '批准'"),
        ("owner", 'when = { weather = "rain" }\nowner', "'weather' is no fact"),
        ("owner", 'clock_starts = "arrival"\nowner', "'arrival' is no fact"),
        ("[verdicts.approval.ok]", '[hides]\nclerk = "wind"\n[verdicts.approval.ok]', "'wind' is no fact"),
        ("[verdicts.approval.ok]", '[hides]\nnobody = "reporter"\n[verdicts.approval.ok]', "'nobody' is no role"),
        ("owner", 'opens = { each = "partners" }\nowner', "'partners' is no fact"),
        ("owner", 'due_fact = "promised"\nowner', "'promised' is no fact"),
        ("owner", 'needs = ["wind"]\nowner', "'wind' is no fact"),
        ("owner", 'with = "ceo"\nowner', "step 'gate' tells 'ceo', which is no role"),
        ("owner", "when = { severity = {} }\nowner", "a condition needs"),
        ("[[step]]", '[facts.weather]\nheader = "客户名称"\n[[step]]', "'客户名称' is the name of 'customer' too"),
        ("[[step]]", '[facts.weather]\nheader = "天气"\nkind = "cloud"\n[[step]]', "'cloud' is no kind of fact"),
        ("[[step]]", '[facts.weather]\nheader = "天气"\nkind = "list"\n[[step]]', "'weather' is a list without values"),
        ("[[step]]", '[may]\nfly = "clerk"\n[[step]]', "'fly' is nothing that may be wished"),
        ("[[step]]", '[may]\nhold = "ceo"\n[[step]]', "'ceo' is no role"),
        ("[[step]]", '[grades.grave]\nmeans = "x"\n[[step]]', "'grave' is no grade"),
        ("owner = ", "owner = [] # ", "step.2.owner"),
    ],
)
def test_what_the_language_cannot_mean_is_a_fault(old, new, says):
    assert any(says in fault for fault in faults_of(sources_of(TINY + GATE.replace(old, new, 1), "own.toml", shelf())))


def test_a_role_with_the_name_of_another_is_a_fault():
    text = TINY.replace("[sections]", 'other = { en = "clerk" }\n[sections]')
    (fault,) = faults_of(sources_of(text, "own.toml", shelf()))
    assert "is the name of the role 'clerk' too" in fault


def test_a_process_that_never_ends_is_a_fault():
    (fault,) = faults_of(sources_of(TINY.replace('ends = "已结案"', ""), "own.toml", shelf()))
    assert "no choice ends the case" in fault


# ── conditions, clocks and grades at work ──

STEP = """\
[[step]]
id = "extra"
title = "加办"
owner = "quality_engineer"
phase = "处理中"
after = "verify"
takes = "meetings"
"""


def with_step(more, facts=""):
    base = profile_text("8d")[0]
    return load_process(base + facts + STEP + more, "own.toml")


@pytest.mark.parametrize(
    ("when", "facts", "opens"),
    [
        ('when = { severity = "重大", channel = "驻线" }', {"channel": "驻线"}, False),
        ('when = [{ severity = "重大" }, { channel = "驻线" }]', {"channel": "驻线"}, True),
        ('when = [{ severity = "重大" }, { channel = "驻线" }]', {"channel": "电话"}, False),
        ('when = { channel = ["驻线", "现场"] }', {"channel": "现场"}, True),
        ('unless = { channel = "邮件" }', {"channel": "邮件"}, False),
        ('unless = { channel = "邮件" }', {"channel": "电话"}, True),
        ("when = { quantity_defective = { at_least = 100 } }", {"quantity_defective": "100"}, True),
        ("when = { quantity_defective = { at_least = 100 } }", {"quantity_defective": "99"}, False),
        ("when = { quantity_defective = { at_least = 100 } }", {}, False),
        ("when = { defect_rate = { at_least = 0.1, at_most = 0.2 } }", {"defect_rate": "0.25"}, False),
        ("when = { batch_no = { known = true } }", {"batch_no": "A1"}, True),
        ("when = { batch_no = { known = false } }", {"batch_no": "A1"}, False),
        ('when = { severity = "一般" }', {}, True),
    ],
)
def test_a_step_opens_when_the_facts_are_as_it_asks(when, facts, opens):
    play = registered(severity="", process=with_step(f'due = "1wd"\n{when}\n'), **facts)
    play.must(Choose("verify", "founded"), WANG)
    assert ("extra" in play.open) is opens


ARRIVAL = (
    '[facts.parts_arrived]\nheader = "样品到达"\nkind = "date"\n[facts.planned]\nheader = "计划日期"\nkind = "date"\n'
)


def test_a_clock_may_start_with_the_complaint_or_when_the_parts_arrive():
    play = registered(process=with_step('due = "2wd"\nclock_starts = "receipt"\n'))
    play.at("11-03 10:00").must(Choose("verify", "founded"), WANG)
    assert local(play.case.steps["extra"].due_at) == "11-04 09:00"
    play = registered(process=with_step('due = "2wd"\nclock_starts = "parts_arrived"\n', ARRIVAL))
    play.must(Choose("verify", "founded"), WANG)
    assert play.case.steps["extra"].due_at is None, "nobody can be late while the parts are on their way"
    play.at("11-05 15:00").must(Correct({"parts_arrived": "11月5日"}), WANG)
    assert local(play.case.steps["extra"].due_at) == "11-09 08:00"


def test_a_date_that_is_a_fact_is_the_due_time():
    play = registered(process=with_step('due = "2wd"\ndue_fact = "planned"\n', ARRIVAL))
    play.must(Choose("verify", "founded"), WANG)
    assert local(play.case.steps["extra"].due_at) == "11-04 09:00"
    play.must(Correct({"planned": "2026-11-13"}), WANG)
    assert local(play.case.steps["extra"].due_at) == "11-13 17:30"


def test_a_day_of_the_calendar_is_a_due_time_too():
    play = registered(process=with_step('due = "5th of next month, after"\n'))
    play.must(Choose("verify", "founded"), WANG)
    assert local(play.case.steps["extra"].due_at) == "12-07 17:30", "the 5th of December is a Saturday"


RULED = "[grades.critical]\nwhen = { quantity_defective = { at_least = 500 } }\n"


def ruled():
    sources = (*profile_sources("8d"), *sources_of(RULED, "own.toml", shelf()))
    return load_sources(sources)


def test_a_rule_raises_the_grade_at_registration_and_when_a_figure_is_corrected():
    assert registered("一般", process=ruled(), quantity_defective="600").case.severity is Severity.CRITICAL
    play = registered("一般", process=ruled(), quantity_defective="20")
    assert play.case.severity is Severity.GENERAL
    play.at("11-02 10:00").must(Correct({"quantity_defective": 700}), WANG)
    assert play.case.severity is Severity.CRITICAL
    assert local(play.case.steps["verify"].due_at) == "11-02 10:00", "an hour from the start, not from now"


def test_what_a_person_graded_is_not_graded_again_by_a_rule():
    play = registered("一般", process=ruled(), quantity_defective="600")
    play.must(Correct({"severity": "重要"}), WANG)
    play.must(Correct({"batch_no": "A2"}), WANG)
    assert play.case.severity is Severity.IMPORTANT


def test_a_condition_that_asks_nothing_holds():
    assert holds((), registered().case)
