"""What the store knows of the shared ledger: its rows, what was written last, who changed what."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from daemon.seams import BaseMeasure, BaseRow, Change, Document

from .samples import NOW, case_id, opening

WALL = datetime(2026, 3, 9, 8, 0)  # noqa: DTZ001 - a cell has no zone
CELLS = {"case_no": "KS-2026-0001", "quantity": 3, "rate": 0.5, "text": "2026-03-09T00:00:00", "due_at": WALL}


def opened(store, *numbers):
    for n in numbers:
        store.commit(opening(n), NOW)
    return {case.id: case for case in store.cases()}


def row(n, **more):
    return BaseRow(case_id(n), CELLS, seq=99, **more)


def test_rows_are_kept_as_they_were_noted(store):
    opened(store, 1, 2, 3)
    some = row(1, kept={"quantity": "约一箱"}, shown=False, words_at=NOW)
    store.keep_ledger([some, row(2)], "a" * 64)
    store.keep_ledger([replace(row(2), cells={"case_no": 7})])
    assert store.ledger_base() == {case_id(1): some, case_id(2): replace(row(2), cells={"case_no": 7})}
    assert store.ledger_base([case_id(2), case_id(3)]).keys() == {case_id(2)}
    assert store.ledger_base([]) == {}
    assert store.ledger_sha256() == "a" * 64
    assert store.ledger_gone() == (store.case(case_id(1)).number,)
    store.forget_ledger()
    assert (store.ledger_base(), store.ledger_sha256(), store.ledger_gone()) == ({}, None, ())


def test_rows_of_measures_are_kept_by_their_key(store):
    opened(store, 1, 2)
    one = BaseMeasure("a.1", case_id(1), {"what": "全检", "due": WALL}, {"done": "下周", "who": 3})
    store.keep_measures([one, BaseMeasure("b.1", case_id(2), {"what": "培训"})])
    store.keep_measures([changed := replace(one, cells={"what": "抽检"}, kept={})])
    assert store.measures_base() == {"a.1": changed, "b.1": BaseMeasure("b.1", case_id(2), {"what": "培训"})}
    assert store.measures_base([case_id(1)]) == {"a.1": changed}
    assert store.measures_base([]) == {}
    store.forget_ledger()
    assert store.measures_base() == {}


def stale(store, now=NOW):
    return [case.id for case in store.ledger_stale(now)]


def test_a_row_is_stale_when_it_is_missing_or_older_than_its_case_or_its_words_are(store):
    cases = opened(store, 1, 2, 3)
    assert stale(store) == [case_id(1), case_id(2), case_id(3)]
    fresh = [BaseRow(one.id, CELLS, seq=one.seq) for one in cases.values()]
    later = NOW + timedelta(hours=1)
    store.keep_ledger([fresh[0], replace(fresh[1], seq=fresh[1].seq - 1), replace(fresh[2], words_at=later)])
    assert stale(store) == [case_id(2)]
    assert not store.ledger_due(NOW)
    assert stale(store, later) == [case_id(2), case_id(3)]
    assert store.ledger_due(later)


def test_a_new_report_makes_the_row_stale_that_links_to_it(store):
    cases = opened(store, 1, 2)
    store.keep_ledger(BaseRow(one.id, CELLS, seq=one.seq) for one in cases.values())
    store.add_document(Document(case_id(2), "internal", 1, "d" * 64, "8D/2-1.docx", NOW))
    assert stale(store) == [case_id(2)]


def test_more_rows_than_one_statement_can_name(store):
    cases = opened(store, *range(1, 12))
    store.keep_ledger(BaseRow(one.id, CELLS) for one in cases.values())
    many = [*cases, *(case_id(n) for n in range(1000, 2200))]
    assert store.ledger_base(many).keys() == cases.keys()


def test_the_last_writings_are_remembered_newest_first(store):
    for n in range(25):
        store.add_generation(f"{n:064}", {case_id(1): {"due_at": WALL, "status": "待核实"}, case_id(2): None})
    found = store.ledger_generations()
    assert [one.sha256 for one in found] == [f"{n:064}" for n in range(24, 4, -1)]
    assert found[0].rows == {case_id(1): {"due_at": WALL, "status": "待核实"}, case_id(2): None}


def test_changes_are_told_in_their_order_from_where_one_left_off(store):
    one = Change(NOW, "KS-1", "截止时间", WALL, "下周", "台账", "台账 AB2", "由系统填写，已恢复")
    store.log_changes([one, replace(one, number="KS-2", before=None, after=3)])
    store.log_changes([])
    store.log_changes([replace(one, number="KS-3")])
    (first, told), (second, other), (third, _) = store.ledger_changes(0, 10)
    assert (told, other.before, other.after) == (one, None, 3)
    assert [change.number for _, change in store.ledger_changes(first, 1)] == ["KS-2"]
    assert store.ledger_changes(third, 10) == ()
    assert first < second < third


def test_rows_and_events_are_noted_together_or_not_at_all(store):
    def half():
        with store.together():
            store.commit(opening(1), NOW)
            store.keep_ledger([row(1)])
            raise OSError

    with pytest.raises(OSError):
        half()
    assert store.ledger_base() == {}
