"""What people saved in the workbook: compared with what stood there, row by row, and decided like mails."""

from __future__ import annotations

import logging
from collections.abc import Collection, Generator, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from daemon.core.case import Case
from daemon.ledger.identity import NUMBER, Held, Matched, deletions_believed, is_ours, shuffled
from daemon.ledger.merge import EMPTY, Edit, edits, look, rolled_back, settled, standing, undone
from daemon.ledger.names import BACKUPS, LEDGER_NAME, LIVE_NAME
from daemon.ledger.sheet import BadWorkbook, SeenRow
from daemon.ledger.shown import values_of
from daemon.ledger.words import NOT_READ, ROW_DELETED
from daemon.notices.whys import SORTED_APART
from daemon.passes.book.adopting import adopt
from daemon.passes.book.edits import HINT, LEDGER, Source, row_changed
from daemon.passes.book.further import forget_sheets_of, take_in_lists
from daemon.passes.book.joining import Joined, from_parent, joined, overwritten_changes, versions_of
from daemon.passes.book.measures import take_in_measures
from daemon.passes.book.registering import missing, register_row
from daemon.passes.book.saved import Base, Saved, matched, writings
from daemon.passes.book.versions import INTENDED, MARK, WAITS, keep_copy, note_versions, saved_from
from daemon.passes.book.view import row_now
from daemon.passes.desk import Desk, Happening
from daemon.seams import BaseRow, CellValue, Change

log = logging.getLogger(__name__)

HELD = "ledger.held"  # the hash of a file from which more rows are gone than we believe
PUT_BACK = "ledger.put_back"  # the columns that were put back once
TAKING = "ledger.taking"  # an administrator says that the workbook is one that people kept
BELIEVE = "ledger.believe"  # an administrator says that rows were meant to be deleted
APART = "ledger.apart"  # the hash of a file that was told of
MOST_NAMED = 20  # of the rows that are gone


def take_in(desk: Desk, saved: Saved, now: datetime, in_place: str = "") -> Generator[Happening, None, Saved]:
    """Decide all that people changed in the version that they opened; a row that fails is its own.

    `in_place` is the hash of what stands in its place, where that is another file.  Returns what the next writing
    begins from: the file, with what others saved meanwhile.
    """
    yield from _first_seen(desk, saved, now)
    base, rows, join = _compared(desk, saved)
    take_in_lists(desk, saved.workbook, added_only=join.parent is not None)
    changed = {case: edits(base[case].cells, row.cells, saved.columns) for case, row in rows.found.items()}
    apart = shuffled(changed)
    if apart:
        yield from _sorted_apart(desk, saved, apart, now)
    for case, row in rows.found.items():
        found = tuple(one for one in changed[case] if one.key not in apart)
        if found:
            yield from _decided(desk, base[case], found, source(saved, row, now))
    desk.store.log_changes(_typed_over(desk, rows.held, base, now))
    yield from _deleted(desk, rows.gone, base, now)
    for row in rows.new if not desk.store.recall(HELD) else ():  # rows that vanished may be these
        if not missing(desk, row):
            yield from _registered(desk, source(saved, row, now))
    yield from take_in_measures(desk, saved, join.parent, now)
    _note(desk, saved, join, now, in_place)
    return join.saved


def _compared(desk: Desk, saved: Saved) -> tuple[Base, Matched, Joined]:
    """Return what stood in the version that a file was saved from, which row is which case, and the file made whole."""
    parents = saved_from(desk, saved)
    if parents and parents[0] == desk.store.ledger_sha256():
        base = with_rows_seen(desk, saved)
        return base, matched(saved, base), Joined(saved)
    try:
        join = joined(desk, saved, parents[0])
    except (IndexError, KeyError, BadWorkbook):  # from no version that we know, or that is kept
        return *compared(desk, saved), Joined(saved)
    older = versions_of(desk, parents[1:])
    return *from_parent(saved, join.parent or saved, with_rows_seen(desk, saved), older), join


def _note(desk: Desk, saved: Saved, join: Joined, now: datetime, in_place: str) -> None:
    """Note what stands in the rows now, and keep the file for the next one that is saved from it."""
    if not desk.store.recall(HELD):  # what we do not believe is no good copy
        for one in dict.fromkeys((saved.data, join.saved.data)):
            keep_copy(desk, one)
    marks = {join.saved.sha256: "", saved.sha256: saved.mark}
    intended = desk.store.recall(INTENDED)
    with desk.store.together():
        stored = desk.store.ledger_base()
        desk.store.keep_ledger(_standing(join.saved, matched(join.saved, stored), stored), join.saved.sha256)
        note_versions(desk, {**marks, **({intended: desk.store.recall(MARK) or ""} if intended else {})})
        desk.store.remember(INTENDED, "")
        desk.store.remember(WAITS, in_place or (saved.sha256 if join.saved is not saved else ""))
        desk.store.log_changes(overwritten_changes(join.overwritten, now, LEDGER))
        if join.parent:
            forget_sheets_of(desk, but=join.parent.workbook)


