import re

import pytest

from daemon.core.case import Severity
from daemon.core.commands import Acknowledge, Choose, Give
from daemon.core.process import BadProfile, in_language, load_process
from tests.cast import CHEN, LI, PRODUCTION, WANG
from tests.core.play import ANSWER, PROCESS, PROFILE, Play, registering

TINY = """\
id = "tiny"
title = { en = "Tiny", zh-CN = "小" }
[number]
pattern = "{yy}{seq:04}"
[roles]
clerk = { en = "clerk" }
[sections]
"d1.note" = { en = "note" }
[[registered]]
template = "receipt"
to = "clerk"
[[step]]
id = "first"
title = { en = "First" }
owner = "clerk"
phase = "待核实"
due = { default = "1d" }
gives = "d1.note"
[[step]]
id = "second"
title = { en = "Second" }
owner = "clerk"
phase = "待核实"
due = { general = "1d", important = "4wh", critical = "30min" }
after = "first"
[step.choices.yes]
words = { en = "yes" }
ends = "已结案"
[step.choices.no]
words = { en = "no" }
back_to = "first"
[ladder.default]
default = [ { at = "due", to = "clerk" } ]
[progress]
grades = "critical"
to = "clerk"
"""


def faults_of(text):
    with pytest.raises(BadProfile) as wrong:
        load_process(text, "own.toml")
    return wrong.value.faults


def test_the_shipped_profile_loads():
    assert PROCESS.id == "8d"
    assert list(PROCESS.steps)[:3] == ["emergency", "verify", "team"]
    assert all(PROCESS.rungs(step, grade) for step in PROCESS.step for grade in Severity)


def test_a_small_profile_loads():
    assert list(load_process(TINY, "own.toml").steps) == ["first", "second"]


@pytest.mark.parametrize(
    ("old", "new", "say"),
    [
        ('after = "first"', 'after = "frist"', "'frist', which is no step"),
        ('back_to = "first"', 'back_to = "frist"', "'frist', which is no step"),
        ('id = "second"', 'id = "first"', "two steps are called 'first'"),
        ('after = "first"', 'after = "second"', "never reached"),
        ('due = { default = "1d" }', 'due = { general = "1d" }', "no due time for every grade"),
        ('due = { default = "1d" }', 'due = { default = "1 fortnight" }', "not a length of time"),
        ('due = { default = "1d" }', 'due = { default = "1d", grave = "1h" }', "'grave' is no grade"),
        ('gives = "d1.note"', 'gives = "d1.nota"', "no section, fact or document"),
        ('gives = "d1.note"', 'urgent_for = "grave"', "'grave' is no grade"),
        ('gives = "d1.note"', 'ladder = "steep"', "'steep', which is not there"),
        ('gives = "d1.note"', 'sends = { template = "answer", to = "ceo" }', "'ceo' is no role"),
        ('gives = "d1.note"', 'promise = "d1.note"', "Extra inputs are not permitted"),
        ('to = "clerk"\n[[step]]', 'to = "boss"\n[[step]]', "'boss' is no role"),
        ('at = "due", to = "clerk"', 'at = "due", to = "boss"', "'boss' is no role"),
        ('at = "due"', 'at = "later"', "a share (75%)"),
        ('at = "due"', 'at = "abc%"', "a share (75%)"),
        ('at = "due"', 'at = "101%"', "a share (75%)"),
        ('at = "due"', 'at = "+3 fortnights"', "not a length of time"),
        ('at = "due"', 'at = "due", every = "4h"', "either `at`"),
        ("default = [ {", "critical = [ {", "says nothing for general"),
        ('grades = "critical"', 'grades = "grave"', "'grave' is no grade"),
        ('pattern = "{yy}{seq:04}"', 'pattern = "{yy}{number}"', "the pattern may hold"),
        ('pattern = "{yy}{seq:04}"', 'pattern = "{yy}{mm}"', "the same number"),
        ('pattern = "{yy}{seq:04}"', 'restarts = "week"', "'month', 'year' or 'never'"),
        ('ends = "已结案"', 'ends = "完了"', "Input should be"),
        ('words = { en = "no" }', 'word = { en = "no" }', "Field required"),
        ('id = "tiny"', 'customer_sees = "d1.nota"\nid = "tiny"', "'d1.nota', which is no section"),
        ('clerk = { en = "clerk" }', 'clerk = { en = "clerk"', "this is not TOML"),
    ],
)
def test_every_fault_is_named_with_its_line(old, new, say):
    text = TINY.replace(old, new)
    assert text.count(new) >= 1
    faults = faults_of(text)
    fault = next((one for one in faults if say in one.text), None)
    assert fault, [str(one) for one in faults]
    assert str(fault).startswith(f"own.toml:{fault.line}: ")
    place = TINY[: TINY.index(old)].count("\n") + 1
    of_the_table = say in ("says nothing for general", "Field required")  # what is not there has no line of its own
    assert fault.line == place - of_the_table, text.splitlines()[fault.line - 1]


