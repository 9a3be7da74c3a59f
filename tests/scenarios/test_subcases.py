"""A case opens cases of its own: a supplier answers an 8D of his, two departments answer at once; the step waits."""

import pytest

from daemon.config import load_config
from tests.cast import CONFIG, ENGINEERING, HE, LI, PRODUCTION, QUALITY, SUN, WANG
from tests.desk import office
from tests.scenarios.letters import SLIGHT
from tests.scenarios.test_default_profile import CASE, complain

SUB, OTHER = "2611002", "2611003"
SUPPLIER = "qa@cast-iron.example"
OWN = """
id = "parts"
title = "带供应商子案的流程"
extends = "8d"
[facts.joint]
header = "协办部门"
[[step]]
id = "supplier"
title = "供应商分析"
owner = "quality_engineer"
phase = "处理中"
after = "verify"
due = "10wd"
when = { part_source = "外购" }
opens = { profile = "supplier.toml", for = "supplier" }
takes = "d4.supplier"
ask = "回复“子案：供应商名称 <邮箱>”，由供应商提交8D。"
[step.choices.none]
words = "不需要供应商分析"
needs_reason = true
[[step]]
id = "joint"
title = "部门协办"
owner = "quality_engineer"
phase = "处理中"
after = "verify"
due = "10wd"
when = { joint = { known = true } }
opens = { profile = "supplier.toml", for = "department", each = "joint" }
[sections]
"d4.supplier" = "供应商分析"
[facts.part_source]
header = "来料方式"
kind = "list"
values = ["自制", "外购"]
"""
SUB_PROFILE = """
id = "supplier"
title = "供应商8D"
extends = "base"
[roles]
supplier = "供应商"
[[step]]
id = "cause"
title = "原因和措施"
owner = ["supplier", "department"]
phase = "处理中"
due = "5wd"
gives = ["d4.occurrence.cause", "d5.actions"]
ask = "回复发生原因和永久措施。"
[[step]]
id = "accept"
title = "验收"
owner = "quality_engineer"
phase = "待审批"
after = "cause"
due = "2wd"
verdicts = "approval"
on_reject = "cause"
[step.choices.approved]
ends = "已结案"
"""
ANSWER = "发生原因：模具磨损，铸件表面有划痕，已复现。\n永久措施：模具每5000模次检修，责任人 周工，11月20日完成。"


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "own.toml").write_text(OWN, encoding="utf-8")
    (tmp_path / "supplier.toml").write_text(SUB_PROFILE, encoding="utf-8")
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "own.toml"')
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with office(tmp_path, config=load_config(tmp_path / "config.toml")) as opened:
        yield opened


def case_of(desk, number=CASE):
    return desk.desk.store.case_numbered(number)


def open_supplier_case(desk):
    complain(desk, SLIGHT)
    desk.reply(WANG, desk.last(WANG, "核实"), "成立\n来料方式：外购")
    desk.forget()
    desk.reply(WANG, desk.last_ever(WANG, "供应商分析"), f"子案：供应商 铸铁公司 <{SUPPLIER}>\n铸件表面划痕")


def test_a_supplier_answers_a_case_of_its_own_and_the_step_waits_for_it(desk):
    open_supplier_case(desk)
    assert "supplier" in case_of(desk).open_steps
    row = desk.row(SUB)
    assert (row["part_no"], row["related"]) == ("BF-2207", f"{CASE} 的子案")
    assert desk.row(CASE)["related"] == f"子案 {SUB}"
    asked = desk.last(SUPPLIER)
    assert "原因和措施" in asked.subject
    assert "外表面有轻微划痕" in asked.text
    assert not desk.to(LI), "the customer hears nothing of it"
    assert not [mail for mail in desk.sent if mail.to == PRODUCTION and SUB in mail.subject]
    desk.at("11-05 10:00")
    desk.reply(SUPPLIER, asked, ANSWER)
    assert "模具磨损" in case_of(desk, SUB).section("d4.occurrence.cause")
    desk.press(WANG, desk.last(WANG, "验收"), "批准")
    assert desk.row(SUB)["status"] == "已结案"
    assert case_of(desk).steps["supplier"].status == "done"
    summary = case_of(desk).section("d4.supplier")
    assert "铸铁公司" in summary
    assert "模具磨损" in summary
    assert SUB in desk.last(WANG, "子案已结案").text


def test_the_supplier_reads_only_what_outsiders_may(desk):
    open_supplier_case(desk)
    for mail in desk.to(SUPPLIER):
        seen = mail.raw.decode(errors="replace") + mail.subject + mail.text + mail.html
        for secret in ("北方电机", "李娜", LI, "8888 1234", "beifang", "质量工程师", "一般"):
            assert secret not in seen, secret
        assert not mail.attachments


def test_a_supplier_who_is_late_is_reminded_and_the_parent_is_told_when_it_is_refused(desk):
    open_supplier_case(desk)
    desk.at("11-10 09:00")
    assert len(desk.to(SUPPLIER)) > 1, "reminded"
    desk.reply(SUPPLIER, desk.last(SUPPLIER), ANSWER)
    desk.press(WANG, desk.last(WANG, "验收"), "驳回", reason="没有流出原因")
    assert "没有流出原因" in desk.last(SUPPLIER).text
    assert "supplier" in case_of(desk).open_steps


def test_a_step_for_several_departments_opens_a_case_for_each_by_itself(desk):
    complain(desk, SLIGHT)
    asked = desk.last(WANG, "核实")
    desk.reply(WANG, asked, "协办部门：技术部、生产部")
    desk.press(WANG, asked, "成立")
    assert [desk.row(number)["department"] for number in (SUB, OTHER)] == ["技术部", "生产部"]
    desk.reply(HE, desk.last(ENGINEERING, SUB), ANSWER)
    desk.press(WANG, desk.last(WANG, f"{SUB}] 验收"), "批准")
    assert "joint" in case_of(desk).open_steps, "one of two is closed"
    desk.reply(SUN, desk.last(PRODUCTION, OTHER), ANSWER)
    desk.press(WANG, desk.last(WANG, f"{OTHER}] 验收"), "批准")
    assert case_of(desk).steps["joint"].status == "done"


def test_quality_may_open_one_in_any_case_with_the_same_process(desk):
    complain(desk, SLIGHT)
    desk.reply(WANG, desk.last(WANG, "核实"), "子案：技术部")
    assert desk.row(SUB)["department"] == "技术部"
    assert desk.to(ENGINEERING, SUB)
    assert "validity" in desk.row(SUB)
    assert not desk.to(LI, SUB)


@pytest.mark.parametrize(
    ("text", "says"),
    [("子案：火星部", "火星部"), ("子案：供应商 <a@b", "供应商"), ("子案：", "子案：供应商名称 <邮箱>")],
)
def test_what_names_nobody_is_refused(desk, text, says):
    complain(desk, SLIGHT)
    desk.reply(WANG, desk.last(WANG, "核实"), text)
    assert says in desk.last(WANG, "没有生效").text
    assert list(desk.rows) == [CASE]


def test_who_may_not_is_told(desk):
    complain(desk, "焊接不良，焊点脱落。")
    desk.reply(SUN, desk.last(PRODUCTION, CASE), "子案：技术部")
    assert "“子案”须由" in desk.last(SUN, "没有生效").text


def test_a_cancelled_parent_cancels_what_it_opened(desk):
    open_supplier_case(desk)
    desk.reply(WANG, desk.last_ever(WANG, "核实"), "取消：登记错了")
    assert desk.row(SUB)["status"] == "已取消"
    assert QUALITY
