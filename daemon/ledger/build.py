"""The first workbook, as bytes: the sheets with all that rows need which are put in later, and those that are there.

The same rows give the same bytes.  Reads and writes no file.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from daemon.core.case import Severity, Status
from daemon.core.fields import Kind
from daemon.ledger.cells import put
from daemon.ledger.changes import CHANGE_HEADINGS, CHANGES_SHEET, CHANGES_TABLE
from daemon.ledger.columns import GUIDE_SHEET, LISTS_SHEET, MAIN_SHEET, Column, Layout, Look, columns_of
from daemon.ledger.fitting import link_target
from daemon.ledger.further import columns_for
from daemon.ledger.guide import write_guide
from daemon.ledger.heights import long_lines, most_lines, row_height
from daemon.ledger.lists import add_choices, write_lists
from daemon.ledger.measure_columns import MEASURE_HEADINGS, MEASURES_SHEET
from daemon.ledger.measure_sheet import write_measures
from daemon.ledger.package import packed
from daemon.ledger.page import A3, set_page
from daemon.ledger.styles import (
    AMBER_FILL,
    AMBER_INK,
    CLOSED_FILL,
    GREY_INK,
    RED_FILL,
    RED_INK,
    add_styles,
    emphasis,
    style_name,
)
from daemon.ledger.tables import write_header, write_table
from daemon.seams import LedgerRow

TABLE_NAME = "台账表"
REACH = 200_000  # lists and colours reach down to this row: what is put in below the header has them
SPARE_ROWS = 2000
PAGES_WIDE = 4


def skeleton(layout: Layout) -> bytes:
    """Return the workbook without a row, ready for rows to be put in: the same layout gives the same bytes."""
    return build_workbook((), layout)


def build_workbook(rows: Sequence[LedgerRow], layout: Layout) -> bytes:
    """Return the workbook of these rows, in their order, as the bytes of an .xlsx file."""
    columns = columns_of(layout)
    workbook = Workbook()
    view = _View(columns, layout.zone, add_styles(workbook), _places(rows))
    main = workbook.active
    assert isinstance(main, Worksheet)
    main.title = MAIN_SHEET
    write_header(main, columns, view.styles)
    _write_rows(main, rows, view)
    _dress(main, columns, max(len(rows), 1) + 1, layout)
    _add_others(workbook, main, view, layout, _reach(len(rows)))
    return packed(workbook, text_cells=f"A2:{get_column_letter(len(columns))}{_reach(len(rows))}")


def _reach(count: int) -> int:
    return max(REACH, count + SPARE_ROWS)


def _add_others(workbook: Workbook, main: Worksheet, view: _View, layout: Layout, last: int) -> None:
    """Add the other sheets, and the drop-down lists that the sheets share."""
    measures, of_measures = workbook.create_sheet(MEASURES_SHEET), columns_for(MEASURE_HEADINGS, layout)
    write_measures(measures, layout, view.styles, last)
    write_table(workbook.create_sheet(CHANGES_SHEET), CHANGE_HEADINGS, layout, view.styles, CHANGES_TABLE)
    write_lists(workbook.create_sheet(LISTS_SHEET), (*view.columns, *of_measures), layout)
    add_choices(workbook, ((main, view.columns), (measures, of_measures)), last)
    write_guide(workbook.create_sheet(GUIDE_SHEET), layout)


# ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _write_rows(sheet: Worksheet, rows: Sequence[LedgerRow], view: _View) -> None:
    for number, row in enumerate(rows, 2):
        lines = long_lines(row.values, view.columns)
        sheet.append([view.cell(sheet, number, index, row, lines) for index in range(len(view.columns))])
        sheet.row_dimensions[number].height = row_height(row.values, view.columns)


@dataclass(frozen=True, slots=True)
class _View:
    """What every cell needs to know of the workbook."""

    columns: Sequence[Column]
    zone: ZoneInfo
    styles: Mapping[str, StyleArray]
    places: Mapping[str, int]

    def cell(self, sheet: Worksheet, number: int, index: int, row: LedgerRow, lines: Mapping[str, int]) -> Cell:
        """Return one cell with its value, its look and its link."""
        column = self.columns[index]
        look = Look.FULL if lines.get(column.key, 0) > most_lines(row.values) else column.look
        style = self.styles[style_name(look, column.who)]
        cell = Cell(sheet, number, index + 1, style_array=style)
        put(cell, row.values.get(column.key), column, self.zone)
        if column.look is Look.LINK and (link := _link(row, column, self.places)):
            cell.hyperlink = link
        return cell


def _places(rows: Sequence[LedgerRow]) -> dict[str, int]:
    """Return where each case stands, by its number and by its id."""
    numbers = {str(row.values.get("case_no") or row.case): at for at, row in enumerate(rows, 2)}
    return numbers | {str(row.case): at for at, row in enumerate(rows, 2)}


def _link(row: LedgerRow, column: Column, places: Mapping[str, int]) -> Hyperlink | None:
    if column.kind is Kind.LINK:
        target = link_target(row.links.get(column.key, ""))
        return Hyperlink(ref="", target=target) if target else None
    at = places.get(str(row.values.get(column.key)))
    return Hyperlink(ref="", location=f"'{MAIN_SHEET}'!A{at}") if at else None


# ── what people see besides ──────────────────────────────────────────────────────────────────────────────────────────


def _dress(sheet: Worksheet, columns: Sequence[Column], last: int, layout: Layout) -> None:
    """Give the sheet its table with filters, frozen panes, colours and a page that prints."""
    sheet.add_table(Table(displayName=TABLE_NAME, name=TABLE_NAME, ref=f"A1:{get_column_letter(len(columns))}{last}"))
    sheet.freeze_panes = "B2"
    sheet.sheet_properties.tabColor = "2F6690"
    _colour(sheet, columns, _reach(last - 1))
    sheet.print_title_rows, sheet.print_title_cols = "1:1", "A:A"
    set_page(sheet, layout, layout.say("客诉台账", "Complaint ledger"), paper=A3, pages_wide=PAGES_WIDE)


def _colour(sheet: Worksheet, columns: Sequence[Column], last: int) -> None:
    letters = {column.key: get_column_letter(index) for index, column in enumerate(columns, 1)}
    status, severity, overdue = (f"${letters[key]}2" for key in ("status", "severity", "overdue"))
    closed = f'OR({status}="{Status.CLOSED}",{status}="{Status.CANCELLED}")'
    add = sheet.conditional_formatting.add
    add(f"A2:{get_column_letter(len(columns))}{last}", emphasis(closed, GREY_INK, CLOSED_FILL, last=True))
    grade = f"{letters['severity']}2:{letters['severity']}{last}"
    add(grade, emphasis(f'{severity}="{Severity.CRITICAL}"', RED_INK, RED_FILL, bold=True))
    add(grade, emphasis(f'{severity}="{Severity.IMPORTANT}"', AMBER_INK, AMBER_FILL, bold=True))
    for key in ("case_no", "due_at", "overdue"):
        late = f'AND({overdue}<>"",{status}<>"")'
        add(f"{letters[key]}2:{letters[key]}{last}", emphasis(late, RED_INK, RED_FILL))
    hint = letters["hint"]
    add(f"{hint}2:{hint}{last}", emphasis(f'${hint}2<>""', AMBER_INK))
