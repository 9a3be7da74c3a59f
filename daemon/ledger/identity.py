"""Which row of the sheet is which case, wherever people have moved it: by number, then by its cells.  Pure.

A case has at most one row and a row at most one case; what may be two things is held, and people are asked.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from unicodedata import normalize
from uuid import UUID

from daemon.core.fields import BY_KEY, Who
from daemon.core.process import Words
from daemon.ledger.likeness import (
    Known,
    at_its_place,
    beginnings_of,
    cells_in,
    cells_of,
    clearest,
    grouped,
    paired,
    scores_of,
    twins_of,
)
from daemon.ledger.merge import EMPTY, Edit, Row, look, same, standing
from daemon.ledger.sheet import SeenRow

NUMBER = "case_no"
HINT = "hint"  # what we say of a row, one that is held too, tells nothing of what it is
BELIEVED_SHARE, BELIEVED_ROWS = 0.05, 2  # of rows gone at once
FEWEST_SHUFFLED = 4
DAEMONS = frozenset(key for key, field in BY_KEY.items() if field.who is Who.DAEMON)


@dataclass(frozen=True, slots=True)
class Held:
    """A row that is left alone until people have said what it is, and the cases that it may be."""

    row: SeenRow
    cases: tuple[UUID, ...]
    why: Words


@dataclass(frozen=True, slots=True)
class Matched:
    """What the rows of a sheet are: rows of cases, new ones, ones with a number that nobody gave, and ones held.

    `gone` are the cases that have no row any more; one that a held row may be is not gone.
    """

    found: Mapping[UUID, SeenRow] = field(default_factory=dict)
    new: tuple[SeenRow, ...] = ()
    unknown: tuple[SeenRow, ...] = ()
    held: tuple[Held, ...] = ()
    gone: tuple[UUID, ...] = ()


def identify(
    rows: Iterable[SeenRow],
    known: Mapping[UUID, Known],
    columns: Collection[str] | None = None,
    *,
    by_rarity: bool = False,
) -> Matched:
    """Return what each row is; `columns` are the keys of the columns that are there, all that are in use if not given.

    Numbers count whatever their width and blanks, as text or as a number.  A row whose number was wiped out,
    overwritten or sorted away from it is known by its other cells; `by_rarity`, those tell less that many cases share.
    """
    filled = [row for row in rows if any(not seen.is_empty for seen in row.cells.values())]
    there = set(columns) if columns is not None else {key for row in filled for key in row.cells}
    search = _Search(known, frozenset(there) - {NUMBER, HINT}, by_rarity)
    search.by_number(filled)
    search.by_cells()
    search.by_what_was_typed()
    search.by_likeness()
    search.what_is_left()
    return search.result()


def deletions_believed(gone: Collection[UUID], known: Collection[UUID]) -> bool:
    """Tell whether so many rows may well have been deleted by hand: one in twenty at the most, or two of a few."""
    return len(gone) <= max(BELIEVED_ROWS, BELIEVED_SHARE * len(known)) and (len(gone) <= 1 or len(gone) < len(known))


def shuffled(changed: Mapping[UUID, Sequence[Edit]]) -> frozenset[str]:
    """Return the columns that were sorted apart from their rows: many cells changed, to one another's values."""
    before: dict[str, Counter[str]] = defaultdict(Counter)
    after: dict[str, Counter[str]] = defaultdict(Counter)
    for edit in (edit for some in changed.values() for edit in some):
        before[edit.key][look(edit.before)] += 1
        after[edit.key][look(standing(edit.seen))] += 1
    many = (key for key, values in before.items() if values.total() >= FEWEST_SHUFFLED and len(values) > 1)
    return frozenset(key for key in many if before[key] == after[key])


def number_in(row: SeenRow) -> str:
    """Return the number of a row as numbers are compared, empty when it has none."""
    return folded(look(standing(row.cells.get(NUMBER, EMPTY))))


def folded(number: str) -> str:
    """Return a number as numbers are compared, whatever its width and blanks."""
    return "".join(normalize("NFKC", number).split()).casefold()


