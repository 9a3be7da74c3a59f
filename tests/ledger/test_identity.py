"""Which row is which case, whatever people do to the rows."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.ledger.identity import Known, Matched, deletions_believed, identify, is_ours, shuffled
from daemon.ledger.merge import Edit
from daemon.ledger.sheet import Seen, SeenRow

A, B, C = UUID(int=1), UUID(int=2), UUID(int=3)
HEADS = ("case_no", "customer", "phenomenon", "part_no", "owner")
ONE = {"case_no": "2611001", "customer": "华东", "phenomenon": "断裂", "part_no": "P-1", "owner": "李明"}
TWO = {"case_no": "2611002", "customer": "华东", "phenomenon": "异响", "part_no": "P-2", "owner": "王芳"}
THREE = {"case_no": "2611003", "customer": "江南", "phenomenon": "漏油", "part_no": "P-3", "owner": "李明"}


def row(number, cells):
    return SeenRow(number, {key: value if isinstance(value, Seen) else Seen(value) for key, value in cells.items()})


def rows(*cells):
    return [row(number, one) for number, one in enumerate(cells, 2)]


def known(**bases):
    """Return the cases by the cells of their rows, as read last, in the order of the sheet."""
    found = {}
    for position, (name, base) in enumerate(bases.items(), 2):
        number = {"a": "2611001", "b": "2611002", "c": "2611003"}[name]
        found[{"a": A, "b": B, "c": C}[name]] = Known(number, base, position)
    return found


def places(matched):
    return {case: one.number for case, one in matched.found.items()}


def unnumbered(cells):
    return {key: value for key, value in cells.items() if key != "case_no"}


# ── by number ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    "number", [2611001, 2611001.0, " 2611001 ", "２６１１００１", "2611 001", Seen("2611001", "A1+1")]
)
def test_a_number_is_a_number_however_it_is_typed(number):
    matched = identify(rows({**ONE, "case_no": number, "customer": "改过"}), known(a=ONE), HEADS)
    assert places(matched) == {A: 2}
    assert matched == Matched(matched.found)


def test_rows_that_were_sorted_are_the_same_cases():
    assert places(identify(rows(THREE, TWO, ONE), known(a=ONE, b=TWO, c=THREE), HEADS)) == {A: 4, B: 3, C: 2}


def test_a_row_that_was_typed_over_is_still_its_number():
    over = {"case_no": "2611001", "customer": "别的", "phenomenon": "全改", "part_no": "X", "owner": "Y"}
    assert places(identify(rows(over, TWO), known(a=ONE, b=TWO), HEADS)) == {A: 2, B: 3}


def test_of_two_rows_with_one_number_the_untouched_one_is_the_case():
    matched = identify(rows({**ONE, "phenomenon": "新的"}, ONE), known(a=ONE), HEADS)
    assert places(matched) == {A: 3}
    assert [(one.row.number, one.cases) for one in matched.held] == [(2, (A,))]
    assert "2611001" in matched.held[0].why["zh-CN"]
    assert "{0}" not in str(matched.held[0].why)


@pytest.mark.parametrize(("place", "case", "copy"), [(3, 3, 4), (9, 4, 3)])
def test_of_two_untouched_rows_with_one_number_that_nearest_its_place_is_the_case(place, case, copy):
    matched = identify(rows(TWO, ONE, ONE), {**known(b=TWO), A: Known("2611001", ONE, place)}, HEADS)
    assert places(matched) == {B: 2, A: case}
    assert [(one.row.number, one.cases) for one in matched.held] == [(copy, (A,))]


def test_of_two_rows_with_one_number_in_a_save_from_before_our_last_writing_the_one_people_left_alone_is_the_case():
    before, now = {**ONE, "next_step": "D1"}, {**ONE, "next_step": "D3"}
    matched = identify(rows({**before, "phenomenon": "新的"}, before), known(a=now), (*HEADS, "next_step"))
    assert places(matched) == {A: 3}
    assert [one.row.number for one in matched.held] == [2]


def test_two_rows_of_one_number_that_were_both_changed_are_held():
    matched = identify(rows({**ONE, "phenomenon": "新的"}, {**ONE, "owner": "王芳"}), known(a=ONE), HEADS)
    assert not matched.found
    assert [one.row.number for one in matched.held] == [2, 3]
    assert all(is_ours(text) for one in matched.held for text in one.why.values())
    assert matched.gone == ()


def test_what_people_say_of_a_row_is_no_word_of_ours():
    assert not is_ours("看过了")


def test_a_row_that_names_another_product_and_symptom_is_a_new_one_however_much_else_it_has_of_a_case():
    other = {**unnumbered(ONE), "phenomenon": "漏油", "part_no": "P-9", "site": "一厂", "channel": "电话"}
    base = {**ONE, "site": "一厂", "channel": "电话"}
    matched = identify(rows(other), known(a=base), (*HEADS, "site", "channel"))
    assert [one.number for one in matched.new] == [2]
    assert matched.gone == (A,)


def test_a_typed_row_that_is_saved_once_more_as_it_was_typed_is_the_case_that_it_became():
    base = {**ONE, "quantity_defective": 30, "severity": "一般", "due_at": "12-01"}
    typed = {"customer": "华东", "phenomenon": "断裂", "part_no": "P-1", "quantity_defective": "约30"}
    matched = identify(rows(typed), known(a=base), (*HEADS, "quantity_defective", "severity", "due_at"), by_rarity=True)
    assert places(matched) == {A: 2}


def test_a_number_that_nobody_gave_is_unknown():
    matched = identify(rows(ONE, {**TWO, "case_no": "KS-17"}), known(a=ONE), HEADS)
    assert [one.number for one in matched.unknown] == [3]


def test_numbers_that_were_sorted_away_from_their_rows_move_no_case():
    moved = [{**TWO, "case_no": "2611001"}, {**ONE, "case_no": "2611002"}]
    assert places(identify(rows(*moved), known(a=ONE, b=TWO), HEADS)) == {A: 3, B: 2}


def test_a_row_pasted_over_another_one_keeps_its_number():
    pasted = {**ONE, "case_no": "2611002"}
    assert places(identify(rows(ONE, pasted), known(a=ONE, b=TWO), HEADS)) == {A: 2, B: 3}


def test_a_row_whose_number_was_wiped_out_is_known_by_its_cells():
    assert places(identify(rows(TWO, unnumbered(ONE)), known(a=ONE, b=TWO), HEADS)) == {A: 3, B: 2}
    assert places(identify(rows(TWO, {**ONE, "case_no": "乱写"}), known(a=ONE, b=TWO), HEADS)) == {A: 3, B: 2}
    assert places(identify(rows({**ONE, "case_no": Seen(error="#REF!")}), known(a=ONE), HEADS)) == {A: 2}


def test_a_copy_without_number_does_not_take_the_case_from_its_edited_row():
    matched = identify(rows(unnumbered(ONE), {**ONE, "owner": "赵"}), known(a=ONE), HEADS)
    assert places(matched) == {A: 3}
    assert [one.row.number for one in matched.held] == [2]


def test_a_row_that_is_gone_is_named_and_empty_rows_are_nothing():
    matched = identify([*rows(ONE), row(9, {"customer": ""})], known(a=ONE, b=TWO), HEADS)
    assert matched.gone == (B,)
    assert not matched.new


# ── rows that people typed, registered and not numbered yet ──────────────────────────────────────────────────────────

TYPED = unnumbered(ONE)
OTHER = unnumbered(THREE)


def test_a_typed_row_is_new_and_then_known_by_its_cells_wherever_it_is():
    assert [one.number for one in identify(rows(TWO, TYPED), known(b=TWO), HEADS).new] == [3]
    assert places(identify(rows(TYPED, TWO), {**known(b=TWO), A: Known("2611001", TYPED, 3)}, HEADS)) == {A: 2, B: 3}


def test_a_typed_row_that_was_completed_or_corrected_is_the_same_case():
    before = unnumbered({**ONE, "owner": None})
    case = {A: Known("2611001", before, 2)}
    assert places(identify(rows(OTHER, {**TYPED, "owner": "李明"}), case, HEADS)) == {A: 3}
    assert places(identify(rows(OTHER, {**TYPED, "phenomenon": "断裂三件"}), case, HEADS)) == {A: 3}


def test_a_row_that_lost_its_number_and_had_a_cell_of_the_daemons_typed_over_is_its_case():
    over = {**unnumbered(ONE), "due_at": "下周"}
    assert places(identify(rows(over, TWO), known(a={**ONE, "due_at": "12-01"}, b=TWO), (*HEADS, "due_at"))) == {
        A: 2,
        B: 3,
    }


@pytest.mark.parametrize(("cell", "is_held"), [({"round": 1}, True), ({}, False)])
def test_a_copy_without_number_is_held_though_a_column_of_it_was_lost_and_a_row_that_was_typed_is_not(cell, is_held):
    copy = {"customer": "华东", "phenomenon": "断裂", "owner": "李明", **cell}
    matched = identify(rows(ONE, copy), known(a=ONE), (*HEADS, "round"))
    assert ([one.row.number for one in matched.held], [one.number for one in matched.new]) == (
        ([3], []) if is_held else ([], [3])
    )


def test_a_typed_row_that_was_copied_is_one_case_and_the_copy_is_held_until_it_is_changed():
    case = {A: Known("2611001", TYPED, 3)}
    matched = identify(rows(TYPED, TYPED), case, HEADS)
    assert places(matched) == {A: 3}
    assert [one.row.number for one in matched.held] == [2]
    changed = identify(rows({**TYPED, "part_no": "P-9"}, TYPED), case, HEADS)
    assert places(changed) == {A: 3}
    assert [one.number for one in changed.new] == [2]


def test_rows_that_look_alike_are_told_apart_by_their_places():
    cases = {A: Known("2611001", TYPED, 2), B: Known("2611002", TYPED, 3)}
    assert places(identify(rows(TYPED, TYPED), cases, HEADS)) == {A: 2, B: 3}
    corrected = {**TYPED, "phenomenon": "断了"}
    assert places(identify(rows(corrected, corrected), cases, HEADS)) == {A: 2, B: 3}


def test_what_may_be_two_cases_is_held():
    cases = {A: Known("2611001", TYPED, 8), B: Known("2611002", {**TYPED, "part_no": "P-2"}, 9)}
    between = {**TYPED, "part_no": "P-7"}
    matched = identify(rows(between), cases, HEADS)
    assert not matched.found
    assert set(matched.held[0].cases) == {A, B}
    assert "2611002" in matched.held[0].why["zh-CN"]


def test_a_typed_row_gets_its_number_from_people_too():
    assert places(identify(rows(ONE), {A: Known("2611001", TYPED, 2)}, HEADS)) == {A: 2}


def test_a_column_that_is_gone_speaks_against_no_row():
    less = {key: value for key, value in ONE.items() if key != "owner"}
    twice = identify(rows(less, {**less, "phenomenon": "x"}), known(a=ONE), [key for key in HEADS if key != "owner"])
    assert places(twice) == {A: 2}
    assert places(identify(rows(less, {**less, "phenomenon": "x"}), known(a=ONE))) == {A: 2}


# ── how much is believed ─────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("gone", "rows", "believed"),
    [(1, 1, True), (1, 10, True), (2, 10, True), (3, 10, False), (2, 2, False), (5, 100, True), (6, 100, False)],
)
def test_many_rows_gone_at_once_are_not_believed(gone, rows, believed):
    cases = [UUID(int=n) for n in range(rows)]
    assert deletions_believed(cases[:gone], cases) is believed


def test_a_column_sorted_apart_from_its_rows_is_found_out():
    old, new = ["a", "b", "c", "d"], ["d", "c", "b", "a"]
    changed = {UUID(int=n): (Edit("owner", a, Seen(b)),) for n, (a, b) in enumerate(zip(old, new, strict=True))}
    assert shuffled(changed) == {"owner"}
    assert not shuffled({case: (Edit("owner", "a", Seen("b")),) for case in changed})
    assert not shuffled(dict(list(changed.items())[:3]))


# ── whatever people do ───────────────────────────────────────────────────────────────────────────────────────────────

CELL = st.sampled_from([None, "华东", "江南", "断裂", "异响", 3])
BASE = st.fixed_dictionaries(dict.fromkeys(HEADS[1:], CELL))
BASES = st.lists(st.tuples(BASE, st.booleans()), min_size=1, max_size=6)


def cases_of(bases):
    """Return cases with distinct rows in the order of the sheet; some have no number in the sheet yet."""
    return {
        UUID(int=n): Known(
            str(2611000 + n), {**base, "batch": f"L{n}", **({"case_no": 2611000 + n} if told else {})}, n
        )
        for n, (base, told) in enumerate(bases, 1)
    }


@settings(deadline=None)
@given(BASES, st.data())
def test_permuting_rows_changes_nothing(bases, data):
    cases = cases_of(bases)
    order = data.draw(st.permutations(list(cases)))
    matched = identify([row(n, cases[case].base) for n, case in enumerate(order, 2)], cases)
    assert places(matched) == {case: n for n, case in enumerate(order, 2)}
    assert matched == Matched(matched.found)


EDITS = st.dictionaries(
    st.sampled_from(("case_no", "batch", *HEADS[1:])), st.sampled_from([None, "x", "2611001", "华东"])
)


@settings(deadline=None)
@given(BASES, st.lists(st.tuples(st.integers(1, 6), EDITS), max_size=10), st.data())
def test_copying_and_editing_rows_never_yields_two_rows_of_a_case_or_two_cases_of_a_row(bases, copies, data):
    cases = cases_of(bases)
    copied = [{**cases[UUID(int=n)].base, **edit} for n, edit in copies if UUID(int=n) in cases]
    sheet = data.draw(st.permutations([*(one.base for one in cases.values()), *copied]))
    filled = [row(n, cells) for n, cells in enumerate(sheet, 2)]
    matched = identify(filled, cases)
    placed = [*matched.found.values(), *matched.new, *matched.unknown, *(one.row for one in matched.held)]
    some = [one.number for one in filled if any(not seen.is_empty for seen in one.cells.values())]
    assert sorted(one.number for one in placed) == some
    assert set(matched.gone).isdisjoint(matched.found)
    assert not matched.gone  # each row still stands somewhere: found, or asked about
