"""Several verbs in one commit."""

import os

import pytest
from sqlalchemy.exc import IntegrityError, InvalidRequestError

from daemon.adapters.store import StoreUnreachable, open_store
from daemon.seams import LeaseLost, OutboxState

from .samples import NOW, envelope


class Stumbled(Exception):
    """What a test raises in the midst."""


def planned(store):
    return [row.id for row in store.outbox(OutboxState.PLANNED, NOW, 9)]


def test_all_is_written_at_the_end_and_seen_before(disk, address):
    other = open_store(address)
    with disk.together():
        disk.plan([envelope(1)], NOW)
        disk.remember("a", "b")
        assert (planned(disk), disk.recall("a")) == ([1], "b")
        assert (planned(other), other.recall("a")) == ([], None)
    assert (planned(other), other.recall("a")) == ([1], "b")
    other.close()


def stumble(store):
    with store.together():
        store.plan([envelope(1)], NOW)
        store.next_number("2026-11")
        raise Stumbled


def test_a_fault_that_leaves_the_block_undoes_all(store):
    with pytest.raises(Stumbled):
        stumble(store)
    assert planned(store) == []
    assert store.next_number("2026-11") == 1
    store.plan([envelope(1)], NOW)
    assert len(planned(store)) == 1


def test_a_verb_that_fails_leaves_nothing_and_the_others_stay(store):
    with store.together():
        store.plan([envelope(1)], NOW)
        with pytest.raises(IntegrityError):
            store.plan([envelope(2), envelope(1)], NOW)
        store.remember("a", "b")
    assert (len(planned(store)), store.recall("a")) == (1, "b")


def test_who_lost_the_lease_writes_nothing_together_either(disk, address):
    other = open_store(address)
    disk.take_lease("one", 60)
    other.take_lease("two", 60, seize=True)
    with pytest.raises(LeaseLost), disk.together():
        disk.plan([envelope(1)], NOW)
    assert planned(other) == []
    other.close()


def fill_up(store):
    with store.together():
        store.remember("a", "b")
        store.put_blob(os.urandom(100_000))


@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)
def test_a_full_disk_is_told_as_one_and_undoes_all(disk):
    with disk._reading() as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 4}")
    with pytest.raises(StoreUnreachable, match="full"):
        fill_up(disk)
    assert disk.recall("a") is None


def end_all(store):
    with store._writing() as connection:
        connection.exec_driver_sql("ROLLBACK")
        raise Stumbled


def go_on_after_the_end(store):
    with store.together():
        store.remember("a", "b")
        with pytest.raises(Stumbled):
            end_all(store)
        store.remember("c", "d")


def test_nothing_follows_what_ended_the_whole_transaction(disk):
    """SQLite rolls all back when the disk is full; what came after would be committed by itself."""
    with pytest.raises(InvalidRequestError, match="transaction"):
        go_on_after_the_end(disk)
    assert (disk.recall("a"), disk.recall("c")) == (None, None)
