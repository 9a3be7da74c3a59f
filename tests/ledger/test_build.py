from __future__ import annotations

import time
from dataclasses import replace
from datetime import UTC, datetime
from io import BytesIO
from uuid import UUID
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.utils import get_column_letter

from daemon.core.fields import FIELDS, Who
from daemon.core.process import ExtraFact
from daemon.ledger.build import build_workbook
from daemon.ledger.columns import columns_of
from daemon.ledger.rows import row_of
from tests.ledger.cast import CLOSED, DIRECTORY, ENGLISH, FILES, LATE, LAYOUT, NEW, NOW, PROCESS, columns, opened, row


def cell(book, header, line=2):
    return book["客诉台账"].cell(line, columns(book)[header])


def test_every_fact_has_a_column_and_the_profile_adds_its_own():
    assert list(columns(opened())) == [
        *(field.header for field in FIELDS), "职务", "部门科室", "客户日用量", "装配方式", "处理方式", "处罚",
    ]  # fmt: skip
    assert list(columns(opened(layout=ENGLISH)))[: len(FIELDS)] == [field.header_en for field in FIELDS]


def test_two_facts_with_one_header_are_told_apart():
    layout = replace(LAYOUT, extra={"a": ExtraFact(header="备注"), "case_no": ExtraFact(header="编号")})
    assert [column.title for column in columns_of(layout)][-1] == "备注 2"


def test_a_header_of_a_profile_is_one_line():
    layout = replace(LAYOUT, extra={"a": ExtraFact(header="客户\n日用量"), "b": ExtraFact(header=" ")})
    assert list(columns(opened(layout=layout)))[-2:] == ["客户 日用量", "b"]


@pytest.mark.parametrize("text", ['=HYPERLINK("http://evil.example","x")', "+86 512 6666", "-1", "@A1", "=1+1", "#N/A"])
def test_text_is_never_a_formula(text):
    found = cell(opened(row(phenomenon=text, contact_phone=text)), "不良现象")
    assert (found.value, found.data_type) == (text, "s")
    assert found.quotePrefix is (text != "#N/A")
    assert b"<f>" not in ZipFile(BytesIO(build_workbook([row(phenomenon=text)], LAYOUT))).read(
        "xl/worksheets/sheet1.xml"
    )


def test_formulas_are_text_in_headers_and_lists_too():
    layout = replace(LAYOUT, departments=("=1+1",), extra={"x": ExtraFact(header="=A1")})
    book = opened(layout=layout)
    assert all(c.data_type != "f" for sheet in book for line in sheet.iter_rows() for c in line)


def test_illegal_characters_and_over_long_text_do_not_stop_the_ledger():
    book = opened(row(phenomenon="漏\x00油\ufffe\ud800", demand="长" * 40_000, customer="\x07"))
    assert cell(book, "不良现象").value == "漏油"
    assert "已截短" in cell(book, "客户要求").value
    assert cell(book, "客户名称").value is None


def test_numbers_of_things_stay_text_and_numbers_stay_numbers():
    book = opened(
        row("2611003", part_no="0012", quantity_defective=13, defect_rate=0.0065, cost=12.5, satisfaction="5")
    )
    assert (cell(book, "客诉编号").value, cell(book, "产品编号").value) == ("2611003", "0012")
    assert cell(book, "产品编号").number_format == "@"
    assert (cell(book, "不良数量").value, cell(book, "不良数量").number_format) == (13, "#,##0")
    assert (cell(book, "不良率").value, cell(book, "不良率").number_format) == (0.0065, "0.00%")
    assert (cell(book, "损失金额").value, cell(book, "满意度").value) == (12.5, 5)


def test_numbers_that_excel_cannot_hold_become_text():
    book = opened(row(cost=float("nan"), quantity_delivered=10**20))
    assert (cell(book, "损失金额").value, cell(book, "交货数量").value) == ("nan", "1" + "0" * 20)


def test_instants_stand_in_the_companys_time():
    book = opened(row(received_at=datetime(2026, 11, 22, 23, 30, tzinfo=UTC), closed_at=datetime(1, 1, 1, tzinfo=UTC)))
    found = cell(book, "接收时间")
    assert found.value == datetime(2026, 11, 23, 7, 30)  # noqa: DTZ001 - what stands in the cell
    assert found.number_format == "yyyy-mm-dd hh:mm"
    assert cell(book, "结案时间").data_type == "s"


def test_links_are_relative_and_short():
    report = cell(opened(row(report_file="8D-2611003-r2", report_file_link="8D/2611003/8D r2#1.docx")), "8D报告")
    assert report.value == "8D-2611003-r2"
    assert report.hyperlink.target == "8D/2611003/8D%20r2%231.docx"
    folder = cell(opened(row(evidence_folder="附件", evidence_folder_link="附件/2611003")), "附件")
    assert folder.hyperlink.target == "附件/2611003"


@pytest.mark.parametrize(
    "path", ["../../etc/passwd", "/etc/passwd", "C:\\x.docx", "\\\\evil\\x", "http://evil.example", ""]
)
def test_a_link_never_leads_out_of_the_folder(path):
    assert cell(opened(row(report_file="8D", report_file_link=path)), "8D报告").hyperlink is None


