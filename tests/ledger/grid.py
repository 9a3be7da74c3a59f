"""A workbook as somebody has it open: rows are moved, sorted, copied and put down again, with their looks."""

from __future__ import annotations

from copy import copy
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from openpyxl import load_workbook
from openpyxl.styles.cell_style import StyleArray

from daemon.ledger.columns import MAIN_SHEET

TOKEN, NOTE = "跟进号", "私记"  # two columns of people's own; the first tells rows apart, whatever else stands in them


@dataclass
class Square:
    """What stands in one cell, and how it looks."""

    value: Any = None
    style: Any = None
    link: str = ""


@dataclass
class Grid:
    """The ledger's sheet of a workbook that somebody has open."""

    data: bytes
    book: Any = field(init=False)
    squares: list[list[Square]] = field(init=False)

    def __post_init__(self) -> None:
        self.book = load_workbook(BytesIO(self.data))
        self.sheet = self.book[next((name for name in self.book.sheetnames if name.startswith(MAIN_SHEET)), "")]
        rows = [[_square(cell) for cell in row] for row in self.sheet.iter_rows()]
        while rows and all(square.value is None for square in rows[-1]):
            rows.pop()
        self.squares = rows

    @property
    def header(self) -> int:
        """In which row, from 0, the headers stand."""
        return max(range(min(8, len(self.squares))), key=lambda at: sum(bool(one.value) for one in self.squares[at]))

    @property
    def titles(self) -> dict[str, int]:
        """Where each header stands, from 0; of several the first."""
        found: dict[str, int] = {}
        for at, square in enumerate(self.squares[self.header]):
            if square.value:
                found.setdefault(str(square.value), at)
        return found

    @property
    def rows(self) -> list[list[Square]]:
        """The rows below the header that hold anything."""
        return [row for row in self.squares[self.header + 1 :] if any(one.value is not None for one in row)]

    def get(self, row: list[Square], title: str) -> Any:
        """Return what stands in a row below a header; None where that is gone."""
        at = self.titles.get(title)
        return None if at is None else row[at].value

    def put(self, row: list[Square], title: str, value: Any) -> None:
        """Type into a row below a header."""
        row[self.titles[title]].value = value

    def new_row(self) -> list[Square]:
        """Add a row below all others."""
        looks = self.rows[-1] if self.rows else [Square() for _ in self.squares[0]]
        row = [Square(style=square.style) for square in looks]
        self.squares.append(row)
        return row

    def new_column(self, title: str, at: int | None = None) -> None:
        """Insert a column under a title, at the end if not told where."""
        where = len(self.squares[0]) if at is None else at
        for number, row in enumerate(self.squares):
            row.insert(where, Square(title if number == self.header else None))

    def move_column(self, title: str, to: int) -> None:
        """Take a column out and put it in elsewhere."""
        at = self.titles[title]
        for row in self.squares:
            row.insert(to, row.pop(at))

    def delete_column(self, title: str) -> None:
        """Delete a column."""
        at = self.titles[title]
        for row in self.squares:
            del row[at]

    def without_table(self) -> None:
        """Turn the table into plain cells, as who rearranges a sheet may; openpyxl moves no table along."""
        for name in list(self.sheet.tables):
            del self.sheet.tables[name]

    def saved(self) -> bytes:
        """Return the workbook's bytes."""
        self._put_down()
        out = BytesIO()
        self.book.save(out)
        return out.getvalue()

    def _put_down(self) -> None:
        sheet = self.sheet
        sheet._cells.clear()
        sheet._hyperlinks = []
        for dimension in sheet.column_dimensions.values():
            dimension._style = StyleArray()  # that of the columns, which openpyxl does not move along with them
        for at, row in enumerate(self.squares, start=1):
            for column, square in enumerate(row, start=1):
                if square.value is None and square.style is None:
                    continue
                cell = sheet.cell(at, column)
                if isinstance(square.value, Verbatim):
                    cell.value, cell.data_type = str(square.value), "s"
                else:
                    cell.value = square.value
                if square.link and square.value is not None:
                    cell.hyperlink = square.link
                if square.style is not None:
                    cell._style = copy(square.style)


class Verbatim(str):
    """Text that begins like a formula and is none."""

    __slots__ = ()


def _square(cell: Any) -> Square:
    link = cell.hyperlink.target or "" if cell.hyperlink else ""
    value = Verbatim(cell.value) if cell.data_type == "s" and str(cell.value).startswith("=") else cell.value
    return Square(value, copy(cell._style) if cell.has_style else None, link)
