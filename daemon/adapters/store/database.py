"""The transactions: reading ones see one state, writing ones are refused once the lease is lost."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, OperationalError

from daemon.adapters.store.address import Address
from daemon.adapters.store.advice import advice_on, said_by
from daemon.adapters.store.dialect import reading_engine, say, transaction, writing_engine
from daemon.adapters.store.errors import StoreUnreachable
from daemon.seams import LeaseLost

# Plain text, for it is asked in every transaction that writes.
_FENCE = "SELECT owner, fence FROM lease"
_FENCE_SHARED = f"{_FENCE} FOR SHARE"
# SQLite: all else is a fault of ours.  It opens a file for reading only, without a word, when it may not for writing.
_DISK = ("disk is full", "disk I/O error", "unable to open database file", "readonly database")
_NO_RIGHT = "42501"  # SQLSTATE insufficient_privilege


@contextmanager
def reached(address: Address, *, opening: bool = False) -> Iterator[None]:
    """Say in a sentence that a database cannot be used: its server went away, or the disk is full or broken.

    Raises StoreUnreachable.
    """
    try:
        yield
    except DBAPIError as fault:
        away = isinstance(fault, OperationalError) or fault.connection_invalidated
        refused = getattr(fault.orig, "sqlstate", None) == _NO_RIGHT
        said = said_by(fault)
        of_disk = isinstance(fault, OperationalError) and (opening or any(mark in said for mark in _DISK))
        if not (of_disk if address.is_sqlite else away or refused):
            raise
        raise StoreUnreachable(address, said, advice_on(said)) from fault


@contextmanager
def _savepoint(connection: Connection) -> Iterator[None]:
    """Undo what a with block wrote when it raises."""
    say(connection, "SAVEPOINT verb")
    try:
        yield
    except BaseException:
        try:
            say(connection, "ROLLBACK TO SAVEPOINT verb")
        except DBAPIError:  # a full disk or a lost server has ended the whole transaction: nothing may follow in it
            connection.invalidate()
        raise
    say(connection, "RELEASE SAVEPOINT verb")


class Database:
    """An open database; what the verbs of every theme stand on."""

    def __init__(self, engine: Engine, address: Address) -> None:
        self.address = address
        self._engine = engine
        self._reader = reading_engine(engine)
        self._writer = writing_engine(engine)
        self._fence: int | None = None
        self._joint: Connection | None = None

    def close(self) -> None:
        """Close every connection; never raises."""
        self._engine.dispose()

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit all that the verbs called in this with block write at its end, or nothing of it when it raises.

        Each verb by itself stays all or nothing.  Keep the block short and let it wait for nothing: meanwhile nobody
        else writes, and our own lease is not renewed.

        Raises LeaseLost and StoreUnreachable.
        """
        with self._reached(), transaction(self._writer) as connection:
            self._check_fence(connection)
            self._joint = connection
            try:
                yield
            finally:
                self._joint = None

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        if self._joint is not None:
            yield self._joint
            return
        with self._reached(), transaction(self._reader) as connection:
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        if self._joint is not None:
            with self._reached(), _savepoint(self._joint):
                yield self._joint
            return
        with self._reached(), transaction(self._writer) as connection:
            self._check_fence(connection)
            yield connection

    @contextmanager
    def _reached(self) -> Iterator[None]:
        """Connect anew after a fault: a connection that came about on a sick disk stays sick.

        Raises StoreUnreachable.
        """
        try:
            with reached(self.address):
                yield
        except StoreUnreachable:
            if not self.address.is_in_memory:
                self._engine.dispose()
            raise

    def _check_fence(self, connection: Connection, *, lock: bool = True) -> None:
        """Keep the lease from being taken for as long as this transaction lasts.  Raises LeaseLost."""
        if self._fence is None:
            return
        shared = lock and connection.dialect.name == "postgresql"
        row = say(connection, _FENCE_SHARED if shared else _FENCE)
        if row is None or row[1] != self._fence:
            raise LeaseLost(row[0] if row else None)
