"""The documents of the process are made from the profile, and held true."""

import re
from pathlib import Path

import pytest

from daemon.core.process import described, load_sources, mermaid, source
from daemon.processes import profile_sources, shipped, shipped_process

DOCS = Path(__file__).parents[2] / "docs"
MADE = "<!-- Made by `kesu process show {name} --language {language}`; do not edit: `make docs` makes it anew. -->\n\n"


@pytest.mark.parametrize(("path", "name", "language"), [("process.md", "8d", "en"), ("zh-CN/流程.md", "8d", "zh-CN")])
def test_the_document_of_the_process_is_true(path, name, language):
    head = MADE.format(name=name, language=language)
    assert (DOCS / path).read_text(encoding="utf-8") == head + described(shipped_process(name), language), "make docs"


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("language", ["zh-CN", "zh-TW", "en"])
def test_every_step_verdict_and_ladder_is_told(name, language):
    process = shipped_process(name)
    told, drawn = described(process, language), mermaid(process, language)
    for step in process.step:
        assert f"\n  {step.id}" in drawn
        assert all(f"{step.id} -. " in drawn for choice in step.choices.values() if choice.ends or choice.back_to)
    assert all(f": {ladder}" in told for ladder in process.ladder)


MORE = """\
[facts.arrived]
header = "样品到达"
kind = "date"
[grades.critical]
when = [{ defect_rate = { at_least = 0.2 } }, { channel = "驻线", batch_no = { known = true } }]
[[step]]
id = "extra"
title = "加办 \\"A|B\\""
owner = "sales"
with = "general_manager"
phase = "处理中"
after = "verify"
takes = "meetings"
unless = { channel = ["邮件", "电话"] }
clock_starts = "arrived"
due = "5th of next month"
documents = ["会议记录"]
"""


DUTIES = """\
[[duty]]
id = "rate"
title = "投诉率"
on = ["5th of month, after", "friday"]
ahead = 2
to = "quality_manager"
cases = { are = "registered", in = "last period", when = { channel = "驻线" }, unless = { validity = "不成立" } }
columns = ["department", "d5.actions"]
attach = ["external", "evidence"]
ask = "核对"
[[duty.count]]
by = "channel"
limits = { "驻线" = 0.002, default = 0.02 }
[[duty.count]]
figures = ["on_time", "solved"]
targets = { on_time = 0.95 }
sum = "cost"
rate = ["quantity_defective", "quantity_delivered"]
[[duty]]
id = "training"
title = "年度培训计划"
on = []
to = "quality_manager"
"""


def test_calendar_duties_are_told_in_words():
    told = described(load_sources((*profile_sources("8d"), source(DUTIES, "own.toml"))), "zh-CN")
    (row,) = [line for line in told.splitlines() if "**投诉率**" in line]
    assert "每月5日，休息日顺延、每周五，休息日提前，提前 2 个工作日发出" in row
    assert "上期 登记的<br>仅当 投诉渠道 驻线<br>是否成立 不成立 时不需要" in row
    assert "列出 责任部门、D5 永久措施" in row
    assert "按投诉渠道计件、上限 驻线 0.2%、其他 2%" in row
    assert "计件、及时率 ≥ 95%、一次解决率、损失金额 合计、不良数量 ÷ 交货数量" in row
    assert "附 8D（客户版）<br>附客诉附件<br>核对" in row
    assert "| **年度培训计划** | 停用 | 质量经理 |  |  |" in told


def test_conditions_clocks_and_documents_are_told_in_words():
    process = load_sources((*profile_sources("8d"), source(MORE, "own.toml")))
    told = described(process, "zh-CN")
    assert "不良率 ≥ 0.2；或 投诉渠道 驻线且不良批次已知" in told
    assert "投诉渠道 邮件、电话 时不需要" in told
    assert "从“样品到达”起算" in told
    assert "次月5日" in told
    assert "文件：会议记录" in told
    assert "参加：总经理" in told
    assert '**加办 "A\\|B"**' in told
    assert "#quot;A|B#quot;" in mermaid(process, "zh-CN")


DETAILS = """\
reopens_at = ["verify"]
customer_sees = ["meetings"]
most_transfers = 7
[documents.log]
title = "围堵记录"
synonyms = ["隔离单"]
any_name = true
earlier = true
[ladder.slow]
default = [{ at = "50%", to = "owner", if_over = "2wd", template = "escalation" }]
[[step]]
id = "containment"
calendar = "night"
ladder = "slow"
urgent_for = ["general", "critical"]
gives = ["d3.containment", "disposal", "log"]
ask = "逐处写明"
"""


@pytest.mark.parametrize(
    "words",
    [
        "重新打开后从 核实 开始", "最多转部门 7 次", "登记时：发受理通知给来信人", "重大级立即：发通报给升级链全员",
        "每周进展：重要、重大级的未结案件，发给责任部门、质量工程师", "按日历“night”计时", "提醒按“slow”",
        "一般、重大级随时发信", "用掉 50%，仅时限长于 2工作日 的步骤", "逾期升级", "资料不足时请客户补：产品编号",
        "可转其他部门", "附 8D（内部版）", "附客户的文件", "须写明原因", "记 是否成立：成立", "发情况说明给投诉人",
        "处理方式（退货、换货", "文件：围堵记录（任何文件）（先前来的也算）", "| 隔离单 |", "“逐处写明”",
        "客户版 8D 也写：会议纪要",
        "回复“收到”的人记入 D1 组长",
    ],
)  # fmt: skip
def test_no_key_of_a_profile_is_left_out(words):
    process = load_sources((*profile_sources("8d"), source(DETAILS, "own.toml")))
    assert words in described(process, "zh-CN").replace(" 个工作日", "工作日").replace("个工作日", "工作日")


AFTER = """\
[[followup]]
id = "tracking"
on_ineffective = "new case"
[[raise]]
id = "old"
grade = "critical"
after = "1mo"
when = { validity = "成立", repeats = { at_least = 2 } }
"""


def test_what_comes_after_closing_is_told_in_words():
    process = load_sources((*profile_sources("8d"), source(AFTER, "own.toml")))
    told = described(process, "zh-CN")
    assert (
        "| **效果跟踪** | 质量工程师 | D8 结案：阶段结案 | 1个月、2个月、3个月<br>以后每到 本季末<br>最长 36个月"
        in told
    )
    assert "无效 → 转新客诉" in told
    assert "| 重大 | 1个月 | 是否成立 成立且重复次数 ≥ 2 |" in told
    assert "不良现象相同，结案后 6个月 以内" in told
    assert "a new case, linked" in described(process, "en")


def test_the_cases_that_a_step_opens_are_told():
    more = """
[[step]]
id = "action"
opens = { profile = "supplier.toml", for = "leader" }
[[step]]
id = "meeting"
opens = { each = "disposal" }
"""
    process = load_sources((*profile_sources("8d"), source(more, "own.toml")))
    assert "开子案并等其结案（supplier.toml）" in described(process, "zh-CN")
    assert re.search("opens a case for each in “[^”]+” and waits for them", described(process, "en"))


def test_what_is_hidden_from_whom_is_told():
    more = '[hides]\ndepartment = ["reporter", "customer"]\nledger = "reporter"\n'
    told = described(load_sources((*profile_sources("8d"), source(more, "own.toml"))), "zh-CN")
    assert "| 责任部门 | 投诉人、客户名称 |" in told
    assert "| 共享文件夹和台账 | 投诉人 |" in told


def test_the_papers_of_a_follow_up_are_told():
    assert "文件：售后追踪记录" in described(shipped_process("vrt"), "zh-CN")
