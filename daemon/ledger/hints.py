"""What the daemon has to say about a row (系统提示): what is missing, unsure or waiting for somebody.  Words only."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from daemon.core.case import Case, Certainty
from daemon.core.directory import Directory
from daemon.core.fields import BY_KEY
from daemon.core.process import Process
from daemon.core.raising import raised_because
from daemon.core.roles import responsible

UNKNOWN_TARGET = "?"  # a department wants to be rid of a case and does not say who should have it
NEEDED = ("customer", "phenomenon", "batch_no", "quantity_defective")
PRODUCT = ("product_name", "part_no")


def hint_of(case: Case, process: Process, directory: Directory) -> str:
    """Return what people should look at in this case, a line each; nothing once it is closed."""
    return "\n".join(_hints(case, process, directory)) if case.is_open else ""


def _hints(case: Case, process: Process, directory: Directory) -> Iterator[str]:
    yield from _department(case, directory)
    yield from _transfer(case, process)
    yield from (f"邮件送不到 {address}，请核对地址" for address in case.dead_addresses)
    if why := raised_because(case, process, "zh-CN"):
        yield f"等级自动提高为{case.severity.value}：{why}"
    if missing := _titles(_missing(case)):
        yield f"缺少：{missing}"
    if unsure := _titles(_unsure(case)):
        yield f"系统推断，请核对：{unsure}"


def _department(case: Case, directory: Directory) -> Iterator[str]:
    name = case.text("department")
    if not name:
        yield "责任部门未定，请质量部在核实邮件中指定"
    elif responsible(case, directory) is None:
        yield f"责任部门“{name}”不在部门名单中，请质量部指定"


def _transfer(case: Case, process: Process) -> Iterator[str]:
    if case.transfer_asked == UNKNOWN_TARGET:
        yield "责任部门要求转出，未说明转给谁，请质量部决定"
    elif case.transfer_asked:
        yield f"责任部门要求转给“{case.transfer_asked}”，请质量部决定"
    if case.transfers and case.transfers >= process.most_transfers:
        yield f"已转部门 {case.transfers} 次，不再转派，请质量部协调"


def _missing(case: Case) -> Iterator[str]:
    yield from (key for key in NEEDED if not case.text(key))
    if not any(case.text(key) for key in PRODUCT):
        yield PRODUCT[0]


def _unsure(case: Case) -> Iterator[str]:
    return (key for key, fact in case.facts.items() if fact.certainty is Certainty.INFERRED and key in BY_KEY)


def _titles(keys: Iterable[str]) -> str:
    return "、".join(BY_KEY[key].header for key in keys)
