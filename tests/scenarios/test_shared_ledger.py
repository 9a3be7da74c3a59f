"""The ledger that people and the daemon share: what is typed is read, decided, and never lost."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from io import BytesIO

import pytest
from openpyxl import load_workbook

from daemon.ledger.measure_columns import MEASURES_SHEET
from daemon.passes.desk import LedgerSeen
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


def test_what_cannot_be_read_of_a_typed_row_stays_there_and_is_asked_about(desk):
    complain(desk)
    with edited(desk) as page:
        at = page.type_row(客户名称="远景汽车", 产品名称="前端盖", 不良现象="压装不到位", 不良数量="一箱左右")
    assert (sheet(desk)[at, "客诉编号"], sheet(desk)[at, "不良数量"]) == ("2611002", "一箱左右")
    assert "一箱左右" in sheet(desk)[at, "系统提示"]
    assert desk.desk.store.case_numbered("2611002").fact("quantity_defective") is None


def test_a_verdict_typed_into_a_new_row_and_refused_stands_in_the_changes_with_its_reason(desk):
    complain(desk)
    with edited(desk) as page:
        at = page.type_row(客户名称="远景汽车", 产品名称="前端盖", 不良现象="压装不到位", 客户反馈="满意")
    assert (sheet(desk)[at, "客诉编号"], sheet(desk)[at, "客户反馈"]) == ("2611002", None)
    changes = load_workbook(BytesIO(desk.ledger.content))["变更记录"]
    (told,) = [[cell.value for cell in row] for row in changes.iter_rows(min_row=2)]
    assert "2611002" in told
    assert "满意" in told
    assert told[-1] in sheet(desk)[at, "系统提示"]


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


def test_rows_that_were_meant_to_be_deleted_are_when_the_administrator_says_so(desk):
    for _ in range(25):
        complain(desk)
    with edited(desk) as page:
        page.sheet.delete_rows(5, 10)
    assert not desk.desk.store.ledger_gone()
    desk.desk.store.queue_command("ledger.sync", {"deleted": "yes"}, desk.clock.now())
    desk.tick()
    assert len(desk.desk.store.ledger_gone()) == 10
    complain(desk)
    assert len(sheet(desk).numbers) == 16, "the rows stay away, and new ones are written again"


@pytest.fixture
def asked(desk):
    """A ledger from which ten rows of twenty-five vanished, one with a cell of people's own: quality is asked."""
    for _ in range(25):
        complain(desk)
    with edited(desk) as page:
        page.own("跟单")
        page["2611004", "跟单"] = "小周"
    with edited(desk) as page:
        page.sheet.delete_rows(5, 10)
    return desk


@pytest.mark.parametrize(
    "answer",
    [
        lambda desk, mail: desk.press(WANG, mail, "确认删除"),
        lambda desk, mail: desk.reply(WANG, mail, "确认删除，谢谢！"),
    ],
)
def test_rows_that_were_meant_to_be_deleted_are_when_quality_answers_so(asked, answer):
    answer(asked, asked.last(WANG, "少了 10 行"))
    asked.tick()
    assert len(asked.desk.store.ledger_gone()) == 10
    complain(asked)
    assert len(sheet(asked).numbers) == 16


@pytest.mark.parametrize(
    "answer",
    [
        lambda desk, mail: desk.press(WANG, mail, "恢复"),
        lambda desk, mail: desk.reply(WANG, mail, "误删了，请恢复"),
        lambda desk, mail: desk.reply(WANG, mail, "请恢复这些行。"),
    ],
)
def test_rows_that_vanished_by_mistake_come_back_when_quality_answers_so(asked, answer):
    answer(asked, asked.last(WANG, "少了 10 行"))
    asked.tick()
    assert (len(sheet(asked).numbers), sheet(asked)["2611004", "跟单"]) == (25, "小周")
    assert not asked.desk.store.ledger_gone()


def test_an_answer_that_says_something_else_of_the_rows_deletes_none(asked):
    asked.reply(WANG, asked.last(WANG, "少了 10 行"), "确认删除其中 3 行，其余的我再看看")
    asked.tick()
    assert not asked.desk.store.ledger_gone()
    assert asked.last(WANG, "只能回复")


def test_an_answer_to_an_earlier_question_deletes_none_of_the_rows_that_are_gone_now(asked):
    earlier = asked.last(WANG, "少了 10 行")
    with edited(asked) as page:
        page.sheet.delete_rows(5, 2)
    asked.press(WANG, earlier, "确认删除")
    asked.tick()
    assert not asked.desk.store.ledger_gone()
    asked.press(WANG, asked.last(WANG, "少了 12 行"), "确认删除")
    asked.tick()
    assert len(asked.desk.store.ledger_gone()) == 12
    asked.forget()
    asked.press(WANG, earlier, "确认删除")
    asked.tick()
    assert not asked.sent


