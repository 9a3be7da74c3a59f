"""The narrow interfaces between the passes and the world, and the values that cross them.  No code of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Protocol
from uuid import UUID

from daemon.core.case import Case
from daemon.core.events import Event
from daemon.core.notice import Notice


class Clock(Protocol):
    """Tells the time; read once a tick by the service and nowhere else."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        ...


class Mint(Protocol):
    """Makes what must be unique or unguessable; random in earnest, seeded in a simulation."""

    def case_id(self) -> UUID:
        """Return a new case's id."""
        ...

    def code(self) -> str:
        """Return a new proof code of 80 random bits, KS-XXXX-XXXX-XXXX-XXXX."""
        ...


# ── mail in ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class MailKey:
    """Where a mail lies: (account, folder, UIDVALIDITY, UID); never flags or keywords."""

    account: str
    folder: str
    uidvalidity: int
    uid: str


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """One mail of the inbox, as bytes; `raw` is None when the server refused to hand it out (see `error`)."""

    key: MailKey
    raw: bytes | None
    error: str = ""


class Shelf(StrEnum):
    """Where a mail goes once it is dealt with."""

    DONE = "done"  # 已处理
    ASIDE = "aside"  # 待人工


class Mailbox(Protocol):
    """The complaint mailbox of one account."""

    account: str

    def fetch(self, limit: int) -> Iterable[IncomingMail]:
        """Yield at most `limit` mails that lie in the inbox, oldest first.

        Raises MailboxUnreachable.
        """
        ...

    def shelve(self, keys: Sequence[MailKey], shelf: Shelf) -> None:
        """Move the mails out of the inbox; one that people moved already is no error.

        Raises MailboxUnreachable.
        """
        ...

    def close(self) -> None:
        """Log out; never raises."""
        ...


class MailboxUnreachable(Exception):
    """The mail server cannot be used now; the message says why and what to do."""


# ── mail out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Delivery(StrEnum):
    """What the server said to one recipient."""

    SENT = "sent"
    LATER = "later"  # a temporary refusal, or the connection broke
    REFUSED = "refused"  # a permanent refusal of the address
    UNWANTED = "unwanted"  # a permanent refusal of this mail (too large, spam); the address may be well


@dataclass(frozen=True, slots=True)
class SendResult:
    """The answer for one recipient, in the server's words."""

    delivery: Delivery
    detail: str = ""


class MailSender(Protocol):
    """Hands finished mails to the SMTP server, over one connection for a whole pass."""

    def send(self, raw: bytes, sender: str, recipient: str) -> SendResult:
        """Send these bytes to one recipient; never raises for what the server says or does."""
        ...

    def close(self) -> None:
        """End the connection; never raises."""
        ...


# ── the ledger ───────────────────────────────────────────────────────────────────────────────────────────────────────

CellValue = str | int | float | datetime | None


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """One case as the ledger shows it: values by column key, and for link columns the relative path."""

    case: UUID
    values: Mapping[str, CellValue]
    links: Mapping[str, str] = field(default_factory=dict)
    severity: str = ""
    overdue: bool = False


@dataclass(frozen=True, slots=True)
class LedgerWrite:
    """What came of writing the ledger: the hash now on disk, and where a foreign file was set aside."""

    sha256: str
    set_aside: Path | None = None


class LedgerFile(Protocol):
    """The workbook on the file share."""

    def write(self, rows: Sequence[LedgerRow], last_sha256: str | None, now: datetime) -> LedgerWrite:
        """Write the whole workbook; a file that is not the one we wrote last is set aside first, untouched.

        Raises LedgerNotWritable (open elsewhere, no room, no right).
        """
        ...

    def sha256(self) -> str | None:
        """Return the hash of the file on disk, None when there is none."""
        ...


class LedgerNotWritable(Exception):
    """The workbook cannot be written now; it will be tried again.  The message says why and what people can do."""


# ── the store ────────────────────────────────────────────────────────────────────────────────────────────────────────


class MailOutcome(StrEnum):
    """What became of a mail."""

    NEW = "new"  # stored, not yet decided
    CASE = "case"  # opened a case
    THREAD = "thread"  # filed to a case
    ASIDE = "aside"  # set aside for people
    IGNORED = "ignored"  # noise, automatic mail without a case
    DUPLICATE = "duplicate"  # the same mail again


