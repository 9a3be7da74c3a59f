"""People at a ledger full of what no library keeps: cells are typed into its XML, all else stays byte by byte."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from io import BytesIO
from zipfile import ZipFile

from openpyxl import load_workbook

from daemon.ledger.columns import MAIN_SHEET
from daemon.ledger.may_change import MAY_CHANGE
from daemon.ledger.patching import patched
from daemon.ledger.reading import open_workbook
from daemon.ledger.sheet import NewRow, Patch, Put, Wanted
from daemon.seams import CellValue

PLACES = {
    "the ledger's sheet": "xl/worksheets/sheet1.xml",
    "its `_rels`": "xl/worksheets/_rels/sheet1.xml.rels",
    "its table": "xl/tables/table1.xml",
    "xl/workbook.xml": "xl/workbook.xml",
    "xl/calcChain.xml": "xl/calcChain.xml",
    "[Content_Types].xml, xl/_rels/workbook.xml.rels": "[Content_Types].xml xl/_rels/workbook.xml.rels",
}  # of tests/ledger/decorated.xlsx; other parts of the list change only when rows have to move

Row = Mapping[str, CellValue]


def typed(data: bytes, cells: Mapping[int, Row], rows: Sequence[Row] = (), after: int = 1) -> bytes:
    """Return the workbook after a person typed into cells, by row number and header, and into new rows."""
    titles = {title for some in (*cells.values(), *rows) for title in some}
    workbook = open_workbook(data)
    sheet = workbook.find([Wanted(title, title) for title in titles], (MAIN_SHEET,))
    puts = {row: {title: Put(value) for title, value in some.items()} for row, some in cells.items()}
    new = [NewRow({title: Put(value) for title, value in some.items()}) for some in rows]
    return patched(workbook, sheet, Patch(puts, new, after))


def parts(data: bytes) -> dict[str, bytes]:
    """Return the parts of a workbook by name."""
    with ZipFile(BytesIO(data)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def changed_parts(before: bytes, after: bytes) -> set[str]:
    """Return the names of the parts that are other bytes now, gone or new."""
    old, new = parts(before), parts(after)
    return {name for name in old.keys() | new.keys() if old.get(name) != new.get(name)}


def printed_parts() -> set[str]:
    """Return the parts that the printed list names, of a workbook in which no rows had to move."""
    return {name for one in MAY_CHANGE for name in PLACES.get(one.parts, "").split()}


def cells(data: bytes, title: str = MAIN_SHEET) -> dict[str, tuple[object, object]]:
    """Return what stands in each cell of a sheet, and its style."""
    return {
        cell.coordinate: (getattr(cell.value, "text", cell.value), cell._style)
        for row in load_workbook(BytesIO(data))[title].iter_rows()
        for cell in row
        if cell.value is not None
    }
