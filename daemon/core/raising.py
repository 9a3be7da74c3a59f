"""Raising the grade by rule: by the age of a case, by facts, or both; each rule once in the life of a case."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core.calendars import Calendars
from daemon.core.case import Case, Certainty, Fact
from daemon.core.classify import RANKS
from daemon.core.commands import DAEMON, Context, RaiseByRule
from daemon.core.events import Event, EventType
from daemon.core.evolve import facts_data
from daemon.core.journal import Journal
from daemon.core.pauses import pauses_in
from daemon.core.process import GRADES, Process, Raising, holds


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
        grade = GRADES[rule.grade]
        if at <= context.now and only in ("", rule.id) and RANKS[grade] > RANKS[journal.now.severity]:
            fact = Fact(grade.value, Certainty.INFERRED, f"rule:{rule.id}")
            data = {"facts": facts_data({"severity": fact}), "rule": rule.id}
            journal.add(EventType.FACTS_SET, data, by=DAEMON)
            journal.move_due_times(new_ladder=True)
            journal.advance()


def coming_raises(
    case: Case, process: Process, calendars: Calendars, now: datetime
) -> Iterator[tuple[Raising, datetime]]:
    """Yield the rules that the facts fulfil, each with its instant; one that waits for nothing had it long ago."""
    for rule in process.raise_ if case.is_open and not case.is_held else ():
        higher = RANKS[GRADES[rule.grade]] > RANKS[case.severity]
        if higher and rule.id not in case.raised and holds(rule.when, case):
            pauses, begin = pauses_in(case.holds, now), case.taken_at or case.opened_at
            yield rule, calendars.usual.add(begin, rule.after, pauses) if rule.after else begin
