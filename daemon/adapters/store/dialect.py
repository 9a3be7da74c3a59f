"""All that differs between SQLite and PostgreSQL: how a connection begins, and how a row is put if it is not there."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sqlalchemy import (
    URL,
    Connection,
    Engine,
    Executable,
    StaticPool,
    Table,
    create_engine,
    event,
    func,
    inspect,
    select,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DBAPIError
from sqlalchemy.schema import CreateSchema

from daemon.adapters.store.address import Address
from daemon.adapters.store.advice import DRIVER_MISSING
from daemon.adapters.store.errors import StoreMissing, StoreUnreachable

_BEGIN = "kesu_begin"
_BUSY_MILLISECONDS = 30_000
_UPGRADE_LOCK = 0x6B657375  # "kesu"

# A machine that is gone without a word is noticed by both ends within 20 s: ours would wait for ever, and the server
# would keep the lease's row locked for one that lies dead (or stopped) in the midst of a transaction.
_GONE_AFTER = 20
_OURS = {
    "application_name": "kesu",
    "connect_timeout": 10,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": _GONE_AFTER * 1000,
}
_THEIRS = {
    "idle_in_transaction_session_timeout": f"{_GONE_AFTER}s",
    "tcp_keepalives_idle": "10",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
    "tcp_user_timeout": f"{_GONE_AFTER}s",
}


def engine_for(address: Address, *, read_only: bool) -> Engine:
    """Return an engine for a database; nothing is opened yet.

    Raises StoreMissing when there is nothing to read, StoreUnreachable without a driver.
    """
    if not address.is_sqlite:
        return _postgresql_engine(address, read_only=read_only)
    url = address.url
    if url.database in (None, "", ":memory:"):
        return _prepared(create_engine(url, poolclass=StaticPool, hide_parameters=True), read_only=read_only)
    return _file_engine(url, Path(str(url.database)), read_only=read_only)


def _postgresql_engine(address: Address, *, read_only: bool) -> Engine:
    ours = {key: value for key, value in _OURS.items() if key not in address.url.query}
    try:
        engine = create_engine(address.url, pool_pre_ping=True, hide_parameters=True, connect_args=ours)
    except ImportError as missing:
        raise StoreUnreachable(address, f"no driver for it ({missing})", DRIVER_MISSING) from missing
    settings = {**_THEIRS, **({"search_path": address.schema} if address.schema else {})}
    statement = "SELECT " + ", ".join("set_config(%s, %s, false)" for _ in settings)
    values = [word for pair in settings.items() for word in pair]

    def prepare(connection: Any, _record: object) -> None:
        connection.execute(statement, values)
        connection.commit()

    event.listen(engine, "connect", prepare, insert=True)  # before SQLAlchemy asks which schema it is in
    return engine.execution_options(postgresql_readonly=True) if read_only else engine


def _file_engine(url: URL, path: Path, *, read_only: bool) -> Engine:
    if read_only and not path.is_file():
        raise StoreMissing(str(path))
    uri = f"file:{quote(str(path.absolute()))}?mode={'ro' if read_only else 'rwc'}"
    file = create_engine(url.set(database=uri, query={"uri": "true"}), hide_parameters=True)
    return _prepared(file, read_only=read_only)


def _prepared(engine: Engine, *, read_only: bool) -> Engine:
    def prepare(connection: sqlite3.Connection, _record: object) -> None:
        connection.isolation_level = None  # sqlite3 must not begin transactions of its own, see `transaction`
        connection.execute(f"PRAGMA busy_timeout={_BUSY_MILLISECONDS}")
        connection.execute("PRAGMA foreign_keys=ON")
        connection.execute("PRAGMA synchronous=FULL")
        if not read_only:
            connection.execute("PRAGMA journal_mode=WAL")

    event.listen(engine, "connect", prepare)
    return engine


@contextmanager
def transaction(engine: Engine) -> Iterator[Connection]:
    """Give a connection for the length of a transaction, which is undone when the with block raises.

    On SQLite it is begun here, not by a listener to the engine: with one SQLAlchemy looks for more at every statement.
    """
    with engine.begin() as connection:
        if connection.dialect.name != "postgresql":
            say(connection, connection.get_execution_options().get(_BEGIN, "BEGIN"))
        yield connection


def say(connection: Connection, statement: str) -> tuple[Any, ...] | None:
    """Run a statement without values; return its first row, None when there is none.

    SQLite hears it without SQLAlchemy between, which takes ten times as long as SQLite does: each transaction says
    several of these.  Raises sqlalchemy.exc.DBAPIError.
    """
    if connection.dialect.name == "postgresql":
        found = connection.exec_driver_sql(statement)
        row = found.first() if found.returns_rows else None
        return tuple(row) if row else None
    driver: Any = connection.connection.dbapi_connection
    try:
        heard: tuple[Any, ...] | None = driver.execute(statement).fetchone()
    except sqlite3.Error as fault:
        raise DBAPIError.instance(statement, None, fault, sqlite3.Error) from fault
    return heard


def writing_engine(engine: Engine) -> Engine:
    """Return the same engine for transactions that write: SQLite takes its lock at once instead of failing later."""
    return engine.execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})


def reading_engine(engine: Engine) -> Engine:
    """Return the same engine for transactions that read: every statement in one sees the same state.

    SQLite does so by itself; PostgreSQL shows each statement what was committed up to it, unless it is asked not to.
    """
    if engine.dialect.name != "postgresql":
        return engine
    return engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)


def wait_for_upgrade(connection: Connection, schema: str) -> None:
    """Let one process at a time upgrade this schema, and make the schema when it is missing.

    On SQLite the transaction that writes lets nobody else in already.
    """
    if connection.dialect.name != "postgresql":
        return
    key = func.hashtext(func.coalesce(func.current_schema(), schema))
    connection.execute(select(func.pg_advisory_xact_lock(_UPGRADE_LOCK, key)))
    if schema and not inspect(connection).has_schema(schema):
        connection.execute(CreateSchema(schema))


def moment_of(connection: Connection) -> int:
    """Return the present instant by the database's own clock, in microseconds since 1970."""
    on_postgresql = "CAST(extract(epoch FROM clock_timestamp()) * 1000000 AS bigint)"
    on_sqlite = "CAST((julianday('now') - 2440587.5) * 86400000000 AS INTEGER)"
    now = on_postgresql if connection.dialect.name == "postgresql" else on_sqlite
    return int(connection.exec_driver_sql(f"SELECT {now}").scalar_one())


