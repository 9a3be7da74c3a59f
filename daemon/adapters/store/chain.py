"""The hash chain of a case's journal: it shows any change afterwards, and survives the erasure of a person's data."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

from daemon.adapters.store.snapshots import json_text
from daemon.adapters.store.types import clean, microseconds, moment
from daemon.core.events import Event, EventType, Via

GENESIS = "0" * 64
"""What stands for the predecessor of a case's first event."""


@dataclass(frozen=True, slots=True)
class Link:
    """An event as its row holds it, unread; `data` is None when it was erased."""

    case: UUID
    seq: int
    at: int
    type: str
    version: int
    by: str
    via: str
    cause: str
    data: str | None
    data_sha256: str
    previous: str
    hash: str = ""

    def event(self) -> Event:
        """Return the event as it was written, with no data when that was erased."""
        data = {} if self.data is None else json.loads(self.data)
        at, kind, via = moment(self.at), EventType(self.type), Via(self.via)
        return Event(self.case, self.seq, at, kind, self.by, via, self.cause, data, self.version)


def sha256_text(text: str) -> str:
    """Return the SHA-256 of a text in UTF-8, as hex."""
    return hashlib.sha256(text.encode()).hexdigest()


def link_hash(link: Link) -> str:
    """Return the hash of a row: of all its columns but the data, for which its hash stands."""
    what = [str(link.case), link.seq, link.at, link.type, link.version]
    who = [link.by, link.via, link.cause]
    return sha256_text(json.dumps([*what, *who, link.data_sha256, link.previous], separators=(",", ":"), default=str))


def links(events: Iterable[Event], previous: str) -> Iterator[Link]:
    """Yield the rows for new events, the first of them after the row with the hash `previous`."""
    for event in events:
        link = _link(event, previous)
        yield link
        previous = link.hash


def _link(event: Event, previous: str) -> Link:
    data = json_text(event.data)
    link = Link(
        case=event.case,
        seq=event.seq,
        at=microseconds(event.at),
        type=EventType(event.type).value,
        version=event.version,
        by=clean(event.by),
        via=Via(event.via).value,
        cause=clean(event.cause),
        data=data,
        data_sha256=sha256_text(data),
        previous=previous,
    )
    return replace(link, hash=link_hash(link))


def first_break(chain: Iterable[Link], length: int) -> int | None:
    """Return the first seq at which the chain of a case with `length` events does not hold, None when it does."""
    previous, seq = GENESIS, 0
    for seq, link in enumerate(chain, start=1):
        if link.seq != seq or not _holds(link, previous):
            return seq
        previous = link.hash
    return None if seq == length else min(seq, length) + 1


def _holds(link: Link, previous: str) -> bool:
    data_holds = link.data is None or sha256_text(link.data) == link.data_sha256
    return data_holds and link.previous == previous and link.hash == link_hash(link)
