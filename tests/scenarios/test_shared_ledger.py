"""The ledger that people and the daemon share: what is typed is read, decided, and never lost."""

from __future__ import annotations

from contextlib import contextmanager

from daemon.seams import Opened
from tests.cast import CHEN, LI, PRODUCTION, WANG
from tests.ledger.people import paper, read
from tests.scenarios.letters import FORM, SLIGHT

NUMBER = "2611001"


def complain(desk):
    desk.mail(f"李娜 <{LI}>", "投诉：前端盖划痕", FORM.format(bad=30, symptom=SLIGHT))


@contextmanager
def edited(desk):
    """Let a person open the ledger, change it and save; then let the daemon work."""
    with paper(desk.ledger.content) as (sheet, saved):
        yield sheet
    desk.ledger.save(saved.getvalue())
    desk.tick()


def open_by(desk, who):
    """Let somebody have the workbook open in Excel."""
    desk.ledger.opened = Opened(who, "Excel", desk.clock.now(), "~$客诉台账.xlsx")


def sheet(desk):
    return read(desk.ledger.content)


def test_a_fact_that_is_corrected_in_its_cell_is_corrected_in_the_case(desk):
    complain(desk)
    with edited(desk) as page:
        page[NUMBER, "不良批次"] = "B20261101"
    assert desk.desk.store.case_numbered(NUMBER).text("batch_no") == "B20261101"
    assert sheet(desk)[NUMBER, "不良批次"] == "B20261101"


def test_a_department_that_is_typed_gets_its_notice(desk):
    complain(desk)
    desk.forget()
    with edited(desk) as page:
        page[NUMBER, "责任部门"] = "生产部"
        page[NUMBER, "是否成立"] = "成立"
    assert desk.to(PRODUCTION)


def test_what_only_the_daemon_knows_is_put_back_and_explained(desk):
    complain(desk)
    due = sheet(desk)[NUMBER, "截止时间"]
    with edited(desk) as page:
        page[NUMBER, "截止时间"] = "下周"
    assert sheet(desk)[NUMBER, "截止时间"] == due
    assert "截止时间" in sheet(desk)[NUMBER, "系统提示"]


def test_a_number_that_cannot_be_read_stays_and_is_asked_about(desk):
    complain(desk)
    with edited(desk) as page:
        page[NUMBER, "不良数量"] = "一箱左右"
    assert sheet(desk)[NUMBER, "不良数量"] == "一箱左右"
    assert "不良数量" in sheet(desk)[NUMBER, "系统提示"]
    with edited(desk) as page:
        page[NUMBER, "不良数量"] = "约35件"
    assert desk.desk.store.case_numbered(NUMBER).fact("quantity_defective") == 35
    assert "看不懂" not in (sheet(desk)[NUMBER, "系统提示"] or "")


def test_a_verdict_that_is_anothers_to_give_is_confirmed_by_mail(desk):
    complain(desk)
    with edited(desk) as page:
        page[NUMBER, "是否成立"] = "成立"
        for title in ("临时措施", "发生原因", "流出原因", "永久措施", "预防与水平展开"):
            page[NUMBER, title] = f"{title}：已落实"
    desk.press(WANG, desk.last(WANG, "审核"), "通过")
    desk.forget()
    with edited(desk) as page:
        page[NUMBER, "审批结果"] = "批准"
    case = desk.desk.store.case_numbered(NUMBER)
    assert case.status == "待审批"
    assert sheet(desk)[NUMBER, "审批结果"] is None
    mail = desk.last(CHEN, "批准")
    desk.press(CHEN, mail, "批准")
    assert desk.desk.store.case_numbered(NUMBER).status != "待审批"
    assert sheet(desk)[NUMBER, "审批结果"] == "批准"


def test_a_row_that_is_typed_is_a_complaint_registered(desk):
    complain(desk)
    desk.forget()
    with edited(desk) as page:
        at = page.type_row(投诉渠道="电话", 客户名称="远景汽车")
    assert "不良现象" in sheet(desk)[at, "系统提示"]
    assert sheet(desk)[at, "客诉编号"] is None
    with edited(desk) as page:
        page[at, "不良现象"] = "前端盖压装不到位，装车后松动"
        page[at, "产品名称"] = "前端盖"
    assert sheet(desk)[at, "客诉编号"] == "2611002"
    case = desk.desk.store.case_numbered("2611002")
    assert (case.text("customer"), case.text("channel")) == ("远景汽车", "电话")
    assert desk.to(WANG)


