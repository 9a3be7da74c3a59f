"""Where the ledger's columns stand in a sheet, and where columns that are gone are put back.  Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from daemon.ledger.container import Container
from daemon.ledger.following import areas
from daemon.ledger.markup import tags
from daemon.ledger.neighbours import Neighbours, area_of_table
from daemon.ledger.references import LAST_COLUMN, column_of
from daemon.ledger.rows_xml import Extent, Grammar, Row, Survey
from daemon.ledger.sheet import BadWorkbook, Flaw, Sheet, Wanted
from daemon.ledger.tables_xml import names_of

WIDEST = 256  # columns of one style are told one by one up to here


@dataclass(frozen=True, slots=True)
class Placed:
    """Columns put back: where by key, titles by column, the titles that the table takes in, their header's style."""

    columns: Mapping[str, int] = field(default_factory=dict)
    titles: Mapping[int, str] = field(default_factory=dict)
    in_table: tuple[str, ...] = ()
    header_style: bytes | None = None


def extent_of(near: Neighbours, sheet: Sheet) -> Extent:
    """Return what tells the ledger's columns: those of its table, else the headers in one piece with ours."""

    def extent(header: Row, tags_: Grammar) -> range:
        mine = sheet.columns.values()
        if near.table:
            area = area_of_table(near.table[1], near.table[0])
            return range(min((area.left, *mine)), max((area.right, *mine)) + 1)
        filled = {cell.column for cell in header.cells(tags_)[0] if tags_.filled.search(cell.content)}
        first, last = min(mine, default=1), max(mine, default=1)
        while first - 1 in filled:
            first -= 1
        while last + 1 in filled:
            last += 1
        return range(first, last + 1)

    return extent


def column_styles(head: bytes) -> dict[int, bytes]:
    """Return the styles of whole columns."""
    styles: dict[int, bytes] = {}
    for tag in tags(head):
        if tag.name == "col" and (style := tag.attributes.get("style", "0")) != "0":
            first, last = int(tag.attributes["min"]), int(tag.attributes["max"])
            styles |= dict.fromkeys(range(first, min(last, first + WIDEST) + 1), style.encode())
    return styles


def placed(container: Container, near: Neighbours, found: Survey, wanted: Sequence[Wanted], columns: range) -> Placed:
    """Find places for columns: right beside the ledger where that is free of everything, else in the next free ones."""
    if not wanted:
        return Placed()
    taken = _taken(container, near, found, columns)
    edge = area_of_table(near.table[1], near.table[0]).right + 1 if near.table else columns.stop
    names = names_of(near.table[1]) if near.table else set()
    at, free = {}, columns.stop
    titles: dict[int, str] = {}
    in_table: list[str] = []
    for one in wanted:
        while free in taken:
            free += 1
        if free > LAST_COLUMN:
            raise BadWorkbook(Flaw.UNUSUAL, f"no column is free for {one.title}")
        at[one.key] = free
        title = one.title
        if near.table and free == edge + len(in_table):
            title = _unique(title, names)
            in_table.append(title)
        titles[free] = title
        names.add(title.casefold())
        free += 1
    heads = found.header.cells(found.tags)[0]
    style = next((cell.style for cell in reversed(heads) if cell.column in columns), None)
    return Placed(at, titles, tuple(in_table), style)


def _unique(title: str, names: set[str]) -> str:
    """Return a title that no other column of the table has."""
    number, unique = 1, title
    while unique.casefold() in names:
        number += 1
        unique = f"{title} {number}"
    return unique


def _taken(container: Container, near: Neighbours, found: Survey, columns: range) -> set[int]:
    """Return the columns right of the ledger with cells in them, or with anything that stands there or refers there."""
    title, out = near.sheet.title, {column_of(letters.decode()) for letters in found.letters}
    there = areas(found.tail, title, own=True)
    for part in near.own():
        there += areas(container.read(part), title, own=True)
    for _, area in there:
        if area.left >= columns.stop:
            out |= set(range(area.left, min(area.right, LAST_COLUMN) + 1))
    return out
