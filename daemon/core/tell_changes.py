"""Who is told that a case was put on hold, cancelled, reopened, merged, given to somebody else or graded higher."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from daemon.core.addressing import addressee, asking, everybody, notice_to, once, owners_of
from daemon.core.case import Case, StepStatus
from daemon.core.commands import DAEMON, Actor, Context
from daemon.core.events import Event, EventType
from daemon.core.notice import Notice
from daemon.core.raising import raised_because
from daemon.core.roles import Recipient, is_quality, recipients

KEEPERS = ("quality_engineer", "sales")


def changed(
    what: str,
    people: Iterable[Recipient],
    case: Case,
    context: Context,
    event: Event,
    *,
    template: str = "changed",
    **values: Any,
) -> Iterator[Notice]:
    """Yield the word about a change: to the one who wished it as an answer, to the others, outsiders left out."""
    actor = addressee(context.actor, case, context) if context.actor.address else None
    said = {"what": what, "by": event.by, "reason": event.data.get("reason", ""), **values}
    for to in once((*([actor] if actor else ()), *people)):
        if context.directory.is_colleague(to.address):
            told = replace(asking(template, to, case, context), purpose=f"{template}.{what}", values=said)
            mine = bool(actor) and to == actor
            yield replace(told, urgent=mine, answers=mine)


def workers(case: Case, context: Context, *states: StepStatus) -> tuple[Recipient, ...]:
    """Return who owns the steps that are in one of these states, the department first."""
    steps = [context.process.steps[key] for key, state in case.steps.items() if state.status in states]
    people = [one for step in steps if "reporter" not in step.owner for one in owners_of(step, case, context)]
    return once((*recipients("department", case, context.directory), *people))


def _held(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    people = (*workers(case, context, StepStatus.OPEN), *everybody(KEEPERS, case, context))
    yield from changed(event.type.value, people, case, context, event)


def _closed(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Tell of a case that ended by a wish; one that ended by a verdict is told by that."""
    what = event.data.get("wish")
    if what:
        people = (*workers(case, context, StepStatus.DROPPED), *everybody(KEEPERS, case, context))
        yield from changed(what, people, case, context, event, number=case.merged_into)


def _reopened(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    again, rule = event.data.get("wish") == "recurred", context.process.recurrence
    roles = (*KEEPERS, "quality_manager", *(rule.tells if again and rule else ()))
    people = everybody(dict.fromkeys(roles), case, context)
    yield from changed("recurred" if again else "reopened", people, case, context, event)


def _registered(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Tell that a new case repeats an earlier one, or goes on where one ended."""
    rule, number = context.process.recurrence, case.text("repeat_of")
    if number:
        what = "continues" if "continues" in event.data else "repeats"
        people = everybody(rule.tells if rule else ("quality_engineer",), case, context)
        reason = raised_because(case, context.process, context.process.language)
        yield from changed(what, people, case, context, event, number=number, reason=reason)


def _continued(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    people = everybody((*KEEPERS, "quality_manager"), case, context)
    yield from changed("continued", people, case, context, event, number=event.data["number"])


def _assigned(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    role, person = event.data["role"], context.directory.people.get(event.data["person"])
    before = (addressee(Actor(one, one), case, context) for one in event.data["before"])
    people = (*recipients(role, case, context.directory), *before)
    name = person.name if person else event.data["person"]
    yield from changed("assigned", people, case, context, event, role=role, person=name)


def _absorbed(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    people = (*workers(case, context, StepStatus.OPEN), *everybody(KEEPERS, case, context))
    yield from changed("absorbed", people, case, context, event, number=event.data["number"])


def _facts_set(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Tell quality of a grade that somebody else raised, and of a repeat."""
    quality = recipients("quality_engineer", case, context.directory)
    if event.data.get("wish") == "linked":
        yield from changed("linked", quality, case, context, event, number=case.text("repeat_of"))
    elif "rule" in event.data and "severity" in event.data["facts"]:
        if event.at == case.opened_at:  # the mails of the registration tell the grade, and why
            return
        people = (*quality, *workers(case, context, StepStatus.OPEN))
        yield from changed("raised_by_rule", people, case, context, event)
    elif "severity" in event.data["facts"] and _is_of_others(event, context):
        yield from changed("raised", quality, case, context, event)


def _is_of_others(event: Event, context: Context) -> bool:
    address = context.actor.address
    return bool(address) and event.by != DAEMON and not is_quality(address, context.directory)


def _asked(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Ask the customer for exactly the facts that are missing."""
    missing = event.data.get("missing")
    for to in everybody(("reporter",), case, context) if missing else ():
        values = {"missing": missing, "reason": ""}
        yield replace(notice_to("ask_facts", to, case), about="close", urgent=True, values=values)


CHANGES: Mapping[EventType, Callable[[Event, Case, Context], Iterator[Notice]]] = {
    EventType.HELD: _held,
    EventType.RESUMED: _held,
    EventType.CLOSED: _closed,
    EventType.REGISTERED: _registered,
    EventType.CONTINUED: _continued,
    EventType.REOPENED: _reopened,
    EventType.ASSIGNED: _assigned,
    EventType.ABSORBED: _absorbed,
    EventType.FACTS_SET: _facts_set,
    EventType.CHOSEN: _asked,
}