@dataclass(frozen=True, slots=True)
class MailRecord:
    """A mail as the store keeps it."""

    id: int
    sha256: str
    message_id: str | None
    key: MailKey
    seen_at: datetime
    attempts: int
    outcome: MailOutcome
    case: UUID | None = None
    detail: str = ""
    shelved: bool = False


class OutboxState(StrEnum):
    """A notice's way: planned in the deciding transaction, made ready by rendering, then sent or refused."""

    PLANNED = "planned"
    READY = "ready"
    SENT = "sent"
    REFUSED = "refused"
    MERGED = "merged"  # told in the mail of another row


@dataclass(frozen=True, slots=True)
class OutboxRow:
    """One mail to one recipient."""

    id: int
    message_id: str
    case: UUID | None
    notice: Notice
    recipient: str
    code: str
    state: OutboxState
    planned_at: datetime
    sha256: str | None = None
    attempts: int = 0
    next_try_at: datetime | None = None
    sent_at: datetime | None = None
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Envelope:
    """A notice to be planned, with the Message-ID and the proof code it will carry."""

    notice: Notice
    recipient: str
    message_id: str
    code: str
    not_before: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """All that one wish leads to; committed in one transaction or not at all."""

    case: Case | None = None
    expected_seq: int = 0
    events: tuple[Event, ...] = ()
    envelopes: tuple[Envelope, ...] = ()
    mail: int | None = None
    outcome: MailOutcome | None = None
    detail: str = ""
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    next_due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A file that was made for a case: one revision, kept by the hash of its bytes."""

    case: UUID
    kind: str
    revision: int
    sha256: str
    path: str
    made_at: datetime


class StaleCase(Exception):
    """Somebody else wrote to the case since it was read; read it again and decide anew."""


class LeaseLost(Exception):
    """Another daemon took the lease; this one must write nothing more, in the store or in the workbook."""


class Store(Protocol):
    """The journal and everything that must survive a restart.  Each verb is one transaction."""

    # mails
    def remember_mail(self, key: MailKey, raw: bytes, message_id: str | None, now: datetime) -> MailRecord:
        """Store the raw mail (once by hash) and return its row; the same key again returns the row there is."""
        ...

    def count_attempt(self, mail: int) -> int:
        """Count one more attempt at reading this mail, before it is parsed; return how many there were."""
        ...

    def finish_mail(self, mail: int, outcome: MailOutcome, detail: str = "", case: UUID | None = None) -> None:
        """Record what became of a mail that led to no events."""
        ...

    def mail_by_message_id(self, message_id: str | None, sha256: str) -> MailRecord | None:
        """Return the earliest finished mail with this Message-ID and these bytes, if any."""
        ...

    def mails_with_message_id(self, message_id: str) -> tuple[MailRecord, ...]:
        """Return the finished mails with this Message-ID, oldest first."""
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
    def add_document(self, document: Document) -> None:
        """Record a revision of a document."""
        ...

    def documents(self, case: UUID) -> tuple[Document, ...]:
        """Return the documents of a case, by kind and revision."""
        ...

    def ledger_sha256(self) -> str | None:
        """Return the hash of the workbook that we wrote last."""
        ...

    def ledger_written(self, sha256: str, rows: Sequence[LedgerRow], now: datetime) -> None:
        """Remember what was written to the ledger last, cell by cell."""
        ...

    def ledger_rows(self) -> Mapping[UUID, Mapping[str, CellValue]]:
        """Return what was written to the ledger last."""
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

    def finish_period(self, duty: str, period: str, envelopes: Iterable[Envelope], now: datetime) -> bool:
        """Plan a duty's notices and mark its period done, in one transaction; False when it was done already."""
        ...

    def remember(self, key: str, value: str) -> None:
        """Keep one value about the service itself (time of the last tick, last good poll …)."""
        ...

    def recall(self, key: str) -> str | None:
        """Return such a value."""
        ...

    def take_lease(self, owner: str, now: datetime, seconds: int) -> int | None:
        """Take or renew the lease; return its fencing number, or None when another living owner holds it."""
        ...

    def lease_owner(self) -> str | None:
        """Return who holds the lease."""
        ...

    def release_lease(self, owner: str) -> None:
        """Give the lease up, if it is ours."""
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
