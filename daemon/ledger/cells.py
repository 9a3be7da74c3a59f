"""One value into one cell of a workbook that is made anew: text stays text, whatever it begins with."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from daemon.ledger.columns import Column
from daemon.ledger.fitting import fit
from daemon.ledger.text import clean, escaped, looks_like_formula
from daemon.seams import CellValue


def cell_at(sheet: Worksheet, row: int, column: int) -> Cell:
    """Return a cell of a sheet that has no merged ones."""
    cell = sheet.cell(row, column)
    assert isinstance(cell, Cell)
    return cell


def put(cell: Cell, value: CellValue, column: Column, zone: ZoneInfo) -> None:
    """Put a value into a cell; a text is never a formula, whatever it begins with."""
    fitting = fit(value, column, zone)
    if isinstance(fitting, str):
        put_text(cell, fitting)
    elif fitting is not None:
        cell.value = fitting


def put_text(cell: Cell, text: str) -> None:
    """Put text into a cell as text; an empty one leaves the cell empty."""
    if legal := clean(text):
        cell.value = escaped(legal)
        cell.data_type = "s"
        if looks_like_formula(legal):
            cell.quotePrefix = True
