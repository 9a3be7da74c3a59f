"""Reading a file that programs save at any time: never half of one, and known by its stamp only when that is safe."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from errno import EFBIG
from hashlib import sha256
from pathlib import Path

from daemon.seams import UNSURE, Stamp, Taken

MOST_BYTES = 200_000_000
PAUSES = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)  # seconds between looks at a file that is being saved
SETTLED = 60.0  # seconds that a file must have stayed as it is before it counts as cut short for good
DOUBT = 5.0  # seconds; the coarsest file systems tell times by two seconds


@dataclass
class Reader:
    """Reads files whole.  `is_whole` is False for what a save under way may leave: empty, cut short, mixed."""

    is_whole: Callable[[bytes], bool]
    pauses: tuple[float, ...] = PAUSES
    settled: float = SETTLED
    doubt: float = DOUBT
    _first_seen: dict[Path, tuple[Stamp, float]] = field(default_factory=dict)
    _hashes: dict[Path, tuple[Stamp, str]] = field(default_factory=dict)

    def stamp(self, path: Path) -> Stamp:
        """Look at a file without reading it.  Raises OSError."""
        return self._noticed(path, stamp_of(path.stat()))

    def read(self, path: Path) -> Taken | None:
        """Look at a file until it is whole, or cut short for good; None when it is neither in time, or not there.

        Raises OSError, also for a file that is too large.
        """
        taken = self.look(path)
        for pause in self.pauses:
            if taken:
                break
            time.sleep(pause)
            taken = self.look(path)
        return taken

    def look(self, path: Path) -> Taken | None:
        """Read a file once; None when it is not there, moved while it was read, or is cut short since a moment only.

        Raises OSError, also for a file that is too large.
        """
        try:
            with path.open("rb") as file:
                before = self._noticed(path, stamp_of(os.fstat(file.fileno())))
                data = file.read(MOST_BYTES + 1)
                moved = stamp_of(os.fstat(file.fileno())) != before
        except FileNotFoundError:
            return None
        if len(data) > MOST_BYTES:
            raise OSError(EFBIG, os.strerror(EFBIG), str(path))
        whole, age = not moved and self.is_whole(data), self._age(path)
        if not whole and (moved or age < self.settled):
            return None
        return Taken(data, sha256(data).hexdigest(), UNSURE if age < self.doubt else before, whole)

    def sha256(self, path: Path) -> str:
        """Return the hash of a file as it is, not reading it again while its stamp stays.  Raises OSError."""
        stamp, known = self.stamp(path), self._hashes.get(path)
        if known and known[0] == stamp:
            return known[1]
        sure = self._age(path) >= self.doubt  # before it is read: a later write has another time then
        with path.open("rb") as file:
            found = sha256(file.read(MOST_BYTES + 1)).hexdigest()
        if sure:
            self._hashes[path] = (stamp, found)
        return found

    def forget_all_but(self, paths: Collection[Path]) -> None:
        """Forget what was noticed of files that are gone."""
        self._first_seen = {path: seen for path, seen in self._first_seen.items() if path in paths}
        self._hashes = {path: seen for path, seen in self._hashes.items() if path in paths}

    def _noticed(self, path: Path, stamp: Stamp) -> Stamp:
        if self._first_seen.get(path, (None, 0.0))[0] != stamp:
            self._first_seen[path] = (stamp, time.monotonic())
        return stamp

    def _age(self, path: Path) -> float:
        """Return for how many seconds the file has been seen as it is."""
        return time.monotonic() - self._first_seen[path][1]


def stamp_of(status: os.stat_result) -> Stamp:
    """Return the stamp that a look gives."""
    return Stamp(status.st_mtime_ns, status.st_size, status.st_ino)
