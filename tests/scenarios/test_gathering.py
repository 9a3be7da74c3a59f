"""One incident, many complaints: they are gathered under one case, and each complainant hears its answer and end."""

import pytest

from tests.cast import MILLER, PRODUCTION, QUALITY, SUN, WANG
from tests.scenarios.letters import CAUSE_AND_ACTION, CONTAINMENT
from tests.scenarios.test_default_profile import CASE, answer_all, approve, complain, finish

ZHOU = "zhou@qingdao-pump.example"
SECOND, THIRD = "2611002", "2611003"
ENGLISH = "Dear team, bores of lot 20261020-02 are too wide, 3 of 500 pieces.\nCustomer: Northwind Automotive Inc.\n"


def gather(desk):
    complain(desk)
    desk.mail(
        f"周工 <{ZHOU}>", "投诉：前端盖松动", "客户名称：青岛泵业\n产品编号：BF-2207\n不良现象：轴承松动\n不良数量：4"
    )
    desk.mail(f"Jane Miller <{MILLER}>", "Loose bearings BF-2207", ENGLISH)
    for number in (SECOND, THIRD):
        desk.reply(WANG, desk.last(WANG, number), f"归入：{CASE}")


def answer_parent(desk):
    notice, asked = desk.last(QUALITY, f"[客诉 {CASE}]"), desk.last(WANG, f"[客诉 {CASE}] 应急")
    desk.press(QUALITY, notice, "收到")
    desk.press(WANG, asked, "成立")
    desk.reply(QUALITY, notice, CONTAINMENT)
    desk.press(WANG, asked, "无需应急", reason="客户有安全库存")
    desk.reply(
        WANG, desk.last(WANG, f"[客诉 {CASE}] 评审会议"), "11月2日会议纪要：质量部、生产部出席，决定先查补正值。"
    )
    desk.at("11-04 15:00")
    desk.reply(QUALITY, notice, CAUSE_AND_ACTION)


def case_of(desk, number=CASE):
    return desk.desk.store.case_numbered(number)


def test_gathered_complaints_stand_still_and_are_named_on_both_sides(desk):
    gather(desk)
    assert desk.row(CASE)["related"] == f"集中处理 {SECOND}、{THIRD}"
    assert (desk.row(SECOND)["status"], desk.row(SECOND)["related"]) == ("暂停", f"归入 {CASE}")
    assert f"归入 {CASE}" in desk.last(WANG, "统一处理").text
    desk.forget()
    desk.at("11-13 18:00")
    assert not [mail for mail in desk.sent if f"[客诉 {SECOND}]" in mail.subject]
    assert [mail for mail in desk.sent if f"[客诉 {CASE}]" in mail.subject]


def test_the_answers_and_the_end_reach_every_complainant_in_the_own_language(desk):
    gather(desk)
    answer_parent(desk)
    first = desk.last(ZHOU)
    assert f"[客诉 {SECOND}]" in first.subject
    assert "已隔离 3000 件" in first.text
    assert any("客户版" in name for name in first.attachments)
    assert f"[Complaint {THIRD}]" in desk.last(MILLER).subject
    approve(desk)
    assert "补正值" in desk.last(ZHOU).text + desk.last(ZHOU).html
    assert "2611001" not in desk.last(ZHOU).text, "nobody reads of another customer's case"
    finish(desk)
    assert [desk.row(number)["status"] for number in (CASE, SECOND, THIRD)] == ["已结案"] * 3
    for address, number, words in ((ZHOU, SECOND, "结案"), (MILLER, THIRD, "closed")):
        last = desk.last(address)
        assert number in last.subject
        assert words in last.text.lower()
    assert len(desk.to(ZHOU)) == 4, "receipt, first answer, answer, closing: nothing twice"
    assert desk.row(SECOND)["corrective_action"] == desk.row(CASE)["corrective_action"]
    assert desk.desk.store.broken_chain(case_of(desk, SECOND).id) is None


def test_one_that_joins_late_hears_the_answer_at_once(desk):
    complain(desk)
    answer_all(desk)
    desk.mail(f"周工 <{ZHOU}>", "投诉：前端盖松动", "客户名称：青岛泵业\n产品编号：BF-2207\n不良现象：轴承松动")
    desk.reply(WANG, desk.last(WANG, SECOND), f"归入 {CASE}")
    assert "已隔离 3000 件" in desk.last(ZHOU, SECOND).text


def test_one_can_be_taken_out_again_and_goes_on_where_it_stood(desk):
    gather(desk)
    before = case_of(desk, SECOND).steps["verify"].due_at
    desk.at("11-03 09:00")
    desk.reply(WANG, desk.last_ever(WANG, f"[客诉 {SECOND}]"), "取出：是另一批")
    assert (desk.row(SECOND)["status"], desk.row(SECOND)["related"]) == ("待核实", "")
    assert desk.row(CASE)["related"] == f"集中处理 {THIRD}"
    assert case_of(desk, SECOND).steps["verify"].due_at > before
    out = desk.last(WANG, "已取出")
    assert "是另一批" in out.text
    desk.press(WANG, out, "成立")
    assert desk.row(SECOND)["validity"] == "成立"


def test_a_cancelled_parent_lets_them_go(desk):
    gather(desk)
    desk.reply(WANG, desk.last(WANG, f"{CASE}] "), "取消：登记错了")
    assert desk.row(SECOND)["status"] == "待核实"
    assert desk.row(SECOND)["related"] == ""


def test_an_unfounded_incident_is_explained_to_all(desk):
    gather(desk)
    desk.press(WANG, desk.last(WANG, f"{CASE}] 应急"), "不成立", reason="实测内径合格")
    assert "实测内径合格" in desk.last(ZHOU, SECOND).text
    assert desk.row(SECOND)["status"] == "已结案"
    assert desk.row(SECOND)["validity"] == "不成立"


@pytest.mark.parametrize(
    ("number", "text", "says"),
    [
        (CASE, "归入：2611099", "没有编号为 2611099"),
        (CASE, f"归入：{CASE}", "就是本案"),
        (CASE, f"归入：{SECOND}", f"已归入 {CASE}"),
        (SECOND, f"归入：{THIRD}", f"已归入 {CASE}"),
        (SECOND, "恢复", f"已归入 {CASE}"),
        (CASE, "取出", "没有归入"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(desk, number, text, says):
    gather(desk)
    before = desk.rows
    desk.reply(WANG, desk.last(WANG, f"[客诉 {number}]"), text)
    assert says in desk.last(WANG, "没有生效").text
    assert desk.rows == before


def test_a_verdict_on_a_gathered_case_is_refused_and_only_quality_gathers(desk):
    gather(desk)
    desk.press(WANG, desk.last(WANG, f"{SECOND}] 应急"), "成立")
    assert f"已归入 {CASE}" in desk.last(WANG, "没有生效").text
    complain(desk, "焊接不良，焊点脱落。")
    desk.reply(SUN, desk.last(PRODUCTION, "2611004"), f"归入：{CASE}")
    assert "“归入”须由" in desk.last(SUN, "没有生效").text
