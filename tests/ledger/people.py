"""People at the ledger: they open it in a program, change what they like, and save."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO

from openpyxl import load_workbook
from openpyxl.utils import column_index_from_string, get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from daemon.ledger.columns import MAIN_SHEET


class Paper:
    """The ledger's sheet as a person sees it: cells by the number of a case, or by row, and the header."""

    def __init__(self, sheet: Worksheet) -> None:
        self.sheet = sheet

    @property
    def titles(self) -> dict[str, int]:
        """Where each header stands, from 1."""
        return {str(cell.value): cell.column for cell in self.sheet[1] if cell.value}

    @property
    def numbers(self) -> dict[str, int]:
        """In which row each case stands."""
        at = self.titles["客诉编号"]
        return {str(row[at - 1].value): row[0].row for row in self.sheet.iter_rows(min_row=2) if row[at - 1].value}

    @property
    def end(self) -> int:
        """The first row below all that have anything in them."""
        filled = [row[0].row for row in self.sheet.iter_rows(min_row=1) if any(cell.value for cell in row)]
        return max(filled) + 1

    def cell(self, where: str | int, title: str):
        """Return the cell of a case, or of a row, below this header."""
        row = self.numbers[where] if isinstance(where, str) else where
        return self.sheet.cell(row, self.titles[title])

    def __getitem__(self, place: tuple[str | int, str]):
        return self.cell(*place).value

    def __setitem__(self, place: tuple[str | int, str], value) -> None:
        self.cell(*place).value = value

    def own(self, title: str) -> None:
        """Add a column of people's own behind all others, if it is not there."""
        if title not in self.titles:
            self.sheet.cell(1, max(self.titles.values()) + 1).value = title

    def delete_column(self, title: str) -> None:
        """Delete a column, from the table too, as a program does and openpyxl does not."""
        at = self.titles[title]
        self.sheet.delete_cols(at)
        (table,) = self.sheet.tables.values()
        del table.tableColumns[at - 1]
        left, right = table.ref.split(":")
        letter, row = re.fullmatch("([A-Z]+)([0-9]+)", right).groups()
        table.ref = f"{left}:{get_column_letter(column_index_from_string(letter) - 1)}{row}"
        table.autoFilter.ref = table.ref

    def type_row(self, **cells) -> int:
        """Type a new row below the last one; return its number."""
        at = self.end
        for title, value in cells.items():
            self[at, title] = value
        return at


@contextmanager
def paper(data: bytes) -> Iterator[tuple[Paper, BytesIO]]:
    """Open a workbook; what is in the file object after the block is what was saved."""
    book, saved = load_workbook(BytesIO(data)), BytesIO()
    yield Paper(book[MAIN_SHEET]), saved
    book.save(saved)


def read(data: bytes) -> Paper:
    """Open a workbook only to look at it."""
    return Paper(load_workbook(BytesIO(data))[MAIN_SHEET])
