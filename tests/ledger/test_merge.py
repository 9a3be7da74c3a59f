"""The three-way merge: nothing that people type is lost, and merging twice is merging once."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.fields import Who
from daemon.ledger.merge import (
    Change,
    Edit,
    Generation,
    Lost,
    conflicts,
    edits,
    hidden,
    rolled_back,
    same,
    settled,
    standing,
    still_different,
    undone,
    writes,
)
from daemon.ledger.sheet import Put, Seen

WHOSE = {"step": Who.DAEMON, "customer": Who.PEOPLE, "cause": Who.BOTH}
A, B = UUID(int=1), UUID(int=2)


def at(*parts):
    return datetime(*parts)  # noqa: DTZ001  # cells hold wall time


def seen(**cells):
    return {key: value if isinstance(value, Seen) else Seen(value) for key, value in cells.items()}


# ── what looks the same ──────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, ""), (None, "  \n"), (3, 3.0), (3, "3"), (0.1 + 0.2, 0.3), ("a\r\nb", "a\nb "), ("4", 4),
        (at(2026, 11, 3, 9, 5, 30), at(2026, 11, 3, 9, 5)), (at(2026, 11, 3, 9, 4, 59, 999_900), at(2026, 11, 3, 9, 5)),
        ("x" * 40_000, "x" * 50_000),  # both are shortened alike in a cell
    ],
)  # fmt: skip
def test_what_looks_alike_is_the_same(left, right):
    assert same(left, right)
    assert same(right, left)


@pytest.mark.parametrize(
    ("left", "right"),
    [
        (None, 0), ("", "0"), ("007", 7), (0.3, 0.31), ("a", "A"), (at(2026, 11, 3, 9, 5), at(2026, 11, 3, 9, 6)),
        (at(2026, 11, 3), "2026-11-03x"), (1, 2), ("a b", "ab"), (1_000_000_000_001, 1_000_000_000_002),
    ],
)  # fmt: skip
def test_what_looks_different_is_not_the_same(left, right):
    assert not same(left, right)
    assert not same(right, left)


# ── edits and what is written ────────────────────────────────────────────────────────────────────────────────────────


def test_an_emptied_cell_is_an_edit_and_a_column_that_is_gone_is_none():
    base = {"customer": "华东电器", "cause": "磨损"}
    assert edits(base, {}, ["customer"]) == (Edit("customer", "华东电器", Seen()),)


def test_an_error_is_seen_as_what_it_is_and_told_once():
    base, cell = {"customer": "华东电器"}, seen(customer=Seen(error="#REF!"))
    assert [one.seen.error for one in edits(base, cell, WHOSE)] == ["#REF!"]
    assert edits(settled(cell, WHOSE, {}), cell, WHOSE) == ()


def test_a_formula_is_what_it_computes():
    cell = seen(customer=Seen("华东电器", formula="A1"))
    assert edits({"customer": "华东电器"}, cell, WHOSE) == ()
    assert edits({"customer": "旧名"}, cell, WHOSE)[0].key == "customer"


def test_where_both_changed_alike_nothing_is_to_be_done():
    found = edits({"customer": "a"}, seen(customer="b"), WHOSE)
    assert still_different(found, {"customer": "b"}) == ()
    assert conflicts(found, {"customer": "b"}, WHOSE) == ()


def test_people_win_in_their_columns_and_the_daemon_in_its_own():
    base = {"customer": "a", "step": "围堵", "cause": ""}
    theirs = seen(customer="b", step="随便", cause="毛刺")
    ours = {"customer": "c", "step": "审批", "cause": "磨损"}
    lost = conflicts(edits(base, theirs, WHOSE), ours, WHOSE)
    assert sorted(lost, key=lambda one: one.key) == [
        Lost("cause", "磨损", Who.DAEMON),
        Lost("customer", "c", Who.DAEMON),
        Lost("step", "随便", Who.PEOPLE),
    ]


def test_a_value_that_only_people_changed_costs_nobody_anything():
    base = {"customer": "a"}
    assert conflicts(edits(base, seen(customer="b"), WHOSE), base, WHOSE) == ()


def test_what_is_kept_and_formulas_of_people_are_left_alone():
    theirs = seen(customer="约定", cause=Seen("x", formula="A1"), step=Seen("审批", formula="A1"))
    ours = {"customer": "华东电器", "cause": "磨损", "step": "审批"}
    assert writes(theirs, ours, {"customer": "约定"}, WHOSE) == {"step": Put("审批")}
    assert writes(theirs, ours, {}, WHOSE) == {"step": Put("审批"), "customer": Put("华东电器")}
    assert hidden(theirs, ours, WHOSE) == ("cause",)


def test_a_written_cell_has_its_link_and_a_column_that_is_gone_is_not_written():
    assert writes({}, {"step": "8D-1", "cause": "x"}, {}, {"step": Who.DAEMON}, {"step": "8D/1.docx"}) == {
        "step": Put("8D-1", "8D/1.docx")
    }


VALUES = st.sampled_from(
    [None, "", "a", "b ", "b", "约三", 3, 3.0, "3", 0.5, at(2026, 11, 3), at(2026, 11, 3, 0, 0, 20)]
)
CELLS = st.one_of(
    VALUES.map(Seen),
    st.builds(Seen, VALUES, formula=st.just("A1")),
    st.builds(Seen, st.none(), st.sampled_from(["", "A1"]), st.just("#N/A")),
)
KEYS = tuple(WHOSE)
ROW = st.dictionaries(st.sampled_from(KEYS), VALUES)
THEIRS = st.dictionaries(st.sampled_from(KEYS), CELLS)
PUT_BACK = {"unreadable", "refused", "taken"}


def carried_out(found, ours, fates):
    """Stand in for the core: each edit of people's columns is taken, refused (put back), or not understood (kept)."""
    taken, kept, refused = dict(ours), {}, []
    for edit in found:
        fate = fates.get(edit.key, "taken")
        if WHOSE[edit.key] is Who.DAEMON or fate == "refused":
            refused.append(edit)
        elif fate == "unreadable" or edit.seen.error or (edit.seen.formula and edit.seen.value is None):
            kept[edit.key] = standing(edit.seen)
        else:
            taken[edit.key] = edit.seen.value
    return taken, kept, refused


