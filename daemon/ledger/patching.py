"""The workbook patched in place: our cells, our rows, our columns; every other byte of it stays.

Pure: a workbook that was read, and bytes of the new file.  `may_change` names the parts in which anything may change.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import chain
from typing import Protocol

from daemon.ledger.cells_out import Looks
from daemon.ledger.container import Container
from daemon.ledger.formats import Format, Kind
from daemon.ledger.links import Names, with_links
from daemon.ledger.markup import root_of
from daemon.ledger.neighbours import Neighbours, area_of_table, followed, neighbours_of, standing_below
from daemon.ledger.placing import Placed, column_styles, extent_of, placed
from daemon.ledger.recalculating import recalculated
from daemon.ledger.references import Change, letters_of
from daemon.ledger.relations import NO_RELATIONS, RELATIONS_TYPE, TYPES, actual, relations_part, with_default
from daemon.ledger.row_writer import Fill, Model, Plan, RowWriter
from daemon.ledger.rows_xml import Stream, Survey, survey
from daemon.ledger.sheet import NewRow, Patch, Put, Sheet
from daemon.ledger.sheet_ends import with_dimension, with_tail
from daemon.ledger.tables_xml import computed, with_columns


class Book(Protocol):
    """What the reader knows of the workbook as a whole."""

    @property
    def part(self) -> str:
        """The part of the workbook."""

    @property
    def formats(self) -> Sequence[Format]:
        """The number formats, by style."""

    @property
    def date1904(self) -> bool:
        """Whether days are counted from 1904."""


class Opened(Protocol):
    """A workbook that was read."""

    @property
    def container(self) -> Container:
        """Its parts."""

    @property
    def book(self) -> Book:
        """What it says of itself."""


def patched(workbook: Opened, sheet: Sheet, patch: Patch) -> bytes:
    """Return the workbook's file with a patch in one of its sheets; everything else stays byte by byte.

    Keys without a column are passed over.  Raise BadWorkbook for what cannot be changed without tearing something.
    """
    if patch.is_empty:
        return workbook.container.data
    near = neighbours_of(workbook.container, workbook.book.part, sheet)
    found = _surveyed(workbook.container, near, sheet, patch)
    columns = extent_of(near, sheet)(found.header, found.tags)
    new = placed(workbook.container, near, found, patch.columns, columns)
    places = {**sheet.columns, **new.columns}
    change = _change(workbook.container, near, found, patch, columns)
    return _Patching(workbook.container, workbook.book, near, found, patch, change, new, places, columns).file()


def _surveyed(container: Container, near: Neighbours, sheet: Sheet, patch: Patch) -> Survey:
    chunks = container.chunks(sheet.part)
    return survey(chunks, sheet.header_row, patch.after, extent_of(near, sheet), columns=bool(patch.columns))


def _change(container: Container, near: Neighbours, found: Survey, patch: Patch, columns: range) -> Change:
    """Return which rows have to move: none, when enough of them are free below the last case."""
    header, last, count = near.sheet.header_row, patch.after, len(patch.rows)
    used = found.used_below
    if count:
        other = standing_below(container, near, found.tail, last, columns)
        used = min(used, other or used)
    return Change(near.sheet.title, header, last, last + count, used, max(0, count - (used - last - 1)))


@dataclass(slots=True)
class _Patching:
    """One patch on its way into the file."""

    container: Container
    book: Book
    near: Neighbours
    found: Survey
    patch: Patch
    change: Change
    new: Placed
    places: Mapping[str, int]
    columns: range
    parts: dict[str, bytes] = field(default_factory=dict)
    added: dict[str, bytes] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)

    def file(self) -> bytes:
        """Return the bytes of the new file."""
        if not self.change.is_nothing:
            self.parts |= followed(self.container, self.near, self.change)
        self._widen_table()
        fills = {row: self._fill(cells) for row, cells in self.patch.cells.items()}
        heads = {column: Put(title) for column, title in self.new.titles.items()}
        header = self.near.sheet.header_row
        if heads:
            fills[header] = {**fills.get(header, {}), **heads}
        rows = {self.patch.after + at: (self._fill(row.cells), row) for at, row in enumerate(self.patch.rows, 1)}
        tail = self._tail(fills, rows)
        self._recalculate(fills)
        sheet = self._sheet(self._plan(fills, rows), tail)
        changed = {name: (part,) for name, part in self.parts.items()}
        return self.container.rewritten({**changed, self.near.sheet.part: sheet}, self.added, self.dropped)

    def _fill(self, cells: Mapping[str, Put]) -> Fill:
        return {self.places[key]: put for key, put in cells.items() if key in self.places}

    def _widen_table(self) -> None:
        """Let the table reach over the columns that were put right beside it."""
        if self.near.table and self.new.in_table:
            part, xml = self.near.table
            self.parts[part] = with_columns(self.parts.get(part, xml), self.new.in_table, part)

    def _plan(self, fills: Mapping[int, Fill], rows: Mapping[int, tuple[Fill, NewRow]]) -> Plan:
        table = self.near.table
        formulas = computed(table[1], area_of_table(table[1], table[0]).left) if table else {}
        columns = range(self.columns.start, max(self.columns.stop, *(at + 1 for at in self.new.columns.values()), 0))
        styles = self._new_styles(fills, rows)
        return Plan(
            fills=fills,
            rows=rows,
            change=self.change,
            model=Model(self.found.model, columns, formulas, styles),
            has_formulas=self.found.has_formulas,
            column_styles=column_styles(self.found.head),
            styles={(self.near.sheet.header_row, column): self.new.header_style for column in self.new.titles}
            if self.new.header_style
            else {},
        )

    def _new_styles(self, fills: Mapping[int, Fill], rows: Mapping[int, tuple[Fill, NewRow]]) -> dict[int, bytes]:
        """Return the styles of the columns put back: a date's where dates come in, else that of the column before."""
        puts = [*fills.values(), *(fill for fill, _ in rows.values())]
        dated = {column for fill in puts for column, put in fill.items() if isinstance(put.value, datetime)}
        date, plain = self._date_style(), self._plain_style()
        wanted = {column: date if column in dated else plain for column in self.new.columns.values()}
        return {column: style for column, style in wanted.items() if style is not None}

    def _date_style(self) -> bytes | None:
        """Return a style that shows dates: one of the last case's row, else any of the workbook's."""
        formats = self.book.formats
        looks = Looks(formats, self.book.date1904)
        used = (cell.style for cell in self.found.model.cells(self.found.tags)[0])
        moments = (number for number, form in enumerate(formats) if form.kind is Kind.MOMENT)
        of_row = (style for style in used if style and looks.shows_dates(style))
        return next(chain(of_row, (b"%d" % number for number in moments)), None)

    def _plain_style(self) -> bytes | None:
        cells = [cell for cell in self.found.model.cells(self.found.tags)[0] if cell.column == self.columns.stop - 1]
        looks = Looks(self.book.formats, self.book.date1904)
        return next((cell.style for cell in cells if not looks.shows_dates(cell.style)), None)

    # ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _tail(self, fills: Mapping[int, Fill], rows: Mapping[int, tuple[Fill, NewRow]]) -> bytes:
        """Return what follows the rows, with the links of our cells; the sheet's relations change with them."""
        part, prefix = self.near.sheet.part, self.found.tags.prefix
        tail = with_tail(self.found.tail, prefix, self.change, part)
        filled = [(self.change.row(row), fill) for row, fill in fills.items()]
        filled += [(row, fill) for row, (fill, _) in rows.items()]
        links = {f"{letters_of(column)}{row}": put.link for row, fill in filled for column, put in fill.items()}
        there = actual(self.container, relations_part(part))
        rels = self.container.read(there) if there else NO_RELATIONS
        names = Names.of(prefix, root_of(self.found.head, part)[1])
        linked = with_links(tail, names, rels, links)
        if linked.relations != rels:
            self._put(there, relations_part(part), linked.relations)
        return linked.tail

    def _put(self, there: str | None, name: str, part: bytes) -> None:
        if there:
            self.parts[there] = part
            return
        self.added[name] = part
        types = actual(self.container, TYPES) or TYPES
        self.parts[types] = with_default(self.parts.get(types) or self.container.read(types), "rels", RELATIONS_TYPE)

    def _recalculate(self, fills: Mapping[int, Fill]) -> None:
        """Let the program compute anew what people's formulas make of the new values."""
        cells = {f"{letters_of(column)}{row}" for row, fill in fills.items() for column in fill}
        has = self.found.has_formulas
        done = recalculated(self.container, self.near, self.change, cells, self.parts, has_formulas=has)
        self.parts |= done.parts
        self.dropped += done.dropped
        for name in done.dropped:
            self.parts.pop(name, None)

    def _sheet(self, plan: Plan, tail: bytes) -> Iterator[bytes]:
        stream = Stream.of(self.container.chunks(self.near.sheet.part))
        prefix = stream.tags.prefix
        looks = Looks(self.book.formats, self.book.date1904, prefix, self._date_style())
        yield with_dimension(stream.head, self.change, plan, self.found.last_row)
        yield from RowWriter(plan, stream, looks).pieces()
        yield tail
