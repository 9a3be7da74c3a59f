"""A workbook as bytes that depend on nothing but its content: no clock, no machine, no order of chance."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from io import BytesIO
from tempfile import TemporaryFile
from typing import IO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - the properties of a workbook have no zone
MAIN_PART = "xl/worksheets/sheet1.xml"


def packed(workbook: Workbook, text_cells: str) -> bytes:
    """Return the workbook's file; numbers kept as text in `text_cells` of its first sheet get no green corner."""
    workbook.properties.creator = "kesu"
    workbook.properties.created = workbook.properties.modified = EPOCH
    with TemporaryFile() as loose:
        with ZipFile(loose, "w", ZIP_STORED) as archive:
            ExcelWriter(workbook, archive).write_data()  # save() would put the time of day into the properties
        _forget_cells(workbook)
        return _repacked(loose, text_cells)


def _forget_cells(workbook: Workbook) -> None:
    """Let go of the cells, which hold the workbook as it holds them: Python would keep them until the next one."""
    for sheet in workbook.worksheets:
        sheet._cells.clear()  # noqa: SLF001 - openpyxl deletes cells one by one only


def _repacked(loose: IO[bytes], text_cells: str) -> bytes:
    tidy = BytesIO()
    with ZipFile(loose) as source, ZipFile(tidy, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            entry = ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 0, 0
            with target.open(entry, "w") as out:
                for piece in _quiet(source.read(name), text_cells) if name == MAIN_PART else (source.read(name),):
                    out.write(piece)
    return tidy.getvalue()


def _quiet(sheet: bytes, cells: str) -> Iterator[bytes | memoryview]:
    """Add the element that openpyxl cannot write; the schema wants it just before the table."""
    at = sheet.rfind(b"<tableParts")
    if at < 0:
        yield sheet
        return
    yield memoryview(sheet)[:at]
    yield f'<ignoredErrors><ignoredError sqref="{cells}" numberStoredAsText="1"/></ignoredErrors>'.encode()
    yield memoryview(sheet)[at:]
