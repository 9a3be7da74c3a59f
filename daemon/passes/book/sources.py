"""Where the workbook stands: in place as we know it, saved by people, missing, broken, or swapped out by us unread."""

from __future__ import annotations

import logging
from collections.abc import Collection, Generator
from dataclasses import dataclass, replace
from datetime import datetime

from daemon.ledger.names import LEDGER_NAME
from daemon.ledger.sheet import BadWorkbook
from daemon.passes.book.further import SHEETS
from daemon.passes.book.orders import ANEW
from daemon.passes.book.reading import BELIEVE, HELD, PUT_BACK, note_as_written, take_in
from daemon.passes.book.saved import opened
from daemon.passes.book.versions import INTENDED, WAITS, hashes_known, note_versions
from daemon.passes.desk import Desk, Happening
from daemon.seams import Taken

log = logging.getLogger(__name__)

Found = Generator[Happening, None, "Source"]


@dataclass(frozen=True, slots=True)
class Source:
    """The workbook that the next writing begins from, and the hash of what stands in its place; None for nothing.

    `data` is None when nothing has changed and it was not read.  `changed` tells that people saved it, `whole` that
    no row can be trusted to stand as it was noted.  `settles` is the hash of what was swapped out and is merged here.
    """

    data: bytes | None
    in_place: str | None
    changed: bool = False
    everything: bool = False
    settles: str = ""


def find(desk: Desk, now: datetime) -> Found:
    """Read what people saved since the last look, decide it, and return what to write to."""
    known = hashes_known(desk)
    yield from _settled(desk, known, now)
    if desk.store.recall(ANEW):
        return (yield from _anew(desk, now))
    pending = desk.ledger.left_over(known)
    if pending:
        return (yield from _swapped_out(desk, pending, now))
    stamp = desk.ledger.stamp()
    if stamp is None:
        return _last_good(desk)
    if stamp == desk.seen.stamp:
        return Source(None, desk.store.ledger_sha256())
    taken = desk.ledger.read()
    if taken is None:
        return _last_good(desk)
    source = yield from _saved(desk, taken, now)
    desk.seen.stamp = taken.stamp if source.in_place == desk.store.ledger_sha256() else None
    return source


def _settled(desk: Desk, known: Collection[str], now: datetime) -> Generator[Happening]:
    """Let go of the versions that were swapped out and dealt with; one that cannot be read is told to quality."""
    for path in desk.ledger.settle(known, now):
        values = {"file": path.name, "why": "broken", "rebuilt": False}
        desk.store.plan(desk.envelopes(desk.to_quality("ledger_aside", values), None, now), now)
        yield Happening("ledger.aside", f"台账的一个版本无法读取，另存为 {path.name}")


def _saved(desk: Desk, taken: Taken, now: datetime) -> Found:
    """Deal with the file that stands in place."""
    newest = desk.store.ledger_sha256()
    if taken.sha256 == newest and not desk.store.recall(BELIEVE):
        return Source(taken.data, taken.sha256)
    if taken.sha256 == desk.store.recall(WAITS) and (data := desk.copies.good(newest or "")):
        return Source(data, taken.sha256, everything=True)
    try:
        saved = opened(taken.data, taken.sha256, desk.book)
    except BadWorkbook as bad:
        return (yield from _set_aside(desk, taken, bad, now))
    if taken.sha256 == desk.store.recall(INTENDED):
        note_as_written(desk, saved)
        note_versions(desk, {taken.sha256: saved.mark})
        return Source(taken.data, taken.sha256, changed=True)
    whole = yield from take_in(desk, saved, now)
    return Source(whole.data, taken.sha256, changed=True, everything=whole is not saved)


def _swapped_out(desk: Desk, pending: Taken, now: datetime) -> Found:
    """Deal with a version that people saved at the moment when we replaced it, and with what stands in place now."""
    try:
        theirs = opened(pending.data, pending.sha256, desk.book)
    except BadWorkbook as bad:
        yield from _kept_beside(desk, pending, bad.flaw.value, now)
        return Source(None, desk.store.ledger_sha256())
    ours = desk.store.recall(INTENDED) or desk.store.ledger_sha256() or ""
    whole = yield from take_in(desk, theirs, now, ours)
    in_place = desk.ledger.read()
    if in_place and in_place.sha256 != ours:  # somebody has changed it meanwhile
        source = yield from _saved(desk, in_place, now)
        return replace(source, settles=pending.sha256)
    where = in_place.sha256 if in_place else None
    return Source(whole.data, where, changed=True, everything=True, settles=pending.sha256)


def _set_aside(desk: Desk, taken: Taken, bad: BadWorkbook, now: datetime) -> Found:
    """Set a file aside that cannot be the ledger, tell quality, and go on from the last good copy."""
    path = desk.ledger.set_aside(taken.sha256, now)
    if path is None:  # it is another file by now
        return Source(None, None)
    values = {"file": path.name, "why": bad.flaw.value, "rebuilt": True}
    desk.store.plan(desk.envelopes(desk.to_quality("ledger_aside", values), None, now), now)
    yield Happening("ledger.aside", f"台账无法读取（{bad.flaw}：{bad}），原件另存为 {path.name}")
    return _last_good(desk)


def _kept_beside(desk: Desk, taken: Taken, why: str, now: datetime) -> Generator[Happening]:
    """Lay a version of the ledger beside it under a name of its own, and tell quality."""
    name = LEDGER_NAME.replace(".", f"-另存-{now.astimezone(desk.zone):%Y%m%d-%H%M%S}.")
    desk.put_file(desk.shelf / name, taken.data)
    desk.ledger.settle([taken.sha256], now)
    values = {"file": name, "why": why, "rebuilt": False}
    desk.store.plan(desk.envelopes(desk.to_quality("ledger_aside", values), None, now), now)
    yield Happening("ledger.aside", f"台账同时被多人保存，其中一份另存为 {name}")


def _anew(desk: Desk, now: datetime) -> Found:
    """Read what people saved once more, and begin the next writing from the last good copy, with every row there is."""
    taken = desk.ledger.read()
    if taken and taken.sha256 not in hashes_known(desk):
        yield from _saved(desk, taken, now)
    with desk.store.together():
        desk.store.keep_ledger(replace(row, shown=True, seq=-1) for row in desk.store.ledger_base().values())
        desk.store.remember(HELD, "")
        desk.store.remember(PUT_BACK, "")
        desk.store.remember(SHEETS, "")
        desk.store.remember(ANEW, "")
    there = desk.ledger.read()
    return replace(_last_good(desk), in_place=there.sha256 if there else None)


def _last_good(desk: Desk) -> Source:
    """Return the last copy that was whole, or a new workbook; every row is looked at."""
    from daemon.ledger.build import skeleton  # noqa: PLC0415 - openpyxl is 10 MB that a daemon at rest can spare

    return Source(desk.copies.last_good() or skeleton(desk.layout), None, changed=True, everything=True)


def back_up(desk: Desk, data: bytes, now: datetime) -> None:
    """Keep the state before the first change of a day; a fault is logged."""
    day = now.astimezone(desk.zone).date()
    fault = desk.copies.keep_daily(data, day, desk.config.ledger.backups)
    if fault:
        log.warning("the backup of the ledger could not be kept: %s", fault)
