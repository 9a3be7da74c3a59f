"""How long to wait before something is tried again, and how often its failing is worth a word."""

from __future__ import annotations

from datetime import datetime, timedelta

from daemon.seams import Store

LONGEST_WAIT = timedelta(hours=4)


def wait_after(attempts: int) -> timedelta:
    """Return how long to wait after this many failed attempts: a minute, doubled each time, at most four hours."""
    return min(timedelta(minutes=2 ** min(attempts, 10)), LONGEST_WAIT)


def first_in_hour(store: Store, fault: str, now: datetime) -> bool:
    """Tell whether this fault is to be told now: it comes back at every tick, and is told once an hour."""
    key, hour = f"told.{fault}", f"{now:%Y-%m-%dT%H}"
    if store.recall(key) == hour:
        return False
    store.remember(key, hour)
    return True
