"""What people wish by typing into cells: the case plays on as it would by mail."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.case import Status
from daemon.core.commands import (
    AnswerTransfer,
    AskCheck,
    Assign,
    Cancel,
    Choose,
    Correct,
    Give,
    Hold,
    Refusal,
    Reopen,
    Resume,
)
from daemon.core.events import Via
from daemon.core.fields import CATEGORIES, SECTION_COLUMNS, Who
from daemon.ledger.columns import Layout, columns_of
from daemon.ledger.fitting import fit
from daemon.ledger.merge import Edit, same
from daemon.ledger.rows import CaseFiles, row_of
from daemon.ledger.sheet import Seen
from daemon.ledger.wishes import Reading, Request, wishes_of
from daemon.processes import shipped, shipped_process
from tests.cast import CHEN, LI, WANG
from tests.core.play import DIRECTORY, PROCESS, SHANGHAI, registered, to_check, to_closed, to_confirm

LAYOUT = Layout(SHANGHAI, tuple(one.name for one in DIRECTORY.departments), CATEGORIES, PROCESS.facts)
COLUMNS = {one.key: one for one in columns_of(LAYOUT)}
TODAY = date(2026, 11, 2)


def reading(*trusted, process=PROCESS):
    return Reading(process, DIRECTORY, COLUMNS, SHANGHAI, TODAY, frozenset(trusted))


def typed(play, *trusted, kept=None, **cells):
    """Return what typing these cells into the row of a case wishes."""
    edits = [Edit(key, None, one if isinstance(one, Seen) else Seen(one)) for key, one in cells.items()]
    return wishes_of(play.case, edits, reading(*trusted, process=play.process), kept)


def carried_out(play, wished):
    """Carry out the wishes in the name of quality; return the refusals."""
    play.in_ledger()
    return [one for one in (play.do(command, WANG) for command in wished.commands) if isinstance(one, Refusal)]


def keys(told):
    return [one.key for one in told]


# ── facts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_all_facts_of_a_row_are_one_correction():
    play = registered()
    due = datetime(2026, 12, 1, 14, 30)  # noqa: DTZ001  # cells hold wall time
    wished = typed(
        play, customer="南方电机", quantity_defective="30件", customer_due=due, disposal="换货", cost="¥1,200"
    )
    assert wished.commands == (
        Correct(
            {"customer": "南方电机", "quantity_defective": 30, "customer_due": "2026-12-01T06:30:00+00:00",
             "disposal": "换货", "cost": 1200}
        ),
    )  # fmt: skip
    assert carried_out(play, wished) == []


def test_an_emptied_fact_is_unknown_and_an_emptied_grade_or_department_is_put_back():
    wished = typed(registered(), customer=None, severity="", department=None, owner=None)
    assert wished.commands == (Correct({"customer": None}),)
    assert keys(wished.refused) == ["severity", "department", "owner"]
    assert "不能清空" in wished.refused[0].why["zh-CN"]


def test_a_closed_case_takes_what_may_still_be_written_and_refuses_the_rest_alone():
    play = to_closed("short")
    refused = carried_out(play, typed(play, customer="别家", remarks="已开票", cost=300))
    assert ["已结案" in one.why["zh-CN"] for one in refused] == [True]
    assert (play.case.text("customer"), play.case.text("remarks")) == ("北方电机", "已开票")


def test_what_is_about_so_many_is_taken_down_and_told():
    wished = typed(registered(), quantity_defective="约30")
    assert wished.commands == (Correct({"quantity_defective": 30}),)
    assert [one.why["zh-CN"] for one in wished.noted] == ["“约30”按“30”记录"]


@pytest.mark.parametrize(
    ("key", "value"),
    [("quantity_defective", "20-30"), ("severity", "严重"), ("customer_due", "尽快"), ("department", "三车间"),
     ("customer", Seen(error="#REF!")), ("validity", "√"), ("channel", "展会"), ("disposal", "换货+赔偿")],
)  # fmt: skip
def test_what_is_not_understood_stays_and_is_asked_about(key, value):
    wished = typed(registered(), **{key: value})
    assert wished.commands == ()
    assert list(wished.kept) == [key]
    assert "{" not in str([*wished.asked[0].why.values()])


def test_a_value_that_people_added_to_a_list_is_one_of_it():
    added = {"channel": replace(COLUMNS["channel"], values=(*COLUMNS["channel"].values, "展会"))}
    desk = replace(reading(), columns={**COLUMNS, **added})
    wished = wishes_of(registered().case, [Edit("channel", None, Seen("展会"))], desk)
    assert wished.commands == (Correct({"channel": "展会"}),)


def test_what_is_taken_back_after_it_was_not_understood_wishes_nothing():
    play = registered(quantity_defective="3")
    assert typed(play, quantity_defective=None, kept={"quantity_defective": "20-30"}) == typed(play)


def test_what_was_not_understood_is_asked_about_still_when_the_row_is_edited_again():
    wished = typed(registered(), customer="南方电机", kept={"quantity_defective": "20-30"})
    assert wished.kept == {"quantity_defective": "20-30"}


def test_the_daemons_columns_are_put_back_with_a_word():
    mine = [key for key, one in COLUMNS.items() if one.who is Who.DAEMON]
    wished = typed(registered(), **dict.fromkeys(mine, "x"))
    assert wished.commands == ()
    assert keys(wished.refused) == mine


# ── people and departments ───────────────────────────────────────────────────────────────────────────────────────────


def test_a_department_is_named_first_and_then_passed_on():
    assert typed(registered(department=""), department="技术部").commands == (Correct({"department": "技术部"}),)
    assert typed(registered(), department="技术部").commands == (AnswerTransfer(agreed=True, to="技术部"),)
    assert typed(registered(), department="生产部").commands == ()


def test_a_colleague_is_named_and_a_stranger_is_written_down():
    play = registered()
    assert typed(play, owner="孙大鹏").commands == (Assign("owner", "孙大鹏"),)
    assert carried_out(play, typed(play, owner="孙大鹏", quality_engineer="刘志强")) == []
    wished = typed(play, owner="张三（三车间）")
    assert wished.commands == (Correct({"owner": "张三（三车间）"}),)
    assert "没有此人" in wished.noted[0].why["zh-CN"]
    assert carried_out(play, wished) == []
    assert typed(play, owner="孙大鹏").commands == (Correct({"owner": None}), Assign("owner", "孙大鹏"))


# ── sections ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_section_is_given_each_alone_and_never_emptied():
    play = registered()
    wished = typed(play, containment="已隔离", cause_occurrence="磨损", corrective_action=None)
    assert wished.commands == (Give({"d3.containment": "已隔离"}), Give({"d4.occurrence.cause": "磨损"}))
    assert keys(wished.refused) == ["corrective_action"]
    assert carried_out(play, wished) == []
    assert typed(play, containment="已隔离").commands == ()


# ── verdicts ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_verdict_of_quality_counts_at_once():
    play = registered()
    wished = typed(play, validity="成立", containment="已隔离", part_no="P-1")
    assert [type(one) for one in wished.commands] == [Correct, Give, Choose]
    assert wished.commands[-1] == Choose("verify", "founded")
    assert carried_out(play, wished) == []
    assert play.case.text("validity") == "成立"


def test_a_verdict_that_needs_a_reason_waits_for_it_and_then_counts():
    play = registered()
    wished = typed(play, validity="不成立")
    assert wished.kept == {"validity": "不成立"}
    assert "审批意见" in wished.asked[0].why["zh-CN"]
    later = typed(play, kept=wished.kept, remarks="客户误装")
    assert later.commands == (Correct({"remarks": "客户误装"}), Choose("verify", "unfounded", "客户误装"))
    assert carried_out(play, later) == []
    assert not play.case.is_open


def test_an_approval_typed_in_a_cell_is_a_request_unless_the_column_is_trusted():
    play = to_check()
    play.must(Choose("check", "works"), WANG)
    wished = typed(play, review="批准")
    assert wished.commands == ()
    assert wished.requests == (Request(("review",), "批准", Choose("approve", "approved")),)
    assert carried_out(play, typed(play, "review", review="批准")) == []
    assert play.case.text("review") == "批准"


def test_a_rejection_takes_the_comment_beside_it_or_typed_before():
    play = to_check()
    play.must(Choose("check", "works"), WANG)
    request = Request(("review",), "驳回", Choose("approve", "rejected", "数据不足"))
    assert typed(play, review="驳回", review_comment="数据不足").requests == (request,)
    carried_out(play, typed(play, review_comment="数据不足"))
    assert typed(play, review="驳回").requests == (request,)


def test_quality_rejects_in_its_own_step_at_once():
    play = to_check()
    assert carried_out(play, typed(play, review="驳回", review_comment="没有数据")) == []
    assert play.case.round == 2


def test_the_customers_answer_is_asked_of_who_speaks_for_the_customer():
    play = to_confirm()
    assert typed(play, customer_answer="满意").requests[0].command == Choose("confirm", "satisfied")


def test_a_mark_told_by_phone_is_written_down_with_or_without_an_open_question():
    play = to_closed("short")
    assert typed(play, satisfaction=4).commands == (Correct({"satisfaction": "4"}),)
    play.at("12-07 09:00").must(AskCheck("marks", 1))
    wished = typed(play, satisfaction=4)
    assert wished.commands == (Choose("marks.1", "four", for_owner=True),)
    assert carried_out(play, wished) == []
    assert play.case.text("satisfaction") == "4"


@pytest.mark.parametrize("cell", [{"effect": "有效"}, {"review": "批准"}, {"customer_answer": "满意"}])
def test_a_verdict_that_nothing_waits_for_is_put_back(cell):
    wished = typed(registered(), **cell)
    assert wished.commands == ()
    assert keys(wished.refused) == list(cell)
    assert "没有等待" in wished.refused[0].why["zh-CN"]


def test_a_verdict_that_was_given_already_is_nothing_new():
    play = to_closed("short")
    assert typed(play, customer_answer="满意", effect="有效", validity="成立") == typed(play)


def test_a_word_with_several_meanings_is_asked_about_by_mail():
    process = shipped_process("logistics")
    play = registered(process=process)
    wished = typed(play, validity="成立")
    assert wished.commands == ()
    assert keys(wished.refused) == ["validity"]
    assert "请在邮件中选择" in wished.refused[0].why["zh-CN"]


def test_a_row_says_together_which_of_several_verdicts_is_meant():
    play = registered(process=shipped_process("seven-steps"))
    columns = {**COLUMNS, "complexity": replace(COLUMNS["disposal"], key="complexity", values=("简单", "复杂"))}
    desk = replace(reading(process=play.process), columns=columns)
    for cells, choice in (({"validity": "成立"}, "founded"), ({"validity": "成立", "complexity": "复杂"}, "complex")):
        wished = wishes_of(play.case, [Edit(key, None, Seen(value)) for key, value in cells.items()], desk)
        assert [(one.keys, one.command.choice) for one in wished.wishes] == [(tuple(cells), choice)]


# ── the state ────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_case_is_held_and_goes_on():
    play = registered()
    wished = typed(play, status="暂停", remarks="等样品")
    assert wished.commands[-1] == Hold("等样品")
    assert carried_out(play, wished) == []
    assert typed(play, status="暂停").commands == ()
    assert carried_out(play, typed(play, status="处理中")) == []
    assert not play.case.is_held
    assert isinstance(typed(play, status="暂停").commands[0], Hold)


def test_what_follows_from_the_process_is_not_set():
    wished = typed(registered(), status="效果跟踪")
    assert keys(wished.refused) == ["status"]
    assert keys(typed(registered(), status=None).refused) == ["status"]


def test_cancelling_is_a_request_unless_the_column_is_trusted():
    play = registered()
    assert isinstance(typed(play, status="已取消").requests[0].command, Cancel)
    assert carried_out(play, typed(play, "status", status="已取消")) == []
    assert play.case.status is Status.CANCELLED


def test_closing_takes_the_open_verdict_that_closes_and_never_turns_a_complaint_down():
    assert keys(typed(registered(), status="已结案").refused) == ["status"]
    play = to_confirm()
    play.must(Choose("confirm", "satisfied"), LI)
    play.must(Choose("emergency", "not_needed", "有库存"), WANG)
    play.in_ledger().must(Give({"d7.prevention": "已固化"}), WANG)
    play.via = Via.MAIL
    play.must(Give({"d6.results": "已实施"}), "production@hongyuan.example")
    play.must(Give({"meetings": "纪要"}), WANG)
    play.must(Choose("effect", "effective"), WANG)
    request = typed(play, status="已结案").requests[0]
    assert (request.command.step, request.command.choice) == ("close", "short")
    play.must(request.command, CHEN)
    assert not play.case.is_open


def test_a_closed_case_is_opened_again():
    play = to_closed("short")
    assert isinstance(typed(play, status="处理中").commands[0], Reopen)
    assert carried_out(play, typed(play, status="处理中", remarks="再次发生")) == []
    assert play.case.is_open
    assert typed(play, status=play.case.status.value).commands == ()
    assert not isinstance(typed(play, status="处理中").commands, Resume)


# ── what was typed stands in the row ─────────────────────────────────────────────────────────────────────────────────

DUE = datetime(2026, 12, 1, 14, 30)  # noqa: DTZ001  # cells hold wall time


@pytest.mark.parametrize(
    ("key", "cell", "shows_then"),
    [
        ("customer", "南方电机", "南方电机"), ("customer", None, None), ("part_no", 12345, "12345"),
        ("quantity_defective", "约30件", 30), ("defect_rate", "12/500", 0.024), ("customer_due", DUE, DUE),
        ("customer_due", "12月1日 14:30", DUE), ("channel", "电话", "电话"), ("channel", None, None),
        ("contact_name", None, None), ("contact_email", None, None), ("severity", "重 大", "重大"),
        ("validity", "成立", "成立"), ("department", "技术部", "技术部"), ("owner", "孙大鹏", "孙大鹏"),
        ("owner", "张三（三车间）", "张三（三车间）"), ("quality_engineer", "刘志强", "刘志强"),
        ("status", "暂停", "暂停"),
        ("containment", "已隔离\n3箱", "已隔离\n3箱"), ("cause_escape", "漏检", "漏检"), ("cost", "1.2万元", 12000),
        ("satisfaction", 4, 4), ("meeting", "是", "是"), ("remarks", "=A1", "=A1"), ("disposal", "换货", "换货"),
        ("contact_post", "采购", "采购"),
    ],
)  # fmt: skip
def test_what_was_typed_stands_in_the_row_that_is_written_next(key, cell, shows_then):
    play = registered()
    wished = typed(play, **{key: cell})
    assert carried_out(play, wished) == []
    values = row_of(play.case, play.process, DIRECTORY, play.now, CaseFiles()).values
    assert same(fit(values.get(key), COLUMNS[key], SHANGHAI), shows_then)


def test_a_person_in_charge_is_shown_where_no_step_has_a_leader_too():
    play = registered(process=next(one for one in map(shipped_process, shipped()) if not _has_leader(one)))
    assert carried_out(play, typed(play, owner="孙大鹏")) == []
    assert row_of(play.case, play.process, DIRECTORY, play.now, CaseFiles()).values["owner"] == "孙大鹏"


def _has_leader(process):
    return any("leader" in step.owner for step in process.step)


# ── whatever is typed ────────────────────────────────────────────────────────────────────────────────────────────────

STAGES = {"new": registered, "check": to_check, "confirm": to_confirm, "closed": to_closed}
VALUES = st.sampled_from(
    [None, "成立", "不成立", "批准", "驳回", "满意", "有效", "暂停", "处理中", "已取消", "已结案", "4", 4, "x", "约30",
     "技术部", "孙大鹏", "重大", "2026-12-01"]
)  # fmt: skip
ROW = st.dictionaries(st.sampled_from(sorted(COLUMNS)), VALUES, max_size=6)


def shows(case, key):
    section = SECTION_COLUMNS.get(key)
    return case.section(section) if section else case.status.value if key == "status" else case.text(key)


def test_a_closed_case_that_is_opened_again_takes_what_was_typed_beside_it():
    play = to_closed()
    assert carried_out(play, typed(play, batch_no=None, status="处理中")) == []
    assert (play.case.is_open, play.case.text("batch_no")) == (True, "")


def test_who_is_named_beside_another_department_leads_there():
    play = to_check()
    assert carried_out(play, typed(play, owner="孙大鹏", department="技术部")) == []
    assert (play.case.text("department"), play.case.section("d1.leader")) == ("技术部", "sun.dapeng")


@settings(deadline=None)
@given(st.sampled_from(sorted(STAGES)), ROW, st.booleans())
def test_no_edit_disappears_and_the_same_wishes_twice_are_one(stage, cells, trust):
    play = STAGES[stage]()
    trusted = ("review", "customer_answer", "effect", "status") if trust else ()
    wished = typed(play, *trusted, **cells)
    told = {*keys(wished.refused), *wished.kept, *(key for one in wished.requests for key in one.keys)}
    wishing = {key for one in wished.wishes for key in one.keys}
    for key in cells:
        nothing_new = str(cells[key] or "") == str(shows(play.case, key))
        assert key in told | wishing or nothing_new or key == "case_no", key
    play.in_ledger()
    for command in wished.commands:
        play.do(command, WANG)
    count, stands = len(play.events), play.case
    for command in typed(play, *trusted, **{key: cells[key] for key in wishing}).commands:
        play.do(command, WANG)
    assert (len(play.events), play.case) == (count, stands)


@pytest.mark.parametrize("name", shipped())
def test_every_profile_can_be_read_by_cells(name):
    process = shipped_process(name)
    play = registered(process=process)
    columns = {one.key: one for one in columns_of(Layout(SHANGHAI, (), CATEGORIES, process.facts))}
    desk = Reading(process, DIRECTORY, columns, SHANGHAI, TODAY)
    for key, column in columns.items():
        for value in (None, "x", *column.values):
            wished = wishes_of(play.case, [Edit(key, None, Seen(value))], desk)
            told = (*wished.wishes, *wished.requests, *wished.refused, *wished.asked)
            assert told or str(value or "") == str(shows(play.case, key)), (key, value)
