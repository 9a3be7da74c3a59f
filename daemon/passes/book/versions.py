"""The versions of the workbook that were read or written of late: which they were, and a copy of each of the last."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping

from daemon.passes.book.saved import Saved
from daemon.passes.desk import Desk

log = logging.getLogger(__name__)

INTENDED = "ledger.intended"  # the hash of what was about to be written
WAITS = "ledger.waits"  # the hash of what stands in place while the newest version waits for being put there
MARK = "ledger.mark"  # the number of the last writing
KNOWN = "ledger.known"  # the hashes of the last versions with their marks, the newest first
MOST_KNOWN = 24


def next_mark(desk: Desk) -> str:
    """Return the mark of the next writing."""
    return str(int(desk.store.recall(MARK) or 0) + 1)


def known_versions(desk: Desk) -> Mapping[str, str]:
    """Return the versions that were read or written of late, the newest first: the mark of each by its hash.

    One that lies nowhere where people could open it has none.
    """
    found: dict[str, str] = json.loads(desk.store.recall(KNOWN) or "{}")
    return found


def note_versions(desk: Desk, marks: Mapping[str, str]) -> None:
    """Note versions that were read or written, the newest first."""
    before = ((one, mark) for one, mark in known_versions(desk).items() if one not in marks)
    found = [*marks.items(), *before]
    desk.store.remember(KNOWN, json.dumps(dict(found[:MOST_KNOWN])))


def saved_from(desk: Desk, saved: Saved) -> tuple[str, ...]:
    """Return the hashes of the versions that a file may have been saved from, the newest first.

    A version that comes once more was saved again as it was.
    """
    mark = saved.mark
    return tuple(one for one, other in known_versions(desk).items() if mark and other == mark)


def hashes_known(desk: Desk) -> set[str]:
    """Return the hashes of the files that are no news: read, written, or about to be written."""
    return {*known_versions(desk), *filter(None, (desk.store.ledger_sha256(), desk.store.recall(INTENDED)))}


def keep_copy(desk: Desk, data: bytes) -> None:
    """Keep a version that is whole, for the day when one is not; a fault is logged."""
    fault = desk.copies.keep_good(data)
    if fault:
        log.warning("a copy of the ledger could not be kept: %s", fault)
