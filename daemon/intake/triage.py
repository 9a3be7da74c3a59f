"""Give a complaint its category, grade and department by the tables of triage_words.  Knows no company."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from daemon.core.directory import Directory
from daemon.intake.language import simplified
from daemon.intake.quantities import Counts
from daemon.intake.triage_words import (
    AFTER_SALES,
    CATEGORIES,
    CRITICAL,
    DEFAULT_ROUTE,
    MAJOR,
    MAJOR_PIECES,
    MAJOR_RATE,
    MINOR,
    OTHER,
    QUALITY,
    ROUTES,
)
from daemon.intake.words import DEFECT

GENERAL, IMPORTANT, SERIOUS = "一般", "重要", "重大"


@dataclass(frozen=True, slots=True)
class Judged:
    """What a complaint is held to be, and the words of it, or figures, that say so; none where nothing did."""

    value: str | None
    words: tuple[str, ...] = ()


def category(phenomenon: str, whole: str) -> Judged:
    """Return the category: what the phenomenon says decides, else what the whole mail says."""
    for text in (phenomenon, whole):
        found = next((Judged(name, said) for name, words in CATEGORIES if (said := _said(words, text))), None)
        if found:
            return found
        if fault := DEFECT.search(simplified(text)) or DEFECT.search(text):  # 緩み is no traditional Chinese
            return Judged(QUALITY, (fault[0],))
    return Judged(OTHER)


def matter(phenomenon: str, demand: str) -> str:
    """Return the text that category and department are read from: what is wrong, and a wish for after-sales service."""
    return "\n".join([phenomenon, *re.findall(AFTER_SALES, demand, re.IGNORECASE)])


def severity(whole: str, counted: Counts) -> Judged:
    """Return the grade: 重大 for stopped lines, safety and law, 重要 for repeats, claims, function and numbers."""
    if said := _said(CRITICAL, whole):
        return Judged(SERIOUS, said)
    if (counted.defective or 0) >= MAJOR_PIECES:
        return Judged(IMPORTANT, (f"{counted.defective} ≥ {MAJOR_PIECES}",))
    if (counted.rate or 0.0) >= MAJOR_RATE:
        return Judged(IMPORTANT, (f"{counted.rate:.2%} ≥ {MAJOR_RATE:.0%}",))
    said, minor = _said(MAJOR, whole), _said(MINOR, whole)
    return Judged(IMPORTANT, said) if said and not minor else Judged(GENERAL, minor)


def department(phenomenon: str, whole: str, directory: Directory) -> Judged:
    """Return the department of the first routing rule whose matter the complaint speaks of, else the default's."""
    for text in (phenomenon, whole):
        for route in directory.routing:
            spoken = ((line, _speaks_of(line, text)) for line in route.when if not _is_default(line))
            found = next(((line, said) for line, said in spoken if said), None)
            if found:
                return Judged(route.department, (*found[1], f"← {found[0]}"))
        if DEFECT.search(simplified(text)):
            break
    return Judged(_default(directory))


def _default(directory: Directory) -> str | None:
    named = next((route.department for route in directory.routing if any(map(_is_default, route.when))), None)
    return named or (directory.quality.name if directory.quality else None)


def _is_default(line: str) -> bool:
    return bool(re.match(DEFAULT_ROUTE, line.strip(), re.IGNORECASE))


def _speaks_of(line: str, text: str) -> tuple[str, ...]:
    """Return what in a text is about a line of the rules: by the table's words for it, else by its own words."""
    known = _matters(line)
    if known:
        return next((said for words in known if (said := _said(words, text))), ())
    return tuple(word for word in re.split(r"[/／、，,;；\s()（）]+", line) if len(word) > 1 and word in text)[:1]


@cache
def _matters(line: str) -> tuple[str, ...]:
    return tuple(words for names, words in ROUTES if re.search(names, line, re.IGNORECASE))


def _said(words: str, text: str) -> tuple[str, ...]:
    """Return the first words of a text that a pattern finds."""
    found = re.search(words, simplified(text), re.IGNORECASE)
    return (found[0],) if found and found[0] else ()
