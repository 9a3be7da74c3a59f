"""What is said in 系统提示 about what people typed: one line each, Chinese first, with what to do next.  Words only."""

from __future__ import annotations

from collections.abc import Sequence

NOT_READ = "本行的改动未能读取，已保留；请管理员查看日志"
ROW_DELETED = "有人删除了本行；案件仍在，登记不变"


def missing_for_registration(titles: Sequence[str]) -> str:
    """Say what a typed row still needs to be a complaint."""
    return f"还缺：{'、'.join(titles)}。填好并保存后自动登记编号"


def unknown_number(number: str) -> str:
    """Say that a row has a number that the system never gave."""
    return f"系统中没有编号 {number}。如为新投诉，请清空编号，由系统登记；否则请核对"


def request_sent(title: str, value: str, names: Sequence[str]) -> str:
    """Say that a verdict was typed that somebody else has to confirm by mail."""
    return f"“{title}：{value}”已请 {'、'.join(names) or '有权人'} 邮件确认，确认后生效"


def both_changed(title: str, lost: str) -> str:
    """Say that a cell was changed by people and by mail at the same time."""
    return f"“{title}”同时被改，以台账为准；另一值“{lost[:20]}”见变更记录"


def column_back(titles: Sequence[str]) -> str:
    """Say that columns of the ledger were gone and stand at the end again."""
    return f"台账里没有列“{'”“'.join(titles)}”，已补在最右侧；不需要可以删除，不会再补"
