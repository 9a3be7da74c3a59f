"""The three-way merge of a row, cell by cell: what was written last, what people made of it, what the case says.  Pure.

Nothing here knows a column: a cell has a key and an owner.  Values are those of a cell: text, numbers, naive wall time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from daemon.core.fields import Who
from daemon.ledger.sheet import Put, Seen
from daemon.ledger.text import clean
from daemon.ledger.typed import shown
from daemon.seams import CellValue

EMPTY = Seen()
HALF_A_SECOND = timedelta(milliseconds=500)

Row = Mapping[str, CellValue]


@dataclass(frozen=True, slots=True)
class Edit:
    """A cell that shows something else than it did when it was looked at last."""

    key: str
    before: CellValue
    seen: Seen


@dataclass(frozen=True, slots=True)
class Lost:
    """A value that gave way to another one, and whose it was: of the people, or of the daemon."""

    key: str
    value: CellValue
    whose: Who


def same(left: CellValue, right: CellValue) -> bool:
    """Tell whether two values look the same in a cell: nothing and "", 3 and 3.0, two instants of one minute."""
    return left is right or look(left) == look(right)


def look(value: CellValue) -> str:
    """Return a value as it looks in a cell, by which cells are compared: empty for nothing, instants to the minute."""
    if isinstance(value, str):
        return clean(value).strip()
    if isinstance(value, datetime):
        return shown((value + HALF_A_SECOND).replace(second=0, microsecond=0))
    return shown(value)


def standing(seen: Seen) -> CellValue:
    """Return what stands in a cell: its value, the error that it shows, or a formula that was never computed."""
    if seen.error or (seen.formula and seen.value is None):
        return seen.error or seen.formula
    return seen.value


def edits(base: Row, theirs: Mapping[str, Seen], columns: Iterable[str]) -> tuple[Edit, ...]:
    """Return what people changed in a row since it was looked at last, by the keys of the columns that are there.

    A column that is gone from the sheet, and so is not among `columns`, is no emptied cell.
    """
    found = ((key, base.get(key), theirs.get(key, EMPTY)) for key in columns)
    return tuple(Edit(key, before, seen) for key, before, seen in found if not same(before, standing(seen)))


def still_different(found: Iterable[Edit], ours: Row) -> tuple[Edit, ...]:
    """Return those edits that say something else than the case: where both changed alike nothing is to be done."""
    return tuple(one for one in found if not same(standing(one.seen), ours.get(one.key)))


def conflicts(found: Iterable[Edit], ours: Row, whose: Mapping[str, Who]) -> tuple[Lost, ...]:
    """Return the values that give way: the daemon's in a column of people that both changed, people's in its own.

    `ours` is the row as it was before the edits were carried out.
    """
    return tuple(_losers(found, ours, whose))


def _losers(found: Iterable[Edit], ours: Row, whose: Mapping[str, Who]) -> Iterator[Lost]:
    for edit in still_different(found, ours):
        value, mine = standing(edit.seen), ours.get(edit.key)
        if whose.get(edit.key) is Who.DAEMON:
            yield Lost(edit.key, value, Who.PEOPLE)
        elif not same(edit.before, mine) and not same(mine, None):
            yield Lost(edit.key, mine, Who.DAEMON)


def writes(
    theirs: Mapping[str, Seen], ours: Row, kept: Row, whose: Mapping[str, Who], links: Mapping[str, str] | None = None
) -> Mapping[str, Put]:
    """Return what is to be written so that a row shows ours, by the keys of the columns that are there (`whose`).

    Left alone in the columns of people: what they typed and we did not understand (`kept`), formulas, errors.
    """
    return {
        key: Put(ours.get(key), (links or {}).get(key, ""))
        for key, owner in whose.items()
        if _is_to_write(theirs.get(key, EMPTY), ours.get(key), owner, stays=key in kept)
    }


def _is_to_write(seen: Seen, mine: CellValue, owner: Who, *, stays: bool) -> bool:
    if owner is Who.DAEMON and (seen.formula or seen.error):
        return True  # a formula that shows the right value now shows a wrong one tomorrow
    if owner is not Who.DAEMON and (stays or seen.formula or seen.error):
        return False
    return not same(seen.value, mine)


def hidden(theirs: Mapping[str, Seen], ours: Row, whose: Mapping[str, Who]) -> tuple[str, ...]:
    """Return the keys of the cells in which a formula or an error of people hides what the case says."""
    cells = ((key, seen) for key, seen in theirs.items() if whose.get(key, Who.DAEMON) is not Who.DAEMON)
    return tuple(key for key, seen in cells if (seen.formula or seen.error) and not same(standing(seen), ours.get(key)))


def settled(theirs: Mapping[str, Seen], columns: Iterable[str], written: Mapping[str, Put]) -> Row:
    """Return the new base of a row: what it shows now that it was read and, with `written`, written."""
    read = {key: standing(theirs.get(key, EMPTY)) for key in columns}
    now = {**read, **{key: put.value for key, put in written.items()}}
    return {key: value for key, value in now.items() if not same(value, None)}


# ── a file that was saved from an older state ────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Change:
    """A cell of a row that was there, as a write of ours changed it."""

    case: UUID
    key: str
    old: CellValue
    new: CellValue


@dataclass(frozen=True, slots=True)
class Generation:
    """One write of ours, numbered upward: the cells that it changed, the rows that it appended.

    `returned` are those of the rows that were put back by it: once they are missing again, people deleted them.
    """

    number: int
    changes: tuple[Change, ...] = ()
    appended: tuple[UUID, ...] = ()
    returned: frozenset[UUID] = frozenset()


ENOUGH = 2  # cells of people: a single one back at its old value is what somebody typed

File = Mapping[UUID, Mapping[str, Seen]]


def undone(generations: Sequence[Generation], theirs: File, whose: Mapping[str, Who]) -> tuple[Generation, ...]:
    """Return our writes that are not in the file, the newest first: it was saved from a state before them.

    `theirs` are the rows of the file by case, `whose` the columns that are there.  A write is not in the file when
    nothing of it is to be seen and enough of what was there before is.
    """
    newest_first = sorted(generations, key=lambda one: one.number, reverse=True)
    found: list[Generation] = []
    unsure: list[Generation] = []
    for index, one in enumerate(newest_first):
        signs = _signs(one, newest_first[index + 1 :], theirs, whose)
        if signs is None:
            break
        unsure.append(one)
        if signs >= (1 if found else ENOUGH):
            found, unsure = [*found, *unsure], []
    return tuple(found)


def _signs(one: Generation, earlier: Iterable[Generation], theirs: File, whose: Mapping[str, Who]) -> int | None:
    """Return how many signs tell that a write is not in the file, None when some of it is there to be seen."""
    if any(case in theirs for case in one.appended):
        return None
    older = [change for generation in earlier for change in generation.changes]
    count = ENOUGH * len(set(one.appended) - one.returned)
    for change in one.changes:
        if change.case not in theirs or change.key not in whose:
            continue
        value = standing(theirs[change.case].get(change.key, EMPTY))
        before = [change.old, *(c.old for c in older if (c.case, c.key) == (change.case, change.key))]
        if any(same(value, one) for one in before):  # a value that comes and goes tells nothing
            count += 0 if same(value, change.new) else ENOUGH if whose[change.key] is Who.DAEMON else 1
        elif same(value, change.new):
            return None
    return count


def rolled_back(base: Mapping[UUID, Row], missing: Iterable[Generation]) -> Mapping[UUID, Row]:
    """Return the base as it was before these writes, the newest first."""
    rows = {case: dict(row) for case, row in base.items()}
    for one in missing:
        for change in one.changes:
            if change.case in rows:
                rows[change.case][change.key] = change.old
        for case in one.appended:
            rows.pop(case, None)
    return rows
