"""L, a circuit board factory, from first mail to closing through every loop and branch, told at the seams.

Each story is a table: when, who does what → status and round in the ledger, the open steps with their due times, and
all mails about the case that go out by then.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field

import pytest
from docx import Document

from daemon.config import load_config
from daemon.demo.people import Writer
from tests.cast import (
    CHEN,
    COMPLAINTS,
    CONFIG,
    ENGINEERING,
    GM,
    HE,
    LI,
    LIN,
    LOGISTICS,
    PRODUCTION,
    QUALITY,
    WANG,
    XU,
    ZHAO,
    ZHENG,
)
from tests.desk import SHANGHAI, Office, office

CASE = "2611001"
LIU, SHEN, SERVICE = "liu.zhiqiang@hongyuan.example", "shen.mingzhe@hongyuan.example", "service@hongyuan.example"
# Who is who in this factory: 技术部 stands for 工艺部, 售后部 for 工程部.
ROLES = """[roles]
follower = ["林佳怡"]
production = ["生产部"]
process = ["技术部"]
process_manager = ["沈明哲"]
quality = ["质量部"]
engineering = ["售后部"]
mrb_engineer = ["刘志强"]
"""
NAMES = {
    LI: "客户", LIN: "跟单", WANG: "客服", CHEN: "品质经理", ZHENG: "市场部", PRODUCTION: "生产部", ZHAO: "生产经理",
    ENGINEERING: "工艺部", SHEN: "工艺经理", QUALITY: "品质部", SERVICE: "工程部", XU: "总监", GM: "总经理",
    LIU: "MRB", LOGISTICS: "物流部", HE: "工艺员",
}  # fmt: skip

COMPLAINT = """您好：我司上件后发现贵司线路板内层短路，请尽快处理。

客户名称：北方电机制造有限公司
产品名称：六层控制板
型号：PCB-2207
批次号：L4126-02
交货数量：3000
不良数量：{bad}
不良现象：{symptom}

李娜
北方电机制造有限公司 品质部
"""
SLIP = """不良率：1%
生产周期：4126
型号：PCB-2207
不良数量：30
不良项目：内层短路
"""
FOUND = "成立\n应用领域：汽车\n责任部门：生产部\n不良数量：30"
CAUSE = """D4 发生原因：内层曝光菲林有异物，补偿值未更新。
D4 流出原因：电测程序漏了该网络。
"""
MEASURES = """D3 临时措施：库存300片全部复测，责任人孙大鹏，11月3日完成。
D5 永久措施：菲林每班清洁并点检，责任人孙大鹏，11月10日完成。
"""
PROCESS = "内层补偿值改由系统锁定，责任人何䶮，11月9日完成。"
MINUTES = "会议纪要：11月3日，生产、工艺、品质、工程出席；决定复测库存、锁定补偿值。"
PREVENTION = "D7 预防：电测程序由网表自动生成，水平展开到全部六层板。"
RESULTS = "实施日期：11月10日\nD6 实施：补偿值已锁定，3批900片内层短路0片。"
MEETING = ("投诉会议", "原因分析", "责任部门措施", "工艺措施")
INVITED = ("生产部 请参加或配合", "工艺部 请参加或配合", "品质部 请参加或配合", "工程部 请参加或配合")
EFFECTS = ("效果确认（客服工程师）", "效果确认（责任部门经理）", "效果确认（工艺部经理）")


@dataclass(frozen=True)
class Turn:
    """One line of a story: what happens at a time, and how things stand then."""

    at: str
    who: str
    does: Callable[[Office], object]
    status: str
    due: dict[str, str]
    mails: tuple[str, ...] = ()
    round: int = 1
    row: dict[str, object] = field(default_factory=dict)


def settings(folder, more=""):
    text = CONFIG.read_text("utf-8").replace('process = "8d"', 'process = "pcb"').replace("[roles]", ROLES, 1) + more
    (folder / "config.toml").write_text(text, "utf-8")
    return load_config(folder / "config.toml")


@pytest.fixture
def desk(tmp_path):
    with office(tmp_path, config=settings(tmp_path)) as opened:
        yield opened


def play(desk, *turns):
    """Let a story happen, and hold every line of it to what is seen at the seams."""
    for turn in turns:
        if desk.clock.now().astimezone(SHANGHAI).strftime("%m-%d %H:%M") != turn.at:
            desk.at(turn.at)
        turn.does(desk)
        row = desk.row(CASE)
        seen = Turn(turn.at, turn.who, turn.does, str(row["status"]), due_times(desk), mails(desk), int(row["round"]))
        here = f"{turn.at} {turn.who}"
        assert (seen.status, seen.round) == (turn.status, turn.round), here
        assert seen.due == turn.due, here
        assert seen.mails == tuple(sorted(turn.mails)), here
        assert {key: row[key] for key in turn.row} == turn.row, here
        desk.forget()


def due_times(desk):
    """The open steps, by the ledger's names, with their due times."""
    case = desk.desk.store.case_numbered(CASE)
    steps = desk.desk.process_of(case).steps
    due = {key: case.steps[key].due_at for key in case.open_steps}
    return {steps[key].title["zh-CN"]: f"{at.astimezone(SHANGHAI):%m-%d %H:%M}" for key, at in due.items()}


