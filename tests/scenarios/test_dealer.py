"""Letter O, a car dealer, from the first mail to closing through every branch and loop, told as tables.  Seams only."""

from __future__ import annotations

import pytest

from daemon.config import load_config
from tests.cast import CONFIG, GM, LI, LIN, WANG, XU, ZHENG
from tests.desk import office
from tests.scenarios.tables import WAIT, Stands, play, press, reply, standing

MA = "ma.jianjun@hongyuan.example"  # 管理部
SERVICE = "service@hongyuan.example"  # 售后部: whose work it was
CASE = "KF2611001"
ROLES = """
receiver = ["林佳怡"]
account_manager = ["王晓燕"]
admin_office = ["马建军"]
supervising_manager = ["许文澜"]
"""
COMPLAINT = """您好：

车牌号：沪A12345
客户名称：李娜
问题描述：{what}

李娜
电话：024-8888 1234
"""
NOT_MENDED = "空调返修两次没修好，仍有异响。"
PARTS = "事故车订货件一直缺件，等配件一个月，找售后部维修处问不出结果。"
GRAVE = "高速上刹车失灵，险些造成人身伤害，返修后仍然如此。"
SETTLED = "处理意见：更换压缩机，免工时费，售后部三天内完成。\n需回访：{callback}"
DONE = "执行与面谈情况：11月3日更换压缩机并试车，与客户面谈，客户无异议。"
FORM = "客户信息反馈处理单.pdf"


@pytest.fixture
def desk(tmp_path):
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "dealer"')
    (tmp_path / "config.toml").write_text(text.replace("[roles]", "[roles]" + ROLES, 1), encoding="utf-8")
    with office(tmp_path, config=load_config(tmp_path / "config.toml")) as opened:
        yield opened


def complain(desk, what=NOT_MENDED):
    desk.mail(f"李娜 <{LI}>", "投诉", COMPLAINT.format(what=what))


def row(at, who, does, stands, *told, due="", rounds=1):
    """One line: at this time this person does this; then status and steps, the due time, and who was told what."""
    status, _, steps = stands.partition(" ")
    return at, who, does, Stands(status, steps, due, told, rounds)


RECORDED = reply("登记上报", "填表人：林佳怡\n内容摘要：空调返修两次仍有异响")
BEGUN = row("11-02 09:30", LIN, RECORDED, "待核实 判定", (WANG, "判定"), due="11-02 10:30")
JUDGED = [
    BEGUN,
    row("11-02 10:00", WANG, press("判定", "责任明确"), "处理中 处理", (WANG, "处理"), due="11-03 10:00"),
]


def settling(rounds, day, due, callback="是"):
    """The account manager gives a solution in the morning, then says that it is settled."""
    solution = reply("处理", SETTLED.format(callback=callback))
    return [
        row(f"{day} 09:00", WANG, solution, "处理中 处理", due=due, rounds=rounds),
        row(
            f"{day} 09:10",
            WANG,
            press("处理", "处理完毕"),
            "待审批 管理部审核",
            (MA, "更换压缩机"),
            due=f"{day} 13:10",
            rounds=rounds,
        ),
    ]


def approving(rounds, day):
    yes, go = press("管理部审核", "同意"), press("总经理审批", "批准")
    to_manager, to_work = (GM, "总经理审批"), (WANG, "执行与面谈")
    return [
        row(f"{day} 11:00", MA, yes, "待审批 总经理审批", to_manager, due=f"{day} 15:00", rounds=rounds),
        row(f"{day} 13:30", GM, go, "处理中 执行与面谈", to_work, due=f"{day} 21:30", rounds=rounds),
    ]


def talking(rounds, day, then, *told):
    """The work is done and the customer is satisfied with it in the talk."""
    talked, glad = reply("执行与面谈", DONE), press("执行与面谈", "满意")
    return [
        row(f"{day} 16:00", WANG, talked, "处理中 执行与面谈", due=f"{day} 21:30", rounds=rounds),
        row(f"{day} 16:10", WANG, glad, f"处理中 {then}", *told, due=f"{day} 17:30", rounds=rounds),
    ]


