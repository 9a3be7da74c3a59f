"""Faults of calendar duties, each with its file and line."""

import pytest

from daemon.core.process import BadProfile, load_sources, source
from daemon.processes import profile_sources

DUTY = """\
[facts.market]
header = "市场"
kind = "list"
values = ["汽车", "非汽车"]
[[duty]]
id = "count"
title = "投诉率"
on = "5th of month, after"
to = "quality_manager"
cases = { are = "registered", in = "last period", when = { market = { known = true } } }
columns = ["market", "d5.actions"]
count = { by = "market", figures = "on_time", targets = { on_time = 0.9 }, sum = "cost", limits = { "汽车" = 0.002 } }
"""


def faults(text):
    try:
        load_sources((*profile_sources("8d"), source(text, "own.toml")))
    except BadProfile as wrong:
        return [f"{one.file.rpartition('/')[2]}:{one.line}: {one.text}" for one in wrong.faults]
    return []


def test_a_sound_duty_has_none():
    assert faults(DUTY) == []


@pytest.mark.parametrize(
    ("said", "instead", "line", "fault"),
    [
        ('"quality_manager"', '"mrb"', 9, "'mrb', which is no role"),
        ('"quality_manager"', '"reporter"', 9, "colleagues only"),
        ('"quality_manager"', '"owner"', 9, "which only a step has"),
        ('"5th of month, after"', '"5th of next month"', 8, "no day that comes again"),
        ('"5th of month, after"', '["friday", "friday, after"]', 8, "due on 'friday' twice"),
        ('columns = ["market"', 'columns = ["markt"', 11, "'markt' is no fact"),
        ('columns = ["market"', 'columns = ["report_file"', 11, "use `attach`"),
        ("when = { market", "when = { markt", 10, "'markt' is no fact"),
        ('by = "market"', 'by = "markt"', 12, "'markt' is no fact"),
        ('sum = "cost"', 'sum = "phenomenon"', 12, "'phenomenon' is no number"),
        ('figures = "on_time"', 'figures = "solved"', 12, "target for 'on_time', which is none of its figures"),
        ('figures = "on_time"', 'figures = "speed"', 12, "'on_time', 'satisfied' or 'solved'"),
        ('"汽车" = 0.002', '"汽車" = 0.002', 12, "limit for '汽車', which market never is"),
        ('title = "投诉率"', 'title = "投诉率"\nsum = 3', 8, "no such key"),
        ("cases = {", "skips_empty = true\n#", 5, "say which: cases"),
    ],
)
def test_each_fault_is_told_with_its_line(said, instead, line, fault):
    (found,) = faults(DUTY.replace(said, instead, 1))
    assert found.startswith(f"own.toml:{line}: ")
    assert fault in found


def test_two_duties_of_one_name_and_a_duty_that_shows_cases_without_saying_which():
    more = DUTY + '[[duty]]\nid = "count"\ntitle = "b"\non = "friday"\nto = "department"\nattach = "internal"\n'
    found = faults(more)
    assert any("two duties are called 'count'" in one for one in found)
    assert any("shows something of cases" in one for one in found)
    assert any("'department' differs from case to case" in one for one in found)


def test_a_duty_of_a_profile_below_is_changed_and_turned_off():
    below = (*profile_sources("8d"), source(DUTY, "own.toml"))
    changed = load_sources((*below, source('[[duty]]\nid = "count"\non = []\n', "config.toml")))
    (duty,) = changed.duty
    assert (duty.on, duty.to, duty.columns) == ((), ("quality_manager",), ("market", "d5.actions"))
