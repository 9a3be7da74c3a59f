"""`kesu ledger`: the workbook read and written at once, made anew, or compared with the journal."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import datetime

from daemon.adapters.files import StateInUse, StateLock
from daemon.adapters.store import open_store
from daemon.adapters.tenure import new_owner, tenure
from daemon.config import Config
from daemon.ledger.sheet import BadWorkbook
from daemon.passes.book.checking import differences
from daemon.passes.book.orders import ADOPT, REBUILD, SYNC, adopt, rebuild, sync
from daemon.passes.desk import Desk
from daemon.passes.ledger import ledger_pass
from daemon.seams import LedgerNotWritable
from daemon.wiring import open_desk, store_address

ORDERS = {SYNC: sync, REBUILD: rebuild, ADOPT: adopt}


def ordered(config: Config, order: str, now: datetime, *, deleted: bool = False) -> Iterator[str]:
    """Let the ledger be read and written, or made anew: now when no daemon runs, else by the one that does.

    With `deleted` rows that are gone were meant to be deleted, however many.  Raises the store's own faults.
    """
    data = {"deleted": "yes" if deleted else ""}
    try:
        with StateLock(config.path(config.service.state) / "kesu.lock").held(now), open_desk(config) as desk:
            owner = new_owner()
            if desk.store.take_lease(owner, config.service.lease_seconds, seize=not config.service.database) is None:
                yield from _queued(config, order, data, now)
                return
            with tenure(desk.store, owner, config.service.lease_seconds):
                yield ORDERS[order](desk, data, now)
                yield from (one.text for one in ledger_pass(desk, now))
    except StateInUse:
        yield from _queued(config, order, data, now)


def _queued(config: Config, order: str, data: dict[str, str], now: datetime) -> Iterator[str]:
    with closing(open_store(store_address(config), upgrade=False)) as store:
        store.queue_command(order, data, now)
    yield "the running daemon does it at its next tick"


def verified(config: Config, now: datetime) -> tuple[str, ...]:
    """Return where the workbook and the journal differ, a line each, and change nothing."""
    with open_desk(config) as desk:
        try:
            return tuple(_found(desk, now))
        except BadWorkbook as bad:
            return (f"the workbook cannot be read ({bad.flaw}): {bad}",)
        except LedgerNotWritable as fault:
            return (f"the workbook cannot be read now: {fault}",)


def _found(desk: Desk, now: datetime) -> Iterator[str]:
    taken = desk.ledger.read()
    if taken is None:
        yield "there is no workbook; the daemon makes one at its next tick"
        return
    yield from differences(desk, taken, now)
