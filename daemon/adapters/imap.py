"""The complaint mailbox on an IMAP server; knows nothing of what stands in a mail."""

from __future__ import annotations

import imaplib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Final

from imap_tools import ImapToolsError

from daemon.adapters.findings import Finding, connection_fault, hide
from daemon.adapters.imap_quota import quota_findings
from daemon.adapters.imap_sent import append_sent
from daemon.adapters.imap_session import ImapAccount, Refused, Session, Step
from daemon.adapters.providers import advised
from daemon.seams import IncomingMail, MailboxUnreachable, MailKey, NotFiled, Shelf

__all__ = ["ImapAccount", "ImapMailbox", "check"]

BATCH_MAILS = 20
BATCH_BYTES = 16 * 1024 * 1024

_BROKEN: Final = (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError)
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


class ImapMailbox:
    """A mailbox that connects when it is first needed, and again after every failure."""

    def __init__(self, account: ImapAccount) -> None:
        self.account = account.name
        self._account = account
        self._session: Session | None = None

    def fetch(self, limit: int) -> Iterator[IncomingMail]:
        """Yield at most `limit` mails of the inbox by ascending UID, leaving their flags as they are.

        Raises MailboxUnreachable.
        """
        with self._faults():
            session, uidvalidity = self._selected()
            sizes = session.sizes(session.uids()[:limit])
        for batch in _batches(sizes, self._account.max_size):
            with self._faults():
                session, present = self._selected()
                if present != uidvalidity:
                    return
                mails = self._read(session, uidvalidity, batch)
            yield from mails

    def shelve(self, keys: Sequence[MailKey], shelf: Shelf) -> None:
        """Move the mails out of the inbox; keys of another UIDVALIDITY name no mail any more and are passed over.

        Raises MailboxUnreachable.
        """
        if not keys:
            return
        folder = self._account.done_folder if shelf is Shelf.DONE else self._account.aside_folder
        with self._faults():
            session, uidvalidity = self._selected()
            session.move([int(key.uid) for key in keys if key.uidvalidity == uidvalidity], folder)

    def append(self, raw: bytes, at: datetime, message_id: str = "") -> None:
        """File a copy of a sent mail as read; with a Message-ID only when the folder does not hold it yet.

        Raises NotFiled when the server does not take this one mail, and MailboxUnreachable.
        """
        with self._faults():
            session, _ = self._selected()
            try:
                append_sent(session, raw, at, message_id)
            except Refused as refusal:
                if refusal.step is Step.APPEND and not (refusal.temporary or "[OVERQUOTA]" in refusal.answer.upper()):
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
            findings.append(Finding(ok=True, what=f"{account.inbox}: {len(session.uids())} mails"))
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
    mails = [mail for uid in uids for mail in _alone(session, key, uid)]
    if refusal and len(mails) > 1 and all(mail.raw is None for mail in mails):
        raise refusal
    return mails


def _alone(session: Session, key: Callable[[int], MailKey], uid: int) -> tuple[IncomingMail, ...]:
    """Return one mail, or what the server says instead of it; nothing when it is gone."""
    error = "the server handed out nothing"
    try:
        body = session.bodies([uid]).get(uid)
    except Refused as refusal:
        if refusal.temporary:
            raise
        body, error = None, str(refusal)
    if body:
        return (IncomingMail(key(uid), body),)
    return (IncomingMail(key(uid), None, error),) if session.uids(f"UID {uid}") else ()


def _too_large(size: int, largest: int) -> str:
    return f"the mail has {size / 1048576:.0f} MB; mails over {largest / 1048576:.0f} MB are not read"
