"""Which verdict of the profile a cell gives: found by what the choices set, or by what they are called.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from daemon.core.case import Status
from daemon.core.process import Choice, Process, Step
from daemon.ledger.typed import folded

Found = tuple[Step, str, Choice]


def sets(key: str, process: Process) -> bool:
    """Tell whether a verdict of the process says what this column shows; a reason that it sets is no verdict."""
    return any(True for _ in choices_of((*process.step, *process.followup), key))


def choices_of(steps: Iterable[Step], key: str = "") -> Iterator[Found]:
    """Yield the choices of these steps; with a key only those that set it to a word of their own."""
    for step in steps:
        for name, choice in step.choices.items():
            if not key or "{" not in choice.sets.get(key, "{"):
                yield step, name, choice


def meant(found: Iterable[Found], key: str, row: Mapping[str, str]) -> tuple[Found, ...]:
    """Return the choices that a cell of a row means: what the whole row says, else what is called so, else all others.

    `row` is what was typed into it, by key: 成立 beside 复杂 is the choice that sets both.
    """
    found = tuple(found)
    some = tuple(one for one in found if one[2].sets[key] == row[key])
    agree = {one[1]: sum(one[2].sets.get(other) == text for other, text in row.items()) for one in some}
    best = tuple(one for one in some if agree[one[1]] == max(agree.values()) > 1)
    called = tuple(one for one in found if folded(row[key]) in {folded(word) for word in _words(one[2])})
    exact = tuple(one for one in called if one in some)
    return (best if len(best) == 1 else ()) or exact or called or some


def _words(choice: Choice) -> tuple[str, ...]:
    return (*choice.words.values(), *choice.synonyms)


def closes(choice: Choice) -> bool:
    """Tell whether a verdict closes the case, and does not turn the complaint down."""
    return choice.ends is Status.CLOSED and not choice.danger
