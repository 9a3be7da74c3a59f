"""The workbook brought up to date: only what has changed is patched into what people saved."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID

from daemon.core.case import Case
from daemon.ledger.heights import row_height
from daemon.ledger.identity import Matched, number_in
from daemon.ledger.merge import EMPTY, same, settled, standing, writes
from daemon.ledger.rows import words_change_at
from daemon.ledger.sheet import NewRow, Patch, Put, SeenRow
from daemon.ledger.shown import values_of
from daemon.ledger.words import column_back, missing_for_registration, unknown_number
from daemon.passes.book.edits import HINT
from daemon.passes.book.registering import missing
from daemon.passes.book.saved import Base, Saved
from daemon.passes.book.view import row_now
from daemon.passes.desk import Desk
from daemon.seams import BaseRow, CellValue

log = logging.getLogger(__name__)

AGAIN = timedelta(minutes=30)
Old = Mapping[str, CellValue] | None


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written, and what will stand in the rows that were looked at once it is.

    `old` are the values of the cells that change, None for a new row; `failed` are cases whose row could not be made.
    """

    patch: Patch
    rows: tuple[BaseRow, ...]
    old: Mapping[UUID, Old]
    failed: Mapping[str, str] = field(default_factory=dict)
    held: bool = False  # a row is left alone until people have said what it is


@dataclass(slots=True)
class Draft:
    """A plan while it is made: new rows go below the `last`; `back` are the keys of the columns that are put back."""

    desk: Desk
    saved: Saved
    base: Base
    matched: Matched
    now: datetime
    last: int
    back: frozenset[str] = frozenset()
    cells: dict[int, Mapping[str, Put]] = field(default_factory=dict)
    new: list[NewRow] = field(default_factory=list)
    rows: list[BaseRow] = field(default_factory=list)
    old: dict[UUID, Old] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    told: bool = False  # that columns are put back: once, in the first row of a case that is open

    def bring_up_to_date(self, case: Case) -> None:
        """Plan what changes in the row of a case; one that a person deleted stays away."""
        base, row = self.base.get(case.id), self.matched.found.get(case.id)
        fresh = replace(base or BaseRow(case.id, {}), seq=case.seq, words_at=words_change_at(case, self.now))
        if self.back and case.is_open and not self.told:
            self.told, columns = True, self.desk.book.columns
            words = column_back([column.title for key, column in columns.items() if key in self.back])
            fresh = replace(fresh, kept={**fresh.kept, HINT: words})
        if base and not base.shown:
            self.rows.append(fresh)
        elif row is not None:
            self._change(case, row, fresh)
        elif not self._is_held(case):
            self._append(case, fresh)

    def _is_held(self, case: Case) -> bool:
        """Tell whether a row stands there that may be this case: no second one is put in until people have said."""
        return any(case.id in held.cases for held in self.matched.held)

    def say(self, row: SeenRow, words: str) -> None:
        """Plan a hint in a row that is no case's yet."""
        if HINT in self._columns and not same(standing(row.cells.get(HINT, EMPTY)), words):
            self.cells[row.number] = {HINT: Put(words or None)}

    def plan(self) -> Plan:
        """Return the plan."""
        wanted = tuple(one for one in self.desk.book.wanted if one.key in self.back)
        patch = Patch(self.cells, self.new, self.last, wanted)
        return Plan(patch, tuple(self.rows), self.old, self.failed, bool(self.matched.held))

    def leave(self, case: Case, fault: Exception) -> None:
        """Leave the row of a case as it stands, a new one with its number alone; it is tried again within the hour."""
        self.failed[case.number] = f"{type(fault).__name__}: {fault}"
        base = self.base.get(case.id) or BaseRow(case.id, {})
        if case.id not in self.matched.found and base.shown:
            self.new.append(NewRow({"case_no": Put(case.number)}))
            base = replace(base, cells={"case_no": case.number}, place=self.last + len(self.new))
            self.old[case.id] = None
        self.rows.append(replace(base, seq=case.seq, words_at=self.now + AGAIN))

    @property
    def _columns(self) -> frozenset[str]:
        return self.saved.columns | self.back

    def _append(self, case: Case, fresh: BaseRow) -> None:
        puts = {key: put for key, put in self._puts(case, fresh).items() if key in self._columns}
        filled = {key: put for key, put in puts.items() if put.value is not None}
        self.new.append(NewRow(filled, row_height(values_of(puts), self.desk.book.columns.values())))
        place = self.last + len(self.new)
        self.rows.append(replace(fresh, cells=values_of(filled), place=place, shown=True))
        self.old[case.id] = None

    def _change(self, case: Case, row: SeenRow, fresh: BaseRow) -> None:
        puts = self._puts(case, fresh)
        whose = {key: self.desk.book.columns[key].who for key in self._columns}
        links = {key: put.link for key, put in puts.items() if put.link}
        written = writes(row.cells, values_of(puts), fresh.kept, whose, links)
        if written:
            self.cells[row.number] = written
            self.old[case.id] = {key: standing(row.cells.get(key, EMPTY)) for key in written}
        self.rows.append(replace(fresh, cells=settled(row.cells, self._columns, written), place=row.number))

    def _puts(self, case: Case, fresh: BaseRow) -> dict[str, Put]:
        puts = self.desk.book.puts(row_now(self.desk, case, self.now))
        words = "\n".join(filter(None, (fresh.kept.get(HINT, ""), str(puts[HINT].value or ""))))
        return {**puts, HINT: Put(words or None)}


def planned(draft: Draft, stale: Iterable[Case]) -> Plan:
    """Return what is to be written: the rows of these cases, and a word in the rows that are nobody's yet."""
    for case in stale:
        try:
            draft.bring_up_to_date(case)
        except Exception as fault:
            log.exception("the row of case %s could not be made; it stays as it was", case.number)
            draft.leave(case, fault)
    titles = {key: column.title for key, column in draft.desk.book.columns.items()}
    for row in draft.matched.new:
        lacking = missing(draft.desk, row)
        draft.say(row, missing_for_registration([titles[key] for key in lacking]) if lacking else "")
    for held in draft.matched.held:
        draft.say(held.row, held.why["zh-CN"])
    for row in draft.matched.unknown:
        draft.say(row, unknown_number(number_in(row)))
    return draft.plan()
