"""What a step asks to be given: sections, facts and papers; what of it is there, and what is missing.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from daemon.core.case import Case, Evidence

if TYPE_CHECKING:  # core.process tells of it in words, and so imports this
    from daemon.core.process.language import Process, Step

BLANKS = re.compile(r"[\s_\-—（）()《》【】\[\]]+")


def wanted(step: Step) -> tuple[str, ...]:
    """Return the keys of all that ends a step when it is there: what it gives, else what it takes, and its papers."""
    parts = step.gives or ((step.takes,) if step.takes else ())
    return tuple(dict.fromkeys((*parts, *step.documents)))


def missing(step: Step, case: Case, process: Process) -> tuple[str, ...]:
    """Return the keys of what a step gives and nobody has given yet, its papers last; words that it takes are none.

    A check after closing wants its papers anew each time.
    """
    keys = dict.fromkeys((*step.gives, *step.documents))
    return tuple(key for key in keys if _round_of(key, case, process) is None or _is_older(key, step, case))


def _is_older(key: str, step: Step, case: Case) -> bool:
    """Tell whether a paper came before the check that asks for it."""
    asked = None if step.id in case.steps else case.state(step.id).opened_at
    paper = case.documents.get(key)
    return bool(asked and paper and paper.at < asked)


def is_complete(step: Step, case: Case, process: Process) -> bool:
    """Tell whether all that a step asks for is there, and some of it was given in the step's round.

    One that has opened cases of its own waits for them, and for nothing else.  A step that gives something and has
    verdicts waits for the verdict; one that takes words is done by either.
    """
    opened = [one for one in case.subcases if one.step == step.id and one.round >= case.steps[step.id].round]
    if opened:
        return all(one.closed for one in opened)
    if step.choices and (step.gives or step.documents):
        return False
    rounds = [_round_of(key, case, process) for key in wanted(step)]
    given = [one for one in rounds if one is not None]
    return bool(rounds) and len(given) == len(rounds) and max(given) >= case.steps[step.id].round


def papers_in(files: Iterable[Evidence], steps: Iterable[Step], process: Process) -> Mapping[str, Evidence]:
    """Return the papers that these steps ask for and these files are, by the paper's key; a file may be several."""
    found: dict[str, Evidence] = {}
    files, steps = tuple(files), tuple(steps)
    for key in dict.fromkeys(key for step in steps for key in papers_of(step, process)):
        match = next((one for one in files if _is_called(one.name, key, process)), None)
        if match:
            found[key] = match
    return found


def papers_of(step: Step, process: Process) -> tuple[str, ...]:
    """Return the keys of the papers that a step asks for."""
    return (*(key for key in step.gives if process.is_paper(key)), *step.documents)


def facts_of(step: Step, process: Process) -> tuple[str, ...]:
    """Return the keys of the facts that a step gives."""
    return tuple(key for key in step.gives if process.is_fact(key))


def _round_of(key: str, case: Case, process: Process) -> int | None:
    """Return the round in which a part was given last, None when it is not there."""
    if process.is_fact(key):
        fact = case.facts.get(key)
        return fact.round if fact and case.text(key).strip() else None
    part = case.sections.get(key) or case.documents.get(key)
    return part.round if part else _came_earlier(key, case, process)


def _came_earlier(key: str, case: Case, process: Process) -> int | None:
    """Return the first round for a paper that may have come before it was asked for, and has."""
    paper = process.documents.get(key)
    there = paper and paper.earlier and any(_is_called(one.name, key, process) for one in case.evidence)
    return 1 if there else None


def _is_called(name: str, key: str, process: Process) -> bool:
    paper = process.paper(key)
    words = (*paper.title.values(), *paper.synonyms)
    return paper.any_name or any(_fold(word) in _fold(name) for word in words)


def _fold(name: str) -> str:
    return BLANKS.sub("", name).casefold()
