"""What can befall the ledger's file: it is never written over, quality is told, and nothing of people's is lost."""

from __future__ import annotations

from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import Workbook, load_workbook
from openpyxl.styles import PatternFill

from daemon.ledger.columns import MAIN_SHEET
from daemon.seams import Opened
from tests.cast import LI, WANG
from tests.desk import office
from tests.ledger.people import paper, read
from tests.scenarios.letters import FORM, SLIGHT

OLE = bytes.fromhex("d0cf11e0a1b11ae1")
ROWS = 1_048_576  # of a sheet
NUMBERS = {"2611001", "2611002", "2611003"}


def complain(desk):
    desk.mail(f"李娜 <{LI}>", "投诉：前端盖划痕", FORM.format(bad=30, symptom=SLIGHT))


@pytest.fixture
def desk(tmp_path):
    """An office with three complaints, in whose ledger people have a column, a colour and a remark of their own."""
    with office(tmp_path) as opened:
        for _ in range(3):
            complain(opened)
        with paper(opened.ledger.content) as (page, saved):
            own = page.sheet.max_column + 1
            page.sheet.cell(1, own).value, page.sheet.cell(2, own).value = "跟进人", "小周"
            page["2611001", "备注"] = "客户下周来厂"
            page.cell("2611001", "客户名称").fill = PatternFill("solid", fgColor="FFFF00")
        opened.ledger.save(saved.getvalue())
        opened.tick()
        opened.forget()
        yield opened


def ole(*streams):
    """Return what an old or an encrypted workbook looks like: a container with the names of its streams."""
    return OLE + bytes(504) + b"".join(name.encode("utf-16-le").ljust(128, b"\0") for name in streams) + bytes(4096)


def archive(**parts):
    """Return a zip file with these parts, `types` for the list of content types."""
    saved = BytesIO()
    with ZipFile(saved, "w", ZIP_DEFLATED) as out:
        for name, data in parts.items():
            out.writestr({"types": "[Content_Types].xml"}.get(name, name.replace("_", "/") + ".xml"), data)
    return saved.getvalue()


def workbook_of_others():
    book, saved = Workbook(), BytesIO()
    book.active.append(["姓名", "工号"])
    book.active.append(["王", 7])
    book.save(saved)
    return saved.getvalue()


