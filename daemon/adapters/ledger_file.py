"""The workbook on the file share: written when it changed, never over a person's edit, never while it is open."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from errno import ENOSPC
from hashlib import file_digest, sha256
from io import BytesIO
from itertools import count
from pathlib import Path
from stat import S_IMODE
from xml.parsers.expat import ExpatError, ParserCreate
from zipfile import BadZipFile, ZipFile

from daemon.adapters.files import rename_free, sync_folder, write_atomically
from daemon.adapters.ledger_faults import LedgerOpenElsewhere, LedgerUnreachable
from daemon.adapters.open_locks import lock_owner
from daemon.adapters.shared_file import Hold, free_hand
from daemon.ledger.columns import Layout
from daemon.ledger.locks import KINDS
from daemon.seams import LedgerRow, LedgerWrite


class WorkbookFile:
    """The ledger's workbook; implements `seams.LedgerFile`."""

    def __init__(self, path: Path, layout: Layout, hold: Hold = free_hand) -> None:
        self.path = path
        self.layout = layout
        self._hold = hold

    def sha256(self) -> str | None:
        """Return the hash of the file on disk, None when there is none.

        Raises LedgerNotWritable when it cannot be read.
        """
        try:
            return _hash_of(self.path)
        except OSError as fault:
            raise LedgerUnreachable(self.path, fault) from fault

    def write(self, rows: Sequence[LedgerRow], last_sha256: str | None, now: datetime) -> LedgerWrite:
        """Write the whole workbook unless it is on disk already; set a file that is not our last one aside, untouched.

        Raises LedgerNotWritable (open elsewhere, no room, no right), and what `hold` raises for a daemon that must not
        write any more; what was there then stays there.
        """
        data = self._built(rows)
        self._tidy(last_sha256)
        ours = sha256(data).hexdigest()
        if self.sha256() == ours:
            return LedgerWrite(ours)
        self._refuse_if_open()
        try:
            with self._hold() as still:
                return LedgerWrite(ours, self._replace(data, last_sha256, now, still))
        except OSError as fault:
            raise LedgerUnreachable(self.path, fault) from fault

    def _built(self, rows: Sequence[LedgerRow]) -> bytes:
        """Build the workbook and see that it is whole: on a full disk the libraries cut their temporary files short."""
        from daemon.ledger.build import build_workbook  # noqa: PLC0415 - openpyxl is 10 MB that a daemon at rest can spare

        try:
            data = build_workbook(rows, self.layout)
        except OSError as fault:
            raise LedgerUnreachable(Path(tempfile.gettempdir()), fault) from fault
        if not _is_whole(data):
            full = OSError(ENOSPC, "the workbook was cut short while it was made")
            raise LedgerUnreachable(Path(tempfile.gettempdir()), full)
        return data

    def _tidy(self, last_sha256: str | None) -> None:
        """Take away what we left when we were killed amid replacing: names reserved, and our own last file."""
        for path in self.path.parent.glob(f"{self.path.stem}-人工修改-*{self.path.suffix}"):
            with suppress(OSError):
                if path.stat().st_size == 0 or _hash_of(path) == last_sha256:
                    path.unlink()
        with suppress(OSError):
            self._fresh.unlink(missing_ok=True)

    @property
    def _fresh(self) -> Path:
        return self.path.with_name(f".{self.path.name}.new")

    def _refuse_if_open(self) -> None:
        for kind in KINDS:
            lock = self.path.with_name(kind.name_for(self.path.name))
            if lock.exists():
                raise LedgerOpenElsewhere(self.path, lock, lock_owner(kind, lock).who)

    def _replace(self, data: bytes, last_sha256: str | None, now: datetime, still: Callable[[], None]) -> Path | None:
        """Put the new file in place of the old one, which is looked at only after it was taken away.

        Looking first would lose an edit that is saved between the look and the replacing.
        """
        fresh = self._fresh
        write_atomically(fresh, data)
        try:
            still()
            taken = self._take_away(now)
            try:
                _put_in_place(fresh, self.path)
            except OSError:
                _give_back(taken, self.path)
                raise
        finally:
            fresh.unlink(missing_ok=True)
        return _kept(taken, last_sha256)

    def _take_away(self, now: datetime) -> Path | None:
        try:
            mode = self.path.stat().st_mode
            taken = rename_free(self.path, self._dated_names(now))
        except FileNotFoundError:
            return None
        with suppress(OSError):
            self._fresh.chmod(S_IMODE(mode))
        return taken

    def _dated_names(self, now: datetime) -> Iterator[Path]:
        local = now.astimezone(self.layout.zone)
        stem = f"{self.path.stem}-人工修改-{local:%Y%m%d-%H%M}"
        names = (f"{stem}{'' if number == 1 else f'-{number}'}{self.path.suffix}" for number in count(1))
        return map(self.path.with_name, names)


def _is_whole(data: bytes) -> bool:
    try:
        with ZipFile(BytesIO(data)) as parts:
            for name in parts.namelist():
                if name.endswith((".xml", ".rels")):
                    with parts.open(name) as part:
                        ParserCreate().ParseFile(part)
    except (BadZipFile, ExpatError):
        return False
    return True


def _hash_of(path: Path) -> str | None:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return None


def _put_in_place(fresh: Path, path: Path) -> None:
    """Give the new file its name, never over a file that somebody saved there in the meantime."""
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a share without hard links
        rename_free(fresh, iter((path,)))
    sync_folder(path.parent)


def _give_back(taken: Path | None, path: Path) -> None:
    if taken:
        with suppress(
            OSError
        ):  # somebody's file is there now; the one taken away stays beside it, under its dated name
            rename_free(taken, iter((path,)))


def _kept(taken: Path | None, last_sha256: str | None) -> Path | None:
    """Remove the file taken away when it is the one we wrote; else, or in doubt, it stays under its dated name.

    Raises OSError when ours cannot be removed: the next write knows it by its hash still, and takes it away.
    """
    if taken and last_sha256 and _hash_in_doubt(taken) == last_sha256:
        taken.unlink()
        return None
    return taken


def _hash_in_doubt(path: Path) -> str | None:
    with suppress(OSError):
        return _hash_of(path)
    return None
