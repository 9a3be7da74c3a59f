"""The measures of cases that an older version kept."""

import json

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from daemon.adapters.store import open_store
from daemon.adapters.store.address import sqlite_file
from daemon.adapters.store.migrate import migration_config
from daemon.adapters.store.snapshots import case_of
from daemon.core.commands import Give
from daemon.seams import Decision
from tests.cast import PRODUCTION
from tests.core.play import to_check

from .samples import NOW


@pytest.fixture
def older(tmp_path):
    """Return the file of a store as the version before measures left it, and the case in it."""
    play = to_check()
    play.must(Give({"d5.actions": "1. 改造程序（张三，11月20日前）\n2. 培训"}), PRODUCTION)
    path = tmp_path / "kesu.db"
    store = open_store(sqlite_file(path))
    store.commit(Decision(case=play.case, events=tuple(play.events)), NOW)
    store.close()
    engine = create_engine(f"sqlite:///{path}")
    with engine.begin() as connection:
        snapshot = json.loads(connection.scalar(text("SELECT snapshot FROM cases")))
        del snapshot["measures"]
        connection.execute(text("UPDATE cases SET snapshot = :it"), {"it": json.dumps(snapshot)})
        connection.execute(text("DROP TABLE ledger_measures"))
        connection.execute(text("UPDATE alembic_version SET version_num = '0005'"))
    yield engine, play.case
    engine.dispose()


def upgraded(engine):
    with engine.begin() as connection:
        command.upgrade(migration_config(connection), "0006")
        return case_of(connection.scalar(text("SELECT snapshot FROM cases")))


def test_they_are_what_the_journal_makes(older):
    engine, case = older
    assert len(case.measures) > 1
    assert upgraded(engine) == case


def test_where_data_was_erased_there_are_none_until_they_are_given_again(older):
    engine, case = older
    with engine.begin() as connection:
        connection.execute(text("UPDATE events SET data = NULL WHERE type = 'registered'"))
    found = upgraded(engine)
    assert found.measures == ()
    assert found.sections == case.sections