def filing(rounds, at):
    return row(at, MA, press("归档结案", "归档"), "已结案", (WANG, CASE), rounds=rounds)


RETURNED = reply("交回处理单", "处理单见附件。", FORM)

# ── clear ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_who_hears_it_apologises_and_the_form_is_numbered_at_once(desk):
    complain(desk)
    told = ((LI, "深表歉意"), (WANG, "客户经理联"), (MA, "管理部联"), (LIN, "登记上报"))
    assert standing(desk, CASE, told) == Stands("待核实", "登记上报", "11-02 10:00", told)
    assert (desk.row(CASE)["plate"], desk.row(CASE)["category"]) == ("沪A12345", "质量")
    form = desk.last(WANG, "客户信息反馈处理单")
    assert f"客诉编号：{CASE}" in form.text
    assert "车牌号：沪A12345" in form.text


def test_settled_reviewed_carried_out_called_back_and_filed(desk):
    complain(desk)
    table = [
        *JUDGED,
        *settling(1, "11-03", "11-03 10:00"),
        *approving(1, "11-03"),
        *talking(1, "11-03", "交回处理单、回访", (LIN, "回访")),
        row("11-03 17:00", WANG, RETURNED, "效果跟踪 回访", due="11-04 16:10"),
        row("11-04 10:00", LIN, press("回访", "满意"), "效果跟踪 归档结案", (MA, "归档结案"), due="11-05 10:00"),
        filing(1, "11-04 11:00"),
    ]
    play(desk, CASE, table)
    assert not desk.to(LI), "the receipt apart, people speak with the customer"


def test_nobody_is_called_back_where_the_account_manager_did_not_mark_it_nor_while_it_goes_on(desk):
    complain(desk)
    table = [
        *JUDGED,
        *settling(1, "11-03", "11-03 10:00", "否"),
        *approving(1, "11-03"),
        *talking(1, "11-03", "交回处理单"),
    ]
    play(desk, CASE, table)
    table = [
        row("11-03 17:00", WANG, RETURNED, "效果跟踪 归档结案", due="11-04 17:00"),
        filing(1, "11-04 11:00"),
    ]
    play(desk, CASE, table)
    assert not [mail for mail in desk.to(LIN) if "回访" in mail.subject]


def test_a_customer_who_cannot_be_reached_gives_48_hours(desk):
    complain(desk)
    away = press("处理", "联系不上")
    table = [*JUDGED, row("11-02 14:00", WANG, away, "处理中 处理", due="11-04 10:00")]
    play(desk, CASE, [*table, *settling(1, "11-04", "11-04 10:00")])
    assert desk.row(CASE)["customer_reached"] == "已联系"


def test_settled_is_not_said_before_there_is_a_solution(desk):
    complain(desk)
    play(desk, CASE, JUDGED)
    early = press("处理", "处理完毕")
    play(desk, CASE, [row("11-02 10:30", WANG, early, "处理中 处理", (WANG, "处理意见、需回访"), due="11-03 10:00")])


def test_the_office_disagrees_and_both_sign_what_they_agree_on(desk):
    complain(desk)
    no = press("管理部审核", "有异议", "应由供应商承担工时费")
    agreed = "协商结果：工时费由供应商承担，客户不付费。"
    table = [
        *JUDGED,
        *settling(1, "11-03", "11-03 10:00"),
        row("11-03 11:00", MA, no, "待审批 协商", (WANG, "应由供应商承担工时费"), due="11-03 15:00"),
        row("11-03 13:30", WANG, reply("协商", agreed), "待审批 协商", (WANG, "还缺：协商意见"), due="11-03 15:00"),
        row(
            "11-03 14:00",
            WANG,
            reply("协商", "已签字，见附件。", "协商意见（签字）.pdf"),
            "待审批 总经理审批",
            (GM, "工时费由供应商承担"),
            due="11-03 18:00",
        ),
        row("11-03 15:00", GM, press("总经理审批", "批准"), "处理中 执行与面谈", (WANG, "执行"), due="11-03 23:00"),
    ]
    play(desk, CASE, table)


