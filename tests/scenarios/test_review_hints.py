"""What a reviewer would refuse is told to whoever answered, and to the reviewer; nothing is held up by it."""

from __future__ import annotations

import pytest

from tests.cast import CHEN, LI, QUALITY, WANG
from tests.scenarios.letters import CAUSE_AND_ACTION, CONTAINMENT
from tests.scenarios.test_default_profile import CASE, complain

WEAK = """临时措施：库存已隔离。
发生原因：员工疏忽。
流出原因：同上。
永久措施：加强培训，考核责任人，孙大鹏，11月12日完成。
"""
ADVICE = "以下各处审核时可能被退回"
FOR_REVIEW = "系统提示，供审核时参考"


@pytest.fixture
def taken(desk):
    """An open case that the department has taken over, and quality has found justified."""
    complain(desk)
    desk.press(QUALITY, desk.last(QUALITY, CASE), "收到")
    task = desk.last(WANG, CASE)
    desk.press(WANG, task, "无需应急", reason="客户有库存")
    desk.press(WANG, task, "成立")
    return desk


def test_the_sender_is_told_and_the_answer_counts_all_the_same(taken):
    taken.reply(QUALITY, taken.last(QUALITY, "D3"), WEAK)
    mail = taken.last(QUALITY, "已记录您的回复")
    assert ADVICE in mail.text
    for say in (
        "“D3 临时措施（围堵）”没有数量",
        "“D4 发生原因”只写了人的疏忽",
        "“D4 流出原因”与发生原因相同",
        "“D5 永久措施”只有培训、提醒、考核一类",
    ):
        assert say in mail.text
        assert say in mail.html
    assert "没有责任人" not in mail.text
    case = taken.desk.store.case_numbered(CASE)
    assert case.section("d5.actions").startswith("加强培训")
    assert "D3" not in taken.row(CASE)["next_step"]


def test_the_reviewer_sees_it_beside_the_question(taken):
    taken.reply(QUALITY, taken.last(QUALITY, "D3"), WEAK)
    review = taken.last(WANG, "待审核")
    assert FOR_REVIEW in review.text
    assert "“D4 发生原因”只写了人的疏忽" in review.text
    taken.press(WANG, review, "通过")
    assert FOR_REVIEW in taken.last(CHEN, "待审核").text, "nothing was held up"
    assert not [mail for mail in taken.to(LI) if FOR_REVIEW in mail.text or ADVICE in mail.text]


def test_a_good_answer_gets_no_advice(taken):
    taken.reply(QUALITY, taken.last(QUALITY, "D3"), f"{CONTAINMENT}\n{CAUSE_AND_ACTION}")
    assert ADVICE not in taken.last(QUALITY, "已记录您的回复").text
    assert FOR_REVIEW not in taken.last(WANG, "待审核").text


def test_a_better_answer_takes_the_advice_away(taken):
    taken.reply(QUALITY, taken.last(QUALITY, "D3"), WEAK)
    told = taken.last(QUALITY, "已记录您的回复")
    taken.forget()
    taken.reply(QUALITY, told, f"{CONTAINMENT}\n{CAUSE_AND_ACTION}")
    assert ADVICE not in taken.last(QUALITY, "已记录您的回复").text
