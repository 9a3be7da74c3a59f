"""All that differs between SQLite and PostgreSQL: how a connection begins, and how a row is put if it is not there."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import URL, Connection, Engine, StaticPool, Table, create_engine, event, make_url
from sqlalchemy.dialects import postgresql, sqlite

from daemon.adapters.store.errors import StoreMissing

_BEGIN = "kesu_begin"
_BUSY_MILLISECONDS = 30_000
_UPGRADE_LOCK = 0x6B657375  # "kesu"


def engine_for(address: str, *, read_only: bool) -> Engine:
    """Return an engine for a database address such as `sqlite:////var/lib/kesu/kesu.db`; nothing is opened yet.

    Raises StoreMissing when there is nothing to read.
    """
    url = make_url(address)
    if url.get_backend_name() != "sqlite":
        engine = create_engine(url, pool_pre_ping=True)
        return engine.execution_options(postgresql_readonly=True) if read_only else engine
    if url.database in (None, "", ":memory:"):
        return _prepared(create_engine(url, poolclass=StaticPool), read_only=read_only)
    return _file_engine(url, Path(str(url.database)), read_only=read_only)


def _file_engine(url: URL, path: Path, *, read_only: bool) -> Engine:
    if read_only and not path.is_file():
        raise StoreMissing(str(path))
    uri = f"file:{quote(str(path.absolute()))}?mode={'ro' if read_only else 'rwc'}"
    return _prepared(create_engine(url.set(database=uri, query={"uri": "true"})), read_only=read_only)


def _prepared(engine: Engine, *, read_only: bool) -> Engine:
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # sqlite3 must not begin transactions of its own, see `begin`
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")

    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))

    event.listen(engine, "connect", prepare)
    event.listen(engine, "begin", begin)
    return engine


def writing_engine(engine: Engine) -> Engine:
    """Return the same engine for transactions that write: SQLite takes its lock at once instead of failing later."""
    return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def wait_for_upgrade(connection: Connection) -> None:
    """Let one process at a time upgrade; on SQLite the transaction that writes does so already."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})")


def _insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its keys is there; tell whether it was inserted."""
    # RETURNING tells it on every database; the row count of an INSERT is -1 on PostgreSQL.
    statement = _insert(connection, table).values(dict(row)).on_conflict_do_nothing()
    return connection.execute(statement.returning(*table.primary_key)).first() is not None


def upsert(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row, or set its columns where one with its primary key is there."""
    keys = {column.name for column in table.primary_key}
    changed = {name: value for name, value in row.items() if name not in keys}
    statement = _insert(connection, table).values(dict(row))
    connection.execute(statement.on_conflict_do_update(index_elements=sorted(keys), set_=changed))


def count_up(connection: Connection, table: Table, key: str, value: str, number: str) -> int:
    """Raise the number in the row whose column `key` is `value`, from 1; return it."""
    statement = _insert(connection, table).values({key: value, number: 1})
    raised = statement.on_conflict_do_update(index_elements=[key], set_={number: table.c[number] + 1})
    return int(connection.execute(raised.returning(table.c[number])).scalar_one())
