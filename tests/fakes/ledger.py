"""A ledger without a file: it remembers what was written and can be open elsewhere, or changed by people."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from hashlib import sha256
from pathlib import Path

from daemon.adapters.ledger_copies import KEPT
from daemon.seams import UNSURE, LedgerNotWritable, Opened, Stamp, Swapped, Taken


@dataclass
class FakeSharedFile:
    """A workbook on a share, in memory: people save it, open it and hold on to the old one; the share can fail."""

    content: bytes | None = None
    opened: Opened | None = None
    unreachable: str = ""
    half_saved: bool = False
    saved_at_the_last_moment: list[bytes] = field(default_factory=list)
    kept_aside: list[bytes] = field(default_factory=list)
    replaced: list[bytes] = field(default_factory=list)
    is_whole: Callable[[bytes], bool] = bool
    reads: int = 0
    _saves: int = 0
    _out: list[bytes] = field(default_factory=list)

    def save(self, data: bytes | None) -> None:
        """Let a person save the workbook, or delete it."""
        self.content, self._saves = data, self._saves + 1

    def write_into_old(self, data: bytes) -> None:
        """Let a person save into the file that was swapped out last."""
        self._out.append(data)

    def stamp(self) -> Stamp | None:
        """Look whether the file was saved."""
        self._reach()
        return None if self.content is None else Stamp(self._saves, len(self.content), 1)

    def read(self) -> Taken | None:
        """Read the file."""
        self._reach()
        if self.half_saved:
            raise _locked("the workbook is being saved")
        self.reads += 1
        stamp = self.stamp()
        if self.content is None or stamp is None:
            return None
        return Taken(self.content, _hash(self.content), stamp, self.is_whole(self.content))

    def opened_by(self, now: datetime) -> Opened | None:  # noqa: ARG002 - its locks do not grow old
        """Return who has the workbook open."""
        self._reach()
        return self.opened

    def replace(self, data: bytes, expected_sha256: str | None, now: datetime) -> Swapped:
        """Swap the file in and look at what was there."""
        opened = self.opened_by(now)
        if opened:
            raise _locked(f"the workbook is open by {opened.who}")
        while self.saved_at_the_last_moment:
            self.save(self.saved_at_the_last_moment.pop(0))
        out, theirs = self.content, None
        self.save(data)
        self.replaced.append(data)
        if out is not None and _hash(out) != expected_sha256:
            self._out.append(out)
            theirs = _taken(out, UNSURE)
        stamp = self.stamp()
        assert stamp
        return Swapped(_hash(data), stamp, theirs)

    def left_over(self, known: Collection[str]) -> Taken | None:
        """Return a version that was swapped out and that nobody has read."""
        self._reach()
        return next((_taken(one, UNSURE) for one in self._out if _hash(one) not in known), None)

    def settle(self, dealt: Collection[str], now: datetime) -> Sequence[Path]:  # noqa: ARG002 - nothing rests in memory
        """Note what was dealt with."""
        self._reach()
        self._out = [one for one in self._out if _hash(one) not in dealt]
        return ()

    def set_aside(self, sha256: str, now: datetime) -> Path | None:
        """Take the file away when it is this one."""
        self._reach()
        if self.content is None or _hash(self.content) != sha256:
            return None
        self.kept_aside.append(self.content)
        self.save(None)
        return Path(f"客诉台账-无法读取-{now:%Y%m%d-%H%M}.xlsx")

    def _reach(self) -> None:
        if self.unreachable:
            raise LedgerNotWritable(self.unreachable)


@dataclass
class FakeCopies:
    """Copies in memory; `broken` is why none can be written."""

    live: bytes | None = None
    versions: dict[str, bytes] = field(default_factory=dict)  # by hash, the newest last
    daily: dict[date, bytes] = field(default_factory=dict)
    broken: str = ""

    def publish(self, data: bytes) -> str:
        """Show the present state."""
        if not self.broken:
            self.live = data
        return self.broken

    def keep_good(self, data: bytes) -> str:
        """Keep a version that is whole."""
        if not self.broken:
            self.versions.pop(_hash(data), None)
            self.versions[_hash(data)] = data
            for old in list(self.versions)[:-KEPT]:
                del self.versions[old]
        return self.broken

    def forget_good(self, sha256: str) -> None:
        """Forget a version."""
        self.versions.pop(sha256, None)

    def last_good(self) -> bytes | None:
        """Return the newest version."""
        return next(reversed(self.versions.values()), None)

    def good(self, sha256: str) -> bytes | None:
        """Return the version with this hash."""
        return self.versions.get(sha256)

    def keep_daily(self, data: bytes, day: date, days: int) -> str:
        """Keep the first state of a day."""
        if days > 0 and not self.broken:
            self.daily.setdefault(day, data)
            for old in sorted(self.daily)[:-days]:
                del self.daily[old]
        return self.broken


def _hash(data: bytes) -> str:
    return sha256(data).hexdigest()


def _taken(data: bytes, stamp: Stamp) -> Taken:
    return Taken(data, _hash(data), stamp)


def _locked(why: str) -> LedgerNotWritable:
    fault = LedgerNotWritable(why)
    fault.locked = True
    return fault
