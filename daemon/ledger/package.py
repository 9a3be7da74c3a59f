"""A workbook as bytes that depend on nothing but its content: no clock, no machine, no order of chance."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

EPOCH = datetime(2000, 1, 1)  # noqa: DTZ001 - the properties of a workbook have no zone
MAIN_PART = "xl/worksheets/sheet1.xml"


def packed(workbook: Workbook, text_cells: str) -> bytes:
    """Return the workbook's file; numbers kept as text in `text_cells` of its first sheet get no green corner."""
    workbook.properties.creator = "kesu"
    workbook.properties.created = workbook.properties.modified = EPOCH
    loose = BytesIO()
    with ZipFile(loose, "w", ZIP_STORED) as archive:
        ExcelWriter(workbook, archive).write_data()  # save() would put the time of day into the properties
    return _repacked(loose, text_cells)


def _repacked(loose: BytesIO, text_cells: str) -> bytes:
    tidy = BytesIO()
    with ZipFile(loose) as source, ZipFile(tidy, "w", ZIP_DEFLATED) as target:
        for name in source.namelist():
            data = source.read(name)
            entry = ZipInfo(name, EPOCH.timetuple()[:6])
            entry.compress_type, entry.create_system, entry.external_attr = ZIP_DEFLATED, 0, 0
            target.writestr(entry, _quiet(data, text_cells) if name == MAIN_PART else data)
    return tidy.getvalue()


def _quiet(sheet: bytes, cells: str) -> bytes:
    """Add the element that openpyxl cannot write; the schema wants it just before the table."""
    said = f'<ignoredErrors><ignoredError sqref="{cells}" numberStoredAsText="1"/></ignoredErrors>'
    before, found, after = sheet.rpartition(b"<tableParts")
    return before + said.encode() + found + after if found else sheet
