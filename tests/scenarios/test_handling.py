"""A case is put on hold, cancelled, merged, reopened or given to somebody else, in plain words by mail."""

import pytest

from tests.cast import CHEN, ENGINEERING, GM, HE, LI, PRODUCTION, QUALITY, SUN, WANG, ZHAO
from tests.scenarios.letters import CAUSE_AND_ACTION, CONTAINMENT, SLIGHT
from tests.scenarios.test_default_profile import CASE, answer_all, approve, complain, finish

WELD = "焊接不良，焊点脱落。"


def told(desk, number=CASE):
    """The case's journal: what happened, in the words of the events."""
    store = desk.desk.store
    return [event.type.value for event in store.events(store.case_numbered(number).id)]


def case_of(desk, number=CASE):
    return desk.desk.store.case_numbered(number)


# ── hold and resume ──


def test_a_case_on_hold_reminds_nobody_and_its_time_goes_on_where_it_stood(desk):
    complain(desk, WELD)
    before = case_of(desk).steps["containment"].due_at
    desk.reply(WANG, desk.last(WANG, "核实"), "暂停：等客户寄样品")
    assert desk.row(CASE)["status"] == "暂停"
    assert "等客户寄样品" in desk.last(PRODUCTION, "已暂停").text
    assert "暂停" in desk.last(WANG).subject, "whoever wished it has the word that it was done"
    desk.forget()
    desk.at("11-05 09:00")
    assert not [mail for mail in desk.sent if CASE in mail.subject], "three days on hold, and nobody is reminded"
    desk.reply(WANG, desk.last_ever(WANG, "已暂停"), "恢复：样品已到")
    assert desk.row(CASE)["status"] == "待核实"
    after = case_of(desk).steps["containment"].due_at
    assert (after - before).total_seconds() == 3 * 24 * 3600, "a clock step is put off by the whole time it stood still"
    resumed = desk.last(PRODUCTION, "恢复处理")
    assert "样品已到" in resumed.text
    assert resumed.buttons
    assert [one for one in told(desk) if one in ("held", "resumed")] == ["held", "resumed"]


def test_what_is_answered_while_a_case_is_on_hold_is_kept_and_counts_when_it_goes_on(desk):
    complain(desk, WELD)
    task, notice = desk.last(WANG, "核实"), desk.last(PRODUCTION)
    desk.reply(WANG, task, "暂停：等客户寄样品")
    desk.reply(PRODUCTION, notice, "D3 临时措施：\n客户端：已隔离 200 件。")
    assert "200" in desk.row(CASE)["containment"]
    desk.press(WANG, task, "成立")
    assert desk.row(CASE)["validity"] == "待核实"
    assert "恢复之前不作判定" in desk.last(WANG).text
    desk.reply(WANG, desk.last(WANG, "没有生效"), "恢复")
    assert case_of(desk).steps["containment"].status == "done"
    desk.press(WANG, task, "成立")
    assert desk.row(CASE)["validity"] == "成立"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("恢复", "没有暂停"),
        ("暂停", "请写明原因"),
        ("取消", "请写明原因"),
        ("重新打开：又发生", "尚未结案"),
        ("合并到 2611099", "没有编号为 2611099 的客诉"),
        (f"合并到 {CASE}", "就是本案"),
        ("责任人：张三", "通讯录里没有“张三”"),
        ("重复投诉：2611099", "没有编号为 2611099 的客诉"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(desk, text, says):
    complain(desk, WELD)
    before = desk.row(CASE)
    desk.reply(WANG, desk.last(WANG, "核实"), text)
    assert says in desk.last(WANG, "没有生效").text
    assert desk.row(CASE) == before


@pytest.mark.parametrize("text", ["暂停：等样品", "取消：登记错了", "合并到 2611002", "质量工程师：刘志强"])
def test_who_is_not_entitled_is_told_so(desk, text):
    complain(desk, WELD)
    complain(desk, SLIGHT)
    before = desk.row(CASE)
    desk.reply(SUN, desk.last(PRODUCTION, CASE), text)
    assert "没有生效" in desk.last(SUN).subject
    assert "质量" in desk.last(SUN).text
    assert desk.row(CASE) == before


def test_a_customer_who_writes_such_words_changes_nothing_and_is_not_refused(desk):
    complain(desk, WELD)
    receipt = desk.last(LI)
    desk.forget()
    desk.reply(LI, receipt, "取消：我们自己处理")
    assert desk.row(CASE)["status"] == "待核实"
    assert not desk.to(LI)
    assert "我们自己处理" in desk.last(WANG).text


# ── cancel and reopen ──


def test_a_cancelled_case_is_over_and_comes_back_where_it_stood(desk):
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "核实"), "取消：重复登记")
    row = desk.row(CASE)
    assert (row["status"], row["next_step"]) == ("已取消", "")
    assert "重复登记" in desk.last(PRODUCTION, "已取消").text
    assert not case_of(desk).open_steps
    assert not desk.to(LI, "取消"), "the customer is told by people"
    last = desk.last(WANG, "已取消")
    desk.forget()
    desk.at("11-09 09:00")
    assert not [mail for mail in desk.sent if CASE in mail.subject]
    desk.reply(WANG, last, "重新打开：不是重复")
    assert desk.row(CASE)["status"] == "待核实"
    assert set(case_of(desk).open_steps) == {"emergency", "verify", "team", "containment"}
    assert any("收到" in button.subject for button in desk.last(PRODUCTION).buttons)


