"""Give a complaint its category, grade and department by tables of words with weights.  Knows no company, no file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from operator import attrgetter

from daemon.core.case import Severity
from daemon.core.directory import Directory
from daemon.core.fields import CATEGORIES
from daemon.core.triage import ENOUGH, JUDGED_GRADES, Figure, MatterRow, Row, WordTables
from daemon.intake.language import simplified
from daemon.intake.quantities import Counts
from daemon.intake.reading import Judged, Said
from daemon.intake.words import DEFECT

QUALITY, OTHER = CATEGORIES[0], CATEGORIES[-1]
DEFAULT_ROUTE = ("默认", "缺省", "其他", "其它", "其余", "default", "other")  # how the rule for all the rest begins

FIGURES: Mapping[str, Callable[[Counts], float | None]] = {
    "quantity_defective": attrgetter("defective"),
    "quantity_delivered": attrgetter("delivered"),
    "defect_rate": attrgetter("rate"),
}


def category(phenomenon: str, whole: str, tables: WordTables) -> Judged:
    """Return the category: what the phenomenon says decides, else what the whole mail says."""
    for text in (phenomenon, whole):
        found = _first_meant(_said_of(tables.category, text))
        if found:
            return found
        if fault := DEFECT.search(simplified(text)) or DEFECT.search(text):  # 緩み is no traditional Chinese
            return Judged(QUALITY, (Said(fault[0]),))
    return Judged(OTHER)


def matter(phenomenon: str, demand: str, tables: WordTables) -> str:
    """Return the text that category and department are read from: what is wrong, and a wish for after-sales service."""
    wished = (found[0] for row in tables.wish if row.weight > 0 for found in row.expression.finditer(demand))
    return "\n".join([phenomenon, *wished])


def severity(whole: str, counted: Counts, tables: WordTables) -> Judged:
    """Return the grade that words and figures reach together, 一般 with what was too little where they reach none."""
    said = [*_said_of(tables.grade, whole), *_counted(tables.figure, counted)]
    said.sort(key=lambda one: JUDGED_GRADES.index(one.of), reverse=True)
    return _first_meant(said) or Judged(Severity.GENERAL.value, tuple(said))


def department(phenomenon: str, whole: str, directory: Directory) -> Judged:
    """Return the department of the first routing rule whose matter the complaint speaks of, else the default's."""
    lines = [(route.department, line) for route in directory.routing for line in route.when if not _is_default(line)]
    for text in (phenomenon, whole):
        found = ((name, _speaks_of(line, text, directory.words.matter)) for name, line in lines)
        meant = next((Judged(name, said) for name, said in found if said), None)
        if meant:
            return meant
        if DEFECT.search(simplified(text)):
            break
    return Judged(_default(directory))


def _default(directory: Directory) -> str | None:
    named = next((route.department for route in directory.routing if any(map(_is_default, route.when))), None)
    return named or (directory.quality.name if directory.quality else None)


def _is_default(line: str) -> bool:
    return line.strip().casefold().startswith(DEFAULT_ROUTE)


def _speaks_of(line: str, text: str, matters: Iterable[MatterRow]) -> tuple[Said, ...]:
    """Return what in a text is about a line of the rules: by the tables' words for it, else by its own words."""
    known = [row for row in matters if row.is_called(line)]
    if known:
        said = tuple(replace(one, of=line) for one in _said_of(known, text))
        return said if _weight(said) >= ENOUGH else ()
    own = (word for word in re.split(r"[/／、，,;；\s()（）]+", line) if len(word) > 1 and word in text)
    return tuple(Said(word, of=line) for word in own)[:1]


def _first_meant(said: Iterable[Said]) -> Judged | None:
    """Return the first of the names for which the weights of what is said are enough."""
    by_name: dict[str, list[Said]] = {}
    for one in said:
        by_name.setdefault(one.of, []).append(one)
    return next((Judged(name, tuple(some)) for name, some in by_name.items() if _weight(some) >= ENOUGH), None)


def _weight(said: Iterable[Said]) -> int:
    return sum(one.weight for one in said)


def _said_of(rows: Iterable[Row], text: str) -> Iterator[Said]:
    """Yield what a text says of each row: the first of its words there."""
    plain = simplified(text)
    for row in rows:
        found = row.expression.search(plain) or row.expression.search(text)
        if found and row.weight:
            yield Said(found[0], row.weight, row.name, row.source)


def _counted(figures: Iterable[Figure], counted: Counts) -> Iterator[Said]:
    """Yield the figures that reach what is asked of them."""
    for figure in figures:
        value = FIGURES[figure.fact](counted)
        if value is not None and value >= figure.at_least and figure.weight:
            told = (f"{one:.2%}" if figure.fact == "defect_rate" else f"{one:g}" for one in (value, figure.at_least))
            yield Said(" ≥ ".join(told), figure.weight, figure.name, figure.source)
