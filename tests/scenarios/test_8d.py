"""The default process from the first mail to closing, with each way back, told as a table.  Seams only."""

from tests.cast import CHEN, LI, QUALITY, WANG
from tests.scenarios.letters import CAUSE_AND_ACTION, CONTAINMENT, FORM, GRAVE, RESULTS
from tests.scenarios.tables import Stands, play, press, reply, standing

CASE = "2611001"
MINUTES = "评审会议纪要：质量部、生产部出席，决定先查补正值。"
REVIEW = (CHEN, "8D报告待审核")
CHECK = (WANG, "8D报告待审核")
WAITS = "待客户确认 D6 实施、客户确认、D7 预防"
LAST = ((LI, "处理结果反馈"), (QUALITY, "D6 实施、D7 预防"))
CLOSED = ((LI, "已结案"), (QUALITY, "已结案"))


def row(at, who, does, stands, due, *told, rounds=1):
    """One line: at this time this person does this; then status and steps, the next due time, who was told what."""
    status, _, steps = stands.partition(" ")
    return at, who, does, Stands(status, steps, due, told, rounds)


FIRST_ROUND = [
    row("11-02 09:10", QUALITY, press("D1", "收到"), "待核实 应急、核实、D3 围堵", "11-02 09:30"),
    row("11-02 09:20", WANG, press("应急", "无需应急", "客户有安全库存"), "待核实 核实、D3 围堵", "11-02 11:00"),
    row("11-02 09:30", WANG, press("核实", "成立"), "处理中 D3 围堵、评审会议", "11-03 09:00", (WANG, "评审会议")),
    row("11-03 08:40", QUALITY, reply("D3", CONTAINMENT), "处理中 评审会议、D4 根本原因", "11-03 09:30",
        (LI, "初步回复"), (QUALITY, "D4 根本原因")),
    row("11-03 09:00", WANG, reply("评审会议", MINUTES), "处理中 D4 根本原因", "11-06 08:40", (WANG, "已记录")),
    row("11-04 15:00", QUALITY, reply("D4", CAUSE_AND_ACTION), "待审批 审核", "11-05 15:00", CHECK),
]  # fmt: skip
REJECTED = [
    row("11-04 16:00", WANG, press("审核", "质疑", "流出原因没有证据"), "处理中 D5 永久措施", "11-11 16:00",
        (QUALITY, "流出原因没有证据"), rounds=2),
    row("11-05 10:00", QUALITY, reply("D5", CAUSE_AND_ACTION), "待审批 审核", "11-06 10:00", CHECK, rounds=2),
    row("11-05 11:00", WANG, press("审核", "通过"), "待审批 审批", "11-06 11:00", REVIEW, rounds=2),
    row("11-05 14:00", CHEN, press("审批", "驳回", "没有完成日期"), "处理中 D5 永久措施", "11-12 14:00",
        (QUALITY, "没有完成日期"), rounds=3),
    row("11-05 15:00", QUALITY, reply("D5", CAUSE_AND_ACTION), "待审批 审核", "11-06 15:00", CHECK, rounds=3),
    row("11-05 15:30", WANG, press("审核", "通过"), "待审批 审批", "11-06 15:30", REVIEW, rounds=3),
    row("11-06 09:00", CHEN, press("审批", "批准"), WAITS, "11-12 17:30", *LAST, rounds=3),
]  # fmt: skip
DISSATISFIED = [
    row("11-09 10:00", LI, press("满意", "不满意", "仍有2件超差"), "处理中 D3 围堵、评审会议", "11-10 10:00",
        (QUALITY, "请处理"), (WANG, "评审会议"), rounds=4),
    row("11-10 09:00", QUALITY, reply("D3", CONTAINMENT), "处理中 评审会议、D4 根本原因", "11-10 10:00",
        (LI, "初步回复"), rounds=4),
    row("11-10 09:30", WANG, reply("评审会议", MINUTES), "处理中 D4 根本原因", "11-13 09:00", rounds=4),
    row("11-10 10:00", QUALITY, reply("D4", CAUSE_AND_ACTION), "待审批 审核", "11-11 10:00", CHECK, rounds=4),
    row("11-10 11:00", WANG, press("审核", "通过"), "待审批 审批", "11-11 11:00", REVIEW, rounds=4),
    row("11-10 14:00", CHEN, press("审批", "批准"), WAITS, "11-12 17:30", *LAST, rounds=4),
    row("11-11 10:00", LI, press("满意", "满意"), "处理中 D6 实施、D7 预防", "11-12 17:30", rounds=4),
    row("11-12 16:00", QUALITY, reply("D6", RESULTS), "效果跟踪 效果验证", "11-19 16:00", (WANG, "效果验证"), rounds=4),
]  # fmt: skip


def begin(desk):
    desk.mail(f"李娜 <{LI}>", "投诉：前端盖内径超差", FORM.format(bad=30, symptom=GRAVE))
    assert standing(desk, CASE) == Stands("待核实", "应急、核实、D1 成立小组、D3 围堵", "11-02 09:30")


def test_each_gate_and_the_customer_send_it_back_and_it_closes(desk):
    begin(desk)
    play(desk, CASE, [*FIRST_ROUND, *REJECTED, *DISSATISFIED])
    play(desk, CASE, [
        row("11-19 15:00", WANG, press("效果验证", "有效", "连续3批0不良"), "效果跟踪 D8 结案", "11-24 15:00",
            (CHEN, "8D报告待审核"), rounds=4),
        row("11-20 10:00", CHEN, press("结案", "短期结案"), "已结案", "", *CLOSED, rounds=4),
    ])  # fmt: skip


def test_actions_without_effect_begin_a_round_at_containment_and_meeting(desk):
    begin(desk)
    play(desk, CASE, [*FIRST_ROUND, *REJECTED, *DISSATISFIED])
    play(desk, CASE, [
        row("11-19 15:00", WANG, press("效果验证", "无效", "又有3件超差"), "处理中 D3 围堵、评审会议", "11-20 15:00",
            (QUALITY, "又有3件超差"), (WANG, "评审会议"), rounds=5),
    ])  # fmt: skip
