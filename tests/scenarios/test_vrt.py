"""System F, the VRT process, told at the seams: tables of (time, who, what) → (state, mails, due times)."""

from dataclasses import dataclass

import pytest

from daemon.config import load_config
from daemon.intake.buttons import word_of
from tests.cast import CONFIG, ENGINEERING, GM, LI, LIN, PRODUCTION, QUALITY, SUN, WANG, XU
from tests.desk import SHANGHAI, office
from tests.scenarios.letters import FORM

CASE = "2611001"
ZHENG = "sales@hongyuan.example"
DENG = "deng.chaoqun@hongyuan.example"
HE = "he.yan@hongyuan.example"
MILLED = "轴承室内径偏大0.03mm，装配后轴承松动。"
ROLES = """[roles]
vrt_head = ["周宏远"]
vrt_group = ["许文澜"]
after_sales = ["邓超群"]
sales = ["林佳怡"]
sales_office = ["销售部"]
quality_office = ["质量部"]
technical_office = ["技术部"]
production_office = ["生产部"]
"""


@pytest.fixture
def desk(tmp_path):
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "vrt"')
    (tmp_path / "config.toml").write_text(text.replace("[roles]", ROLES, 1), encoding="utf-8")
    with office(tmp_path, config=load_config(tmp_path / "config.toml")) as opened:
        yield opened


@dataclass(frozen=True)
class Row:
    """One line of a table: when who does what, and what is then so.

    `does` is a button's word, with `reason`; or the text of a reply, with files.  `asked` are the open steps with
    their due times; `told` pairs an address with words of a mail that it has.
    """

    at: str
    who: str
    about: str
    does: str
    reason: str = ""
    files: tuple[str, ...] = ()
    status: str = ""
    asked: str = ""
    told: tuple[tuple[str, str], ...] = ()


def play(desk, rows, number=CASE):
    for row in rows:
        desk.ticks_to(f"2026-{row.at}")
        mail = desk.last_ever(row.who, row.about)
        if row.does in {word_of(button.subject) for button in mail.buttons}:
            desk.press(row.who, mail, row.does, reason=row.reason)
        else:
            desk.reply(row.who, mail, row.does, *row.files)
        now = desk.row(number)
        where = f"{row.at} {row.does[:20]}"
        assert now["status"] == row.status, where
        assert asked(desk, number) == row.asked, where
        for address, words in row.told:
            assert desk.to(address, words), f"{where}: {address} has nothing with {words}"


def asked(desk, number=CASE):
    """The open steps with their due times, in words: 质量核实 11-02 17:00."""
    case = desk.desk.store.case_numbered(number)
    steps = desk.desk.process_of(case).steps
    some = ((steps[key].title["zh-CN"], case.steps[key].due_at) for key in case.open_steps)
    return "；".join(f"{title} {local(due)}" for title, due in some)


def local(moment):
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M") if moment else "—"


def case_of(desk, number=CASE):
    return desk.desk.store.case_numbered(number)


def complain(desk, symptom=MILLED, sender=f"李娜 <{LI}>", more=""):
    desk.mail(sender, "投诉：前端盖", FORM.format(bad=30, symptom=symptom) + more)


