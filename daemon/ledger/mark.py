"""The mark that says which of our writings a workbook comes from, in a sheet that every program keeps and none shows.

Pure.  A file that people save bears the mark of the version they opened, whatever they did to the rest of it.
"""

from __future__ import annotations

from daemon.ledger.merge import look, standing
from daemon.ledger.new_sheet import with_new_sheet
from daemon.ledger.patching import patched
from daemon.ledger.reading import Workbook, open_workbook
from daemon.ledger.sheet import NewRow, Patch, Put, Sheet

MARK_SHEET = "kesu"
HEADER, ROW = 1, 2
KEY = "mark"


def mark_of(workbook: Workbook) -> str:
    """Return the mark of a workbook, empty when it has none."""
    sheet = _sheet(workbook)
    rows = workbook.rows(sheet) if sheet else ()
    return next((look(standing(row.cells[KEY])) for row in rows if row.number == ROW), "")


def marked(data: bytes, mark: str) -> bytes:
    """Return a workbook's file with another mark; raise BadWorkbook when it cannot be patched."""
    workbook = open_workbook(data)
    sheet = _sheet(workbook)
    if sheet is None:
        return with_new_sheet(data, MARK_SHEET, [KEY], [[mark]], [], hidden=None)
    there = any(row.number == ROW for row in workbook.rows(sheet))
    put = {KEY: Put(mark)}
    return patched(workbook, sheet, Patch({ROW: put} if there else {}, () if there else (NewRow(put),), HEADER))


def _sheet(workbook: Workbook) -> Sheet | None:
    tabs = (tab for tab in workbook.sheets if tab.title.casefold() == MARK_SHEET)
    return next((Sheet(tab.title, tab.part, HEADER, {KEY: 1}) for tab in tabs), None)
