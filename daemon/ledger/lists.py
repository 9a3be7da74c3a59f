"""The sheet 字典: the values that the ledger's drop-down lists offer, and the lists themselves."""

from __future__ import annotations

from collections.abc import Sequence

from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from daemon.core.fields import Who
from daemon.ledger.cells import cell_at, put_text
from daemon.ledger.choices import MOST_VALUES, listed
from daemon.ledger.columns import LISTS_SHEET, Column, Layout, Look
from daemon.ledger.page import set_page
from daemon.ledger.styles import header_name, style_name
from daemon.ledger.text import choice

LAST_ROW = MOST_VALUES + 1  # people may add values down to here


def write_lists(sheet: Worksheet, columns: Sequence[Column], layout: Layout) -> None:
    """Write a column of values for every list."""
    for index, column in enumerate(listed(columns), 1):
        head = cell_at(sheet, 1, index)
        put_text(head, column.title)
        head.style = header_name(Who.PEOPLE if column.open_list else Who.DAEMON)
        for row, value in enumerate(column.values, 2):
            _put_choice(sheet, row, index, value)
        sheet.column_dimensions[get_column_letter(index)].width = 16
    sheet.row_dimensions[1].height = 30
    sheet.freeze_panes = "A2"
    for row in range(2, max((len(column.values) for column in listed(columns)), default=0) + 2):
        sheet.row_dimensions[row].height = 20
    set_page(sheet, layout, layout.say("客诉台账 · 字典", "Complaint ledger: lists"))


def add_choices(workbook: Workbook, sheets: Sequence[tuple[Worksheet, Sequence[Column]]], last: int) -> None:
    """Give the columns of these sheets their drop-down lists, down to row `last`; each list grows with 字典."""
    places = [(sheet, at, column) for sheet, columns in sheets for at, column in enumerate(columns, 1)]
    numbers = {column.key: at for at, column in enumerate(listed([column for _, _, column in places]), 1)}
    for sheet, at, column in places:
        if column.key in numbers:
            letter = get_column_letter(at)
            rule = _rule(_named(workbook, column, numbers[column.key]), column)
            rule.add(f"{letter}2:{letter}{last}")
            sheet.add_data_validation(rule)


def _named(workbook: Workbook, column: Column, at: int) -> str:
    """Name the values of a list, as many as stand in its column of 字典; return the name."""
    name, letter = f"字典_{column.key}", get_column_letter(at)
    place = f"'{LISTS_SHEET}'!${letter}$2"
    grown = f"OFFSET({place},0,0,MAX(1,COUNTA({place}:${letter}${LAST_ROW})),1)"
    workbook.defined_names[name] = DefinedName(name, attr_text=grown)
    return name


def _rule(name: str, column: Column) -> DataValidation:
    rule = DataValidation("list", formula1=name, allow_blank=True, showErrorMessage=True)
    rule.errorStyle = "warning" if column.open_list else "stop"
    rule.errorTitle = column.title[:32]
    rule.error = f"请从下拉列表中选择（见“{LISTS_SHEET}”页）。Please choose from the list (sheet {LISTS_SHEET})."
    return rule


def _put_choice(sheet: Worksheet, row: int, index: int, value: str) -> None:
    cell, fitting = cell_at(sheet, row, index), choice(value)
    cell.style = style_name(Look.CHOICE, Who.PEOPLE)
    if isinstance(fitting, int):
        cell.value = fitting
    else:
        put_text(cell, fitting)
