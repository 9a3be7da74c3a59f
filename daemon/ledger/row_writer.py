"""Rows of a sheet written anew while they stream by: cells filled, rows put in, rows moved, formulas that follow.

Pure.  What does not change is handed on as the bytes it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

from daemon.ledger.cells_out import Looks
from daemon.ledger.markup import plain, quoted
from daemon.ledger.references import Area, Change, Grow, letters_of, moved_formula, moved_list, translated
from daemon.ledger.rows_xml import Cell, Grammar, Region, Row, Stream, attribute_in, style_of
from daemon.ledger.sheet import BadWorkbook, Flaw, NewRow, Put

Fill = Mapping[int, Put]  # by column

_ROW_NUMBER = re.compile(rb"""(\sr\s*=\s*["'])[0-9]+""")
_CELL_NUMBER = re.compile(rb"""(\sr\s*=\s*["'][A-Z]{1,3})[0-9]+""")
_SPANS = re.compile(rb"""(\sspans\s*=\s*["'])([0-9]+):([0-9]+)(?=["'])""")
_NOT_COPIED = re.compile(rb"""\s(?:r|spans|hidden|collapsed|ht|customHeight)\s*=\s*(?:"[^"]*"|'[^']*')""")


@dataclass(frozen=True, slots=True)
class Model:
    """What a new row looks like: the row above it, its columns, their formulas and, where it has none, their styles."""

    row: Row
    columns: range
    formulas: Mapping[int, str] = field(default_factory=dict)
    styles: Mapping[int, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written: cells by row, new rows by number, and how all below moves."""

    fills: Mapping[int, Fill]
    rows: Mapping[int, tuple[Fill, NewRow]]
    change: Change
    model: Model
    has_formulas: bool = False
    column_styles: Mapping[int, bytes] = field(default_factory=dict)
    styles: Mapping[tuple[int, int], bytes] = field(
        default_factory=dict
    )  # of cells that are not there, by row and column


@dataclass(slots=True)
class _Group:
    """A shared formula whose first cell was overwritten: the next one that uses it takes its text over."""

    text: str
    row: int
    column: int
    area: Area


@dataclass(slots=True)
class RowWriter:
    """Writes the rows of a sheet as a plan says."""

    plan: Plan
    stream: Stream
    looks: Looks
    _due: list[int] = field(default_factory=list)  # rows that are still to be written, last first
    _orphans: dict[bytes, _Group] = field(default_factory=dict)
    _above: Row | None = None

    @property
    def tags(self) -> Grammar:
        """How the sheet writes its tags."""
        return self.stream.tags

    def pieces(self) -> Iterator[bytes]:
        """Yield the rows, new ones at their places."""
        self._due = sorted({*self.plan.fills, *self.plan.rows}, reverse=True)
        for region in self.stream.regions():
            if self._is_untouched(region):
                yield region.xml
                self._above = None
            else:
                yield from self._rewritten(region)
            if self._above is None and self._due and self._due[-1] <= region.last + 1:
                self._above = self.stream.last_row(region)
        yield from self._due_before(None)

    def _is_untouched(self, region: Region) -> bool:
        change = self.plan.change
        if (self._due and self._due[-1] <= region.last) or (change.by and region.last >= change.first):
            return False
        if self._orphans and any(b'"%s"' % group in region.xml for group in self._orphans):
            return False
        return change.is_nothing or not self.plan.has_formulas or b"<%sf" % self.tags.prefix not in region.xml

    def _rewritten(self, region: Region) -> Iterator[bytes]:
        for row in self.stream.rows(region):
            moves = self.plan.change.by and row.number >= self.plan.change.first
            yield from self._due_before(None if moves else row.number)
            written = self._old(row)
            self._above = row
            yield written

    def _due_before(self, number: int | None) -> Iterator[bytes]:
        """Yield rows that are not in the file: those before a row, or all new ones and those before the end."""
        while self._due and (number is None or self._due[-1] < number):
            due = self._due[-1]
            if number is None and due not in self.plan.rows and self.plan.change.row(due) != due:
                return  # a filled cell in a row that moves, and comes later
            self._due.pop()
            yield self._written(Row(due, b' r="%d"' % due, b"", b""), is_there=False)

    def _old(self, row: Row) -> bytes:
        """Return a row of the file as it is now."""
        change = self.plan.change
        moves = bool(change.by) and row.number >= change.first
        fills = self.plan.fills.get(row.number, {})
        if (row.number in self.plan.rows and not moves) or fills:
            self._due = [due for due in self._due if due != row.number or (moves and due in self.plan.rows)]
            raw = self._written(row, is_there=True, moves=moves)
        else:
            raw = row.raw
        if self._orphans:
            raw = self._adopted(raw, row.number)
        if not change.is_nothing and self.plan.has_formulas and b"<%sf" % self.tags.prefix in raw:
            raw = self._with_formulas(raw, row.number)
        return self._renumbered(raw, change.row(row.number)) if moves else raw

    def _written(self, row: Row, *, is_there: bool, moves: bool = False) -> bytes:
        """Return a row with what is to stand in it, a new one in the look of the row above."""
        cells, rest = row.cells(self.tags)
        attributes = row.attributes
        if row.number in self.plan.rows and not moves:
            fill, new = self.plan.rows[row.number]
            attributes = self._new_attributes(row.number, new)
            cells = self._new_cells(row.number, fill, cells)
        if fills := self.plan.fills.get(row.number):
            cells = self._filled(row, cells, fills)
        if not cells and not is_there:
            return b""
        raw = b"".join(cell.raw for cell in cells)
        attributes = _spanning(attributes, cells)
        self._above = replace(row, attributes=attributes, content=raw)
        return b"<%(p)srow%(a)s>%(c)s%(r)s</%(p)srow>" % {
            b"p": self.tags.prefix, b"a": attributes, b"c": raw, b"r": rest,
        }  # fmt: skip

    # ── cells ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _filled(self, row: Row, cells: list[Cell], fills: Fill) -> list[Cell]:
        by_column = {cell.column: cell for cell in cells}
        for column, put in fills.items():
            old = by_column.get(column)
            if old is None and put.value in (None, ""):
                continue
            if old:
                self._remember(old, row.number)
            style = old.style if old else self._style_of(row, column)
            by_column[column] = self._cell(row.number, column, style, put)
        return [by_column[column] for column in sorted(by_column)]

    def _cell(self, number: int, column: int, style: bytes | None, put: Put) -> Cell:
        raw = self.looks.cell(f"{letters_of(column)}{number}", style, put.value)
        return Cell(column, b"", b"", raw)

    def _style_of(self, row: Row, column: int) -> bytes | None:
        """Return the style of a cell that is not there: the row's, the one above, the column's."""
        if (told := self.plan.styles.get((row.number, column))) is not None:
            return told
        if b"customFormat" in row.attributes and (own := style_of(row.attributes)):
            return own
        above = self._above.cells(self.tags)[0] if self._above else []
        styles = {cell.column: style_of(_opening(cell.raw)) for cell in above}
        return styles.get(column) or self.plan.model.styles.get(column) or self.plan.column_styles.get(column)

    def _remember(self, cell: Cell, number: int) -> None:
        """Keep the text of a shared formula whose first cell is overwritten; refuse a formula of many cells."""
        for found in self.tags.formula.finditer(cell.content):
            kind, ref = attribute_in(found[1], b"t"), attribute_in(found[1], b"ref") or ""
            if kind == "shared" and found[2] and ref:
                group = (attribute_in(found[1], b"si") or "").encode()
                self._orphans[group] = _Group(plain(found[2]), number, cell.column, Area.of(ref))
            elif kind in ("array", "dataTable") and ":" in ref:
                place = f"{letters_of(cell.column)}{number}"
                raise BadWorkbook(
                    Flaw.UNUSUAL, f"{place} belongs to a formula of several cells ({ref}): delete it there"
                )

    # ── new rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _new_attributes(self, number: int, new: NewRow) -> bytes:
        model = self.plan.model.row.attributes
        kept = _NOT_COPIED.sub(b"", model)
        height, spans = attribute_in(model, b"ht"), attribute_in(model, b"spans")
        if new.height and (height or not model):
            kept += b' ht="%s" customHeight="1"' % f"{new.height:g}".encode()
        elif height:
            custom = b' customHeight="1"' if attribute_in(model, b"customHeight") in ("1", "true") else b""
            kept += b' ht="%s"%s' % (height.encode(), custom)
        return b' r="%d"' % number + (b' spans="%s"' % spans.encode() if spans else b"") + kept

    def _new_cells(self, number: int, fill: Fill, there: list[Cell]) -> list[Cell]:
        model = self.plan.model
        styles = {**self.plan.column_styles, **model.styles}
        styles |= {cell.column: cell.style for cell in model.row.cells(self.tags)[0] if cell.style}
        cells = {cell.column: cell for cell in there if cell.column not in model.columns}
        for column in sorted({*styles, *fill, *model.formulas}):
            style, put = styles.get(column), fill.get(column, Put(None))
            if column not in model.columns and column not in fill:
                continue
            if put.value not in (None, ""):
                cells[column] = self._cell(number, column, self._dated(style, put), put)
            elif column in model.formulas:
                formula = self.looks.formula(f"{letters_of(column)}{number}", style, self._formula(column, number))
                cells[column] = Cell(column, b"", b"", formula)
            elif style is not None:
                cells[column] = self._cell(number, column, style, put)
        return [cells[column] for column in sorted(cells)]

    def _dated(self, style: bytes | None, put: Put) -> bytes | None:
        """Return a style that shows a date, where the column has none yet."""
        needs = hasattr(put.value, "year") and not self.looks.shows_dates(style)
        return self.looks.date_style if needs and self.looks.date_style else style

    def _formula(self, column: int, number: int) -> str:
        """Return the formula of a column that the table computes, for this row."""
        model = self.plan.model
        for cell in model.row.cells(self.tags)[0]:
            found = self.tags.formula.search(cell.content) if cell.column == column else None
            if found and found[2] and attribute_in(found[1], b"t") != "array":
                return translated(plain(found[2]), number - model.row.number, 0)
        return model.formulas[column]

    # ── what follows ─────────────────────────────────────────────────────────────────────────────────────────────────

    def _adopted(self, raw: bytes, number: int) -> bytes:
        """Give the text of a shared formula that lost its first cell to the next cell that uses it."""

        def cell(found: re.Match[bytes]) -> bytes:
            return self.tags.formula.sub(lambda formula: self._taken_over(formula, found[1], number), found[0])

        return self.tags.cell.sub(cell, raw)

    def _taken_over(self, found: re.Match[bytes], cell: bytes, number: int) -> bytes:
        group = self._orphans.get((attribute_in(found[1], b"si") or "").encode())
        if not group or attribute_in(found[1], b"t") != "shared" or found[2]:
            return found[0]
        place = attribute_in(cell, b"r") or ""
        column = Area.of(place).left
        key = (attribute_in(found[1], b"si") or "").encode()
        del self._orphans[key]
        area = replace(group.area, top=number, bottom=max(number, group.area.bottom))
        values = {
            b"p": self.tags.prefix, b"r": area.ref.encode(), b"i": key,
            b"f": quoted(translated(group.text, number - group.row, column - group.column)),
        }  # fmt: skip
        return b'<%(p)sf t="shared" ref="%(r)s" si="%(i)s">%(f)s</%(p)sf>' % values

    def _with_formulas(self, raw: bytes, number: int) -> bytes:
        grow = Grow.FIXED if self.plan.change.header < number <= self.plan.change.last else Grow.DATA
        return self.tags.formula.sub(lambda found: self._moved_formula(found, number, grow), raw)

    def _moved_formula(self, found: re.Match[bytes], number: int, grow: Grow) -> bytes:
        change = self.plan.change
        raw, attributes = found[0], found[1]
        if found[2]:
            old = plain(found[2])
            new = moved_formula(old, change, grow, own=True)
            if new != old:
                if b"shared" in attributes:
                    self._refuse_torn(old, attributes, number)
                at = found.start(2) - found.start()
                raw = raw[:at] + quoted(new) + raw[at + len(found[2]) :]
        for name in (b"ref", b"r1", b"r2"):
            value = attribute_in(attributes, name) if change.by else None
            if value and (moved := moved_list(value, change, Grow.NONE)) != value:
                area = Area.of(value)
                if area.top < change.first <= area.bottom and b"shared" not in attributes:
                    raise BadWorkbook(Flaw.UNUSUAL, f"the formula of several cells at {value} would be torn: move it")
                raw = re.sub(rb"""(\s%s\s*=\s*["'])[^"']*""" % name, rb"\g<1>" + moved.encode(), raw, count=1)
        return raw

    def _refuse_torn(self, text: str, attributes: bytes, number: int) -> None:
        """Refuse a formula that is shared by cells of which some would have to refer to other rows than the rest."""
        area = Area.of(attribute_in(attributes, b"ref") or "A1")
        change = self.plan.change
        for rows in {area.bottom - number, area.top - number}:
            here = moved_formula(translated(text, rows, 0), change, Grow.DATA, own=True)
            moved = moved_formula(text, change, Grow.DATA, own=True)
            if translated(moved, change.row(number + rows) - change.row(number), 0) != here:
                place = f"{area.ref}"
                raise BadWorkbook(Flaw.UNUSUAL, f"the formula shared by {place} refers to rows that move apart")

    def _renumbered(self, raw: bytes, number: int) -> bytes:
        end = raw.find(b">") + 1
        opening = _ROW_NUMBER.sub(rb"\g<1>%d" % number, raw[:end], count=1)
        return opening + self.tags.cell.sub(lambda found: _numbered(found, number), raw[end:])


def _numbered(cell: re.Match[bytes], number: int) -> bytes:
    at = cell.end(1) - cell.start()
    return _CELL_NUMBER.sub(rb"\g<1>%d" % number, cell[0][:at], count=1) + cell[0][at:]


def _opening(raw: bytes) -> bytes:
    return raw[: raw.find(b">")]


def _spanning(attributes: bytes, cells: list[Cell]) -> bytes:
    """Return a row's attributes with its hint of which columns are in use, where it has one."""
    found = _SPANS.search(attributes)
    if not found or not cells:
        return attributes
    low, high = min(int(found[2]), cells[0].column), max(int(found[3]), cells[-1].column)
    return attributes[: found.start(2)] + b"%d:%d" % (low, high) + attributes[found.end(3) :]
