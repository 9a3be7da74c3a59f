"""What a schema cannot see in a profile: names that do not exist, steps that nothing opens, missing times or owners."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from daemon.core.case import Severity
from daemon.core.process.language import GRADES, Process, Step

Place = tuple[tuple[str | int, ...], str]


def unsound(process: Process) -> Iterator[Place]:
    """Yield what is wrong, each with its place: a path of keys and indices, as pydantic gives them."""
    seen: set[str] = set()
    for index, step in enumerate(process.step):
        place: tuple[Any, ...] = ("step", index)
        if step.id in seen:
            yield (*place, "id"), f"two steps are called {step.id!r}; give one of them another id"
        seen.add(step.id)
        yield from _unknown_names(process, step, place)
        if not step.sends and any(step.due_in(grade) is None for grade in Severity):
            yield (*place, "due"), f"step {step.id!r} has no due time for every grade; add it, or `default`"
        if not (step.gives or step.takes or step.choices or step.sends or step.on_acknowledge.done):
            yield (*place, "gives"), f"nothing ever ends step {step.id!r}; say what it gives, or its choices"
    yield from _unknown_roles(process)
    yield from _unknown_grades(process)
    for missing in sorted(seen - _reachable(process)):
        index = next(i for i, s in enumerate(process.step) if s.id == missing)
        yield ("step", index, "after"), f"step {missing!r} is never reached: it waits, at the end, for itself"


def _unknown_names(process: Process, step: Step, place: tuple[Any, ...]) -> Iterator[Place]:
    for names, known, key, say in (
        (step.after, process.steps, "after", "waits for {!r}, which is no step"),
        (step.owner, process.roles, "owner", "belongs to {!r}, which is no role; add it to [roles]"),
        ((step.ladder,), process.ladder, "ladder", "uses the ladder {!r}, which is not there"),
        (_sections(step), process.sections, "gives", "gives {!r}, which has no title in [sections]"),
    ):
        for name in names:
            if name not in known:
                yield (*place, key), f"step {step.id!r} {say.format(name)}"
    for name, choice in step.choices.items():
        for target in set(choice.back_to) - set(process.steps):
            yield (*place, "choices", name, "back_to"), f"choice {name!r} goes back to {target!r}, which is no step"


def _unknown_roles(process: Process) -> Iterator[Place]:
    told: list[tuple[tuple[str | int, ...], Iterable[str]]] = [(("progress", "to"), process.progress.to)]
    told += [(("registered", index, "to"), tell.to) for index, tell in enumerate(process.registered)]
    told += [(("alarm", grade, "to"), tell.to) for grade, tell in process.alarm.items()]
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


def _unknown_grades(process: Process) -> Iterator[Place]:
    named: list[tuple[tuple[str | int, ...], Iterable[str], str]] = [
        (("progress", "grades"), process.progress.grades, ""),
        (("alarm",), process.alarm, ""),
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


def _sections(step: Step) -> tuple[str, ...]:
    sections = (key for key in step.gives if key.startswith("d") and "." in key)
    return (*sections, *((step.takes,) if step.takes else ()))


def _reachable(process: Process) -> set[str]:
    reached: set[str] = set()
    for _ in process.step:
        reached |= {step.id for step in process.step if set(step.after) <= reached}
    return reached
