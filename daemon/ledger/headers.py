"""Which column of a sheet is which: by its header, wherever it stands and however people wrote it.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from unicodedata import normalize

from daemon.ledger.sheet import Wanted

ROWS_LOOKED_AT = 30  # titles, dates and blank rows stand above the header, but not more
LONGEST_HEADER = 300  # characters; a longer text is no header

_UNSEEN = re.compile(r"[\s\u200b-\u200f\u2060\ufeff]+")
_ADDED_NUMBER = re.compile(r"(.*\S)\s+\d{1,2}\s*", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Found:
    """The columns of one row by key, from 1, and the keys whose header stands there twice."""

    row: int = 0
    columns: Mapping[str, int] = field(default_factory=dict)
    doubled: tuple[str, ...] = ()


def plain(header: str) -> str:
    """Return a header without what people do not see or mean: spaces, line breaks, width, case, a star, a colon."""
    return _plain(header[:LONGEST_HEADER])


@lru_cache(maxsize=2048)
def _plain(header: str) -> str:
    tight = _UNSEEN.sub("", normalize("NFKC", header)).casefold()
    return tight.strip("*").rstrip(":").rstrip("*")


def is_enough(found: Found, wanted: Sequence[Wanted]) -> bool:
    """Tell whether a row is the header: the first column that is wanted is there, and some of the others."""
    some = min(3, len(wanted) // 2)
    return bool(wanted) and wanted[0].key in found.columns and len(found.columns) > some


def header_of(rows: Mapping[int, Mapping[int, str]], wanted: Sequence[Wanted]) -> Found:
    """Return the row that has most of the wanted headers, the uppermost of equals; `rows` are texts by column."""
    found = (_found(number, texts, wanted) for number, texts in sorted(rows.items()))
    return max(found, key=lambda one: len(one.columns), default=Found())


def _found(number: int, texts: Mapping[int, str], wanted: Sequence[Wanted]) -> Found:
    """Match the headers by title, then by synonym, then by a title that got a number; the better match wins."""
    whole, numbered = _places(texts, plain), _places(texts, _without_number)
    columns: dict[str, int] = {}
    doubled: dict[str, None] = {}
    taken: set[int] = set()
    for key, name, places in _in_turn(wanted, whole, numbered):
        free = [at for at in places.get(name, ()) if at not in taken]
        if free and key not in columns:
            columns[key] = free[0]
            taken.add(free[0])
            doubled |= {key: None} if len(free) > 1 else {}
    return Found(number, columns, tuple(doubled))


_Places = Mapping[str, Sequence[int]]


def _in_turn(wanted: Sequence[Wanted], whole: _Places, numbered: _Places) -> Iterator[tuple[str, str, _Places]]:
    """Yield each column with each of its names, the best first, and where such a name would stand."""
    yield from ((one.key, plain(one.title), whole) for one in wanted)
    yield from ((one.key, plain(name), whole) for one in wanted for name in one.synonyms)
    yield from ((one.key, plain(one.title), numbered) for one in wanted)


def _places(texts: Mapping[int, str], reading: Callable[[str], str]) -> dict[str, list[int]]:
    """Return in which columns each header stands, from the left."""
    places: dict[str, list[int]] = {}
    for column, text in sorted(texts.items()):
        if name := reading(text):
            places.setdefault(name, []).append(column)
    return places


def _without_number(header: str) -> str:
    """Return a header that got a number to be unlike another one (备注 2), without it; empty when it has none."""
    numbered = _ADDED_NUMBER.fullmatch(header[:LONGEST_HEADER])
    return plain(numbered[1]) if numbered else ""