def test_an_answer_whose_subject_names_a_case_is_about_that_case(asked):
    question = asked.last(WANG, "少了 10 行")
    asked.mail(
        f"王晓燕 <{WANG}>", "答复: [客诉 2611002] 请暂停", "暂停：等客户寄样品", In_Reply_To=question.mail["Message-ID"]
    )
    assert asked.desk.store.case_numbered("2611002").is_held
    assert not asked.desk.store.ledger_gone()


def test_nobody_but_who_was_asked_says_what_becomes_of_the_rows(asked):
    asked.press(LI, asked.last(WANG, "少了 10 行"), "确认删除")
    asked.tick()
    assert not asked.desk.store.ledger_gone()


def test_the_ledger_made_anew_has_every_row_and_what_people_added(desk):
    for _ in range(5):
        complain(desk)
    with edited(desk) as page:
        own = page.sheet.max_column + 1
        page.sheet.cell(1, own).value = "跟进人"
        page.sheet.cell(2, own).value = "小周"
        page.sheet.delete_rows(4)
    assert desk.desk.store.ledger_gone() == ("2611003",)
    desk.desk.store.queue_command("ledger.rebuild", {}, desk.clock.now())
    desk.tick()
    page = sheet(desk)
    assert len(page.numbers) == 5
    assert page[NUMBER, "跟进人"] == "小周"


def test_a_typed_row_that_is_saved_again_from_before_it_had_a_number_stays_one_case(desk):
    complain(desk)
    with paper(desk.ledger.content) as (page, first):
        at = page.type_row(客户名称="远景汽车", 产品名称="转子", 不良现象="轴偏心")
    desk.ledger.save(first.getvalue())
    desk.tick()
    assert sheet(desk)[at, "客诉编号"] == "2611002"
    with paper(first.getvalue()) as (page, again):
        page[NUMBER, "备注"] = "客户下周来厂"
    desk.ledger.save(again.getvalue())
    desk.tick()
    page = sheet(desk)
    assert (page[at, "客诉编号"], page[NUMBER, "备注"]) == ("2611002", "客户下周来厂")
    assert len(page.numbers) == len(list(desk.desk.store.cases())) == 2
    assert desk.desk.store.case_numbered("2611002").text("severity"), "nothing that was filled in was taken out again"


def test_what_was_refused_while_the_file_was_open_is_put_back_when_it_is_closed(desk):
    complain(desk)
    due = sheet(desk)[NUMBER, "截止时间"]
    open_by(desk, "王晓燕")
    with edited(desk) as page:
        page[NUMBER, "截止时间"] = "下周"
    assert sheet(desk)[NUMBER, "截止时间"] == "下周"
    desk.ledger.opened = None
    desk.tick()
    assert sheet(desk)[NUMBER, "截止时间"] == due


def test_a_row_of_ours_that_was_copied_with_its_number_gets_no_third(desk):
    complain(desk)
    with edited(desk) as page:
        first = [cell.value for cell in page.sheet[2]]
        page.sheet.append(first)
        page[NUMBER, "备注"] = "看这里"
    numbers = [row[0].value for row in sheet(desk).sheet.iter_rows(min_row=2)]
    assert numbers.count(NUMBER) == 2


def test_a_copied_row_is_a_complaint_of_its_own_though_another_row_was_deleted(desk):
    for n in range(1, 5):
        form = FORM.replace("20261020-02", f"B-{n}").replace("PO88120045", f"PO-{n}").replace("3000", f"{n}000")
        desk.mail(f"李娜 <{LI}>", f"投诉 {n}", form.format(bad=30 + n, symptom=f"{SLIGHT}（第 {n} 批）"))
    with edited(desk) as page:
        copied = [cell.value for cell in page.sheet[page.numbers["2611004"]]]
        gone = page.numbers["2611002"]
        for column, value in enumerate(copied, start=1):
            page.sheet.cell(gone, column).value = value
        for title, value in (("客诉编号", None), ("不良现象", "压装不到位"), ("产品名称", "转子")):
            page[gone, title] = value
    kept = desk.desk.store.case_numbered("2611002")
    assert (kept.text("batch_no"), kept.fact("quantity_defective")) == ("B-2", 32)


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


