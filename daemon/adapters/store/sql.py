"""The store as one object, and how it is opened."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, inspect, text

from daemon.adapters.store.blobs import BlobVerbs
from daemon.adapters.store.cases import CaseVerbs
from daemon.adapters.store.commit import CommitVerbs
from daemon.adapters.store.dialect import engine_for, wait_for_upgrade, writing_engine
from daemon.adapters.store.errors import StoreMissing, StoreTooNew, StoreTooOld
from daemon.adapters.store.lease import LeaseVerbs
from daemon.adapters.store.mails import MailVerbs
from daemon.adapters.store.memory import MemoryVerbs
from daemon.adapters.store.outbox import OutboxVerbs
from daemon.adapters.store.records import RecordVerbs

REVISIONS = ("0001",)
"""All revisions, oldest first; a test holds them to the files in migrations/."""

HEAD = REVISIONS[-1]


class SqlStore(MailVerbs, BlobVerbs, CaseVerbs, CommitVerbs, OutboxVerbs, RecordVerbs, MemoryVerbs, LeaseVerbs):
    """`Store` in a SQL database; use one per thread."""


def open_store(url: str, *, read_only: bool = False) -> SqlStore:
    """Open the store at a database address and bring its tables up to date; with `read_only` nothing is changed.

    Raises StoreTooNew; with `read_only` also StoreMissing and StoreTooOld.
    """
    engine = engine_for(url, read_only=read_only)
    try:
        _check(engine, url) if read_only else _upgrade(engine, url)
    except BaseException:
        engine.dispose()
        raise
    return SqlStore(engine)


def _check(engine: Engine, url: str) -> None:
    with engine.begin() as connection:
        found = _revision(connection, url)
    if found is None:
        raise StoreMissing(url)
    if found != HEAD:
        raise StoreTooOld(url, found)


def _upgrade(engine: Engine, url: str) -> None:
    with writing_engine(engine).begin() as connection:
        wait_for_upgrade(connection)
        if _revision(connection, url) == HEAD:
            return
        from daemon.adapters.store.migrate import migrate  # noqa: PLC0415 - Alembic costs 0.2 s and is rarely needed

        migrate(connection)


def _revision(connection: Connection, url: str) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is not None and found not in REVISIONS:
        raise StoreTooNew(url, found)
    return found
