"""The complaint mailbox on an IMAP server; knows nothing of what stands in a mail."""

from __future__ import annotations

import imaplib
import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from imap_tools import ImapToolsError

from daemon.adapters.findings import Finding, connection_fault, hide
from daemon.adapters.imap_client import BATCH_BYTES
from daemon.adapters.imap_moving import move
from daemon.adapters.imap_quota import quota_findings
from daemon.adapters.imap_sent import append_sent
from daemon.adapters.imap_session import ImapAccount, Refused, Session, Step
from daemon.adapters.providers import advised
from daemon.seams import IncomingMail, Known, MailboxUnreachable, MailKey, NotFiled, Shelf, nothing_known

__all__ = ["ImapAccount", "ImapMailbox", "check"]

BATCH_MAILS = 20
LOOKED_UP = 500  # UIDs that the store is asked about at once
LOOK_AT_ALL_AFTER = 3600.0  # seconds
TRIES = 3
MANY = 200  # mails in an inbox that are rather the past than the present

# The last three are what the libraries make of an answer that no standard knows.
_BROKEN: Final = (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError, AttributeError, LookupError, TypeError)
_LOST: Final = (imaplib.IMAP4.abort, OSError)

_ADVICE: Mapping[Step, str] = {
    Step.STARTTLS: "set security to tls (port 993), or have STARTTLS switched on at the server",
    Step.LOGIN: (
        "check user and password; QQ, 163, 126 and Tencent/NetEase company mail want an authorization code (授权码) "
        "made in the web mail's settings where IMAP is switched on, not the password"
    ),
    Step.OAUTH: (
        "run `kesu login` again; with an app of its own (flow = app) check that it may use this mailbox: "
        "IMAP.AccessAsApp with admin consent, New-ServicePrincipal and Add-MailboxPermission in Exchange Online"
    ),
    Step.SELECT: (
        "check the name in inbox (the inbox itself is INBOX), and the rights of this account; "
        "163 and 126: switch IMAP on in the web mail's settings"
    ),
    Step.SEARCH: "it is tried again; if it stays so, ask who runs the server",
    Step.FETCH: "it is tried again; if it stays so, ask who runs the server",
    Step.FOLDER: "make the folder in the web mail, or choose another name for it",
    Step.APPEND: "check that the mailbox is not full, and sent_folder in [mail_in]; mails are sent all the same",
    Step.MOVE: "check that the mailbox is not full and that this account may move mails",
}


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
                    raise NotFiled(str(_finding(self._account, refusal))) from refusal
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
            except _LOST:
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
        except (Refused, *_BROKEN) as error:
            self.close()
            raise MailboxUnreachable(str(_finding(self._account, error))) from error


def check(account: ImapAccount) -> tuple[Finding, ...]:
    """Try a mailbox out and change nothing: connection, login, inbox, folders."""
    findings: list[Finding] = []
    try:
        session = Session(account)
        try:
            findings.append(Finding(ok=True, what=f"{account.endpoint}: logged in as {account.user}"))
            findings += _id_finding(session)
            session.select(readonly=True)
            findings += quota_findings(session)
            findings.append(_inbox_finding(session))
            names = (account.done_folder, account.aside_folder, account.sent_folder)
            findings += [_folder_finding(session, name) for name in names if name]
        finally:
            session.end()
    except (Refused, *_BROKEN) as error:
        findings.append(_finding(account, error))
    return tuple(findings)


def _id_finding(session: Session) -> tuple[Finding, ...]:
    """Say that the server did not want to know who we are; some then refuse to open the inbox."""
    if not session.id_refused:
        return ()
    what = f"{session.account.endpoint}: the server refused ID ({session.id_refused}); that alone does no harm"
    return (Finding(ok=True, what=what),)


def _inbox_finding(session: Session) -> Finding:
    """Say how many mails lie in the inbox and would be read, and what to do when these are the mail of years."""
    account, lying = session.account, session.uids()
    days = session.days(lying) if account.since else {}
    read = len(lying) - sum(1 for day in days.values() if account.since and day < account.since)
    what = f"{account.inbox}: {len(lying)} mails"
    what += f", {read} of them since {account.since}" if account.since else ""
    if read <= MANY:
        return Finding(ok=True, what=what)
    advice = "each that kesu has not read yet is read; to begin with today's, write its date as `since` in [mail_in]"
    return Finding(ok=True, what=what, advice=advice)


def _folder_finding(session: Session, name: str) -> Finding:
    full_name = session.full_name(name)
    there = session.exists(full_name)
    return Finding(
        ok=True, what=f"folder {full_name}: " + ("there" if there else "made when the first mail goes there")
    )


def _finding(account: ImapAccount, error: Exception) -> Finding:
    if not isinstance(error, Refused):
        found = connection_fault(account.endpoint, error)
        return Finding(ok=False, what=hide(found.what, account.password), advice=found.advice)
    advice = _ADVICE[error.step]
    if error.step in (Step.LOGIN, Step.OAUTH, Step.SELECT) and not error.ours:
        advice = advised(account.host, advice)
    return Finding(ok=False, what=hide(f"{account.endpoint}: {error}", account.password), advice=advice)


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
