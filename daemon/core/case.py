"""A complaint case as its journal has made it.  Values only; how they change stands in evolve.py."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from daemon.core.measures import Measure
from daemon.core.places import Place

Scalar = str | int | float | bool | None


class Severity(StrEnum):
    """The grade of a complaint, in the words of the ledger."""

    GENERAL = "一般"
    IMPORTANT = "重要"
    CRITICAL = "重大"


class Status(StrEnum):
    """Where a case stands, in the words of the ledger.

    The order is that of precedence: of all open steps, the one whose phase comes first here tells the status.
    """

    VERIFYING = "待核实"
    REVIEW = "待审批"
    CUSTOMER = "待客户确认"
    WORKING = "处理中"
    EFFECT = "效果跟踪"
    CLOSED = "已结案"
    ON_HOLD = "暂停"
    CANCELLED = "已取消"


class Certainty(StrEnum):
    """How sure a fact is: what is inferred or was only guessed waits for a person to confirm it."""

    STATED = "stated"
    INFERRED = "inferred"
    CONFIRMED = "confirmed"


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with where it comes from, and the round in which it was said; `place` is where a mail says it.

    Instants are ISO 8601 texts, so that the journal is plain JSON.
    """

    value: Scalar
    certainty: Certainty = Certainty.STATED
    source: str = ""
    round: int = 1
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """The text of one part of the 8D (`d3.containment`, `d4.occurrence.cause` …), and who gave it in which round."""

    text: str
    by: str
    at: datetime
    round: int = 1


class StepStatus(StrEnum):
    """The life of a step within a round."""

    WAITING = "waiting"
    OPEN = "open"
    DONE = "done"
    SKIPPED = "skipped"
    DROPPED = "dropped"  # open when the case was closed


@dataclass(frozen=True, slots=True)
class StepState:
    """A step of this case; `fired` names the rungs of the ladder that were reached since it opened.

    `began_at` is when its time began, where that is not when it opened.  A step that was late when people's ledger was
    taken over is asked for once, at `asks_at`, and has no ladder.
    """

    status: StepStatus = StepStatus.WAITING
    round: int = 1
    opened_at: datetime | None = None
    due_at: datetime | None = None
    done_at: datetime | None = None
    by: str = ""
    acknowledged_by: str = ""
    fired: tuple[str, ...] = ()
    reason: str = ""
    missed: bool = False
    began_at: datetime | None = None
    asks_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """One check of a follow-up that was answered: the words of the verdict, and what was written beside it."""

    number: int
    at: datetime
    by: str
    verdict: str
    remark: str = ""


@dataclass(frozen=True, slots=True)
class Follow:
    """How a case is looked at after a step or a verdict, from `since` on.

    `number` is the check that is planned or was asked for last; `planned_at` is when the next one will be asked for,
    None when none will; `asked` is its state while it waits for an answer; `ended` says why there are no more.
    """

    since: datetime
    number: int = 1
    planned_at: datetime | None = None
    asked: StepState | None = None
    was_asked: bool = False
    ended: str = ""
    checks: tuple[Check, ...] = ()

    @property
    def runs(self) -> bool:
        """Tell whether more is to come."""
        return not self.ended


@dataclass(frozen=True, slots=True)
class Evidence:
    """A file that came with the complaint, kept in the store by the hash of its bytes."""

    name: str
    sha256: str
    media_type: str = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Party:
    """Somebody outside the house who holds a role in a case: a supplier."""

    address: str
    name: str = ""
    language: str = "zh-CN"


@dataclass(frozen=True, slots=True)
class Subcase:
    """A case that this one opened: its id and number, the step that waits for it, and whether it has ended."""

    case: str
    number: str
    step: str = ""
    round: int = 1
    closed: bool = False


@dataclass(frozen=True, slots=True)
class Member:
    """A case that stands still while this one goes on for it."""

    case: str
    number: str