def measures(desk):
    """The rows of 措施跟踪 that hold anything, each by its headers."""
    page = load_workbook(BytesIO(desk.ledger.content))[MEASURES_SHEET]
    titles = [cell.value for cell in page[1]]
    rows = ([cell.value for cell in row] for row in page.iter_rows(min_row=2))
    return [dict(zip(titles, row, strict=True)) for row in rows if any(row)]


@contextmanager
def measures_edited(desk):
    """Let a person change 措施跟踪: gives a function that sets a cell by row, from 2, and header."""
    book, saved = load_workbook(BytesIO(desk.ledger.content)), BytesIO()
    page = book[MEASURES_SHEET]
    titles = {cell.value: cell.column for cell in page[1]}

    def put(row, title, value):
        page.cell(row, titles[title]).value = value

    yield put
    book.save(saved)
    desk.ledger.save(saved.getvalue())
    desk.tick()


def contained(desk):
    """A case whose containment has two lines."""
    complain(desk)
    with edited(desk) as page:
        page[NUMBER, "是否成立"] = "成立"
        page[NUMBER, "临时措施"] = "1. 隔离库存500件（孙大鹏，12月1日前）\n2. 客户端全检"


def test_each_measure_is_a_row_and_what_is_typed_there_is_known_of_it(desk):
    contained(desk)
    first, second = measures(desk)
    assert (first["措施类型"], first["措施内容"], first["责任人"]) == ("临时措施", "隔离库存500件", "孙大鹏")
    assert (first["计划完成"], first["完成状态"]) == (datetime(2026, 12, 1), "进行中")  # noqa: DTZ001 - a cell
    assert second["措施内容"] == "客户端全检"
    with measures_edited(desk) as put:
        put(2, "实际完成", "11月30日")
        put(3, "责任人", "王晓燕")
    done, _ = desk.desk.store.case_numbered(NUMBER).measures
    assert done.done == "2026-11-30"
    first, second = measures(desk)
    assert (first["完成状态"], second["责任人"]) == ("已完成", "王晓燕")


def test_a_measure_that_is_typed_is_a_line_of_its_section(desk):
    contained(desk)
    with measures_edited(desk) as put:
        put(4, "措施内容", "在途批次退回")
    assert "客诉编号" in measures(desk)[2]["系统提示"]
    with measures_edited(desk) as put:
        put(4, "客诉编号", NUMBER)
        put(4, "措施类型", "临时措施")
    assert "在途批次退回" in sheet(desk)[NUMBER, "临时措施"]
    assert [row["措施内容"] for row in measures(desk)] == ["隔离库存500件", "客户端全检", "在途批次退回"]


def test_a_measure_typed_and_reworded_while_the_file_stays_open_is_one(desk):
    contained(desk)
    open_by(desk, "王晓燕")
    with measures_edited(desk) as put:
        put(4, "客诉编号", NUMBER)
        put(4, "措施类型", "临时措施")
        put(4, "措施内容", "在途批次全部退回供应商")
    with measures_edited(desk) as put:
        put(4, "措施内容", "在途批次全部退回供应商，共 3 批")
    desk.ledger.opened = None
    desk.tick()
    assert [row["措施内容"] for row in measures(desk)][2:] == ["在途批次全部退回供应商，共 3 批"]
    assert len(desk.desk.store.case_numbered(NUMBER).measures) == 3


def test_who_has_the_file_open_for_long_gets_one_kind_mail(desk):
    complain(desk)
    open_by(desk, "王晓燕")
    complain(desk)
    desk.forget()
    desk.at("11-02 16:00")
    asked = desk.to(WANG, "请保存并关闭")
    assert len(asked) == 1
    assert "客诉台账-实时(只读).xlsx" in asked[0].text
    desk.at("11-03 16:00")
    assert len(desk.to(WANG, "请保存并关闭")) == 1


def test_a_column_that_is_gone_comes_back_once_at_the_end(desk):
    complain(desk)
    with edited(desk) as page:
        page.delete_column("系统提示")
    page = sheet(desk)
    assert page.titles["系统提示"] == max(page.titles.values())
    assert "请核对" in page[NUMBER, "系统提示"]
    assert "已补在最右侧" in page[NUMBER, "系统提示"]
    with edited(desk) as page:
        page.delete_column("系统提示")
    complain(desk)
    assert "系统提示" not in sheet(desk).titles


def test_a_file_saved_from_an_older_state_undoes_nothing(desk):
    complain(desk)
    old = desk.ledger.content
    desk.reply(WANG, desk.last(WANG, "核实"), "成立，等级：重大")
    complain(desk)
    assert sheet(desk)[NUMBER, "投诉等级"] == "重大"
    with paper(old) as (page, saved):
        page[NUMBER, "备注"] = "在旧文件里写的"
    desk.ledger.save(saved.getvalue())
    desk.tick()
    page = sheet(desk)
    assert (page[NUMBER, "投诉等级"], page[NUMBER, "备注"]) == ("重大", "在旧文件里写的")
    assert set(page.numbers) == {"2611001", "2611002"}


