"""The complaint mailbox on an IMAP server; knows nothing of what stands in a mail."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from daemon.adapters.imap_check import check
from daemon.adapters.imap_client import BATCH_BYTES
from daemon.adapters.imap_faults import BROKEN, LOST, finding
from daemon.adapters.imap_moving import bring_forward, move
from daemon.adapters.imap_sent import append_sent
from daemon.adapters.imap_session import ImapAccount, Refused, Session, Step
from daemon.seams import IncomingMail, Known, MailboxUnreachable, MailKey, NotFiled, Shelf, nothing_known

__all__ = ["ImapAccount", "ImapMailbox", "check"]

BATCH_MAILS = 20
LOOKED_UP = 500  # UIDs that the store is asked about at once
LOOK_AT_ALL_AFTER = 3600.0  # seconds
TRIES = 3


@dataclass
class Settled:
    """What need not be looked at again: every mail up to a UID, and above it those that arrived before `since`.

    It is remembered for as long as the daemon runs; the first poll after a start looks at all and asks the store.
    """

    uidvalidity: int = 0
    upto: int = 0
    old: set[int] = field(default_factory=set)
    looked_at: float = 0.0  # seconds of the monotonic clock

    def under(self, uidvalidity: int, now: float) -> Settled:
        """Forget all when the server has renumbered its mails, and the last UID every hour; return itself."""
        if uidvalidity != self.uidvalidity:
            self.old.clear()
        if uidvalidity != self.uidvalidity or now - self.looked_at > LOOK_AT_ALL_AFTER:
            self.uidvalidity, self.upto, self.looked_at = uidvalidity, 0, now
        return self


class ImapMailbox:
    """A mailbox that connects when it is first needed, and again after every failure."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account.name
        self._account = account
        self.certificate_until: datetime | None = None  # of the server, as the last connection showed it
        self._session: Session | None = None
        self._settled = Settled()

    def fetch(self, limit: int, known: Known = nothing_known) -> Iterator[IncomingMail]:
        """Yield at most `limit` mails of the inbox that are not known, by ascending UID; their flags stay as they are.

        Raises MailboxUnreachable.
        """
        session, uidvalidity = self._opened()
        fresh = self._fresh(session, uidvalidity, known, limit)
        with self._faults():
            sizes = session.sizes(fresh)
        for batch in _batches({uid: sizes.get(uid, 0) for uid in fresh}, self._account.max_size):
            with self._faults():
                session, present = self._selected()
                if present != uidvalidity:
                    return
                mails = self._read(session, uidvalidity, batch)
            yield from mails

    def _opened(self) -> tuple[Session, int]:
        with self._faults():
            return self._selected()

    def _fresh(self, session: Session, uidvalidity: int, known: Known, limit: int) -> list[int]:
        """Return at most `limit` UIDs to fetch, ascending.

        Only what lies above the last settled UID is listed, because no UID ever comes below one that was seen
        (RFC 3501, 2.3.1.1); once in a while all is, for servers that do not keep to it.
        """
        settled = self._settled.under(uidvalidity, time.monotonic())
        with self._faults():
            listed = session.uids(settled.upto + 1, self._account.since)
        fresh: list[int] = []
        for at in range(0, len(listed), LOOKED_UP):
            fresh += self._unknown(session, uidvalidity, listed[at : at + LOOKED_UP], known)
            if len(fresh) >= limit:
                break
        settled.upto = fresh[0] - 1 if fresh else max(listed, default=settled.upto)
        return fresh[:limit]

    def _unknown(self, session: Session, uidvalidity: int, uids: list[int], known: Known) -> list[int]:
        """Return those of the UIDs that are not stored and did not arrive before `since`."""
        keys = {uid: self._key(uidvalidity)(uid) for uid in uids if uid not in self._settled.old}
        stored, since = known(list(keys.values())), self._account.since
        fresh = [uid for uid, key in keys.items() if key not in stored]
        if since and fresh:
            with self._faults():
                days = session.days(fresh)
            self._settled.old.update(uid for uid in fresh if days.get(uid, since) < since)
        return [uid for uid in fresh if uid not in self._settled.old]

    def shelve(self, keys: Sequence[MailKey], shelf: Shelf) -> Collection[MailKey]:
        """Move the mails out of the inbox and return those that are out of it.

        Keys of another UIDVALIDITY name no mail any more and are passed over.

        Raises MailboxUnreachable.
        """
        if not keys:
            return ()
        folder = self._account.done_folder if shelf is Shelf.DONE else self._account.aside_folder
        with self._faults():
            session, uidvalidity = self._selected()
            ours = [key for key in keys if key.uidvalidity == uidvalidity]
            move(session, [int(key.uid) for key in ours], folder)
        return ours

    def bring_forward(self, raw: bytes) -> bool:
        """Move a mail that was set aside to where dealt-with mails lie; return False when it is not there.

        Raises MailboxUnreachable.
        """
        with self._faults():
            session, _ = self._selected()
            return bring_forward(session, raw, self._account.aside_folder, self._account.done_folder)

    def append(self, raw: bytes, at: datetime, message_id: str = "") -> None:
        """File a copy of a sent mail as read; with a Message-ID only when the folder does not hold it yet.

        Raises NotFiled when the server does not take this one mail, and MailboxUnreachable.
        """
        with self._faults():
            session, _ = self._selected()
            try:
                append_sent(session, raw, at, message_id)
            except Refused as refusal:
                if refusal.step is Step.APPEND and not refusal.of_all:
                    raise NotFiled(str(finding(self._account, refusal))) from refusal
                raise

    def close(self) -> None:
        """Log out; never raises."""
        session, self._session = self._session, None
        if session is not None:
            session.end()

    def _selected(self) -> tuple[Session, int]:
        """Select anew, which shows what arrived since and whether the connection of the last tick still stands."""
        if self._session is not None:
            try:
                return self._session, self._session.select()
            except LOST:
                self.close()
        self._session = Session(self._account)
        self.certificate_until = self._session.certificate_until()
        return self._session, self._session.select()

    def _read(self, session: Session, uidvalidity: int, sizes: Mapping[int, int]) -> list[IncomingMail]:
        key = self._key(uidvalidity)
        largest = self._account.max_size
        if max(sizes.values()) > largest:
            return [IncomingMail(key(uid), None, _too_large(size, largest)) for uid, size in sizes.items()]
        try:
            bodies = session.bodies(sizes)
        except Refused as refusal:
            return _one_by_one(session, key, sizes, refusal)
        alone = _one_by_one(session, key, [uid for uid in sizes if not bodies.get(uid)], None)
        mails = [IncomingMail(key(uid), body) for uid, body in bodies.items() if uid in sizes and body]
        return sorted(mails + alone, key=lambda mail: int(mail.key.uid))

    def _key(self, uidvalidity: int) -> Callable[[int], MailKey]:
        return lambda uid: MailKey(self._account.name, self._account.inbox, uidvalidity, str(uid))

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (Refused, *BROKEN) as error:
            self.close()
            raise MailboxUnreachable(str(finding(self._account, error))) from error