def mails(desk):
    """Who got which mail about the case, the shape of the subject only; weekly mails are another matter."""
    about = (mail for mail in desk.sent if "客诉周报" not in mail.subject and "<duty-" not in mail.mail["Message-ID"])
    return tuple(sorted(f"{NAMES[mail.to]} {shape(mail.subject)}" for mail in about))


def shape(subject):
    return re.split(r"[：，]", re.sub(r"^\[客诉 \d+\] ", "", subject))[0]


def duties(desk, word):
    return [(NAMES[mail.to], mail.subject) for mail in desk.sent if word in mail.subject]


def nothing(_desk):
    pass


def complain(*files, symptom="内层短路，上件后通电烧毁。", bad=30, text=""):
    def do(desk):
        writer = Writer("李娜", LI, COMPLAINTS, desk.clock.now().astimezone(SHANGHAI), 900)
        body = COMPLAINT.format(bad=bad, symptom=symptom) + text
        desk.put(writer.write("投诉：线路板内层短路", body, [(name, b"picture") for name in files]))

    return do


def reply(who, about, text, *files):
    return lambda desk: desk.reply(who, desk.last_ever(who, about), text, *files)


def press(who, about, word, reason=""):
    return lambda desk: desk.press(who, desk.last_ever(who, about), word, reason=reason)


def together(*deeds):
    def do(desk):
        for deed in deeds:
            deed(desk)

    return do


# ── pieces of stories ────────────────────────────────────────────────────────────────────────────────────────────────

