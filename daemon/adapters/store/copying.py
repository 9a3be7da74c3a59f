"""A whole store copied into another one, be it on SQLite or PostgreSQL: for backup, restore and a move between them."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Integer, Table, delete, func, insert, select, text, update

from daemon.adapters.store.address import Address, address_of, sqlite_file
from daemon.adapters.store.database import reached
from daemon.adapters.store.dialect import engine_for, reading_engine, transaction, writing_engine
from daemon.adapters.store.lease import living_owner
from daemon.adapters.store.sql import open_store
from daemon.adapters.store.tables import cases, lease, mails, metadata, outbox

CHUNK = 200


def copy_to_file(address: str | Address, file: Path) -> None:
    """Copy a store, as it is at one moment and while others write to it, into a new SQLite file without a journal.

    Raises StoreMissing, StoreTooOld, StoreUnreachable and OSError.
    """
    open_store(address, read_only=True).close()
    open_store(sqlite_file(file)).close()
    _copy(address_of(address), sqlite_file(file))
    with closing(sqlite3.connect(file)) as plain:  # one file alone, without a log beside it
        plain.execute("PRAGMA journal_mode=DELETE")


def fill_from_file(address: str | Address, file: Path) -> None:
    """Put what an SQLite file holds in place of all that a store holds, in one transaction; an older file is upgraded.

    Raises StoreTooNew and StoreUnreachable.
    """
    for one in (address, sqlite_file(file)):
        open_store(one).close()
    _copy(sqlite_file(file), address_of(address))


def is_used(address: str | Address) -> bool:
    """Tell whether a store holds a mail or a case.

    Raises StoreTooNew, StoreUnreachable, and UpgradeWaits.
    """
    open_store(address).close()
    with _seen(address_of(address)) as connection:
        return any(connection.execute(select(table).limit(1)).first() for table in (mails, cases))


def at_work(address: str | Address) -> str | None:
    """Return the daemon that works with a store, None when none does.

    Raises StoreTooNew, StoreUnreachable, and UpgradeWaits.
    """
    open_store(address).close()
    with _seen(address_of(address)) as connection:
        return living_owner(connection)


@contextmanager
def _seen(address: Address) -> Iterator[Connection]:
    engine = engine_for(address, read_only=True)
    try:
        with reached(address), transaction(reading_engine(engine)) as connection:
            yield connection
    finally:
        engine.dispose()


def _copy(source: Address, target: Address) -> None:
    reading, writing = engine_for(source, read_only=True), engine_for(target, read_only=False)
    try:
        with (
            reached(source),
            transaction(reading_engine(reading)) as theirs,
            reached(target),
            transaction(writing_engine(writing)) as ours,
        ):
            for table in reversed(metadata.sorted_tables):
                if table is outbox:
                    ours.execute(update(outbox).values(merged_into=None))
                ours.execute(delete(table))
            for table in metadata.sorted_tables:
                _copy_table(theirs, ours, table)
            ours.execute(update(lease).values(owner=None, until=None))
    finally:
        reading.dispose()
        writing.dispose()


def _copy_table(theirs: Connection, ours: Connection, table: Table) -> None:
    for rows in _chunks(theirs, table):
        ours.execute(insert(table), [{**row, "merged_into": None} if table is outbox else row for row in rows])
    if table is outbox:  # a row may refer to one that comes later
        for rows in _chunks(theirs, table):
            for row in (row for row in rows if row["merged_into"] is not None):
                which = update(outbox).where(outbox.c.id == row["id"])
                ours.execute(which.values(merged_into=row["merged_into"]))
    counted = table.primary_key.columns.get("id")
    if counted is not None and ours.dialect.name == "postgresql" and isinstance(counted.type, Integer):
        _count_on(ours, table)


def _chunks(connection: Connection, table: Table) -> Iterator[list[dict[str, Any]]]:
    found = connection.execution_options(yield_per=CHUNK).execute(select(table))
    for some in found.mappings().partitions():
        yield [dict(row) for row in some]


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL give the next rows the numbers after the highest there is."""
    name = f'"{table.name}"'
    if connection.scalar(select(func.pg_get_serial_sequence(name, "id"))):
        highest = connection.scalar(select(func.max(table.c.id))) or 0
        setting = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :next, false)")
        connection.execute(setting, {"name": name, "next": highest + 1})
