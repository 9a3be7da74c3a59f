"""Kind and grade of a complaint, as far as the profile's own words and rules tell them.  Only ever raises a grade."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from daemon.core.case import Case, Certainty, Fact, Severity
from daemon.core.process import GRADES, Defined, Process, holds, in_language

RANKS = {severity: rank for rank, severity in enumerate(GRADES.values())}


def classified(facts: Mapping[str, Fact], text: str, process: Process) -> Mapping[str, Fact]:
    """Return what the profile's words for kinds and grades tell of a complaint's text, where they tell anything.

    A kind stands in `category`, by its title; of several, the one with the longest word found.
    """
    found: dict[str, Fact] = {}
    kind = max(_told(process.kinds, text), default=None)
    if kind:
        title = in_language(process.kinds[kind[1]].title, process.language) or kind[1]
        found["category"] = Fact(title, Certainty.INFERRED, kind[2])
    elif "category" in facts and process.kinds:  # what intake calls it, by the title that this profile gives it
        told = next((one for one in process.kinds.values() if facts["category"].value in one.title.values()), None)
        if told:
            found["category"] = replace(facts["category"], value=in_language(told.title, process.language))
    known = facts.get("severity")
    now = Severity(known.value) if known and known.value in set(Severity) else Severity.GENERAL
    for _, grade, word in _told(process.grades, text):
        if grade in GRADES and RANKS[GRADES[grade]] > RANKS[now]:
            now = GRADES[grade]
            found["severity"] = Fact(now.value, Certainty.INFERRED, word)
    return found


def grade_by_rule(case: Case, process: Process) -> Severity | None:
    """Return the grade to which the profile's conditions raise a case, None when it has it already."""
    asked = {GRADES[grade] for grade, told in process.grades.items() if told.when and holds(told.when, case)}
    highest = max(asked, key=RANKS.__getitem__, default=case.severity)
    return highest if RANKS[highest] > RANKS[case.severity] else None


def _told(parts: Mapping[str, Defined], text: str) -> Iterator[tuple[int, str, str]]:
    folded = text.casefold()
    for name, part in parts.items():
        words = [word for word in part.words if word.casefold() in folded]
        if words:
            longest = max(words, key=len)
            yield len(longest), name, longest
