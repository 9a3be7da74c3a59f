"""The lock files that Excel, WPS and LibreOffice lay beside a workbook: their names, who owns one, when it is stale.

Bytes and values in, values out: it opens no file and asks no system.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

MOST_BYTES = (
    1024  # all that a lock file says stands in its first 165 bytes; a stranger may have laid a larger one there
)


@dataclass(frozen=True, slots=True)
class LockKind:
    """A program's lock files: what stands before and behind the workbook's name."""

    program: str
    before: str
    behind: str = ""

    def name_for(self, workbook: str) -> str:
        """Return the name of this program's lock file of a workbook."""
        return f"{self.before}{workbook}{self.behind}"


EXCEL = LockKind("Excel", "~$")
WPS = LockKind("WPS", ".~")
LIBREOFFICE = LockKind("LibreOffice", ".~lock.", "#")
KINDS = (EXCEL, WPS, LIBREOFFICE)


@dataclass(frozen=True, slots=True)
class Owner:
    """Who a lock file names: `who` for people (may be empty), and where only LibreOffice says it, host and login."""

    who: str = ""
    host: str = ""
    login: str = ""


@dataclass(frozen=True, slots=True)
class LockSeen:
    """A lock file as it was found: `since` is when it was written, `in_use` what the system knows, None: nothing."""

    kind: LockKind
    owner: Owner
    since: datetime
    in_use: bool | None = None


def owner_of(kind: LockKind, data: bytes) -> Owner:
    """Read the owner out of a lock file's bytes; what cannot be read is empty, whatever the bytes are."""
    return _office_owner(data[:MOST_BYTES]) if kind is LIBREOFFICE else Owner(_excel_owner(data[:MOST_BYTES]))


def is_stale(lock: LockSeen, now: datetime, lock_stale: timedelta) -> bool:
    """Tell whether a lock was left behind: the system says that nobody uses it, or it is older than `lock_stale`.

    A lock that is in use for certain is never stale.  Else age decides, whether the workbook was saved since or not:
    one that was saved since was saved by somebody whose program did not mind the lock, and one that was not has been
    idle for as long.
    """
    if lock.in_use is not None:
        return not lock.in_use
    return now - lock.since > lock_stale


def _office_owner(data: bytes) -> Owner:
    """Read `name,login,host,since,profile;`: the name that the person gave the program, else login and host."""
    parts = (part.strip() for part in (*_printable(data.decode("utf-8", "replace")).split(","), "", "", ""))
    name, login, host, *_ = parts
    return Owner(name or "@".join(filter(None, (login, host))), host, login)


def _excel_owner(data: bytes) -> str:
    """Read Excel's: a length and the name in 54 bytes of the local code page, then again in UTF-16."""
    length = int.from_bytes(data[54:55], "little")
    wide = data[56 : 56 + 2 * length].decode("utf-16-le", "replace").strip("\0 ")
    return _printable(wide or data[1 : 1 + data[0] if data else 0].decode("gb18030", "replace").strip("\0 "))


def _printable(text: str) -> str:
    """Leave out what is no character that a person reads: the name goes into mails and the log."""
    return "".join(one for one in text if one.isprintable())