BEGIN = (
    Row("11-02 10:00", LIN, "销售确认", "确认", status="待核实", asked="质量核实 11-02 14:00",
        told=((WANG, "顾客信息记录处理表"), (LIN, "销售部联"))),
    Row("11-02 11:00", WANG, "质量核实", "成立", status="处理中", asked="指定组长 11-03 11:00",
        told=((GM, "指定组长"), (QUALITY, "请参加或配合"))),
    Row("11-02 14:00", GM, "指定组长", "组长：孙大鹏", status="处理中",
        asked="组建团队和首次会议 11-03 14:00；应急措施 11-03 14:00", told=((SUN, "组建团队和首次会议"),)),
    Row("11-02 16:00", SUN, "应急措施", "应急措施：客户端已隔离3000件，孙大鹏，11月2日。", status="处理中",
        asked="组建团队和首次会议 11-03 14:00"),
    Row("11-03 10:00", SUN, "组建团队和首次会议", "团队成员：孙大鹏、王晓燕\n会议纪要：先查补正值。",
        status="处理中", asked="组建团队和首次会议 11-03 14:00",
        told=((SUN, "客诉处理管理表"),)),
    Row("11-03 11:00", SUN, "组建团队和首次会议", "见附件。", files=("客诉处理管理表.xlsx", "11月3日会议纪要.docx"),
        status="处理中", asked="原因和措施 11-10 11:00"),
)  # fmt: skip
SOLVE = (
    Row("11-06 10:00", SUN, "原因和措施",
        "发生原因：补正值输入错误。\n改进措施：补正值自动回传，孙大鹏，11月12日完成。",
        status="待客户确认", asked="顾客确认 11-13 10:00；实施 11-12 17:30", told=((LI, "满意"),)),
)  # fmt: skip
END = (
    Row("11-11 10:00", LI, "满意", "满意", status="处理中", asked="实施 11-12 17:30"),
    Row("11-12 10:00", SUN, "实施", "实施结果：自动回传已启用，连续3批不良0件。", status="处理中",
        asked="结案资料 11-19 10:00"),
    Row("11-13 10:00", SUN, "结案资料", "同类预防与文件固化：PFMEA、控制计划已改版，BF-2208 同步。", status="处理中",
        asked="结案资料 11-19 10:00", told=((SUN, "项目总结"),)),
    Row("11-13 11:00", SUN, "结案资料", "见附件。", files=("BF-2207 项目总结.docx",), status="待审批",
        asked="结案评审 11-18 11:00", told=((XU, "结案评审"),)),
)  # fmt: skip
REVIEWED = Row(
    "11-16 10:00", XU, "结案评审", "长期追踪：是\n工作等级：良", status="待审批", asked="结案评审 11-18 11:00"
)
STAGE = Row("11-16 11:00", XU, "结案评审", "阶段结案", status="已结案",
            told=((LI, "已结案"), (QUALITY, "已结案")))  # fmt: skip


def registered(desk):
    complain(desk)
    row = desk.row(CASE)
    assert (row["status"], asked(desk)) == ("待核实", "销售确认 11-02 13:00")
    assert row["severity"] == "重要"
    assert desk.to(LI, CASE), "whoever wrote has a receipt"
    assert desk.to(LIN, "销售确认")


def test_from_the_first_mail_to_the_end_of_tracking(desk):
    registered(desk)
    play(desk, (*BEGIN, *SOLVE, *END, REVIEWED, STAGE))
    row = desk.row(CASE)
    assert (row["tracking"], row["work_grade"], row["next_step"]) == ("是", "良", "售后追踪（第1次）")
    quarters = (("2026-12-31 08:00", "第1次"), ("2027-03-31 08:00", "第2次"), ("2027-06-30 08:00", "第3次"))
    for moment, number in quarters:
        desk.ticks_to(moment, before=True)
        assert not desk.to(DENG, number)
        desk.ticks_to(moment)
        mail = desk.last(DENG, f"售后追踪（{number}）")
        assert "售后追踪记录" in mail.text, "what comes with the answer is asked for"
        desk.forget()
        desk.press(DENG, mail, "有效", reason="本季0件")
        assert "售后追踪记录" in desk.last(DENG, "没有生效").text, "each quarter has a record of its own"
        desk.reply(DENG, mail, "有效，数据：本季0件", f"{number}售后追踪记录.xlsx")
        for address in (QUALITY, WANG, LIN, GM):
            assert desk.to(address, "售后追踪结果"), "the effect that was reached is told"
    desk.ticks_to("2027-09-30 08:00")
    desk.press(DENG, desk.last(DENG, "售后追踪（第4次）"), "停装")
    desk.forget()
    desk.ticks_to("2028-02-01 08:00")
    assert not [mail for mail in desk.sent if "售后追踪" in mail.subject], "the model is no longer fitted"
    assert not [one for one in desk.happened if one.event.endswith((".failed",))]
    assert desk.desk.store.broken_chain(case_of(desk).id) is None