BEGIN = (
    Turn(
        "11-02 09:00", "客户", complain(), "待核实", {"投诉传达": "11-02 09:30"},
        ("客户 投诉已受理", "跟单 投诉传达"),
    ),
    Turn(
        "11-02 09:20", "跟单", reply(LIN, "投诉传达", SLIP, "不良图片.jpg"), "待核实",
        {"投诉确认": "11-02 11:20"}, ("跟单 已记录您的回复", "客服 投诉确认"),
    ),
)  # fmt: skip
CONFIRMED = (
    Turn(
        "11-02 10:30", "客服", reply(WANG, "投诉确认", FOUND), "处理中", dict.fromkeys(MEETING, "11-02 12:30"),
        ("客服 已记录您的回复", "客服 投诉会议", *INVITED, "生产部 请处理", "工艺部 工艺措施"),
        row={"validity": "成立", "department": "生产部", "market": "汽车", "date_code": "4126", "defect_rate": 0.01},
    ),
)  # fmt: skip
MET = (
    Turn(
        "11-02 11:00", "生产部", reply(PRODUCTION, CASE, CAUSE + MEASURES), "处理中",
        {"投诉会议": "11-02 12:30", "工艺措施": "11-02 12:30"}, ("生产部 已记录您的回复",),
    ),
    Turn(
        "11-02 11:20", "工艺部", reply(ENGINEERING, "工艺措施", PROCESS), "处理中", {"投诉会议": "11-02 12:30"},
        ("工艺部 已记录您的回复",),
    ),
    Turn(
        "11-02 11:40", "客服", reply(WANG, "投诉会议", MINUTES, "会议记录1102.docx"), "处理中",
        {"8D报告": "11-02 13:40"}, ("客服 已记录您的回复", "客服 8D报告待审核"),
    ),
)  # fmt: skip
REPORTED = (
    Turn(
        "11-02 13:30", "客服", reply(WANG, "8D报告", PREVENTION), "待审批", {"8D批准": "11-02 17:30"},
        ("客服 已记录您的回复", "品质经理 8D报告待审核"),
    ),
)  # fmt: skip
AFTER_APPROVAL = {"客户确认": "11-09 15:00", "措施实施": "11-10 17:30"}
SENT = ("市场部 8D报告已批准并发给客户", "客户 处理结果反馈与满意度确认", "生产部 措施实施", "工艺部 请参加或配合")
APPROVED = (
    Turn("11-02 15:00", "品质经理", press(CHEN, "8D批准", "批准"), "待客户确认", AFTER_APPROVAL, SENT),
)  # fmt: skip
UP_TO_APPROVAL = (*BEGIN, *CONFIRMED, *MET, *REPORTED)
SATISFIED = (
    Turn(
        "11-03 09:00", "客户", press(LI, "满意度", "满意"), "处理中", {"措施实施": "11-10 17:30"},
        row={"customer_answer": "满意"},
    ),
)  # fmt: skip
ASKED = ("客服 效果确认（客服工程师）", "生产经理 效果确认（责任部门经理）", "工艺经理 效果确认（工艺部经理）")
IMPLEMENTED = (
    Turn(
        "11-10 15:00", "生产部", reply(PRODUCTION, "措施实施", RESULTS), "效果跟踪",
        dict.fromkeys(EFFECTS, "11-17 08:00"), ("生产部 提醒", "生产部 已记录您的回复", *ASKED),
        row={"implemented_on": "11月10日"},
    ),
)  # fmt: skip
UP_TO_EFFECT = (*UP_TO_APPROVAL, *APPROVED, *SATISFIED, *IMPLEMENTED)
CONFIRMED_BY_ALL = (
    Turn(
        "11-12 10:00", "客服", press(WANG, EFFECTS[0], "有效"), "效果跟踪",
        dict.fromkeys(EFFECTS[1:], "11-17 08:00"), row={"effect": "有效"},
    ),
    Turn(
        "11-12 11:00", "生产经理", press(ZHAO, EFFECTS[1], "有效"), "效果跟踪", {EFFECTS[2]: "11-17 08:00"},
    ),
    Turn(
        "11-13 09:00", "工艺经理", press(SHEN, EFFECTS[2], "有效"), "效果跟踪", {"结案归档": "11-16 09:00"},
        ("客服 8D报告待审核",),
    ),
)  # fmt: skip
CLOSED = ("生产部 已结案", "客服 已结案", "客户 已结案")


def test_from_the_first_mail_to_closing_in_time(desk):
    play(
        desk, *UP_TO_EFFECT, *CONFIRMED_BY_ALL,
        Turn("11-13 10:00", "客服", press(WANG, "结案归档", "短期结案"), "已结案", {}, CLOSED),
    )  # fmt: skip
    assert desk.row(CASE)["closed_at"] is not None
    desk.at("11-20 18:00")
    assert desk.row(CASE)["status"] == "已结案"
    assert not mails(desk)


