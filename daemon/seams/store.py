"""The store: the journal and everything that must survive a restart, as one Protocol."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Protocol
from uuid import UUID

from daemon.core.alike import Earlier
from daemon.core.case import Case
from daemon.core.events import Event
from daemon.core.fields import CellValue
from daemon.core.health import Waiting
from daemon.seams.ledger import BaseMeasure, BaseRow, Change, Generation
from daemon.seams.mail import MailKey
from daemon.seams.records import (
    Copy,
    Decision,
    Document,
    Envelope,
    MailOutcome,
    MailRecord,
    OutboxRow,
    OutboxState,
    Traffic,
)


class Store(Protocol):
    """The journal and everything that must survive a restart.  Each verb is one transaction."""

    def together(self) -> AbstractContextManager[None]:
        """Commit all that the verbs called in this with block write at its end, or nothing of it when it raises.

        Each verb by itself stays all or nothing.  Keep the block short and let it wait for nothing: meanwhile nobody
        else writes, and our own lease is not renewed.
        """
        ...

    # mails
    def remember_mail(
        self,
        key: MailKey,
        raw: bytes,
        message_id: str | None,
        now: datetime,
        sender: str = "",
        came_at: datetime | None = None,
    ) -> MailRecord:
        """Store the raw mail (once by hash) and return its row; the same key again returns the row there is.

        A mail that still lies in the inbox and was known under another UIDVALIDITY keeps its row, with its new key.
        `sender` is its address, `came_at` when it came, now unless that is said.
        """
        ...

    def count_attempt(self, mail: int) -> int:
        """Count one more attempt at reading this mail, before it is parsed; return how many there were."""
        ...

    def finish_mail(self, mail: int, outcome: MailOutcome, detail: str = "", case: UUID | None = None) -> None:
        """Record what became of a mail that led to no events."""
        ...

    def known_mails(self, keys: Sequence[MailKey]) -> frozenset[MailKey]:
        """Return which of these mails are stored."""
        ...

    def mails_like(self, message_id: str | None, sha256: str, limit: int) -> tuple[MailRecord, ...]:
        """Return at most `limit` finished mails with these bytes or this Message-ID, oldest first."""
        ...

    def mail(self, mail: int) -> MailRecord | None:
        """Return a mail by its number."""
        ...

    def traffic(self, mail: int, since: datetime) -> Traffic:
        """Return how many mails came after `since` from this mail's sender and domain, up to this one."""
        ...

    def wrote_before(self, sender: str, moment: datetime) -> bool:
        """Tell whether a mail of this sender that belongs to a case came before this moment."""
        ...

    def mails_aside(self, limit: int) -> tuple[MailRecord, ...]:
        """Return the latest mails that were set aside, held or ignored, oldest first."""
        ...

    def requeue_mail(self, mail: int) -> None:
        """Let a mail be decided anew, as if it had never been tried, however many came.  Raises KeyError."""
        ...

    def mails_to_decide(self, limit: int) -> tuple[MailRecord, ...]:
        """Return mails that were stored and not decided yet, oldest first."""
        ...

    def mails_to_shelve(self, account: str) -> tuple[MailRecord, ...]:
        """Return mails that are decided and still lie in the inbox."""
        ...

    def mark_shelved(self, mails: Iterable[int]) -> None:
        """Record that these mails were moved out of the inbox."""
        ...

    def mails_of(self, case: UUID) -> tuple[MailRecord, ...]:
        """Return the mails of a case, oldest first."""
        ...

    # blobs
    def blob(self, sha256: str) -> bytes:
        """Return bytes stored by hash.  Raises KeyError."""
        ...

    def put_blob(self, data: bytes) -> str:
        """Store bytes once; return their sha256."""
        ...

    # cases
    def commit(self, decision: Decision, now: datetime) -> None:
        """Commit events, case snapshot, planned notices, blobs and the mail's outcome together.

        Raises StaleCase when the case has moved on from `expected_seq`; as every writing verb, LeaseLost.
        """
        ...

    def case(self, case: UUID) -> Case:
        """Return a case from its snapshot.  Raises KeyError."""
        ...

    def case_numbered(self, number: str) -> Case | None:
        """Return the case with this number."""
        ...

    def cases(self) -> Iterable[Case]:
        """Yield all cases by number."""
        ...

    def cases_since(self, moment: datetime) -> Iterable[Case]:
        """Yield cases opened at or after `moment`."""
        ...

    def due_cases(self, now: datetime, limit: int) -> tuple[Case, ...]:
        """Return the cases in which time asks for something at `now`, without walking all cases."""
        ...

    def cases_of_customer(self, customer: str, limit: int) -> tuple[Earlier, ...]:
        """Return what is compared of a customer's latest cases, the latest first, without walking all cases."""
        ...

    def events(self, case: UUID) -> tuple[Event, ...]:
        """Return a case's journal, upcast to the present version of each event."""
        ...

    def broken_chain(self, case: UUID) -> int | None:
        """Return the first seq at which the hash chain does not hold, None when all is well."""
        ...

    def next_number(self, counter: str) -> int:
        """Return the next number of a counter, from 1; numbers are never given twice."""
        ...

    # outbox
    def plan(self, envelopes: Iterable[Envelope], now: datetime) -> None:
        """Plan notices that belong to no case's decision (summary, digest, word to quality)."""
        ...

    def outbox(self, state: OutboxState, now: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Return rows in this state whose next try is due, oldest first."""
        ...

    def make_ready(self, row: int, raw: bytes, merged: Sequence[int] = ()) -> None:
        """Fix the bytes of a planned mail, which never change again; `merged` rows are told in it and become MERGED."""
        ...

    def record_send(
        self, row: int, state: OutboxState, now: datetime, next_try_at: datetime | None, detail: str
    ) -> None:
        """Record what the server said about one row; counts the attempt."""
        ...

    def mailed(self, addresses: Collection[str], since: datetime) -> Mapping[str, int]:
        """Return how many mails are ready for, or were sent since to, each of these addresses, in small letters."""
        ...

    def put_off(self, rows: Iterable[int], until: datetime, why: str) -> None:
        """Let planned mails wait until a moment; no attempt is counted."""
        ...

    def copies(self, limit: int) -> tuple[OutboxRow, ...]:
        """Return mails that were sent and whose copy is WANTED or TRYING, oldest first."""
        ...

    def mark_copies(self, rows: Iterable[int], copy: Copy) -> None:
        """Record how far the copies of these rows are, in one transaction."""
        ...

    def sent_to(self, message_id: str) -> OutboxRow | None:
        """Return the row that carries this Message-ID of ours."""
        ...

    def with_code(self, code: str) -> OutboxRow | None:
        """Return the row that carries this proof code."""
        ...

    def told_in(self, row: int) -> tuple[OutboxRow, ...]:
        """Return the rows that are told in the mail of this one; none unless it is a digest."""
        ...

    def outbox_of(self, case: UUID) -> tuple[OutboxRow, ...]:
        """Return every mail of a case, oldest first."""
        ...

    # documents, ledger, profiles
    def add_document(self, document: Document, data: bytes = b"", marks: Mapping[str, str] | None = None) -> None:
        """Record a revision of a document, keep its bytes and values about it (as `remember` does), all at once."""
        ...

    def documents(self, case: UUID) -> tuple[Document, ...]:
        """Return the documents of a case, by kind and revision."""
        ...

    def ledger_sha256(self) -> str | None:
        """Return the hash of the workbook as we know it: written last, or read last."""
        ...

    def ledger_base(self, which: Sequence[UUID] | None = None) -> Mapping[UUID, BaseRow]:
        """Return what stands in the rows of these cases, of all cases when none are named."""
        ...

    def keep_ledger(self, rows: Iterable[BaseRow], sha256: str | None = None) -> None:
        """Note what stands in these rows now, and the hash of the file in which all rows stand as noted."""
        ...

    def forget_ledger(self) -> None:
        """Forget what stands in the file: the next one is read as if it were the first."""
        ...

    def ledger_stale(self, now: datetime) -> Iterable[Case]:
        """Yield the cases whose row is missing, older than the case, or told a time that is over."""
        ...

    def ledger_due(self, now: datetime) -> bool:
        """Tell whether the words about time of any row are over; cheap at any size."""
        ...

    def ledger_gone(self) -> tuple[str, ...]:
        """Return the numbers of the cases whose row a person deleted."""
        ...

    def add_generation(self, sha256: str, rows: Mapping[UUID, Mapping[str, CellValue] | None]) -> None:
        """Note what a writing changed: old values by case and key, None for a new row; the last twenty are kept."""
        ...

    def measures_base(self, which: Sequence[UUID] | None = None) -> Mapping[str, BaseMeasure]:
        """Return what stands in the rows of 措施跟踪 of these cases, of all cases when none are named, by their key."""
        ...

    def keep_measures(self, rows: Iterable[BaseMeasure]) -> None:
        """Note what stands in these rows of 措施跟踪 now."""
        ...

    def ledger_generations(self) -> tuple[Generation, ...]:
        """Return what the last writings changed, the newest first."""
        ...

    def log_changes(self, changes: Iterable[Change]) -> None:
        """Note who changed what in the ledger."""
        ...

    def ledger_changes(self, after: int, limit: int) -> tuple[tuple[int, Change], ...]:
        """Return what was noted after a number, oldest first, each with its number."""
        ...

    def put_profile(self, text: str) -> str:
        """Keep a profile's text; return its hash."""
        ...

    def profile(self, sha256: str) -> str:
        """Return a profile's text.  Raises KeyError."""
        ...

    # duties, state of the service, the lease
    def period_done(self, duty: str, period: str) -> bool:
        """Tell whether this duty was carried out for this period."""
        ...

    def last_periods(self, duties: Iterable[str]) -> Mapping[str, tuple[str, datetime]]:
        """Return the latest period, by name, for which each of these duties was done, and when; none for the others."""
        ...

    def finish_period(self, duty: str, period: str, envelopes: Iterable[Envelope], now: datetime) -> bool:
        """Plan a duty's notices and mark its period done, in one transaction; False when it was done already."""
        ...

    def remember(self, key: str, value: str) -> None:
        """Keep one value about the service itself (time of the last tick, last good poll …)."""
        ...

    def recall(self, key: str) -> str | None:
        """Return such a value."""
        ...

    def take_lease(self, owner: str, seconds: int, *, seize: bool = False) -> int | None:
        """Take or renew the lease; return its fencing number, or None when another living owner holds it."""
        ...

    def renew_lease(self, seconds: int) -> None:
        """Put off the end of the lease that this store has taken.  Raises LeaseLost."""
        ...

    def confirm_lease(self) -> None:
        """Make sure that nobody else has taken the lease, before what cannot be taken back.  Raises LeaseLost."""
        ...

    def holding_lease(self) -> AbstractContextManager[Callable[[], None]]:
        """Keep the lease from being taken for the length of a with block, which is to be short.  Raises LeaseLost.

        Gives what makes sure, at a later point of the block, that it is held still.
        """
        ...

    def lease_owner(self) -> str | None:
        """Return who holds the lease, None when nobody does or its owner did not renew it in time."""
        ...

    def release_lease(self, owner: str) -> None:
        """Give the lease up, if it is ours."""
        ...

    def recall_all(self, keys: Iterable[str]) -> Mapping[str, str]:
        """Return those of these values that there are."""
        ...

    def waiting(self) -> Waiting:
        """Return what is not done yet; cheap at any size."""
        ...

    # commands from beside a running daemon
    def queue_command(self, verb: str, data: Mapping[str, str], now: datetime) -> None:
        """Queue a wish of an administrator for the daemon to carry out."""
        ...

    def take_commands(self, limit: int) -> tuple[tuple[int, str, Mapping[str, str]], ...]:
        """Return queued commands (id, verb, data) that are not done, oldest first."""
        ...

    def finish_command(self, command: int, detail: str, now: datetime) -> None:
        """Mark a queued command done."""
        ...

    def revision(self) -> str:
        """Return a mark that changes whenever a case or a document does; cheap at any size."""
        ...

    def counts(self) -> Mapping[str, int]:
        """Return figures for `kesu status`: `mails.OUTCOME`, `outbox.STATE` and `cases.open`."""
        ...

    def close(self) -> None:
        """Close every connection; never raises."""
        ...
