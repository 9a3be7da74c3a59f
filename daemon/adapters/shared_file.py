"""The workbook on the share, which people save at any time: looked at, read, and replaced without losing a save."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

from daemon.adapters import open_locks
from daemon.adapters.exchange import BUSY, CANNOT, SHARING, exchange, replace_with_backup
from daemon.adapters.files import rename_free, sync_folder, write_new
from daemon.adapters.half_saved import Reader, stamp_of
from daemon.adapters.ledger_faults import LedgerBeingSaved, LedgerInUse, LedgerOpenElsewhere, LedgerUnreachable
from daemon.adapters.swapped_out import Held, Place, dated, put_in_place
from daemon.seams import Opened, Stamp, Swapped, Taken

REST = timedelta(minutes=2)  # without a write, after which nobody writes any more into a file that was swapped out
UNREADABLE = "无法读取"
_BACK = 2_000_000_000  # nanoseconds

Hold = Callable[[], AbstractContextManager[Callable[[], None]]]
"""Keeps every other daemon from writing for the length of a with block; gives what makes sure of it once more."""


@contextmanager
def free_hand() -> Iterator[Callable[[], None]]:
    """Hold nothing: no other daemon writes this file."""
    yield lambda: None


@dataclass
class SharedWorkbook:
    """The ledger's workbook; implements `seams.SharedFile`.

    A lock file older than `lock_stale` was left behind; `zone` is that of the times in names; what was swapped out and
    dealt with is watched for `rest`.
    """

    path: Path
    reader: Reader
    lock_stale: timedelta = timedelta(days=3)
    zone: tzinfo = UTC
    hold: Hold = free_hand
    rest: timedelta = REST
    _resting: dict[Path, tuple[Stamp, datetime]] = field(default_factory=dict)

    @property
    def _place(self) -> Place:
        return Place(self.path)

    # ── looking and reading ──

    def stamp(self) -> Stamp | None:
        """Look whether the file was saved; None when there is none.  Raises LedgerUnreachable."""
        with self._reachable():
            try:
                return self.reader.stamp(self.path)
            except FileNotFoundError:
                self.path.parent.stat()  # a share that is not mounted is no ledger that was deleted
                return None

    def read(self) -> Taken | None:
        """Read the file when it is whole; None when there is none, also not after a short wait.

        Raises LedgerUnreachable, also when it is too large, and LedgerBeingSaved.
        """
        with self._reachable():
            taken = self.reader.read(self.path)
            if taken is None and self.path.exists():
                raise LedgerBeingSaved(self.path)
            if taken is None:
                self.path.parent.stat()
            return taken

    def opened_by(self, now: datetime) -> Opened | None:
        """Return who has the workbook open by its lock files.  Raises LedgerUnreachable."""
        with self._reachable():
            return open_locks.opened_by(self.path, now, self.lock_stale)

    # ── replacing ──

    def replace(self, data: bytes, expected_sha256: str | None, now: datetime) -> Swapped:
        """Put the file in place of what stands there, then look at what that was.

        Raises LedgerNotWritable (open elsewhere, no room, no right), and what `hold` raises for a daemon that must not
        write any more.
        """
        ours = sha256(data).hexdigest()
        with self._reachable():
            with self.hold() as still:
                self._refuse_if_open(now)
                self._place.mend()
                fresh, away = self._place.reserve(ours, expected_sha256)
                stamp = self._write(data, fresh)
                try:
                    still()
                    out = self._swap(fresh, away)
                except BaseException:
                    _discard(fresh, ours)
                    raise
                sync_folder(self.path.parent)
            return self._looked_at(out, expected_sha256, Swapped(ours, stamp))

    def _refuse_if_open(self, now: datetime) -> None:
        opened = self.opened_by(now)
        if opened:
            raise LedgerOpenElsewhere(self.path, self.path.with_name(opened.lock), opened.who)

    def _write(self, data: bytes, ready: Held) -> Stamp:
        """Write the new file, on disk and complete before it has the name under which it is swapped in.

        It bears a time two seconds back, so that whoever writes into it, however soon, gives it another stamp.
        """
        fresh = self._place.fresh
        try:
            write_new(fresh, data)
            with suppress(FileNotFoundError):
                _give_mode_and_owner(self.path.stat(), fresh)
            made = fresh.stat()
            os.utime(fresh, ns=(made.st_atime_ns, made.st_mtime_ns - _BACK))
            stamp = stamp_of(fresh.stat())
            fresh.rename(ready.path)
        except BaseException:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        return stamp

    def _swap(self, fresh: Held, away: Held) -> Held | None:
        """Put the new file in place, in one step where the system can; return what stood there."""
        try:
            if os.name == "nt":
                return self._swap_with_backup(fresh, away)
            return self._swap_in_one_step(fresh, away)
        except FileNotFoundError:
            put_in_place(fresh.path, self.path)
            return None

    def _swap_in_one_step(self, fresh: Held, away: Held) -> Held:
        try:
            exchange(fresh.path, self.path)
        except OSError as fault:
            if fault.errno not in CANNOT:
                raise
            return self._swap_in_two_steps(fresh, away)
        return fresh

    def _swap_in_two_steps(self, fresh: Held, away: Held) -> Held:
        """Take the old file away, then put the new one in place, never over a file that was saved in between."""
        self.path.rename(away.path)
        try:
            put_in_place(fresh.path, self.path)
        except OSError:
            self._give_back(away.path)
            raise
        return away

    def _swap_with_backup(self, fresh: Held, away: Held) -> Held:
        try:
            replace_with_backup(self.path, fresh.path, away.path)
        except FileNotFoundError:
            raise
        except OSError:
            self._give_back(away.path)
            raise
        return away

    def _give_back(self, away: Path) -> None:
        with suppress(OSError):  # somebody's file is there now; the one taken away is left over, and read as such
            put_in_place(away, self.path)

    def _looked_at(self, out: Held | None, expected_sha256: str | None, swapped: Swapped) -> Swapped:
        """Look at what was swapped out; what was expected is dealt with."""
        taken = self.reader.read(out.path) if out else None
        if not out or not taken or not taken.whole:
            return swapped
        if taken.sha256 == expected_sha256:
            self._place.mark(out, taken.sha256)
            return swapped
        return replace(swapped, theirs=taken)

    # ── what was swapped out ──

    def left_over(self, known: Collection[str]) -> Taken | None:
        """Return the oldest version swapped out that nobody has read yet.

        Raises LedgerUnreachable, and what `hold` raises when a replace that was cut off has to be put in order.
        """
        with self._reachable():
            if not self._place.is_in_order():
                with self.hold() as still:
                    still()
                    self._place.mend()
            for held in self._place.held():
                found = self.reader.sha256(held.path)
                taken = None if found in known or found.startswith(held.known) else self.reader.look(held.path)
                if taken and taken.whole and taken.sha256 not in known:
                    return taken
            return None

    def settle(self, dealt: Collection[str], now: datetime) -> Sequence[Path]:
        """Note what was dealt with, and remove what has rested since; return what was set aside as cut short for good.

        Raises LedgerUnreachable.
        """
        with self._reachable():
            held = self._place.held()
            aside = [self._settle(one, dealt, now) for one in held]
            lying = {one.path for one in held} | {self.path}
            self._resting = {path: seen for path, seen in self._resting.items() if path in lying}
            self.reader.forget_all_but(lying)
            return tuple(path for path in aside if path)

    def _settle(self, held: Held, dealt: Collection[str], now: datetime) -> Path | None:
        found = self.reader.sha256(held.path)
        if found.startswith(held.known):
            if self._has_rested(held.path, now):
                held.path.unlink(missing_ok=True)
        elif found in dealt:
            self._place.mark(held, found)
        elif self._is_cut_short(held.path) and self._has_rested(held.path, now):
            return self._renamed(held.path, now)
        return None

    def _is_cut_short(self, path: Path) -> bool:
        taken = self.reader.look(path)
        return taken is not None and not taken.whole

    def _has_rested(self, path: Path, now: datetime) -> bool:
        """Tell whether nothing was written into a file for a while since it was seen first."""
        stamp = self.reader.stamp(path)
        seen, since = self._resting.get(path, (None, now))
        if seen != stamp:
            since = now
        self._resting[path] = (stamp, since)
        return now - since >= self.rest

    # ── a file that cannot be used ──

    def set_aside(self, sha256: str, now: datetime) -> Path | None:
        """Rename the file to a dated name that is free; None when it is another by now.  Raises LedgerUnreachable."""
        with self._reachable(), self.hold() as still:
            still()
            aside = self._renamed(self.path, now)
            if aside and self.reader.sha256(aside) != sha256:
                self._give_back(aside)
                return None
            return aside

    def _renamed(self, path: Path, now: datetime) -> Path | None:
        stem = f"{self.path.stem}-{UNREADABLE}-{now.astimezone(self.zone):%Y%m%d-%H%M}"
        with suppress(FileNotFoundError):
            return rename_free(path, dated(self.path, stem))
        return None

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            if fault.errno in BUSY or getattr(fault, "winerror", None) in SHARING:
                raise LedgerInUse(self.path) from fault
            raise LedgerUnreachable(self.path, fault) from fault


def _give_mode_and_owner(old: os.stat_result, fresh: Path) -> None:
    """Let the new file belong to whom the old one did, as far as we may."""
    chown = getattr(os, "chown", None)  # Windows has none
    for owner in ((old.st_uid, old.st_gid), (-1, old.st_gid)):
        with suppress(OSError):
            if chown:
                chown(fresh, *owner)
                break
    with suppress(OSError):
        fresh.chmod(S_IMODE(old.st_mode))


def _discard(fresh: Held, ours: str) -> None:
    """Remove the new file when it was not swapped in; a file that is not ours by its content stays."""
    with suppress(OSError):
        if sha256(fresh.path.read_bytes()).hexdigest() == ours:
            fresh.path.unlink()
