"""Facts that are said, corrected or completed, and the grade that follows from them.  Rules only."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.core.case import Case, Certainty, Fact, Scalar
from daemon.core.classify import grade_by_rule
from daemon.core.commands import DAEMON, Context, Correct, Refusal
from daemon.core.corrections import NUMBERS
from daemon.core.entitled import Decided
from daemon.core.events import EventType
from daemon.core.evolve import facts_data
from daemon.core.journal import Journal
from daemon.core.refusals import refuse
from daemon.core.roles import is_quality

UNKNOWN = Fact(None)


def correct(case: Case, command: Correct, context: Context) -> Decided:
    """Set facts as quality says; a new grade computes the times of the open steps anew."""
    if not is_quality(context.actor.address, context.directory):
        return refuse("only_quality_corrects")
    wrong = next((one for key, value in command.facts.items() if (one := wrong_value(key, value, context))), None)
    if wrong:
        return wrong
    journal = Journal(context, case.id, case)
    set_facts(journal, command.facts)
    journal.advance()
    return tuple(journal.events)


def set_facts(journal: Journal, facts: Mapping[str, Scalar]) -> None:
    """Set facts that somebody entitled says; the grade and the times of the open steps follow them."""
    before = journal.now
    said = {key: Fact(value, Certainty.CONFIRMED, journal.context.cause) for key, value in facts.items()}
    journal.add(EventType.FACTS_SET, {"facts": facts_data(said)})
    if before.facts.get("severity", UNKNOWN).certainty is not Certainty.CONFIRMED and "severity" not in facts:
        grade_by_facts(journal)
    journal.move_due_times(new_ladder=journal.now.severity is not before.severity)


def wrong_value(key: str, value: Scalar, context: Context) -> Refusal | None:
    """Return why a fact cannot have this value, None when it can: not in its list, no number, no such department."""
    process, title = context.process, context.process.part_words(key)
    values = context.values_of(key)
    if values and value not in values:
        return refuse("not_in_list", title=title, value=value, values=values)
    if process.kind_of(key) in NUMBERS and isinstance(value, str):
        return refuse("no_number", title=title, value=value[:50])
    if key == "department" and context.directory.department(str(value)) is None:
        return refuse("no_such_department", to=value or "？")
    return None


def grade_by_facts(journal: Journal) -> None:
    """Raise the grade where the profile's conditions on facts ask for it."""
    grade = grade_by_rule(journal.now, journal.context.process)
    if grade:
        fact = Fact(grade.value, Certainty.INFERRED, "rule")
        journal.add(EventType.FACTS_SET, {"facts": facts_data({"severity": fact})}, by=DAEMON)