def test_a_row_that_is_typed_while_the_file_stays_open_is_one_case_however_it_is_sorted(desk):
    complain(desk)
    open_by(desk, "王晓燕")
    with edited(desk) as page:
        page.type_row(客户名称="远景汽车", 产品名称="前端盖", 不良现象="压装不到位")
        page.type_row(客户名称="海川电机", 产品名称="转子", 不良现象="轴偏心")
    assert len(list(desk.desk.store.cases())) == 3
    with edited(desk) as page:
        one, two = page.end - 2, page.end - 1
        for title in ("客户名称", "产品名称", "不良现象"):
            page[one, title], page[two, title] = page[two, title], page[one, title]
        page[one, "不良批次"] = "R-77"
    assert len(list(desk.desk.store.cases())) == 3
    desk.ledger.opened = None
    desk.tick()
    page = sheet(desk)
    rotor = page[page.end - 2, "客诉编号"]
    assert desk.desk.store.case_numbered(rotor).text("batch_no") == "R-77"
    assert {page[page.end - 2, "客诉编号"], page[page.end - 1, "客诉编号"]} == {"2611002", "2611003"}


def test_while_somebody_has_it_open_the_live_copy_tells_what_is(desk):
    complain(desk)
    open_by(desk, "王晓燕")
    before = desk.ledger.content
    complain(desk)
    assert desk.ledger.content == before
    assert set(read(desk.copies.live).numbers) == {"2611001", "2611002"}
    desk.ledger.opened = None
    desk.tick()
    assert set(sheet(desk).numbers) == {"2611001", "2611002"}


def test_what_people_saved_while_it_was_open_is_kept_beside_what_came_meanwhile(desk):
    complain(desk)
    open_by(desk, "王晓燕")
    with paper(desk.ledger.content) as (page, saved):
        complain(desk)
        page[NUMBER, "备注"] = "客户下周来厂"
        page[NUMBER, "客户名称"] = "远景汽车有限公司"
    desk.ledger.save(saved.getvalue())
    desk.tick()
    desk.ledger.opened = None
    desk.tick()
    page = sheet(desk)
    assert (page[NUMBER, "备注"], page[NUMBER, "客户名称"]) == ("客户下周来厂", "远景汽车有限公司")
    assert set(page.numbers) == {"2611001", "2611002"}


def test_a_row_that_a_person_deletes_stays_away_and_in_the_journal(desk):
    for _ in range(25):
        complain(desk)
    with edited(desk) as page:
        page.sheet.delete_rows(page.numbers["2611003"])
    complain(desk)
    assert "2611003" not in sheet(desk).numbers
    assert desk.desk.store.case_numbered("2611003") is not None


def test_many_rows_gone_at_once_are_not_believed(desk):
    for _ in range(25):
        complain(desk)
    whole = desk.ledger.content
    desk.forget()
    with edited(desk) as page:
        page.sheet.delete_rows(5, 10)
        page[NUMBER, "不良批次"] = "B-1"
    assert desk.to(WANG, "2611004")
    assert desk.desk.store.case_numbered(NUMBER).text("batch_no") == "B-1"
    complain(desk)
    assert set(read(desk.copies.live).numbers) >= {"2611004", "2611026"}
    desk.ledger.save(whole)
    desk.tick()
    assert len(sheet(desk).numbers) == 26


def test_a_file_that_cannot_be_read_is_set_aside_and_the_ledger_made_anew_with_peoples_own_columns(desk):
    complain(desk)
    with edited(desk) as page:
        own = page.sheet.max_column + 1
        page.sheet.cell(1, own).value = "跟进人"
        page.sheet.cell(2, own).value = "小周"
    desk.ledger.save(desk.ledger.content[:-900])
    desk.tick()
    page = sheet(desk)
    assert (page[NUMBER, "跟进人"], page[NUMBER, "客诉编号"]) == ("小周", NUMBER)
    assert len(desk.ledger.kept_aside) == 1
    assert desk.to(WANG, "台账")
