"""Process V, a logistics centre, from first mail to closing through each of its loops and branches; at the seams only.

A story is a table: when, who does what, and then where the case stands, which steps are open until when, and which
mails have gone out since the row before.  Confirmations of a reply and the weekly summary are left out.
"""

from dataclasses import dataclass

import pytest

from daemon.config import load_config
from daemon.demo.people import Received, Writer
from tests.cast import COMPLAINTS, CONFIG, GM, LI, LOGISTICS, PRODUCTION, XU
from tests.desk import SHANGHAI, office
from tests.scenarios.letters import FORM, SLIGHT

CASE = "261101"
SERVICE = "service@hongyuan.example"  # 客户服务科
OFFICE = XU  # 总经理室
SALES = "sales@hongyuan.example"  # 商品部
DENG = "deng.chaoqun@hongyuan.example"  # 客户服务科，登记投诉的人
INSPECTOR = "liu.zhiqiang@hongyuan.example"
CHAIRMAN = "shen.mingzhe@hongyuan.example"
PERSONNEL = "luo.wei@hongyuan.example"
ZHAO = "zhao.guodong@hongyuan.example"  # 生产部经理
ROLES = """\
customer_service = ["售后部"]
gm_office = ["许文澜"]
merchandise = ["销售部"]
inspection = ["刘志强"]
warehouse = ["物流部"]
personnel = ["罗伟"]
chairman = ["沈明哲"]
"""
UNTOLD = ("已记录您的回复", "客诉周报")


@pytest.fixture
def desk(tmp_path):
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "logistics"')
    text = text.replace("[roles]", "[roles]\n" + ROLES, 1)
    text = text.replace('quality_engineer = ["王晓燕"]', 'quality_engineer = ["邓超群"]')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with office(tmp_path, config=load_config(tmp_path / "config.toml")) as opened:
        yield opened


# ── what people do ───────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True)
class Complains:
    symptom: str = SLIGHT

    def __call__(self, desk, who):
        desk.mail(f"李娜 <{who}>", "投诉：到货破损", FORM.format(bad=30, symptom=self.symptom))


@dataclass(frozen=True)
class Writes:
    """Reply to the mail that asks for a step."""

    step: str
    text: str

    def __call__(self, desk, who):
        desk.reply(who, asked(desk, who, self.step), self.text)


@dataclass(frozen=True)
class Presses:
    """Press a button of the mail that asks for a step."""

    step: str
    word: str
    reason: str = ""

    def __call__(self, desk, who):
        desk.press(who, asked(desk, who, self.step), self.word, reason=self.reason)


class Waits:
    """Do nothing: time goes by."""

    def __call__(self, desk, _who):
        desk.tick()


def asked(desk, who, step):
    """The last mail to this person about the case that speaks of a step."""
    every = [received(one) for one in (*desk.forgotten, *desk.sender.sent)]
    theirs = [mail for mail in every if mail.to == who and f"客诉 {CASE}" in mail.subject and step in mail.text]
    assert theirs, f"{who} was not asked for {step}"
    return next((mail for mail in reversed(theirs) if mail.buttons), theirs[-1])


def tell(desk, *story):
    for when, who, does, status, steps, mails in story:
        desk.at(when)
        does(desk, who)
        case = desk.desk.store.case_numbered(CASE)
        titles = {key: step.title["zh-CN"] for key, step in desk.desk.process_of(case).steps.items()}
        due = {titles[key]: local(case.steps[key].due_at) for key in case.open_steps}
        sent = [mail for mail in desk.sent if not any(word in mail.subject for word in UNTOLD)]
        told = [(mail.to, mail.subject.rpartition("] ")[2].partition("：")[0]) for mail in sent]
        desk.forget()
        assert (desk.row(CASE)["status"], due, told) == (status, steps, mails), f"{when} {who} {does}"


def received(one):
    return Received(one.recipient, one.raw)


def local(moment):
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if moment else ""


# ── the way to the responsible unit, which every story with a loss has ──

