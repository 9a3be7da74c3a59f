"""The complaint desk: all that a pass works with, and the two things that every pass does: decide and plan."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from daemon.adapters.files import write_atomically
from daemon.config import Config, CustomerEntry
from daemon.core.absence import Absence, from_data, meanwhile
from daemon.core.batch import Outcome, carry_out
from daemon.core.calendars import Calendars
from daemon.core.case import Case, Severity
from daemon.core.commands import CLOCK, Actor, Command, Context, OpenSubcase, Refusal, Split
from daemon.core.decide import decide
from daemon.core.directory import Directory
from daemon.core.events import EventType, Via
from daemon.core.family import Touched, World, with_family
from daemon.core.hiding import NO_VEIL, Veil, behind, veil_for, veil_for_all
from daemon.core.notice import Notice
from daemon.core.process import Process
from daemon.core.splitting import planned
from daemon.core.subcases import named_in, opening_step
from daemon.core.tell import notices
from daemon.core.timing import next_due_at
from daemon.core.worktime import WorkCalendar
from daemon.intake.reader import MailReader, ReadHere
from daemon.ledger.columns import Layout
from daemon.ledger.identity import Matched
from daemon.ledger.shown import Book, book_of
from daemon.notices.needs import TOGETHER
from daemon.notices.render import Renderer
from daemon.notices.threading import message_id
from daemon.seams import Decision, Envelope, Mailbox, MailSender, Mint, SharedCopies, SharedFile, Stamp, Store

__all__ = ["ABSENCES", "Away", "CustomerProfile", "Desk", "Happening", "Outcome", "carry_out", "decision", "with_mail"]

ABSENCES = "absences"  # where the store remembers who is away
ADDED_VALUES = "ledger.lists"


@dataclass(frozen=True, slots=True)
class Happening:
    """Something worth a line in the log: `event` is its key, `case` the number of the case it belongs to."""

    event: str
    text: str
    case: str = ""


@dataclass(frozen=True, slots=True)
class Away:
    """Since when something fails, when it was tried and told last, and how often in a row it was tried in vain."""

    since: datetime
    tried: datetime
    told: datetime
    failures: int = 1


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """The process of a customer that has one of its own: who that is, and the profile as a case pins it."""

    whose: CustomerEntry
    text: str
    sha256: str
    process: Process


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file whose rows all stand as was noted, but for those that are no case's; and its last row of a complaint."""

    sha256: str
    others: Matched
    last: int


@dataclass(slots=True)
class LedgerSeen:
    """What the ledger's pass saw last, to be spared another look; what must survive a restart is in the store."""

    stamp: Stamp | None = None
    revision: str = ""
    shown: tuple[str, ...] = ()  # the state that the read-only copy shows while the workbook is open
    known: KnownFile | None = None


