"""The workbook patched in place: our cells change, what refers to moved rows follows, all else is the same bytes."""

from __future__ import annotations

import re
from datetime import datetime
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.formula import ArrayFormula
from openpyxl.worksheet.table import Table

from daemon.ledger.build import skeleton
from daemon.ledger.columns import MAIN_SHEET, Layout
from daemon.ledger.links import ORDER, top_level
from daemon.ledger.patching import patched
from daemon.ledger.reading import open_workbook
from daemon.ledger.references import Change, Grow, moved_formula, translated
from daemon.ledger.sheet import BadWorkbook, NewRow, Patch, Put, Wanted
from daemon.ledger.shown import book_of

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl drops them

DECORATED = (Path(__file__).parent / "decorated.xlsx").read_bytes()
MORNING = datetime(2026, 11, 25, 8, 30)  # noqa: DTZ001 - a cell has no zone
SHEET, LAST = "xl/worksheets/sheet1.xml", 261
WANTED = [
    Wanted("case_no", "客诉编号"),
    Wanted("received_at", "接收时间"),
    Wanted("customer", "客户名称"),
    Wanted("quantity_defective", "不良数量"),
    Wanted("report_file", "8D报告"),
]
MAY = {SHEET, "xl/workbook.xml", "xl/tables/table1.xml", "xl/worksheets/_rels/sheet1.xml.rels"}


def parts_of(data):
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
        return {name: archive.read(name) for name in archive.namelist()}


def patch_of(data, patch, wanted=WANTED):
    workbook = open_workbook(data)
    return patched(workbook, workbook.find(wanted, ["客诉台账"]), patch)


def cells_of(data, sheet=None):
    book = load_workbook(BytesIO(data))
    return {
        cell.coordinate: (getattr(cell.value, "text", cell.value), cell._style)
        for row in (book[sheet] if sheet else book.worksheets[0]).iter_rows()
        for cell in row
        if cell.value is not None or cell.has_style
    }


def new_row(number, **more):
    return NewRow({"case_no": Put(number), "received_at": Put(MORNING), **more})


def test_nothing_to_change_gives_the_same_bytes():
    assert patch_of(DECORATED, Patch()) is DECORATED


def test_changed_cells_keep_their_style_and_all_else_stays():
    cells = {
        3: {"customer": Put(" =1+1\n_x0041_ <&>"), "quantity_defective": Put(None)},
        5: {"quantity_defective": Put(7)},
    }
    out = patch_of(DECORATED, Patch(cells))
    before, after = cells_of(DECORATED), cells_of(out)
    assert {at for at in before | after if before.get(at) != after.get(at)} == {"D3", "O3", "O5"}
    assert (after["D3"][0], after["O3"][0], after["O5"][0]) == (" =1+1\n_x005F_x0041_ <&>", None, 7)
    assert all(before[at][1] == after[at][1] for at in ("D3", "O3", "O5"))
    old, new = parts_of(DECORATED), parts_of(out)
    assert {name for name in old if old[name] != new[name]} == {SHEET}
    assert {"customer": " =1+1\n_x0041_ <&>"}.items() <= {
        key: seen.value for key, seen in next(row for row in rows_of(out) if row.number == 3).cells.items()
    }.items()


def rows_of(data):
    workbook = open_workbook(data)
    return list(workbook.rows(workbook.find(WANTED, [])))


