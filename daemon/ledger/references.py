"""References to cells, and what becomes of them when rows are put into a sheet.  Pure; structured ones stay.

A reference is a cell, a range, whole columns or whole rows, with or without a sheet in front (ECMA-376-1, 18.17.2).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

from daemon.ledger.sheet import BadWorkbook, Flaw

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384

_CELL = r"\$?[A-Z]{1,3}\$?[1-9]\d{0,6}"
_TOKEN = re.compile(
    r'"(?:[^"]|"")*"'
    r"|(?P<sheet>'(?:[^']|'')+'!|(?:\[[^\]]*\])?[\w.]+(?::[\w.]+)?!)?"
    rf"(?P<ref>{_CELL}:{_CELL}|{_CELL}|\$?[1-9]\d{{0,6}}:\$?[1-9]\d{{0,6}}|\$?[A-Z]{{1,3}}:\$?[A-Z]{{1,3}})(?![\w(.!\[])"
    r"|\[(?:'.|[^\[\]']|\[(?:'.|[^\[\]'])*\])*\]"
    r"|'(?:[^']|'')+'!"
    r"|[\w.\\?]+!?"
)
_PLACE = re.compile(r"(\$?)([A-Z]{1,3})?(\$?)(\d*)")
ONE_REF = re.compile(rf"{_CELL}(?::{_CELL})?")


class Grow(Enum):
    """Which ranges reach down to the new last row, of those that end at the old one."""

    NONE = "none"  # a merged cell, a comment
    ALL = "all"  # a filter, a list of choices, colours: also where they begin further down
    DATA = "data"  # a formula below the rows or elsewhere: those of all rows
    FIXED = "fixed"  # a formula within the rows: those of all rows that are written with $


@dataclass(frozen=True, slots=True)
class Change:
    """Rows put into a sheet: old rows from `first` on stand `by` rows lower; the last row was `last`, and is `end`."""

    title: str
    header: int
    last: int
    end: int
    first: int
    by: int

    @property
    def bottom(self) -> int:
        """Return the row at which a range of all rows ended; a table has one row at least."""
        return max(self.last, self.header + 1)

    @property
    def is_nothing(self) -> bool:
        """Tell whether no reference can change."""
        return not self.by and self.end == self.last

    def row(self, number: int) -> int:
        """Return where a row stands now."""
        return min(number + self.by, LAST_ROW) if number >= self.first else number

    def rows(self, top: int, end: int, grow: Grow, *, fixed: bool = False) -> tuple[int, int]:
        """Return where a range of rows begins and ends now."""
        if self.bottom <= end < self.first and self._covers(top, end, grow, fixed=fixed):
            return top, max(end, self.end)
        return self.row(top), self.row(end)

    def _covers(self, top: int, end: int, grow: Grow, *, fixed: bool) -> bool:
        if grow is Grow.ALL:
            return top <= self.header + 1 or (top < end and top <= self.bottom)
        return top <= self.header + 1 and (grow is Grow.DATA or (grow is Grow.FIXED and fixed))

    def moves(self, text: str) -> bool:
        """Tell whether this is a reference, without a sheet, to a row that moves."""
        return bool(self.by and ONE_REF.fullmatch(text) and _last_row(text) >= self.first)


def moved_list(text: str, change: Change, grow: Grow) -> str:
    """Return a list of references of the sheet itself (a sqref), separated by blanks."""
    return " ".join(_moved(one, change, grow) for one in text.split(" "))


def moved_formula(text: str, change: Change, grow: Grow, *, own: bool) -> str:
    """Return a formula; `own` when references without a sheet are of the sheet that changes.

    Raise BadWorkbook for what cannot follow: a reference through several sheets.
    """

    def replaced(found: re.Match[str]) -> str:
        ref, sheet = found["ref"], found["sheet"] or ""
        if not ref or not _is_of(sheet, ref, change, own=own):
            return found[0]
        return sheet + _moved(ref, change, grow)

    return _TOKEN.sub(replaced, text)


def refers_to(text: str, change: Change, *, own: bool) -> list[str]:
    """Return the references of a formula that are of the sheet that changes."""
    found = ((one["ref"], one["sheet"] or "") for one in _TOKEN.finditer(text))
    return [ref for ref, sheet in found if ref and _is_of(sheet, ref, change, own=own)]


def translated(text: str, rows: int, columns: int) -> str:
    """Return a formula as it is in another cell, so many rows and columns away: what has no $ goes along."""

    def shifted(found: re.Match[str]) -> str:
        fixed_column, letters, fixed_row, row = found.groups()
        if letters and not fixed_column:
            letters = letters_of((column_of(letters) + columns - 1) % LAST_COLUMN + 1)
        if row and not (fixed_row or (not letters and fixed_column)):
            row = str((int(row) + rows - 1) % LAST_ROW + 1)
        return f"{fixed_column}{letters or ''}{fixed_row}{row}"

    return _each_place(text, shifted)


def _each_place(text: str, change: Callable[[re.Match[str]], str]) -> str:
    def replaced(found: re.Match[str]) -> str:
        if not found["ref"]:
            return found[0]
        return (found["sheet"] or "") + ":".join(change(_place(one)) for one in found["ref"].split(":"))

    return _TOKEN.sub(replaced, text)


def _is_of(sheet: str, ref: str, change: Change, *, own: bool) -> bool:
    """Tell whether a reference is of the sheet that changes."""
    if not sheet:
        return own
    name = sheet[:-1]
    if name.startswith("'"):
        name = name[1:-1].replace("''", "'")
    if "[" in name:
        return False
    if ":" in name:
        if change.by and _last_row(ref) >= change.first:
            raise BadWorkbook(
                Flaw.UNUSUAL, f"the formula with {sheet}{ref} goes through several sheets: it cannot follow"
            )
        return False
    return name.casefold() == change.title.casefold()


def _moved(ref: str, change: Change, grow: Grow) -> str:
    """Return a reference without sheet as it is now; whole columns stay, whole rows move and do not grow."""
    first, colon, second = ref.partition(":")
    start, stop = _place(first), _place(second or first)
    if not start[4] or not stop[4]:
        return ref
    if not colon:
        return _with_row(start, change.row(int(start[4])))
    fixed = bool(start[3] and stop[3])
    top, end = change.rows(int(start[4]), int(stop[4]), grow if start[2] else Grow.NONE, fixed=fixed)
    return f"{_with_row(start, top)}:{_with_row(stop, end)}"


def _place(text: str) -> re.Match[str]:
    found = _PLACE.fullmatch(text)
    if not found:
        raise BadWorkbook(Flaw.UNUSUAL, f"a reference that is none: {text[:40]!r}")
    return found


def _with_row(place: re.Match[str], row: int) -> str:
    return f"{place[1]}{place[2] or ''}{place[3]}{row}"


def _last_row(ref: str) -> int:
    return max(int(_place(one)[4] or 0) for one in ref.split(":"))


# ── places ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def letters_of(column: int) -> str:
    """Return the letters of a column, from 1."""
    letters = ""
    while column:
        column, last = divmod(column - 1, 26)
        letters = chr(65 + last) + letters
    return letters


def column_of(letters: str) -> int:
    """Return the number of a column, from 1."""
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


@dataclass(frozen=True, slots=True)
class Area:
    """A rectangle of cells, from 1."""

    top: int
    left: int
    bottom: int
    right: int

    @staticmethod
    def of(ref: str) -> Area:
        """Return what a reference covers; whole columns reach to the last row, whole rows to the last column."""
        first, _, second = ref.partition(":")
        start, stop = _place(first), _place(second or first)
        return Area(
            int(start[4] or 1),
            column_of(start[2] or "A"),
            int(stop[4] or LAST_ROW),
            column_of(stop[2]) if stop[2] else LAST_COLUMN,
        )

    @property
    def ref(self) -> str:
        """Return the reference, as a range."""
        return f"{letters_of(self.left)}{self.top}:{letters_of(self.right)}{self.bottom}"
