from __future__ import annotations

from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from daemon.core.fields import Who
from daemon.ledger.build import REACH, skeleton
from daemon.ledger.changes import CHANGE_HEADINGS, Change, change_row
from daemon.ledger.choices import added_values, read_lists, wanted_lists
from daemon.ledger.columns import Layout, columns_of
from daemon.ledger.further import columns_for, wanted_for
from daemon.ledger.heights import row_height
from daemon.ledger.measure_columns import MEASURE_HEADINGS
from daemon.ledger.reading import open_workbook
from tests.ledger.cast import ENGLISH, LAYOUT, NOW, row
from tests.ledger.cast import opened as with_rows

SHEETS = {
    "客诉台账": columns_of,
    "措施跟踪": lambda layout: columns_for(MEASURE_HEADINGS, layout),
    "变更记录": lambda layout: columns_for(CHANGE_HEADINGS, layout),
}
TABLES = {"客诉台账": "台账表", "措施跟踪": "措施表", "变更记录": "变更记录表"}


def made(layout: Layout = LAYOUT):
    return load_workbook(BytesIO(skeleton(layout)))


def look(cell):
    return (cell.number_format, cell.fill.fgColor.rgb, cell.border.bottom.style, cell.alignment.wrap_text)


def test_the_skeleton_is_always_the_same():
    assert skeleton(LAYOUT) == skeleton(LAYOUT)
    assert made().sheetnames == ["客诉台账", "措施跟踪", "变更记录", "字典", "说明"]


def test_a_column_has_the_look_of_the_rows_to_come():
    book, filled = made()["客诉台账"], with_rows(row())["客诉台账"]
    for index, column in enumerate(columns_of(LAYOUT), 1):
        place = book.column_dimensions[get_column_letter(index)]
        assert look(place) == look(filled.cell(2, index)), column.title
        assert place.width == pytest.approx(column.width)


@pytest.mark.parametrize("layout", [LAYOUT, ENGLISH], ids=["zh", "en"])
@pytest.mark.parametrize("title", SHEETS)
def test_a_sheet_without_a_row_has_its_header_filter_and_page(title, layout):
    sheet, columns = made(layout)[title], SHEETS[title](layout)
    assert [cell.value for cell in sheet[1]] == [column.title for column in columns]
    last = get_column_letter(len(columns))
    assert sheet.tables[TABLES[title]].autoFilter.ref == sheet.tables[TABLES[title]].ref == f"A1:{last}2"
    assert (sheet.freeze_panes, sheet.print_title_rows) == ("B2", "$1:$1")
    assert (sheet.page_setup.orientation, sheet.sheet_properties.pageSetUpPr.fitToPage) == ("landscape", True)
    assert len({column.title for column in columns}) == len(columns)


@pytest.mark.parametrize("title", ["客诉台账", "措施跟踪"])
def test_lists_and_colours_reach_further_than_any_ledger(title):
    sheet = made()[title]
    rules = [str(rule.sqref) for rule in sheet.data_validations.dataValidation]
    colours = [str(part.sqref) for part in sheet.conditional_formatting]
    assert rules
    assert colours
    assert {place.rpartition(":")[2].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ") for place in (*rules, *colours)} == {
        str(REACH)
    }


def test_every_list_of_the_sheets_stands_in_the_dictionary():
    book = made()
    used = {rule.formula1 for title in TABLES for rule in book[title].data_validations.dataValidation}
    assert {"字典_measure_kind", "字典_measure_state", "字典_department"} <= used
    assert used <= set(book.defined_names)
    heads = [cell.value for cell in book["字典"][1]]
    assert len(set(heads)) == len(heads)


def test_the_id_of_a_measure_is_hidden():
    sheet = made()["措施跟踪"]
    assert sheet.column_dimensions[get_column_letter(len(MEASURE_HEADINGS))].hidden
    assert not sheet.column_dimensions["A"].hidden


def test_a_column_is_found_by_its_header_in_the_other_language():
    wanted = {one.key: one for one in wanted_for(MEASURE_HEADINGS, ENGLISH)}
    assert (wanted["due"].title, wanted["due"].synonyms[0]) == ("Due", "计划完成")
    names = [name for one in wanted.values() for name in (one.title, *one.synonyms)]
    assert len(set(names)) == len(names)


def test_a_row_is_as_high_as_its_longest_text_up_to_a_bound():
    columns = columns_of(LAYOUT)
    heights = [row_height({"phenomenon": "漏油" * count}, columns) for count in (1, 20, 40, 900, 9000)]
    assert heights == sorted(heights)
    assert heights[0] < heights[1] < heights[2] < heights[3] == heights[4]
    assert row_height({"phenomenon": "漏油" * 900, "status": "已结案"}, columns) < heights[2]
    assert row_height({}, columns) == row_height({"case_no": "长" * 900}, columns) == heights[0]


def test_a_change_is_a_row_of_text_and_wall_time():
    change = Change(NOW, "2611003", "截止时间", NOW, None, "李敏", "台账", "系统列，已恢复")
    made_row = change_row(change, LAYOUT)
    assert made_row.cells["at"].value == datetime(2026, 11, 23, 9, 11)  # noqa: DTZ001 - what stands in the cell
    assert made_row.cells["before"].value == "2026-11-23 09:11"
    assert "after" not in made_row.cells
    assert {one.who for one in CHANGE_HEADINGS} == {Who.DAEMON}
    assert set(made_row.cells) <= {one.key for one in CHANGE_HEADINGS}
    long = change_row(Change(NOW, "2611003", "不良现象", "漏油" * 99, 13), LAYOUT)
    assert long.height > made_row.height
    assert long.cells["after"].value == "13"


@pytest.mark.parametrize("layout", [LAYOUT, ENGLISH], ids=["zh", "en"])
def test_the_reader_finds_every_sheet_of_the_skeleton(layout):
    book, columns = open_workbook(skeleton(layout)), columns_of(layout)
    for title, headings in (("措施跟踪", MEASURE_HEADINGS), ("变更记录", CHANGE_HEADINGS)):
        sheet = book.find(wanted_for(headings, layout), (title,))
        assert (sheet.title, sheet.header_row, sheet.missing, sheet.doubled) == (title, 1, (), ())
        assert list(sheet.columns.values()) == list(range(1, len(headings) + 1))
    lists = book.find(wanted_lists(columns), ("字典",))
    assert (lists.title, lists.missing) == ("字典", ())
    values = read_lists(book, lists)
    assert values["department"] == layout.departments
    assert values["satisfaction"] == ("1", "2", "3", "4", "5")
    assert added_values(values, columns, bool) == {}
