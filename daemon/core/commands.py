"""The few wishes that a mail, a ledger row, a Word file and the clock all become."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from daemon.core.calendars import Calendars
from daemon.core.case import Case, Evidence, Fact, Party, Scalar, Severity, Status
from daemon.core.directory import Directory
from daemon.core.events import Via
from daemon.core.process import Process, Words
from daemon.core.worktime import WorkCalendar

DAEMON = "daemon"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who wishes something: a colleague's id or an address, and the address it was said from."""

    id: str
    address: str = ""


CLOCK = Actor(DAEMON)


@dataclass(frozen=True, slots=True)
class Context:
    """All that a decision may look at beside the case; `now` was read once this tick."""

    process: Process
    directory: Directory
    calendars: Calendars
    now: datetime
    actor: Actor = CLOCK
    via: Via = Via.CLOCK
    cause: str = ""
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # values that people added to a fact's list

    def values_of(self, key: str) -> tuple[str, ...]:
        """Return the values that a fact may have: the profile's, and those that people added; none when any may be."""
        values = self.process.values_of(key)
        return tuple(dict.fromkeys((*values, *self.added.get(key, ())))) if values else ()

    @property
    def calendar(self) -> WorkCalendar:
        """Return the company's calendar; what a step counts by is `calendars.of(step, case)`."""
        return self.calendars.usual


@dataclass(frozen=True, slots=True)
class Register:
    """A complaint has come in."""

    case: UUID
    number: str
    profile: str
    facts: Mapping[str, Fact]
    reporter: str = ""
    reporter_name: str = ""
    forwarded_by: str = ""
    subject: str = ""
    message_id: str = ""
    language: str = "zh-CN"
    evidence: tuple[Evidence, ...] = ()
    items: tuple[Mapping[str, Scalar], ...] = ()
    split_from: str = ""
    received_at: datetime | None = None  # when it came in, if not just now
    continues: str = ""  # the number of a case of ours that goes on in this one: nobody is told of a receipt
    parent: str = ""
    parent_id: str = ""
    parties: Mapping[str, Party] = field(default_factory=dict)
    assigned: Mapping[str, str] = field(default_factory=dict)
    taken_over: bool = False
    thread_of: str = ""  # the number of another case, in whose exchange of mails it was written


@dataclass(frozen=True, slots=True)
class TakeOver:
    """A case that people kept before the daemon came is to go on where it stands; nobody is told.

    `due_at` is by when they wanted it done; `found` is what its row says in the columns of the daemon, by key.
    """

    register: Register
    status: Status
    sections: Mapping[str, str] = field(default_factory=dict)
    closed_at: datetime | None = None
    due_at: datetime | None = None
    found: Mapping[str, Scalar] = field(default_factory=dict)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """收到: somebody takes the case on."""

    steps: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Give:
    """Parts of the answer, by the keys of the field dictionary; the papers that a step asks for are among the files."""

    sections: Mapping[str, str]
    evidence: tuple[Evidence, ...] = ()
    facts: Mapping[str, Scalar] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SetMeasure:
    """What is known of a measure, None where nothing is said of it; without an id it is a new one of that section.

    `due` and `done` are days as ISO 8601 texts, empty for none.
    """

    id: str = ""
    section: str = ""
    what: str | None = None
    who: str | None = None
    due: str | None = None
    done: str | None = None
    evidence: str | None = None


@dataclass(frozen=True, slots=True)
class Choose:
    """A verdict on a step; one `for_owner` was typed into a column of the ledger that speaks for the step's owner."""

    step: str
    choice: str
    reason: str = ""
    round: int = 0  # of the mail that asked; an older round's mail decides nothing
    for_owner: bool = False


@dataclass(frozen=True, slots=True)
class AskTransfer:
    """A department says that another one is responsible."""

    to: str
    reason: str


@dataclass(frozen=True, slots=True)
class AnswerTransfer:
    """Quality decides on a transfer that was asked for, or transfers by itself."""

    agreed: bool
    to: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correct:
    """Quality corrects or completes facts; a new grade computes the times of the open steps anew."""

    facts: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class File:
    """A mail belongs to the case and changes nothing."""

    text: str
    sender: str
    trusted: bool
    why: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class FailAddress:
    """A mail of ours could not be delivered."""

    address: str
    permanent: bool
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Remind:
    """A rung of the ladder is reached; `rungs` are all that were passed since the last look, the highest last."""

    step: str
    rungs: tuple[str, ...]
    template: str
    to: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Hold:
    """Let the case stand still."""

    reason: str