# ── the search ───────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class _Search:
    """The rows that were told apart so far, and the `rest`.  A scratch pad for one look at a sheet."""

    known: Mapping[UUID, Known]
    columns: frozenset[str]
    by_rarity: bool
    found: dict[UUID, SeenRow] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    rest: dict[int, SeenRow] = field(default_factory=dict)
    own: dict[int, UUID] = field(default_factory=dict)  # those of the rest that were edited, or have a wrong number
    asked: set[UUID] = field(default_factory=set)  # that a held row may be
    new: list[SeenRow] = field(default_factory=list)
    unknown: list[SeenRow] = field(default_factory=list)

    def by_number(self, rows: Iterable[SeenRow]) -> None:
        """Place the rows that have the number of a case, and nothing that speaks against it."""
        numbers = {folded(one.number): case for case, one in self.known.items() if one.number}
        called: dict[UUID, list[SeenRow]] = defaultdict(list)
        for row in rows:
            case = numbers.get(number_in(row))
            if case is None:
                self.rest[row.number] = row
            else:
                called[case].append(row)
        for case, some in called.items():
            if len(some) > 1:
                self._twice(case, some)
            elif self._is_untouched(some[0], self.known[case].base):
                self.found[case] = some[0]
            else:
                self.rest[some[0].number], self.own[some[0].number] = some[0], case

    def _twice(self, case: UUID, rows: Sequence[SeenRow]) -> None:
        """Tell which of the rows with one number is the case: the untouched one, of several that nearest its place."""
        place = self.known[case].position
        equal = self._untouched(case, rows, self.columns) or self._untouched(case, rows, self.columns - DAEMONS)
        old = min(equal, key=lambda row: (abs(row.number - place), row.number), default=None)
        if old:
            self.found[case] = old
        for row in rows:
            if row is not old:
                self._hold(row, (case,), COPY if old else TWICE)

    def _untouched(self, case: UUID, rows: Iterable[SeenRow], columns: Collection[str]) -> list[SeenRow]:
        """Return the rows that stand as the case did, in these columns; in a save from before, ours may stand older."""
        base = cells_of(self.known[case].base, columns)
        return [row for row in rows if cells_in(row, columns) == base]

    def by_cells(self) -> None:
        """Match the rest with cases that have no row yet and the very same cells; a repeated row is held.

        An edited row stays with its number, unless its cells are all those of another case that has lost its row: a
        number was sorted away.
        """
        twins = twins_of(self.rest.values(), self.known, self.columns)
        self._back_to_their_numbers({number for number, cases in twins.items() if any(map(self._is_free, cases))})
        for cases, some in grouped(twins, self.rest):
            free = [case for case in cases if self._is_free(case)]
            for case, row in paired(free, some, self.known):
                self._take(case, row)
        self._back_to_their_numbers(())
        people = self.columns - DAEMONS  # the daemon's cells move on in the row of the case, and not in a copy of it
        copies = twins_of(self.rest.values(), self.known, people)
        copied = [row for row in self.rest.values() if cells_in(row, self.columns & DAEMONS)]
        emptied = twins_of(copied, self.known, people, in_part=True)
        for number, cases in {**emptied, **copies, **twins}.items():
            taken = not any(map(self._is_free, cases))
            if taken and number in self.rest and not number_in(self.rest[number]):
                self._hold(self.rest.pop(number), cases[:1], SAME_ROW)

    def _back_to_their_numbers(self, but: Collection[int]) -> None:
        """Take edited rows at their numbers; one whose case has got another row meanwhile is a copy."""
        for number, case in self.own.items():
            if number not in self.rest or number in but:
                continue
            if self._is_free(case):
                self._take(case, self.rest[number])
            else:
                self._hold(self.rest.pop(number), (case,), COPY)

    def by_what_was_typed(self) -> None:
        """Match rows without a number with the cases that are left and have all that stands in them."""
        free = {case: one for case, one in self.known.items() if self._is_free(case)}
        typed = [row for row in self.rest.values() if not number_in(row)]
        for case, number in beginnings_of(typed, free, self.columns) if self.by_rarity else ():
            self._take(case, self.rest[number])

    def by_likeness(self) -> None:
        """Match the rest with the cases that are left by what still stands there; the best only if it is clearly so."""
        free = {case: one for case, one in self.known.items() if self._is_free(case)}
        scores = scores_of(self.rest.values(), free, self.columns, self.known if self.by_rarity else None)
        while pair := clearest(scores) or at_its_place(scores, self.known):
            case, number = pair
            self._take(case, self.rest[number])
            scores = {(one, row): score for (one, row), score in scores.items() if one != case and row != number}
        for row in list(self.rest.values()):
            perhaps = tuple(case for case, number in scores if number == row.number)
            if perhaps:
                self._hold(self.rest.pop(row.number), perhaps, UNSURE)

    def what_is_left(self) -> None:
        """Call new what has no number, and unknown what has one."""
        for row in self.rest.values():
            (self.unknown if number_in(row) else self.new).append(row)

    def result(self) -> Matched:
        """Return what was found."""
        gone = tuple(case for case in self.known if self._is_free(case))
        return Matched(self.found, tuple(self.new), tuple(self.unknown), tuple(self.held), gone)

    def _is_free(self, case: UUID) -> bool:
        return case not in self.found and case not in self.asked

    def _take(self, case: UUID, row: SeenRow) -> None:
        self.found[case] = self.rest.pop(row.number)

    def _hold(self, row: SeenRow, cases: tuple[UUID, ...], why: Words) -> None:
        self.asked.update(cases)
        self.held.append(Held(row, cases, _said(why, *(self.known[one].number for one in cases))))

    def _is_untouched(self, row: SeenRow, base: Row) -> bool:
        """Tell whether a row stands as it was read last; looked at for every row, and so without more than it takes."""
        cells = row.cells
        for key in self.columns:
            seen, before = cells.get(key, EMPTY), base.get(key)
            if (seen.value != before or seen.formula or seen.error) and not same(standing(seen), before):
                return False
        return True