def test_a_closed_case_is_reopened_in_a_new_round(desk):
    complain(desk)
    answer_all(desk)
    approve(desk)
    finish(desk)
    closed = desk.last(WANG, "结案")
    desk.at("12-03 09:00")
    desk.reply(WANG, closed, "重新打开：客户又发现2件")
    row = desk.row(CASE)
    assert (row["status"], row["round"], row["closed_at"]) == ("处理中", 2, None)
    assert set(case_of(desk).open_steps) == {"containment", "meeting"}
    assert "客户又发现2件" in desk.last(QUALITY).text
    assert not row["customer_answer"]


def test_an_unfounded_complaint_that_is_reopened_is_verified_again(desk):
    complain(desk, WELD)
    desk.press(WANG, desk.last(WANG, "核实"), "不成立", reason="实测合格")
    assert desk.row(CASE)["status"] == "已结案"
    desk.reply(WANG, desk.last_ever(WANG, "核实"), "重新打开：客户补充了样件")
    assert "verify" in case_of(desk).open_steps
    assert desk.row(CASE)["status"] == "待核实"


# ── merge, link ──


def test_a_duplicate_is_merged_and_the_other_case_goes_on(desk):
    complain(desk, WELD)
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "2611002"), f"合并到 {CASE}，同一批货")
    row = desk.row("2611002")
    assert (row["status"], row["repeat_of"]) == ("已取消", CASE)
    assert desk.row(CASE)["status"] == "待核实"
    assert case_of(desk).duplicates == ("2611002",)
    assert CASE in desk.last(PRODUCTION, "已合并").text
    assert "2611002" in desk.last(PRODUCTION, "并入重复投诉").text
    desk.reply(WANG, desk.last(WANG, "已合并"), "重新打开：弄错了")
    assert f"已合并到 {CASE}" in desk.last(WANG).text
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "2611003"), "合并到 2611002")
    assert "2611002 已取消" in desk.last(WANG).text
    assert desk.row("2611003")["status"] == "待核实"


def test_a_repeat_is_linked(desk):
    complain(desk, WELD)
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "2611002"), f"重复投诉：{CASE}")
    assert desk.row("2611002")["repeat_of"] == CASE
    assert "列为重复投诉" in desk.last(WANG).subject


# ── people ──


def test_quality_names_the_person_in_charge(desk):
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "核实"), "责任人：孙大鹏")
    assert desk.row(CASE)["owner"] == "孙大鹏"
    assert case_of(desk).steps["team"].status == "done"
    named = desk.last(SUN)
    assert "孙大鹏" in named.text
    desk.reply(SUN, named, "D3 临时措施：\n客户端：已隔离 200 件，检查 200 件，不良 3 件。")
    assert "200" in desk.row(CASE)["containment"]
    assert "责任人变更" in desk.last(PRODUCTION).subject, "whose it was before is told"


def test_a_manager_names_another_leader_of_the_department_and_nobody_elses(desk):
    complain(desk, WELD)
    desk.press(SUN, desk.last(PRODUCTION), "收到")
    desk.reply(ZHAO, desk.last(PRODUCTION), "组长：何䶮")
    assert "不是生产部的人员" in desk.last(ZHAO).text
    desk.reply(ZHAO, desk.last(PRODUCTION), "组长改为李秀梅")
    assert desk.row(CASE)["owner"] == "李秀梅"
    assert "改为李秀梅" in desk.last(SUN).text


def test_another_quality_engineer_gets_the_tasks(desk):
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "核实"), "质量工程师：刘志强")
    assert desk.row(CASE)["quality_engineer"] == "刘志强"
    liu = "liu.zhiqiang@hongyuan.example"
    desk.press(liu, desk.last(liu), "成立")
    assert desk.row(CASE)["validity"] == "成立"


def test_a_verdict_and_a_name_in_one_reply(desk):
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "核实"), "成立，责任人：孙大鹏")
    assert (desk.row(CASE)["validity"], desk.row(CASE)["owner"]) == ("成立", "孙大鹏")


def test_a_name_of_another_department_after_a_transfer_is_gone(desk):
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "核实"), "责任人：孙大鹏")
    desk.reply(WANG, desk.last(WANG, "责任人变更"), "部门：技术部")
    assert desk.row(CASE)["department"] == "技术部"
    assert desk.to(ENGINEERING, CASE)
    desk.reply(HE, desk.last(ENGINEERING, CASE), "收到")
    assert desk.row(CASE)["owner"] == "何䶮"