def test_the_8d_is_drawn_up_from_the_minutes_for_the_house_and_for_the_customer(desk):
    play(desk, *UP_TO_APPROVAL)
    assert desk.last_ever(CHEN, "8D").attachments == (f"8D-{CASE}-r3.docx",)
    assert "会议纪要" in desk.last_ever(CHEN, "8D").text
    play(desk, *APPROVED)
    for address in (LI, ZHENG):
        assert desk.last_ever(address, "8D").attachments == (f"8D-{CASE}-客户版-r1.docx",)
    paper = desk.desk.config.base / "ledger" / "8D"
    inside, outside = (words_in(next(paper.glob(name))) for name in ("*-r3.docx", "*客户版-r1.docx"))
    for words in (inside, outside):
        assert "菲林每班清洁并点检" in words
        assert "工艺措施：内层补偿值改由系统锁定" in words
        assert "电测程序由网表自动生成" in words


def words_in(path):
    document = Document(str(path))
    cells = (cell.text for table in document.tables for row in table.rows for cell in row.cells)
    return "\n".join((*(one.text for one in document.paragraphs), *cells))


# ── passing on ───────────────────────────────────────────────────────────────────────────────────────────────────────


def test_nothing_is_asked_of_the_follower_when_the_customer_wrote_it_all_and_sent_pictures(desk):
    play(
        desk,
        Turn(
            "11-02 09:00", "客户", complain("IMG_0012.jpg", text=SLIP), "待核实", {"投诉确认": "11-02 11:00"},
            ("客户 投诉已受理", "客服 投诉确认"),
        ),
    )  # fmt: skip


def test_pictures_alone_are_asked_for_when_only_they_are_missing(desk):
    play(
        desk,
        Turn(
            "11-02 09:00", "客户", complain(text=SLIP), "待核实", {"投诉传达": "11-02 09:30"},
            ("客户 投诉已受理", "跟单 投诉传达"),
        ),
        Turn(
            "11-02 09:10", "跟单", reply(LIN, "投诉传达", "图片见附件，请查收。", "photo1.png"), "待核实",
            {"投诉确认": "11-02 11:10"}, ("跟单 已记录您的回复", "客服 投诉确认"),
        ),
    )  # fmt: skip


def test_what_the_follower_forgot_is_told_and_the_clock_goes_on(desk):
    told = "跟单 已记录您的回复"
    play(
        desk, BEGIN[0],
        Turn(
            "11-02 09:10", "跟单", reply(LIN, "投诉传达", "生产周期：4126\n不良率：1%"), "待核实",
            {"投诉传达": "11-02 09:30"}, (told,),
        ),
    )  # fmt: skip
    assert "还缺：不良项目、不良图片" in desk.last_ever(LIN, "已记录").subject
    play(
        desk,
        Turn(
            "11-02 09:20", "跟单", reply(LIN, "还缺", "不良项目：内层短路", "投诉单.xlsx"), "待核实",
            {"投诉确认": "11-02 11:20"}, (told, "客服 投诉确认"),
        ),
    )  # fmt: skip


def test_a_follower_who_forwards_it_all_is_not_asked_again(desk):
    def forward(desk):
        text = "王工：客户投诉转给您，请处理。\n" + SLIP + "\n-----原始邮件-----\n发件人：李娜 <" + LI + ">\n"
        text += "发送时间：2026年11月2日 08:40\n收件人：林佳怡\n主题：线路板内层短路\n\n"
        text += COMPLAINT.format(bad=30, symptom="内层短路。")
        writer = Writer("林佳怡", LIN, COMPLAINTS, desk.clock.now().astimezone(SHANGHAI), 901)
        desk.put(writer.write("转发：线路板内层短路", text, [("不良图片1.jpg", b"picture")]))

    play(
        desk,
        Turn(
            "11-02 09:00", "跟单", forward, "待核实", {"投诉确认": "11-02 11:00"}, ("跟单 投诉已受理", "客服 投诉确认"),
        ),
    )  # fmt: skip


# ── confirmation ─────────────────────────────────────────────────────────────────────────────────────────────────────


