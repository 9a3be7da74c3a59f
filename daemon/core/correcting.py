"""Facts that are corrected or completed, and the grade that follows from them.  Rules only."""

from __future__ import annotations

from daemon.core.case import Case, Certainty, Fact, Scalar
from daemon.core.classify import grade_by_rule
from daemon.core.commands import DAEMON, Context, Correct, Refusal
from daemon.core.entitled import Decided
from daemon.core.events import EventType
from daemon.core.evolve import facts_data
from daemon.core.fields import BY_KEY
from daemon.core.journal import Journal
from daemon.core.refusals import refuse
from daemon.core.roles import is_quality

UNKNOWN = Fact(None)


def correct(case: Case, command: Correct, context: Context) -> Decided:
    """Set facts as quality says; a new grade computes the times of the open steps anew."""
    if not is_quality(context.actor.address, context.directory):
        return refuse("only_quality_corrects")
    wrong = next((one for key, value in command.facts.items() if (one := not_in_list(key, value, context))), None)
    if wrong:
        return wrong
    journal = Journal(context, case.id, case)
    facts = {key: Fact(value, Certainty.CONFIRMED, context.cause) for key, value in command.facts.items()}
    journal.add(EventType.FACTS_SET, {"facts": facts_data(facts)})
    if case.facts.get("severity", UNKNOWN).certainty is not Certainty.CONFIRMED and "severity" not in command.facts:
        grade_by_facts(journal)
    journal.move_due_times(new_ladder=journal.now.severity is not case.severity)
    journal.advance()
    return tuple(journal.events)


def not_in_list(key: str, value: Scalar, context: Context) -> Refusal | None:
    """Return why a fact cannot have this value, None when it can."""
    values, extra, field = context.process.values_of(key), context.process.facts.get(key), BY_KEY.get(key)
    if not values or value in values:
        return None
    title = extra.header if extra else field.header if field else key
    return refuse("not_in_list", title=title, value=value, values="、".join(values))


def grade_by_facts(journal: Journal) -> None:
    """Raise the grade where the profile's conditions on facts ask for it."""
    grade = grade_by_rule(journal.now, journal.context.process)
    if grade:
        fact = Fact(grade.value, Certainty.INFERRED, "rule")
        journal.add(EventType.FACTS_SET, {"facts": facts_data({"severity": fact})}, by=DAEMON)
