"""Where a key stands in a TOML text, so that a fault can name its line.  Reads text only."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
AT_LINE = re.compile(r"at line (\d+)")
KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*[.=]""")


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r'"[^"]*"|\'[^\']*\'|[^.\s]+', name)]


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line (from 1) of the deepest part of `path` that can be found, 1 when none can.

    `path` is a location as pydantic gives it: keys, and indices of arrays of tables.
    """
    return found_at(text, path)[0]


def found_at(text: str, path: Sequence[str | int]) -> tuple[int, int]:
    """Return the line of the deepest part of `path` that can be found, and how many parts of it that is."""
    best, best_depth = 1, 0
    counts: dict[tuple[str, ...], int] = {}
    here: list[str | int] = []
    for number, line in enumerate(text.splitlines(), 1):
        header, key = HEADER.match(line), KEY.match(line)
        if header:
            here = place = _table(_parts(header[2]), counts, new=header[1] == "[[")
        elif key:
            place = [*here, next(k for k in key.groups() if k)]
        else:
            continue
        depth = _shared(place, path)
        if depth > best_depth and depth == len(place):
            best, best_depth = number, depth
    return best, best_depth


def _table(names: list[str], counts: dict[tuple[str, ...], int], *, new: bool) -> list[str | int]:
    """Return the place of a table; `[step.choices.yes]` belongs to the latest `[[step]]`."""
    if new:
        counts[tuple(names)] = counts.get(tuple(names), -1) + 1
    here: list[str | int] = []
    for length, name in enumerate(names, 1):
        here.append(name)
        if tuple(names[:length]) in counts:
            here.append(counts[tuple(names[:length])])
    return here


def line_of_fault(text: str, fault: tomllib.TOMLDecodeError) -> int:
    """Return the line at which a text stops being TOML; its last when something is missing at the end."""
    found = AT_LINE.search(str(fault))
    return int(found[1]) if found else max(1, len(text.splitlines()))


def _shared(place: Sequence[str | int], path: Sequence[str | int]) -> int:
    depth = 0
    for one, other in zip(place, path, strict=False):
        if str(one) != str(other):
            break
        depth += 1
    return depth