def test_on_site_two_working_days_count(desk):
    play(
        desk, *BEGIN,
        Turn(
            "11-02 10:00", "客服", reply(WANG, "投诉确认", "现场核实：是"), "待核实", {"投诉确认": "11-04 09:20"},
            ("客服 已记录您的回复",), row={"next_step": "投诉确认"},
        ),
        Turn(
            "11-04 09:00", "客服", reply(WANG, "投诉确认", FOUND), "处理中", dict.fromkeys(MEETING, "11-04 11:00"),
            ("客服 提醒", "客服 已记录您的回复", "客服 投诉会议", *INVITED, "生产部 请处理", "工艺部 工艺措施"),
        ),
    )  # fmt: skip


def test_a_verdict_waits_for_market_and_department(desk):
    play(
        desk, *BEGIN,
        Turn(
            "11-02 10:00", "客服", press(WANG, "投诉确认", "成立"), "待核实", {"投诉确认": "11-02 11:20"},
            ("客服 您的回复没有生效",),
        ),
    )  # fmt: skip
    assert "还缺：应用领域" in desk.last_ever(WANG, "没有生效").text


def test_an_unfounded_complaint_is_explained_and_closed(desk):
    play(
        desk, *BEGIN,
        Turn(
            "11-02 10:00", "客服", press(WANG, "投诉确认", "不成立", "切片无短路，系烙铁温度过高"), "已结案", {},
            ("客户 关于贵司反馈问题的说明", "品质部 投诉不成立"), row={"validity": "不成立"},
        ),
    )  # fmt: skip
    assert "烙铁温度过高" in desk.last_ever(LI, CASE).text


def test_the_customer_is_asked_for_what_is_missing_and_two_working_days_count(desk):
    play(
        desk, *BEGIN,
        Turn(
            "11-02 10:00", "客服", press(WANG, "投诉确认", "资料不足", "订单编号"), "待核实",
            {"投诉确认": "11-04 09:20"}, ("客户 请补充以下资料",),
        ),
        Turn(
            "11-02 14:00", "客户", reply(LI, "请补充以下资料", "订单编号：PO88120045"), "待核实",
            {"投诉确认": "11-04 09:20"}, ("客服 收到来信",),
            row={"order_no": "PO88120045"},
        ),
        Turn(
            "11-02 14:30", "客服", reply(WANG, "投诉确认", FOUND), "处理中", dict.fromkeys(MEETING, "11-02 16:30"),
            ("客服 已记录您的回复", "客服 投诉会议", *INVITED, "生产部 请处理", "工艺部 工艺措施"),
        ),
    )  # fmt: skip


# ── meeting ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_meeting_without_its_minutes_is_not_done(desk):
    play(
        desk, *BEGIN, *CONFIRMED,
        Turn(
            "11-02 11:00", "客服", reply(WANG, "投诉会议", MINUTES), "处理中", dict.fromkeys(MEETING, "11-02 12:30"),
            ("客服 已记录您的回复",),
        ),
    )  # fmt: skip
    assert "还缺：会议记录" in desk.last_ever(WANG, "已记录").subject


def test_process_engineering_that_has_no_measures_need_not_confirm_their_effect(desk):
    none = press(ENGINEERING, "工艺措施", "无需工艺措施", "制程能力充足")
    play(
        desk, *BEGIN, *CONFIRMED, MET[0],
        Turn("11-02 11:20", "工艺部", none, "处理中", {"投诉会议": "11-02 12:30"}, ("工艺部 已记录您的回复",)),
        MET[2], *REPORTED, *APPROVED, *SATISFIED,
        Turn(
            "11-10 15:00", "生产部", reply(PRODUCTION, "措施实施", RESULTS), "效果跟踪",
            dict.fromkeys(EFFECTS[:2], "11-17 08:00"), ("生产部 提醒", "生产部 已记录您的回复", *ASKED[:2]),
        ),
    )  # fmt: skip


