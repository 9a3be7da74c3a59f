"""What a wish leads to: events, or a refusal that says why.  Rules only; no step of any process is named here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from daemon.core.case import Case, Certainty, Evidence, Fact, Scalar, Status, StepStatus
from daemon.core.classify import grade_by_rule
from daemon.core.commands import (
    CLOCK,
    DAEMON,
    Absorb,
    Acknowledge,
    AnswerTransfer,
    AskTransfer,
    Choose,
    Command,
    Context,
    Correct,
    FailAddress,
    File,
    Give,
    Link,
    Note,
    Refusal,
    Register,
    Remind,
    Reopen,
)
from daemon.core.events import Event, EventType
from daemon.core.evolve import facts_data
from daemon.core.fields import BY_KEY, COMPLAINT_KEYS
from daemon.core.handling import HANDLING
from daemon.core.journal import Journal, due_time
from daemon.core.process import Choice, Step, in_language
from daemon.core.refusals import refuse
from daemon.core.roles import DEPARTMENT_ROLES, is_quality, may_speak_as

UNKNOWN = Fact(None)
NOT_THEIRS = frozenset({"category", "severity", "department"})  # quality decides these
Decided = tuple[Event, ...] | Refusal


def decide(case: Case | None, command: Command, context: Context) -> Decided:
    """Return the events that a wish leads to, or why it is refused.

    A case that is closed accepts mails to file, failed addresses, remarks, links and the wish to reopen it.  One that
    is held takes answers and keeps them, and decides nothing.
    """
    if isinstance(command, Register):
        return _register(command, context)
    assert case is not None
    if not case.is_open and not isinstance(command, File | FailAddress | Reopen | Note | Link | Absorb):
        return refuse("closed", number=case.number)
    if case.is_held and isinstance(command, Choose | AskTransfer | AnswerTransfer):
        return refuse("held", number=case.number)
    return RULES[type(command)](case, command, context)


def _register(command: Register, context: Context) -> Decided:
    journal = Journal(context, command.case, None)
    data = {
        "number": command.number,
        "profile": command.profile,
        "reporter": command.reporter,
        "reporter_name": command.reporter_name,
        "forwarded_by": command.forwarded_by,
        "subject": command.subject,
        "message_id": command.message_id,
        "language": command.language,
        "facts": facts_data(command.facts),
        "evidence": _rows(command.evidence),
        "steps": list(context.process.steps),
    }
    journal.add(EventType.REGISTERED, data)
    _grade_by_rule(journal)
    journal.advance()
    return tuple(journal.events)


def _acknowledge(case: Case, command: Acknowledge, context: Context) -> Decided:
    steps = [context.process.steps[key] for key in command.steps if key in case.open_steps]
    mine = [step for step in steps if _may(step, case, context)]
    if not mine:
        return _nobody(steps, context)
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


def _give(case: Case, command: Give, context: Context) -> Decided:
    takers = [step for step in context.process.step if _takes(step, command.sections, case, context)]
    if not takers:
        return refuse("nothing_asked")
    if not any(_may(step, case, context) for step in takers):
        return _nobody(takers, context)
    journal = Journal(context, case.id, case)
    evidence = _rows(command.evidence)
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


def _choose(case: Case, command: Choose, context: Context) -> Decided:
    step = context.process.steps[command.step]
    choice = step.choices[command.choice]
    if case.steps[step.id].status is not StepStatus.OPEN:
        return refuse("not_open", step=in_language(step.title, "zh-CN"))
    if not _may(step, case, context):
        return _nobody([step], context)
    opened_in = case.steps[step.id].round
    if command.round and command.round < opened_in:
        return refuse("old_round", old=command.round, new=opened_in, step=in_language(step.title, "zh-CN"))
    if choice.needs_reason and not command.reason.strip():
        return refuse("reason_needed", choice=in_language(choice.words, "zh-CN"))
    missing = _missing(step, command.reason, case, context) if choice.asks else ()
    if choice.asks and not missing:
        return refuse("nothing_missing", choice=in_language(choice.words, "zh-CN"))
    journal = Journal(context, case.id, case)
    sets = {key: word.replace("{reason}", command.reason) for key, word in choice.sets.items()}
    sections = {key: word for key, word in sets.items() if "." in key}
    facts = {key: word for key, word in sets.items() if "." not in key}
    data = {"step": step.id, "choice": command.choice, "reason": command.reason, "sets": facts}
    journal.add(EventType.CHOSEN, {**data, "missing": list(missing)} if missing else data)
    for key, word in sections.items():
        journal.add(EventType.SECTION_GIVEN, {"section": key, "text": word})
    _carry_out(journal, step, choice, command.reason)
    journal.move_due_times()
    return tuple(journal.events)


def _missing(step: Step, reason: str, case: Case, context: Context) -> tuple[str, ...]:
    """Return the facts to ask the customer for: those that the reason names, else those that the step needs."""
    titles = {title: key for key, field in BY_KEY.items() for title in (field.header, *field.synonyms)}
    titles |= {fact.header: key for key, fact in context.process.facts.items()}
    askable = {*COMPLAINT_KEYS, *context.process.facts} - NOT_THEIRS
    named = {key: reason.find(title) for title, key in titles.items() if title in reason and key in askable}
    return tuple(sorted(named, key=named.__getitem__)) or tuple(key for key in step.needs if not case.text(key))


def _carry_out(journal: Journal, step: Step, choice: Choice, reason: str) -> None:
    if choice.done:
        journal.done(step)
    if choice.back_to:
        journal.reopen(choice.back_to, reason, keeps=choice.sets)
    if choice.ends:
        journal.add(EventType.CLOSED, {"status": choice.ends.value, "reason": reason})
    journal.advance()


def _ask_transfer(case: Case, command: AskTransfer, context: Context) -> Decided:
    if is_quality(context.actor.address, context.directory):
        if not command.to:
            return refuse("no_such_department", to="？")
        return _answer_transfer(case, AnswerTransfer(agreed=True, to=command.to, reason=command.reason), context)
    if not may_speak_as(context.actor.address, DEPARTMENT_ROLES, case, context.directory):
        return refuse("only_quality")
    wrong = _wrong_target(case, command.to, context) if command.to else None
    if wrong:
        return wrong
    journal = Journal(context, case.id, case)
    journal.add(EventType.TRANSFER_ASKED, {"to": command.to, "reason": command.reason})
    return tuple(journal.events)


def _answer_transfer(case: Case, command: AnswerTransfer, context: Context) -> Decided:
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
    data = {"from": case.text("department"), "to": dept.name, "reason": command.reason, "forgets": ["d1.leader"]}
    journal.add(EventType.TRANSFERRED, data)
    _begin_anew(journal, context)
    return tuple(journal.events)


def _begin_anew(journal: Journal, context: Context) -> None:
    """Give the new department its full time for all that the old one still had open or had taken on."""
    mine = [step for step in context.process.step if DEPARTMENT_ROLES & set(step.owner)]
    for step in mine:
        state = journal.now.steps[step.id]
        if state.status is StepStatus.OPEN or (state.status is StepStatus.DONE and step.on_acknowledge.done):
            due = due_time(step, journal.now, context)
            data = {"step": step.id, "round": journal.now.round, "due_at": due.isoformat() if due else None}
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


def _correct(case: Case, command: Correct, context: Context) -> Decided:
    if not is_quality(context.actor.address, context.directory):
        return refuse("only_quality_corrects")
    wrong = next((one for key, value in command.facts.items() if (one := _not_in_list(key, value, context))), None)
    if wrong:
        return wrong
    journal = Journal(context, case.id, case)
    facts = {key: Fact(value, Certainty.CONFIRMED, context.cause) for key, value in command.facts.items()}
    journal.add(EventType.FACTS_SET, {"facts": facts_data(facts)})
    if case.facts.get("severity", UNKNOWN).certainty is not Certainty.CONFIRMED and "severity" not in command.facts:
        _grade_by_rule(journal)
    journal.move_due_times(new_ladder=journal.now.severity is not case.severity)
    journal.advance()
    return tuple(journal.events)


def _not_in_list(key: str, value: Scalar, context: Context) -> Refusal | None:
    values, extra, field = context.process.values_of(key), context.process.facts.get(key), BY_KEY.get(key)
    if not values or value in values:
        return None
    title = extra.header if extra else field.header if field else key
    return refuse("not_in_list", title=title, value=value, values="、".join(values))


def _grade_by_rule(journal: Journal) -> None:
    """Raise the grade where the profile's conditions on facts ask for it."""
    grade = grade_by_rule(journal.now, journal.context.process)
    if grade:
        fact = Fact(grade.value, Certainty.INFERRED, "rule")
        journal.add(EventType.FACTS_SET, {"facts": facts_data({"severity": fact})}, by=DAEMON)


