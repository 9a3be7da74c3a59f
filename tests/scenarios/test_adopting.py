"""A ledger that people have kept and decorated for years is taken over: as they left it, and nobody is flooded."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from daemon.ledger.columns import MAIN_SHEET
from daemon.wiring import ledger_of, ledger_path
from tests.cast import GM, LI, WANG, XU
from tests.desk import local, office
from tests.ledger.hands import cells, changed_parts, printed_parts, typed
from tests.ledger.people import read
from tests.scenarios.letters import FORM, SLIGHT

pytestmark = pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")  # openpyxl drops them

DECORATED = (Path(__file__).parent.parent / "ledger" / "decorated.xlsx").read_bytes()
CLOSED, OPEN, REVIEW, NOTES = 6, 3, 2, 262  # rows of the workbook
SAID = {
    "客户名称": "customer",
    "不良批次": "batch_no",
    "不良现象": "phenomenon",
    "责任部门": "department",
    "投诉等级": "severity",
    "是否成立": "validity",
}
FILLED_IN = {"责任人", "质量工程师", "当前步骤", "逾期"}


@pytest.fixture
def desk(tmp_path):
    with office(tmp_path) as opened:
        opened.ledger.save(DECORATED)
        opened.tick()
        yield opened


def complain(desk, symptom=SLIGHT):
    desk.mail(f"李娜 <{LI}>", "投诉：前端盖划痕", FORM.format(bad=30, symptom=symptom))


def type_in(desk, cells_by_row, rows=(), after=1):
    """Let a person type, save, and go away; the daemon works."""
    desk.ledger.save(typed(desk.ledger.content, cells_by_row, rows, after))
    desk.tick()


def adopted(desk, titles, *rows, below=()):
    """Let the daemon take over a plain workbook with these headers and rows."""
    book = Workbook()
    sheet = book.active
    sheet.title = "投诉登记"
    for row in (titles, *rows, *below):
        sheet.append(row)
    saved = BytesIO()
    book.save(saved)
    desk.ledger.save(saved.getvalue())
    desk.tick()


def page(desk):
    return load_workbook(BytesIO(desk.ledger.content))


def column(at):
    return at.rstrip("0123456789")


def row_of(at):
    return int(at.removeprefix(column(at)))


def case(desk, number):
    return desk.desk.store.case_numbered(number)


def test_every_row_is_a_case_that_stands_where_people_left_it_and_nobody_gets_a_mail(desk):
    sheet = load_workbook(BytesIO(DECORATED))[MAIN_SHEET]
    head = {cell.value: cell.column for cell in sheet[1]}
    found = list(desk.desk.store.cases())
    assert len(found) == 260
    assert Counter(str(one.status) for one in found) == {"处理中": 99, "待审批": 82, "已结案": 79}
    for row in range(2, 262):
        one = case(desk, sheet.cell(row, head["客诉编号"]).value)
        for title, key in SAID.items():
            assert one.text(key) == sheet.cell(row, head[title]).value
        assert one.fact("quantity_defective") == sheet.cell(row, head["不良数量"]).value
        assert one.status == sheet.cell(row, head["状态"]).value
    assert desk.sent == []


def test_only_what_was_empty_is_filled_in_and_closed_rows_stay_exactly_as_they_were(desk):
    before, after = cells(DECORATED), cells(desk.ledger.content)
    names = {cell.column_letter: cell.value for cell in page(desk)[MAIN_SHEET][1]}
    differing = [at for at in before.keys() | after.keys() if before.get(at) != after.get(at)]
    where = {(names[column(at)], row_of(at)) for at in differing}
    assert {title for title, row in where if row > 1} == FILLED_IN | {"系统提示"}, "one row tells of the columns"
    assert {title for title, row in where if row == 1} == {"关联案件", "系统提示"}
    states = {row: before[f"Z{row}"][0] for row in range(2, 262)}
    assert not [at for at in differing if states.get(row_of(at)) == "已结案"]
    assert all(at not in before for at in differing)
    assert changed_parts(DECORATED, desk.ledger.content) == {
        "xl/worksheets/sheet1.xml",
        "xl/tables/table1.xml",
        *("xl/worksheets/sheet4.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "[Content_Types].xml"),  # mark
    }


def test_for_days_nobody_is_asked_and_then_each_once_and_nobody_above(desk):
    desk.at("11-05 08:00")
    assert desk.sent == []
    desk.at("11-06 08:00")
    asked = [mail for mail in desk.sent if mail.to in (GM, XU)]
    assert [mail for mail in asked if "周报" not in mail.subject] == []
    to_do = Counter(mail.to for mail in desk.sent if "客诉待办" in mail.subject)
    assert to_do[WANG] == 2  # asked for once, and on Thursday afternoon the weekly list of what is late
    assert max(to_do.values()) == 2
    desk.forget()
    desk.at("11-12 08:00")
    assert desk.sent == []
    desk.at("11-17 08:00")
    again = Counter(mail.to for mail in desk.sent if "周报" not in mail.subject)
    assert max(again.values()) == 1  # the weekly list of what is late


def test_whatever_happens_for_weeks_all_else_is_byte_by_byte_what_it_was(desk):
    complain(desk)
    edits = {
        OPEN: {"不良批次": "HY-改"},
        REVIEW: {"备注": "客户下周来厂", "跟进人备注": "小周"},
        9: {"截止时间": "下周"},
    }
    type_in(desk, edits)
    type_in(desk, {}, [{"客户名称": "远景汽车", "产品名称": "前端盖", "不良现象": "压装不到位"}], after=262)
    desk.press(WANG, desk.last(WANG, "核实"), "成立")
    desk.at("11-12 08:00")
    type_in(desk, {REVIEW: {"审批结果": "驳回", "审批意见": "原因不清"}})
    desk.mail(f"王晓燕 <{WANG}>", "Re: 客诉 2601002 更正", "不良数量：35")
    desk.at("11-16 10:00")
    now, put_in = desk.ledger.content, {"xl/worksheets/sheet4.xml", "xl/worksheets/sheet5.xml"}
    assert changed_parts(DECORATED, now) <= printed_parts() | put_in
    before, after = cells(DECORATED), cells(now)
    ours = {one.title for one in desk.desk.book.columns.values()}
    own = {cell.column_letter for cell in page(desk)[MAIN_SHEET][1] if cell.value not in ours}
    foreign = {at: cell for at, cell in before.items() if column(at) in own and row_of(at) < NOTES}
    assert foreign
    assert {at: after.get(at) for at in foreign} == foreign
    assert {after[at][0] for at in after.keys() - before.keys() if column(at) in own} == {"小周"}
    assert case(desk, "2601002").text("batch_no") == "HY-改"
    assert after["M3"][0] == "HY-改"


def test_notes_and_totals_below_stay_there_and_grow(desk):
    for count in range(4):
        complain(desk, f"{SLIGHT}{count}")
    sheet = page(desk)[MAIN_SHEET]
    numbers = [sheet.cell(row, 1).value for row in range(261, 266)]
    assert numbers == ["2608260", "2611001", "2611002", "2611003", "2611004"]
    notes = {cell.value: cell.row for cell in sheet["A"] if cell.row > 265 and isinstance(cell.value, str)}
    assert list(notes) == ["说明：每周五例会", "质量门户"]
    totals = [cell for cell in sheet["O"] if str(cell.value).startswith("=SUM")]
    assert [cell.value for cell in totals] == ["=SUM(O2:O265)"]
    hints = {cell.row for cell in sheet[titles_in(sheet)["系统提示"]] if cell.value}
    assert not hints & set(range(266, 290))


def titles_in(sheet):
    return {cell.value: cell.column_letter for cell in sheet[1]}


def test_columns_come_back_once(desk):
    sheet = page(desk)[MAIN_SHEET]
    assert {"系统提示", "关联案件"} <= titles_in(sheet).keys()
    letter = titles_in(sheet)["系统提示"]
    book = page(desk)
    book[MAIN_SHEET][f"{letter}1"].value = None
    saved = BytesIO()
    book.save(saved)
    desk.ledger.save(saved.getvalue())
    desk.tick()
    complain(desk)
    assert "系统提示" not in titles_in(page(desk)[MAIN_SHEET])
    assert case(desk, "2611001") is not None
    assert read(desk.ledger.content).numbers["2611001"] == 262


def test_who_changed_what_gets_a_sheet_once_and_one_that_was_deleted_stays_away(desk):
    assert "变更记录" not in page(desk).sheetnames
    type_in(desk, {OPEN: {"不良批次": "HY-改"}})
    book = page(desk)
    sheet = book["变更记录"]
    assert [cell.value for cell in sheet[1]][:4] == ["时间", "客诉编号", "列", "原值"]
    assert [cell.value for cell in sheet[2]][1:5] == ["2601002", "不良批次", "HY260002", "HY-改"]
    del book["变更记录"]
    saved = BytesIO()
    book.save(saved)
    desk.ledger.save(saved.getvalue())
    desk.tick()
    type_in(desk, {OPEN: {"不良批次": "HY-再改"}})
    assert "变更记录" not in page(desk).sheetnames


def test_a_closed_row_takes_a_remark_and_keeps_all_else(desk):
    before = cells(desk.ledger.content)
    type_in(desk, {CLOSED: {"备注": "客户已付款"}})
    after = cells(desk.ledger.content)
    assert {at for at in before.keys() | after.keys() if before.get(at) != after.get(at)} == {f"BA{CLOSED}"}
    type_in(desk, {CLOSED: {"截止时间": "下周"}})
    assert cells(desk.ledger.content)[f"AB{CLOSED}"] == before[f"AB{CLOSED}"]


TITLES = ["编号", "日期", "客户", "品名", "不良现象", "不良数量", "状态", "责任人", "结案时间"]


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("已结案", "已结案"), ("关闭", "已结案"), ("OK", "已结案"), ("Closed", "已结案"),
        ("已取消", "已取消"), ("作废", "已取消"), ("暂停", "暂停"),
        ("处理中", "处理中"), ("跟进中", "处理中"), ("未结案", "处理中"), ("整改中", "处理中"),
        ("待审批", "待审批"), ("待核实", "待核实"), ("待客户确认", "待客户确认"),
        ("效果跟踪", "效果跟踪"), ("待结案", "效果跟踪"), (None, "待核实"), ("?", "待核实"),
    ],
)  # fmt: skip
def test_the_state_is_read_in_the_words_of_people(tmp_path, said, state):
    with office(tmp_path) as desk:
        adopted(desk, TITLES, ["K-7", "2026-09-01", "海川电机", "转子", "轴偏心", 3, said, None, None])
        assert case(desk, "K-7").status == state
        assert desk.sent == []
        if said and state in ("已结案", "已取消"):
            assert read_row(desk, 2)["状态"] == said


def read_row(desk, row):
    sheet = page(desk).worksheets[0]
    return {cell.value: sheet.cell(row, cell.column).value for cell in sheet[1]}


def test_rows_without_a_number_get_one_that_nobody_has_and_mails_get_the_next(tmp_path):
    with office(tmp_path) as desk:
        adopted(
            desk, TITLES,
            ["2611001", "2026-11-01", "海川电机", "转子", "轴偏心", 3, "处理中", "孙大鹏", None],
            [None, "2026-10-01", "远景汽车", "前端盖", "压装不到位", 4, "已结案", None, "2026-10-20"],
        )  # fmt: skip
        assert desk.sent == []
        assert read_row(desk, 3)["编号"] == "2611002"
        complain(desk)
        assert read_row(desk, 4)["编号"] == "2611003"


def test_what_cannot_be_read_stands_and_one_number_in_two_rows_is_asked_about(tmp_path):
    with office(tmp_path) as desk:
        adopted(
            desk, TITLES,
            ["2026年"],
            ["A-1", "去年夏天", "海川电机", "转子", "轴偏心", "一箱左右", "处理中", "老王", None],
            ["A-1", "2026-09-02", "远景汽车", "前端盖", "压装不到位", 4, "处理中", None, None],
            ["A-2", "2026-09-03", "远景汽车", "前端盖", "压装不到位", 4, "跟进中", "孙大鹏", None],
            below=([], ["合计", None, None, None, None, "=SUM(F2:F5)"]),
        )  # fmt: skip
        one, two, three, total = (read_row(desk, row) for row in (3, 4, 5, 7))
        assert one["不良数量"] == "一箱左右"
        assert "不良数量" in one["系统提示"]
        assert one["责任人"] == "老王"
        assert "A-1" in two["系统提示"]
        assert (two["客户"], two["状态"]) == ("远景汽车", "处理中")
        assert (three["状态"], three["责任人"]) == ("处理中", "孙大鹏")
        assert total["系统提示"] is None
        assert total["编号"] == "合计"
        changes = page(desk)["变更记录"]
        told = {tuple(cell.value for cell in row)[1:5] for row in changes.iter_rows(min_row=2)}
        assert ("A-2", "状态", "跟进中", "处理中") in told
        assert ("A-1", "接收时间", "去年夏天") in {one[:3] for one in told}
        assert {str(one.number) for one in desk.desk.store.cases()} == {"A-1", "A-2"}


def test_a_case_that_people_want_done_later_is_asked_for_as_every_other(tmp_path):
    with office(tmp_path) as desk:
        due = local("11-20 12:00").replace(tzinfo=None)
        row = ["A-1", "2026-10-30", "海川电机", "转子", "轴偏心", 3, "待审批", None, None, due]
        adopted(desk, [*TITLES, "截止时间"], row)
        assert read_row(desk, 2)["截止时间"] == due
        desk.at("11-20 10:00")
        early = desk.to(WANG, "A-1")
        desk.at("11-20 14:00")
        assert len(desk.to(WANG, "A-1")) == len(early) + 1


def test_a_file_on_a_real_share_is_taken_over_as_well(tmp_path):
    with office(tmp_path) as desk:
        desk.desk = replace(desk.desk, ledger=ledger_of(desk.desk.config, desk.desk.store))
        path = ledger_path(desk.desk.config)
        path.write_bytes(DECORATED)
        desk.tick()
        assert len(list(desk.desk.store.cases())) == 260
        complain(desk)
        assert changed_parts(DECORATED, path.read_bytes()) <= printed_parts() | {"xl/worksheets/sheet4.xml"}
        assert read(path.read_bytes()).numbers["2611001"] == NOTES
        path.write_bytes(typed(path.read_bytes(), {OPEN: {"不良批次": "HY-改"}}))
        desk.tick()
        assert case(desk, "2601002").text("batch_no") == "HY-改"