@dataclass(frozen=True, slots=True)
class Case:
    """One complaint; a case is its UUID, the number is a fact of it.

    `holds` is the history of holding (True) and resuming (False); `assigned` maps roles to the ids of the people named
    for them in this case; `asked` are the facts that the customer was asked for and has not told yet; `items` are the
    facts of each product, where the complaint is about several; `documents` are the papers that came
    with an answer, each with the name of its file; `followups` go on when the case is closed;
    `raised` names the rules that have raised the grade; `continued_in` is a case's number.  `taken_at` is when the case
    was taken over from people's ledger; `found` is what its row said that had ended by then, by column, until the case
    begins anew.
    """

    id: UUID
    number: str
    profile: str
    seq: int
    opened_at: datetime
    language: str = "zh-CN"
    reporter: str = ""
    reporter_name: str = ""
    forwarded_by: str = ""
    subject: str = ""
    message_id: str = ""
    status: Status = Status.VERIFYING
    round: int = 1
    facts: Mapping[str, Fact] = field(default_factory=dict)
    sections: Mapping[str, Section] = field(default_factory=dict)
    steps: Mapping[str, StepState] = field(default_factory=dict)
    evidence: tuple[Evidence, ...] = ()
    dead_addresses: tuple[str, ...] = ()
    transfer_asked: str = ""
    transfers: int = 0
    closed_at: datetime | None = None
    holds: tuple[tuple[datetime, bool], ...] = ()
    assigned: Mapping[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = ()
    merged_into: str = ""
    duplicates: tuple[str, ...] = ()
    split_from: str = ""
    thread_of: str = ""
    split_into: tuple[str, ...] = ()
    items: tuple[Mapping[str, Scalar], ...] = ()
    documents: Mapping[str, Section] = field(default_factory=dict)
    followups: Mapping[str, Follow] = field(default_factory=dict)
    raised: tuple[str, ...] = ()
    continued_in: str = ""
    parent: str = ""
    parent_id: str = ""
    parties: Mapping[str, Party] = field(default_factory=dict)
    subcases: tuple[Subcase, ...] = ()
    joined_to: str = ""
    joined_id: str = ""
    members: tuple[Member, ...] = ()
    measures: tuple[Measure, ...] = ()  # the lines of some sections, those that were dropped last
    answered_at: datetime | None = None  # when the complainant was told what the case that it joined tells
    taken_at: datetime | None = None
    found: Mapping[str, Scalar] = field(default_factory=dict)

    def fact(self, key: str) -> Scalar:
        """Return a fact's value, None when it is not known."""
        found = self.facts.get(key)
        return found.value if found else None

    def text(self, key: str) -> str:
        """Return a fact as text, empty when it is not known."""
        value = self.fact(key)
        return "" if value is None else str(value)

    def section(self, key: str) -> str:
        """Return the text of a section, empty when nobody gave it."""
        found = self.sections.get(key)
        return found.text if found else ""

    @property
    def severity(self) -> Severity:
        """Return the grade; a case that nobody graded counts as 一般."""
        found = self.text("severity")
        return Severity(found) if found in set(Severity) else Severity.GENERAL

    @property
    def is_open(self) -> bool:
        """Tell whether anything can still happen to the case."""
        return self.status not in (Status.CLOSED, Status.CANCELLED)

    @property
    def is_held(self) -> bool:
        """Tell whether the case stands still."""
        return bool(self.holds) and self.holds[-1][1]

    @property
    def open_steps(self) -> tuple[str, ...]:
        """Return the ids of the open steps, in the order of the profile."""
        return tuple(key for key, step in self.steps.items() if step.status is StepStatus.OPEN)

    @property
    def open_tasks(self) -> tuple[str, ...]:
        """Return what waits for an answer: the open steps, then the checks that were asked for (`tracking.2`)."""
        return (*self.open_steps, *(f"{key}.{one.number}" for key, one in self.followups.items() if one.asked))

    def state(self, key: str) -> StepState:
        """Return the state of a step, or of a check that was asked for; one that nobody waits for is waiting."""
        name, _, number = key.rpartition(".")
        follow = self.followups.get(name)
        if follow and key not in self.steps:
            return follow.asked if follow.asked and str(follow.number) == number else StepState()
        return self.steps.get(key, StepState())

    def overdue(self, now: datetime) -> tuple[str, ...]:
        """Return the open steps whose time is over."""
        return tuple(k for k in self.open_steps if (due := self.steps[k].due_at) and due < now)
