"""What an administrator wishes for the ledger: another look at all of it, or a new one from the journal."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from daemon.passes.book.further import SHEETS
from daemon.passes.book.reading import BELIEVE, HELD, PUT_BACK, TAKING
from daemon.passes.desk import Desk

SYNC, REBUILD, ADOPT = "ledger.sync", "ledger.rebuild", "ledger.adopt"
ANEW = "ledger.anew"  # the next writing begins from the last good copy, and every row comes back


def sync(desk: Desk, data: Mapping[str, str], now: datetime) -> str:  # noqa: ARG001 - as every order
    """Let the workbook be read and written whether it changed or not; believe what was deleted, when told so."""
    if data.get("deleted"):
        desk.store.remember(BELIEVE, "yes")
    look_again(desk)
    return "the ledger is read and written"


def rebuild(desk: Desk, data: Mapping[str, str], now: datetime) -> str:  # noqa: ARG001 - as every order
    """Let the workbook be made anew from the journal, on the last good copy with people's own columns in it."""
    desk.store.remember(ANEW, "yes")
    look_again(desk)
    return "the ledger is made anew; rows that were deleted come back"


def adopt(desk: Desk, data: Mapping[str, str], now: datetime) -> str:  # noqa: ARG001 - as every order
    """Let the workbook be read as one that was never seen: rows that are no case's are taken over."""
    desk.store.forget_ledger()
    for key, value in ((TAKING, "yes"), (PUT_BACK, ""), (SHEETS, ""), (HELD, "")):
        desk.store.remember(key, value)
    look_again(desk)
    return "the rows of the workbook that are no case yet are taken over; nobody gets a mail"


def look_again(desk: Desk) -> None:
    """Forget what was seen, so that the next pass looks at everything."""
    desk.seen.stamp, desk.seen.revision, desk.seen.shown, desk.seen.known = None, "", (), None
