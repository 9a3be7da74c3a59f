"""The shared ledger: rows by case, and the workbook on the file share."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

CellValue = str | int | float | datetime | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One case as the ledger shows it: values by column key, and for link columns the relative path."""

    case: UUID
    values: Mapping[str, CellValue]
    links: Mapping[str, str] = field(default_factory=dict)
    severity: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class LedgerWrite:
    """What came of writing the ledger: the hash now on disk, and where a foreign file was set aside."""

    sha256: str
    set_aside: Path | None = None


@dataclass(frozen=True, slots=True)
class BaseRow:
    """What stands in the ledger's row of a case by our knowledge: written last, or read last.

    `cells` are values as the file holds them, times as naive wall time.  `kept` are cells in which people typed what
    was not understood, by key: they stay.  A row that is not `shown` was deleted by a person.  `seq` is the case's for
    which the row was made, `place` the number of the row in the sheet, and `words_at` when its words about time change.
    """

    case: UUID
    cells: Mapping[str, CellValue]
    kept: Mapping[str, str] = field(default_factory=dict)
    shown: bool = True
    seq: int = 0
    place: int = 0
    words_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Generation:
    """What one writing of the workbook changed: the old values by case and key, None for a row that was appended."""

    number: int
    sha256: str
    rows: Mapping[UUID, Mapping[str, CellValue] | None]


@dataclass(frozen=True, slots=True)
class Change:
    """One change: an aware instant, the case's number, the column's header, both values, who, from where, and why."""

    at: datetime
    number: str
    column: str
    before: CellValue = None
    after: CellValue = None
    who: str = ""
    where: str = ""
    why: str = ""


class LedgerFile(Protocol):
    """The workbook on the file share."""

    def write(self, rows: Sequence[LedgerRow], last_sha256: str | None, now: datetime) -> LedgerWrite:
        """Write the whole workbook; a file that is not the one we wrote last is set aside first, untouched.

        Raises LedgerNotWritable (open elsewhere, no room, no right).
        """
        ...

    def sha256(self) -> str | None:
        """Return the hash of the file on disk, None when there is none."""
        ...


class LedgerNotWritable(Exception):
    """The workbook cannot be written now; it will be tried again.  The message says why and what people can do."""

    locked = False  # because somebody has it open, which is nobody's fault
