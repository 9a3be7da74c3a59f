"""A sheet as a table that holds no row yet: its header, the looks of rows to come, filter, frozen panes, page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from daemon.ledger.cells import cell_at, put_text
from daemon.ledger.columns import Column, Layout
from daemon.ledger.further import Heading, columns_for
from daemon.ledger.page import set_page
from daemon.ledger.styles import header_name, style_name

HEADER_HEIGHT = 36.0
FIRST_BODY_ROW = 2


def write_header(sheet: Worksheet, columns: Sequence[Column], styles: Mapping[str, StyleArray]) -> None:
    """Write the header row, and give every column its width and the style of the rows that will stand below."""
    for index, column in enumerate(columns, 1):
        cell = cell_at(sheet, 1, index)
        put_text(cell, column.title)
        cell.style = header_name(column.who)
        letter, style = get_column_letter(index), styles[style_name(column.look, column.who)]
        sheet.column_dimensions[letter] = ColumnDimension(sheet, letter, column.width, style=style)
    sheet.row_dimensions[1].height = HEADER_HEIGHT


def write_table(
    sheet: Worksheet, headings: Sequence[Heading], layout: Layout, styles: Mapping[str, StyleArray], name: str
) -> None:
    """Make a sheet that holds no row yet: header, styles, a table with its filter, frozen panes, a page that prints."""
    columns = columns_for(headings, layout)
    write_header(sheet, columns, styles)
    last = get_column_letter(len(columns))
    sheet.add_table(Table(displayName=name, name=name, ref=f"A1:{last}{FIRST_BODY_ROW}"))
    for index, heading in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(index)].hidden = heading.hidden
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    set_page(sheet, layout, f"{layout.say('客诉台账', 'Complaint ledger')} · {sheet.title}")
