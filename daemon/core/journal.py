"""Writing a case's next events and moving its steps on.  A scratch pad for one decision; nothing outlives it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

from daemon.core.case import Case, Status, StepState, StepStatus
from daemon.core.commands import DAEMON, Context
from daemon.core.dates import latest_date
from daemon.core.events import Event, EventType
from daemon.core.evolve import evolve
from daemon.core.giving import is_complete
from daemon.core.pauses import pauses_in
from daemon.core.process import OPENING, RECEIPT, Step, holds
from daemon.core.worktime import WorkCalendar

CLOCK = re.compile(r"(?<!\d)(\d{1,2})\s*[:：]\s*(\d{2})(?!\d)")
HOURS, MINUTES = 24, 60


@dataclass(slots=True)
class Journal:
    """The case as it grows, with the events that were added."""

    context: Context
    id: UUID
    case: Case | None
    events: list[Event] = field(default_factory=list)

    @property
    def now(self) -> Case:
        """Return the case as the events so far have made it."""
        assert self.case is not None
        return self.case

    def add(self, kind: EventType, data: Mapping[str, Any], *, by: str | None = None) -> None:
        """Add an event and evolve the case by it."""
        seq = (self.case.seq if self.case else 0) + 1
        ctx = self.context
        event = Event(self.id, seq, ctx.now, kind, ctx.actor.id if by is None else by, ctx.via, ctx.cause, dict(data))
        self.case = evolve(self.case, event)
        self.events.append(event)

    def done(self, step: Step, *, by: str | None = None) -> None:
        """Mark a step done."""
        self.add(EventType.STEP_DONE, {"step": step.id, "status": self._status(without=step.id)}, by=by)

    def advance(self) -> None:
        """Open every step whose turn has come, skip what the profile does not ask for, end what is complete."""
        moved = True
        while moved and self.now.is_open and not self.now.is_held:
            moved = any(self._advance(step) for step in self.context.process.step)

    def reopen(self, back_to: tuple[str, ...], reason: str, keeps: Iterable[str] = ()) -> None:
        """Go back to these steps in a new round; they and all that follows are done again, their verdicts forgotten.

        The facts in `keeps` stay: they are what the verdict that leads back has just said.
        """
        again = sorted(self.context.process.after_all(back_to))
        choices = (choice for key in again for choice in self.context.process.steps[key].choices.values())
        verdicts = {fact for choice in choices for fact in choice.sets if "." not in fact}
        data = {"back_to": list(back_to), "again": again, "round": self.now.round + 1, "reason": reason}
        self.add(EventType.ROUND_STARTED, {**data, "forgets": sorted(verdicts - set(keeps))})

    def move_due_times(self, *, new_ladder: bool = False, keep_fired: bool = False) -> None:
        """Compute the times of the open steps anew, each from its own start; a new grade has a ladder of its own."""
        for key in self.now.open_steps:
            state = self.now.steps[key]
            if state.asks_at:  # it was late long ago, and is asked for in an orderly way
                continue
            step = self.context.process.steps[key]
            due = due_time(step, self.now, self.context, state.opened_at)
            if due and (due != state.due_at or new_ladder):
                data = {"step": key, **times(step, self.now, self.context, state.opened_at)}
                self.add(EventType.STEP_MOVED, {**data, "keeps_fired": True} if keep_fired else data, by=DAEMON)

    def status_of_steps(self) -> Status:
        """Return where the case stands by its open steps."""
        return self._by_phase(None, "")

    def _advance(self, step: Step) -> bool:
        state = self.now.steps.get(step.id, StepState())
        if state.status is StepStatus.WAITING and self._ready(step):
            return self._start(step)
        if self._comes_back(step) and self._ready(step):
            self._recall(step)
            return self._start(step)
        if state.status is StepStatus.OPEN and is_complete(step, self.now, self.context.process):
            self.done(step)
            return True
        return False

    def _ready(self, step: Step) -> bool:
        ended = (StepStatus.DONE, StepStatus.SKIPPED)
        steps = self.context.process.steps
        return all(self.now.steps[one].status in ended and not self._comes_back(steps[one]) for one in step.after)

    def _comes_back(self, step: Step) -> bool:
        """Tell whether a step that was skipped is asked for now, as long as nothing that follows it is done."""
        if self.now.steps[step.id].status is not StepStatus.SKIPPED or not _is_asked_for(step, self.now):
            return False
        later = self.context.process.after_all((step.id,)) - {step.id}
        return not any(self.now.steps[one].status is StepStatus.DONE for one in later)

    def _recall(self, step: Step) -> None:
        """Let the open steps that follow a step wait for it again."""
        for key in self.now.open_steps:
            if key != step.id and key in self.context.process.after_all((step.id,)):
                self.add(EventType.STEP_RECALLED, {"step": key}, by=DAEMON)

    def _start(self, step: Step) -> bool:
        if not _is_asked_for(step, self.now):
            self.add(EventType.STEP_SKIPPED, {"step": step.id}, by="daemon")
            return True
        data = {"step": step.id, "round": self.now.round, **times(step, self.now, self.context)}
        self.add(EventType.STEP_OPENED, {**data, "status": self._status(also=step)}, by="daemon")
        if step.sends:
            self.done(step, by="daemon")
        return True

    def _status(self, also: Step | None = None, without: str = "") -> Status:
        return Status.ON_HOLD if self.now.is_held else self._by_phase(also, without)

    def _by_phase(self, also: Step | None, without: str) -> Status:
        steps = self.context.process.steps
        phases = {steps[key].phase for key in self.now.open_steps if key != without and key in steps}
        phases |= {also.phase} if also else set()
        still = Status.WORKING if self.now.status is Status.ON_HOLD else self.now.status
        return next((status for status in Status if status in phases), still)


def _is_asked_for(step: Step, case: Case) -> bool:
    return holds(step.when, case) and not (step.unless and holds(step.unless, case))


def times(step: Step, case: Case, context: Context, start: datetime | None = None) -> dict[str, str | None]:
    """Return, as events keep it, by when a step must be done, and when its time begins if not as it opens."""
    opened = start or context.now
    due, begin = due_time(step, case, context, opened), clock_start(step, case, context, opened)
    found = {"due_at": due.isoformat() if due else None}
    return {**found, "from": begin.isoformat()} if begin and begin != opened else found


def due_time(step: Step, case: Case, context: Context, start: datetime | None = None) -> datetime | None:
    """Return by when a step must be done that opens now, or opened at `start`; None while its clock has not started.

    A date that a fact or a section promises is the due time; one that the customer asked for wins when it is earlier.
    """
    opened, calendar = start or context.now, context.calendars.of(step, case)
    begin = clock_start(step, case, context, opened)
    special = next((rule.due for rule in step.due_when if case.text(rule.fact) == rule.is_), None)
    duration = special or step.due_in(case.severity)
    if duration is None or begin is None:
        return None
    promised = fact_time(step.due_fact, calendar, case, context) or _promised(step, calendar, case, context)
    if promised:
        return max(promised, begin)
    due = calendar.add(begin, duration, pauses_in(case.holds, context.now))
    wanted = fact_time("customer_due", calendar, case, context) if step.customer_date else None
    return min(due, wanted) if wanted and wanted > begin else due


def clock_start(step: Step, case: Case, context: Context, opened: datetime) -> datetime | None:
    """Return when a step's time begins: as it opens, with the complaint, or on the day that a fact names."""
    if step.clock_starts == OPENING:
        return opened
    if step.clock_starts == RECEIPT:
        return case.taken_at or case.opened_at
    return fact_time(step.clock_starts, context.calendars.of(step, case), case, context, end=False)


def fact_time(fact: str, calendar: WorkCalendar, case: Case, context: Context, *, end: bool = True) -> datetime | None:
    """Return the instant that a fact names, local without a zone; a mere date means the end, or start, of its work."""
    text = case.text(fact) if fact else ""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found and found.tzinfo:
        return found
    day, clock = _date_in(text, calendar, context), CLOCK.search(text)
    if day and clock and int(clock[1]) < HOURS and int(clock[2]) < MINUTES:
        return datetime.combine(day, time(int(clock[1]), int(clock[2])), calendar.zone).astimezone(UTC)
    return (calendar.end_of_day(day) if end else calendar.start_of_day(day)) if day else None


def _promised(step: Step, calendar: WorkCalendar, case: Case, context: Context) -> datetime | None:
    day = _date_in(case.section(step.dates_of), calendar, context) if step.dates_of else None
    return calendar.end_of_day(day) if day else None


def _date_in(text: str, calendar: WorkCalendar, context: Context) -> date | None:
    return latest_date(text, context.now.astimezone(calendar.zone).date())
