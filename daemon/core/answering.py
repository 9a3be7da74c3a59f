"""What people give to a step: 收到, and the parts of the answer.  Rules only."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.core.case import Case, Status, StepStatus
from daemon.core.commands import Acknowledge, Context, Give
from daemon.core.entitled import Decided, may_answer, nobody_asked
from daemon.core.events import EventType
from daemon.core.evolve import evidence_data
from daemon.core.journal import Journal
from daemon.core.process import Step
from daemon.core.refusals import refuse
from daemon.core.roles import DEPARTMENT_ROLES


def acknowledge(case: Case, command: Acknowledge, context: Context) -> Decided:
    """Note who takes a case on; where 收到 is all that a step asks, it is done by that."""
    steps = [context.process.steps[key] for key in command.steps if key in case.open_steps]
    mine = [step for step in steps if may_answer(step, case, context)]
    if not mine:
        return nobody_asked(steps, context)
    journal = Journal(context, case.id, case)
    for step in mine:
        journal.add(EventType.ACKNOWLEDGED, {"step": step.id})
        for key in step.on_acknowledge.names_sender:
            journal.add(EventType.SECTION_GIVEN, {"section": key, "text": _named(context)})
        if step.on_acknowledge.done:
            journal.done(step)
    journal.advance()
    return tuple(journal.events)


def _named(context: Context) -> str:
    """Return the sender as a section names him or her: the person, or the department whose mailbox wrote."""
    dept = context.directory.department_of(context.actor.address)
    known = context.actor.id in context.directory.people
    return dept.name if dept and not known else context.actor.id


def give(case: Case, command: Give, context: Context) -> Decided:
    """Take parts of the answer."""
    takers = [step for step in context.process.step if _takes(step, command.sections, case, context)]
    if not takers:
        return refuse("nothing_asked")
    if not any(may_answer(step, case, context) for step in takers):
        return nobody_asked(takers, context)
    journal = Journal(context, case.id, case)
    evidence = evidence_data(command.evidence)
    for key, text in command.sections.items():
        journal.add(EventType.SECTION_GIVEN, {"section": key, "text": text, "evidence": evidence})
        evidence = []
    _take_on(journal, takers, context)
    journal.advance()
    return tuple(journal.events)


def _takes(step: Step, sections: Mapping[str, str], case: Case, context: Context) -> bool:
    """Tell whether a step takes one of these sections: while it is to be done, and then until it was reviewed."""
    if not any(key in sections for key in (*step.gives, step.takes)):
        return False
    later = context.process.after_all((step.id,)) - {step.id}
    reviews = (one for one in later if context.process.steps[one].phase is Status.REVIEW)
    to_do = case.steps[step.id].status in (StepStatus.OPEN, StepStatus.WAITING)
    return to_do or not any(case.steps[one].status is StepStatus.DONE for one in reviews)


def _take_on(journal: Journal, takers: list[Step], context: Context) -> None:
    """Count an answer as 收到 for the steps that only wanted to know who takes the case."""
    for step in context.process.step:
        waits = journal.now.steps[step.id].status is StepStatus.OPEN and step.on_acknowledge.done
        if waits and {owner for taker in takers for owner in taker.owner} & DEPARTMENT_ROLES:
            for key in step.on_acknowledge.names_sender:
                journal.add(EventType.SECTION_GIVEN, {"section": key, "text": _named(context)})
            journal.done(step)