ACCEPTED = "有损失\n埋怨性质：质量\n责任部门：生产部"
TO_CAUSE = (
    ("11-02 09:00", LI, Complains(), "待核实", {"受理核实": "11-03 09:00"},
     [(LI, "投诉已受理"), (SERVICE, "受理核实")]),
    ("11-02 10:00", SERVICE, Writes("受理核实", ACCEPTED), "处理中",
     {"调查": "11-05 10:00"}, [(SERVICE, "客户埋怨处理表（调查）")]),
    ("11-03 10:00", SERVICE, Writes("调查", "调查日期：11月3日\n调查情况：\n现场清点，30件外表面划伤，箱内没有隔板。"),
     "处理中",
     {"调查报告": "11-06 08:00"}, [(SERVICE, "调查报告")]),
    ("11-04 10:00", SERVICE, Writes("调查报告", "30件划伤，装箱时没有放隔板，其余2970件完好。"), "处理中",
     {"登记客户反应": "11-05 10:00"}, [(SERVICE, "登记客户反应")]),
    ("11-04 11:00", SERVICE, Writes("登记客户反应", "客户要求退回30件并赔偿差价。"), "处理中",
     {"总经理室综合": "11-05 11:00"}, [(OFFICE, "客户埋怨处理表（总经理室综合）")]),
    ("11-04 15:00", OFFICE, Writes("总经理室综合", "客户要求合理，请商品部和责任单位会签。"), "处理中",
     {"商品部会签": "11-05 15:00"}, [(SALES, "客户埋怨处理表（商品部会签）")]),
    ("11-04 16:00", SALES, Writes("商品部会签", "合同约定到货破损由我方承担，建议接受。"), "处理中",
     {"原因分析": "11-09 16:00"}, [(PRODUCTION, "客户埋怨处理表（原因分析）")]),
)  # fmt: skip
CAUSE = "装箱作业指导书没有规定放隔板，操作员按旧习惯装箱。"


def liability(kind="作业方法", steps=None, mails=None):
    return (
        ("11-05 09:00", PRODUCTION, Writes("原因分析", CAUSE), "处理中",
         {"判定责任": "11-06 09:00"}, [(OFFICE, "客户埋怨处理表（判定责任）")]),
        ("11-05 10:00", OFFICE, Writes("判定责任", f"责任归属：生产部包装组\n原因性质：{kind}"), "处理中",
         steps or {"处理方案": "11-06 10:00", "提出改善": "11-10 10:00"},
         mails or [(SALES, "客户埋怨处理表（处理方案）"), (PRODUCTION, "客户埋怨处理表（提出改善）")]),
    )  # fmt: skip


