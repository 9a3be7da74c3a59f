"""A value as a cell can hold it: instants become the company's wall time, links stay inside the folder.  Pure."""

from __future__ import annotations

import re
from datetime import datetime
from math import isfinite
from pathlib import PurePosixPath
from zoneinfo import ZoneInfo

from daemon.core.fields import Kind
from daemon.ledger.columns import Column
from daemon.ledger.text import choice, clean
from daemon.seams import CellValue

LARGEST = 10**15  # Excel keeps fifteen digits of a number
FIRST_YEAR = 1901  # before, Excel's calendar is wrong or there is none

_NOT_IN_TARGETS = re.compile(r'[\x00-\x20"#%<>?\[\]^`{|}\\]')


def fit(value: CellValue, column: Column, zone: ZoneInfo) -> CellValue:
    """Return the value as Excel can hold it: naive wall time, numbers of up to fifteen digits, else text."""
    if isinstance(value, datetime):
        return _wall_time(value, zone)
    if isinstance(value, int | float):
        return value if isfinite(value) and abs(value) < LARGEST else str(value)
    return choice(value) if value and column.kind is Kind.LIST else value


def link_target(path: str) -> str | None:
    """Return a path as a relative link target, None when it would lead out of the ledger's folder."""
    tidy = path.replace("\\", "/")
    outside = ":" in tidy or tidy.startswith("/") or ".." in PurePosixPath(tidy).parts
    if outside or not tidy:
        return None
    return _NOT_IN_TARGETS.sub(lambda found: f"%{ord(found[0]):02X}", clean(tidy))


def _wall_time(instant: datetime, zone: ZoneInfo) -> datetime | str:
    local = instant.astimezone(zone) if instant.tzinfo else instant
    wall = local.replace(tzinfo=None, microsecond=0)
    return wall if wall.year >= FIRST_YEAR else wall.isoformat(" ", "minutes")
