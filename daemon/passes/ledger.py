"""The shared ledger once a tick: what people saved is read and decided; then the rows are brought up to date."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.ledger.names import LEDGER_NAME
from daemon.ledger.sheet import BadWorkbook
from daemon.passes.book.sources import find
from daemon.passes.book.updating import ERROR, bring_up_to_date
from daemon.passes.desk import Desk, Happening
from daemon.passes.troubles import begin
from daemon.seams import LedgerNotWritable

MEND = "Take that out, or run `kesu ledger rebuild`; what people typed is read all the same, and nothing is lost"


def ledger_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Read what people saved, and write what has changed when nobody has the workbook open."""
    try:
        source = yield from find(desk, now)
        yield from bring_up_to_date(desk, source, now)
    except LedgerNotWritable as fault:
        yield from _waits(desk, str(fault), now, locked=fault.locked)
    except BadWorkbook as bad:
        yield from _waits(desk, f"{LEDGER_NAME} cannot be written to without tearing something: {bad}. {MEND}", now)


def _waits(desk: Desk, why: str, now: datetime, *, locked: bool = False) -> Iterator[Happening]:
    """Note why the ledger is behind, and say so once."""
    if desk.store.recall(ERROR) != why:
        yield Happening("ledger.waits", why)
    desk.store.remember(ERROR, why)
    begin(desk.store, "ledger", now, why, locked=locked)
