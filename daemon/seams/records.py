"""What the store keeps: mails, outbox rows, decisions, documents, as values."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from daemon.core.case import Case
from daemon.core.events import Event
from daemon.core.notice import Notice
from daemon.seams.mail import MailKey

READ_ANEW = "read anew"  # the detail of a mail that a person wants to be read: no limit holds it
PUT_OFF = "put off"  # the detail of a planned mail that waits because its address got enough today


class MailOutcome(StrEnum):
    """What became of a mail."""

    NEW = "new"  # stored, not yet decided
    CASE = "case"  # opened a case
    THREAD = "thread"  # filed to a case
    ASIDE = "aside"  # set aside for people
    HELD = "held"  # too many came at once: kept unread until a person wants it read
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
    came_at: datetime | None = None
    sender: str | None = None  # in small letters, empty when From is no one address; None: stored before it was noted


@dataclass(frozen=True, slots=True)
class Traffic:
    """How many mails came from one sender, and from its whole domain."""

    sender: int
    domain: int


class OutboxState(StrEnum):
    """A notice's way: planned in the deciding transaction, made ready by rendering, then sent or refused."""

    PLANNED = "planned"
    READY = "ready"
    SENT = "sent"
    REFUSED = "refused"
    MERGED = "merged"  # told in the mail of another row


class Copy(StrEnum):
    """The way of a copy into the sent folder; mails of which none is wanted have no such state."""

    WANTED = "wanted"
    TRYING = "trying"  # it may lie there already
    FILED = "filed"
    REFUSED = "refused"


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
    copy: Copy | None = None
    number: str = ""  # of the case


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
    """All that one wish leads to; committed in one transaction or not at all, `also` what it means for other cases."""

    case: Case | None = None
    expected_seq: int = 0
    events: tuple[Event, ...] = ()
    envelopes: tuple[Envelope, ...] = ()
    mail: int | None = None
    outcome: MailOutcome | None = None
    detail: str = ""
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    next_due_at: datetime | None = None
    also: tuple[Decision, ...] = ()


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


class LeaseLost(BaseException):
    """Another daemon took the lease; this one must write nothing more, in the store or in the workbook.

    Like asyncio.CancelledError it is no Exception: passes go on after a fault in one mail; after this they must not.
    """

    def __init__(self, owner: str | None) -> None:
        self.owner = owner
        super().__init__(f"the lease is held by {owner or 'nobody'} now; this daemon may do nothing more")
