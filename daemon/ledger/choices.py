"""The values of 字典 as people have them, and what of it the house takes up.  Pure; writing it: `ledger/lists.py`."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Protocol

from daemon.core.fields import BY_KEY, Kind
from daemon.ledger.columns import Column
from daemon.ledger.sheet import Patch, Put, SeenRow, Sheet, Wanted
from daemon.ledger.text import choice
from daemon.ledger.typed import folded, shown

MOST_VALUES = 500  # of a list; people may add down to that row
LONGEST_VALUE = 60  # characters; a longer text is a remark, and no value

Lists = Mapping[str, tuple[str, ...]]


class Rows(Protocol):
    """A workbook, as far as its rows are read."""

    def rows(self, sheet: Sheet) -> Iterable[SeenRow]:
        """Yield the rows of a sheet below its header."""
        ...


def listed(columns: Iterable[Column]) -> list[Column]:
    """Return the columns that have a list in 字典, in their order there."""
    lists = (column for column in columns if column.kind is Kind.LIST)
    return [column for column in lists if column.values or column.open_list]


def wanted_lists(columns: Iterable[Column]) -> tuple[Wanted, ...]:
    """Return the columns of 字典 as they are looked for: each is headed as the column that it is for."""
    return tuple(Wanted(one.key, one.title, _names(one)) for one in listed(columns))


def _names(column: Column) -> tuple[str, ...]:
    field = BY_KEY.get(column.key)
    names = dict.fromkeys((field.header, field.header_en, *field.synonyms)) if field else {}
    return tuple(name for name in names if name != column.title)


def read_lists(workbook: Rows, sheet: Sheet) -> Lists:
    """Return the values that stand in 字典, by key in their order; doubles, formulas and long texts are none."""
    found: dict[str, dict[str, str]] = {}
    for row in workbook.rows(sheet):
        if row.number > sheet.header_row + MOST_VALUES:
            break
        for key, seen in row.cells.items() if row.number > sheet.header_row else ():
            text = "" if seen.formula or seen.error else " ".join(shown(seen.value).split())
            if text and len(text) <= LONGEST_VALUE:
                found.setdefault(key, {}).setdefault(folded(text), text)
    return {key: tuple(values.values()) for key, values in found.items()}


def added_values(lists: Lists, columns: Iterable[Column], is_department: Callable[[str], bool]) -> Lists:
    """Return what people added to the open lists; a department counts only where the directory knows it."""
    open_lists = (column for column in listed(columns) if column.open_list)
    new = {column.key: _more(lists.get(column.key, ()), column.values) for column in open_lists}
    new["department"] = tuple(filter(is_department, new.get("department", ())))
    return {key: values for key, values in new.items() if values}


def unknown_departments(lists: Lists, columns: Iterable[Column], is_department: Callable[[str], bool]) -> Sequence[str]:
    """Return the departments that people added and that nobody would be told in: the directory lacks them."""
    ours = next((column.values for column in columns if column.key == "department"), ())
    return [one for one in _more(lists.get("department", ()), ours) if not is_department(one)]


def lists_patch(
    rows: Iterable[SeenRow], sheet: Sheet, columns: Iterable[Column], known: Mapping[str, Collection[str]]
) -> Patch:
    """Return what puts values below a list that the company's settings have got since; nothing is ever taken out.

    `known` are the values that were offered before: one that people took out since is not put back.
    """
    last: dict[str, int] = {}
    there: dict[str, set[str]] = {}
    for row in rows:
        for key, seen in row.cells.items() if row.number > sheet.header_row else ():
            last[key] = row.number
            there.setdefault(key, set()).add(folded(shown(seen.value)))
    cells: dict[int, dict[str, Put]] = {}
    for column in (one for one in listed(columns) if one.key in sheet.columns):
        old = there.get(column.key, set()) | {folded(one) for one in known.get(column.key, ())}
        fresh = (value for value in column.values if folded(value) not in old)
        for number, value in enumerate(fresh, last.get(column.key, sheet.header_row) + 1):
            cells.setdefault(number, {})[column.key] = Put(choice(value))
    return Patch(cells=cells)


def _more(values: Iterable[str], known: Iterable[str]) -> tuple[str, ...]:
    ours = {folded(one) for one in known}
    return tuple(one for one in values if folded(one) not in ours)
