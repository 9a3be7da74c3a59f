"""The rows brought up to date: patched, shown to everybody at once, and saved when nobody has the workbook open."""

from __future__ import annotations

import json
import logging
from collections.abc import Container, Generator, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from daemon.core.case import Case
from daemon.ledger.identity import Matched
from daemon.ledger.mark import marked
from daemon.ledger.patching import patched
from daemon.passes.book.further import Further, with_further_sheets
from daemon.passes.book.kindly import ask_to_close
from daemon.passes.book.known import know, known_draft
from daemon.passes.book.reading import HELD, PUT_BACK, compared, take_in
from daemon.passes.book.saved import last_row, opened
from daemon.passes.book.sources import Source, back_up
from daemon.passes.book.versions import INTENDED, MARK, keep_copy, next_mark, note_versions
from daemon.passes.book.writing import Draft, Plan, planned
from daemon.passes.desk import Desk, Happening
from daemon.passes.troubles import end
from daemon.seams import LedgerNotWritable, Store, Taken

log = logging.getLogger(__name__)

ERROR = "ledger.error"
WRITTEN_AT = "ledger.written_at"
PATIENCE = timedelta(minutes=1)  # while mails come in by the batch, the rows of a batch wait at most so long
ROUNDS = 3  # of merging what people saved while we replaced; the rest is for the next tick


def bring_up_to_date(desk: Desk, source: Source, now: datetime) -> Iterator[Happening]:
    """Write what has changed; what people save at that very moment is read, and written to instead."""
    for _ in range(ROUNDS):
        theirs = yield from _written(desk, source, now)
        if theirs is None:
            return
        in_place = desk.store.recall(INTENDED) or ""
        whole = yield from take_in(desk, opened(theirs.data, theirs.sha256, desk.book), now, in_place)
        source = Source(whole.data, in_place, changed=True, everything=True, settles=theirs.sha256)


def _written(desk: Desk, source: Source, now: datetime) -> Generator[Happening, None, Taken | None]:
    """Write what has changed, if anything has; return what people saved at that moment."""
    revision = desk.store.revision()
    if source.changed:
        desk.seen.revision = ""  # what was read is answered in the workbook, however long somebody has it open
    moved = revision != desk.seen.revision or desk.store.ledger_due(now)
    if not (moved or source.changed) or _more_to_come(desk, now):
        return None
    state = (revision, source.in_place or "", f"{now:%Y-%m-%dT%H}")
    someone = desk.ledger.opened_by(now)
    if (someone or desk.store.recall(HELD)) and desk.seen.shown == state and not source.changed:
        if someone:  # the read-only copy shows everything already
            yield from ask_to_close(desk, someone, now)
        return None
    data = source.data or _in_place(desk, source)
    if data is None:
        return None
    draft, stale = _looked_at(desk, source, data, now)
    plan = planned(draft, stale)
    for number, why in plan.failed.items():
        yield Happening("ledger.row_failed", f"台账行未能更新：{why}", number)
    further = with_further_sheets(desk, _patched(draft, plan), stale, now)
    new = further.data
    if new == data and source.in_place == draft.saved.sha256:
        desk.store.keep_ledger(plan.rows)
        desk.store.keep_measures(further.measures)
        _done(desk, revision)
        return None
    _publish(desk, new)
    desk.seen.shown = state
    if desk.store.recall(HELD):
        return None
    back_up(desk, data, now)
    return (yield from _replaced(desk, source, plan, further, now))


def _in_place(desk: Desk, source: Source) -> bytes | None:
    """Return the workbook that stands in place, None when people saved another just now: the next tick reads that."""
    taken = desk.ledger.read()
    return taken.data if taken and taken.sha256 == source.in_place else None


def _looked_at(desk: Desk, source: Source, data: bytes, now: datetime) -> tuple[Draft, Iterable[Case]]:
    """Return what is to be brought up to date, and the cases whose rows are to be made anew."""
    digest = sha256(data).hexdigest()
    known = None if source.everything else known_draft(desk, data, digest, now)
    if known:
        return known
    draft = _draft(desk, data, digest, now)
    if source.everything or draft.back:
        return draft, Every(desk.store)
    stale = tuple(desk.store.ledger_stale(now))
    lost = tuple(_lost(desk, draft, {case.id for case in stale}))
    if not lost:
        know(desk, digest, draft.matched, draft.last)
    return draft, (*stale, *lost)


