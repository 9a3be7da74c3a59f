"""What a wish leads to: events, or a refusal that says why.  Rules only; no step of any process is named here."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from daemon.core.answering import acknowledge, give
from daemon.core.case import Case
from daemon.core.commands import (
    Absorb,
    Acknowledge,
    AnswerTransfer,
    AskCheck,
    AskTransfer,
    Choose,
    Command,
    Context,
    Continue,
    Correct,
    Dismiss,
    EndSubcase,
    EndWith,
    FailAddress,
    File,
    Give,
    HandBack,
    HandOn,
    Hold,
    Link,
    Migrate,
    Note,
    OpenSubcase,
    RaiseByRule,
    Recur,
    Refusal,
    Register,
    Remind,
    Reopen,
    Resume,
    SetMeasure,
    Split,
    TakeOver,
)
from daemon.core.correcting import correct, grade_by_facts, kept_after_closing
from daemon.core.entitled import Decided
from daemon.core.events import Event, EventType
from daemon.core.evolve import evidence_data, evolve, facts_data
from daemon.core.following import ask, ending_facts, follow_on
from daemon.core.gathering import GATHERING
from daemon.core.handing_on import hand_back, hand_on
from daemon.core.handling import HANDLING
from daemon.core.journal import Journal
from daemon.core.measuring import set_measure, words_stay
from daemon.core.migrating import migrate
from daemon.core.raising import raise_by_rule, raise_now
from daemon.core.recurring import recur
from daemon.core.refusals import refuse
from daemon.core.responsibility import call_by_kind
from daemon.core.splitting import origin_data, split
from daemon.core.subcases import end_subcase, end_with, open_subcase
from daemon.core.taking_over import take_over
from daemon.core.transfers import answer_transfer, ask_transfer
from daemon.core.verdicts import choose


def decide(case: Case | None, command: Command, context: Context) -> Decided:
    """Return the events that a wish leads to, or why it is refused.

    A case that is closed accepts mails to file, failed addresses, remarks, links and the wish to reopen it.  One that
    is held takes answers and keeps them, and decides nothing.
    """
    if isinstance(command, TakeOver):
        return take_over(_registered(command.register, context), command, context)
    decided = _decide(case, command, context)
    return decided if isinstance(decided, Refusal) else (*decided, *_consequences(case, decided, context))


def _consequences(case: Case | None, events: Iterable[Event], context: Context) -> Iterable[Event]:
    """Return what the events of a wish bring about by the profile: who is responsible, follow-ups, a higher grade."""
    for event in events:
        case = evolve(case, event)
    if case is None or not events:
        return ()
    journal = Journal(context, case.id, case)
    call_by_kind(journal, events)
    follow_on(journal, events)
    raise_now(journal)
    return journal.events


def _decide(case: Case | None, command: Command, context: Context) -> Decided:
    if isinstance(command, Register):
        return tuple(_registered(command, context).events)
    assert case is not None
    if not case.is_open and not _taken_when_closed(command, case, context):
        return refuse("closed", number=case.number)
    if case.joined_to and isinstance(command, Choose | AskTransfer | AnswerTransfer | Resume | Hold):
        return refuse("joined", number=case.number, parent=case.joined_to)
    if case.is_held and isinstance(command, Choose | AskTransfer | AnswerTransfer):
        return refuse("held", number=case.number)
    return RULES[type(command)](case, command, context)


WHEN_CLOSED = (
    File,
    FailAddress,
    Reopen,
    Note,
    Link,
    Absorb,
    Remind,
    AskCheck,
    Continue,
    Recur,
    EndSubcase,
    EndWith,
    Dismiss,
)


def _taken_when_closed(command: Command, case: Case, context: Context) -> bool:
    """Tell whether a closed case takes this: what is filed, and what is still asked for."""
    if isinstance(command, Correct):
        return set(command.facts) <= ending_facts(case, context.process.followup) | kept_after_closing(context)
    if isinstance(command, Choose):
        return command.step in case.open_tasks
    if isinstance(command, Acknowledge):
        return bool(set(command.steps) & set(case.open_tasks))
    if isinstance(command, Give):  # the papers of a check
        return bool(case.open_tasks) and not (command.sections or command.facts)
    if isinstance(command, SetMeasure):  # measures are often done after the complaint is closed
        return words_stay(command, case)
    return isinstance(command, WHEN_CLOSED)


def _registered(command: Register, context: Context) -> Journal:
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
        "evidence": evidence_data(command.evidence),
        "steps": list(context.process.steps),
        **origin_data(command),
    }
    journal.add(EventType.REGISTERED, {**data, "continues": command.continues} if command.continues else data)
    if not command.taken_over:
        grade_by_facts(journal)
    journal.advance()
    return journal


def _file(case: Case, command: File, context: Context) -> Decided:
    journal = Journal(context, case.id, case)
    data = {"text": command.text, "sender": command.sender, "trusted": command.trusted, "why": command.why}
    journal.add(EventType.FILED, {**data, "evidence": evidence_data(command.evidence)})
    return tuple(journal.events)


def _fail_address(case: Case, command: FailAddress, context: Context) -> Decided:
    journal = Journal(context, case.id, case)
    data = {"address": command.address, "permanent": command.permanent, "detail": command.detail}
    journal.add(EventType.ADDRESS_FAILED, data)
    return tuple(journal.events)


def _remind(case: Case, command: Remind, context: Context) -> Decided:
    if command.step not in case.open_tasks or case.is_held:
        return ()
    journal = Journal(context, case.id, case)
    data = {"step": command.step, "rungs": list(command.rungs), "template": command.template, "to": list(command.to)}
    journal.add(EventType.REMINDED, data)
    return tuple(journal.events)


def _continue(case: Case, command: Continue, context: Context) -> Decided:
    if case.continued_in:
        return ()
    journal = Journal(context, case.id, case)
    data = {"number": command.number, "case": str(command.other), "profile": command.profile, "reason": command.reason}
    journal.add(EventType.CONTINUED, data)
    return tuple(journal.events)


RULES: dict[type, Callable[[Case, Any, Context], Decided]] = {
    **HANDLING,
    Acknowledge: acknowledge,
    Give: give,
    SetMeasure: set_measure,
    Choose: choose,
    AskTransfer: ask_transfer,
    AnswerTransfer: answer_transfer,
    Correct: correct,
    File: _file,
    FailAddress: _fail_address,
    Remind: _remind,
    Split: split,
    AskCheck: ask,
    RaiseByRule: raise_by_rule,
    Continue: _continue,
    Recur: recur,
    **GATHERING,
    HandOn: hand_on,
    HandBack: hand_back,
    Migrate: migrate,
    OpenSubcase: open_subcase,
    EndSubcase: end_subcase,
    EndWith: end_with,
}
