"""The shared ledger once a tick: what people saved is read and decided; then the rows are brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.passes.book.sources import find
from daemon.passes.book.updating import ERROR, bring_up_to_date
from daemon.passes.desk import Desk, Happening
from daemon.passes.troubles import begin
from daemon.seams import LedgerNotWritable


def ledger_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Read what people saved, and write what has changed when nobody has the workbook open."""
    try:
        source = yield from find(desk, now)
        yield from bring_up_to_date(desk, source, now)
    except LedgerNotWritable as fault:
        if desk.store.recall(ERROR) != str(fault):
            yield Happening("ledger.waits", str(fault))
        desk.store.remember(ERROR, str(fault))
        begin(desk.store, "ledger", now, str(fault), locked=fault.locked)
