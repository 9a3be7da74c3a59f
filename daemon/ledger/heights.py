"""How high a row has to be for its long texts: a workbook does not do this by itself for rows that are put in."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from daemon.core.case import Status
from daemon.ledger.columns import Column, Look
from daemon.ledger.text import lines_needed
from daemon.seams import CellValue

LINE_HEIGHT, PADDING = 16.5, 7.5  # points
MOST_LINES, MOST_LINES_CLOSED = 10, 2  # a longer text is all there, and read in the formula bar
LOOKED_AT = 1000  # characters; by then a text has filled its row
CLOSED = frozenset({Status.CLOSED.value, Status.CANCELLED.value})


def row_height(values: Mapping[str, CellValue], columns: Collection[Column]) -> float:
    """Return a row's height in points: its longest text is shown, up to ten lines, of a case that ended two."""
    needed = max(long_lines(values, columns).values(), default=1)
    return min(needed, most_lines(values)) * LINE_HEIGHT + PADDING


def most_lines(values: Mapping[str, CellValue]) -> int:
    """Return how many lines of a text a row shows."""
    return MOST_LINES_CLOSED if values.get("status") in CLOSED else MOST_LINES


def long_lines(values: Mapping[str, CellValue], columns: Collection[Column]) -> dict[str, int]:
    """Return how many lines each long text of a row fills, by key."""
    texts = ((c.key, values.get(c.key), c.width) for c in columns if c.look is Look.LONG)
    return {key: lines_needed(text[:LOOKED_AT], width) for key, text, width in texts if isinstance(text, str)}
