"""The lease by which one daemon of several writes; its fencing number shuts out one that lost it unawares.

Its end is told by the database's own clock, so that the clocks of the daemons' machines need not agree.  The clock
decides only when another may take the lease; that a deposed one writes nothing more is decided by the number.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from sqlalchemy import Connection, select, update

from daemon.adapters.store.database import Database, reached
from daemon.adapters.store.dialect import insert_new, moment_of, transaction
from daemon.adapters.store.tables import lease
from daemon.adapters.store.types import moment
from daemon.seams import LeaseLost

_ONLY = {"id": 1, "fence": 0}


def living_owner(connection: Connection) -> str | None:
    """Return who holds the lease and has renewed it in time."""
    row = connection.execute(select(lease)).first()
    alive = row is not None and row.owner is not None and row.until > _now(connection)
    return str(row.owner) if row is not None and alive else None


def _now(connection: Connection) -> datetime:
    return moment(moment_of(connection))


class LeaseVerbs(Database):
    """The verbs of `Store` about the lease; `owner` must differ between any two processes."""

    def take_lease(self, owner: str, seconds: int, *, seize: bool = False) -> int | None:
        """Take or renew the lease; return its fencing number, or None when another living owner holds it.

        From then on every writing verb of this store raises LeaseLost once somebody else has taken the lease.
        `seize` takes it from a living owner too: for one who knows otherwise that this owner is gone.
        """
        with reached(self.address), transaction(self._writer) as connection:
            insert_new(connection, lease, _ONLY)
            row = connection.execute(select(lease).with_for_update()).one()
            now = _now(connection)  # after the wait for the row
            if row.owner not in (None, owner) and row.until > now and not seize:
                return None
            fence: int = row.fence + (row.owner != owner)
            until = now + timedelta(seconds=seconds)
            connection.execute(update(lease).values(owner=owner, fence=fence, until=until))
        self._fence = fence
        return fence

    def renew_lease(self, seconds: int) -> None:
        """Put off the end of the lease that this store has taken.

        Raises LeaseLost when somebody else has it now; an end that has passed does no harm by itself.
        """
        ours = update(lease).where(lease.c.fence == self._fence)
        with reached(self.address), transaction(self._writer) as connection:
            until = _now(connection) + timedelta(seconds=seconds)
            if connection.execute(ours.values(until=until)).rowcount != 1:
                raise LeaseLost(connection.scalar(select(lease.c.owner)))

    def confirm_lease(self) -> None:
        """Make sure that nobody else has taken the lease: to be asked before what cannot be taken back.

        Raises LeaseLost.
        """
        if self._fence is None:
            return
        with self._reading() as connection:
            self._check_fence(connection, lock=False)

    @contextmanager
    def holding_lease(self) -> Iterator[Callable[[], None]]:
        """Keep the lease from being taken for the length of a with block, which is to be short.

        Gives what makes sure, at a later point of the block, that it is held still: the server ends the session of one
        that stood still for too long.  Both raise LeaseLost or StoreUnreachable.
        """
        if self._fence is None:
            yield lambda: None
            return
        with self._writing() as connection:
            yield lambda: self._check_fence(connection)

    def lease_owner(self) -> str | None:
        """Return who holds the lease, None when nobody does or its owner did not renew it in time."""
        with self._reading() as connection:
            return living_owner(connection)

    def release_lease(self, owner: str) -> None:
        """Give the lease up, if it is ours."""
        self._fence = None
        with self._writing() as connection:
            connection.execute(update(lease).where(lease.c.owner == owner).values(owner=None, until=None))
