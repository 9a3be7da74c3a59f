"""Why the workbook on the share cannot be read or written now, in words that name the file and what to do next."""

from __future__ import annotations

from errno import EACCES, EDQUOT, EEXIST, EFBIG, ENOENT, ENOSPC, EPERM, EROFS
from pathlib import Path

from daemon.seams import LedgerNotWritable

LATER = "The daemon writes it as soon as that is over; nothing is lost meanwhile."
_ADVICE = {
    EACCES: "somebody has it open, or the daemon may not write there; close it, or check the folder's permissions",
    EPERM: "somebody has it open, or the daemon may not write there; close it, or check the folder's permissions",
    ENOENT: "the folder is not there; check that the file share is mounted and that config.toml names the right folder",
    ENOSPC: "the disk is full; make room",
    EDQUOT: "the quota is used up; make room",
    EROFS: "the share is mounted read-only; mount it so that the daemon may write",
    EEXIST: "somebody saved it in this very moment; what was saved is read first",
    EFBIG: "no workbook of a ledger is that large; look what it is, and take it out of the folder",
}


class LedgerOpenElsewhere(LedgerNotWritable):
    """Somebody has the workbook open: `who` as the lock file names them (may be empty), `lock` that file."""

    locked = True

    def __init__(self, path: Path, lock: Path, who: str) -> None:
        self.path, self.lock, self.who = path, lock, who
        super().__init__(
            f"{path} is open by {who or 'somebody'} (lock file {lock.name}). {LATER} "
            f"When nobody has it open, a program left the lock file behind: delete it"
        )


class LedgerInUse(LedgerNotWritable):
    """The system does not let the workbook be replaced, because a program has it open; no lock file says whose."""

    locked = True

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is open in a program on some computer. {LATER}")


class LedgerBeingSaved(LedgerNotWritable):
    """The workbook is empty or cut short, as it is while a program saves it; the next look may find it whole."""

    locked = True

    def __init__(self, path: Path) -> None:
        self.path = path
        super().__init__(f"{path} is being saved at this moment; it is read again at the next look")


class LedgerUnreachable(LedgerNotWritable):
    """The system refuses to read or write the workbook; `fault` is what it said."""

    def __init__(self, path: Path, fault: OSError) -> None:
        self.path, self.fault = path, fault
        advice = _ADVICE.get(fault.errno or 0, "check the file share")
        super().__init__(f"{path} cannot be written: {fault.strerror or fault}: {advice}. {LATER}")