TO_THE_LIST_OF_PERSONNEL = (
    ("11-05 11:00", PRODUCTION, Writes("提出改善", "作业指导书增加放隔板一项，孙大鹏，11月10日完成。"), "待审批",
     {"处理方案": "11-06 10:00", "确定改善": "11-06 11:00"}, [(OFFICE, "客户埋怨处理表（确定改善）")]),
    ("11-05 13:30", OFFICE, Presses("确定改善", "质疑", "没有检查办法"), "处理中",
     {"处理方案": "11-06 10:00", "提出改善": "11-10 13:30"}, [(PRODUCTION, "客户埋怨处理表（提出改善）")]),
    ("11-05 14:00", PRODUCTION, Writes("提出改善", "作业指导书增加放隔板，班长每批抽两箱，孙大鹏，11月10日完成。"),
     "待审批",
     {"处理方案": "11-06 10:00", "确定改善": "11-06 14:00"}, [(OFFICE, "客户埋怨处理表（确定改善）")]),
    ("11-05 14:30", OFFICE, Presses("确定改善", "通过"), "待审批",
     {"处理方案": "11-06 10:00", "确认改善": "11-06 14:30"}, [(SALES, "客户埋怨处理表（确认改善）")]),
    ("11-05 15:00", SALES, Presses("确认改善", "通过"), "处理中",
     {"处理方案": "11-06 10:00", "执行改善": "11-10 17:30"}, [(PRODUCTION, "执行改善")]),
    ("11-05 16:00", SALES, Writes("处理方案", "赔偿金额：9,000 元\n是否退货：是\n处理方案：\n退回30件，赔偿差价。"),
     "待审批",
     {"总经理室核决": "11-06 16:00", "执行改善": "11-10 17:30"}, [(OFFICE, "客户埋怨处理表（总经理室核决）")]),
    ("11-06 08:30", OFFICE, Waits(), "待审批",
     {"总经理室核决": "11-06 16:00", "执行改善": "11-10 17:30"},
     [(PERSONNEL, "人事公布单 2026年10月"), (OFFICE, "人事公布单 2026年10月")]),
    ("11-06 09:00", OFFICE, Presses("总经理室核决", "驳回", "差价算错，请重算"), "处理中",
     {"处理方案": "11-09 09:00", "执行改善": "11-10 17:30"}, [(SALES, "客户埋怨处理表（处理方案）")]),
    ("11-06 10:00", SALES, Writes("处理方案", "赔偿金额：6,000 元\n处理方案：\n退回30件，赔偿差价6000元。"),
     "待审批",
     {"总经理室核决": "11-09 10:00", "执行改善": "11-10 17:30"}, [(OFFICE, "客户埋怨处理表（总经理室核决）")]),
    ("11-06 11:00", OFFICE, Presses("总经理室核决", "批准"), "待客户确认",
     {"客户是否接受": "11-13 11:00", "执行改善": "11-10 17:30"}, [(LI, "处理结果")]),
    ("11-09 09:30", LI, Presses("处理结果", "接受"), "处理中",
     {"退货检验": "11-11 09:30", "执行改善": "11-10 17:30"}, [(INSPECTOR, "客户埋怨处理表（退货检验）")]),
    ("11-09 14:00", INSPECTOR, Writes("退货检验", "退回30件，均为外表划伤，尺寸合格，可返工28件，报废2件。"),
     "处理中",
     {"退货入库": "11-10 14:00", "执行改善": "11-10 17:30"}, [(LOGISTICS, "退货入库")]),
    ("11-09 15:00", LOGISTICS, Writes("退货入库", "28件入返工区B-03，2件入报废区，单据已附。"), "处理中",
     {"执行处理方案": "11-16 15:00", "执行改善": "11-10 17:30"}, [(SERVICE, "客户埋怨处理表（执行处理方案）")]),
    ("11-10 09:00", SERVICE, Writes("执行处理方案", "差价6000元已汇出，客户来电说收到了。"), "处理中",
     {"执行改善": "11-10 17:30"}, []),
    ("11-10 10:00", PRODUCTION, Writes("执行改善", "作业指导书A3版已发布，三个班都培训过，附签到表。"), "效果跟踪",
     {"督促改善": "11-17 10:00"}, [(PRODUCTION, "提醒"), (OFFICE, "客户埋怨处理表（督促改善）")]),
    ("11-13 09:00", OFFICE, Presses("督促改善", "无效", "仍有两箱没有放隔板"), "处理中",
     {"提出改善": "11-18 09:00"}, [(PRODUCTION, "客户埋怨处理表（提出改善）")]),
    ("11-13 10:00", PRODUCTION, Writes("提出改善", "隔板和箱体做成一体，采购改箱型，孙大鹏，11月16日完成。"),
     "待审批",
     {"确定改善": "11-16 10:00"}, [(OFFICE, "客户埋怨处理表（确定改善）")]),
    ("11-13 10:30", OFFICE, Presses("确定改善", "通过"), "待审批",
     {"确认改善": "11-16 10:30"}, [(SALES, "客户埋怨处理表（确认改善）")]),
    ("11-13 11:00", SALES, Presses("确认改善", "通过"), "处理中",
     {"执行改善": "11-16 17:30"}, [(PRODUCTION, "执行改善")]),
    ("11-13 14:00", PRODUCTION, Writes("执行改善", "新箱型已到货并换用，旧箱全部退库。"), "效果跟踪",
     {"督促改善": "11-20 14:00"}, [(OFFICE, "客户埋怨处理表（督促改善）")]),
    ("11-19 09:00", OFFICE, Presses("督促改善", "有效"), "效果跟踪",
     {"处罚判定": "11-20 09:00"}, [(OFFICE, "提醒"), (OFFICE, "客户埋怨处理表（处罚判定）")]),
    ("11-19 10:00", OFFICE, Writes("处罚判定", "处罚：包装组组长记过\n处罚金额：200"), "效果跟踪",
     {"结案": "11-20 10:00"}, [(OFFICE, "客户埋怨处理表（结案）")]),
    ("11-19 11:00", OFFICE, Presses("结案", "结案"), "已结案",
     {}, [(SERVICE, "客户埋怨处理表"), (SALES, "客户埋怨处理表"), (PRODUCTION, "客户埋怨处理表")]),
)  # fmt: skip


