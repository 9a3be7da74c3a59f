"""Files written so that a power cut leaves the old one or the new one; locks; nothing of what stands in them."""

from __future__ import annotations

import json
import os
import re
import secrets
import socket
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Self

PRIVATE = 0o600
SHARED = 0o666  # the umask takes away what the administrator does not want to share
_LOCK_BYTE = 1 << 30  # Windows locks deny reading, so the byte locked lies far behind the text that names the holder
_MARK, _END = ".kesu-", ".tmp"
_LEFTOVER = re.compile(rf"{re.escape(_MARK)}[0-9a-f]{{12}}{re.escape(_END)}")
_BINARY = getattr(os, "O_BINARY", 0)


def write_atomically(path: Path, data: bytes, *, private: bool = False) -> None:
    """Replace the file's content in one step, on disk when this returns; `private` makes it readable for us only.

    Raises OSError; the file is then as it was.
    """
    temporary = path.with_name(
        f"{_MARK}{secrets.token_hex(6)}{_END}"
    )  # the target's own name may be as long as names get
    try:
        write_new(temporary, data, mode=PRIVATE if private else SHARED)
        if not private:
            _keep_mode(path, temporary)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def replace_quickly(path: Path, data: bytes) -> None:
    """Replace a file that readers must never see half written, but that a power cut may take.  Raises OSError."""
    temporary = path.with_name(f".kesu-{secrets.token_hex(6)}.tmp")
    try:
        temporary.write_bytes(data)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise


def write_new(path: Path, data: bytes, mode: int = SHARED) -> None:
    """Write a file that must not exist yet, through to the disk.

    Raises FileExistsError and OSError.
    """
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _BINARY, mode)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def remove_leftovers(folder: Path) -> None:
    """Remove what `write_atomically` had begun, here and below, when its process was killed; never raises.

    Only names that it gives are touched; call it while no other process writes there.
    """
    for place, _, names in os.walk(folder):
        for name in filter(_LEFTOVER.fullmatch, names):
            with suppress(OSError):
                Path(place, name).unlink()


def sync_folder(folder: Path) -> None:
    """Bring a folder's entries to disk; Windows cannot and does not need to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def rename_free(path: Path, candidates: Iterator[Path]) -> Path:
    """Rename a file to the first candidate that is free, never over another file; return the new path.

    Raises OSError, FileNotFoundError when `path` is gone.
    """
    path.stat()
    for target in candidates:
        try:
            write_new(target, b"")  # reserves the name: a rename alone would silently replace a file on POSIX
        except FileExistsError:
            continue
        return _rename_onto(path, target)
    raise FileExistsError(f"no free name for {path}")


def set_aside(path: Path, now: datetime) -> Path:
    """Rename a file to a dated name beside it that is free, and return that name.

    Raises OSError, FileNotFoundError when there is no such file.
    """
    stem = f"{path.stem}-{now:%Y%m%d-%H%M%S}"
    names = (f"{stem}{'' if number == 1 else f'-{number}'}{path.suffix}" for number in count(1))
    return rename_free(path, map(path.with_name, names))


def _rename_onto(path: Path, reserved: Path) -> Path:
    try:
        path.replace(reserved)
    except OSError:
        reserved.unlink(missing_ok=True)
        raise
    for folder in {path.parent, reserved.parent}:
        sync_folder(folder)
    return reserved


def _keep_mode(path: Path, temporary: Path) -> None:
    with suppress(FileNotFoundError):
        temporary.chmod(stat.S_IMODE(path.stat().st_mode))


# ── the lock on the state folder ─────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Holder:
    """Who holds a lock: process id, host, and since when (ISO 8601, UTC)."""

    pid: int
    host: str
    since: str

    def __str__(self) -> str:
        return f"process {self.pid} on {self.host} since {self.since}"


class StateInUse(Exception):
    """Another process works on the same state."""

    def __init__(self, path: Path, holder: Holder | None) -> None:
        who = str(holder) if holder else "another process"
        super().__init__(f"{path} is held by {who}; stop that one first, or give this one a folder of its own")
        self.path = path
        self.holder = holder


class StateLock:
    """A lock that the operating system takes back when its holder dies, and that names its holder."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._handle: int | None = None

    def take(self, now: datetime) -> Self:
        """Take the lock and write down who we are.

        Raises StateInUse naming the first holder, and OSError.
        """
        handle = os.open(self.path, os.O_RDWR | os.O_CREAT | _BINARY, PRIVATE)
        try:
            _lock(handle)
        except OSError as error:
            holder = _read_holder(handle)
            os.close(handle)
            raise StateInUse(self.path, holder) from error
        self._handle = handle
        _write_holder(handle, Holder(os.getpid(), socket.gethostname(), now.isoformat(timespec="seconds")))
        return self

    def release(self) -> None:
        """Give the lock back; the file stays, because removing it would let two processes hold two locks."""
        if self._handle is None:
            return
        handle, self._handle = self._handle, None
        with suppress(OSError):
            os.ftruncate(handle, 0)
        os.close(handle)

    @contextmanager
    def held(self, now: datetime) -> Iterator[Self]:
        """Hold the lock for the length of a with block.

        Raises StateInUse.
        """
        self.take(now)
        try:
            yield self
        finally:
            self.release()


def _lock(handle: int) -> None:
    """Lock without waiting.  The modules are imported here because each exists on one kind of system only."""
    if sys.platform == "win32":
        import msvcrt  # noqa: PLC0415

        os.lseek(handle, _LOCK_BYTE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
    else:
        import fcntl  # noqa: PLC0415

        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


def _write_holder(handle: int, holder: Holder) -> None:
    os.ftruncate(handle, 0)
    os.lseek(handle, 0, os.SEEK_SET)
    os.write(handle, json.dumps(asdict(holder)).encode())
    os.fsync(handle)


def _read_holder(handle: int) -> Holder | None:
    os.lseek(handle, 0, os.SEEK_SET)
    try:
        return Holder(**json.loads(os.read(handle, 4096)))
    except (ValueError, TypeError, OSError):  # the holder is just writing it
        return None