@dataclass(frozen=True)
class Desk:
    """The tools of the complaint desk."""

    config: Config
    directory: Directory
    calendars: Calendars
    process: Process
    profile: str
    processes: Callable[[str], Process]
    store: Store
    mailboxes: Sequence[Mailbox]
    sender: MailSender
    ledger: SharedFile
    copies: SharedCopies
    layout: Layout
    renderer: Renderer
    mint: Mint
    form: Callable[[], bytes]
    reader: MailReader = field(default_factory=ReadHere)
    special: tuple[CustomerProfile, ...] = ()
    opened: Mapping[str, str] = field(default_factory=dict)  # hashes of the profiles that steps open cases by
    report: Callable[[bytes], None] = lambda _: None  # takes the report on the daemon's health
    seen: LedgerSeen = field(default_factory=LedgerSeen)
    away: dict[str, Away] = field(default_factory=dict)  # the mailboxes that fail, as passes/reach.py notes it

    @cached_property
    def book(self) -> Book:
        """Return the columns of the ledger."""
        return book_of(self.layout)

    @property
    def calendar(self) -> WorkCalendar:
        """Return the company's own calendar."""
        return self.calendars.usual

    @property
    def zone(self) -> ZoneInfo:
        """Return the company's zone."""
        return self.calendar.zone

    @property
    def shelf(self) -> Path:
        """Return the shared folder that people see."""
        return self.config.path(self.config.service.ledger)

    def put_file(self, path: Path, data: bytes) -> None:
        """Put a file into the shared folder, unless another daemon has taken over.  Raises LeaseLost and OSError."""
        self.store.confirm_lease()
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, data)

    def next_number(self, now: datetime) -> str:
        """Return the next case number of the profile's pattern that is free; one that is exhausted grows by a digit.

        Numbers that people gave before the daemon came may be taken.
        """
        numbering, local = self.process.number, now.astimezone(self.zone)
        period = {"month": "%Y-%m", "year": "%Y"}.get(numbering.restarts, "all")
        while True:
            number = numbering.number(self.store.next_number(f"{self.process.id}.{local.strftime(period)}"), local)
            if self.store.case_numbered(number) is None:
                return number

    def new_case(self, now: datetime) -> tuple[UUID, str]:
        """Return an id and a number for a case."""
        return self.mint.case_id(), self.next_number(now)

    def with_numbers(self, wish: Command, case: Case, context: Context) -> Command:
        """Return a wish for new cases with their ids and numbers; one that will be refused uses none up."""
        if isinstance(wish, Split):
            plan = planned(case, wish, context)
            several = () if isinstance(plan, Refusal) else plan.others
            return replace(wish, cases=tuple(self.new_case(context.now) for _ in several))
        if isinstance(wish, OpenSubcase):
            step = opening_step(case, wish, context)
            profile = self.opened.get(step.opens.profile, "") if step and step.opens else ""
            wish = replace(wish, profile=profile)
            refused = isinstance(decide(case, wish, context), Refusal)
            return wish if refused else replace(wish, case=self.new_case(context.now))
        return wish

    def absences(self) -> tuple[Absence, ...]:
        """Return who is away."""
        return from_data(json.loads(self.store.recall(ABSENCES) or "[]"))

    def added_values(self) -> Mapping[str, tuple[str, ...]]:
        """Return what people added to the lists of 字典, by fact."""
        said = json.loads(self.store.recall(ADDED_VALUES) or "{}")
        return {key: tuple(values) for key, values in said.items()}

    def keep_added_values(self, added: Mapping[str, Sequence[str]]) -> None:
        """Remember what people added to the lists of 字典."""
        if {key: tuple(values) for key, values in added.items()} != self.added_values():
            self.store.remember(ADDED_VALUES, json.dumps({key: list(values) for key, values in added.items()}))

    def directory_at(self, now: datetime) -> Directory:
        """Return the directory as it is at an instant: who is away, and who stands in."""
        return meanwhile(self.directory, self.absences(), now)

    def shown(self, case: Case, reader: str | None = None) -> Case:
        """Return a case as this address may see it; without one as everybody may who can open the shared folder."""
        return behind(self.veil(case, reader), case)

    def veil(self, case: Case, reader: str | None = None) -> Veil:
        """Return what a reader, or the shared folder, may not tell of a case."""
        process = self.process_of(case)
        if not process.hides:
            return NO_VEIL
        return veil_for(reader, case, process, self.directory) if reader else veil_for_all(case, process)

    def case_if_any(self, case: UUID) -> Case | None:
        """Return a case, None when there is none with this id."""
        try:
            return self.store.case(case)
        except KeyError:
            return None

    def process_of(self, case: Case) -> Process:
        """Return the profile that this case was opened under."""
        return self.process_named(case.profile)

    def process_named(self, profile: str) -> Process:
        """Return the profile with this hash."""
        return self.process if profile == self.profile else self.processes(profile)

    def profile_for(self, customer: str, address: str) -> str:
        """Return the hash of the profile for a new complaint by this customer, from this address."""
        return next((one.sha256 for one in self.special if one.whose.is_for(customer, address)), self.profile)

    def class_of(self, customer: str, address: str) -> str:
        """Return the class that config gives this customer, empty when it gives none."""
        known = (one for one in self.config.customers if one.class_ and one.is_for(customer, address))
        return next((one.class_ for one in known), "")

    def context(
        self, case: Case | None, now: datetime, actor: Actor = CLOCK, via: Via = Via.CLOCK, cause: str = ""
    ) -> Context:
        """Return what a decision about this case may look at."""
        process = self.process_of(case) if case else self.process
        added = self.added_values()
        return Context(process, self.directory_at(now), self.calendars, now, actor, via, cause, added)

    def next_due_at(self, case: Case, now: datetime) -> datetime | None:
        """Return when time will ask for something in this case next."""
        return next_due_at(case, self.process_of(case), self.calendars, now)

    def envelopes(self, planned: Iterable[Notice], case: Case | None, now: datetime) -> tuple[Envelope, ...]:
        """Give each notice its Message-ID and proof code; what is not urgent waits for working time."""
        return tuple(self._envelope(notice, case, self.calendars.at(notice.recipient), now) for notice in planned)

    def _envelope(self, notice: Notice, case: Case | None, calendar: WorkCalendar, now: datetime) -> Envelope:
        code = self.mint.code()
        urgent = notice.urgent or bool(case and case.severity is Severity.CRITICAL)
        name = message_id(case.number if case else "", notice.purpose, code, self.directory.domain)
        return Envelope(notice, notice.recipient, name, code, None if urgent else _waits(calendar, now))

    def to_quality(self, template: str, values: Mapping[str, object], *, urgent: bool = True) -> tuple[Notice, ...]:
        """Return a notice to the quality engineers that belongs to no case; several `aside` of a tick are one mail."""
        digest = template if template in TOGETHER else ""
        people = (self.directory.people[one] for one in self.directory.roles.get("quality_engineer", ()))
        return tuple(
            replace(
                Notice(template, one.email, one.name, None, template, language=one.language),
                urgent=urgent,
                digest=digest,
                values=values,
            )
            for one in people
        )


