"""Stores for the tests: one in memory, and the address of one on disk."""

import pytest

from daemon.adapters.store import open_store


@pytest.fixture
def store():
    opened = open_store("sqlite://")
    yield opened
    opened.close()


@pytest.fixture
def address(tmp_path):
    return f"sqlite:///{tmp_path / '客诉 100%.db'}"


@pytest.fixture
def disk(address):
    opened = open_store(address)
    yield opened
    opened.close()