def test_the_tracking_ends_after_three_years(desk):
    registered(desk)
    play(desk, (*BEGIN, *SOLVE, *END, REVIEWED, STAGE))
    for number in range(1, 13):
        due = case_of(desk).followups["tracking"].planned_at
        if due is None:
            break
        desk.ticks_to(due.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M"))
        desk.reply(DENG, desk.last(DENG, f"第{number}次"), "有效，数据：0件", "售后追踪记录.xlsx")
        desk.forget()
    follow = case_of(desk).followups["tracking"]
    assert (len(follow.checks), follow.ended) == (12, "over")
    assert follow.checks[-1].at.astimezone(SHANGHAI).year == 2029


def test_without_long_term_tracking_nobody_is_asked(desk):
    registered(desk)
    no = Row("11-16 10:00", XU, "结案评审", "短期结案\n长期追踪：否\n工作等级：优", status="已结案")
    play(desk, (*BEGIN, *SOLVE, *END, no))
    assert desk.row(CASE)["work_grade"] == "优"
    desk.ticks_to("2027-04-02 09:00")
    assert not desk.to(DENG)


def test_the_group_cannot_close_without_saying_whether_to_track(desk):
    registered(desk)
    early = Row("11-16 10:00", XU, "结案评审", "阶段结案", status="待审批", asked="结案评审 11-18 11:00",
                told=((XU, "长期追踪"), (XU, "没有生效")))  # fmt: skip
    play(desk, (*BEGIN, *SOLVE, *END, early))


def test_the_group_sends_the_dossier_back(desk):
    registered(desk)
    back = (
        Row("11-16 10:00", XU, "结案评审", "退回", reason="控制计划没有附上", status="处理中",
            asked="结案资料 11-23 10:00", told=((SUN, "控制计划没有附上"),)),
        Row("11-17 10:00", SUN, "控制计划没有附上", "同类预防与文件固化：控制计划见附件。", files=("项目总结 r2.docx",),
            status="待审批", asked="结案评审 11-20 10:00"),
    )  # fmt: skip
    play(desk, (*BEGIN, *SOLVE, *END, *back))
    assert desk.row(CASE)["round"] == 2


def test_a_customer_who_is_not_satisfied_begins_a_new_round(desk):
    registered(desk)
    again = Row("11-11 10:00", LI, "满意", "不满意", reason="换货里又有2件", status="处理中",
                asked="原因和措施 11-18 10:00", told=((SUN, "又有2件"),))  # fmt: skip
    play(desk, (*BEGIN, *SOLVE, again))
    assert desk.row(CASE)["round"] == 2


def test_an_unfounded_complaint_is_explained(desk):
    registered(desk)
    no = Row("11-02 11:00", WANG, "质量核实", "不成立", reason="实测内径合格", status="已结案",
             told=((LI, "实测内径合格"),))  # fmt: skip
    play(desk, (BEGIN[0], no))


def test_quality_that_must_ask_the_customer_has_a_working_day(desk):
    registered(desk)
    ask = Row("11-02 11:00", WANG, "质量核实", "资料不足", reason="缺不良批次", status="待核实",
              asked="质量核实 11-03 10:00", told=((LI, "不良批次"),))  # fmt: skip
    play(desk, (BEGIN[0], ask))


# ── the first mail: any department, sales within four hours ──


def test_any_department_passes_it_on_and_sales_completes_it(desk):
    desk.mail(
        f"孙大鹏 <{SUN}>", "客户来电投诉",
        "信息来源：电话\n获知时间：2026-11-02 08:10\n客户名称：北方电机制造有限公司\n产品名称：前端盖\n"
        "产品型号：BF-2207\n不良现象：轴承室内径偏大",
    )  # fmt: skip
    assert asked(desk) == "销售确认 11-02 13:00"
    assert case_of(desk).steps["pass_on"].missed is False
    mail = desk.last(LIN, "销售确认")
    desk.press(LIN, mail, "确认")
    assert "不良数量" in desk.last(LIN, "没有生效").text, "sales completes what is missing"
    desk.reply(LIN, mail, "不良数量：30\n确认")
    assert asked(desk) == "质量核实 11-02 13:00"
    record = desk.last(WANG, "顾客信息记录处理表")
    assert "电话" in record.text
    assert "质量部联" in record.subject + record.text


def test_a_mail_that_came_later_than_four_hours_is_seen_in_the_figures(desk):
    desk.ticks_to("2026-11-02 14:00")
    complain(desk, sender=f"孙大鹏 <{SUN}>", more="获知时间：2026-11-02 09:00\n")
    assert case_of(desk).steps["pass_on"].missed


def test_sales_that_is_silent_is_reminded_and_its_manager_told(desk):
    registered(desk)
    desk.ticks_to("2026-11-02 18:00")
    assert desk.to(LIN, "逾期")
    assert desk.to("zheng.haitao@hongyuan.example", "逾期")


def test_the_open_case_is_told_of_each_week(desk):
    registered(desk)
    play(desk, BEGIN)
    desk.forget()
    desk.ticks_to("2026-11-05 16:00")
    for address in (SUN, WANG, LIN, GM):
        assert desk.to(address, "进展"), address


# ── the four rules of responsibility ──


@pytest.mark.parametrize(
    ("symptom", "kind", "department"),
    [
        ("本批交货少发20件，影响排产", "商务、交付类", "销售部"),
        ("轴承室内径超差", "与既有标准不符合", "质量部"),
        ("样件与客户新平台干涉，需要修改设计", "技术类", "技术部"),
        ("螺钉未拧紧，作业漏装垫片", "工艺、执行类", "生产部"),
    ],
)
def test_the_kind_names_the_department(desk, symptom, kind, department):
    complain(desk, symptom)
    row = desk.row(CASE)
    assert (row["category"], row["department"]) == (kind, department)


def test_quality_corrects_the_kind_and_the_department_follows(desk):
    registered(desk)
    assert desk.row(CASE)["department"] == "质量部"
    play(desk, BEGIN[:1])
    desk.reply(WANG, desk.last(WANG, "质量核实"), "投诉类别：工艺、执行类")
    assert desk.row(CASE)["department"] == "生产部"
    desk.reply(WANG, desk.last(WANG, "质量核实"), "部门：技术部")
    assert desk.row(CASE)["department"] == "技术部"
    desk.reply(WANG, desk.last(WANG, "质量核实"), "投诉类别：商务、交付类")
    assert desk.row(CASE)["department"] == "技术部", "what a person has named stays"
    play(desk, (Row("11-02 11:00", WANG, "质量核实", "成立", status="处理中", asked="指定组长 11-03 11:00",
                    told=((ENGINEERING, "请参加或配合"),)),))  # fmt: skip
    desk.reply(GM, desk.last(GM, "指定组长"), "组长：何䶮")
    assert desk.to(HE, "组建团队和首次会议"), "the head names whom he likes"


# ── the fault comes back ──


def closed(desk):
    registered(desk)
    play(desk, (*BEGIN, *SOLVE, *END, REVIEWED, STAGE))
    desk.forget()


@pytest.mark.parametrize("word", ["无效", "故障再现"])
def test_what_does_not_work_becomes_a_project_of_its_own(desk, word):
    closed(desk)
    desk.ticks_to("2026-12-31 08:00")
    desk.press(DENG, desk.last(DENG, "售后追踪"), word, reason="四季度又有5件内径偏大")
    row = desk.row("2612001")
    assert (row["repeat_of"], row["status"]) == (CASE, "待核实")
    assert desk.row(CASE)["status"] == "已结案"
    assert not desk.to(LI)
    assert desk.to(XU, "由前案转来")
    desk.press(LIN, desk.last(LIN, "销售确认"), "确认")
    desk.press(WANG, desk.last(WANG, "质量核实"), "成立")
    assert asked(desk, "2612001").startswith("评议")
    evaluate = desk.last(XU, "评议")
    desk.reply(XU, evaluate, "评议：原措施没有覆盖夜班，须重新立项。")
    assert "QTM表" in desk.last(XU).text
    desk.reply(XU, evaluate, "见附件。", "QTM表.xlsx")
    assert asked(desk, "2612001").startswith("指定组长")


def test_a_customer_who_sees_it_again_is_evaluated_too(desk):
    closed(desk)
    desk.ticks_to("2027-02-22 09:00")
    complain(desk, "轴承又松动，轴承室超差")
    row = desk.row("2702001")
    assert row["repeat_of"] == CASE
    assert desk.to(XU, "重复投诉")
    desk.press(LIN, desk.last(LIN, "销售确认"), "确认")
    desk.press(WANG, desk.last(WANG, "质量核实"), "成立")
    assert asked(desk, "2702001").startswith("评议")


def test_the_responsible_department_may_say_that_it_is_anothers(desk):
    complain(desk, "螺钉未拧紧，作业漏装垫片")
    play(desk, BEGIN[:1])
    desk.press(WANG, desk.last(WANG, "质量核实"), "成立")
    told = desk.last(PRODUCTION, "请参加或配合")
    desk.reply(WANG, desk.last(WANG, CASE), "部门：技术部")
    assert desk.row(CASE)["department"] == "技术部"
    assert told
    assert ZHENG
