"""Where a key stands in a TOML text, so that a fault can name its line.  Reads text only."""

from __future__ import annotations

import re
from collections.abc import Sequence

HEADER = re.compile(r"^\s*(\[\[?)\s*([^\]]+?)\s*\]\]?\s*(?:#.*)?$")
KEY = re.compile(r"""^\s*(?:"([^"]+)"|'([^']+)'|([\w-]+))\s*[.=]""")


def _parts(name: str) -> list[str]:
    return [part.strip().strip("\"'") for part in re.findall(r'"[^"]*"|\'[^\']*\'|[^.\s]+', name)]


def line_of(text: str, path: Sequence[str | int]) -> int:
    """Return the line (from 1) of the deepest part of `path` that can be found, 1 when none can.

    `path` is a location as pydantic gives it: keys, and indices of arrays of tables.
    """
    best, best_depth = 1, 0
    counts: dict[str, int] = {}
    here: list[str | int] = []
    for number, line in enumerate(text.splitlines(), 1):
        header, key = HEADER.match(line), KEY.match(line)
        if header:
            here = list(_parts(header[2]))
            if header[1] == "[[":
                name = ".".join(map(str, here))
                counts[name] = counts.get(name, -1) + 1
                here.append(counts[name])
            place = here
        elif key:
            place = [*here, next(k for k in key.groups() if k)]
        else:
            continue
        depth = _shared(place, path)
        if depth > best_depth and depth == len(place):
            best, best_depth = number, depth
    return best


def _shared(place: Sequence[str | int], path: Sequence[str | int]) -> int:
    depth = 0
    for one, other in zip(place, path, strict=False):
        if str(one) != str(other):
            break
        depth += 1
    return depth
