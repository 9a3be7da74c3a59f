"""What the newest version of the workbook has that a file has not, which was saved from an older one.  Pure.

People save from what they opened.  When two saves and a write of ours collide, that need not be the newest version:
then only what differs from the version they opened is theirs, and what the newest one has beyond it is carried over.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from daemon.ledger.headers import plain
from daemon.ledger.identity import HINT, number_in
from daemon.ledger.merge import EMPTY, look, standing
from daemon.ledger.reading import Workbook
from daemon.ledger.sheet import NewRow, Patch, Put, Seen, SeenRow, Sheet, Wanted
from daemon.seams import CellValue

OWN = "own:"  # begins the key of a column that people added, before its header

Cells = Mapping[str, Seen]


@dataclass(frozen=True, slots=True)
class Page:
    """A sheet with all its columns, those of people too: the rows by their numbers, and those that have none."""

    sheet: Sheet
    titles: Mapping[str, str]
    numbered: Mapping[str, SeenRow]
    others: Sequence[SeenRow]
    last: int


@dataclass(frozen=True, slots=True)
class Overwritten:
    """A cell of a column of people's own that two of them changed: what the later save has done away with."""

    number: str
    title: str
    value: CellValue
    instead: CellValue


@dataclass(frozen=True, slots=True)
class Carried:
    """What is to be put into a sheet so that it has what the newest version has beyond the one it was saved from."""

    sheet: Sheet
    patch: Patch
    overwritten: tuple[Overwritten, ...] = ()


def page(workbook: Workbook, sheet: Sheet, known: Mapping[int, str]) -> Page:
    """Return a sheet with the columns that nobody looked for, each by its header; of doubled ones the first.

    `known` are the numbers of rows that do not bear them (yet), or that are the ones of several that do.
    """
    taken = set(sheet.columns.values())
    own: dict[str, int] = {}
    titles = {at: text for at, text in sorted(workbook.titles(sheet).items()) if at not in taken}
    for at, text in titles.items():
        own.setdefault(OWN + plain(text), at)
    whole = replace(sheet, columns={**sheet.columns, **own})
    numbered: dict[str, SeenRow] = {}
    others: list[SeenRow] = []
    last = sheet.header_row
    for row in workbook.rows(whole):
        last = row.number
        number = known.get(row.number) or number_in(row)
        if number and number not in numbered:
            numbered[number] = row
        else:
            others.append(row)
    return Page(whole, {key: titles[at] for key, at in own.items()}, numbered, others, last)


def _look(cells: Cells, key: str) -> str:
    seen = cells.get(key, EMPTY)
    return seen.formula or look(standing(seen))


def _looks(cells: Cells) -> frozenset[tuple[str, str]]:
    return frozenset((key, text) for key in cells if key != HINT and (text := _look(cells, key)))


def carried(theirs: Page, parent: Page, newest: Page) -> Carried:
    """Return what the newest version has beyond the parent of a file, and the file has not.

    Of rows that all have the cells of people's own columns are carried, for the others are made from the journal; a row
    that is in the newest version only is carried whole.  A formula is not carried.
    """
    draft = _Draft(theirs, parent, newest, tuple(newest.titles))
    for number, row in newest.numbered.items():
        draft.look(number, row.cells)
    known = {_looks(row.cells) for row in (*theirs.others, *parent.others)}
    for row in newest.others:
        if _looks(row.cells) not in known:
            draft.look("", row.cells)
    return draft.result()


def _beginning_of(cells: Cells, rows: Iterable[SeenRow]) -> SeenRow | None:
    """Return a row all of whose cells stand in these."""
    return next((row for row in rows if (looks := _looks(row.cells)) and looks <= _looks(cells)), None)


@dataclass(slots=True)
class _Draft:
    """What is carried, while it is found."""

    theirs: Page
    parent: Page
    newest: Page
    own: Collection[str]
    cells: dict[int, dict[str, Put]] = field(default_factory=dict)
    rows: list[NewRow] = field(default_factory=list)
    overwritten: list[Overwritten] = field(default_factory=list)

    def look(self, number: str, cells: Cells) -> None:
        """Look at a row of the newest version; one that the file has not, but its parent has, was deleted."""
        there, before = self.theirs.numbered.get(number), self.parent.numbered.get(number)
        if not there and not before:  # as it was typed, perhaps, before it got a number
            before = _beginning_of(cells, self.parent.others)
            there = self._still(before) if before else _beginning_of(cells, self.theirs.others)
        if there:
            self._row(number, cells, there, before.cells if before else {})
        elif not before:
            self.rows.append(NewRow(self._puts(cells)))

    def _still(self, before: SeenRow) -> SeenRow | None:
        """Return the row without a number in the file that is one of its parent: as it was, or else at its place."""
        same = (row for row in self.theirs.others if _looks(row.cells) == _looks(before.cells))
        return next(same, next((row for row in self.theirs.others if row.number == before.number), None))

    def _row(self, number: str, cells: Cells, there: SeenRow, before: Cells) -> None:
        for key in self.own if number else cells:
            value, old, theirs = (_look(row, key) for row in (cells, before, there.cells))
            if value in (old, theirs) or cells.get(key, EMPTY).formula or not self._has(key):
                continue
            if theirs == old:
                self.cells.setdefault(there.number, {})[key] = Put(standing(cells.get(key, EMPTY)))
            else:
                gone, instead = (standing(row.get(key, EMPTY)) for row in (cells, there.cells))
                self.overwritten.append(Overwritten(number, self.newest.titles.get(key, key), gone, instead))

    def _has(self, key: str) -> bool:
        """Tell whether a column is in the file, or comes into it: one that the parent has was taken out."""
        return key in self.theirs.sheet.columns or key not in self.parent.sheet.columns

    def _puts(self, cells: Cells) -> dict[str, Put]:
        """Return the cells of a row that is carried whole."""
        there = self.theirs.sheet.columns
        return {
            key: Put(standing(seen))
            for key, seen in cells.items()
            if not seen.formula and (key in there or (key in self.own and self._has(key)))
        }

    def result(self) -> Carried:
        """Return what was found, with the columns that come into the file."""
        used = {key for row in (*self.cells.values(), *(row.cells for row in self.rows)) for key in row}
        there = self.theirs.sheet
        new = tuple(
            Wanted(key, self.newest.titles[key]) for key in self.own if key in used and key not in there.columns
        )
        sheet = replace(there, missing=(*there.missing, *(one.key for one in new)))
        return Carried(sheet, Patch(self.cells, self.rows, self.theirs.last, new), tuple(self.overwritten))