def test_through_the_chain_returns_improvement_and_penalty_to_the_list_of_personnel(desk):
    tell(desk, *TO_CAUSE, *liability(), *TO_THE_LIST_OF_PERSONNEL)
    row = desk.row(CASE)
    assert (row["claim_amount"], row["returns"], row["penalty_amount"]) == (6000, "是", 200)
    desk.jump("12-08 08:00")
    listed = " ".join(desk.last(PERSONNEL, "人事公布单").text.split())
    assert "2026年11月结案的客诉共 1 件" in listed
    assert "截止时间：12月10日（周四）17:30" in listed
    assert "生产部：1 件 · 处罚金额 200.00" in listed
    assert "责任归属：生产部包装组 处罚：包装组组长记过 处罚金额：200" in listed


OBJECTS = (
    ("11-05 09:00", PRODUCTION, Presses("原因分析", "签呈异议", "装箱合格，破损出在装卸"), "待审批",
     {"异议裁定": "11-06 09:00"}, [(OFFICE, "客户埋怨处理表（异议裁定）")]),
)  # fmt: skip


def test_an_objection_is_upheld_or_the_case_goes_to_another_unit(desk):
    tell(
        desk,
        *TO_CAUSE,
        *OBJECTS,
        ("11-05 10:00", OFFICE, Presses("异议裁定", "维持", "监控显示出厂前已经破损"), "处理中",
         {"原因分析": "11-10 10:00"}, [(PRODUCTION, "客户埋怨处理表（原因分析）")]),
        ("11-05 11:00", PRODUCTION, Presses("原因分析", "签呈异议", "监控里的不是这一批"), "待审批",
         {"异议裁定": "11-06 11:00"}, [(OFFICE, "客户埋怨处理表（异议裁定）")]),
        ("11-05 14:00", OFFICE, Writes("异议裁定", "改判，装卸单上有记录\n责任部门：物流部"), "处理中",
         {"原因分析": "11-10 14:00"}, [(PRODUCTION, "无需继续处理"), (LOGISTICS, "客户埋怨处理表（原因分析）")]),
        ("11-05 15:00", LOGISTICS, Writes("原因分析", "装卸时叉车碰撞，没有使用护角。"), "处理中",
         {"判定责任": "11-06 15:00"}, [(OFFICE, "客户埋怨处理表（判定责任）")]),
    )  # fmt: skip
    assert "异议成立，改判：装卸单上有记录" in desk.last_ever(OFFICE, "判定责任").text
    assert desk.row(CASE)["department"] == "物流部"


SETTLED = (
    ("11-05 11:00", SALES, Writes("处理方案", "赔偿金额：800\n是否退货：否\n处理方案：\n补发30件，赔偿800元。"),
     "待审批",
     {"总经理室核决": "11-06 11:00"}, [(OFFICE, "客户埋怨处理表（总经理室核决）")]),
    ("11-05 14:00", OFFICE, Presses("总经理室核决", "批准"), "待客户确认",
     {"客户是否接受": "11-12 14:00"}, [(LI, "处理结果")]),
)  # fmt: skip
SLIP = liability("人为疏忽", {"处理方案": "11-06 10:00"}, [(SALES, "客户埋怨处理表（处理方案）")])


