"""What the ledger is to show of a case, cell by cell, and by which headers its columns are found.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from zoneinfo import ZoneInfo

from daemon.core.fields import BY_KEY
from daemon.ledger.columns import Column, Layout, columns_of
from daemon.ledger.fitting import fit, link_target
from daemon.ledger.sheet import Put, Wanted
from daemon.ledger.text import clean
from daemon.seams import CellValue, LedgerRow


@dataclass(frozen=True, slots=True)
class Book:
    """The columns of a company's ledger by key, in their order, and the zone of its times."""

    columns: Mapping[str, Column]
    zone: ZoneInfo

    @property
    def wanted(self) -> tuple[Wanted, ...]:
        """Return what to look for in a sheet's header."""
        return tuple(Wanted(key, column.title, _synonyms(key)) for key, column in self.columns.items())

    def puts(self, row: LedgerRow) -> dict[str, Put]:
        """Return what every cell of a row is to show."""
        return {key: self._put(row, column) for key, column in self.columns.items()}

    def _put(self, row: LedgerRow, column: Column) -> Put:
        value = fit(row.values.get(column.key), column, self.zone)
        link = link_target(row.links.get(column.key, "")) or ""
        return Put((clean(value) or None) if isinstance(value, str) else value, link)


def book_of(layout: Layout) -> Book:
    """Return the columns of a ledger of this layout."""
    return Book({column.key: column for column in columns_of(layout)}, layout.zone)


def values_of(cells: Mapping[str, Put]) -> dict[str, CellValue]:
    """Return the values alone; empty cells are left out."""
    return {key: one.value for key, one in cells.items() if one.value not in (None, "")}


@cache
def _synonyms(key: str) -> tuple[str, ...]:
    field = BY_KEY.get(key)
    return tuple(filter(None, (field.header, field.header_tw, field.header_en, *field.synonyms))) if field else ()
