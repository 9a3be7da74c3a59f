"""What a sheet of the workbook holds and what is to be written to it.  Values only."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from daemon.core.fields import CellValue


@dataclass(frozen=True, slots=True)
class Seen:
    """A cell as people see it: text, a number, or naive wall time; a computed one with its formula and cached value.

    A number whose format shows leading zeros (000000) is the text that is shown.  `error` is what the program shows
    in place of a value (#REF!).  A cell with a formula or an error is never an empty one.
    """

    value: CellValue = None
    formula: str = ""
    error: str = ""

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing stands in the cell."""
        return self.value in (None, "") and not self.formula and not self.error


@dataclass(frozen=True, slots=True)
class SeenRow:
    """A row of the sheet: its number from 1, and the cells of the columns that were looked for, empty ones left out."""

    number: int
    cells: Mapping[str, Seen]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where things stand in a sheet: `columns` maps keys to column numbers from 1, `missing` has no header.

    `doubled` are keys whose header stands there twice or more; the first one, from the left, is in `columns`.
    """

    title: str
    part: str
    header_row: int
    columns: Mapping[str, int]
    missing: tuple[str, ...] = ()
    doubled: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Wanted:
    """A column that is looked for in a sheet: its key, its header, and the other headers that people give it."""

    key: str
    title: str
    synonyms: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Put:
    """What is to stand in a cell: text, a number or naive wall time; `link` is a relative target, empty for none."""

    value: CellValue
    link: str = ""


@dataclass(frozen=True, slots=True)
class NewRow:
    """A row to be put below the last one; `height` in points, where the rows of the sheet have one."""

    cells: Mapping[str, Put]
    height: float | None = None


@dataclass(frozen=True, slots=True)
class Patch:
    """What is to change in a sheet: cells by row number and key, rows below row `after`, and columns put back.

    `columns` are keys of `Sheet.missing`; their cells may be named in `cells` and `rows` of the same patch.
    """

    cells: Mapping[int, Mapping[str, Put]] = field(default_factory=dict)
    rows: Sequence[NewRow] = ()
    after: int = 1
    columns: Sequence[Wanted] = ()

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing is to change."""
        return not self.cells and not self.rows and not self.columns


class Flaw(StrEnum):
    """Why a file cannot be used as the ledger."""

    EMPTY = "empty"  # no bytes
    TRUNCATED = "truncated"  # half-saved: the zip or a part ends too early
    ENCRYPTED = "encrypted"  # a password: an OLE container
    OLD_FORMAT = "old format"  # .xls
    FOREIGN = "foreign"  # not a workbook, or none of ours: no sheet has our headers
    TOO_LARGE = "too large"  # a bomb, or more rows than a sheet may have in use
    UNUSUAL = "unusual"  # a workbook that this reader cannot patch: another encoding, a document type, comments


class BadWorkbook(Exception):
    """A file that cannot be used as the ledger; `flaw` says why, the message what was found and where."""

    def __init__(self, flaw: Flaw, detail: str) -> None:
        self.flaw = flaw
        super().__init__(detail)