def test_a_repeat_links_to_the_earlier_row():
    book = opened(row("2611001", 1), row("2611003", 3, repeat_of="2611001"), row("2611004", 4, repeat_of="2512009"))
    assert cell(book, "重复投诉", 3).hyperlink.location == "'客诉台账'!A2"
    assert cell(book, "重复投诉", 4).hyperlink is None
    assert cell(book, "重复投诉", 4).value == "2512009"


def test_lists_come_from_the_dictionary_and_grow_with_it():
    book = opened()
    rules = {rule.formula1: rule for rule in book["客诉台账"].data_validations.dataValidation}
    letter = book["客诉台账"].cell(1, columns(book)["责任部门"]).column_letter
    assert {"字典_department", "字典_category", "字典_severity", "字典_status", "字典_disposal"} <= set(rules)
    assert str(rules["字典_department"].sqref).startswith(f"{letter}2:{letter}")
    assert (rules["字典_department"].errorStyle, rules["字典_status"].errorStyle or "stop") == ("warning", "stop")
    assert "COUNTA('字典'!" in book.defined_names["字典_department"].attr_text
    lists = {line[0].value: [c.value for c in line[1:] if c.value is not None] for line in book["字典"].columns}
    assert lists["责任部门"] == ["注塑车间", "质量部", "销售部"]
    assert lists["满意度"] == [1, 2, 3, 4, 5]


def test_a_company_without_departments_still_has_the_list():
    assert "字典_department" in opened(layout=replace(LAYOUT, departments=())).defined_names


@pytest.mark.parametrize("count", [0, 1, 3])
def test_filters_and_frozen_panes(count):
    sheet = opened(*(row(str(n), n) for n in range(count)))["客诉台账"]
    assert sheet.tables["台账表"].autoFilter.ref == f"A1:{get_column_letter(sheet.max_column)}{max(count, 1) + 1}"
    assert sheet.freeze_panes == "B2"
    assert sheet.print_title_rows == "$1:$1"
    assert sheet.page_setup.orientation == "landscape"


def test_colours_follow_grade_lateness_and_closing():
    formats = opened(row())["客诉台账"].conditional_formatting
    formulas = " ".join(rule.formula[0] for part in formats for rule in part.rules)
    assert all(word in formulas for word in ("重大", "重要", "已结案", "已取消"))


def test_headers_show_whose_a_column_is():
    book = opened()
    fills = {who: {cell(book, f.header, 1).fill.start_color.rgb for f in FIELDS if f.who is who} for who in Who}
    assert all(len(colours) == 1 for colours in fills.values())
    assert len(set.union(*fills.values())) == 3


def test_long_text_wraps_and_rows_stay_within_bounds():
    sheet = opened(row(phenomenon="漏油" * 20), row("2", 2, phenomenon="漏油" * 900), row("3", 3))["客诉台账"]
    low, high, single = (sheet.row_dimensions[line].height for line in (2, 3, 4))
    assert single < low < high < 200
    assert sheet.cell(3, columns(sheet.parent)["不良现象"]).alignment.vertical == "top"


def test_the_guide_says_what_people_may_do_and_what_happens_then():
    words = "".join(str(c.value) for line in opened()["说明"].iter_rows() for c in line)
    for said in ("您的内容不会丢", "需要邮件确认", "客诉台账-实时(只读).xlsx", "5%", "措施跟踪", "变更记录", "字典"):
        assert said in words
    for said in ("nothing of yours is lost", "Confirmed by mail", "Open all day", "5 %", "Deleted rows", "Measures"):
        assert said in words


def test_the_same_rows_give_the_same_bytes():
    rows = [row_of(case, PROCESS, DIRECTORY, NOW, FILES) for case in (NEW, replace(LATE, id=UUID(int=9)), CLOSED)]
    first = build_workbook(rows, LAYOUT)
    assert build_workbook(list(rows), LAYOUT) == first
    assert {entry.date_time for entry in ZipFile(BytesIO(first)).infolist()} == {(2000, 1, 1, 0, 0, 0)}
    assert build_workbook(rows[:2], LAYOUT) != first


def test_numbers_kept_as_text_get_no_green_corner():
    sheet = ZipFile(BytesIO(build_workbook([row()], LAYOUT))).read("xl/worksheets/sheet1.xml")
    assert b'numberStoredAsText="1"' in sheet
    assert sheet.index(b"<pageSetup") < sheet.index(b"<ignoredErrors") < sheet.index(b"<tableParts")


def test_a_thousand_rows_take_little_time():
    rows = [replace(row_of(CLOSED, PROCESS, DIRECTORY, NOW, FILES), case=UUID(int=n)) for n in range(1000)]
    begun = time.process_time()
    data = build_workbook(rows, LAYOUT)
    assert time.process_time() - begun < 5  # about 1.2 s where this was written; machines that test are busy
    assert load_workbook(BytesIO(data), read_only=True)["客诉台账"].max_row == 1001