def test_the_department_passes_it_on_and_its_clock_begins_anew(desk):
    play(
        desk, *BEGIN, *CONFIRMED,
        Turn(
            "11-02 11:00", "生产部", reply(PRODUCTION, CASE, "转物流部，系运输受潮分层，不是生产原因。"), "处理中",
            dict.fromkeys(MEETING, "11-02 12:30"), ("客服 申请转部门到物流部",),
        ),
        Turn(
            "11-02 11:30", "客服", press(WANG, "申请转部门", "同意"), "处理中",
            dict(zip(MEETING, ("11-02 12:30", "11-02 13:30", "11-02 13:30", "11-02 12:30"), strict=True)),
            ("物流部 请处理", "生产部 无需继续处理"), row={"department": "物流部"},
        ),
    )  # fmt: skip


# ── the ways back ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rejected_8d_is_written_again(desk):
    play(
        desk, *UP_TO_APPROVAL,
        Turn(
            "11-02 14:00", "品质经理", press(CHEN, "8D批准", "驳回", "预防没有写到文件编号"), "处理中",
            {"8D报告": "11-02 16:00"}, ("客服 8D报告待审核",), 2, {"review": "驳回"},
        ),
        Turn(
            "11-02 14:30", "客服", reply(WANG, "文件编号", PREVENTION + "文件编号 WI-045。"), "待审批",
            {"8D批准": "11-03 09:00"}, ("客服 已记录您的回复", "品质经理 8D报告待审核"), 2,
        ),
        Turn(
            "11-02 15:00", "品质经理", press(CHEN, "8D批准", "批准"), "待客户确认", AFTER_APPROVAL, SENT, 2,
            {"review": "批准"},
        ),
    )  # fmt: skip


AGAIN = ("客服 投诉会议", *INVITED, "生产部 请处理", "工艺部 工艺措施")


def test_an_8d_whose_cause_does_not_hold_goes_back_to_the_meeting(desk):
    play(
        desk, *UP_TO_APPROVAL,
        Turn(
            "11-02 14:00", "品质经理", press(CHEN, "8D批准", "重新开会", "原因没有再现验证"), "处理中",
            dict.fromkeys(MEETING, "11-02 16:00"), AGAIN, 2, {"review": "驳回"},
        ),
    )  # fmt: skip
    assert "原因没有再现验证" in desk.last_ever(PRODUCTION, CASE).text


def test_a_customer_who_is_not_satisfied_starts_the_next_meeting(desk):
    play(
        desk, *UP_TO_APPROVAL, *APPROVED,
        Turn(
            "11-03 09:00", "客户", press(LI, "满意度", "不满意", "第二批又发现3片短路"), "处理中",
            dict.fromkeys(MEETING, "11-03 11:00"), AGAIN, 2,
            {"customer_answer": "不满意"},
        ),
    )  # fmt: skip


def test_silence_of_the_customer_is_asked_about_and_reported_and_never_consent(desk):
    play(
        desk, *UP_TO_APPROVAL, *APPROVED,
        Turn("11-09 14:30", "", nothing, "待客户确认", AFTER_APPROVAL, ("生产部 提醒",)),
        Turn("11-09 15:00", "", nothing, "待客户确认", AFTER_APPROVAL, ("客户 想再听听您对处理结果的意见",)),
    )  # fmt: skip
    desk.at("11-30 18:00")
    assert desk.row(CASE)["customer_answer"] in (None, "")
    assert [one for one in desk.happened if one.event == "timer.silence"]


@pytest.mark.parametrize(
    ("who", "title"), [(WANG, EFFECTS[0]), (ZHAO, EFFECTS[1]), (SHEN, EFFECTS[2])], ids=["客服", "生产经理", "工艺经理"]
)
def test_measures_that_one_of_them_finds_without_effect_lead_to_a_new_meeting(desk, who, title):
    play(
        desk, *UP_TO_EFFECT,
        Turn(
            "11-12 10:00", NAMES[who], press(who, title, "无效", "11月11日又发现2片"), "处理中",
            dict.fromkeys(MEETING, "11-12 12:00"), AGAIN, 2, {"effect": "无效"},
        ),
    )  # fmt: skip


