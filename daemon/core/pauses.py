"""The stretches in which a case's time stood still, as its history tells them.  Never counted, always read anew."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import NamedTuple


class Pause(NamedTuple):
    """A stretch in which time does not count, from its start until just before its end."""

    start: datetime
    end: datetime


Pauses = tuple[Pause, ...]


def pauses_in(history: Iterable[tuple[datetime, bool]], now: datetime) -> Pauses:
    """Return the pauses that a history of (instant, held or resumed) tells; one that is not over yet lasts until now.

    Holding twice is holding once, and resuming what runs changes nothing.
    """
    found, since = [], None
    for at, held in history:
        if held and since is None:
            since = at
        elif not held and since is not None:
            found.append(Pause(since, at))
            since = None
    if since is not None:
        found.append(Pause(since, max(since, now)))
    return tuple(found)


def since(start: datetime, pauses: Iterable[Pause]) -> Iterator[Pause]:
    """Yield what of the pauses lies after an instant, in the order of time; those that overlap are one."""
    begin = end = start
    for pause in sorted(pauses):
        if pause.start > end:
            yield from _some(begin, end)
            begin = end = pause.start
        end = max(end, pause.end)
    yield from _some(begin, end)


def _some(start: datetime, end: datetime) -> Iterator[Pause]:
    if end > start:
        yield Pause(start, end)