# ── words ────────────────────────────────────────────────────────────────────────────────────────────────────────────

TWICE = {
    "zh-CN": "编号 {0} 有多行，无法判断哪一行是原来的，均未读取。请只在一行保留该编号；其余如为新投诉，请清空编号",
    "zh-TW": "編號 {0} 有多行，無法判斷哪一行是原來的，均未讀取。請只在一行保留該編號；其餘如為新客訴，請清空編號",
    "en": "{0} stands in several rows and none is clearly the old one; none was read. Keep the number in one row only",
}
COPY = {
    "zh-CN": "编号 {0} 重复，本行是副本，未读取。如为新投诉，请清空本行编号；否则请删除本行",
    "zh-TW": "編號 {0} 重複，本行是副本，未讀取。如為新客訴，請清空本行編號；否則請刪除本行",
    "en": "{0} stands in another row too; this one is a copy, not read. Clear its number if it is a new complaint",
}
SAME_ROW = {
    "zh-CN": "本行与客诉 {0} 完全相同，未登记。如为新投诉，请先改成它的内容；否则请删除本行",
    "zh-TW": "本行與客訴 {0} 完全相同，未登記。如為新客訴，請先改成它的內容；否則請刪除本行",
    "en": "This row is the same as {0} and was not registered. Change it if it is a new complaint, or delete it",
}
UNSURE = {
    "zh-CN": "无法判断本行是否为客诉 {0}，未读取。请在属于该客诉的那一行填入编号",
    "zh-TW": "無法判斷本行是否為客訴 {0}，未讀取。請在屬於該客訴的那一行填入編號",
    "en": "It is not clear whether this row is {0}; it was not read. Please type the number into the row that is",
}


def is_ours(hint: str) -> bool:
    """Tell whether a hint is what we say of a row that is held."""
    return any(re.fullmatch(pattern, hint) for pattern in _hints())


@cache
def _hints() -> tuple[str, ...]:
    texts = (text for why in (TWICE, COPY, SAME_ROW, UNSURE) for text in why.values())
    return tuple(".*".join(map(re.escape, text.split("{0}"))) for text in texts)


def _said(why: Words, *numbers: str) -> Words:
    """Return the words with the numbers of the cases in them."""
    return {
        language: text.format(("、" if language.startswith("zh") else ", ").join(numbers))
        for language, text in why.items()
    }
