"""The factory of the ledger's tests: its people, its process, and one complaint at several stages."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID
from zoneinfo import ZoneInfo

from openpyxl import Workbook, load_workbook

from daemon.core.case import Case, Certainty, Fact, Section, Severity, Status, StepState, StepStatus
from daemon.core.directory import Department, Directory, Person
from daemon.core.fields import CATEGORIES
from daemon.ledger.build import build_workbook
from daemon.ledger.columns import Headers, Layout
from daemon.ledger.rows import CaseFiles
from daemon.processes import shipped_process
from daemon.seams import LedgerRow

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 1, 11, tzinfo=UTC)  # 09:11 in Suzhou
OPENED = NOW - timedelta(days=3)
FILES = CaseFiles("8D/2611003/8D-2611003-r2.docx", "附件/2611003")

PROCESS = shipped_process("8d")

PEOPLE = {
    "wang": Person("wang", "王建国", ("wang@hengyue.example",)),
    "li": Person("li", "李敏", ("li@hengyue.example",)),
    "zhao": Person("zhao", "赵磊", ("zhao@hengyue.example",)),
    "sun": Person("sun", "孙晓", ("sun@hengyue.example",)),
}
DIRECTORY = Directory(
    company="苏州恒越精密部件有限公司",
    company_en="Hengyue Precision",
    domain="hengyue.example",
    mailbox="complaint@hengyue.example",
    people=PEOPLE,
    departments=(
        Department("注塑车间", "zhusu@hengyue.example", "wang", ("zhao",), ("注塑",)),
        Department("质量部", "quality@hengyue.example", "li", ("li",)),
        Department("销售部", "sales@hengyue.example", "sun", ("sun",)),
    ),
    roles={"quality_engineer": ("li",), "quality_manager": ("li",), "sales": ("sun",)},
)
LAYOUT = Layout(
    zone=SHANGHAI,
    departments=tuple(d.name for d in DIRECTORY.departments),
    categories=CATEGORIES,
    extra=PROCESS.facts,
    company=DIRECTORY.company,
)
ENGLISH = replace(LAYOUT, headers=Headers.EN)

FACTS = {
    "customer": Fact("华岳汽车（无锡）有限公司"),
    "site": Fact("无锡二厂"),
    "product_name": Fact("燃油管接头"),
    "part_no": Fact("0012345"),
    "batch_no": Fact("HY260003"),
    "quantity_delivered": Fact(2000),
    "quantity_defective": Fact(13),
    "phenomenon": Fact("接头密封面有划伤，装配后漏油，已停线 2 小时。"),
    "customer_due": Fact("2026-11-24T10:00:00+08:00"),
    "category": Fact("产品质量"),
    "severity": Fact(Severity.CRITICAL.value),
    "department": Fact("注塑车间", Certainty.INFERRED),
    "daily_use": Fact("300"),
}


def open_step(due: timedelta) -> StepState:
    return StepState(StepStatus.OPEN, opened_at=OPENED, due_at=NOW + due)


NEW = Case(
    id=UUID(int=3),
    number="2611003",
    profile="x",
    seq=1,
    opened_at=OPENED,
    reporter="chen@huayue.example",
    reporter_name="陈工",
    forwarded_by="sun@hengyue.example",
    message_id="<1@huayue.example>",
    facts=FACTS,
    steps={"verify": open_step(timedelta(hours=4)), "team": open_step(timedelta(hours=9)), "cause": StepState()},
)
LATE = replace(
    NEW,
    status=Status.WORKING,
    sections={
        "d1.leader": Section("zhao", "zhao", NOW),
        "d3.containment": Section("成品库 1200 件全检，不良 7 件\n客户处 500 件退回", "zhao", NOW),
    },
    steps={"containment": open_step(-timedelta(days=2, hours=3, minutes=5)), "cause": open_step(timedelta(days=1))},
)
CLOSED = replace(LATE, status=Status.CLOSED, closed_at=NOW, round=2, dead_addresses=("x@y.example",))


def row(number: str = "2611003", case: int = 3, **values: object) -> LedgerRow:
    links = {
        key: str(values.pop(f"{key}_link")) for key in ("report_file", "evidence_folder") if f"{key}_link" in values
    }
    return LedgerRow(UUID(int=case), {"case_no": number, **values}, links)  # type: ignore[arg-type]


def opened(*rows: LedgerRow, layout: Layout = LAYOUT) -> Workbook:
    return load_workbook(BytesIO(build_workbook(rows, layout)))


def columns(book: Workbook) -> dict[str, int]:
    """Return the columns of the main sheet by header."""
    return {cell.value: cell.column for cell in book["客诉台账"][1]}
