"""Give a complaint its category, grade and department by the tables of triage_words.  Knows no company."""

from __future__ import annotations

import re
from functools import cache

from daemon.core.directory import Directory
from daemon.intake.language import simplified
from daemon.intake.quantities import Counts
from daemon.intake.triage_words import (
    AFTER_SALES,
    CATEGORIES,
    CRITICAL,
    CRITICAL_RATE,
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


def category(phenomenon: str, whole: str) -> str:
    """Return the category: what the phenomenon says decides, else what the whole mail says."""
    for text in (phenomenon, whole):
        found = next((name for name, words in CATEGORIES if _has(words, text)), None)
        if found:
            return found
        if DEFECT.search(simplified(text)):
            return QUALITY
    return QUALITY if whole.strip() and DEFECT.search(whole) else OTHER


def matter(phenomenon: str, demand: str) -> str:
    """Return the text that category and department are read from: what is wrong, and a wish for after-sales service."""
    return "\n".join([phenomenon, *re.findall(AFTER_SALES, demand, re.IGNORECASE)])


def severity(whole: str, counted: Counts) -> str:
    """Return the grade: 重大 for stopped lines, safety and law, 重要 for repeats, claims, function and numbers."""
    if _has(CRITICAL, whole):
        return SERIOUS
    many = (
        (counted.defective or 0) >= MAJOR_PIECES
        or (counted.rate or 0.0) >= MAJOR_RATE
        or (counted.rate or 0.0) >= CRITICAL_RATE
    )
    if many or (_has(MAJOR, whole) and not _has(MINOR, whole)):
        return IMPORTANT
    return GENERAL


def department(phenomenon: str, whole: str, directory: Directory) -> str | None:
    """Return the department of the first routing rule whose matter the complaint speaks of, else the default's."""
    for text in (phenomenon, whole):
        for route in directory.routing:
            if any(_speaks_of(line, text) for line in route.when if not _is_default(line)):
                return route.department
        if DEFECT.search(simplified(text)):
            break
    return _default(directory)


def _default(directory: Directory) -> str | None:
    named = next((route.department for route in directory.routing if any(map(_is_default, route.when))), None)
    return named or (directory.quality.name if directory.quality else None)


def _is_default(line: str) -> bool:
    return bool(re.match(DEFAULT_ROUTE, line.strip(), re.IGNORECASE))


def _speaks_of(line: str, text: str) -> bool:
    """Tell whether the text is about a line of the rules: by the table's words for it, else by its own words."""
    known = _matters(line)
    if known:
        return any(_has(words, text) for words in known)
    return any(word in text for word in re.split(r"[/／、，,;；\s()（）]+", line) if len(word) >= 2)


@cache
def _matters(line: str) -> tuple[str, ...]:
    return tuple(words for names, words in ROUTES if re.search(names, line, re.IGNORECASE))


def _has(words: str, text: str) -> bool:
    return bool(re.search(words, simplified(text), re.IGNORECASE))