# ── grade, note ──


def test_sales_raises_a_grade_but_does_not_lower_it(desk):
    complain(desk, SLIGHT)
    desk.press(WANG, desk.last(WANG, "核实"), "无需应急", reason="有库存")
    desk.reply(ZHAO, desk.last(QUALITY, CASE), "等级：重大")
    assert desk.row(CASE)["severity"] == "一般", "another department's manager does not grade"
    desk.at("11-05 09:00")
    desk.forget()
    asked = desk.last_ever(QUALITY, "D3")
    desk.reply(CHEN, asked, "等级：重大")
    row = desk.row(CASE)
    assert row["severity"] == "重大"
    assert str(case_of(desk).steps["containment"].due_at)[:16] == "2026-11-02 05:00", "four hours from the start"
    assert desk.to(GM, CASE)


def test_a_remark_stands_in_the_journal(desk):
    complain(desk, WELD)
    desk.reply(SUN, desk.last(PRODUCTION), "备注：夜班的料单独放在3号库")
    assert "noted" in told(desk)
    assert desk.desk.store.broken_chain(case_of(desk).id) is None


# ── what the customer is asked ──


def test_the_customer_is_asked_for_exactly_what_is_missing(desk):
    desk.mail(
        f"李娜 <{LI}>",
        "投诉：端盖异响",
        "客户名称：北方电机制造有限公司\n产品编号：BF-2207\n不良现象：装机后异响，请处理。",
    )
    desk.press(WANG, desk.last(WANG, "核实"), "资料不足")
    asked = desk.last(LI, "请补充")
    assert "不良批次" in asked.text
    assert "不良数量" in asked.text
    assert "产品编号：\r\n" not in asked.text.split("我们已经收到")[0], "what is known is not asked for"
    assert str(case_of(desk).steps["verify"].due_at)[:10] == "2026-11-03", "a working day when the customer is asked"
    desk.reply(LI, asked, "不良批次：20261015-A\n不良数量：12件\n等级：重大")
    row = desk.row(CASE)
    assert (row["batch_no"], row["quantity_defective"]) == ("20261015-A", 12)
    assert row["severity"] != "重大", "a customer completes what was asked, and grades nothing"
    assert "20261015-A" in desk.last(WANG).text
    assert "已填入案件" in desk.last(WANG).text
    desk.press(WANG, desk.last_ever(WANG, "核实"), "成立")
    assert desk.row(CASE)["validity"] == "成立"


def test_quality_may_name_what_is_missing_and_must_when_nothing_is(desk):
    complain(desk)
    desk.press(WANG, desk.last(WANG, "核实"), "资料不足")
    assert "请写明缺哪些资料" in desk.last(WANG).text
    desk.press(WANG, desk.last_ever(WANG, "核实"), "资料不足", reason="缺订单编号和客户日用量")
    asked = desk.last(LI, "请补充").text
    assert "订单编号" in asked
    assert "客户日用量" in asked


def test_a_customer_whose_complaint_is_merged_is_told_politely_under_which_number_it_goes_on(desk):
    complain(desk, WELD)
    complain(desk, WELD, "投诉：还是焊点脱落")
    desk.reply(WANG, desk.last(WANG, "2611002"), f"合并到 {CASE}：同一批次")
    told = desk.last(LI, "并入")
    assert "感谢您的反馈" in told.text
    assert f"我们将在编号 {CASE} 下一并处理" in told.text
    assert told.subject.startswith("[客诉 2611002]")
    assert "同一批次" not in told.text, "what colleagues write to each other is not for the customer"


def test_several_silent_customers_are_reported_in_one_mail_a_tick(desk):
    for slight in (SLIGHT, "标签贴歪，请改善。"):  # two matters, or the second would repeat the first
        complain(desk, slight, "投诉：前端盖")
    for number in (CASE, "2611002"):
        desk.press(QUALITY, desk.last(QUALITY, f"客诉 {number}]"), "收到", number=number)
        task = desk.last(WANG, f"客诉 {number}]")
        desk.press(WANG, task, "无需应急", reason="客户有库存", number=number)
        desk.press(WANG, task, "成立", number=number)
        desk.reply(QUALITY, desk.last(QUALITY, f"客诉 {number}]"), f"{CONTAINMENT}\n{CAUSE_AND_ACTION}")
        desk.press(WANG, desk.last(WANG, f"客诉 {number}]"), "通过", number=number)
        desk.press(CHEN, desk.last(CHEN, f"客诉 {number}]"), "批准", number=number)
    desk.jump("11-18 08:30")
    silent = [mail for mail in desk.to(WANG) if "客户未答复" in mail.text]
    assert len(silent) == 1
    assert CASE in silent[0].text
    assert "2611002" in silent[0].text
