"""One incident, many complaints: 归入：2611001 lets a case stand still, and another one go on for both.  Rules only.

What the parent tells its own complainant is told to theirs, and its end is theirs.  Each can be taken out again: 取出.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from daemon.core.case import Case, Status, StepStatus
from daemon.core.commands import Adopt, AnswerWith, CloseWith, Context, Dismiss, Gathered, Join, Leave, Refusal, Release
from daemon.core.entitled import Decided
from daemon.core.events import Event, EventType
from daemon.core.handling import not_entitled
from daemon.core.journal import Journal
from daemon.core.process import Process, Tell
from daemon.core.refusals import refuse

COMPLAINANTS = frozenset({"reporter", "writer"})
TOLD_FACTS = ("validity",)


def join(case: Case, command: Join, context: Context) -> Decided:
    """Let a case stand still, because another one goes on for it."""
    target = command.target
    refused = not_entitled("join", case, context) or _cannot_join(case, target, command.number)
    if refused:
        return refused
    assert target is not None
    journal = Journal(context, case.id, case)
    journal.add(EventType.JOINED, {"number": target.number, "case": str(target.id), "reason": command.reason})
    return tuple(journal.events)


def _cannot_join(case: Case, target: Case | None, number: str) -> Refusal | None:
    if target is None:
        return refuse("no_such_case", number=number)
    if target.id == case.id:
        return refuse("same_case", number=number)
    if case.joined_to:
        return refuse("joined", number=case.number, parent=case.joined_to)
    if target.joined_to:
        return refuse("joined", number=target.number, parent=target.joined_to)
    if case.members:
        return refuse("gathers", number=case.number, members="、".join(one.number for one in case.members))
    return None if target.is_open else refuse("closed", number=target.number)


def leave(case: Case, command: Leave, context: Context) -> Decided:
    """Take a case out again: it goes on where it stood, its times put off by as long as it stood still."""
    refused = not_entitled("leave", case, context)
    if refused:
        return refused
    return _left(case, command.reason, context) if case.joined_to else refuse("not_joined", number=case.number)


def release(case: Case, command: Release, context: Context) -> Decided:
    """Let a case go on by itself, because the one that went on for it was cancelled."""
    mine = case.joined_to == command.number and case.is_open
    return _left(case, command.reason, context) if mine else ()


def _left(case: Case, reason: str, context: Context) -> Decided:
    journal = Journal(context, case.id, case)
    data = {"number": case.joined_to, "case": case.joined_id, "reason": reason}
    journal.add(EventType.LEFT, {**data, "status": journal.status_of_steps().value})
    journal.move_due_times(keep_fired=True)
    journal.advance()
    return tuple(journal.events)


def adopt(case: Case, command: Adopt, context: Context) -> Decided:
    """Note on the case that goes on that another one joined it; once, however often it is tried."""
    if command.number in {one.number for one in case.members}:
        return ()
    journal = Journal(context, case.id, case)
    journal.add(EventType.ADOPTED, {"number": command.number, "case": str(command.other)})
    return tuple(journal.events)


def dismiss(case: Case, command: Dismiss, context: Context) -> Decided:
    """Note on the case that goes on that another one was taken out."""
    if command.number not in {one.number for one in case.members}:
        return ()
    journal = Journal(context, case.id, case)
    journal.add(EventType.DISMISSED, {"number": command.number})
    return tuple(journal.events)


def answer_with(case: Case, command: AnswerWith, context: Context) -> Decided:
    """Tell the complainant of a gathered case what its parent tells: with the parent's sections, as its own."""
    if case.joined_to != command.number or not case.is_open:
        return ()
    journal = Journal(context, case.id, case)
    data: dict[str, Any] = {"number": command.number, "template": command.template, "form": command.form}
    journal.add(
        EventType.ANSWERED,
        {**data, "reason": command.reason, "sections": dict(command.sections), "facts": dict(command.facts)},
    )
    return tuple(journal.events)


def close_with(case: Case, command: CloseWith, context: Context) -> Decided:
    """Close a gathered case with its parent; its complainant is told, if not by an answer of this very moment."""
    if case.joined_to != command.number or not case.is_open:
        return ()
    journal = Journal(context, case.id, case)
    told = case.answered_at == context.now
    data = {"status": command.status.value, "reason": command.reason, "with": command.number, "told": told}
    journal.add(EventType.CLOSED, data)
    return tuple(journal.events)


# ── what it means for the other cases ────────────────────────────────────────────────────────────────────────────────


def meant(event: Event, case: Case, process: Process) -> Iterator[tuple[UUID, Gathered]]:
    """Yield what an event of a case means for the one that it joined, and for those that joined it."""
    if event.type is EventType.JOINED:
        yield UUID(event.data["case"]), Adopt(case.number, case.id)
    elif event.type is EventType.LEFT:
        yield UUID(event.data["case"]), Dismiss(case.number)
    elif event.type is EventType.ADOPTED:
        yield from _told_late(event, case, process)
    else:
        for member in case.members:
            yield from ((UUID(member.case), wish) for wish in _for_members(event, case, process))


def _for_members(event: Event, case: Case, process: Process) -> Iterator[Gathered]:
    if event.type is EventType.CLOSED:
        yield _closing(event, case)
    for tell in _tells(event, process):
        if COMPLAINANTS & set(tell.to):
            yield _answer(tell, case, event.data.get("reason", ""))


def _tells(event: Event, process: Process) -> tuple[Tell, ...]:
    step = process.steps.get(event.data["step"]) if "step" in event.data else None
    if step and step.sends and event.type is EventType.STEP_OPENED:
        return (step.sends,)
    if step and event.type is EventType.CHOSEN:
        return step.choices[event.data["choice"]].tells
    return ()


def _closing(event: Event, case: Case) -> CloseWith | Release:
    status, reason = Status(event.data["status"]), event.data.get("reason", "")
    cancelled = status is Status.CANCELLED
    return Release(case.number, reason) if cancelled else CloseWith(case.number, status, reason)


def _answer(tell: Tell, case: Case, reason: str) -> AnswerWith:
    sections = {key: part.text for key, part in case.sections.items()}
    facts = {key: case.text(key) for key in TOLD_FACTS if case.text(key)}
    return AnswerWith(case.number, tell.template, tell.form, reason, sections, facts)


def _told_late(event: Event, case: Case, process: Process) -> Iterator[tuple[UUID, AnswerWith]]:
    """Yield the last answer that the complainants have had, for one who joins them."""
    done = (
        (state.done_at, step.sends)
        for step in process.step
        if step.sends and COMPLAINANTS & set(step.sends.to)
        and (state := case.steps[step.id]).status is StepStatus.DONE and state.done_at
    )  # fmt: skip
    latest = max(done, key=lambda one: one[0], default=None)
    if latest:
        yield UUID(event.data["case"]), _answer(latest[1], case, "")


GATHERING: Mapping[type, Callable[[Case, Any, Context], Decided]] = {
    Join: join,
    Leave: leave,
    Release: release,
    Adopt: adopt,
    Dismiss: dismiss,
    AnswerWith: answer_with,
    CloseWith: close_with,
}
