"""The sheet 措施跟踪, both ways: what people changed in it is decided, and its rows are kept as the cases have them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from uuid import NAMESPACE_OID, uuid5

from daemon.core.batch import Outcome, carry_out
from daemon.core.case import Case
from daemon.core.process import Process, in_language
from daemon.ledger.further import wanted_for
from daemon.ledger.identity import identify
from daemon.ledger.likeness import Known
from daemon.ledger.measure_columns import MEASURE_HEADINGS, MEASURES_SHEET
from daemon.ledger.measures import (
    WHOSE,
    MeasureRow,
    Wish,
    is_blank,
    measure_rows,
    new_measure_row,
    wish_of_edits,
    wish_of_typed,
)
from daemon.ledger.merge import EMPTY, edits, same, settled, standing, writes
from daemon.ledger.reading import Workbook
from daemon.ledger.rows import LANGUAGE
from daemon.ledger.sheet import BadWorkbook, NewRow, Patch, Put, SeenRow, Sheet
from daemon.passes.book.edits import HINT, Source, ledger_context
from daemon.passes.book.saved import Saved
from daemon.passes.desk import Desk, Happening, decision
from daemon.seams import BaseMeasure, CellValue

KEY = "id"  # the hidden cell that tells which measure a row is
AS_NUMBER = {KEY: "case_no", "case_no": "of_case"}  # rows are told apart as those of cases are, by this in its place


@dataclass(frozen=True, slots=True)
class MeasureSheet:
    """The sheet as it stands: the row of each measure by its key, and the rows that people typed."""

    sheet: Sheet
    rows: tuple[SeenRow, ...]
    base: Mapping[str, BaseMeasure]
    found: Mapping[str, SeenRow]
    typed: tuple[SeenRow, ...]

    @property
    def columns(self) -> frozenset[str]:
        """Return the keys of the columns that are there."""
        return frozenset(self.sheet.columns)

    @property
    def last(self) -> int:
        """Return the number of the last row, that of the header when there is none."""
        return max((row.number for row in self.rows), default=self.sheet.header_row)


def measure_sheet(desk: Desk, workbook: Workbook) -> MeasureSheet | None:
    """Return the sheet of a workbook, None when people took it out."""
    try:
        sheet = workbook.find(wanted_for(MEASURE_HEADINGS, desk.layout), (MEASURES_SHEET,))
    except BadWorkbook:
        return None
    if sheet.title != MEASURES_SHEET and "what" not in sheet.columns:
        return None
    rows, base = tuple(workbook.rows(sheet)), desk.store.measures_base()
    keys = {uuid5(NAMESPACE_OID, key): key for key in base}
    known = {one: Known(key, _renamed(base[key].cells)) for one, key in keys.items()}
    matched = identify([_as_case(row) for row in rows], known, {_as(key) for key in sheet.columns})
    by_number = {row.number: row for row in rows}
    found = {keys[one]: by_number[row.number] for one, row in matched.found.items()}
    typed = tuple(by_number[row.number] for row in (*matched.new, *matched.unknown))
    return MeasureSheet(sheet, rows, base, found, typed)


def _as(key: str) -> str:
    return AS_NUMBER.get(key, key)


def _renamed(cells: Mapping[str, CellValue]) -> dict[str, CellValue]:
    return {_as(key): value for key, value in cells.items()}


def _as_case(row: SeenRow) -> SeenRow:
    return SeenRow(row.number, {_as(key): seen for key, seen in row.cells.items()})


# ── what people changed ──────────────────────────────────────────────────────────────────────────────────────────────


def take_in_measures(desk: Desk, saved: Saved, parent: Saved | None, now: datetime) -> Iterator[Happening]:
    """Decide what people changed and typed in the sheet, row by row; `parent` is the older version it came from."""
    page = measure_sheet(desk, saved.workbook)
    if page is None:
        return
    before = measure_sheet(desk, parent.workbook) if parent else None
    today = now.astimezone(desk.zone).date()
    for key, row in page.found.items():
        base, old = page.base[key], before.found.get(key) if before else None
        cells = settled(old.cells, WHOSE.keys(), {}) if old else base.cells
        found = edits(cells, row.cells, page.columns & WHOSE.keys())
        if found:
            case = desk.store.case(base.case)
            shown = next((one for one in measure_rows(case, desk.layout, today) if one.id == key), None)
            wish = wish_of_edits(shown or MeasureRow(key, case.id, base.cells), found, desk.layout, today)
            yield from _decided(desk, case, wish, key, Source(saved.sha256, row, page.columns, now))
    for row in page.typed:
        if not is_blank(row.cells):
            yield from _typed(desk, row, today, Source(saved.sha256, row, page.columns, now))


def _typed(desk: Desk, row: SeenRow, today: date, source: Source) -> Iterator[Happening]:
    def looked_up(number: str) -> tuple[Case, Process] | None:
        case = desk.store.case_numbered(number)
        return (case, desk.process_of(case)) if case else None

    wish = wish_of_typed(row.cells, desk.layout, today, looked_up)
    case = desk.store.case_numbered(wish.number) if wish.command else None
    if case:
        yield from _decided(desk, case, wish, "", source)


def _decided(desk: Desk, case: Case, wish: Wish, key: str, source: Source) -> Iterator[Happening]:
    """Carry out what a row wishes, and note in the same transaction what stands in it."""
    context = ledger_context(desk, case, source)
    outcome = carry_out(case, [wish.command], context) if wish.command else Outcome(case, (), ())
    why = [in_language(one.why, LANGUAGE) for one in outcome.refusals]
    hint = "\n".join(filter(None, (*why, wish.hint)))
    kept = {**(wish.kept or {}), **({HINT: hint} if hint else {})}
    cells = settled(source.row.cells, source.columns & WHOSE.keys(), {})
    key = key or _key_of_new(desk, outcome.accepted, wish)
    with desk.store.together():
        if outcome.events:
            desk.store.commit(decision(desk, case, outcome, context), source.now)
        if key:
            desk.store.keep_measures([BaseMeasure(key, case.id, cells, kept)])
    yield Happening("ledger.measure", f"措施跟踪第 {source.row.number} 行：{hint or '已读取'}", case.number)


def _key_of_new(desk: Desk, case: Case, wish: Wish) -> str:
    """Return the key of the measure that a typed row has become, empty when it has become none."""
    command = wish.command
    rows = measure_rows(case, desk.layout, date.min)
    of = {row.id: one for row, one in zip(rows, case.measures, strict=True)}
    mine = [key for key, one in of.items() if command and one.section == command.section and one.what == command.what]
    return mine[-1] if mine else ""


# ── what is to be written ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class MeasureDraft:
    """What is to change in the sheet, while it is found; `rows` is what will stand in it then."""

    desk: Desk
    page: MeasureSheet
    today: date
    cells: dict[int, Mapping[str, Put]] = field(default_factory=dict)
    new: list[NewRow] = field(default_factory=list)
    rows: list[BaseMeasure] = field(default_factory=list)

    def bring_up_to_date(self, case: Case) -> None:
        """Plan what changes in the rows of a case; those of one that has ended may be deleted."""
        for one in measure_rows(case, self.desk.layout, self.today):
            row, base = self.page.found.get(one.id), self.page.base.get(one.id)
            if row:
                self._change(case, one, row, base)
            elif base is None or case.is_open:
                self._append(case, one)

    def say(self, row: SeenRow) -> None:
        """Plan a hint in a typed row that is no measure yet."""
        wish = wish_of_typed(row.cells, self.desk.layout, self.today, self._looked_up)
        words = "" if is_blank(row.cells) else wish.hint
        if HINT in self.page.columns and not same(standing(row.cells.get(HINT, EMPTY)), words):
            self.cells[row.number] = {HINT: Put(words or None)}

    def patch(self) -> Patch:
        """Return what is to be written."""
        return Patch(self.cells, self.new, self.page.last)

    def _looked_up(self, number: str) -> tuple[Case, Process] | None:
        case = self.desk.store.case_numbered(number)
        return (case, self.desk.process_of(case)) if case else None

    def _change(self, case: Case, one: MeasureRow, row: SeenRow, base: BaseMeasure | None) -> None:
        kept = dict(base.kept) if base else {}
        ours = {**one.values, HINT: str(kept.pop(HINT, "")) or None}
        whose = {key: who for key, who in WHOSE.items() if key in self.page.columns}
        written = writes(row.cells, ours, kept, whose)
        if written:
            self.cells[row.number] = written
        cells = settled(row.cells, whose, written)
        if base is None or written or cells != base.cells:
            self.rows.append(BaseMeasure(one.id, case.id, cells, base.kept if base else {}))

    def _append(self, case: Case, one: MeasureRow) -> None:
        self.new.append(new_measure_row(one, self.desk.layout))
        values = {key: value for key, value in one.values.items() if not same(value, None)}
        self.rows.append(BaseMeasure(one.id, case.id, values))


def measured(case: Case) -> bool:
    """Tell whether the measures of a case are followed: not those of one that had ended when it was taken over."""
    return bool(case.measures) and not case.found


def measures_planned(desk: Desk, workbook: Workbook, stale: Iterable[Case], now: datetime) -> MeasureDraft | None:
    """Return what is to change in the sheet for these cases, None when people took it out."""
    page = measure_sheet(desk, workbook)
    if page is None:
        return None
    draft = MeasureDraft(desk, page, now.astimezone(desk.zone).date())
    for case in filter(measured, stale):
        draft.bring_up_to_date(desk.shown(case))
    for row in page.typed:
        draft.say(row)
    return draft
