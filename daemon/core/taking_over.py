"""A case that people kept in a ledger before the daemon came: it begins where they left it.  Rules only."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime

from daemon.core.case import Status
from daemon.core.commands import Context, TakeOver
from daemon.core.events import Event, EventType
from daemon.core.journal import Journal
from daemon.core.process import Step
from daemon.core.terms import parse_term

MOST_STEPS = 100  # of a process, on the way to where the case stands
GRACE = parse_term("3wd")  # in which people put right what was read wrong, before anybody is asked for what is late


def take_over(begun: Journal, command: TakeOver, context: Context) -> tuple[Event, ...]:
    """Bring a case that was just registered to where it stood; nobody is told.

    A status that the process never comes to leaves the case at its beginning.  What was late then is asked for once.
    """
    for key, text in command.sections.items():
        begun.add(EventType.SECTION_GIVEN, {"section": key, "text": text})
    if command.status in (Status.CLOSED, Status.CANCELLED):
        closed = command.closed_at or context.now
        data = {"status": command.status.value, "reason": command.reason, "closed_at": closed.isoformat()}
        begun.add(EventType.CLOSED, {**data, "found": dict(command.found)})
        return tuple(begun.events)
    _walk_to(command.status, begun, command.register.facts)
    for key in begun.now.open_steps:
        _give_time(begun, context.process.steps[key], command.due_at)
    if command.status is Status.ON_HOLD:
        begun.add(EventType.HELD, {"reason": command.reason})
    return tuple(begun.events)


def _give_time(journal: Journal, step: Step, wanted: datetime | None) -> None:
    """Let a step be due when people wanted it; one that is late already, or has no such time, is asked for once."""
    context = journal.context
    asks_at = context.calendars.of(step, journal.now).add(context.now, GRACE)
    due = {"step": step.id, "due_at": (wanted or asks_at).isoformat()}
    in_time = wanted is not None and wanted > asks_at
    journal.add(EventType.STEP_MOVED, due if in_time else {**due, "asks_at": asks_at.isoformat()})


def _walk_to(status: Status, journal: Journal, given: Collection[str]) -> None:
    """Do what leads on, step by step, until the case stands where it stood; nothing when it never does."""
    trial = Journal(journal.context, journal.id, journal.case)
    for _ in range(MOST_STEPS):
        if trial.now.status is status:
            journal.case = trial.case
            journal.events += trial.events
            return
        if not _one_on(trial, given):
            return


def _one_on(journal: Journal, given: Collection[str]) -> bool:
    """Do the first open step; what people said themselves stays as they said it."""
    step = next((journal.context.process.steps[key] for key in journal.now.open_steps), None)
    if step is None:
        return False
    name = next(_leading_on(step), "")
    if name:
        facts = {key: word for key, word in step.choices[name].sets.items() if "." not in key and "{" not in word}
        said = {key: word for key, word in facts.items() if key not in given}
        journal.add(EventType.CHOSEN, {"step": step.id, "choice": name, "reason": "", "sets": said})
    journal.done(step)
    journal.advance()
    return journal.now.is_open


def _leading_on(step: Step) -> Iterator[str]:
    return (name for name, one in step.choices.items() if one.done and not (one.back_to or one.ends))
