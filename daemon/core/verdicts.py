"""A verdict on a step: who may give it, what it sets, where it leads.  Rules only."""

from __future__ import annotations

from daemon.core.case import Case, Scalar, StepStatus
from daemon.core.commands import Choose, Context, Refusal
from daemon.core.entitled import Decided, may_answer, nobody_asked, speaks_for_owner
from daemon.core.events import EventType
from daemon.core.fields import BY_KEY, COMPLAINT_KEYS
from daemon.core.following import answer
from daemon.core.giving import missing
from daemon.core.journal import Journal
from daemon.core.process import Choice, Followup, Step
from daemon.core.refusals import refuse

NOT_THEIRS = frozenset({"category", "severity", "department"})  # quality decides these


def choose(case: Case, command: Choose, context: Context) -> Decided:
    """Take a verdict and go where it leads: on, back, to the end of the case, or to the customer for facts."""
    step = context.process.task(command.step)
    if step is None or command.choice not in step.choices:
        return refuse("not_open", step=command.step)
    choice = step.choices[command.choice]
    refused = _not_now(step, command, case, context) or _not_so(step, choice, command.reason, case, context)
    if refused:
        return refused
    asked = _asked(step, command.reason, case, context) if choice.asks else ()
    journal = Journal(context, case.id, case)
    sets = {key: word.replace("{reason}", command.reason) for key, word in choice.sets.items()}
    sections = {key: word for key, word in sets.items() if "." in key}
    facts: dict[str, Scalar] = {key: word for key, word in sets.items() if "." not in key}
    if choice.counts:
        facts[choice.counts] = _counted(case, choice.counts)
    data = {"step": step.id, "choice": command.choice, "reason": command.reason, "sets": facts}
    journal.add(EventType.CHOSEN, {**data, "missing": list(asked)} if asked else data)
    for key, word in sections.items():
        journal.add(EventType.SECTION_GIVEN, {"section": key, "text": word})
    _carry_out(journal, step, choice, command.reason)
    journal.move_due_times()
    return tuple(journal.events)


def _counted(case: Case, fact: str) -> int:
    text = case.text(fact)
    return (int(text) if text.isdecimal() else 0) + 1


def _not_now(step: Step, command: Choose, case: Case, context: Context) -> Refusal | None:
    """Return why somebody may give no verdict on a step now: it is not open, not theirs, or the mail is an old one."""
    title, opened_in = step.title, case.state(step.id).round
    if case.state(step.id).status is not StepStatus.OPEN:
        return refuse("not_open", step=title)
    if not (may_answer(step, case, context) or (command.for_owner and speaks_for_owner(context))):
        return nobody_asked([step], context)
    if command.round and command.round < opened_in:
        return refuse("old_round", old=command.round, new=opened_in, step=title)
    return None


def _not_so(step: Step, choice: Choice, reason: str, case: Case, context: Context) -> Refusal | None:
    """Return what a verdict still needs: its reason, the facts to ask for, or what the step gives."""
    words = choice.words
    if choice.needs_reason and not reason.strip():
        return refuse("reason_needed", choice=words)
    if choice.asks and not _asked(step, reason, case, context):
        return refuse("nothing_missing", choice=words)
    lacking = [key for key in _lacking(step, choice, case, context) if key not in choice.sets]
    titles = tuple(context.process.part_words(key) for key in lacking)
    return refuse("gives_missing", choice=words, missing=titles) if lacking else None


def _lacking(step: Step, choice: Choice, case: Case, context: Context) -> tuple[str, ...]:
    """Return what a step gives and a verdict waits for; one that goes back, or gives a reason instead, waits for none.

    What was given in an earlier round counts: it was asked for again, and is shown with the question.
    """
    if isinstance(step, Followup) and not choice.figures:  # 停装 ends a follow-up and needs no record
        return ()
    leads_on = bool(choice.done or choice.ends) and not choice.back_to
    return missing(step, case, context.process) if leads_on and not (choice.needs_reason or choice.asks) else ()


def _asked(step: Step, reason: str, case: Case, context: Context) -> tuple[str, ...]:
    """Return the facts to ask the customer for: those that the reason names, else those that the step needs."""
    titles = {
        title: key
        for key, field in BY_KEY.items()
        for title in (field.header, field.header_tw or field.header, *field.synonyms)
    }
    own = context.process.facts.items()
    titles |= {title: key for key, fact in own for title in (fact.header, fact.header_en) if title}
    askable = {*COMPLAINT_KEYS, *context.process.facts} - NOT_THEIRS
    named = {key: reason.find(title) for title, key in titles.items() if title in reason and key in askable}
    return tuple(sorted(named, key=named.__getitem__)) or tuple(key for key in step.needs if not case.text(key))


def _carry_out(journal: Journal, step: Step, choice: Choice, reason: str) -> None:
    if isinstance(step, Followup):
        answer(journal, step, choice, reason)
        return
    if choice.done:
        journal.done(step)
    if choice.back_to:
        journal.reopen(choice.back_to, reason, keeps=choice.sets)
    if choice.ends:
        journal.add(EventType.CLOSED, {"status": choice.ends.value, "reason": reason})
    journal.advance()
