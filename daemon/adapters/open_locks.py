"""Who has a workbook open: the lock files beside it, and what the system knows of the programs that laid them."""

from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from daemon.adapters.exchange import is_held
from daemon.ledger.locks import EXCEL, KINDS, LIBREOFFICE, MOST_BYTES, LockKind, LockSeen, Owner, is_stale, owner_of
from daemon.seams import Opened

_OFFICE = frozenset({"soffice.bin", "soffice", "oosplash"})


def opened_by(workbook: Path, now: datetime, lock_stale: timedelta) -> Opened | None:
    """Return who has the workbook open, by the first lock file that is not stale.

    Raises OSError when the folder cannot be looked at.
    """
    for kind, path in ((kind, workbook.with_name(kind.name_for(workbook.name))) for kind in KINDS):
        seen = _seen(kind, path)
        if seen and not is_stale(seen, now, lock_stale):
            return Opened(seen.owner.who, kind.program, min(seen.since, now), path.name)
    return None


def _seen(kind: LockKind, path: Path) -> LockSeen | None:
    try:
        since = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:
        return None
    owner = lock_owner(kind, path)
    return LockSeen(kind, owner, since, _in_use(kind, path, owner))


def lock_owner(kind: LockKind, path: Path) -> Owner:
    """Read the owner; Excel lets nobody read it on some shares while the file is open."""
    with suppress(OSError), path.open("rb") as file:
        return owner_of(kind, file.read(MOST_BYTES))
    return Owner()


def _in_use(kind: LockKind, path: Path, owner: Owner) -> bool | None:
    """Return what is known for certain: Excel holds its lock file open, and LibreOffice on this host has a process."""
    if kind is EXCEL:
        return is_held(path)
    if kind is LIBREOFFICE and owner.host.casefold() == socket.gethostname().casefold():
        running = _programs()
        return False if running and not running & _OFFICE else None
    return None


def _programs() -> frozenset[str]:
    """Return the names of the programs that run on this host; none where the system does not tell."""
    return frozenset(_read_programs()) if sys.platform.startswith("linux") else frozenset()


def _read_programs() -> Iterator[str]:
    for entry in Path("/proc").glob("[0-9]*/comm"):
        with suppress(OSError):
            yield entry.read_text(encoding="utf-8", errors="replace").strip()
