"""A daemon's time at work under the lease: who it is, and a thread that renews it, so that no long pass loses it."""

from __future__ import annotations

import logging
import os
import secrets
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from daemon.adapters.store import StoreUnreachable
from daemon.seams import LeaseLost, Store

log = logging.getLogger(__name__)

RENEWALS = 3  # in the time that a lease lasts; two may fail


class LeaseHeld(Exception):
    """Another daemon is at work in the same database."""

    def __init__(self, owner: str | None) -> None:
        super().__init__(f"{owner or 'another daemon'} is at work in this database; stop that one first")


def new_owner() -> str:
    """Return a name that no other process has, nor this one at another time: host, process id and chance."""
    return f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"


@contextmanager
def tenure(store: Store, owner: str, seconds: int, *, renewed: bool = True) -> Iterator[None]:
    """Renew the lease that `owner` has taken for the length of a with block, and give it up at the end.

    A renewal that fails is tried again; one that finds the lease lost is the last, and the next writing verb says so.
    """
    over = threading.Event()
    renewing = threading.Thread(target=_renew, args=(store, seconds, over), name="lease", daemon=True)
    if renewed:
        renewing.start()
    try:
        yield
    finally:
        over.set()
        if renewed:
            renewing.join()
        with suppress(StoreUnreachable):  # it runs out by itself
            store.release_lease(owner)


def _renew(store: Store, seconds: int, over: threading.Event) -> None:
    while not over.wait(seconds / RENEWALS):
        try:
            store.renew_lease(seconds)
        except LeaseLost:
            return
        except Exception as fault:  # noqa: BLE001 - a fault here must not end the renewing, and no caller hears of it
            log.warning("the lease could not be renewed, it is tried again: %s", fault, extra={"event": "lease.waits"})