def test_a_human_slip_is_not_tracked_and_without_a_penalty_nobody_is_listed(desk):
    tell(
        desk,
        *TO_CAUSE,
        *SLIP,
        *SETTLED,
        ("11-05 15:00", LI, Presses("处理结果", "接受"), "处理中",
         {"执行处理方案": "11-12 15:00"}, [(SERVICE, "客户埋怨处理表（执行处理方案）")]),
        ("11-05 16:00", SERVICE, Writes("执行处理方案", "30件已补发，800元已从货款中扣除。"), "效果跟踪",
         {"处罚判定": "11-06 16:00"}, [(OFFICE, "客户埋怨处理表（处罚判定）")]),
        ("11-05 16:30", OFFICE, Writes("处罚判定", "处罚：无\n处罚金额：0"), "效果跟踪",
         {"结案": "11-06 16:30"}, [(OFFICE, "客户埋怨处理表（结案）")]),
        ("11-05 17:00", OFFICE, Presses("结案", "结案"), "已结案",
         {}, [(SERVICE, "客户埋怨处理表"), (SALES, "客户埋怨处理表"), (PRODUCTION, "客户埋怨处理表")]),
    )  # fmt: skip
    desk.jump("12-08 08:00")
    assert "2026年11月结案的客诉共 0 件" in desk.last(PERSONNEL, "人事公布单").text


def test_a_settlement_that_is_not_accepted_begins_a_new_form_with_the_old_attached(desk, tmp_path):
    tell(
        desk,
        *TO_CAUSE,
        *SLIP,
        *SETTLED,
        ("11-06 09:00", LI, Presses("处理结果", "不接受", "补发太慢，要求先空运10件"), "处理中",
         {"调查": "11-11 09:00"},
         [(PERSONNEL, "人事公布单 2026年10月"), (OFFICE, "人事公布单 2026年10月"),
          (SERVICE, "客户埋怨处理表"), (OFFICE, "客户埋怨处理表"), (SERVICE, "客户埋怨处理表（调查）")]),
    )  # fmt: skip
    assert desk.row(CASE)["round"] == 2
    old = next(mail for mail in map(received, desk.forgotten) if mail.to == OFFICE and "补发太慢" in mail.text)
    assert [name.partition("-")[0] for name in old.attachments] == ["客户埋怨处理表"]
    assert "补发30件，赔偿800元。" in old.text
    assert (tmp_path / "ledger" / "附件" / CASE / old.attachments[0]).is_file()
    new = asked(desk, SERVICE, "调查情况")
    assert "退回，请重新处理" in new.text
    tell(
        desk,
        ("11-06 14:00", SERVICE, Writes("退回，请重新处理", "调查日期：11月6日\n调查情况：\n客户产线只剩两天用量。"),
         "处理中",
         {"调查报告": "11-09 08:00"}, [(SERVICE, "调查报告")]),
    )  # fmt: skip


def test_without_a_loss_there_is_the_abnormality_slip_alone(desk):
    tell(
        desk,
        TO_CAUSE[0],
        ("11-02 10:00", SERVICE, Writes("受理核实", "无损失\n埋怨性质：非质量\n责任部门：物流部"), "处理中",
         {"异常处理单": "11-05 10:00"}, [(LOGISTICS, "异常处理单（异常处理单）")]),
        ("11-03 10:00", LOGISTICS, Writes("异常处理", "外箱标签贴错，已更换标签。"), "待审批",
         {"异常处理确认": "11-04 10:00"}, [(SERVICE, "异常处理单（异常处理确认）")]),
        ("11-03 11:00", SERVICE, Presses("异常处理确认", "重新处理", "还有三箱没有换"), "处理中",
         {"异常处理单": "11-06 11:00"}, [(LOGISTICS, "异常处理单（异常处理单）")]),
        ("11-03 14:00", LOGISTICS, Writes("异常处理", "其余三箱也换了标签，客户仓库已核对。"), "待审批",
         {"异常处理确认": "11-04 14:00"}, [(SERVICE, "异常处理单（异常处理确认）")]),
        ("11-03 15:00", SERVICE, Presses("异常处理确认", "处理妥当"), "已结案",
         {}, [(LOGISTICS, "异常处理单"), (OFFICE, "异常处理单"), (LI, "已结案")]),
    )  # fmt: skip


