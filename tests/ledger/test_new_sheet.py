"""A sheet of ours in people's workbook: there, and nothing else has changed."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook

from daemon.ledger.may_change import MAY_CHANGE, may_change
from daemon.ledger.new_sheet import with_new_sheet
from daemon.ledger.reading import open_workbook
from daemon.ledger.sheet import BadWorkbook

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")

DECORATED = (Path(__file__).parent / "decorated.xlsx").read_bytes()
NOON = datetime(2026, 11, 25, 12)  # noqa: DTZ001 - a cell has no zone


def test_a_sheet_is_put_in_and_all_others_stay_as_they_are():
    out = with_new_sheet(DECORATED, "变更记录", ["时间", "列"], [[NOON, "=1+1"], [None, 7]], [17, 20], hidden=[2])
    with ZipFile(BytesIO(DECORATED)) as old, ZipFile(BytesIO(out)) as new:
        assert [name for name in new.namelist() if name not in old.namelist()] == ["xl/worksheets/sheet4.xml"]
        assert {name for name in old.namelist() if old.read(name) != new.read(name)} == {
            "[Content_Types].xml",
            "xl/workbook.xml",
            "xl/_rels/workbook.xml.rels",
        }
    book = load_workbook(BytesIO(out))
    assert book.sheetnames == ["客诉台账", "字典", "我的透视", "变更记录"]
    sheet = book["变更记录"]
    assert [[cell.value for cell in row] for row in sheet.iter_rows()] == [["时间", "列"], [NOON, "=1+1"], [None, 7]]
    assert sheet["B2"].data_type == "s"
    assert sheet.column_dimensions["B"].hidden
    assert [tab.title for tab in open_workbook(out).sheets][-1] == "变更记录"


def test_a_second_sheet_of_the_same_title_is_refused():
    with pytest.raises(BadWorkbook, match="字典"):
        with_new_sheet(DECORATED, "字典", [], [], [])


def test_the_list_of_what_may_change_is_printed():
    assert may_change().count("\n") == len(MAY_CHANGE) + 1
