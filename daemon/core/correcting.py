"""Facts that are said, corrected or completed, and the grade that follows from them.  Rules only."""

from __future__ import annotations

from collections.abc import Mapping

from daemon.core.case import Case, Certainty, Fact, Scalar
from daemon.core.classify import grade_by_rule
from daemon.core.commands import DAEMON, Context, Correct, Refusal
from daemon.core.corrections import NUMBERS
from daemon.core.entitled import Decided, is_read_again
from daemon.core.events import EventType, Via
from daemon.core.evolve import facts_data
from daemon.core.journal import Journal
from daemon.core.refusals import refuse
from daemon.core.roles import is_quality

UNKNOWN = Fact(None)
# What the ledger keeps beside the process; nothing of it moves a step.
AFTER_CLOSING = frozenset({"cost", "satisfaction", "meeting", "remarks"})
NEVER_UNKNOWN = frozenset({"department", "severity"})  # a case is always somebody's, and of some grade


def correct(case: Case, command: Correct, context: Context) -> Decided:
    """Set facts as quality says; a new grade computes the times of the open steps anew."""
    if not is_quality(context.actor.address, context.directory):
        return refuse("only_quality_corrects")
    facts = {key: value for key, value in command.facts.items() if not _is_so(key, value, case, context)}
    wrong = next((one for key, value in facts.items() if (one := wrong_value(key, value, context))), None)
    if wrong:
        return wrong
    journal = Journal(context, case.id, case)
    if facts:
        set_facts(journal, facts)
        journal.advance()
    return tuple(journal.events)


def kept_after_closing(context: Context) -> frozenset[str]:
    """Return the facts that people still write down in the ledger when a case is closed."""
    return AFTER_CLOSING | set(context.process.facts) if context.via is Via.LEDGER else frozenset()


def _is_so(key: str, value: Scalar, case: Case, context: Context) -> bool:
    known = case.facts.get(key)
    sure = known is not None and known.certainty is Certainty.CONFIRMED and known.value == value
    return sure and is_read_again(context)


def set_facts(journal: Journal, facts: Mapping[str, Scalar]) -> None:
    """Set facts that somebody entitled says; the grade and the times of the open steps follow them."""
    before = journal.now
    said = {key: Fact(value, Certainty.CONFIRMED, journal.context.cause) for key, value in facts.items()}
    journal.add(EventType.FACTS_SET, {"facts": facts_data(said)})
    graded = before.facts.get("severity", UNKNOWN).certainty is Certainty.CONFIRMED or "severity" in facts
    if before.is_open and not graded:
        grade_by_facts(journal)
    journal.move_due_times(new_ladder=journal.now.severity is not before.severity)


def wrong_value(key: str, value: Scalar, context: Context) -> Refusal | None:
    """Return why a fact cannot have this value, None when it can: not in its list, no number, no such department.

    None makes it unknown again.
    """
    process, title = context.process, context.process.part_words(key)
    if value is None:
        return refuse("not_cleared", title=title) if key in NEVER_UNKNOWN else None
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
