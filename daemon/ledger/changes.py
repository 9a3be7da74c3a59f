"""The sheet 变更记录: who changed what, when, from where.  Written by the daemon, a row a change; read by people."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from daemon.core.fields import Who
from daemon.ledger.columns import Layout, Look
from daemon.ledger.further import Heading, columns_for
from daemon.ledger.heights import row_height
from daemon.ledger.sheet import NewRow, Put
from daemon.seams import CellValue, Change

CHANGES_SHEET = "变更记录"
CHANGES_TABLE = "变更记录表"

CHANGE_HEADINGS = (
    #       key       中文        English       whose       look          width
    Heading("at", "时间", "When", Who.DAEMON, Look.MOMENT, 17),
    Heading("number", "客诉编号", "Case no.", Who.DAEMON, Look.CODE, 12.5),
    Heading("column", "列", "Column", Who.DAEMON, Look.LONG, 18),
    Heading("before", "原值", "Before", Who.DAEMON, Look.LONG, 36),
    Heading("after", "新值", "After", Who.DAEMON, Look.LONG, 36),
    Heading("who", "谁", "Who", Who.DAEMON, Look.LONG, 22),
    Heading("where", "从哪里", "From where", Who.DAEMON, Look.LONG, 18),
    Heading("why", "说明", "Why", Who.DAEMON, Look.LONG, 44),
)


def change_row(change: Change, layout: Layout) -> NewRow:
    """Return a change as a row of the sheet, instants as the company's wall time."""
    values: dict[str, CellValue] = {
        "at": _wall(change.at, layout.zone),
        "number": change.number,
        "column": change.column,
        "before": shown(change.before, layout.zone),
        "after": shown(change.after, layout.zone),
        "who": change.who,
        "where": change.where,
        "why": change.why,
    }
    cells = {key: Put(value) for key, value in values.items() if value not in (None, "")}
    return NewRow(cells, row_height(values, columns_for(CHANGE_HEADINGS, layout)))


def shown(value: CellValue, zone: ZoneInfo) -> str:
    """Return a value as text for people: the sheet shows values of every kind below each other."""
    if isinstance(value, datetime):
        return f"{_wall(value, zone):%Y-%m-%d %H:%M}"
    return "" if value is None else str(value)


def _wall(moment: datetime, zone: ZoneInfo) -> datetime:
    local = moment.astimezone(zone) if moment.tzinfo else moment
    return local.replace(tzinfo=None, microsecond=0)