BAD = {
    "emptied": (lambda _: b"", "空"),
    "truncated at its end": (lambda whole: whole[:-900], "不完整"),
    "half of it": (lambda whole: whole[: len(whole) // 2], "不完整"),
    "zeros after a power cut": (lambda whole: bytes(len(whole)), "不完整"),
    "with a password": (lambda _: ole("Root Entry", "EncryptionInfo", "EncryptedPackage"), "密码"),
    "an old .xls": (lambda _: ole("Root Entry", "Workbook"), "xls"),
    "a photo": (lambda _: b"\xff\xd8\xff\xe0" + bytes(3000), "不是"),
    "another workbook": (lambda _: workbook_of_others(), "不是"),
    "a Word file": (lambda _: archive(types="<Types/>", word_document="<w/>"), "不是"),
    "a zip bomb": (lambda _: archive(types="<Types/>", xl_workbook=bytes(200_000_000)), "异常大"),
}


@pytest.mark.parametrize(("make", "word"), BAD.values(), ids=BAD)
def test_a_file_that_cannot_be_the_ledger_is_set_aside_and_the_ledger_made_anew(desk, make, word):
    bad = make(desk.ledger.content)
    desk.ledger.save(bad)
    desk.tick()
    assert desk.ledger.kept_aside == [bad]
    mail = desk.last(WANG, "无法读取")
    assert word in mail.text
    assert len(desk.sent) == len({one.to for one in desk.sent})
    page = read(desk.ledger.content)
    assert set(page.numbers) == NUMBERS
    assert (page["2611001", "跟进人"], page["2611001", "备注"]) == ("小周", "客户下周来厂")
    assert page.cell("2611001", "客户名称").fill.fgColor.rgb == "00FFFF00"
    desk.forget()
    complain(desk)
    assert set(read(desk.ledger.content).numbers) == NUMBERS | {"2611004"}
    assert not desk.to(WANG, "无法读取")


def test_what_happened_since_the_last_good_copy_is_there_again(desk):
    desk.ledger.opened = Opened("王晓燕", "Excel", desk.clock.now(), "~$客诉台账.xlsx")
    complain(desk)
    assert set(read(desk.ledger.content).numbers) == NUMBERS
    desk.ledger.save(desk.ledger.content[:-900])
    desk.ledger.opened = None
    desk.tick()
    assert set(read(desk.ledger.content).numbers) == NUMBERS | {"2611004"}


def test_a_file_that_is_being_saved_is_let_be(desk):
    desk.ledger.save(desk.ledger.content[:-900])
    desk.ledger.half_saved = True
    desk.tick()
    assert desk.ledger.kept_aside == []
    assert desk.sent == []


def test_a_file_that_was_deleted_comes_back_with_all_that_people_have_in_it(desk):
    desk.ledger.save(None)
    desk.tick()
    page = read(desk.ledger.content)
    assert (set(page.numbers), page["2611001", "跟进人"]) == (NUMBERS, "小周")


def test_a_sheet_with_every_row_gone_is_asked_about_and_not_believed(desk):
    for _ in range(22):
        complain(desk)
    desk.forget()
    with paper(desk.ledger.content) as (page, saved):
        page.sheet.delete_rows(2, 25)
    emptied = saved.getvalue()
    desk.ledger.save(emptied)
    desk.tick()
    assert desk.ledger.content == emptied
    assert desk.to(WANG, "2611001")
    assert len(read(desk.copies.live).numbers) == 25
    assert len(read(desk.copies.last_good()).numbers) == 25
    asked = len(desk.to(WANG, "2611001"))
    desk.tick()
    assert len(desk.to(WANG, "2611001")) == asked
    assert len(list(desk.desk.store.cases())) == 25


def with_sheet(data, change):
    """Return the workbook with the XML of its first sheet changed."""
    saved = BytesIO()
    with ZipFile(BytesIO(data)) as old, ZipFile(saved, "w", ZIP_DEFLATED) as new:
        for one in old.infolist():
            part = old.read(one)
            new.writestr(one, change(part) if one.filename == "xl/worksheets/sheet1.xml" else part)
    return saved.getvalue()


def test_a_million_empty_rows_are_no_complaints_and_the_next_one_stands_below_the_last(desk):
    empty = b"".join(b'<row r="%d" ht="15"/>' % number for number in range(5, ROWS + 1))
    desk.ledger.save(
        with_sheet(desk.ledger.content, lambda part: part.replace(b"</sheetData>", empty + b"</sheetData>"))
    )
    complain(desk)
    workbook = load_workbook(BytesIO(desk.ledger.content), read_only=True)
    first = [row[0] for row in workbook[MAIN_SHEET].iter_rows(max_row=6, max_col=1, values_only=True)]
    assert first[1:] == ["2611001", "2611002", "2611003", "2611004", None]
    assert desk.ledger.kept_aside == []


def test_of_two_columns_with_one_header_the_first_is_the_ledgers_and_the_other_stays_peoples(desk):
    with paper(desk.ledger.content) as (page, saved):
        own = page.sheet.max_column + 1
        page.sheet.cell(1, own).value, page.sheet.cell(2, own).value = "不良批次", "我的"
    desk.ledger.save(saved.getvalue())
    complain(desk)
    sheet = read(desk.ledger.content).sheet
    assert (sheet.cell(1, own).value, sheet.cell(2, own).value, sheet.cell(5, own).value) == ("不良批次", "我的", None)
    assert desk.desk.store.case_numbered("2611001").text("batch_no") == "20261020-02"


def test_the_first_state_of_each_day_is_kept_and_old_ones_go(desk):
    days = desk.desk.config.ledger.backups
    for day in range(days + 4):
        desk.jump(f"2026-{11 + (3 + day) // 29:02}-{1 + (3 + day) % 29:02} 09:00")
        complain(desk)
    assert len(desk.copies.daily) == days
    assert max(desk.copies.daily) == desk.clock.now().date()