def test_what_is_unfounded_is_explained_and_the_receivable_collected(desk):
    tell(
        desk,
        TO_CAUSE[0],
        ("11-02 10:00", SERVICE, Presses("受理核实", "不成立", "划伤是卸货后叉车造成的，有签收照片"), "处理中",
         {"收回货款": "11-16 10:00"}, [(LI, "关于贵司反馈问题的说明"), (SALES, "请参加或配合"), (SERVICE, "收回货款")]),
        ("11-05 10:00", SERVICE, Writes("收回货款", "客户已承诺月底付款，尚未到账。"), "待审批",
         {"收款确认": "11-06 10:00"}, [(OFFICE, "收款确认")]),
        ("11-05 11:00", OFFICE, Presses("收款确认", "继续收款", "没有到账不能结案"), "处理中",
         {"收回货款": "11-19 11:00"}, [(SALES, "请参加或配合"), (SERVICE, "收回货款")]),
        ("11-06 10:00", SERVICE, Writes("收回货款", "货款12万元今天上午已经到账。"), "待审批",
         {"收款确认": "11-09 10:00"},
         [(PERSONNEL, "人事公布单 2026年10月"), (OFFICE, "人事公布单 2026年10月"), (OFFICE, "收款确认")]),
        ("11-06 11:00", OFFICE, Presses("收款确认", "已收回"), "已结案", {}, [(SERVICE, "已结案")]),
    )  # fmt: skip


def test_facts_that_are_missing_are_asked_of_the_customer(desk):
    tell(
        desk,
        TO_CAUSE[0],
        ("11-02 10:00", SERVICE, Presses("受理核实", "资料不足", "订单编号、交货数量"), "待核实",
         {"受理核实": "11-03 09:00"}, [(LI, "请补充以下资料")]),
        ("11-02 11:00", LI, Writes("订单编号", "订单编号：PO99001\n交货数量：2000"), "待核实",
         {"受理核实": "11-03 09:00"}, [(DENG, "收到来信，请您判断")]),
    )  # fmt: skip
    assert desk.row(CASE)["order_no"] == "PO99001"


@pytest.mark.parametrize(
    ("amount", "deciders"),
    [
        ("9,999.99", [OFFICE]),
        ("10,000", [OFFICE, GM]),
        ("99,999", [OFFICE, GM]),
        ("100,000", [OFFICE, GM, CHAIRMAN]),
    ],
)
def test_who_decides_follows_the_amount(desk, amount, deciders):
    step = {OFFICE: "总经理室核决", GM: "总经理核决", CHAIRMAN: "董事长核决"}
    tell(desk, *TO_CAUSE, *SLIP)
    desk.at("11-05 11:00")
    desk.reply(SALES, asked(desk, SALES, "处理方案"), f"赔偿金额：{amount}\n是否退货：否\n处理方案：\n补发并赔偿。")
    for one in deciders:
        assert step[one] in desk.row(CASE)["next_step"]
        desk.press(one, asked(desk, one, step[one]), "批准")
    assert desk.row(CASE)["status"] == "待客户确认"