def _file(case: Case, command: File, context: Context) -> Decided:
    journal = Journal(context, case.id, case)
    data = {"text": command.text, "sender": command.sender, "trusted": command.trusted, "why": command.why}
    journal.add(EventType.FILED, {**data, "evidence": _rows(command.evidence)})
    return tuple(journal.events)


def _fail_address(case: Case, command: FailAddress, context: Context) -> Decided:
    journal = Journal(context, case.id, case)
    data = {"address": command.address, "permanent": command.permanent, "detail": command.detail}
    journal.add(EventType.ADDRESS_FAILED, data)
    return tuple(journal.events)


def _remind(case: Case, command: Remind, context: Context) -> Decided:
    if command.step not in case.open_steps or case.is_held:
        return ()
    journal = Journal(context, case.id, case)
    data = {"step": command.step, "rungs": list(command.rungs), "template": command.template, "to": list(command.to)}
    journal.add(EventType.REMINDED, data)
    return tuple(journal.events)


def _may(step: Step, case: Case, context: Context) -> bool:
    return context.actor == CLOCK or may_speak_as(context.actor.address, step.owner, case, context.directory)


def _nobody(steps: list[Step], context: Context) -> Refusal:
    if not steps:
        return refuse("nothing_asked")
    titles = "、".join(in_language(step.title, "zh-CN") for step in steps)
    roles = dict.fromkeys(role for step in steps for role in step.owner)
    owners = "、".join(context.process.role_title(role, "zh-CN") for role in roles)
    return refuse("not_yours", step=titles, owner=owners)


def _rows(evidence: tuple[Evidence, ...]) -> list[dict[str, str]]:
    return [{"name": one.name, "sha256": one.sha256, "media_type": one.media_type} for one in evidence]


RULES: dict[type, Callable[[Case, Any, Context], Decided]] = {
    **HANDLING,
    Acknowledge: _acknowledge,
    Give: _give,
    Choose: _choose,
    AskTransfer: _ask_transfer,
    AnswerTransfer: _answer_transfer,
    Correct: _correct,
    File: _file,
    FailAddress: _fail_address,
    Remind: _remind,
}
