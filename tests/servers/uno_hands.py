"""What a person does in LibreOffice: opens a workbook, works in it, saves it.  Run by a Python that has `uno`.

Usage: uno_hands.py PIPE, with a LibreOffice that listens there.  Reads a JSON object a line, {"open": path, "do":
[[deed, argument …] …], "save": path}, rows and columns from 0, and answers each with a line, empty when all went well.
At the end of its input it ends LibreOffice.  It knows nothing of the daemon, and stands on no other module.
"""

from __future__ import annotations

import json
import sys
import time
import traceback
from contextlib import suppress
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException
from com.sun.star.lang import DisposedException
from com.sun.star.table import TableSortField

XLSX = "Calc MS Excel 2007 XML"
TRIES, PAUSE = 600, 0.1  # a first start makes a profile


def desktop(pipe):
    """Return the desktop of a LibreOffice that listens at this pipe, once it does."""
    here = uno.getComponentContext()
    resolver = here.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", here)
    for left in reversed(range(TRIES)):
        try:
            there = resolver.resolve("uno:pipe,name=%s;urp;StarOffice.ComponentContext" % pipe)  # noqa: UP031
        except NoConnectException:
            if not left:
                raise
            time.sleep(PAUSE)
        else:
            return there.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", there)
    return None


def said(name, value):
    """Return a named argument as UNO takes it."""
    return PropertyValue(Name=name, Value=value)


class Sheet:
    """The first sheet of an open workbook, under a person's hands; each public method is a deed."""

    def __init__(self, book):
        self.book = book
        self.sheet = book.Sheets.getByIndex(0)

    def text(self, row, column, words):
        self.sheet.getCellByPosition(column, row).setString(words)

    def paint(self, row, column, rgb):
        self.sheet.getCellByPosition(column, row).CellBackColor = rgb

    def hide(self, row, column):
        self.sheet.Rows.getByIndex(row).IsVisible = False
        self.sheet.Columns.getByIndex(column).IsVisible = False

    def insert_row(self, at):
        self.sheet.Rows.insertByIndex(at, 1)

    def insert_column(self, at):
        self.sheet.Columns.insertByIndex(at, 1)

    def move_column(self, source, before):
        """Cut a column out and put it in before another, as both stand now."""
        columns = self.sheet.Columns
        columns.insertByIndex(before, 1)
        source += before <= source
        self.sheet.moveRange(
            self.sheet.getCellByPosition(before, 0).CellAddress, columns.getByIndex(source).RangeAddress
        )
        columns.removeByIndex(source, 1)

    def sort(self, header, column, down):
        """Sort all rows below the header by a column."""
        cursor = self.sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        end = cursor.RangeAddress
        if end.EndRow <= header:
            return
        rows = self.sheet.getCellRangeByPosition(0, header + 1, end.EndColumn, end.EndRow)
        by = TableSortField()
        by.Field, by.IsAscending = column, not down
        fields = uno.Any("[]com.sun.star.table.TableSortField", (by,))
        uno.invoke(rows, "sort", ((said("ContainsHeader", False), said("SortFields", fields)),))

    def aside(self, name, row, values):
        """Write a row of a sheet of one's own, which is made when it is not there."""
        sheets = self.book.Sheets
        if not sheets.hasByName(name):
            sheets.insertNewByName(name, sheets.Count)
        for column, value in enumerate(values):
            cell = sheets.getByName(name).getCellByPosition(column, row)
            cell.setString(value) if isinstance(value, str) else cell.setValue(value)


def work(office, wish):
    """Do what is wished for, and close the workbook whatever comes."""
    book = office.loadComponentFromURL(Path(wish["open"]).as_uri(), "_blank", 0, (said("Hidden", True),))
    try:
        sheet = Sheet(book)
        for deed, *arguments in wish["do"]:
            getattr(sheet, deed)(*arguments)
        book.storeToURL(Path(wish["save"]).as_uri(), (said("FilterName", XLSX),))
    finally:
        book.close(True)


def main():
    office = desktop(sys.argv[1])
    for line in sys.stdin:
        try:
            work(office, json.loads(line))
            answer = ""
        except Exception:  # noqa: BLE001 - whatever it is, the test is told
            answer = traceback.format_exc()
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
    with suppress(DisposedException):  # it may end before it can say so
        office.terminate()


if __name__ == "__main__":
    main()