def test_new_rows_fill_the_gap_in_the_look_of_the_row_above_and_what_covers_the_rows_grows():
    out = patch_of(
        DECORATED, Patch(rows=[new_row("2611001", report_file=Put("8D", "a/8D.docx")), new_row("2611002")], after=LAST)
    )
    before, after = cells_of(DECORATED), cells_of(out)
    assert after["A262"][0] == "2611001"
    assert after["B263"][0] == MORNING
    assert after["E262"][1] == before["E261"][1]
    assert after["O266"][0] == "=SUM(O2:O263)"
    assert {at: cell for at, cell in after.items() if not re.search("[A-Z](262|263)$", at) and at != "O266"} == {
        at: cell for at, cell in before.items() if at != "O266"
    }
    new, old = parts_of(out), parts_of(DECORATED)
    assert {name for name in old if old[name] != new[name]} == MAY
    assert b'ref="A1:BC263"' in new["xl/tables/table1.xml"]
    assert "客诉台账!$A$1:$BC$263".encode() in new["xl/workbook.xml"]
    assert b"<xm:sqref>O2:O263<" in new[SHEET]
    assert b'sqref="Z2:Z461"' in new[SHEET]
    assert load_workbook(BytesIO(out)).worksheets[0]["AR262"].hyperlink.target == "a/8D.docx"
    assert load_workbook(BytesIO(out)).worksheets[0]["A265"].hyperlink.target == "https://quality.example/"


def test_what_stands_below_moves_by_as_many_rows_as_are_needed():
    out = patch_of(DECORATED, Patch(rows=[new_row(f"26110{n:02}") for n in range(12)], after=LAST))
    before, after = cells_of(DECORATED), cells_of(out)
    for at, now in {"A264": "A274", "A265": "A275"}.items():
        assert after[now] == before[at]
    assert after["O276"][0] == "=SUM(O2:O273)"
    assert after["A277"][0] == "=_xlfn.UNIQUE(Z2:Z20)"
    new, old = parts_of(out), parts_of(DECORATED)
    assert {name for name in old if old[name] != new[name]} == MAY - {"xl/worksheets/_rels/sheet1.xml.rels"}
    assert b'<f t="array" ref="A277">' in new[SHEET]
    assert b'sqref="Z2:Z471"' in new[SHEET]
    assert load_workbook(BytesIO(out)).worksheets[0]["A275"].hyperlink.target == "https://quality.example/"


def test_columns_put_back_stand_beside_the_table_and_then_where_nothing_is():
    wanted = [*WANTED, Wanted("hint", "系统提示"), Wanted("closed_at", "关闭日")]
    rows = [new_row("2611001", hint=Put("缺少料号"), closed_at=Put(MORNING))]
    out = patch_of(DECORATED, Patch(rows=rows, after=LAST, columns=wanted[-2:]), wanted)
    sheet = load_workbook(BytesIO(out)).worksheets[0]
    assert (sheet["BD1"].value, sheet["BD262"].value) == ("系统提示", "缺少料号")
    assert sheet["BP262"].value == MORNING
    table = sheet.tables["台账表"]
    assert (table.ref, table.tableColumns[-1].name, table.tableColumns[-1].id) == ("A1:BD262", "系统提示", 56)
    assert open_workbook(out).find(wanted, []).missing == ()


def test_elements_after_the_rows_are_in_the_order_of_the_schema():
    out = parts_of(patch_of(plain_book(), Patch({2: {"case_no": Put("1", "a.docx")}}), PLAIN))[SHEET]
    names = [ORDER.index(tag.name) for tag in top_level(out[out.index(b"</sheetData") :])]
    assert names == sorted(names)
    assert ORDER.index("hyperlinks") in names


# ── other workbooks ──────────────────────────────────────────────────────────────────────────────────────────────────

PLAIN = [Wanted("case_no", "客诉编号"), Wanted("customer", "客户名称"), Wanted("amount", "数量")]


