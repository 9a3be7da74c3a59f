"""What a schema cannot see in a profile: names that do not exist, steps that nothing opens, missing times or owners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from daemon.core.case import Severity
from daemon.core.fields import BY_KEY, GIVABLE, UNSHOWN, Kind
from daemon.core.process.language import GRADES, LEDGER, MAY, OPENING, RECEIPT, REPORTER, Choice, Process, Step
from daemon.core.process.parts import When
from daemon.core.process.sound_after import KEY, unsound_after, unsound_counts, unsound_kinds
from daemon.core.process.sound_duties import unsound_duties
from daemon.core.process.sound_letters import unsound_letters

Place = tuple[tuple[str | int, ...], str]
ANYBODY = {"owner", "owner_manager"}  # roles of a ladder that follow from the step
KINDS = {*Kind, "date"}


def unsound(process: Process) -> Iterator[Place]:
    """Yield what is wrong, each with its place: a path of keys and indices, as pydantic gives them."""
    seen: set[str] = set()
    for index, step in enumerate(process.step):
        place: tuple[Any, ...] = ("step", index)
        if step.id in seen:
            yield (*place, "id"), f"two steps are called {step.id!r}; give one of them another id"
        seen.add(step.id)
        yield from _unknown_names(process, step, place)
        yield from _unfinished(step, place)
        yield from _loops(process, step, place)
        yield from _same_words(step, place)
    yield from _unknown_roles(process)
    yield from _unknown_grades(process)
    yield from _unknown_facts(process)
    yield from _same_names(process)
    for key in process.customer_sees:
        if key not in process.sections:
            yield ("customer_sees",), f"the customer is to see {key!r}, which is no section; add it to [sections]"
    yield from unsound_duties(process, known_facts(process))
    yield from unsound_letters(process, known_facts(process))
    yield from unsound_after(process, known_facts(process))
    for index, one in enumerate(process.followup):
        yield from _same_words(one, ("followup", index))
    for missing in sorted(seen - _reachable(process)):
        index = next(i for i, s in enumerate(process.step) if s.id == missing)
        yield ("step", index, "after"), f"step {missing!r} is never reached: it waits, at the end, for itself"
    if not any(choice.ends for step in process.step for choice in step.choices.values()):
        yield ("step",), "no choice ends the case; give one of them `ends`"


# ── steps ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _unknown_names(process: Process, step: Step, place: tuple[Any, ...]) -> Iterator[Place]:
    for names, known, key, say in (
        (step.after, process.steps, "after", "waits for {!r}, which is no step"),
        (step.owner, process.roles, "owner", "belongs to {!r}, which is no role; add it to [roles]"),
        (step.with_, process.roles, "with", "tells {!r}, which is no role; add it to [roles]"),
        ((step.ladder,), process.ladder, "ladder", "uses the ladder {!r}, which is not there"),
        (
            step.gives,
            _givable(process),
            "gives",
            "gives {!r}, which is no section, fact or document; add it to [sections]",
        ),
        (
            (step.takes,) if step.takes else (),
            process.sections,
            "takes",
            "takes {!r}, which has no title in [sections]",
        ),
        (
            filter(KEY.fullmatch, step.documents),
            process.documents,
            "documents",
            "asks for {!r}, which is not in [documents]; give it a title there",
        ),
    ):
        for name in names:
            if name not in known:
                yield (*place, key), f"step {step.id!r} {say.format(name)}"
    for name, choice in step.choices.items():
        for target in sorted(set(choice.back_to) - set(process.steps)):
            yield (*place, "choices", name, "back_to"), f"choice {name!r} goes back to {target!r}, which is no step"


def _unfinished(step: Step, place: tuple[Any, ...]) -> Iterator[Place]:
    if not step.sends and any(step.due_in(grade) is None for grade in Severity):
        yield (*place, "due"), f"step {step.id!r} has no due time for every grade; add it, or `default`"
    ends = (step.gives, step.takes, step.documents, step.choices, step.sends, step.opens, step.on_acknowledge.done)
    if not any(ends):
        yield (*place, "gives"), f"nothing ever ends step {step.id!r}; say what it gives, or its choices"


def _loops(process: Process, step: Step, place: tuple[Any, ...]) -> Iterator[Place]:
    """Yield verdicts that lead nowhere: a loop without an end, or back to where nobody asks again."""
    leads_on = step.takes or any(map(_leads_on, step.choices.values())) or _is_left_by_a_round(process, step)
    if step.choices and not leads_on:
        yield (*place, "choices"), f"step {step.id!r} is a loop without an end: no choice of it leads on"
    for name, choice in step.choices.items():
        targets = tuple(one for one in choice.back_to if one in process.steps)
        if targets and step.id not in process.after_all(targets):
            where = "、".join(targets)
            say = f"choice {name!r} goes back to {where}, but {step.id!r} does not follow it, so nobody would ask again"
            yield (*place, "choices", name, "back_to"), say


def _is_left_by_a_round(process: Process, step: Step) -> bool:
    """Tell whether a step is asked for by the verdict of one before it, which each of its own verdicts lets forget."""
    back = [process.after_all(choice.back_to) for choice in step.choices.values() if choice.back_to]
    again = frozenset.intersection(*back) - {step.id} if back else frozenset()
    said = {fact for key in again for choice in process.steps[key].choices.values() for fact in choice.sets}
    return bool(step.when) and all(said & set(table) for table in step.when)


def _leads_on(choice: Choice) -> bool:
    return bool(choice.ends) or (choice.done and not choice.back_to)


def _same_words(step: Step, place: tuple[Any, ...]) -> Iterator[Place]:
    said: dict[str, str] = {}
    for name, choice in step.choices.items():
        for word in {word.casefold() for word in (*choice.words.values(), *choice.synonyms)}:
            other = said.setdefault(word, name)
            if other != name:
                yield (*place, "choices", name), f"the choices {other!r} and {name!r} are both called {word!r}"


def _givable(process: Process) -> frozenset[str]:
    return frozenset((*process.sections, *process.facts, *process.documents, *GIVABLE))


def _reachable(process: Process) -> set[str]:
    reached: set[str] = set()
    for _ in process.step:
        reached |= {step.id for step in process.step if set(step.after) <= reached}
    return reached


# ── roles, grades, facts ─────────────────────────────────────────────────────────────────────────────────────────────


def _unknown_roles(process: Process) -> Iterator[Place]:
    told: list[tuple[tuple[str | int, ...], Iterable[str]]] = [(("progress", "to"), process.progress.to)]
    told += [(("registered", index, "to"), tell.to) for index, tell in enumerate(process.registered)]
    told += [(("alarm", grade, "to"), tell.to) for grade, tell in process.alarm.items()]
    told += [(("may", wish), roles) for wish, roles in process.may.items()]
    told += [(("hides",), set(process.hides) - {LEDGER})]
    for index, step in enumerate(process.step):
        told += [(("step", index, "sends"), step.sends.to)] if step.sends else []
        for key, choice in step.choices.items():
            told += [(("step", index, "choices", key, "tells"), tell.to) for tell in choice.tells]
    for name, grades in process.ladder.items():
        told += [(("ladder", name, grade), rung.to) for grade, rungs in grades.items() for rung in rungs]
    for place, roles in told:
        for role in dict.fromkeys(roles):
            if role not in process.roles:
                yield place, f"{role!r} is no role; add it to [roles]"
    yield from unsound_kinds(process)
    yield from unsound_counts(process)
    for wish in sorted(set(process.may) - set(MAY)):
        yield ("may", wish), f"{wish!r} is nothing that may be wished; there are {', '.join(MAY)}"
    for one in sorted(set(process.reopens_at) - set(process.steps)):
        yield ("reopens_at",), f"a case is reopened at {one!r}, which is no step"


def _unknown_grades(process: Process) -> Iterator[Place]:
    named: list[tuple[tuple[str | int, ...], Iterable[str], str]] = [
        (("progress", "grades"), process.progress.grades, ""),
        (("alarm",), process.alarm, ""),
        (("grades",), process.grades, ""),
    ]
    for index, step in enumerate(process.step):
        named += [(("step", index, "due"), step.due, "default"), (("step", index, "urgent_for"), step.urgent_for, "")]
    named += [(("ladder", name), grades, "default") for name, grades in process.ladder.items()]
    for place, grades, also in named:
        for grade in grades:
            if grade not in {*GRADES, also}:
                yield place, f"{grade!r} is no grade; there are {', '.join(filter(None, (*GRADES, also)))}"
    for name, grades in process.ladder.items():
        for grade in () if "default" in grades else sorted(set(GRADES) - set(grades)):
            yield ("ladder", name), f"the ladder {name!r} says nothing for {grade}; add it, or `default`"


def _unknown_facts(process: Process) -> Iterator[Place]:
    known = known_facts(process)
    asked: list[tuple[tuple[str | int, ...], Iterable[str]]] = []
    for index, step in enumerate(process.step):
        place = ("step", index)
        asked += [((*place, "when"), _facts(step.when)), ((*place, "unless"), _facts(step.unless))]
        asked += [((*place, "due_when"), [rule.fact for rule in step.due_when]), ((*place, "needs"), step.needs)]
        asked += [((*place, "opens"), [step.opens.each] if step.opens and step.opens.each else [])]
        asked += [((*place, "due_fact"), [step.due_fact] if step.due_fact else [])]
        asked += [((*place, "clock_starts"), {step.clock_starts} - {OPENING, RECEIPT})]
    asked += [(("hides", role), set(keys) - {REPORTER}) for role, keys in process.hides.items()]
    for table, parts in (("grades", process.grades), ("kinds", process.kinds)):
        asked += [((table, name, "when"), _facts(part.when)) for name, part in parts.items()]
    for where, facts in asked:
        for fact in facts:
            if fact not in known:
                yield where, f"{fact!r} is no fact; add [facts.{fact}], or use one of docs/writing-a-profile.md"


def known_facts(process: Process) -> frozenset[str]:
    """Return the facts that a case of this process can have."""
    choices = [choice for task in (*process.step, *process.followup) for choice in task.choices.values()]
    return frozenset({*BY_KEY, *UNSHOWN, *process.facts, *(key for choice in choices for key in choice.sets)})


def _facts(when: When) -> list[str]:
    return [fact for table in when for fact in table]


def _same_names(process: Process) -> Iterator[Place]:
    """Yield names that mean two things, so that nobody could tell which of them a reply means."""
    headers = {title: key for key, field in BY_KEY.items() for title in (field.header, field.header_en)}
    for key, fact in process.facts.items():
        for place, title in (("header", fact.header), ("header_en", fact.header_en)):
            other = headers.setdefault(title, key) if title else key
            if other != key:
                yield ("facts", key, place), f"{title!r} is the name of {other!r} too; give it another"
        if fact.kind not in KINDS:
            yield ("facts", key, "kind"), f"{fact.kind!r} is no kind of fact; there are {', '.join(sorted(KINDS))}"
        if fact.kind == Kind.LIST and not fact.values:
            yield ("facts", key, "values"), f"the fact {key!r} is a list without values; add them"
    titles: dict[str, str] = {}
    for role, words in process.roles.items():
        for word in words.values():
            other = titles.setdefault(word, role)
            if other != role:
                yield ("roles", role), f"{word!r} is the name of the role {other!r} too; give it another"
