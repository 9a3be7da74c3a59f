"""A ledger without a file: it remembers what was written and can be open elsewhere, or changed by people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from daemon.seams import LedgerNotWritable, LedgerRow, LedgerWrite


@dataclass
class FakeLedger:
    """Records every write that changed something; `unwritable` is the reason why the next writes fail."""

    path: Path = Path("客诉台账.xlsx")
    writes: list[tuple[LedgerRow, ...]] = field(default_factory=list)
    kept_aside: list[Path] = field(default_factory=list)
    unwritable: str = ""
    locked: bool = False  # why: somebody has it open
    attempts: int = 0
    _sha256: str | None = None

    @property
    def rows(self) -> tuple[LedgerRow, ...]:
        """Return what the ledger shows now."""
        return self.writes[-1] if self.writes else ()

    def people_change_it(self) -> None:
        """Let the file on disk be another one than the daemon wrote."""
        self._sha256 = sha256(f"{self._sha256} changed".encode()).hexdigest()

    def write(self, rows: Sequence[LedgerRow], last_sha256: str | None, now: datetime) -> LedgerWrite:
        """Do as WorkbookFile does, in memory."""
        self.attempts += 1
        ours = sha256(repr([(r.case, dict(r.values), dict(r.links)) for r in rows]).encode()).hexdigest()
        if self._sha256 == ours:
            return LedgerWrite(ours)
        if self.unwritable:
            fault = LedgerNotWritable(self.unwritable)
            fault.locked = self.locked
            raise fault
        aside = self._set_aside(now) if self._sha256 not in (None, last_sha256) else None
        self.writes.append(tuple(rows))
        self._sha256 = ours
        return LedgerWrite(ours, aside)

    def sha256(self) -> str | None:
        """Return the hash of the file on disk."""
        return self._sha256

    def _set_aside(self, now: datetime) -> Path:
        aside = self.path.with_name(f"{self.path.stem}-人工修改-{now:%Y%m%d-%H%M}.xlsx")
        self.kept_aside.append(aside)
        return aside