def test_what_both_changed_is_peoples_and_the_other_value_stands_in_the_changes(desk):
    complain(desk)
    with paper(desk.ledger.content) as (page, saved):
        page[NUMBER, "不良批次"] = "B-TABLE"
    open_by(desk, "王晓燕")
    desk.reply(WANG, desk.last(WANG, "核实"), "更正：不良批次：B-MAIL")
    assert desk.desk.store.case_numbered(NUMBER).text("batch_no") == "B-MAIL"
    desk.ledger.save(saved.getvalue())
    desk.ledger.opened = None
    desk.tick()
    assert sheet(desk)[NUMBER, "不良批次"] == "B-TABLE"
    changes = load_workbook(BytesIO(desk.ledger.content))["变更记录"]
    told = [[cell.value for cell in row] for row in changes.iter_rows(min_row=2)]
    assert any("B-MAIL" in map(str, row) for row in told)
    assert any("B-TABLE" in map(str, row) for row in told)


def test_a_value_that_people_add_to_a_list_counts(desk):
    complain(desk)
    book, saved = load_workbook(BytesIO(desk.ledger.content)), BytesIO()
    page = book["字典"]
    column = next(cell.column for cell in page[1] if cell.value == "投诉类别")
    row = max(cell.row for cell in page[page.cell(1, column).column_letter] if cell.value) + 1
    page.cell(row, column).value = "包装标识"
    book.save(saved)
    desk.ledger.save(saved.getvalue())
    desk.tick()
    with edited(desk) as page:
        page[NUMBER, "投诉类别"] = "包装标识"
    assert desk.desk.store.case_numbered(NUMBER).text("category") == "包装标识"


def test_what_is_missing_in_a_typed_row_is_said_though_a_case_moved_on_before_it_could_be(desk):
    complain(desk)
    open_by(desk, "王晓燕")
    with edited(desk) as page:
        at = page.type_row(客户名称="远景汽车")
    complain(desk)
    complain(desk)
    desk.ledger.opened = None
    desk.tick()
    page = sheet(desk)
    assert "不良现象" in page[at, "系统提示"]
    assert page.numbers == {NUMBER: at - 1, "2611002": at + 1, "2611003": at + 2}


def test_a_new_row_stands_below_the_last_case_whichever_moved_on_with_it(desk):
    for _ in range(4):
        complain(desk)
    desk.ledger.opened = Opened("王晓燕", "Excel", desk.clock.now(), "~$客诉台账.xlsx")
    desk.press(WANG, desk.last(WANG, NUMBER), "无需应急", reason="库存已清")
    complain(desk)
    desk.ledger.opened = None
    desk.tick()
    assert list(sheet(desk).numbers) == [NUMBER, "2611002", "2611003", "2611004", "2611005"]


def test_a_row_that_is_not_where_it_was_noted_is_found_all_the_same(desk):
    for _ in range(3):
        complain(desk)
    store, places = desk.desk.store, sheet(desk).numbers
    first, last = (store.case_numbered(one).id for one in (NUMBER, "2611003"))
    base = store.ledger_base()
    store.keep_ledger([replace(base[first], place=base[last].place), replace(base[last], place=base[first].place)])
    with edited(desk) as page:
        page[NUMBER, "责任部门"] = "生产部"
    store.keep_ledger(replace(row, place=99) for row in store.ledger_base().values())
    complain(desk)
    desk.at("11-03 10:00")
    assert sheet(desk).numbers == {**places, "2611004": 5}


class Died(BaseException):
    """The process was killed here."""


@pytest.mark.parametrize("at", ["keep_good", "replace", "keep_ledger"])
@pytest.mark.parametrize("before", [0, 2])
def test_a_row_is_written_once_though_the_daemon_died_before_it_could_note_it(desk, monkeypatch, at, before):
    for _ in range(before):
        complain(desk)
    whole = {"keep_good": desk.copies, "replace": desk.ledger, "keep_ledger": desk.desk.store}[at]
    work = getattr(whole, at)

    def dying(*given, **more):
        work(*given, **more)
        raise Died

    with monkeypatch.context() as patch:
        patch.setattr(whole, at, dying)
        with pytest.raises(Died):
            complain(desk)
    desk.desk = replace(desk.desk, seen=LedgerSeen())
    desk.tick()
    desk.tick()
    numbers = [row[0].value for row in sheet(desk).sheet.iter_rows(min_row=2) if row[0].value]
    assert numbers == [f"26110{n:02}" for n in range(1, before + 2)]
    assert not any("编号" in str(desk.row(number)["hint"]) for number in numbers)