def _batches(sizes: Mapping[int, int], max_size: int) -> Iterator[dict[int, int]]:
    """Cut into batches by number and bytes; what is too large to read is a batch of its own."""
    batch: dict[int, int] = {}
    for uid, size in sizes.items():
        full = len(batch) == BATCH_MAILS or sum(batch.values()) + size > BATCH_BYTES
        if batch and (full or max(size, *batch.values()) > max_size):
            yield batch
            batch = {}
        batch[uid] = size
    if batch:
        yield batch


def _one_by_one(
    session: Session, key: Callable[[int], MailKey], uids: Collection[int], refusal: Refused | None
) -> list[IncomingMail]:
    """Ask for each mail alone; when several are refused and none is handed out, the trouble is the server's."""
    mails: list[IncomingMail] = []
    for uid in uids:
        mails += _alone(session, key, uid)
        if len(mails) == TRIES and all(mail.later for mail in mails):
            break
    if refusal and len(mails) > 1 and all(mail.raw is None for mail in mails):
        raise refusal
    return mails


def _alone(session: Session, key: Callable[[int], MailKey], uid: int) -> tuple[IncomingMail, ...]:
    """Return one mail, or what the server says instead of it; nothing when it is gone."""
    error, later = "the server handed out nothing", False
    try:
        body = session.bodies([uid]).get(uid)
    except Refused as refusal:
        body, error, later = None, str(refusal), refusal.temporary
    if body:
        return (IncomingMail(key(uid), body),)
    return (IncomingMail(key(uid), None, error, later),) if session.present([uid]) else ()


def _too_large(size: int, largest: int) -> str:
    return f"the mail has {size / 1048576:.0f} MB; mails over {largest / 1048576:.0f} MB are not read"
