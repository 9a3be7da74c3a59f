"""Copies of the workbook: the current one to look at, the last versions, one a day.  None is worth a fault."""

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
VERSIONS = "ledger-versions"
KEPT = 8  # versions: people who saved one of them while we wrote the next ones are understood
READ_ONLY = 0o444


@dataclass
class WorkbookCopies:
    """Copies of the workbook at `path`, its last versions below the folder `state`; implements `seams.SharedCopies`."""

    path: Path
    state: Path
    _written: dict[Path, tuple[Stamp, str]] = field(default_factory=dict)

    @property
    def live(self) -> Path:
        """Return the file in which people look at the present state."""
        return self.path.with_name(f"{self.path.stem}{LIVE}{self.path.suffix}")

    @property
    def versions(self) -> Path:
        """Return the folder of the last versions that were whole, named by their number and hash."""
        return self.state / VERSIONS

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
        """Keep a version that is whole as the newest; return why that failed, empty when it is kept."""
        new, kept = sha256(data).hexdigest(), self._kept()
        if kept and kept[0].stem.endswith(new):
            return ""
        number = int(kept[0].stem.split("-")[0]) + 1 if kept else 1
        path = self.versions / f"{number:09}-{new}{self.path.suffix}"
        try:
            self.versions.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data, private=True)
            same = [old for old in kept if old.stem.endswith(new)]
            for old in (*same, *[old for old in kept if old not in same][KEPT - 1 :]):
                old.unlink(missing_ok=True)
        except OSError as fault:
            return _why(path, fault)
        return ""

    def forget_good(self, sha256: str) -> None:
        """Forget a version that was never put in place."""
        for path in self._kept():
            if path.stem.endswith(sha256):
                with suppress(OSError):
                    path.unlink()

    def last_good(self) -> bytes | None:
        """Return the newest version, None when there is none that can be read."""
        return next((data for path in self._kept() if (data := _read(path)) is not None), None)

    def good(self, sha256: str) -> bytes | None:
        """Return the version with this hash, None when it is not kept any more."""
        return next((_read(path) for path in self._kept() if path.stem.partition("-")[2] == sha256), None)

    def _kept(self) -> list[Path]:
        ours = re.compile(rf"\d{{9}}-[0-9a-f]{{64}}{re.escape(self.path.suffix)}")
        with suppress(OSError):
            return sorted((path for path in self.versions.iterdir() if ours.fullmatch(path.name)), reverse=True)
        return []

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


def _read(path: Path) -> bytes | None:
    """Return a version, None when its bytes are not those that it is named by."""
    with suppress(OSError):
        data = path.read_bytes()
        return data if path.stem.endswith(sha256(data).hexdigest()) else None
    return None


def _why(path: Path, fault: OSError) -> str:
    return f"{path} could not be written, it is tried again: {fault.strerror or fault}"
