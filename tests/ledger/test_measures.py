"""Rows of 措施跟踪, and what people say by changing them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from uuid import UUID

import pytest

from daemon.core.case import Section, Status
from daemon.core.commands import SetMeasure
from daemon.core.measures import with_section
from daemon.ledger.measure_columns import MEASURE_HEADINGS, STATES
from daemon.ledger.measures import (
    WHOSE,
    MeasureRow,
    case_and_id,
    is_blank,
    measure_of_row,
    measure_rows,
    new_measure_row,
    wish_of_edits,
    wish_of_typed,
)
from daemon.ledger.merge import edits, writes
from daemon.ledger.sheet import Seen, SeenRow
from tests.ledger.cast import ENGLISH, LATE, LAYOUT, NOW, PROCESS

TODAY = date(2026, 11, 23)
TEXT = "1. 改造补正值程序（王建国，12月1日前）\n2. 培训（赵磊，11月20日前）\n3. 加做首件检查"
CASE = replace(
    LATE,
    sections={**LATE.sections, "d5.actions": Section(TEXT, "zhao", NOW)},
    measures=with_section((), "d5.actions", TEXT, 5, TODAY),
)
KEYS = tuple(WHOSE)


def day(month, number, year=2026):
    return datetime(year, month, number)  # noqa: DTZ001 - what stands in a cell


def rows(case=CASE, layout=LAYOUT):
    return measure_rows(case, layout, TODAY)


def seen(row: MeasureRow, **typed):
    cells = {key: Seen(value) for key, value in row.values.items() if value not in (None, "")}
    return {key: one for key, one in (cells | {k: Seen(v) for k, v in typed.items()}).items() if not one.is_empty}


def said(row: MeasureRow, layout=LAYOUT, **typed):
    """Return what a row asks for after people typed these into its cells."""
    return wish_of_edits(row, edits(row.values, seen(row, **typed), KEYS), layout, TODAY)


def test_a_measure_is_a_row():
    first, second, third = rows()
    assert first.values == {
        "case_no": "2611003", "customer": "华岳汽车（无锡）有限公司", "measure_kind": "永久措施",
        "what": "改造补正值程序", "who": "王建国", "due": day(12, 1), "done": None, "evidence": "",
        "measure_state": "进行中", "hint": "", "id": f"{CASE.id.hex}.5-1",
    }  # fmt: skip
    assert set(first.values) == {one.key for one in MEASURE_HEADINGS}
    assert [one.values["measure_state"] for one in (second, third)] == ["逾期", "未定日期"]
    assert case_and_id(first.id) == (CASE.id, "5-1")
    assert rows(layout=ENGLISH)[0].values["measure_kind"] == "Corrective"
    put = new_measure_row(first, LAYOUT)
    assert "done" not in put.cells
    assert put.cells["due"].value == day(12, 1)


@pytest.mark.parametrize(
    ("due", "done", "dropped", "status", "state"),
    [
        ("2026-11-23", "", False, Status.WORKING, "进行中"),
        ("2026-11-22", "", False, Status.CLOSED, "逾期"),
        ("2026-11-22", "2026-11-22", False, Status.CLOSED, "已完成"),
        ("2026-11-22", "2026-11-23", True, Status.WORKING, "逾期完成"),
        ("", "2026-11-23", False, Status.WORKING, "已完成"),
        ("", "", True, Status.WORKING, "已撤下"),
        ("2026-11-22", "", False, Status.CANCELLED, "已撤下"),
    ],
)
def test_the_state_follows_the_days(due, done, dropped, status, state):
    one = replace(CASE.measures[0], due=due, done=done, dropped=dropped)
    assert rows(replace(CASE, measures=(one,), status=status))[0].values["measure_state"] == state


@pytest.mark.parametrize(
    ("typed", "command"),
    [
        ({"done": day(11, 22), "evidence": "程序 V2"}, SetMeasure("5-1", done="2026-11-22", evidence="程序 V2")),
        ({"done": "11月22号"}, SetMeasure("5-1", done="2026-11-22")),
        ({"due": None, "who": ""}, SetMeasure("5-1", due="", who="")),
        ({"what": "改造并锁定"}, SetMeasure("5-1", what="改造并锁定")),
        ({"measure_state": "已完成"}, SetMeasure("5-1", done="2026-11-23")),
        ({"measure_state": "已完成", "done": day(11, 20)}, SetMeasure("5-1", done="2026-11-20")),
        ({"measure_state": "逾期"}, None),
        ({"case_no": "2611999", "customer": "x"}, None),
        ({}, None),
    ],
)
def test_a_changed_cell_says_something_of_the_measure(typed, command):
    wish = said(rows()[0], **typed)
    assert wish.command == command
    assert (wish.number, wish.hint) == (str(CASE.id), "")


def test_a_measure_is_taken_up_again_by_its_state():
    done = rows(replace(CASE, measures=(replace(CASE.measures[0], done="2026-11-20"),)))[0]
    assert said(done, measure_state="进行中").command == SetMeasure("5-1", done="")
    late = rows(replace(CASE, measures=(replace(CASE.measures[0], done="2026-12-20"),)))[0]
    assert said(late, measure_state="已完成").command is None, "when it was done is known"


@pytest.mark.parametrize(
    ("typed", "word", "kept"),
    [
        ({"what": ""}, "不能空着", {}),
        ({"measure_kind": "临时措施"}, "另起一行", {}),
        ({"due": "看情况"}, "“看情况”没有看懂", {"due": "看情况"}),
    ],
)
def test_what_cannot_be_is_explained_and_put_back_or_kept(typed, word, kept):
    row = rows()[0]
    wish = said(row, **typed)
    assert wish.command is None
    assert word in wish.hint
    assert wish.kept == kept
    written = writes(seen(row, **typed), row.values, wish.kept, WHOSE)
    assert set(written) == set(typed) - set(kept)


def test_a_formula_or_error_says_nothing():
    row = rows()[0]
    broken = {**seen(row), "who": Seen(error="#REF!")}
    wish = wish_of_edits(row, edits(row.values, broken, KEYS), LAYOUT, TODAY)
    assert (wish.command, wish.kept) == (None, {"who": "#REF!"})


# ── rows that people type ──


def found(number):
    return (CASE, PROCESS) if number == CASE.number else None


def typed(layout=LAYOUT, **cells):
    return wish_of_typed({key: Seen(value) for key, value in cells.items()}, layout, TODAY, found)


@pytest.mark.parametrize(
    ("cells", "command"),
    [
        (
            {
                "case_no": 2611003,
                "measure_kind": "预防与水平展开",
                "what": "更新 FMEA",
                "who": "李敏",
                "due": "12月5日",
            },
            SetMeasure("", "d7.prevention", what="更新 FMEA", who="李敏", due="2026-12-05"),
        ),
        ({"case_no": " 2611003 ", "what": "全检"}, SetMeasure("", "d3.containment", what="全检")),
        (
            {"case_no": "2611003", "what": "全检", "measure_kind": "应急措施", "measure_state": "已完成"},
            SetMeasure("", "d0.emergency", what="全检", done="2026-11-23"),
        ),
    ],
)
def test_the_number_and_what_is_done_are_enough(cells, command):
    assert typed(**cells).command == command


def test_where_nothing_is_asked_a_typed_measure_is_a_corrective_one():
    wish = wish_of_typed(
        {"case_no": Seen("2611003"), "what": Seen("防呆")}, LAYOUT, TODAY, lambda _: (replace(CASE, steps={}), PROCESS)
    )
    assert wish.command == SetMeasure("", "d5.actions", what="防呆")
    english = typed(ENGLISH, case_no="2611003", what="x", measure_kind="prevention")
    assert english.command == SetMeasure("", "d7.prevention", what="x")


@pytest.mark.parametrize(
    ("cells", "hint"),
    [
        ({"what": "全检"}, "还缺：客诉编号"),
        ({"case_no": "2611003", "who": "李敏"}, "还缺：措施内容"),
        ({"case_no": "9999", "what": "全检"}, "没有编号为“9999”的客诉"),
        ({"case_no": "2611003", "what": "全检", "measure_kind": "别的"}, "措施类型请从列表中选"),
    ],
)
def test_what_is_missing_is_said(cells, hint):
    wish = typed(**cells)
    assert wish.command is None
    assert hint in wish.hint


def test_a_day_that_cannot_be_read_does_not_hold_up_the_row():
    wish = typed(case_no="2611003", what="防呆", measure_kind="永久措施", due="看情况")
    assert wish.command == SetMeasure("", "d5.actions", what="防呆")
    assert wish.kept == {"due": "看情况"}


def test_a_row_with_nothing_but_a_number_is_blank():
    assert is_blank({"case_no": Seen("2611003")})
    assert not is_blank({"who": Seen("李敏")})


# ── which row is which ──


def test_a_copied_row_is_a_typed_one_and_sorting_changes_nothing():
    first, second, _ = rows()
    base = {one.id: one.values for one in rows()}
    copied = SeenRow(2, seen(first, what="改造第二台设备", who="赵磊"))
    sheet = [
        copied,
        SeenRow(3, seen(second)),
        SeenRow(7, seen(first, done=day(11, 20))),
        SeenRow(9, {"what": Seen("x")}),
    ]
    assert measure_of_row(sheet, base) == {3: second.id, 7: first.id}
    assert measure_of_row([SeenRow(4, seen(first)), SeenRow(5, seen(first))], base) == {4: first.id}
    assert measure_of_row([SeenRow(4, {"id": Seen("5-1")})], base) == {}


@pytest.mark.parametrize("text", ["", "5-1", "zz.5-1", f"{UUID(int=3).hex}.", "=1"])
def test_an_id_that_is_none_of_ours_is_none(text):
    assert case_and_id(text) is None


def test_the_states_are_the_list_of_the_column():
    column = next(one for one in MEASURE_HEADINGS if one.key == "measure_state")
    assert column.values == tuple(zh for zh, _ in STATES)
