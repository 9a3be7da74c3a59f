"""The store as one object, and how it is opened."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, select

from daemon.adapters.store.address import Address, address_of
from daemon.adapters.store.blobs import BlobVerbs
from daemon.adapters.store.cases import CaseVerbs
from daemon.adapters.store.commit import CommitVerbs
from daemon.adapters.store.database import reached
from daemon.adapters.store.dialect import engine_for, transaction, wait_for_upgrade, writing_engine
from daemon.adapters.store.errors import StoreMissing, StoreTooNew, StoreTooOld, UpgradeWaits
from daemon.adapters.store.lease import LeaseVerbs, living_owner
from daemon.adapters.store.ledger import LedgerVerbs
from daemon.adapters.store.mails import MailVerbs
from daemon.adapters.store.memory import MemoryVerbs
from daemon.adapters.store.outbox import OutboxVerbs
from daemon.adapters.store.records import RecordVerbs
from daemon.adapters.store.tables import metadata, version

REVISIONS = ("0001", "0002", "0003", "0004", "0005", "0006", "0007")
"""All revisions, oldest first; a test holds them to the files in migrations/."""

HEAD = REVISIONS[-1]


class SqlStore(
    MailVerbs, BlobVerbs, CaseVerbs, CommitVerbs, OutboxVerbs, RecordVerbs, LedgerVerbs, MemoryVerbs, LeaseVerbs
):
    """`Store` in a SQL database; use one per thread."""


def open_store(address: str | Address, *, read_only: bool = False, upgrade: bool = True) -> SqlStore:
    """Open the store at a database address and bring its tables up to date; with `read_only` nothing is changed.

    Raises StoreTooNew and StoreUnreachable; UpgradeWaits while a daemon of an older kesu is at work in it; with
    `read_only`, or without `upgrade`, also StoreMissing and StoreTooOld.
    """
    whole = address_of(address)
    engine = engine_for(whole, read_only=read_only)
    try:
        with reached(whole, opening=not read_only):
            _upgrade(engine, whole) if upgrade and not read_only else _check(engine, whole)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine, whole)


def _check(engine: Engine, address: Address) -> None:
    with transaction(engine) as connection:
        found = _revision(connection, address)
    if found is None:
        raise StoreMissing(str(address))
    if found != HEAD:
        raise StoreTooOld(str(address), found)


def _upgrade(engine: Engine, address: Address) -> None:
    with transaction(writing_engine(engine)) as connection:
        wait_for_upgrade(connection, address.schema)
        found = _revision(connection, address)
        if found == HEAD:
            return
        if found is None:
            _lay_out(connection)
            return
        owner = None if address.is_sqlite else living_owner(connection)
        if owner:  # on SQLite the lock on the state folder keeps two daemons apart, and a killed one leaves none
            raise UpgradeWaits(address, owner)
        from daemon.adapters.store.migrate import migrate  # noqa: PLC0415 - Alembic is large and rarely needed

        migrate(connection)


def _lay_out(connection: Connection) -> None:
    """Make the tables of a new store as they are now; Alembic would bring it there in steps, with 10 MB of its own."""
    metadata.create_all(connection, checkfirst=False)
    version.create(connection)
    connection.execute(version.insert(), {"version_num": HEAD})


def _revision(connection: Connection, address: Address) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(select(version.c.version_num))
    if found is not None and found not in REVISIONS:
        raise StoreTooNew(str(address), found)
    return found
