"""The transactions: reading ones see one state, writing ones are refused once the lease is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine, select

from daemon.adapters.store import tables
from daemon.adapters.store.dialect import writing_engine
from daemon.seams import LeaseLost


class Database:
    """An open database; what the verbs of every theme stand on."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing_engine(engine)
        self._fence: int | None = None

    def close(self) -> None:
        """Close every connection; never raises."""
        self._engine.dispose()

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        with self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        with self._writer.begin() as connection:
            self._check_fence(connection)
            yield connection

    def _check_fence(self, connection: Connection) -> None:
        if self._fence is None:
            return
        statement = select(tables.lease.c.owner, tables.lease.c.fence).with_for_update(read=True)
        row = connection.execute(statement).one()
        if row.fence != self._fence:
            raise LeaseLost(row.owner)