def test_an_unknown_owner_is_named_with_its_line():
    lines = TINY.splitlines()
    place = max(n for n, line in enumerate(lines) if line == 'owner = "clerk"')
    lines[place] = 'owner = "clark"'
    (fault,) = faults_of("\n".join(lines))
    assert (fault.line, "'clark', which is no role" in fault.text) == (place + 1, True)


def test_a_step_that_nothing_ends_is_a_fault():
    (fault,) = faults_of(TINY.replace('gives = "d1.note"\n', ""))
    assert "nothing ever ends step 'first'" in fault.text


def test_all_faults_are_named_at_once():
    text = TINY.replace('after = "first"', 'after = "frist"').replace('gives = "d1.note"', 'gives = "d1.nota"')
    said = "\n".join(one.text for one in faults_of(text))
    assert "frist" in said
    assert "d1.nota" in said


def test_a_text_that_ends_too_early_names_its_last_line():
    (fault,) = faults_of(TINY + 'words = """\nand so on')
    assert fault.line == TINY.count("\n") + 2


@pytest.mark.parametrize(
    ("language", "word"), [("zh-CN", "满意"), ("zh-TW", "满意"), ("en", "satisfied"), ("de", "satisfied")]
)
def test_words_fall_back_to_the_next_best_language(language, word):
    assert in_language({"zh-CN": "满意", "en": "satisfied"}, language) == word


def test_going_back_takes_along_everything_that_follows():
    assert PROCESS.after_all(("approve",)) == {
        "approve", "approve_director", "answer", "implement", "confirm", "prevention", "effect", "close",
    }  # fmt: skip


NAMES = {key: f"s{number}" for number, key in enumerate(PROCESS.steps)}


def renamed_profile():
    """The shipped profile with every step called otherwise."""
    lines = PROFILE.splitlines()
    for number, line in enumerate(lines):
        if re.match(r"(id|after|back_to|reopens_at) = ", line):
            lines[number] = re.sub(r'"(\w+)(?=["\.])', lambda found: f'"{NAMES.get(found[1], found[1])}', line)
    return load_process("\n".join(lines), "renamed.toml")


def story(process, names):
    play = Play(process)
    play.must(registering("重大"))
    play.must(Choose(names["emergency"], "not_needed", "客户有库存"), WANG)
    play.must(Choose(names["verify"], "founded"), WANG)
    play.must(Acknowledge((names["team"],)), PRODUCTION)
    play.must(Give(ANSWER), PRODUCTION)
    play.must(Choose(names["check"], "works"), WANG)
    play.must(Choose(names["approve"], "rejected", "流出原因没有对应的措施"), CHEN)
    play.must(Give({"d5.actions": "增加内径检查"}), PRODUCTION)
    play.must(Choose(names["check"], "works"), WANG)
    play.must_not(Choose(names["confirm"], "satisfied"), LI)
    return play


def test_no_step_is_named_in_the_program():
    play, same = story(PROCESS, {key: key for key in NAMES}), story(renamed_profile(), NAMES)
    assert [event.type for event in same.events] == [event.type for event in play.events]
    assert [event.data["step"] for event in same.events if "step" in event.data] == [
        NAMES[event.data["step"]] for event in play.events if "step" in event.data
    ]
    assert same.open == {NAMES[key] for key in play.open}
    assert same.case.round == 2


@pytest.mark.parametrize(
    ("letter", "place", "say"),
    [
        ('[letters.x]\ntitle = "X"', 0, "nobody sends the letter 'x'"),
        ('[letters.Big]\ntitle = "X"', 0, "'Big' needs a name of small letters"),
        ('[letters.x]\ntitle = "X"\nshows = "y"', 2, "'y', which is no fact and no section"),
        ('[letters.x]\ntitle = "X"\ncopies = { ceo = "1" }', 2, "'ceo' is no role"),
    ],
)
def test_every_fault_of_a_letter_is_named_with_its_line(letter, place, say):
    faults = [one for one in faults_of(f"{TINY}{letter}\n") if say in one.text]
    assert [one.line for one in faults] == [TINY.count("\n") + 1 + place]


def test_a_fact_has_an_english_name_or_else_its_header():
    process = load_process(
        f'{TINY}[facts.rate]\nheader = "日用量"\nheader_en = "Daily use"\n[facts.x]\nheader = "甲"', "x"
    )
    assert [process.part_title("rate", language) for language in ("zh-TW", "en")] == ["日用量", "Daily use"]
    assert process.part_title("x", "en") == "甲"


def test_an_english_name_of_a_fact_must_be_its_own():
    (fault,) = faults_of(f'{TINY}[facts.x]\nheader = "甲"\nheader_en = "Batch no."\n')
    assert "'Batch no.' is the name of 'batch_no' too" in fault.text
    assert fault.line == TINY.count("\n") + 3
