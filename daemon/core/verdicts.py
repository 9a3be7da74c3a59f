"""A verdict on a step: who may give it, what it sets, where it leads.  Rules only."""

from __future__ import annotations

from daemon.core.case import Case, StepStatus
from daemon.core.commands import Choose, Context
from daemon.core.entitled import Decided, may_answer, nobody_asked
from daemon.core.events import EventType
from daemon.core.fields import BY_KEY, COMPLAINT_KEYS
from daemon.core.journal import Journal
from daemon.core.process import Choice, Step, in_language
from daemon.core.refusals import refuse

NOT_THEIRS = frozenset({"category", "severity", "department"})  # quality decides these


def choose(case: Case, command: Choose, context: Context) -> Decided:
    """Take a verdict and go where it leads: on, back, to the end of the case, or to the customer for facts."""
    step = context.process.steps[command.step]
    choice = step.choices[command.choice]
    if case.steps[step.id].status is not StepStatus.OPEN:
        return refuse("not_open", step=in_language(step.title, "zh-CN"))
    if not may_answer(step, case, context):
        return nobody_asked([step], context)
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
