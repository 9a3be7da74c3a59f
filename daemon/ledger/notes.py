"""What people write into the ledger's sheet that is no complaint: notes, legends and totals below the rows.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import replace

from daemon.ledger.identity import NUMBER, Matched
from daemon.ledger.merge import look, standing
from daemon.ledger.sheet import SeenRow

TOTALS = re.compile(
    r"(?:本页|本月|本年|全年)?(?:合计|总计|小计|共计|汇总|合計|總計|小計|平均)|(?:sub|grand )?totals?|sum",
    re.IGNORECASE,
)


def without_notes(found: Matched, rows: Iterable[SeenRow]) -> Matched:
    """Return what the rows are without those that nobody meant as a complaint; a row of a case is never a note."""
    filled = frozenset(row.number for row in rows)
    new = tuple(row for row in found.new if not is_note(row, apart=row.number - 1 not in filled))
    unknown = tuple(row for row in found.unknown if not is_note(row, apart=row.number - 1 not in filled))
    return replace(found, new=new, unknown=unknown)


def is_note(row: SeenRow, *, apart: bool) -> bool:
    """Tell whether a row without a case is a note: computed alone, a total, a single cell that stands `apart`.

    A number without a figure in it, and nothing beside it, is none either: 说明：每周五例会.
    """
    typed = {key: look(standing(seen)) for key, seen in row.cells.items() if not (seen.formula or seen.error)}
    if not typed or any(TOTALS.fullmatch(text.rstrip(":：")) for text in typed.values()):
        return True
    return len(typed) == 1 and (apart or not re.search(r"\d", typed.get(NUMBER, "0")))