def plain_book(count=3, *, below=True, more=None):
    book = Workbook()
    sheet = book.active
    sheet.title = "客诉台账"
    sheet.append(["客诉编号", "客户名称", "数量", "自用"])
    for number in range(count):
        sheet.append([f"{number + 1:03}", "佛山", number, f"=C{number + 2}*2"])
    if below:
        sheet.append([None, "合计", f"=SUM(C2:C{count + 1})"])
    other = book.create_sheet("汇总")
    other["A1"] = f'=客诉台账!C{count + 2}&"客诉台账!C{count + 2}"'
    other["A2"] = f"=SUM('客诉台账'!$C$2:$C${count + 1})"
    if more:
        more(book, sheet)
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def test_formulas_of_this_sheet_and_others_follow_the_rows_that_move():
    out = patch_of(plain_book(), Patch(rows=[NewRow({"case_no": Put("004"), "amount": Put(9)})] * 2, after=4), PLAIN)
    book = load_workbook(BytesIO(out))
    sheet, other = book.worksheets
    assert [cell.value for cell in sheet[7]][:3] == [None, "合计", "=SUM(C2:C6)"]
    assert [cell.value for cell in sheet[5]][:3] == ["004", None, 9]
    assert other["A1"].value == '=客诉台账!C7&"客诉台账!C5"'
    assert other["A2"].value == "=SUM('客诉台账'!$C$2:$C$6)"
    assert sheet["D4"].value == "=C4*2"


def test_a_total_row_of_a_table_and_merged_cells_move_and_the_table_takes_the_rows_in():
    def more(book, sheet):
        sheet.append(["备注"])
        sheet.merge_cells("A6:D6")
        sheet.add_table(Table(displayName="T", ref="A1:D5", totalsRowCount=1))

    out = patch_of(plain_book(more=more), Patch(rows=[NewRow({"case_no": Put("004")})], after=4), PLAIN)
    sheet = load_workbook(BytesIO(out)).worksheets[0]
    assert sheet.tables["T"].ref == "A1:D6"
    assert [str(one) for one in sheet.merged_cells.ranges] == ["A7:D7"]


def test_the_first_cell_of_a_shared_formula_hands_it_on():
    data = plain_book(below=False)
    parts = parts_of(data)
    shared = re.sub(rb"<f>C2\*2</f>", b'<f t="shared" ref="D2:D4" si="0">C2*2</f>', parts[SHEET])
    shared = re.sub(rb"<f>C[34]\*2</f>", b'<f t="shared" si="0"/>', shared)
    out = BytesIO()
    with ZipFile(out, "w") as archive:
        for name, part in {**parts, SHEET: shared}.items():
            archive.writestr(name, part)
    wanted = [*PLAIN, Wanted("own", "自用")]
    after = parts_of(patch_of(out.getvalue(), Patch({2: {"own": Put(5)}}), wanted))[SHEET]
    assert b'<f t="shared" ref="D3:D4" si="0">C3*2</f>' in after
    assert b'r="D2"><v>5</v>' in after


def test_rows_are_put_in_below_a_header_without_any_case():
    out = patch_of(plain_book(0, below=False), Patch(rows=[NewRow({"case_no": Put("1")})] * 3, after=1), PLAIN)
    assert [row[0].value for row in load_workbook(BytesIO(out)).worksheets[0].iter_rows()] == [
        "客诉编号",
        "1",
        "1",
        "1",
    ]


def test_a_formula_of_several_cells_is_not_torn():
    def more(book, sheet):
        sheet["A2"] = ArrayFormula("A2:A3", "=B2:B3")

    with pytest.raises(BadWorkbook, match="several cells"):
        patch_of(plain_book(more=more), Patch({2: {"case_no": Put("1")}}), PLAIN)


MOVED = Change("台账", header=1, last=10, end=15, first=12, by=4)


@pytest.mark.parametrize(
    ("formula", "expected"),
    [
        ("A11+A12", "A11+A16"),
        ("SUM($A$12:B$20)", "SUM($A$16:B$24)"),
        ("SUM(A2:A10)", "SUM(A2:A15)"),
        ("SUM(A3:A10)", "SUM(A3:A10)"),
        ('"A12"&A12', '"A12"&A16'),
        ("Other!A12+'台账'!A12+台账!$A$12", "Other!A12+'台账'!A16+台账!$A$16"),
        ("[1]台账!A12", "[1]台账!A12"),
        ("T[[#This Row],[A12]]+LOG10(12)+X12_Y", "T[[#This Row],[A12]]+LOG10(12)+X12_Y"),
        ("12:13+A:B+$1:$1", "16:17+A:B+$1:$1"),
    ],
)
def test_references_in_formulas_follow(formula, expected):
    assert moved_formula(formula, MOVED, Grow.DATA, own=True) == expected


