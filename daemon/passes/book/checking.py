"""Whether the workbook shows what the journal says.  Looks only."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.ledger.merge import EMPTY, same, standing
from daemon.passes.book.edits import HINT
from daemon.passes.book.saved import matched, opened
from daemon.passes.book.view import row_now
from daemon.passes.desk import Desk
from daemon.seams import Taken


def differences(desk: Desk, taken: Taken, now: datetime) -> Iterator[str]:
    """Yield what differs, a line each, by the number of the case and the column's header.  Raises BadWorkbook."""
    saved = opened(taken.data, taken.sha256, desk.book)
    base = desk.store.ledger_base()
    rows = matched(saved, base)
    for case in desk.store.cases():
        noted, row = base.get(case.id), rows.found.get(case.id)
        if row is None:
            yield f"{case.number}: " + ("its row was deleted" if noted and not noted.shown else "it has no row")
            continue
        ours = desk.book.puts(row_now(desk, case, now))
        kept = noted.kept if noted else {}
        for key in sorted(saved.columns - kept.keys() - {HINT}):
            theirs = standing(row.cells.get(key, EMPTY))
            if not same(theirs, ours[key].value):
                title = desk.book.columns[key].title
                yield f"{case.number}: {title} is {theirs!r}, and the journal says {ours[key].value!r}"
