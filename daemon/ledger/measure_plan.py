"""The sheet 措施跟踪 merged three ways: what its rows ask for, and then what is to be written into it.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from daemon.core.case import Case
from daemon.core.process import Process
from daemon.ledger.columns import Layout
from daemon.ledger.measures import (
    WHOSE,
    MeasureRow,
    Wish,
    is_blank,
    measure_of_row,
    new_measure_row,
    wish_of_edits,
    wish_of_typed,
)
from daemon.ledger.merge import EMPTY, Row, edits, same, settled, standing, writes
from daemon.ledger.sheet import NewRow, Patch, Put, SeenRow
from daemon.seams import BaseMeasure

HINT = "hint"
CaseNumbered = Callable[[str], tuple[Case, Process] | None]


@dataclass(frozen=True, slots=True)
class SheetNow:
    """The sheet as it was read: its rows, the keys of the columns that are there, and what stood there before."""

    rows: Sequence[SeenRow]
    columns: Collection[str]
    base: Mapping[str, BaseMeasure]

    def owners(self) -> Mapping[int, str]:
        """Return the key of the measure that each row shows, by the row's number."""
        return measure_of_row(self.rows, {key: one.cells for key, one in self.base.items()})


@dataclass(frozen=True, slots=True)
class Asked:
    """A row that asks for something or was not understood; `key` is empty where a person typed it."""

    row: SeenRow
    key: str
    wish: Wish


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of a row that asked: the key of the measure that it shows now, if any, and what to say there."""

    key: str = ""
    hint: str = ""
    kept: Row = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MeasurePlan:
    """What is to be written into the sheet, and what stands in its rows once it is."""

    patch: Patch
    base: tuple[BaseMeasure, ...] = ()


def measures_asked(
    sheet: SheetNow, now: Callable[[str], MeasureRow | None], numbered: CaseNumbered, layout: Layout, today: date
) -> Iterator[Asked]:
    """Yield what the rows ask for that people changed or typed.

    `now` returns a measure as its case has it, by its key; `numbered` a case with its process, by its number.
    """
    owners = sheet.owners()
    for row in sheet.rows:
        key = owners.get(row.number, "")
        if key:
            changed = edits(sheet.base[key].cells, row.cells, sheet.columns)
            measure = now(key) if changed else None
            if measure:
                yield Asked(row, key, wish_of_edits(measure, changed, layout, today))
        elif not is_blank(row.cells):
            yield Asked(row, "", wish_of_typed(row.cells, layout, today, numbered))


def measures_plan(
    sheet: SheetNow, ours: Mapping[str, MeasureRow], answers: Mapping[int, Answer], layout: Layout, last: int
) -> MeasurePlan:
    """Return what makes the sheet show `ours`, measures by key: all, or those of cases that have changed.

    `answers` are by row number; `last` is the last row in use.  A row that a person deleted stays away, one that is
    no measure's gets the hint only; a measure that was dropped before it had a row gets none.
    """
    columns, base, owners = sheet.columns, sheet.base, dict(sheet.owners())
    owners |= {number: answer.key for number, answer in answers.items() if answer.key}
    draft = _Draft(columns, base, ours, answers)
    for row in sheet.rows:
        draft.look_at(row, owners.get(row.number, ""))
    new = [one for key, one in ours.items() if key not in draft.shown | base.keys() and not one.dropped]
    for one in new:
        draft.base.append(BaseMeasure(one.id, one.case, settled({}, columns, _puts(one, columns))))
    added = [_only(new_measure_row(one, layout), columns) for one in new]
    return MeasurePlan(Patch(draft.cells, added, last), tuple(draft.base))


@dataclass(slots=True)
class _Draft:
    """A plan while it is made."""

    columns: Collection[str]
    known: Mapping[str, BaseMeasure]
    ours: Mapping[str, MeasureRow]
    answers: Mapping[int, Answer]
    shown: set[str] = field(default_factory=set)
    cells: dict[int, Mapping[str, Put]] = field(default_factory=dict)
    base: list[BaseMeasure] = field(default_factory=list)

    def look_at(self, row: SeenRow, key: str) -> None:
        """Plan what changes in a row; of two rows of one measure the second is told that it is one too many."""
        answer = self.answers.get(row.number)
        if key in self.ours and key not in self.shown:
            self._show(row, self.ours[key], answer)
        elif answer and HINT in self.columns:
            hint = answer.hint or ("与另一行是同一条措施，请删去其中一行" if key in self.shown else "")
            if not same(standing(row.cells.get(HINT, EMPTY)), hint):
                self.cells[row.number] = {HINT: Put(hint or None)}

    def _show(self, row: SeenRow, one: MeasureRow, answer: Answer | None) -> None:
        self.shown.add(one.id)
        old = self.known.get(one.id)
        kept = _still_there(answer.kept if answer else old.kept if old else {}, row)
        hint = answer.hint if answer else standing(row.cells.get(HINT, EMPTY)) if kept else ""
        values = {**one.values, HINT: hint}
        whose = {key: WHOSE[key] for key in self.columns if key in WHOSE}
        if written := writes(row.cells, values, kept, whose):
            self.cells[row.number] = written
        self.base.append(BaseMeasure(one.id, one.case, settled(row.cells, self.columns, written), kept))


def _still_there(kept: Row, row: SeenRow) -> Row:
    """Return what was not understood and still stands there as it was typed."""
    return {key: value for key, value in kept.items() if same(value, standing(row.cells.get(key, EMPTY)))}


def _puts(one: MeasureRow, columns: Collection[str]) -> dict[str, Put]:
    return {key: Put(value) for key, value in one.values.items() if key in columns}


def _only(row: NewRow, columns: Collection[str]) -> NewRow:
    return NewRow({key: put for key, put in row.cells.items() if key in columns}, row.height)