@dataclass(frozen=True, slots=True)
class Resume:
    """Let the case go on."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Cancel:
    """End the case: it should not have been one."""

    reason: str


@dataclass(frozen=True, slots=True)
class Reopen:
    """Open a case again that is closed or cancelled."""

    reason: str


@dataclass(frozen=True, slots=True)
class Assign:
    """Name the person (by name, id or address) who holds a role in this case."""

    role: str
    person: str


@dataclass(frozen=True, slots=True)
class Raise:
    """Raise the grade."""

    severity: Severity
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """Write a remark into the journal."""

    text: str


@dataclass(frozen=True, slots=True)
class Merge:
    """The case is the same matter as another one, which goes on for both; `target` is that case, looked up."""

    number: str
    reason: str = ""
    target: Case | None = None


@dataclass(frozen=True, slots=True)
class Absorb:
    """Another case was merged into this one."""

    number: str
    other: UUID
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Link:
    """The case repeats an earlier one; `target` is that case, looked up."""

    number: str
    target: Case | None = None


@dataclass(frozen=True, slots=True)
class Complete:
    """Facts that the customer was asked for."""

    facts: Mapping[str, Scalar]


@dataclass(frozen=True, slots=True)
class Split:
    """The complaint is about several matters: a line of the text each; `cases` are the ids and numbers to give them."""

    text: str
    cases: tuple[tuple[UUID, str], ...] = ()


@dataclass(frozen=True, slots=True)
class AskCheck:
    """A planned check of a follow-up is to be asked for."""

    followup: str
    number: int


@dataclass(frozen=True, slots=True)
class RaiseByRule:
    """The time of a rule that raises the grade has come."""

    rule: str


@dataclass(frozen=True, slots=True)
class Continue:
    """The matter of this case goes on in a new one, which gets this id and number and follows this profile."""

    number: str
    other: UUID
    profile: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recur:
    """The complaint has come again, told in a new mail; the case begins anew."""

    text: str
    facts: Mapping[str, Fact]
    reporter: str = ""
    reporter_name: str = ""
    forwarded_by: str = ""
    message_id: str = ""
    evidence: tuple[Evidence, ...] = ()


Timed = Remind | AskCheck | RaiseByRule


@dataclass(frozen=True, slots=True)
class OpenSubcase:
    """Open a case for whom the text names; with its id and number, and the hash of its profile when it has another."""

    text: str
    case: tuple[UUID, str] | None = None
    profile: str = ""
    step: str = ""


@dataclass(frozen=True, slots=True)
class EndSubcase:
    """A case that this one opened has ended."""

    number: str
    status: Status
    summary: str = ""


@dataclass(frozen=True, slots=True)
class EndWith:
    """The case that opened this one was cancelled."""

    number: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Join:
    """Let another case go on for this one; `target` is that case, looked up."""

    number: str
    reason: str = ""
    target: Case | None = None


@dataclass(frozen=True, slots=True)
class Leave:
    """Take the case out again."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Release:
    """The case that went on for this one was cancelled."""

    number: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Adopt:
    """Another case has joined this one."""

    number: str
    other: UUID


@dataclass(frozen=True, slots=True)
class Dismiss:
    """Another case was taken out."""

    number: str


@dataclass(frozen=True, slots=True)
class AnswerWith:
    """The case that this one joined tells its complainant something."""

    number: str
    template: str
    form: str = ""
    reason: str = ""
    sections: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CloseWith:
    """The case that this one joined is closed."""

    number: str
    status: Status
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandOn:
    """An owner is away until then: what waits for these addresses goes to whoever stands in."""

    addresses: tuple[str, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class HandBack:
    """An owner is back."""

    addresses: tuple[str, ...]


Gathered = Release | Adopt | Dismiss | AnswerWith | CloseWith


@dataclass(frozen=True, slots=True)
class Migrate:
    """Let the case follow the profile with this hash, which the context holds."""

    profile: str


Family = Migrate | HandOn | HandBack | Join | Leave | Gathered | Split | OpenSubcase | EndSubcase | EndWith
Handling = Family | Hold | Resume | Cancel | Reopen | Assign | Raise | Note | Merge | Absorb | Link | Complete
Command = (
    Handling
    | Register
    | TakeOver
    | Acknowledge
    | Give
    | SetMeasure
    | Choose
    | AskTransfer
    | AnswerTransfer
    | Correct
    | File
    | FailAddress
    | Timed
    | Continue
    | Recur
)


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a wish was not carried out, in words for the person who asked."""

    why: Words = field(default_factory=dict)