def test_a_second_round_runs_to_its_end(desk):
    play(
        desk, *UP_TO_EFFECT,
        Turn(
            "11-12 10:00", "客服", press(WANG, EFFECTS[0], "无效", "11月11日又发现2片"), "处理中",
            dict.fromkeys(MEETING, "11-12 12:00"), AGAIN, 2,
        ),
        Turn(
            "11-12 11:00", "三方",
            together(
                reply(PRODUCTION, "又发现2片", CAUSE + MEASURES.replace("11月10日", "11月16日")),
                reply(ENGINEERING, "又发现2片", PROCESS),
                reply(WANG, "投诉会议", MINUTES, "会议记录1112.docx"),
                reply(WANG, "8D报告", PREVENTION),
                press(CHEN, "8D批准", "批准"),
                press(LI, "满意度", "满意"),
            ),
            "处理中", {"措施实施": "11-16 17:30"},
            (
                "生产部 已记录您的回复", "工艺部 已记录您的回复", *("客服 已记录您的回复",) * 2, "客服 8D报告待审核",
                "品质经理 8D报告待审核", *SENT,
            ), 2,
        ),
        Turn(
            "11-16 15:00", "生产部", reply(PRODUCTION, "措施实施", RESULTS.replace("11月10日", "11月16日")), "效果跟踪",
            dict.fromkeys(EFFECTS, "11-23 08:00"), ("生产部 提醒", "生产部 已记录您的回复", *ASKED), 2,
        ),
        Turn(
            "11-18 10:00", "三人", together(*(
                press(who, title, "有效") for who, title in zip((WANG, ZHAO, SHEN), EFFECTS, strict=True)
            )),
            "效果跟踪", {"结案归档": "11-19 10:00"}, ("客服 8D报告待审核",), 2,
        ),
        Turn("11-18 11:00", "客服", press(WANG, "结案归档", "阶段结案"), "已结案", {}, CLOSED, 2),
    )  # fmt: skip


def test_a_closed_case_begins_again_at_the_meeting(desk):
    play(
        desk, *UP_TO_EFFECT, *CONFIRMED_BY_ALL,
        Turn("11-13 10:00", "客服", press(WANG, "结案归档", "短期结案"), "已结案", {}, CLOSED),
        Turn(
            "11-23 09:00", "客服", reply(WANG, "已结案：", "重新打开：同一型号又发生内层短路。"), "处理中",
            dict.fromkeys(MEETING, "11-23 11:00"), ("品质经理 重新处理", "客服 重新处理", "市场部 重新处理", *AGAIN), 2,
        ),
    )  # fmt: skip


# ── nobody answers ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_follower_who_does_not_answer_is_reminded_and_reported(desk):
    late = {"投诉传达": "11-02 09:30"}
    play(
        desk, BEGIN[0],
        Turn("11-02 09:30", "", nothing, "待核实", late, ("跟单 提醒",)),
        Turn("11-03 09:30", "", nothing, "待核实", late, ("跟单 逾期升级", "市场部 逾期升级")),
        Turn("11-05 09:30", "", nothing, "待核实", late, ("总监 逾期升级", "市场部 逾期升级")),
    )  # fmt: skip
    assert desk.row(CASE)["overdue"]


def test_at_night_the_clock_runs_and_the_mails_go_out(desk):
    desk.jump("11-02 22:00")
    complain()(desk)
    assert due_times(desk) == {"投诉传达": "11-02 22:30"}
    assert mails(desk) == ("客户 投诉已受理", "跟单 投诉传达")


