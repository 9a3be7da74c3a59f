"""A mailbox that is a folder (Maildir): one file a mail; people can drop .eml files into it and take them out."""

from __future__ import annotations

import hashlib
import os
import secrets
import threading
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from itertools import chain, count
from pathlib import Path

from daemon.adapters.files import rename_free, sync_folder, write_atomically, write_new
from daemon.adapters.findings import one_line
from daemon.seams import IncomingMail, Known, MailboxUnreachable, MailKey, Shelf, nothing_known

INBOX = "INBOX"
_INCOMING = ("new", "cur")
_FLAGS = ":2,"


class MaildirMailbox:
    """The complaint mailbox in a folder.

    Dealt-with mails go to plain folders inside it, not to hidden Maildir++ ones, because people look for them in
    their file manager.  A UID is the file's unique name and its time, so that another mail that somebody drops
    under an old name is another mail.
    """

    def __init__(
        self,
        name: str,
        root: Path,
        done_folder: str = "已处理",
        aside_folder: str = "待人工",
        max_size: int = 50 * 1024 * 1024,
        sent_folder: str = "",
    ) -> None:
        self.account = name
        self.root = root
        self._shelves = {Shelf.DONE: root / done_folder, Shelf.ASIDE: root / aside_folder}
        self._max_size = max_size
        self._sent = root / (sent_folder or "已发送")
        self._stored: set[MailKey] = set()  # of those that lie here, so that the store is asked once about each

    def fetch(self, limit: int, known: Known = nothing_known) -> Iterator[IncomingMail]:
        """Yield at most `limit` mails that are not known, oldest first.

        Raises MailboxUnreachable.
        """
        with self._faults():
            make_maildir(self.root)
            uidvalidity = self._uidvalidity()
            lying = {MailKey(self.account, INBOX, uidvalidity, uid): path for path, uid in self._files()}
        self._stored.intersection_update(lying)
        self._stored.update(known([key for key in lying if key not in self._stored]))
        for key in [key for key in lying if key not in self._stored][:limit]:
            mail = self._read(lying[key], key)
            if mail is not None:
                yield mail

    def shelve(self, keys: Sequence[MailKey], shelf: Shelf) -> Collection[MailKey]:
        """Move the mails out of the inbox and return those that are out of it; one of another Maildir is passed over.

        Raises MailboxUnreachable.
        """
        if not keys:
            return ()
        with self._faults():
            make_maildir(self.root)
            uidvalidity = self._uidvalidity()
            wanted = {key.uid for key in keys if key.uidvalidity == uidvalidity}
            make_maildir(self._shelves[shelf])
            for path, uid in self._files():
                if uid in wanted:
                    _move(path, self._shelves[shelf])
        return [key for key in keys if key.uidvalidity == uidvalidity]

    def bring_forward(self, raw: bytes) -> bool:
        """Move a mail that was set aside to where dealt-with mails lie; return False when it is not there.

        Raises MailboxUnreachable.
        """
        with self._faults():
            aside = self._shelves[Shelf.ASIDE]
            lying = (path for part in _INCOMING if (aside / part).is_dir() for path in (aside / part).iterdir())
            same = (path for path in lying if path.stat().st_size == len(raw) and path.read_bytes() == raw)
            if found := next(same, None):
                make_maildir(self._shelves[Shelf.DONE])
                _move(found, self._shelves[Shelf.DONE])
            return found is not None

    def append(self, raw: bytes, at: datetime, message_id: str = "") -> None:  # noqa: ARG002 — bytes tell enough here
        """File a copy of a sent mail; the same mail again is the same file.

        Raises MailboxUnreachable.
        """
        name = hashlib.sha256(raw).hexdigest()[:32]
        with self._faults():
            make_maildir(self._sent)
            path = self._sent / "cur" / f"{name}{_FLAGS}S"
            if not path.exists():
                write_atomically(path, raw)
                os.utime(path, (at.timestamp(), at.timestamp()))

    def close(self) -> None:
        """Do nothing: a folder needs no farewell."""

    def _files(self) -> list[tuple[Path, str]]:
        paths = chain.from_iterable((self.root / part).iterdir() for part in _INCOMING)
        found = [(stamp, path) for path in paths if (stamp := _stamp(path)) is not None]
        found.sort(key=lambda pair: (pair[0], pair[1].name))
        return [(path, f"{_unique(path)}/{stamp:x}") for stamp, path in found]

    def _read(self, path: Path, key: MailKey) -> IncomingMail | None:
        try:
            size = path.stat().st_size
            if size > self._max_size:
                return IncomingMail(key, None, f"the mail has {size} bytes; over {self._max_size} it is not read")
            return IncomingMail(key, path.read_bytes())
        except FileNotFoundError:
            return None  # somebody moved it since we looked; where it went to, it is seen next time
        except OSError as error:
            return IncomingMail(key, None, f"{path.name} cannot be read: {one_line(str(error))}")

    def _uidvalidity(self) -> int:
        path = self.root / "uidvalidity"
        if not path.exists():
            write_atomically(path, str(secrets.randbelow(2**31) + 1).encode())
        return int(path.read_text())

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (OSError, ValueError) as error:
            what = f"the mail folder {self.root} cannot be used: {one_line(str(error))}"
            raise MailboxUnreachable(f"{what}; check that it exists and that this account may write in it") from error


class MaildirDrop:
    """The way in: mails laid into a Maildir as a mail server does, complete on disk when `put` returns."""

    def __init__(self, root: Path) -> None:
        self.root = root
        make_maildir(root)
        self._numbers = count(sum(1 for path in root.rglob("*") if path.is_file()) + 1)
        self._lock = threading.Lock()

    def put(self, raw: bytes) -> Path:
        """Store a mail by writing into tmp/ and renaming into new/; return where it lies.

        Raises OSError.
        """
        with self._lock:
            # The number keeps mails in order whose files have the same time; the rest makes the name unique.
            name = f"{next(self._numbers):08d}.{os.getpid()}.{secrets.token_hex(6)}.kesu"
        path = self.root / "tmp" / name
        write_new(path, raw)
        target = path.rename(self.root / "new" / name)
        sync_folder(target.parent)
        return target


def make_maildir(root: Path) -> None:
    """Make the folders tmp, new and cur where they are missing.

    Raises OSError.
    """
    for part in ("tmp", "new", "cur"):
        (root / part).mkdir(parents=True, exist_ok=True)


def _move(path: Path, shelf: Path) -> None:
    unique, flags = _unique(path), path.name.partition(_FLAGS)[2]
    ending = _FLAGS + flags if _FLAGS in path.name else ""
    names = (f"{unique}{'' if number == 1 else f'.{number}'}{ending}" for number in count(1))
    try:
        rename_free(path, (shelf / path.parent.name / name for name in names))
    except FileNotFoundError:
        return  # somebody was faster


def _unique(path: Path) -> str:
    return path.name.partition(_FLAGS)[0]


def _stamp(path: Path) -> int | None:
    """Return the file's time in ns; None when it is gone, hidden or no file."""
    try:
        return path.stat().st_mtime_ns if path.is_file() and not path.name.startswith(".") else None
    except FileNotFoundError:
        return None