def source(saved: Saved, row: SeenRow, now: datetime) -> Source:
    """Return where a row was read."""
    return Source(saved.sha256, row, saved.columns, now)


def compared(desk: Desk, saved: Saved) -> tuple[Base, Matched]:
    """Return what stood in the rows of the state that the file was saved from, and which row is which case."""
    base = with_rows_seen(desk, saved)
    rows = matched(saved, base)
    theirs = {case: held.row.cells for held in rows.held for case in held.cases}  # it stands there, twice perhaps
    theirs |= {case: row.cells for case, row in rows.found.items()}
    whose = {key: desk.book.columns[key].who for key in saved.columns}
    older = undone(writings(desk.store.ledger_generations(), base), theirs, whose)
    if not older:
        return base, rows
    log.info("the ledger was saved from a state before our last %s writings", len(older))
    cells = rolled_back({case: row.cells for case, row in base.items()}, older)
    base = {case: replace(row, cells=cells[case], seq=-1) for case, row in base.items() if case in cells}
    return base, matched(saved, base)


def with_rows_seen(desk: Desk, saved: Saved) -> Base:
    """Return what stands in the rows by our knowledge, and in those of our cases that we do not know to be there.

    Such a row was written when we were killed before we could note it.
    """
    base = desk.store.ledger_base()
    known = {row.number for row in base.values()}
    numbered = {number: row for row in saved.rows if (number := look(standing(row.cells.get(NUMBER, EMPTY))))}
    cases = ((desk.store.case_numbered(number), row) for number, row in numbered.items() if number not in known)
    seen = {case.id: (case, row) for case, row in cases if case and case.id not in base}
    rows = {
        one: BaseRow(one, settled(row.cells, saved.columns, {}), seq=-1, place=row.number, number=case.number)
        for one, (case, row) in seen.items()
    }
    return {**base, **rows}


def _first_seen(desk: Desk, saved: Saved, now: datetime) -> Iterator[Happening]:
    """Take over rows whose number nobody knows, from a ledger that we see for the first time; note those of our cases.

    A file that is not the one we wrote last was changed by people: what they changed is what the journal does not say.
    """
    base, written = desk.store.ledger_base(), desk.store.ledger_sha256()
    known, ours = {row.number for row in base.values()}, saved.sha256 == written
    strange = [(number, row) for row in saved.rows if (number := look(standing(row.cells.get(NUMBER, EMPTY))))]
    cases = {
        number: case for number, _ in strange if number not in known and (case := desk.store.case_numbered(number))
    }
    seen = {cases[number].id: (cases[number], row) for number, row in strange if number in cases}
    told = [  # made before anything is written: what the journal says is read from the same store
        BaseRow(case.id, settled(row.cells, saved.columns, {}) if ours else _journal_says(desk, case, now), seq=-1)
        for case, row in seen.values()
    ]
    desk.store.keep_ledger(told)
    if not base and (not cases or desk.store.recall(TAKING)):
        desk.store.remember(TAKING, "")
        rows = _rows_to_adopt(desk, saved, cases, numbered_only=written is not None)
        yield from adopt(desk, [(number, source(saved, row, now)) for number, row in rows])


def _rows_to_adopt(
    desk: Desk, saved: Saved, but: Collection[str], *, numbered_only: bool
) -> Iterator[tuple[str, SeenRow]]:
    """Yield the rows of a ledger that people kept, with their numbers, each number once; notes and titles are no rows.

    In a workbook that we wrote ourselves a row without a number is a complaint that somebody typed just now.
    """
    rows, numbers = matched(saved, {}), set(but)
    for row in sorted((*rows.new, *rows.unknown), key=lambda one: one.number):
        number = look(standing(row.cells.get(NUMBER, EMPTY)))
        first = number not in numbers and len(row.cells) > 1
        numbers.add(number)
        if (number and first) or not (number or numbered_only or missing(desk, row)):
            yield number, row


def _journal_says(desk: Desk, case: Case, now: datetime) -> dict[str, CellValue]:
    return values_of(desk.book.puts(row_now(desk, case, now)))


def _decided(desk: Desk, base: BaseRow, found: tuple[Edit, ...], where: Source) -> Iterator[Happening]:
    """Decide the changes of a row; where that fails they stay in their cells, people are told, and the next goes on."""
    try:
        yield from row_changed(desk, base, found, where)
    except Exception as fault:
        log.exception("row %s of the ledger could not be read", where.row.number)
        typed = {one.key: str(standing(one.seen)) for one in found}
        cells = settled(where.row.cells, where.columns, {})
        desk.store.keep_ledger([replace(base, cells={**base.cells, **cells}, kept={**typed, HINT: NOT_READ}, seq=-1)])
        yield Happening("ledger.row_failed", f"台账第 {where.row.number} 行未能读取：{type(fault).__name__}: {fault}")


