"""Raising the grade by rule: by the age of a case, by facts, or both; each rule once in the life of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core.calendars import Calendars
from daemon.core.case import Case, Certainty, Fact, Severity
from daemon.core.classify import RANKS
from daemon.core.commands import DAEMON, Context, RaiseByRule
from daemon.core.events import Event, EventType
from daemon.core.evolve import facts_data
from daemon.core.fields import REPEATS, Kind
from daemon.core.journal import Journal
from daemon.core.pauses import pauses_in
from daemon.core.process import GRADES, Process, Raising, in_language, met
from daemon.core.terms import term_in_words

REPEAT_OF = "repeat_of"
AGED = {"zh-CN": "登记已满{}", "zh-TW": "登記已滿{}", "en": "registered {} ago"}
BY_RULE = "rule:"  # how the source of a grade begins that a rule has raised


def raised_grade(rule: Raising, case: Case) -> Severity | None:
    """Return the grade to which a rule raises a case, None when it is that high, or a person has said what it is."""
    known, ranks = case.facts.get("severity"), list(RANKS)
    if rule.by and known and known.certainty is Certainty.CONFIRMED:
        return None
    highest = RANKS[GRADES[rule.grade]] if rule.grade else len(ranks) - 1
    rank = min(RANKS[case.severity] + rule.by, highest) if rule.by else highest
    return ranks[rank] if rank > RANKS[case.severity] else None


def reason_of(rule: Raising, case: Case, process: Process, language: str) -> str:
    """Return why a rule raises a grade: the facts that fulfil it, an earlier case by its number, and the age."""
    chinese = language.startswith("zh")
    asked = [REPEAT_OF if key == REPEATS and case.text(REPEAT_OF) else key for key in met(rule.when, case) or ()]
    said = [
        f"{process.part_title(key, language)}{'：' if chinese else ': '}{_value(key, case, process)}" for key in asked
    ]
    if rule.after:
        said.append(in_language(AGED, language).format(term_in_words(rule.after, language)))
    return ("；" if chinese else "; ").join(said)


def raised_because(case: Case, process: Process, language: str) -> str:
    """Return why the grade is what it is where a rule raised it, empty where a person or the mail says it."""
    source = case.facts["severity"].source if "severity" in case.facts else ""
    rule = next((one for one in process.raise_ if f"{BY_RULE}{one.id}" == source), None)
    return reason_of(rule, case, process, language) if rule else ""


def _value(key: str, case: Case, process: Process) -> str:
    value = case.fact(key)
    return f"{value:.2%}" if process.kind_of(key) == Kind.RATE and isinstance(value, float) else case.text(key)


def due_raises(case: Case, process: Process, calendars: Calendars, now: datetime) -> tuple[RaiseByRule, ...]:
    """Return the rules whose time has come."""
    return tuple(RaiseByRule(rule.id) for rule, at in coming_raises(case, process, calendars, now) if at <= now)


def next_raise_at(case: Case, process: Process, calendars: Calendars, now: datetime) -> datetime | None:
    """Return when the next rule raises the grade, if the facts stay as they are."""
    return min((at for _, at in coming_raises(case, process, calendars, now)), default=None)


def raise_by_rule(case: Case, command: RaiseByRule, context: Context) -> tuple[Event, ...]:
    """Raise the grade as a rule asks, unless the facts have changed meanwhile."""
    journal = Journal(context, case.id, case)
    raise_now(journal, command.rule)
    return tuple(journal.events)


def raise_now(journal: Journal, only: str = "") -> None:
    """Raise the grade by every rule whose time has come; the open steps' times are computed anew from their start."""
    process, context = journal.context.process, journal.context
    for rule, at in tuple(coming_raises(journal.now, process, context.calendars, context.now)):
        grade = raised_grade(rule, journal.now)
        if grade and at <= context.now and only in ("", rule.id):
            fact = Fact(grade.value, Certainty.INFERRED, f"{BY_RULE}{rule.id}")
            why = reason_of(rule, journal.now, process, process.language)
            data = {"facts": facts_data({"severity": fact}), "rule": rule.id, "reason": why}
            journal.add(EventType.FACTS_SET, data, by=DAEMON)
            journal.move_due_times(new_ladder=True)
            journal.advance()


def coming_raises(
    case: Case, process: Process, calendars: Calendars, now: datetime
) -> Iterator[tuple[Raising, datetime]]:
    """Yield the rules that the facts fulfil, each with its instant; one that waits for nothing had it long ago."""
    for rule in process.raise_ if case.is_open and not case.is_held else ():
        fulfilled = met(rule.when, case) is not None
        if fulfilled and rule.id not in case.raised and raised_grade(rule, case):
            pauses, begin = pauses_in(case.holds, now), case.taken_at or case.opened_at
            yield rule, calendars.usual.add(begin, rule.after, pauses) if rule.after else begin
