"""A save joined with what else was saved and written at the same time: the version it came from, and what it lacks.

Nearly every save comes from the newest version and is taken as it is.  One that comes from an older one has only that
changed which differs from the older one; what the newest has beyond it is carried into it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from hashlib import sha256

from daemon.ledger.changes import CHANGE_HEADINGS, CHANGES_SHEET
from daemon.ledger.descent import Carried, Overwritten, Page, carried, page
from daemon.ledger.further import wanted_for
from daemon.ledger.identity import Matched, folded, number_in
from daemon.ledger.merge import settled
from daemon.ledger.patching import patched
from daemon.ledger.reading import Workbook, open_workbook
from daemon.ledger.sheet import BadWorkbook, SeenRow
from daemon.passes.book.saved import Base, Saved, matched, opened
from daemon.passes.desk import Desk
from daemon.seams import BaseRow, Change


@dataclass(frozen=True, slots=True)
class Joined:
    """A save with what the newest version has beyond it; `parent` is the older version that it came from."""

    saved: Saved
    parent: Saved | None = None
    overwritten: tuple[Overwritten, ...] = ()


def joined(desk: Desk, saved: Saved, parent: str) -> Joined:
    """Return a save from a version with this hash, made whole by the newest; raises KeyError when one is not kept."""
    older, newest = _version(desk, parent), _version(desk, desk.store.ledger_sha256() or "")
    base = desk.store.ledger_base()
    theirs, before, now = (_page(one, base) for one in (saved, older, newest))
    found = carried(theirs, before, now)
    data = _with(saved.workbook, found)
    data = _with_changes(desk, data or saved.data, older.workbook, newest.workbook) or data
    whole = opened(data, sha256(data).hexdigest(), desk.book) if data else saved
    return Joined(whole, older, found.overwritten)


def _version(desk: Desk, digest: str) -> Saved:
    data = desk.copies.good(digest)
    if data is None:
        raise KeyError(digest)
    return opened(data, digest, desk.book)


def versions_of(desk: Desk, digests: Iterable[str]) -> Iterator[Saved]:
    """Yield those of the versions with these hashes that are kept and can be read."""
    for digest in digests:
        with suppress(KeyError, BadWorkbook):
            yield _version(desk, digest)


def _page(saved: Saved, base: Base) -> Page:
    rows = matched(saved, base).found
    return page(saved.workbook, saved.sheet, {row.number: folded(base[case].number) for case, row in rows.items()})


def _with(workbook: Workbook, found: Carried) -> bytes | None:
    return None if found.patch.is_empty else patched(workbook, found.sheet, found.patch)


def _with_changes(desk: Desk, data: bytes, parent: Workbook, newest: Workbook) -> bytes | None:
    """Return a workbook with those lines of 变更记录 that the newest version has beyond the parent, None for none."""
    workbook = open_workbook(data)
    pages = [_changes(desk, one) for one in (workbook, parent, newest)]
    if any(one is None for one in pages):
        return None
    theirs, before, now = (one for one in pages if one)
    return _with(workbook, carried(theirs, before, now))


def _changes(desk: Desk, workbook: Workbook) -> Page | None:
    try:
        sheet = workbook.find(wanted_for(CHANGE_HEADINGS, desk.layout), (CHANGES_SHEET,))
    except BadWorkbook:
        return None
    return page(workbook, sheet, {}) if sheet.title == CHANGES_SHEET else None


def from_parent(saved: Saved, parent: Saved, base: Base, older: Iterable[Saved] = ()) -> tuple[Base, Matched]:
    """Return what stood in the rows of the version that a file was saved from, and which row is which case.

    A row that the version had not is in the file only by its number, and nobody deleted it; it is as it was in one of
    the `older` ones that the file may come from too, else no change of people.  One that was held there was not read,
    and is as we know it.
    """
    known, numbers = matched(parent, base), {number_in(row) for row in saved.rows}
    there, unread = known.found, {case for one in known.held for case in one.cases}
    may_be = {case: row for case, row in base.items() if case in there or folded(row.number) in numbers}
    before = {case: _as_it_was(row, parent, there.get(case)) for case, row in may_be.items()}
    rows = matched(saved, before)
    strange = {case: row for case, row in rows.found.items() if case not in there}
    for version in older if strange else ():
        seen = matched(version, base).found
        before |= {case: _as_it_was(base[case], version, seen[case]) for case in strange if case in seen}
        strange = {case: row for case, row in strange.items() if case not in seen}
    new = {case: settled(row.cells, saved.columns, {}) for case, row in strange.items() if case not in unread}
    before |= {case: replace(before[case], cells=cells, seq=-1) for case, cells in new.items()}
    gone = tuple(case for case in rows.gone if case in there)
    return before, replace(rows, gone=gone)


def _as_it_was(row: BaseRow, version: Saved, seen: SeenRow | None) -> BaseRow:
    """Return what stood in a row of an older version; a column that it had not is as it is now."""
    if seen is None:
        return row
    away = {key: value for key, value in row.cells.items() if key not in version.columns}
    return replace(row, cells={**away, **settled(seen.cells, version.columns, {})}, place=seen.number, seq=-1)


def overwritten_changes(found: Sequence[Overwritten], now: datetime, where: str) -> Iterator[Change]:
    """Yield a line of 变更记录 for each cell of people's own that a save at the same moment has done away with."""
    for one in found:
        yield Change(now, one.number, one.title, one.value, one.instead, where, where, "两人同时保存，以后保存的为准")
