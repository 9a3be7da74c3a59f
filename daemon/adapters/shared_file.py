"""The workbook on the share, which people save at any time: looked at, read, and replaced without losing a save."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from errno import EFBIG
from hashlib import sha256
from pathlib import Path
from stat import S_IMODE

from daemon.adapters import open_locks
from daemon.adapters.exchange import CANNOT, SHARING, exchange, replace_with_backup
from daemon.adapters.files import rename_free, sync_folder, write_new
from daemon.adapters.ledger_faults import LedgerBeingSaved, LedgerInUse, LedgerOpenElsewhere, LedgerUnreachable
from daemon.adapters.swapped_out import Held, Place, dated, put_in_place
from daemon.seams import UNSURE, Opened, Stamp, Swapped, Taken

MOST_BYTES = 200_000_000
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between looks at a file that is being saved
SETTLED = 60.0  # seconds that a file must have stayed as it is before it counts as cut short for good
DOUBT = 5.0  # seconds; the coarsest file systems tell times by two seconds
REST = timedelta(minutes=5)  # after which nobody writes any more into a file that was swapped out
UNREADABLE = "无法读取"

Hold = Callable[[], AbstractContextManager[Callable[[], None]]]
"""Keeps every other daemon from writing for the length of a with block; gives what makes sure of it once more."""


@contextmanager
def free_hand() -> Iterator[Callable[[], None]]:
    """Hold nothing: no other daemon writes this file."""
    yield lambda: None


@dataclass(frozen=True, slots=True)
class Patience:
    """How long is waited: between looks, until a file counts as cut short, as dealt with, and a lock as left behind."""

    pauses: tuple[float, ...] = PAUSES
    settled: float = SETTLED
    doubt: float = DOUBT
    rest: timedelta = REST
    lock_stale: timedelta = timedelta(days=3)


@dataclass
class SharedWorkbook:
    """The ledger's workbook; implements `seams.SharedFile`.

    `is_whole` is False for bytes that a save under way leaves, empty or cut short, and for nothing else.
    """

    path: Path
    is_whole: Callable[[bytes], bool]
    zone: tzinfo = UTC
    hold: Hold = free_hand
    patience: Patience = Patience()
    _first_seen: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    _resting: dict[Path, tuple[Stamp, datetime]] = field(default_factory=dict)

    @property
    def _place(self) -> Place:
        return Place(self.path)

    # ── looking and reading ──

    def stamp(self) -> Stamp | None:
        """Look whether the file was saved; None when there is none.  Raises LedgerUnreachable."""
        with self._reachable():
            try:
                return self._noticed(self.path, _stamp_of(self.path.stat()))
            except FileNotFoundError:
                self.path.parent.stat()  # a share that is not mounted is no ledger that was deleted
                return None

    def read(self) -> Taken | None:
        """Read the file when it is whole; None when there is none, also not after a short wait.

        Raises LedgerUnreachable, also when it is too large, and LedgerBeingSaved.
        """
        with self._reachable():
            taken = self._read(self.path)
            if taken is None and self.path.exists():
                raise LedgerBeingSaved(self.path)
            if taken is None:
                self.path.parent.stat()
            return taken

    def _read(self, path: Path) -> Taken | None:
        """Look at a file until it is whole, or cut short for good; None when it is neither in time."""
        taken = self._look(path)
        for pause in self.patience.pauses:
            if taken:
                break
            time.sleep(pause)
            taken = self._look(path)
        return taken

    def _look(self, path: Path) -> Taken | None:
        """Read a file once; None when it is not there, moved while it was read, or is cut short since a moment only."""
        try:
            with path.open("rb") as file:
                before = _stamp_of(os.fstat(file.fileno()))
                data = file.read(MOST_BYTES + 1)
                moved = _stamp_of(os.fstat(file.fileno())) != before
        except FileNotFoundError:
            return None
        if len(data) > MOST_BYTES:
            raise OSError(EFBIG, os.strerror(EFBIG), str(path))
        self._noticed(path, before)
        whole = not moved and self.is_whole(data)
        if not whole and (moved or self._age(path) < self.patience.settled):
            return None
        stamp = UNSURE if self._age(path) < self.patience.doubt else before
        return Taken(data, sha256(data).hexdigest(), stamp, whole)

    def _noticed(self, path: Path, stamp: Stamp) -> Stamp:
        if self._first_seen.get(path, (None, 0.0))[0] != stamp:
            self._first_seen[path] = (stamp, time.monotonic())
        return stamp

    def _age(self, path: Path) -> float:
        """Return for how many seconds the file has been seen as it is."""
        return time.monotonic() - self._first_seen[path][1]

    def opened_by(self, now: datetime) -> Opened | None:
        """Return who has the workbook open by its lock files.  Raises LedgerUnreachable."""
        with self._reachable():
            return open_locks.opened_by(self.path, now, self.patience.lock_stale)

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
                number = self._place.next_number()
                fresh, stamp = self._written(data, number)
                try:
                    still()
                    out = self._swap(fresh, number)
                except BaseException:
                    _discard(fresh, ours)
                    raise
                sync_folder(self.path.parent)
            return self._looked_at(out, expected_sha256, Swapped(ours, stamp))

    def _refuse_if_open(self, now: datetime) -> None:
        opened = self.opened_by(now)
        if opened:
            raise LedgerOpenElsewhere(self.path, self.path.with_name(opened.lock), opened.who)

    def _written(self, data: bytes, number: int) -> tuple[Path, Stamp]:
        """Write the new file, on disk and complete before it has the name under which it is swapped in.

        It bears a time two seconds back, so that whoever writes into it, however soon, gives it another stamp.
        """
        fresh = self._place.fresh
        try:
            write_new(fresh, data)
            with suppress(FileNotFoundError):
                _give_mode_and_owner(self.path.stat(), fresh)
            made = fresh.stat()
            os.utime(fresh, ns=(made.st_atime_ns, made.st_mtime_ns - 2_000_000_000))
        except BaseException:
            with suppress(OSError):
                fresh.unlink(missing_ok=True)
            raise
        ready = self._place.named("swap", number)
        fresh.rename(ready)
        return ready, _stamp_of(ready.stat())

    def _swap(self, fresh: Path, number: int) -> Held | None:
        """Put the new file in place, in one step where the system can; return what stood there."""
        if os.name == "nt":
            return self._swap_on_windows(fresh, number)
        try:
            exchange(fresh, self.path)
        except FileNotFoundError:
            put_in_place(fresh, self.path)
            return None
        except OSError as fault:
            if fault.errno not in CANNOT:
                raise
            return self._swap_in_two_steps(fresh, number)
        return Held(fresh, "swap", number)

    def _swap_on_windows(self, fresh: Path, number: int) -> Held | None:
        away = self._place.named("away", number)
        try:
            replace_with_backup(self.path, fresh, away)
        except FileNotFoundError:
            put_in_place(fresh, self.path)
            return None
        except OSError:
            self._give_back(away)
            raise
        return Held(away, "away", number)

    def _swap_in_two_steps(self, fresh: Path, number: int) -> Held | None:
        """Take the old file away, then put the new one in place, never over a file that was saved in between."""
        away = self._place.named("away", number)
        try:
            self.path.rename(away)
        except FileNotFoundError:
            put_in_place(fresh, self.path)
            return None
        try:
            put_in_place(fresh, self.path)
        except OSError:
            self._give_back(away)
            raise
        return Held(away, "away", number)

    def _give_back(self, away: Path) -> None:
        with suppress(OSError):  # somebody's file is there now; the one taken away is left over, and read as such
            put_in_place(away, self.path)

    def _looked_at(self, out: Held | None, expected_sha256: str | None, swapped: Swapped) -> Swapped:
        """Look at what was swapped out; what was expected is dealt with."""
        taken = self._read(out.path) if out else None
        if not out or not taken or not taken.whole:
            return swapped
        if taken.sha256 == expected_sha256:
            self._place.mark(out, taken.sha256)
            return swapped
        return replace(swapped, theirs=taken)

    # ── what was swapped out ──

    def left_over(self, known: Collection[str]) -> Taken | None:
        """Return the oldest version swapped out that nobody has read yet.  Raises LedgerUnreachable."""
        with self._reachable():
            if not self._place.is_in_order():
                with self.hold() as still:
                    still()
                    self._place.mend()
            for held in self._place.held():
                taken = self._look(held.path)
                if taken and taken.whole and taken.sha256 not in known and not held.is_known(taken.sha256):
                    return taken
            return None

    def settle(self, dealt: Collection[str], now: datetime) -> None:
        """Note what was dealt with, and remove what has rested since.  Raises LedgerUnreachable."""
        with self._reachable():
            for held in self._place.held():
                taken = self._look(held.path)
                if taken:
                    self._settle(held, taken, dealt, now)
            self._forget()

    def _forget(self) -> None:
        """Forget what was noticed of files that are gone."""
        lying = {held.path for held in self._place.held()} | {self.path}
        self._first_seen = {path: seen for path, seen in self._first_seen.items() if path in lying}
        self._resting = {path: seen for path, seen in self._resting.items() if path in lying}

    def _settle(self, held: Held, taken: Taken, dealt: Collection[str], now: datetime) -> None:
        if held.is_known(taken.sha256):
            if self._has_rested(held.path, now):
                held.path.unlink(missing_ok=True)
        elif taken.sha256 in dealt:
            self._place.mark(held, taken.sha256)
        elif not taken.whole and self._has_rested(held.path, now):
            self._renamed(held.path, now)

    def _has_rested(self, path: Path, now: datetime) -> bool:
        """Tell whether nothing was written into a file for a while since it was seen first."""
        stamp = _stamp_of(path.stat())
        seen, since = self._resting.get(path, (None, now))
        if seen != stamp:
            since = now
        self._resting[path] = (stamp, since)
        return now - since >= self.patience.rest

    # ── a file that cannot be used ──

    def set_aside(self, sha256: str, now: datetime) -> Path | None:
        """Rename the file to a dated name that is free; None when it is another by now.  Raises LedgerUnreachable."""
        with self._reachable(), self.hold() as still:
            still()
            aside = self._renamed(self.path, now)
            if aside and self._hash_of(aside) != sha256:
                self._give_back(aside)
                return None
            return aside

    def _renamed(self, path: Path, now: datetime) -> Path | None:
        stem = f"{self.path.stem}-{UNREADABLE}-{now.astimezone(self.zone):%Y%m%d-%H%M}"
        with suppress(FileNotFoundError):
            return rename_free(path, dated(self.path, stem))
        return None

    def _hash_of(self, path: Path) -> str:
        with path.open("rb") as file:
            return sha256(file.read(MOST_BYTES + 1)).hexdigest()

    @contextmanager
    def _reachable(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            if getattr(fault, "winerror", None) in SHARING:
                raise LedgerInUse(self.path) from fault
            raise LedgerUnreachable(self.path, fault) from fault


def _stamp_of(status: os.stat_result) -> Stamp:
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)


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


def _discard(fresh: Path, ours: str) -> None:
    """Remove the new file when it was not swapped in; a file that is not ours by its content stays."""
    with suppress(OSError):
        if sha256(fresh.read_bytes()).hexdigest() == ours:
            fresh.unlink()
