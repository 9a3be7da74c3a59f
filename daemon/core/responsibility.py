"""The first call of responsibility: where the profile says so, the kind of a complaint names the department."""

from __future__ import annotations

from collections.abc import Iterable

from daemon.core.case import Case, Certainty, Fact, StepStatus
from daemon.core.commands import DAEMON
from daemon.core.events import Event, EventType
from daemon.core.evolve import facts_data
from daemon.core.journal import Journal
from daemon.core.process import Process, in_language
from daemon.core.roles import DEPARTMENT_ROLES

BEGUN = (StepStatus.OPEN, StepStatus.DONE)


def call_by_kind(journal: Journal, events: Iterable[Event]) -> None:
    """Name the department that the kind asks for, unless a person has named one or one has begun on the case.

    A role that no department holds names none.
    """
    told = any(_tells_kind(event) for event in events)
    fact = journal.now.facts.get("department") if told else None
    if not told or (fact and fact.certainty is Certainty.CONFIRMED):
        return
    registered = any(event.type is EventType.REGISTERED for event in events)
    role = responsible_role(journal.now, journal.context.process)
    offices = journal.context.directory.offices_of(role) if role else ()
    if offices and offices[0].name != journal.now.text("department") and (registered or not _begun(journal)):
        named = Fact(offices[0].name, Certainty.INFERRED, f"rule:{role}")
        journal.add(
            EventType.FACTS_SET, {"facts": facts_data({"department": named}), "rule": f"kind.{role}"}, by=DAEMON
        )


def responsible_role(case: Case, process: Process) -> str:
    """Return the role that answers for the kind of this case, empty when the profile names none."""
    category = case.text("category")
    titles = {in_language(kind.title, process.language) or key: kind for key, kind in process.kinds.items()}
    return titles[category].responsible if category in titles else ""


def _tells_kind(event: Event) -> bool:
    return event.type in (EventType.REGISTERED, EventType.FACTS_SET) and "category" in event.data["facts"]


def _begun(journal: Journal) -> bool:
    theirs = (step for step in journal.context.process.step if DEPARTMENT_ROLES & set(step.owner))
    return any(journal.now.steps[step.id].status in BEGUN for step in theirs)
