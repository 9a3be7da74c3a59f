"""How long to wait before something is tried again."""

from __future__ import annotations

from datetime import timedelta

LONGEST_WAIT = timedelta(hours=4)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after this many failed attempts: a minute, doubled each time, at most four hours."""
    return min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)