def _waits(calendar: WorkCalendar, now: datetime) -> datetime | None:
    opens = calendar.next_open(now)
    return None if opens <= now else opens


def decision(
    desk: Desk, before: Case | None, outcome: Outcome, context: Context, more: Iterable[Notice] = ()
) -> Decision:
    """Return what is to be committed for a batch: events, the case as it is now, and the notices of the batch.

    What it means for other cases is committed with it.
    """
    outcome = opened_by_steps(desk, outcome, context)
    world = World(desk.case_if_any, desk.process_named)
    first, *others = with_family(before, outcome, context, world)
    return replace(_decided(desk, first, more), also=tuple(_decided(desk, one) for one in others))


def opened_by_steps(desk: Desk, outcome: Outcome, context: Context) -> Outcome:
    """Return the outcome with the cases that its steps open by themselves, one for each whom a fact names."""
    for event in outcome.events:
        if event.type is not EventType.STEP_OPENED:
            continue
        step = context.process.steps[event.data["step"]]
        for name in named_in(step, outcome.accepted):
            wish = desk.with_numbers(OpenSubcase(name, step=step.id), outcome.accepted, context)
            more = carry_out(outcome.case, [wish], replace(context, actor=CLOCK))
            outcome = replace(more, events=(*outcome.events, *more.events), refusals=outcome.refusals)
    return outcome


def _decided(desk: Desk, one: Touched, more: Iterable[Notice] = ()) -> Decision:
    case = one.outcome.accepted
    told = (*notices(case, one.outcome.events, one.context), *more)
    return Decision(
        case=case,
        expected_seq=one.before.seq if one.before else 0,
        events=one.outcome.events,
        envelopes=desk.envelopes(told, case, one.context.now),
        next_due_at=desk.next_due_at(case, one.context.now),
    )


def with_mail(made: Decision, **about: object) -> Decision:
    """Return the decision with the mail that caused it and what became of that mail."""
    return replace(made, **about)  # type: ignore[arg-type]  # the names are Decision's own
