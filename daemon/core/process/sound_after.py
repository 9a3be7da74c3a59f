"""What a schema cannot see in what a profile says of the time after closing: follow-ups, raises, recurrence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from daemon.core.case import Severity
from daemon.core.fields import Kind
from daemon.core.process.language import GRADES, Followup, Process
from daemon.core.process.parts import When

Place = tuple[tuple[str | int, ...], str]
KEY = re.compile(r"[a-z][a-z0-9_.]*")  # a name of the profile's own; a paper called by its title is none
# What is said of steps and means nothing for a check after closing.
OF_STEPS = frozenset(
    {
        "clock_starts", "customer_date", "dates_of", "due_fact", "due_when", "evidence", "gives", "needs",
        "on_acknowledge", "passes_on", "phase", "sends", "takes",
    }
)  # fmt: skip


def unsound_after(process: Process, known: frozenset[str]) -> Iterator[Place]:
    """Yield what is wrong in follow-ups, rules that raise the grade, and the watch for repeats."""
    seen = set(process.steps)
    for index, one in enumerate(process.followup):
        place = ("followup", index)
        if one.id in seen or "." in one.id:
            yield (*place, "id"), f"{one.id!r} cannot be the name of a follow-up: it is taken, or has a dot in it"
        seen.add(one.id)
        yield from (((*place, key), say) for key, say in (*_names(process, one), *_times(process, one), *_facts(one)))
        yield from (((*place, key), _no_fact(fact)) for key, facts in _asked(one) for fact in _strange(facts, known))
    yield from _raises(process, known)
    yield from _recurrence(process, known)


def unsound_counts(process: Process) -> Iterator[Place]:
    """Yield verdicts that count in a fact which is no number of the profile's own."""
    for kind, tasks in (("step", process.step), ("followup", process.followup)):
        for index, task in enumerate(tasks):
            for name, choice in task.choices.items():
                own = process.facts.get(choice.counts)
                if choice.counts and (own is None or own.kind != Kind.COUNT):
                    needed = f'add [facts.{choice.counts}] with kind = "{Kind.COUNT}"'
                    yield (kind, index, "choices", name), f"{choice.counts!r} cannot be counted in; {needed}"


def unsound_kinds(process: Process) -> Iterator[Place]:
    """Yield kinds and grades that name a responsible role that is none."""
    for key, kind in process.kinds.items():
        if kind.responsible and kind.responsible not in process.roles:
            yield ("kinds", key, "responsible"), f"{kind.responsible!r} is no role; add it to [roles]"
    for key, grade in process.grades.items():
        if grade.responsible:
            yield ("grades", key, "responsible"), "only a kind names who is responsible"


def _names(process: Process, one: Followup) -> Iterator[tuple[str, str]]:
    verdicts = {f"{step.id}.{key}" for step in process.step for key in step.choices}
    for name in one.after:
        if name not in process.steps and name not in verdicts:
            yield (
                "after",
                f"follow-up {one.id!r} follows {name!r}, which is no step and no step.verdict",
            )
    for role in (*one.owner, *one.with_, *(to for c in one.choices.values() for tell in c.tells for to in tell.to)):
        if role not in process.roles:
            yield "owner", f"follow-up {one.id!r} names {role!r}, which is no role; add it to [roles]"
    for paper in one.documents:
        if KEY.fullmatch(paper) and paper not in process.documents:
            yield "documents", f"follow-up {one.id!r} asks for {paper!r}, which is not in [documents]; add it there"
    if one.ladder not in process.ladder:
        yield "ladder", f"follow-up {one.id!r} uses the ladder {one.ladder!r}, which is not there"
    for name, choice in one.choices.items():
        for target in sorted(set(choice.back_to) - set(process.steps)):
            yield "choices", f"choice {name!r} goes back to {target!r}, which is no step"


def _times(process: Process, one: Followup) -> Iterator[tuple[str, str]]:
    if not one.times and not one.every:
        yield "times", f"follow-up {one.id!r} has no times; add `times` or `every`"
    if one.every and not one.most:
        yield "every", f"follow-up {one.id!r} would never end; say how long with `most`"
    graded = [one.due_in(grade) is not None for grade in Severity]
    if any(graded) and not all(graded):
        yield "due", f"follow-up {one.id!r} has no due time for every grade; add it, or `default`"
    if not any(graded) and any(process.ladder.get(one.ladder, {}).values()):
        yield (
            "ladder",
            f'follow-up {one.id!r} has no due time, so nobody can be reminded; add it, or ladder = "none"',
        )
    for grade in (*one.due, *one.urgent_for):
        if grade not in {*GRADES, "default"}:
            yield "due", f"{grade!r} is no grade; there are {', '.join(GRADES)}"


def _facts(one: Followup) -> Iterator[tuple[str, str]]:
    for key in sorted(one.model_fields_set & OF_STEPS):
        yield key, f"{key} is said of steps; a follow-up is answered by its verdicts"
    if not one.choices:
        yield "choices", f"nothing ever ends follow-up {one.id!r}; say its `verdicts`"
    for name, choice in one.choices.items():
        if choice.ends or choice.asks:
            yield "choices", f"choice {name!r} of follow-up {one.id!r} can neither end the case nor ask the customer"


def _asked(one: Followup) -> Iterator[tuple[str, When]]:
    yield from (("when", one.when), ("unless", one.unless), ("until", one.until))


def _raises(process: Process, known: frozenset[str]) -> Iterator[Place]:
    seen: set[str] = set()
    for index, rule in enumerate(process.raise_):
        place = ("raise", index)
        if rule.id in seen:
            yield (*place, "id"), f"two rules that raise the grade are called {rule.id!r}; give one another id"
        seen.add(rule.id)
        if not rule.grade and not rule.by:
            yield place, f"rule {rule.id!r} does not say how high it raises; say `grade`, or `by = 1`"
        elif rule.grade and rule.grade not in GRADES:
            yield (*place, "grade"), f"{rule.grade!r} is no grade; there are {', '.join(GRADES)}"
        if not rule.after and not rule.when:
            yield place, f"rule {rule.id!r} would raise every case; say `after`, `when` or both"
        yield from (((*place, "when"), _no_fact(fact)) for fact in _strange(rule.when, known))


def _recurrence(process: Process, known: frozenset[str]) -> Iterator[Place]:
    rule = process.recurrence
    if rule is None:
        return
    for fact in rule.same:
        if fact not in known:
            yield ("recurrence", "same"), _no_fact(fact)
    if "customer" not in rule.same or len(rule.same) == 1:
        yield ("recurrence", "same"), "`same` needs the customer and what else must be alike"
    for role in rule.tells:
        if role not in process.roles:
            yield ("recurrence", "tells"), f"{role!r} is no role; add it to [roles]"


def _strange(when: When, known: frozenset[str]) -> Iterable[str]:
    return sorted({fact for table in when for fact in table} - known)


def _no_fact(fact: str) -> str:
    return f"{fact!r} is no fact; add [facts.{fact}], or use one of docs/writing-a-profile.md"