def _registered(desk: Desk, where: Source) -> Iterator[Happening]:
    try:
        yield from register_row(desk, where)
    except Exception as fault:
        log.exception("row %s of the ledger could not be registered", where.row.number)
        yield Happening("ledger.row_failed", f"台账第 {where.row.number} 行未能登记：{type(fault).__name__}: {fault}")


def _deleted(desk: Desk, gone: Sequence[UUID], base: Base, now: datetime) -> Iterator[Happening]:
    """Believe that people deleted these rows, or, when it is too many at once, hold it and ask.

    A row that never bore its number was saved over by somebody who had not seen it, and comes back.
    """
    shown = {case: row for case, row in base.items() if row.shown and NUMBER in row.cells}
    lost = [shown[case] for case in gone if case in shown]
    if not lost:
        desk.store.remember(HELD, "")
        desk.store.remember(BELIEVE, "")
        return
    numbers = [row.number for row in lost]
    if not deletions_believed([row.case for row in lost], shown) and desk.store.recall(BELIEVE) != "yes":
        yield from _not_believed(desk, numbers, now)
        return
    told = [Change(now, number, "", why=ROW_DELETED, who=LEDGER, where=LEDGER) for number in numbers]
    with desk.store.together():
        desk.store.keep_ledger(replace(row, shown=False) for row in lost)
        desk.store.log_changes(told)
        desk.store.remember(BELIEVE, "")
        desk.store.remember(HELD, "")
    yield Happening("ledger.deleted", f"台账删除 {len(numbers)} 行：{'、'.join(numbers[:MOST_NAMED])}")


def _typed_over(desk: Desk, held: Sequence[Held], base: Base, now: datetime) -> Iterator[Change]:
    """Yield a line of 变更记录 for what people typed into 系统提示 of a row that is held, where its reason goes."""
    for one in held:
        typed = look(standing(one.row.cells.get(HINT, EMPTY)))
        ours = {look(base[case].cells.get(HINT)) for case in one.cases}
        if typed and typed not in ours and not is_ours(typed):
            number = look(standing(one.row.cells.get(NUMBER, EMPTY))) or base[one.cases[0]].number
            where, title = f"台账第 {one.row.number} 行", desk.book.columns[HINT].title
            yield Change(now, number, title, None, typed, LEDGER, where, one.why["zh-CN"])


def _not_believed(desk: Desk, numbers: Sequence[str], now: datetime) -> Iterator[Happening]:
    mark = ",".join(sorted(numbers))
    if desk.store.recall(HELD) == mark:
        return
    values = {
        "mark": mark,
        "count": len(numbers),
        "numbers": tuple(numbers[:MOST_NAMED]),
        "file": LEDGER_NAME,
        "live": LIVE_NAME,
        "backups": BACKUPS,
    }
    with desk.store.together():
        desk.store.remember(HELD, mark)
        asked = [replace(one, about=one.template) for one in desk.to_quality("ledger_gone", values)]
        desk.store.plan(desk.envelopes(asked, None, now), now)
    yield Happening("ledger.held", f"台账一次少了 {len(numbers)} 行，未采信，已询问质量部")


def _sorted_apart(desk: Desk, saved: Saved, apart: frozenset[str], now: datetime) -> Iterator[Happening]:
    """Tell that columns were sorted without the others: nothing of them is read, and the daemon's own come back."""
    titles = "、".join(desk.book.columns[key].title for key in sorted(apart))
    if desk.store.recall(APART) != saved.sha256:
        desk.store.remember(APART, saved.sha256)
        values = {"row": titles, "why": SORTED_APART}
        desk.store.plan(desk.envelopes(desk.to_quality("ledger_row", values), None, now), now)
        yield Happening("ledger.sorted_apart", f"{SORTED_APART}：{titles}")


def note_as_written(desk: Desk, saved: Saved) -> None:
    """Note what stands in the rows of a workbook, and that it is the one we know: nothing in it is a change."""
    base, stored = with_rows_seen(desk, saved), desk.store.ledger_base()
    new = [row for case, row in base.items() if case not in stored]
    desk.store.keep_ledger([*new, *_standing(saved, matched(saved, base), base)], saved.sha256 or None)


def _standing(saved: Saved, rows: Matched, stored: Base) -> Iterator[BaseRow]:
    """Yield what stands in those rows that stand otherwise than was noted; they are made anew."""
    for case, row in rows.found.items():
        before = stored[case]
        away = {key: value for key, value in before.cells.items() if key not in saved.columns}
        cells = {**away, **settled(row.cells, saved.columns, {})}
        if cells != before.cells or not before.shown:
            yield replace(before, cells=cells, place=row.number, shown=True, seq=-1)
        elif row.number != before.place:
            yield replace(before, place=row.number)
