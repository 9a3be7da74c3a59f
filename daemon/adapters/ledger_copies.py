"""Copies of the workbook: the current one to look at, the last good one, one a day.  None is worth a fault."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from pathlib import Path

from daemon.adapters.files import rename_free, sync_folder, write_atomically, write_new
from daemon.adapters.half_saved import stamp_of
from daemon.adapters.swapped_out import dated
from daemon.seams import Stamp

LIVE = "-实时(只读)"
BACKUPS = "备份"
LAST_GOOD = "ledger-last-good.xlsx"
READ_ONLY = 0o444


@dataclass
class WorkbookCopies:
    """Copies of the workbook at `path`, the last good one in the folder `state`; implements `seams.SharedCopies`."""

    path: Path
    state: Path
    _written: dict[Path, tuple[Stamp, str]] = field(default_factory=dict)

    @property
    def live(self) -> Path:
        """Return the file in which people look at the present state."""
        return self.path.with_name(f"{self.path.stem}{LIVE}{self.path.suffix}")

    @property
    def good(self) -> Path:
        """Return the file with the last copy that was whole."""
        return self.state / LAST_GOOD

    def publish(self, data: bytes) -> str:
        """Show the present state, read-only, replaced in one step; return what went wrong, empty when all is well.

        A file there that can be written is not ours: somebody saved over it, and it is kept under another name.
        """
        try:
            theirs = self._keep_theirs()
        except OSError as fault:
            return _why(self.live, fault)
        return self._changed(self.live, data, _replace_read_only) or theirs

    def _keep_theirs(self) -> str:
        with suppress(FileNotFoundError):
            if self.live.stat().st_mode & stat.S_IWUSR:
                kept = rename_free(self.live, dated(self.live, f"{self.live.stem}-有人改过"))
                return f"somebody saved over {self.live}, which nobody reads; it is kept as {kept.name}: look into it"
        return ""

    def keep_good(self, data: bytes) -> str:
        """Keep the last copy that was whole; return why that failed, empty when it is kept."""
        return self._changed(self.good, data, lambda path, new: write_atomically(path, new, private=True))

    def last_good(self) -> bytes | None:
        """Return the last copy that was whole, None when there is none that can be read."""
        with suppress(OSError):
            return self.good.read_bytes()
        return None

    def keep_daily(self, data: bytes, day: date, days: int) -> str:
        """Keep the first state of a day that it is given, and those of the last `days` days on which there was one.

        The first one is kept and never written over: it is how the day before ended, and what somebody does to the
        workbook during the day cannot reach it; the newest state is the last good copy.  Days without a change make no
        backup and cost none: after a long holiday the old ones are still there.
        """
        if days <= 0:
            return ""
        folder = self.path.parent / BACKUPS
        backup = folder / f"{self.path.stem}-{day:%Y%m%d}{self.path.suffix}"
        try:
            if not backup.exists():
                folder.mkdir(exist_ok=True)
                write_atomically(backup, data)
            self._prune(folder, days)
        except OSError as fault:
            return _why(backup, fault)
        return ""

    def _prune(self, folder: Path, days: int) -> None:
        ours = re.compile(rf"{re.escape(self.path.stem)}-\d{{8}}{re.escape(self.path.suffix)}")
        backups = sorted(entry.name for entry in folder.iterdir() if ours.fullmatch(entry.name))
        for name in backups[:-days]:
            (folder / name).unlink(missing_ok=True)

    def _changed(self, path: Path, data: bytes, write: Callable[[Path, bytes], None]) -> str:
        """Write a copy whose bytes changed, or that somebody took away."""
        new = sha256(data).hexdigest()
        try:
            if not path.exists() or self._known(path) != new:
                write(path, data)
            self._written[path] = (stamp_of(path.stat()), new)
        except OSError as fault:
            self._written.pop(path, None)
            return _why(path, fault)
        return ""

    def _known(self, path: Path) -> str:
        stamp, known = self._written.get(path, (None, ""))
        return known if stamp == stamp_of(path.stat()) else sha256(path.read_bytes()).hexdigest()


def _replace_read_only(path: Path, data: bytes) -> None:
    """Replace a read-only file in one step.  Windows replaces none that is read-only, nor one that is open."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.unlink(missing_ok=True)
    try:
        write_new(fresh, data)
        fresh.chmod(READ_ONLY)
        if os.name == "nt":
            with suppress(FileNotFoundError):
                path.chmod(stat.S_IWRITE)
        fresh.replace(path)
    except BaseException:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    sync_folder(path.parent)


def _why(path: Path, fault: OSError) -> str:
    return f"{path} could not be written, it is tried again: {fault.strerror or fault}"