def test_the_general_manager_sends_a_settlement_back_and_the_office_decides_anew(desk):
    tell(
        desk,
        *TO_CAUSE,
        *SLIP,
        ("11-05 11:00", SALES, Writes("处理方案", "赔偿金额：12万\n是否退货：否\n处理方案：\n赔偿12万元，补发30件。"),
         "待审批",
         {"总经理室核决": "11-06 11:00"}, [(OFFICE, "客户埋怨处理表（总经理室核决）")]),
        ("11-05 13:30", OFFICE, Presses("总经理室核决", "批准"), "待审批",
         {"总经理核决": "11-06 13:30"}, [(GM, "客户埋怨处理表（总经理核决）")]),
        ("11-05 14:30", GM, Presses("总经理核决", "批准"), "待审批",
         {"董事长核决": "11-06 14:30"}, [(CHAIRMAN, "客户埋怨处理表（董事长核决）")]),
        ("11-05 15:00", CHAIRMAN, Presses("董事长核决", "驳回", "超出合同约定的上限"), "处理中",
         {"处理方案": "11-06 15:00"}, [(SALES, "客户埋怨处理表（处理方案）")]),
        ("11-05 16:00", SALES, Writes("处理方案", "赔偿金额：15,000 元\n处理方案：\n按合同上限赔偿15000元。"), "待审批",
         {"总经理室核决": "11-06 16:00"}, [(OFFICE, "客户埋怨处理表（总经理室核决）")]),
        ("11-05 16:30", OFFICE, Presses("总经理室核决", "批准"), "待审批",
         {"总经理核决": "11-06 16:30"}, [(GM, "客户埋怨处理表（总经理核决）")]),
        ("11-05 17:00", GM, Presses("总经理核决", "批准"), "待客户确认",
         {"客户是否接受": "11-12 17:00"}, [(LI, "处理结果")]),
    )  # fmt: skip


LATE = {"原因分析": "11-09 16:00"}


def test_what_is_overdue_is_told_to_the_office_and_then_further_up(desk):
    tell(
        desk,
        *TO_CAUSE,
        ("11-06 17:00", PRODUCTION, Waits(), "处理中", LATE,
         [(PERSONNEL, "人事公布单 2026年10月"), (OFFICE, "人事公布单 2026年10月")]),
        ("11-09 15:30", PRODUCTION, Waits(), "处理中", LATE, [(PRODUCTION, "提醒")]),
        ("11-09 16:30", PRODUCTION, Waits(), "处理中", LATE,
         [(PRODUCTION, "逾期反应（原因分析）"), (OFFICE, "逾期反应（原因分析）")]),
        ("11-10 16:30", PRODUCTION, Waits(), "处理中", LATE,
         [(PRODUCTION, "逾期反应（原因分析）"), (ZHAO, "逾期反应（原因分析）"), (OFFICE, "逾期反应（原因分析）")]),
        ("11-12 17:30", PRODUCTION, Waits(), "处理中", LATE,
         [(ZHAO, "逾期反应（原因分析）"), (OFFICE, "逾期反应（原因分析）"), (GM, "逾期反应（原因分析）")]),
        ("11-13 09:00", PRODUCTION, Writes("原因分析", CAUSE), "处理中",
         {"判定责任": "11-16 09:00"}, [(OFFICE, "客户埋怨处理表（判定责任）")]),
    )  # fmt: skip
    assert "向总经理室说明逾期原因" in next(m for m in map(received, desk.forgotten) if "逾期反应" in m.subject).text


def test_after_ninety_nine_cases_of_a_month_a_number_has_one_digit_more_and_it_is_announced(desk):
    for number in range(1, 101):  # all of them lie in the inbox when the daemon looks
        writer = Writer("客户", f"a{number}@customer.example", COMPLAINTS, desk.clock.now(), number)
        desk.mailbox.put(
            writer.write(f"投诉：第{number}箱破损", f"产品：纸箱{number}\n不良现象：第{number}箱破损，请处理。")
        )
    desk.tick()
    assert {"261199", "2611100"} <= set(desk.rows)
    assert "多一位" in desk.last(DENG, "261").text
    desk.jump("12-01 09:00")
    desk.mail(f"李娜 <{LI}>", "投诉：到货破损", FORM.format(bad=30, symptom=SLIGHT))
    assert "261201" in desk.rows
