"""The shared ledger: rows by case, and the workbook on the file share."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Protocol
from uuid import UUID

from daemon.core.fields import CellValue


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One case as the ledger shows it: values by column key, and for link columns the relative path."""

    case: UUID
    values: Mapping[str, CellValue]
    links: Mapping[str, str] = field(default_factory=dict)
    severity: str = ""
    overdue: bool = False


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
    number: str = field(default="", compare=False)  # of the case; told, not kept


@dataclass(frozen=True, slots=True)
class BaseMeasure:
    """What stands in a row of 措施跟踪 by our knowledge; `key` is its hidden cell, `kept` as in `BaseRow`."""

    key: str
    case: UUID
    cells: Mapping[str, CellValue]
    kept: Mapping[str, CellValue] = field(default_factory=dict)


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


class LedgerNotWritable(Exception):
    """The workbook cannot be written now; it will be tried again.  The message says why and what people can do."""

    locked = False  # because somebody has it open, which is nobody's fault


# ── the workbook as a file that people save at any time ──────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a look at a file shows without reading it; two files with the same stamp have the same content."""

    mtime_ns: int
    size: int
    inode: int


UNSURE = Stamp(-1, -1, -1)
"""The stamp of a file that was saved so lately that another save could bear the same one: it equals no file's."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A file as it was read; `whole` is False when it is empty, cut short or broken and stays so: no save is under way.

    `stamp` is UNSURE when the next look has to read it again.
    """

    data: bytes
    sha256: str
    stamp: Stamp
    whole: bool = True


@dataclass(frozen=True, slots=True)
class Opened:
    """Who has the workbook open, in which program (Excel, WPS, LibreOffice) and since when; `who` may be empty."""

    who: str
    program: str
    since: datetime
    lock: str


@dataclass(frozen=True, slots=True)
class Swapped:
    """What came of a replace: hash and stamp of what now stands there; `theirs` is what people saved meanwhile.

    `theirs` is None when what stood there was what was expected, or nothing, or is being saved still: then
    `left_over` has it as soon as it is whole.
    """

    sha256: str
    stamp: Stamp
    theirs: Taken | None = None


class SharedFile(Protocol):
    """The workbook on a share that people save at any time, by every kind of program.  Bytes only.

    A tick: `left_over` until it gives nothing (merge, commit, `settle`); `stamp`, and when it moved `read`, merge,
    commit with the hash of what is to be written; `replace`; when that gives `theirs`, merge, commit, `settle`.
    Every method raises LedgerNotWritable when the share cannot be used now.
    """

    def stamp(self) -> Stamp | None:
        """Look whether the file was saved, without reading it; None when there is none."""
        ...

    def read(self) -> Taken | None:
        """Read the file; None when there is none, also not after a short wait.

        Raises LedgerNotWritable: unreachable, too large, being saved at this moment.
        """
        ...

    def opened_by(self, now: datetime) -> Opened | None:
        """Return who has the workbook open by its lock files; one that was left behind does not count."""
        ...

    def replace(self, data: bytes, expected_sha256: str | None, now: datetime) -> Swapped:
        """Put the file in place of what stands there, and look then at what that was; nothing of it is lost.

        The caller has noted the hash of `data` durably before.  Raises LedgerNotWritable (open elsewhere, no room, no
        right), and what the lease raises for a daemon that must not write any more.  When in doubt whether it was
        done, `read` and `left_over` of the next tick tell.
        """
        ...

    def left_over(self, known: Collection[str]) -> Taken | None:
        """Return a people's version that nobody has read yet: one that was swapped out, whose hash is not in `known`.

        It was there when we were killed amid replacing, or somebody wrote into the old file after it was swapped out.
        `known` are the hashes that the caller knows: what it read or wrote last, and what it was about to write.  The
        oldest first; the same again until it is settled.
        """
        ...

    def settle(self, dealt: Collection[str], now: datetime) -> Sequence[Path]:
        """Note that the versions with these hashes are dealt with; each is watched a while longer, then removed.

        Returns versions swapped out that stay cut short, which were set aside as `set_aside` does: people are told.
        """
        ...

    def set_aside(self, sha256: str, now: datetime) -> Path | None:
        """Rename the file, if its hash is this one, to a dated name 无法读取 beside it; None when it is another now."""
        ...


class SharedCopies(Protocol):
    """Copies of the workbook.  None of them is worth a failed pass: what cannot be done is said, and tried again."""

    def publish(self, data: bytes) -> str:
        """Show the present state in a file of its own, read-only; return what went wrong, empty when all is well."""
        ...

    def keep_good(self, data: bytes) -> str:
        """Keep a version that is whole as the newest of some; return why that failed, empty when it is kept."""
        ...

    def forget_good(self, sha256: str) -> None:
        """Forget a version that was never put in place."""
        ...

    def last_good(self) -> bytes | None:
        """Return the newest version, None when there is none that can be read."""
        ...

    def good(self, sha256: str) -> bytes | None:
        """Return the version with this hash, None when it is not kept any more."""
        ...

    def keep_daily(self, data: bytes, day: date, days: int) -> str:
        """Keep the first state of a day, and those of `days` days; return why that failed, empty when it is kept."""
        ...
