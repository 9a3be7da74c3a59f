"""Putting a profile together: what it extends, what it says itself, what config overrides; verdicts written out.

All of it happens on plain TOML data, before the schema looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from daemon.core.toml_places import found_at

Data = dict[str, Any]
Place = tuple[str | int, ...]

# How many levels of a table are joined, key by key; what lies deeper, and all else, replaces what was said before.
JOINED = {
    "roles": 1, "sections": 1, "facts": 2, "grades": 2, "kinds": 2, "alarm": 1, "number": 1, "progress": 1, "may": 1,
    "letters": 2, "documents": 2, "hides": 1, "verdicts": 3, "ladder": 2, "choices": 2,
}  # fmt: skip
LISTS = ("step", "duty", "followup", "raise")  # of things with an id, which are joined one by one
NO_VERDICT = {"on_acknowledge"}
NEW_CASE = "new case"  # where `on_…` leads that goes on in a case of its own


@dataclass(frozen=True, slots=True)
class Source:
    """One text of which a profile is made; `under` is the place in it where the profile's words begin."""

    file: str
    text: str
    data: Mapping[str, Any]
    under: Place = ()

    def found(self, place: Place) -> tuple[int, int]:
        """Return the line of a place of the whole profile in this text, and how many of its parts are there."""
        line, depth = found_at(self.text, (*self.under, *self._own(place)))
        return line, depth - len(self.under)

    def _own(self, place: Place) -> Place:
        """Return a place with the steps counted as this text counts them; the second part is an id."""
        if len(place) < 2 or place[0] not in LISTS:
            return place
        ids = [one.get("id") for one in things_in(self.data, place[0])]
        last = len(ids) - 1 - ids[::-1].index(place[1]) if place[1] in ids else 0
        return (place[0], last, *place[2:]) if place[1] in ids else ()


@dataclass(slots=True)
class Composed:
    """The data of a whole profile, and what was found wrong while it was put together, each with its place."""

    data: Data
    wrong: list[tuple[Place, str]] = field(default_factory=list)


def compose(sources: Sequence[Source]) -> Composed:
    """Return the profile that these texts make; the first is the lowest, what a later one says again replaces it."""
    data: Data = {}
    for source in sources:
        data = joined(data, source.data)
    made = Composed(data)
    data.pop("extends", None)
    _put_in_order(made)
    verdicts = data.pop("verdicts", {})
    for kind in ("step", "followup"):
        for step in things_in(data, kind):
            _write_out(step, verdicts if isinstance(verdicts, Mapping) else {}, made, kind)
    return made


def joined(below: Mapping[str, Any], above: Mapping[str, Any]) -> Data:
    """Return two tables as one: what is said again replaces, things with ids one by one."""
    both = dict(deepcopy(below))
    for key, value in above.items():
        if key in LISTS and isinstance(value, list):
            both[key] = _steps(both.get(key, []), value)
        else:
            both[key] = _join(both.get(key), value, JOINED.get(key, 0))
    return both


def _join(below: Any, above: Any, levels: int) -> Any:
    if not (levels and isinstance(below, Mapping) and isinstance(above, Mapping)):
        return deepcopy(above)
    return {**below, **{key: _join(below.get(key), value, levels - 1) for key, value in above.items()}}


def _steps(below: list[Any], above: list[Any]) -> list[Any]:
    found = {step.get("id", n): step for n, step in enumerate(below) if isinstance(step, Mapping)}
    here: set[str] = set()
    again: list[Any] = []
    for step in above:
        name = step.get("id") if isinstance(step, Mapping) else None
        if name in found and name not in here:
            found[name] = joined(found[name], step)
        else:  # a step of its own; the same name twice in one text is kept, to be told
            again.append(deepcopy(step))
        here.add(str(name))
    return [*found.values(), *again]


def steps_in(data: Mapping[str, Any]) -> list[Data]:
    """Return the steps of a profile's data, whatever else stands in their place."""
    return things_in(data, "step")


def things_in(data: Mapping[str, Any], name: str | int) -> list[Data]:
    """Return a list of things with ids of a profile's data, whatever else stands in its place."""
    found = data.get(str(name), [])
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def _put_in_order(made: Composed) -> None:
    """Keep the steps that `order` names, in its order; without one, all of them as they come."""
    order = made.data.pop("order", None)
    if not isinstance(order, list):
        return
    steps = {step.get("id"): step for step in steps_in(made.data)}
    made.wrong += [(("order",), f"order names {one!r}, which is no step") for one in order if one not in steps]
    made.wrong += [(("order",), f"order names {one!r} twice") for one in sorted(_twice(order))]
    made.data["step"] = [steps[one] for one in dict.fromkeys(order) if one in steps]


def _twice(names: Iterable[str]) -> set[str]:
    seen: set[str] = set()
    return {name for name in names if name in seen or seen.add(name)}  # type: ignore[func-returns-value]


def _write_out(step: Data, verdicts: Mapping[str, Any], made: Composed, kind: str) -> None:
    """Write the named verdicts out as choices of the step, and its `on_…` keys as where they lead."""
    place: Place = (kind, str(step.get("id")))
    name = step.pop("verdicts", None)
    if name is not None:
        if name not in verdicts:
            made.wrong.append(((*place, "verdicts"), f"verdicts {name!r} are not there; add [verdicts.{name}.…]"))
        own = step.get("choices", {})
        step["choices"] = _join(deepcopy(verdicts.get(name, {})), own, JOINED["choices"])
    for key in [key for key in step if key.startswith("on_") and key not in NO_VERDICT]:
        choices = step.get("choices", {}).values()
        meant = [one for one in choices if isinstance(one, dict) and one.get("on") == key.removeprefix("on_")]
        if not meant:
            say = f'step {step.get("id")!r} has no choice with on = "{key.removeprefix("on_")}", so {key} says nothing'
            made.wrong.append(((*place, key), say))
        goes_to = step.pop(key)
        for choice in meant:
            choice.update({"new_case": True} if goes_to == NEW_CASE else {"back_to": goes_to})
