"""A department that wants to be rid of a case, and quality that decides on it.  Rules only."""

from __future__ import annotations

from daemon.core.case import Case, StepStatus
from daemon.core.commands import DAEMON, AnswerTransfer, AskTransfer, Context, Refusal
from daemon.core.entitled import Decided
from daemon.core.events import EventType
from daemon.core.journal import Journal, times
from daemon.core.process import Step
from daemon.core.refusals import refuse
from daemon.core.roles import DEPARTMENT_ROLES, is_quality, may_speak_as

BEGUN = (StepStatus.OPEN, StepStatus.DONE)


def ask_transfer(case: Case, command: AskTransfer, context: Context) -> Decided:
    """Ask quality to pass a case on; what quality itself asks is done at once."""
    if is_quality(context.actor.address, context.directory):
        if not command.to:
            return refuse("no_such_department", to="？")
        return answer_transfer(case, AnswerTransfer(agreed=True, to=command.to, reason=command.reason), context)
    if not may_speak_as(context.actor.address, DEPARTMENT_ROLES, case, context.directory):
        return refuse("only_quality")
    wrong = _wrong_target(case, command.to, context) if command.to else None
    if wrong:
        return wrong
    journal = Journal(context, case.id, case)
    journal.add(EventType.TRANSFER_ASKED, {"to": command.to, "reason": command.reason})
    return tuple(journal.events)


def answer_transfer(case: Case, command: AnswerTransfer, context: Context) -> Decided:
    """Pass a case on to another department, or keep it where it is."""
    if not is_quality(context.actor.address, context.directory):
        return refuse("only_quality")
    target = command.to or case.transfer_asked.strip("?")
    journal = Journal(context, case.id, case)
    if not target and not case.transfer_asked:
        return refuse("no_transfer_asked", number=case.number)
    if not command.agreed:
        journal.add(EventType.TRANSFER_DECLINED, {"reason": command.reason})
        return tuple(journal.events)
    wrong = _wrong_target(case, target, context)
    if wrong:
        return wrong
    dept = context.directory.department(target)
    assert dept is not None
    _pass_on(journal, dept.name, command.reason)
    return tuple(journal.events)


def name_department(journal: Journal, name: str) -> bool:
    """Give a case to the department that somebody names whose step that is; tell whether another had begun on it."""
    dept, old = journal.context.directory.department(name), journal.now.text("department")
    begun = any(journal.now.steps[step.id].status in BEGUN for step in _theirs(journal.context))
    if dept is None or not old or old == dept.name or not begun:
        return False
    _pass_on(journal, dept.name, "")
    return True


def _pass_on(journal: Journal, to: str, reason: str) -> None:
    data = {"from": journal.now.text("department"), "to": to, "reason": reason, "forgets": ["d1.leader"]}
    journal.add(EventType.TRANSFERRED, data)
    _begin_anew(journal, journal.context)


def _theirs(context: Context) -> list[Step]:
    return [step for step in context.process.step if DEPARTMENT_ROLES & set(step.owner)]


def _begin_anew(journal: Journal, context: Context) -> None:
    """Give the new department its full time for all that the old one still had open or had taken on."""
    for step in _theirs(context):
        state = journal.now.steps[step.id]
        if state.status is StepStatus.OPEN or (state.status is StepStatus.DONE and step.on_acknowledge.done):
            data = {"step": step.id, "round": journal.now.round, **times(step, journal.now, context)}
            journal.add(EventType.STEP_OPENED, {**data, "status": journal.now.status.value}, by=DAEMON)


def _wrong_target(case: Case, target: str, context: Context) -> Refusal | None:
    dept = context.directory.department(target)
    if dept is None:
        return refuse("no_such_department", to=target or "？")
    if dept.name == case.text("department"):
        return refuse("same_department", number=case.number, to=dept.name)
    if case.transfers >= context.process.most_transfers:
        return refuse("too_many_transfers", number=case.number, transfers=case.transfers)
    return None
