"""Opening: migrations, pragmas, reading only, two writers at once."""

import logging
import os
import threading
from contextlib import closing

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, event
from sqlalchemy.exc import DBAPIError, OperationalError

from daemon.adapters.store import SqlStore, StoreMissing, StoreTooNew, open_store
from daemon.adapters.store.dialect import engine_for, transaction, wait_for_upgrade, writing_engine
from daemon.adapters.store.errors import StoreTooOld, StoreUnreachable
from daemon.adapters.store.migrate import migrate, migration_config
from daemon.adapters.store.sql import HEAD, REVISIONS
from daemon.adapters.store.tables import metadata
from daemon.core.events import EventType
from daemon.seams import Decision, StaleCase, Store

from .samples import NOW, case_id, complaint, envelope, happened, opening


def pragma(store, name):
    with store._reading() as connection:
        return connection.exec_driver_sql(f"PRAGMA {name}").scalar()


def in_threads(address, *works):
    faults = []

    def run(work):
        store = open_store(address)
        try:
            work(store)
        except Exception as fault:  # noqa: BLE001 - handed to the test
            faults.append(fault)
        finally:
            store.close()

    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return faults


def test_the_store_is_what_the_seam_asks_for(store):
    asked: Store = store
    missing = [name for name in dir(Store) if not name.startswith("_") and not hasattr(asked, name)]
    assert missing == []


@pytest.fixture(params=["laid out", "migrated"])
def made(request, address):
    """A store that was new, and one that came here through all migrations."""
    if request.param == "migrated":
        engine = engine_for(address, read_only=False)
        with transaction(writing_engine(engine)) as connection:
            wait_for_upgrade(connection, address.schema)
            migrate(connection)
        engine.dispose()
    opened = open_store(address)
    yield opened
    opened.close()


def test_all_ways_lead_to_the_tables_of_the_code(made):
    with made._reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, metadata) == []


def test_made_and_declared_constraints_have_the_same_names(made):
    found = MetaData()
    with made._reading() as connection:
        found.reflect(connection)
    for name, table in metadata.tables.items():
        # SQLite keeps no name for a key that counts up.
        assert found.tables[name].primary_key.name in (None, table.primary_key.name)
        assert {one.name for one in found.tables[name].indexes} == {one.name for one in table.indexes}
        assert {key.name for key in found.tables[name].foreign_key_constraints} == {
            key.name for key in table.foreign_key_constraints
        }


def test_the_known_revisions_are_those_in_the_package():
    script = ScriptDirectory.from_config(migration_config())
    assert script.get_heads() == [HEAD]
    assert tuple(revision.revision for revision in script.walk_revisions())[::-1] == REVISIONS


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_store_on_disk_keeps_its_promises(disk):
    assert pragma(disk, "journal_mode") == "wal"
    assert pragma(disk, "synchronous") == 2
    assert pragma(disk, "foreign_keys") == 1
    assert pragma(disk, "busy_timeout") == 30_000


def test_what_was_written_is_there_after_opening_again(disk, address):
    disk.commit(opening(), NOW)
    disk.close()
    again = open_store(address)
    assert again.case(case_id()).number == "KS-2026-0001"
    again.close()


def test_a_store_of_a_newer_kesu_is_refused(disk, address):
    with disk._writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    for read_only in (False, True):
        with pytest.raises(StoreTooNew, match="9999"):
            open_store(address, read_only=read_only)


def test_an_old_store_is_not_read_before_it_was_upgraded(disk, address, monkeypatch):
    monkeypatch.setattr("daemon.adapters.store.sql.HEAD", "9998")
    with pytest.raises(StoreTooOld, match="start the daemon"):
        open_store(address, read_only=True)


def test_reading_only(disk, address):
    disk.commit(opening(), NOW)
    reader = open_store(address, read_only=True)
    assert [case.id for case in reader.cases()] == [case_id()]
    with pytest.raises((DBAPIError, StoreUnreachable), match=r"read-?only"):
        reader.remember("a", "b")
    reader.close()


def test_a_missing_store_cannot_be_read(address):
    with pytest.raises(StoreMissing):
        open_store(address, read_only=True)


def test_an_empty_file_cannot_be_read(sqlite_address, tmp_path):
    with pytest.raises(StoreMissing):
        open_store(sqlite_address, read_only=True)
    assert list(tmp_path.iterdir()) == []
    (tmp_path / "empty.db").touch()
    with pytest.raises(StoreMissing):
        open_store(f"sqlite:///{tmp_path / 'empty.db'}", read_only=True)


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_transaction_that_writes_takes_the_lock_at_once(disk, address):
    other = open_store(address)
    with other._reading() as connection:
        connection.exec_driver_sql("PRAGMA busy_timeout=10")
    with (
        disk._writing(),
        pytest.raises(OperationalError, match="locked"),
        other._writing(),
    ):
        pytest.fail("two transactions wrote at once")
    other.close()


def test_a_reader_does_not_wait_for_a_writer(disk, address):
    reader = open_store(address, read_only=True)
    with disk._writing() as connection:
        connection.exec_driver_sql("INSERT INTO memory VALUES ('a', 'b')")
        assert reader.recall("a") is None
    assert reader.recall("a") == "b"
    reader.close()


def test_many_open_a_new_store_at_once(address):
    assert in_threads(address, *[lambda store: store.remember("a", "b")] * 8) == []


def test_numbers_are_never_given_twice(disk, address):
    given = []
    assert in_threads(address, *[lambda store: given.extend(store.next_number("KS") for _ in range(25))] * 4) == []
    assert sorted(given) == list(range(1, 101))


def test_of_writers_at_once_to_one_case_each_event_is_kept_once(disk, address):
    disk.commit(opening(), NOW)

    def write(store):
        written = 0
        while written < 10:
            seq = store.case(case_id()).seq
            fact = happened(kind=EventType.FILED, seq=seq + 1)
            try:
                store.commit(Decision(case=complaint(), expected_seq=seq, events=(fact,)), NOW)
            except StaleCase:
                continue
            written += 1

    assert in_threads(address, write, write, write) == []
    assert [event.seq for event in disk.events(case_id())] == list(range(1, 32))
    assert disk.broken_chain(case_id()) is None


def test_one_of_many_finishes_a_period(disk, address):
    won = []
    works = [lambda store, n=n: won.append(store.finish_period("summary", "W10", [envelope(n)], NOW)) for n in range(4)]
    assert in_threads(address, *works) == []
    assert sorted(won) == [False, False, False, True]


def test_opening_is_quiet(address, caplog, capsys):
    with caplog.at_level(logging.INFO):
        open_store(address).close()
    assert caplog.records == []
    assert capsys.readouterr() == ("", "")
    assert SqlStore.__doc__


def test_a_full_disk_is_told_in_a_sentence(tmp_path):
    with closing(open_store(f"sqlite:///{tmp_path / 'kesu.db'}")) as store:
        store._engine.dispose()
        event.listen(store._engine, "connect", lambda connection, _: connection.execute("PRAGMA max_page_count=1"))
        with pytest.raises(StoreUnreachable, match="disk is full: make room"):
            store.put_blob(os.urandom(10_000_000))


def test_a_connection_that_may_only_read_is_told_in_a_sentence_and_replaced(sqlite_address):
    store = open_store(sqlite_address)
    with store._reading() as connection:
        connection.exec_driver_sql("PRAGMA query_only=1")  # as SQLite opens a file on a full disk
    with pytest.raises(StoreUnreachable, match="readonly database"):
        store.remember("a", "b")
    store.remember("a", "b")
    assert store.recall("a") == "b"
    store.close()
