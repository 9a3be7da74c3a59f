"""What a wish leads to: events, or a refusal that says why.  Rules only; no step of any process is named here."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from daemon.core.answering import acknowledge, give
from daemon.core.case import Case
from daemon.core.commands import (
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
    Register,
    Remind,
    Reopen,
    Split,
)
from daemon.core.correcting import correct, grade_by_facts
from daemon.core.entitled import Decided
from daemon.core.events import EventType
from daemon.core.evolve import evidence_data, facts_data
from daemon.core.handling import HANDLING
from daemon.core.journal import Journal
from daemon.core.refusals import refuse
from daemon.core.splitting import origin_data, split
from daemon.core.transfers import answer_transfer, ask_transfer
from daemon.core.verdicts import choose


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
        "evidence": evidence_data(command.evidence),
        "steps": list(context.process.steps),
        **origin_data(command),
    }
    journal.add(EventType.REGISTERED, data)
    grade_by_facts(journal)
    journal.advance()
    return tuple(journal.events)


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
    if command.step not in case.open_steps or case.is_held:
        return ()
    journal = Journal(context, case.id, case)
    data = {"step": command.step, "rungs": list(command.rungs), "template": command.template, "to": list(command.to)}
    journal.add(EventType.REMINDED, data)
    return tuple(journal.events)


RULES: dict[type, Callable[[Case, Any, Context], Decided]] = {
    **HANDLING,
    Acknowledge: acknowledge,
    Give: give,
    Choose: choose,
    AskTransfer: ask_transfer,
    AnswerTransfer: answer_transfer,
    Correct: correct,
    File: _file,
    FailAddress: _fail_address,
    Remind: _remind,
    Split: split,
}