def test_the_general_manager_sends_it_back_for_a_better_solution(desk):
    complain(desk)
    back = press("总经理审批", "驳回", "应提供代步车")
    table = [
        *JUDGED,
        *settling(1, "11-03", "11-03 10:00"),
        approving(1, "11-03")[0],
        row("11-03 14:00", GM, back, "处理中 处理", (WANG, "应提供代步车"), due="11-04 14:00", rounds=2),
        *settling(2, "11-04", "11-04 14:00"),
        *approving(2, "11-04"),
    ]
    play(desk, CASE, table)


@pytest.mark.parametrize("where", ["执行与面谈", "回访"])
def test_a_customer_who_is_not_satisfied_begins_another_round(desk, where):
    complain(desk)
    again, at, who = press(where, "不满意", "异响仍在"), "11-03 17:00", LIN
    table = [*JUDGED, *settling(1, "11-03", "11-03 10:00"), *approving(1, "11-03")]
    if where == "回访":
        table += talking(1, "11-03", "交回处理单、回访", (LIN, "回访"))
    else:
        who = WANG
    table += [
        row(at, who, again, "处理中 处理", (WANG, "异响仍在"), due="11-04 17:00", rounds=2),
        *settling(2, "11-04", "11-04 17:00"),
        *approving(2, "11-04"),
        *talking(2, "11-04", "交回处理单、回访", (LIN, "回访")),
        row("11-04 17:00", WANG, RETURNED, "效果跟踪 回访", due="11-05 16:10", rounds=2),
        row("11-05 10:00", LIN, press("回访", "满意"), "效果跟踪 归档结案", due="11-06 10:00", rounds=2),
        filing(2, "11-05 11:00"),
    ]
    play(desk, CASE, table)


# ── unclear ──────────────────────────────────────────────────────────────────────────────────────────────────────────

UNCLEAR = [
    BEGUN,
    row(
        "11-02 10:00",
        WANG,
        press("判定", "暂不明确"),
        "待审批 列入未了事宜台帐",
        (LI, "请您方便时到店"),
        (XU, "列入未了事宜台帐"),
        due="11-02 14:00",
    ),
]
LISTED = row(
    "11-02 11:00", XU, press("列入未了事宜台帐", "同意"), "处理中 未了事宜", (WANG, "未了事宜"), due="12-04 17:30"
)


@pytest.mark.parametrize(
    ("what", "kind"),
    [
        (PARTS, "配件延时"),
        ("事故原因双方各执一词，无法确定责任。", "无法确定责任"),
        ("客户在外地，车留在店里。", "客户不在场"),
        ("客户没有时间来店。", "客户没有时间"),
        ("前台态度冷淡。", "服务态度"),
        ("座椅弄脏，留有脚印。", "文明生产"),
        ("说好三天，工期一再延误。", "工期延误"),
    ],
)
def test_the_kind_is_read_from_the_mail(desk, what, kind):
    complain(desk, what)
    assert desk.row(CASE)["category"] == kind


def test_an_unsettled_matter_is_gone_through_on_the_4th_until_it_can_be_settled(desk):
    complain(desk, PARTS)
    later = press("未了事宜", "列入下月")
    table = [
        *UNCLEAR,
        LISTED,
        row(
            "12-04 09:00",
            WANG,
            WAIT,
            "处理中 未了事宜",
            (WANG, "未了事宜台帐"),
            (XU, "未了事宜台帐"),
            due="12-04 17:30",
        ),
        row("12-04 15:00", WANG, later, "处理中 未了事宜", due="2027-01-04 17:30", rounds=2),
    ]
    play(desk, CASE, table)
    assert desk.row(CASE)["on_list"] == "是"
    desk.jump("2027-01-04 09:00")
    assert "沪A12345" in desk.last(WANG, "未了事宜台帐").text
    now = press("未了事宜", "可以处理")
    again = row("2027-01-04 09:20", WANG, now, "处理中 处理", (WANG, "处理"), due="2027-01-05 09:20", rounds=2)
    play(desk, CASE, [again])
    assert (desk.row(CASE)["clarity"], desk.row(CASE)["on_list"]) == ("明确", "否")