def test_a_row_that_was_copied_and_lost_its_number_never_becomes_a_second_case(desk):
    complain(desk)
    with edited(desk) as page:
        at, copy = page.numbers[NUMBER], page.end
        for column in page.titles.values():
            page.sheet.cell(copy, column).value = page.sheet.cell(at, column).value
        page[at, "客诉编号"] = None
    for day in ("11-20 10:00", "11-23 10:00"):  # by now the row of the case says that it is late, and this one does not
        desk.at(day)
        desk.desk.store.queue_command("ledger.sync", {}, desk.clock.now())
        desk.tick()
    assert [case.number for case in desk.desk.store.cases()] == [NUMBER]
    assert NUMBER in sheet(desk)[at, "系统提示"]


# ── saves that collide ──


def from_here(desk, *changes):
    """Return what a person saves who opens the workbook now and types; own columns are added."""
    with paper(desk.ledger.content) as (page, saved):
        for number, title, value in changes:
            page.own(title)
            page[number, title] = value
    return saved.getvalue()


def stands(desk, *changes):
    page = sheet(desk)
    return [page[number, title] for number, title, _ in changes] == [value for *_, value in changes]


FIRST = (NUMBER, "客户基地", "二厂"), (NUMBER, "跟单", "小周")
SECOND = (NUMBER, "联系人", "赵工"), (NUMBER, "货代", "顺风")
THIRD = (NUMBER, "订单编号", "PO-7"), (NUMBER, "班次", "夜班")


def save_at_each_replace(desk, *saves):
    """Let people save at the moment of each of the next replaces, from what stands there then."""
    replace_it, left = desk.ledger.replace, list(saves)

    def replacing(*arguments):
        if left:
            desk.ledger.save(from_here(desk, *left.pop(0)))
        return replace_it(*arguments)

    desk.ledger.replace = replacing


def test_saves_at_the_moment_of_one_replace_after_the_other_are_all_kept(desk):
    complain(desk)
    save_at_each_replace(desk, FIRST, SECOND, THIRD)
    complain(desk)
    desk.tick()
    desk.tick()
    assert stands(desk, *FIRST, *SECOND, *THIRD)
    case = desk.desk.store.case_numbered(NUMBER)
    assert [case.text(key) for key in ("site", "contact_name", "order_no")] == ["二厂", "赵工", "PO-7"]
    assert len(sheet(desk).numbers) == 2


def test_a_save_from_an_older_version_undoes_nothing_that_was_saved_meanwhile(desk):
    complain(desk)
    old = from_here(desk, *FIRST)
    complain(desk)
    desk.ledger.save(from_here(desk, *SECOND))
    desk.tick()
    desk.ledger.save(old)
    desk.tick()
    assert stands(desk, *FIRST, *SECOND)
    case = desk.desk.store.case_numbered(NUMBER)
    assert [case.text(key) for key in ("site", "contact_name")] == ["二厂", "赵工"]


def test_what_was_typed_in_a_row_that_was_held_is_read_when_a_save_from_an_older_version_says_which_row_it_is(desk):
    complain(desk)
    with edited(desk) as page:
        at, copy = page.numbers[NUMBER], page.end
        for column in page.titles.values():
            page.sheet.cell(copy, column).value = page.sheet.cell(at, column).value
        page[at, "客户基地"], page[copy, "客户基地"] = "二厂", "三厂"
    complain(desk)
    assert desk.desk.store.case_numbered(NUMBER).text("site") == "沈阳一厂"  # which row it is, nobody has said yet
    with paper(desk.ledger.content) as (page, saved):
        page[copy, "客诉编号"] = None
    complain(desk)
    desk.ledger.save(saved.getvalue())
    desk.tick()
    assert desk.desk.store.case_numbered(NUMBER).text("site") == "二厂"


def test_of_two_values_in_a_column_of_their_own_the_later_stands_and_the_other_is_told(desk):
    complain(desk)
    old = from_here(desk, (NUMBER, "跟单", "小周"))
    complain(desk)
    desk.ledger.save(from_here(desk, (NUMBER, "跟单", "小吴")))
    desk.tick()
    desk.ledger.save(old)
    desk.tick()
    assert stands(desk, (NUMBER, "跟单", "小周"))
    changes = [one for _, one in desk.desk.store.ledger_changes(0, 100) if one.column == "跟单"]
    assert [(one.before, one.after) for one in changes] == [("小吴", "小周")]
