"""Stores for the tests, each on SQLite and on a real PostgreSQL, and the address of one for several processes."""

import pytest

from daemon.adapters.store import address_of, open_store


@pytest.fixture(params=["sqlite", "postgresql"])
def kind(request):
    """The database that a test runs on."""
    return request.param


@pytest.fixture
def store(kind, request):
    postgresql = request.getfixturevalue("postgresql") if kind == "postgresql" else None
    opened = open_store(postgresql.address(postgresql.new_schema()) if postgresql else "sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def sqlite_address(tmp_path):
    return address_of(f"sqlite:///{tmp_path / '客诉 100%.db'}")


@pytest.fixture
def address(kind, request):
    if kind == "sqlite":
        return request.getfixturevalue("sqlite_address")
    postgresql = request.getfixturevalue("postgresql")
    return postgresql.address(postgresql.new_schema())


@pytest.fixture
def disk(address):
    opened = open_store(address)
    yield opened
    opened.close()
