"""A workbook as we know it: only the rows of the cases that moved on are read, and written where they differ.

It is known once all of it was looked at, until people save another one.  Where a row is not as it was noted, all of it
is looked at anew.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from daemon.core.case import Case
from daemon.ledger.identity import Matched, folded, number_in
from daemon.ledger.sheet import SeenRow
from daemon.passes.book.reading import HELD
from daemon.passes.book.saved import opened
from daemon.passes.book.writing import Draft
from daemon.passes.desk import Desk, KnownFile


def known_draft(desk: Desk, data: bytes, sha256: str, now: datetime) -> tuple[Draft, Sequence[Case]] | None:
    """Return what is to be brought up to date in a workbook that we know, and for which cases; else None."""
    known = desk.seen.known
    if known is None or not known.sha256 == sha256 == desk.store.ledger_sha256() or desk.store.recall(HELD):
        return None
    stale = tuple(desk.store.ledger_stale(now))
    held = {case for one in known.others.held for case in one.cases}
    if any(case.id in held for case in stale):
        return None
    base = desk.store.ledger_base([case.id for case in stale])
    shown = [(base[case.id].place, case) for case in stale if case.id in base and base[case.id].shown]
    places = dict(shown)
    saved = opened(data, sha256, desk.book, places.__contains__)
    rows = {row.number: row for row in saved.rows}
    if len(places) < len(shown) or not all(_is_there(rows, *one) for one in shown):
        return None
    found = {case.id: rows[place] for place, case in shown}
    return Draft(desk, saved, base, replace(known.others, found=found), now, known.last), stale


def know(desk: Desk, sha256: str, rows: Matched, last: int) -> None:
    """Note that all rows of a workbook stand as was noted, but for those that are no case's."""
    desk.seen.known = KnownFile(sha256, replace(rows, found={}, gone=()), last)


def _is_there(rows: Mapping[int, SeenRow], place: int, case: Case) -> bool:
    return place in rows and number_in(rows[place]) == folded(case.number)