def test_a_factory_without_a_night_shift_counts_working_hours_by_an_override(tmp_path):
    more = '\n[[override.step]]\nid = "pass_on"\ndue = "30wmin"\nurgent_for = ["critical"]\n'
    with office(tmp_path, "11-02 22:00", settings(tmp_path, more)) as desk:
        complain()(desk)
        assert due_times(desk) == {"投诉传达": "11-03 08:30"}
        assert mails(desk) == ("客户 投诉已受理",)
        desk.at("11-03 08:00")
        assert "跟单 投诉传达" in mails(desk)


# ── the weekly and the monthly rate ──────────────────────────────────────────────────────────────────────────────────


def test_what_was_confirmed_stands_in_the_weekly(desk):
    play(desk, *UP_TO_EFFECT, CONFIRMED_BY_ALL[0])
    desk.at("11-13 08:10")
    assert duties(desk, "尚未结案") == [(who, "周报：效果已确认、尚未结案：1 件") for who in ("品质经理", "客服")]
    text = desk.last(CHEN, "尚未结案").text
    assert "效果验证：有效" in text
    assert "900片内层短路0片" in text
    play(
        desk,
        Turn(
            "11-13 09:00", "两位经理", together(press(ZHAO, EFFECTS[1], "有效"), press(SHEN, EFFECTS[2], "有效")),
            "效果跟踪", {"结案归档": "11-16 09:00"}, ("客服 8D报告待审核",),
        ),
        Turn("11-13 10:00", "客服", press(WANG, "结案归档", "短期结案"), "已结案", {}, CLOSED),
    )  # fmt: skip
    desk.at("11-20 18:00")
    span = "11月13日（周五） 至 11月20日（周五）：1 件"
    assert duties(desk, "本周结案") == [(who, f"周报：本周结案、效果已确认 {span}") for who in ("品质经理", "客服")]
    assert not duties(desk, "尚未结案"), "an empty list is not sent"


def register_two_more(desk):
    """One more is founded and not for cars, one is unfounded."""
    for number, (verdict, market) in enumerate((("成立", "非汽车"), ("不成立", "非汽车")), 2):
        other = f"261100{number}"
        complain("IMG.jpg", text=SLIP, symptom=f"焊盘氧化 {number}。", bad=number)(desk)
        said = f"{verdict}\n应用领域：{market}\n责任部门：生产部\n原因：{number} 片已切片分析。"
        desk.reply(WANG, desk.last_ever(WANG, other), said)


def test_the_rate_of_last_month_goes_to_the_mrb_engineer_by_the_5th(desk):
    play(desk, *BEGIN, *CONFIRMED)
    register_two_more(desk)
    assert [row["validity"] for row in desk.rows.values()] == ["成立", "成立", "不成立"]
    desk.jump("12-04 08:10")
    desk.forget()
    desk.at("12-05 18:00")  # a Saturday
    assert not duties(desk, "投诉率")
    desk.at("12-07 08:30")
    assert duties(desk, "投诉率") == [("MRB", "客户投诉率 2026年11月：2 件")]
    text = desk.last(LIU, "投诉率").text
    assert "汽车：1 件 · 交付批数须不少于 500（上限 0.2%）" in text
    assert "非汽车：1 件 · 交付批数须不少于 50（上限 2%）" in text
    assert "截止时间：12月7日（周一）17:30" in text


def test_the_rate_is_counted_by_quantity_where_config_says_so(tmp_path):
    more = """
[[override.duty]]
id = "rate"
[override.duty.count]
by = "market"
rate = ["quantity_defective", "quantity_delivered"]
limits = { "汽车" = 0.002, "非汽车" = 0.02 }
"""
    with office(tmp_path, config=settings(tmp_path, more)) as desk:
        desk.tick()
        play(desk, *BEGIN, *CONFIRMED)
        register_two_more(desk)
        desk.jump("12-04 08:10")
        desk.jump("12-07 08:10")
        text = desk.last(LIU, "投诉率").text
    assert "汽车：1 件 · 比率 1%（上限 0.2%）　未达标" in text
    assert "非汽车：1 件 · 比率 0.07%（上限 2%）\r\n" in text.replace("　", "")