def test_a_formula_goes_along_where_it_has_no_dollar():
    assert translated("A1+$A1+A$1+台账!B2", 2, 1) == "B3+$A3+B$1+台账!C4"


TEXTS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=20)
PUTS = st.builds(Put, st.none() | TEXTS | st.integers(-(10**9), 10**9))


@settings(max_examples=15, deadline=None)
@given(
    st.dictionaries(
        st.integers(2, LAST), st.dictionaries(st.sampled_from(["customer", "quantity_defective"]), PUTS), max_size=5
    ),
    st.lists(st.dictionaries(st.sampled_from(["customer", "case_no"]), PUTS), max_size=6),
)
def test_what_is_written_is_read_back_and_nothing_else_changes(cells, rows):
    out = patch_of(DECORATED, Patch(cells, [NewRow(row) for row in rows], LAST))
    before, after = ({row.number: row.cells for row in rows_of(data)} for data in (DECORATED, out))
    for number, row in {**cells, **{LAST + at: row for at, row in enumerate(rows, 1)}}.items():
        for key, put in row.items():
            seen = after.get(number, {}).get(key)
            assert (seen.value if seen else None) == (None if put.value == "" else put.value)
    for number in range(2, LAST + 1):
        mine = cells.get(number, {}).keys()
        assert {key: seen for key, seen in before[number].items() if key not in mine} == {
            key: seen for key, seen in after[number].items() if key not in mine
        }
    assert {name for name, part in parts_of(out).items() if part != parts_of(DECORATED)[name]} <= MAY


def test_comments_pictures_buttons_and_charts_go_along_when_rows_are_put_in_above_them():
    out = parts_of(patch_of(DECORATED, Patch(rows=[new_row("2611001")] * 3, after=2)))
    assert re.findall(rb'<comment ref="(\w+)"', out["xl/comments1.xml"]) == [b"D7", b"Q13"]
    assert b'ref="D7"' in out["xl/threadedComments/threadedComment1.xml"]
    vml = out["xl/drawings/vmlDrawing1.vml"]
    assert re.findall(rb"<x:Row>(\d+)</x:Row>", vml) == [b"6", b"12"]
    assert re.findall(rb"<x:Anchor>([^<]*)<", vml)[0] == b"63, 0, 33, 0, 64, 0, 34, 0"
    assert re.findall(rb"<xdr:row>(\d+)<", out["xl/drawings/drawing1.xml"]) == [b"28", b"30", b"7", b"22", b"5", b"12"]
    assert "客诉台账!$A$2:$A$24".encode() in out["xl/charts/chart1.xml"]
    assert b'ref="A1:C14"' in out["xl/pivotCache/pivotCacheDefinition1.xml"]
    assert b'ref="H1:I3"' in out["xl/pivotTables/pivotTable1.xml"]
    assert "客诉台账!O2:O15</xm:f><xm:sqref>BE2<".encode() in out[SHEET]
    assert b'ref="A1:BC264"' in out["xl/tables/table1.xml"]


def test_the_first_case_looks_as_its_column_and_not_as_the_header():
    layout = Layout(ZoneInfo("Asia/Shanghai"), ("生产部",), ("产品质量",))
    book = book_of(layout)
    workbook = open_workbook(skeleton(layout))
    sheet = workbook.find(book.wanted, (MAIN_SHEET,))
    rows = [NewRow({"case_no": Put("2611001"), "customer": Put("北方电机")}, 40.5)]
    made = load_workbook(BytesIO(patched(workbook, sheet, Patch(rows=rows, after=sheet.header_row))))[MAIN_SHEET]
    header, first = made.cell(1, sheet.columns["customer"]), made.cell(2, sheet.columns["customer"])
    assert (first.value, made.row_dimensions[2].height) == ("北方电机", 40.5)
    assert first.style == "台账-长文本"
    assert first.style != header.style