def _insert(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def insert_new(connection: Connection, table: Table, row: Mapping[str, Any]) -> bool:
    """Insert a row unless one with its keys is there; tell whether it was inserted."""
    return connection.execute(_insert_new(connection.dialect.name, table), dict(row)).first() is not None


@cache
def _insert_new(dialect: str, table: Table) -> Executable:
    # RETURNING tells it on every database; the row count of an INSERT is -1 on PostgreSQL.
    return _insert(dialect, table).on_conflict_do_nothing().returning(*table.primary_key)


def upsert(connection: Connection, table: Table, row: Mapping[str, Any]) -> None:
    """Insert a row, or set its columns where one with its primary key is there."""
    connection.execute(_upsert(connection.dialect.name, table, tuple(row)), dict(row))


@cache
def _upsert(dialect: str, table: Table, names: tuple[str, ...]) -> Executable:
    keys = {column.name for column in table.primary_key}
    statement = _insert(dialect, table)
    changed = {name: statement.excluded[name] for name in names if name not in keys}
    return statement.on_conflict_do_update(index_elements=sorted(keys), set_=changed)


def count_up(connection: Connection, table: Table, key: str, value: str, number: str) -> int:
    """Raise the number in the row whose column `key` is `value`, from 1; return it."""
    statement = _count_up(connection.dialect.name, table, key, number)
    return int(connection.execute(statement, {key: value, number: 1}).scalar_one())


@cache
def _count_up(dialect: str, table: Table, key: str, number: str) -> Executable:
    raised = {number: table.c[number] + 1}
    return _insert(dialect, table).on_conflict_do_update(index_elements=[key], set_=raised).returning(table.c[number])