@settings(deadline=None)
@given(ROW, THEIRS, ROW, st.dictionaries(st.sampled_from(KEYS), st.sampled_from(sorted(PUT_BACK))))
def test_merging_twice_is_merging_once_and_no_edit_is_lost(base, theirs, ours, fates):
    found = edits(base, theirs, WHOSE)
    now, kept, refused = carried_out(still_different(found, ours), ours, fates)
    lost = conflicts(found, ours, WHOSE)
    put = writes(theirs, now, kept, WHOSE)
    after = {**theirs, **{key: Seen(one.value) for key, one in put.items()}}
    for edit in found:  # every edit is in the case, is kept, or is told as refused or lost
        told = any(one.key == edit.key for one in (*refused, *lost))
        alike = same(standing(edit.seen), now.get(edit.key))
        assert told or alike or edit.key in kept
        assert edit.key not in kept or after.get(edit.key, Seen()) == edit.seen
    again = settled(theirs, WHOSE, put)
    assert edits(again, after, WHOSE) == ()
    assert writes(after, now, kept, WHOSE) == {}


@settings(deadline=None)
@given(ROW, THEIRS, ROW)
def test_a_file_that_was_only_read_is_read_once(base, theirs, ours):
    assert edits(settled(theirs, WHOSE, {}), theirs, WHOSE) == ()


@settings(deadline=None)
@given(THEIRS, ROW)
def test_after_writing_the_row_shows_the_case_but_for_formulas_of_people(theirs, ours):
    put = writes(theirs, ours, {}, WHOSE)
    after = {**theirs, **{key: Seen(one.value) for key, one in put.items()}}
    for key, owner in WHOSE.items():
        cell = after.get(key, Seen())
        assert same(standing(cell), ours.get(key)) or (owner is not Who.DAEMON and (cell.formula or cell.error))


# ── a stale save ─────────────────────────────────────────────────────────────────────────────────────────────────────

