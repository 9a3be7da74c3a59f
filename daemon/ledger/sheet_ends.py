"""What stands in a sheet before and after its rows: how far it reaches, its colours, lists, filters, cells.  Pure."""

from __future__ import annotations

from dataclasses import replace

from daemon.ledger.following import Follower
from daemon.ledger.markup import Edits, tags
from daemon.ledger.references import LAST_ROW, ONE_REF, Area, Change
from daemon.ledger.row_writer import Plan


def with_dimension(head: bytes, change: Change, plan: Plan, last_row: int) -> bytes:
    """Return the part before the rows, with how far the cells reach."""
    edits = Edits(head)
    for tag in tags(head):
        ref = tag.attributes.get("ref", "")
        if tag.name == "dimension" and ONE_REF.fullmatch(ref):
            area = Area.of(ref)
            columns = [
                column for fill in (*plan.fills.values(), *(fill for fill, _ in plan.rows.values())) for column in fill
            ]
            rows = [change.row(min(max(area.bottom, last_row), LAST_ROW)), *map(change.row, plan.fills), *plan.rows]
            wide = replace(
                area,
                top=min(area.top, *rows),
                left=min((area.left, *columns)),
                bottom=max(rows) if (change.by or max(rows) > area.bottom) else area.bottom,
                right=max((area.right, *columns)),
            )
            if wide != area:
                edits.attribute(tag, "ref", wide.ref)
    return edits.done()


def with_tail(tail: bytes, prefix: bytes, change: Change, part: str) -> bytes:
    """Return the part after the rows, with its references as they are now."""
    if change.is_nothing:
        return tail
    start = tail.find(b"<%shyperlinks" % prefix)
    end = tail.find(b"</%shyperlinks" % prefix)
    follower = Follower(change, part, own=True)
    if change.by or not 0 <= start < end:
        return follower.rewritten(tail)
    return follower.rewritten(tail[:start]) + tail[start:end] + follower.rewritten(tail[end:])