def _draft(desk: Desk, data: bytes, digest: str, now: datetime) -> Draft:
    saved = opened(data, digest, desk.book)
    base, rows = compared(desk, saved)
    before = set(json.loads(desk.store.recall(PUT_BACK) or "[]"))
    return Draft(desk, saved, base, rows, now, last_row(saved, rows), frozenset(set(saved.sheet.missing) - before))


@dataclass(frozen=True, slots=True)
class Every:
    """Every case that there is, read from the store each time one goes through them."""

    store: Store

    def __iter__(self) -> Iterator[Case]:
        return iter(self.store.cases())


def _lost(desk: Desk, draft: Draft, stale: Container[UUID]) -> Iterator[Case]:
    """Yield the cases whose rows the file has lost, and no person deleted, beside those that are made anew anyway."""
    perhaps = {case for held in draft.matched.held for case in held.cases}
    shown = (case for case, row in desk.store.ledger_base().items() if row.shown)
    lost = (case for case in shown if case not in draft.matched.found and case not in perhaps and case not in stale)
    yield from (desk.store.case(case) for case in lost)


def _patched(draft: Draft, plan: Plan) -> bytes:
    return patched(draft.saved.workbook, draft.saved.sheet, plan.patch)


def _publish(desk: Desk, data: bytes) -> None:
    """Show the new state in the read-only copy; that it cannot be replaced now is no fault, and it is tried again."""
    fault = desk.copies.publish(data)
    if fault:
        log.info("the read-only copy of the ledger waits: %s", fault)


def _replaced(
    desk: Desk, source: Source, plan: Plan, new: Further, now: datetime
) -> Generator[Happening, None, Taken | None]:
    """Put the new state in place when nobody has the workbook open; return what people saved at that moment."""
    revision = desk.store.revision()
    mark = next_mark(desk)
    data = marked(new.data, mark)
    digest = sha256(data).hexdigest()
    keep_copy(desk, data)
    with desk.store.together():
        desk.store.remember(INTENDED, digest)
        desk.store.remember(MARK, mark)
    try:
        swapped = desk.ledger.replace(data, source.in_place, now)
    except LedgerNotWritable:
        desk.copies.forget_good(digest)
        raise
    if swapped.theirs:
        return swapped.theirs
    back = {*json.loads(desk.store.recall(PUT_BACK) or "[]"), *(one.key for one in plan.patch.columns)}
    with desk.store.together():
        desk.store.keep_ledger(plan.rows, swapped.sha256)
        desk.store.keep_measures(new.measures)
        desk.store.add_generation(swapped.sha256, plan.old)
        desk.store.remember(PUT_BACK, json.dumps(sorted(back)))
        desk.store.remember(WRITTEN_AT, now.isoformat())
        desk.store.remember(INTENDED, "")
        note_versions(desk, {swapped.sha256: mark})
        for key, value in new.marks.items():
            desk.store.remember(key, value)
    if not plan.held:  # what was to be said in rows that are no case's stands there now
        know(desk, swapped.sha256, Matched(), plan.patch.after + len(plan.patch.rows))
    if source.settles:
        desk.ledger.settle([source.settles], now)
    desk.seen.stamp = swapped.stamp
    _done(desk, revision)
    yield Happening("ledger.written", f"台账已更新：{len(plan.patch.cells)} 行改动，{len(plan.patch.rows)} 行新增")
    return None


def _done(desk: Desk, revision: str) -> None:
    desk.seen.revision = revision
    desk.store.remember(ERROR, "")
    end(desk.store, "ledger")


def _more_to_come(desk: Desk, now: datetime) -> bool:
    """Tell whether the rows can wait: a flood of complaints comes in, and the workbook was written just now."""
    written = desk.store.recall(WRITTEN_AT)
    if not written or now - datetime.fromisoformat(written) >= PATIENCE:
        return False
    return sum(1 for _ in desk.store.cases_since(now)) > desk.config.service.batch // 2