FIRST = Generation(1, (Change(A, "step", "围堵", "审批"), Change(A, "customer", "a", "b")))
SECOND = Generation(2, (Change(A, "customer", "b", "c"), Change(A, "cause", None, "磨损")), appended=(B,))


def numbers(found):
    return [one.number for one in found]


def test_a_file_with_all_of_our_writes_is_up_to_date():
    now = {A: seen(step="审批", customer="c", cause="磨损"), B: seen(customer="x")}
    assert undone([FIRST, SECOND], now, WHOSE) == ()


def test_a_file_saved_from_before_our_last_write_is_found_out_and_the_base_goes_back():
    stale = {A: seen(step="审批", customer="b")}
    missing = undone([FIRST, SECOND], stale, WHOSE)
    base = {A: {"step": "审批", "customer": "c", "cause": "磨损"}, B: {"customer": "x"}}
    assert numbers(missing) == [2]
    assert edits(rolled_back(base, missing)[A], stale[A], WHOSE) == ()
    assert B not in rolled_back(base, missing)


def test_a_file_saved_from_long_ago_misses_all_that_we_wrote_since():
    stale = {A: seen(step="围堵", customer="a")}
    missing = undone([SECOND, FIRST], stale, WHOSE)
    base = {A: {"step": "审批", "customer": "c", "cause": "磨损"}}
    assert numbers(missing) == [2, 1]
    assert edits(rolled_back(base, missing)[A], stale[A], WHOSE) == ()


def test_what_people_typed_into_the_old_state_is_still_an_edit():
    stale = {A: seen(step="围堵", customer="people's")}
    missing = undone([FIRST, SECOND], stale, WHOSE)
    base = {A: {"step": "审批", "customer": "c", "cause": "磨损"}}
    found = edits(rolled_back(base, missing)[A], stale[A], WHOSE)
    assert numbers(missing) == [2, 1]
    assert [(one.key, one.before) for one in found] == [("customer", "a")]


def test_a_single_cell_back_at_its_old_value_is_an_edit():
    one_cell = Generation(3, (Change(A, "customer", "b", "c"),))
    assert undone([FIRST, one_cell], {A: seen(step="审批", customer="b")}, WHOSE) == ()
    both_new_but_one = {A: seen(step="审批", customer="a")}
    assert undone([FIRST], both_new_but_one, WHOSE) == ()


def test_a_single_cell_is_believed_where_the_write_before_it_is_missing_too():
    one_cell = Generation(3, (Change(A, "cause", None, "磨损"),))
    assert numbers(undone([FIRST, one_cell], {A: seen(step="围堵", customer="a")}, WHOSE)) == [3, 1]


def test_a_row_that_is_gone_again_was_deleted_by_people():
    assert numbers(undone([Generation(4, appended=(B,))], {A: {}}, WHOSE)) == [4]
    assert undone([Generation(4, appended=(B,), returned=frozenset({B}))], {A: {}}, WHOSE) == ()


def test_a_value_that_comes_and_goes_tells_nothing():
    back = Generation(2, (Change(A, "step", "审批", "围堵"), Change(A, "cause", None, "x")), appended=(B,))
    assert numbers(undone([FIRST, back], {A: seen(step="围堵", customer="a")}, WHOSE)) == [2, 1]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(KEYS), st.sampled_from("abc")), min_size=1, max_size=8), st.data())
def test_a_stale_file_is_never_taken_for_an_edit_of_the_daemons_values(steps, data):
    """Write step by step, save from any earlier state: with two signs or more, no edit is seen."""
    states, generations = [dict.fromkeys(KEYS, "0")], []
    for number, (key, value) in enumerate(steps):
        now = {**states[-1], key: f"{value}{number}", "step": f"s{number}"}
        changes = tuple(Change(A, k, states[-1][k], now[k]) for k in KEYS if states[-1][k] != now[k])
        generations.append(Generation(number, changes))
        states.append(now)
    saved = data.draw(st.integers(0, len(states) - 1))
    stale = {A: seen(**states[saved])}
    missing = undone(generations, stale, WHOSE)
    assert numbers(missing) == list(range(len(steps) - 1, saved - 1, -1))
    assert edits(rolled_back({A: states[-1]}, missing)[A], stale[A], WHOSE) == ()
