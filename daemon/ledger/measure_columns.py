"""The columns of the sheet 措施跟踪: a table, no rules."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.core.fields import Who
from daemon.ledger.columns import Look
from daemon.ledger.further import Heading

MEASURES_SHEET = "措施跟踪"
MEASURES_TABLE = "措施表"

# The sections whose lines are measures, as the sheet calls them.
KINDS: Mapping[str, tuple[str, str]] = {
    "d0.emergency": ("应急措施", "Emergency"),
    "d3.containment": ("临时措施", "Containment"),
    "d5.actions": ("永久措施", "Corrective"),
    "d7.prevention": ("预防与水平展开", "Prevention"),
    "meetings": ("会议决定", "Meeting decision"),
}
OPEN, NO_DATE, LATE, DONE, DONE_LATE, DROPPED = range(6)
STATES = (
    ("进行中", "Open"),
    ("未定日期", "No date"),
    ("逾期", "Overdue"),
    ("已完成", "Done"),
    ("逾期完成", "Done late"),
    ("已撤下", "Dropped"),
)

MEASURE_HEADINGS = (
    #       key             中文         English        whose       look          width
    Heading("case_no", "客诉编号", "Case no.", Who.DAEMON, Look.CODE, 12.5, synonyms=("编号", "投诉编号")),
    Heading("customer", "客户名称", "Customer", Who.DAEMON, Look.LONG, 28, synonyms=("客户",)),
    Heading(
        "measure_kind", "措施类型", "Kind", Who.PEOPLE, Look.CHOICE, 16,
        values=tuple(zh for zh, _ in KINDS.values()), values_en=tuple(en for _, en in KINDS.values()),
        synonyms=("类型",),
    ),
    Heading("what", "措施内容", "Measure", Who.PEOPLE, Look.LONG, 60, synonyms=("措施", "内容")),
    Heading("who", "责任人", "Person in charge", Who.PEOPLE, Look.LONG, 13, synonyms=("负责人", "担当")),
    Heading("due", "计划完成", "Due", Who.PEOPLE, Look.DAY, 12.5, synonyms=("计划完成时间", "计划日期", "截止日期")),
    Heading("done", "实际完成", "Done on", Who.PEOPLE, Look.DAY, 12.5, synonyms=("实际完成时间", "完成日期")),
    Heading("evidence", "证据/备注", "Evidence", Who.PEOPLE, Look.LONG, 36, synonyms=("证据", "备注", "Remarks")),
    Heading(
        "measure_state", "完成状态", "State", Who.BOTH, Look.CHOICE, 12.5,
        values=tuple(zh for zh, _ in STATES), values_en=tuple(en for _, en in STATES), synonyms=("状态",),
    ),
    Heading("hint", "系统提示", "System hint", Who.DAEMON, Look.LONG, 36),
    Heading("id", "系统记录号", "Record id", Who.DAEMON, Look.CODE, 12.5, hidden=True),
)  # fmt: skip
