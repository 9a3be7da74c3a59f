"""What a schema cannot see in calendar duties: roles, facts and values that do not exist, and mails to outsiders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from daemon.core.days import name_of
from daemon.core.fields import BY_KEY, Kind
from daemon.core.process.duty import Count, Duty
from daemon.core.roles import SPECIAL

if TYPE_CHECKING:
    from daemon.core.process.language import Process

Place = tuple[tuple[str | int, ...], str]
OUTSIDE = frozenset({"reporter", "writer"})
OF_A_STEP = frozenset({"owner", "owner_manager"})
NUMBERS = frozenset({Kind.COUNT, Kind.MONEY, Kind.RATE})


def unsound_duties(process: Process, known: Iterable[str]) -> Iterator[Place]:
    """Yield what is wrong with the duties, each with its place; `known` are the facts that a case can have."""
    facts = frozenset(known)
    ids = Counter(duty.id for duty in process.duty)
    for index, duty in enumerate(process.duty):
        place: tuple[str | int, ...] = ("duty", index)
        if ids[duty.id] > 1:
            yield (*place, "id"), f"two duties are called {duty.id!r}; give one of them another id"
        yield from _roles(process, duty, place)
        yield from _days(duty, place)
        yield from _facts(process, duty, place, facts)
        for count in duty.count:
            yield from _count(process, duty, count, place)


def _roles(process: Process, duty: Duty, place: tuple[str | int, ...]) -> Iterator[Place]:
    for role in duty.to:
        if role not in process.roles:
            yield (*place, "to"), f"duty {duty.id!r} is told to {role!r}, which is no role; add it to [roles]"
        elif role in OUTSIDE:
            yield (*place, "to"), f"duty {duty.id!r} is told to {role!r}: a list of cases goes to colleagues only"
        elif role in SPECIAL and duty.cases is None:
            yield (*place, "to"), f"{role!r} differs from case to case, and duty {duty.id!r} is about no cases"
        elif role in OF_A_STEP:
            yield (*place, "to"), f"duty {duty.id!r} is told to {role!r}, which only a step has; name a role"


def _days(duty: Duty, place: tuple[str | int, ...]) -> Iterator[Place]:
    for name, often in Counter(map(name_of, duty.on)).items():
        if often > 1:
            yield (*place, "on"), f"duty {duty.id!r} is due on {name!r} twice; leave one out"


def _facts(process: Process, duty: Duty, place: tuple[str | int, ...], facts: frozenset[str]) -> Iterator[Place]:
    listed = duty.cases
    asked: list[tuple[str, Iterable[str]]] = [("columns", set(duty.columns) - set(process.sections))]
    if listed:
        asked.append(("cases", (fact for when in (listed.when, listed.unless) for table in when for fact in table)))
    elif duty.columns or duty.attach or duty.count or duty.skips_empty:
        yield (*place, "cases"), f"duty {duty.id!r} shows something of cases; say which: cases = {{ are = … }}"
    counted = (((count.by,) if count.by else (), count.sum, count.rate or ()) for count in duty.count)
    asked += [("count", (*by, *added, *rate)) for by, added, rate in counted]
    for key, named in asked:
        for fact in named:
            if fact not in facts:
                yield (*place, key), f"{fact!r} is no fact; add [facts.{fact}], or use one of docs/writing-a-profile.md"
    for fact in duty.columns:
        if fact in BY_KEY and BY_KEY[fact].kind is Kind.LINK:
            yield (*place, "columns"), f"{fact!r} is a file, which no mail can show; use `attach`"


def _count(process: Process, duty: Duty, count: Count, place: tuple[str | int, ...]) -> Iterator[Place]:
    here = (*place, "count")
    for fact in (*count.sum, *(count.rate or ())):
        kind = process.facts[fact].kind if fact in process.facts else BY_KEY[fact].kind if fact in BY_KEY else None
        if kind is not None and kind not in NUMBERS:
            yield here, f"{fact!r} is no number, so it cannot be added up; its kind is {kind}"
    for figure in sorted(set(count.targets) - set(count.figures)):
        yield here, f"duty {duty.id!r} has a target for {figure!r}, which is none of its figures"
    values = process.values_of(count.by) if count.by else ()
    for value in sorted(set(count.limits) - {"default"}) if values or not count.by else ():
        if value not in values:
            yield here, f"duty {duty.id!r} has a limit for {value!r}, which {count.by or 'one line for all'} never is"
