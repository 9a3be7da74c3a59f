"""The lease by which one daemon of several writes; its fencing number shuts out one that lost it unawares."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import select, update

from daemon.adapters.store.database import Database
from daemon.adapters.store.dialect import insert_new
from daemon.adapters.store.tables import lease

_ONLY = {"id": 1, "fence": 0}


class LeaseVerbs(Database):
    """The verbs of `Store` about the lease; `owner` must differ between any two processes."""

    def take_lease(self, owner: str, now: datetime, seconds: int) -> int | None:
        """Take or renew the lease; return its fencing number, or None when another living owner holds it.

        From then on every writing verb of this store raises LeaseLost once somebody else has taken the lease.
        """
        with self._writer.begin() as connection:
            insert_new(connection, lease, _ONLY)
            row = connection.execute(select(lease).with_for_update()).one()
            if row.owner not in (None, owner) and row.until > now:
                return None
            fence: int = row.fence + (row.owner != owner)
            until = now + timedelta(seconds=seconds)
            connection.execute(update(lease).values(owner=owner, fence=fence, until=until))
        self._fence = fence
        return fence

    def lease_owner(self) -> str | None:
        """Return who holds the lease."""
        with self._reading() as connection:
            owner: str | None = connection.scalar(select(lease.c.owner))
        return owner

    def release_lease(self, owner: str) -> None:
        """Give the lease up, if it is ours."""
        with self._writer.begin() as connection:
            connection.execute(update(lease).where(lease.c.owner == owner).values(owner=None, until=None))
        self._fence = None
