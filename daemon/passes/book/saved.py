"""A workbook as people saved it: opened, its ledger sheet found, its rows read, and which case each of them is."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from daemon.ledger.columns import MAIN_SHEET
from daemon.ledger.identity import Matched, identify
from daemon.ledger.likeness import Known
from daemon.ledger.mark import mark_of
from daemon.ledger.merge import Change, Generation
from daemon.ledger.notes import without_notes
from daemon.ledger.reading import Workbook, open_workbook
from daemon.ledger.sheet import SeenRow, Sheet
from daemon.ledger.shown import Book
from daemon.seams import BaseRow, CellValue
from daemon.seams import Generation as Written

NUMBER = "case_no"
Base = Mapping[UUID, BaseRow]


@dataclass(frozen=True, slots=True)
class Saved:
    """A workbook by the hash of its bytes, with the ledger's sheet and the rows below its header."""

    sha256: str
    workbook: Workbook
    sheet: Sheet
    rows: tuple[SeenRow, ...]

    @property
    def data(self) -> bytes:
        """Return the bytes of the file."""
        return self.workbook.container.data

    @property
    def mark(self) -> str:
        """Return the mark of the writing of ours that the file comes from, empty for none."""
        return mark_of(self.workbook)

    @property
    def columns(self) -> frozenset[str]:
        """Return the keys of the columns that are there."""
        return frozenset(self.sheet.columns)


def opened(data: bytes, sha256: str, book: Book, where: Callable[[int], bool] | None = None) -> Saved:
    """Return a workbook as it stands, with the rows of these numbers, all when not told.  Raises BadWorkbook."""
    workbook = open_workbook(data)
    sheet = workbook.find(book.wanted, (MAIN_SHEET,))
    return Saved(sha256, workbook, sheet, tuple(workbook.rows(sheet, where=where)))


def matched(saved: Saved, base: Base) -> Matched:
    """Return which row is which case, by what stood in the rows when they were read or written last."""
    known = {case: Known(row.number, row.cells, row.place) for case, row in base.items()}
    return without_notes(identify(saved.rows, known, saved.columns, by_rarity=True), saved.rows)


def last_row(saved: Saved, rows: Matched) -> int:
    """Return the number of the last row that is a complaint or may become one, that of the header when none is.

    What people wrote below, notes and totals, stays below.
    """
    some = (*rows.found.values(), *rows.new, *rows.unknown, *(one.row for one in rows.held))
    return max((row.number for row in some), default=saved.sheet.header_row)


def writings(written: Iterable[Written], base: Base) -> tuple[Generation, ...]:
    """Return our last writings, the newest first, each cell with what it was and what it became."""
    stands: dict[tuple[UUID, str], CellValue] = {}
    found = []
    for one in written:
        changes = []
        for case, old in one.rows.items():
            for key, value in (old or {}).items():
                now = base[case].cells.get(key) if case in base else None
                changes.append(Change(case, key, value, stands.get((case, key), now)))
                stands[case, key] = value
        appended = tuple(case for case, old in one.rows.items() if old is None)
        found.append(Generation(one.number, tuple(changes), appended))
    return tuple(found)