def test_a_matter_that_the_customer_lets_rest_is_closed(desk):
    complain(desk, PARTS)
    rest = press("未了事宜", "客户已谅解", "配件已到，客户当面表示谅解")
    play(desk, CASE, [*UNCLEAR, LISTED, row("11-20 10:00", WANG, rest, "已结案", (MA, CASE))])


def test_the_supervising_manager_may_refuse_the_list_and_it_is_judged_again(desk):
    complain(desk, PARTS)
    no = press("列入未了事宜台帐", "不同意", "责任在我方，应按工期延误处理")
    clear = press("判定", "责任明确")
    table = [
        *UNCLEAR,
        row("11-02 11:00", XU, no, "待核实 判定", (WANG, "责任在我方"), due="11-02 12:00", rounds=2),
        row("11-02 11:30", WANG, clear, "处理中 处理", (WANG, "处理"), due="11-03 11:30", rounds=2),
    ]
    play(desk, CASE, table)


# ── major, and late ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_major_complaint_tells_all_at_once_and_the_customer_is_visited_when_the_general_manager_agrees(desk):
    complain(desk, GRAVE)
    assert desk.row(CASE)["severity"] == "重大"
    assert all(desk.to(one, CASE) for one in (WANG, MA, XU, GM))
    go = press("请示走访", "同意走访")
    went = reply("上门走访", "11月2日下午总监与客户经理上门，客户要求更换制动总成。")
    table = [
        BEGUN,
        row(
            "11-02 10:00",
            WANG,
            press("判定", "责任明确"),
            "处理中 请示走访、处理",
            (GM, "请示走访"),
            (WANG, "处理"),
            due="11-02 14:00",
        ),
        row(
            "11-02 11:00",
            GM,
            go,
            "处理中 上门走访、处理",
            (WANG, "上门走访"),
            due="11-03 10:00",
        ),
        row("11-02 16:00", WANG, went, "处理中 处理", due="11-03 10:00"),
        *settling(1, "11-03", "11-03 10:00"),
    ]
    play(desk, CASE, table)
    assert "更换制动总成" in desk.last(MA, "管理部审核").text


def test_without_the_general_managers_consent_nobody_visits(desk):
    complain(desk, GRAVE)
    stay = press("请示走访", "不走访", "客户要求先电话沟通")
    table = [
        BEGUN,
        row("11-02 10:00", WANG, press("判定", "责任明确"), "处理中 请示走访、处理", due="11-02 14:00"),
        row("11-02 11:00", GM, stay, "处理中 处理", due="11-03 10:00"),
        *settling(1, "11-03", "11-03 10:00"),
    ]
    play(desk, CASE, table)
    assert not [mail for mail in desk.to(WANG) if "上门走访" in mail.subject]


@pytest.mark.parametrize(
    ("what", "rungs"),
    [
        (
            "前台态度冷淡。",  # 一般
            [("11-02 10:00", LIN, "登记上报"), ("11-02 15:30", ZHENG, "逾期"), ("11-03 11:00", MA, "逾期")],
        ),
        (
            NOT_MENDED,  # 重要
            [("11-02 10:00", ZHENG, "逾期"), ("11-02 15:30", MA, "逾期"), ("11-03 11:00", GM, "逾期")],
        ),
        (
            GRAVE,  # 重大
            [("11-02 10:00", GM, "逾期"), ("11-02 14:30", GM, "逾期"), ("11-02 18:30", GM, "逾期")],
        ),
    ],
)
def test_what_is_late_is_reminded_then_told_upwards(desk, what, rungs):
    complain(desk, what)
    lateness = [row(at, LIN, WAIT, "待核实 登记上报", (told, says), due="11-02 10:00") for at, told, says in rungs]
    play(desk, CASE, lateness)
