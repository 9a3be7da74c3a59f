"""The lease: one daemon of several writes, and one that lost the lease unawares is shut out by its number."""

import pytest
from sqlalchemy.exc import DBAPIError

from daemon.adapters.store import dialect, open_store
from daemon.seams import LeaseLost

from .samples import NOW, case_id, opening


@pytest.fixture
def other(disk, address):
    """The same store in another process."""
    opened = open_store(address)
    yield opened
    opened.close()


def run_out(store):
    """Let the lease's end pass."""
    with store._engine.begin() as connection:
        connection.exec_driver_sql("UPDATE lease SET until = until - 3600000000")


def test_the_lease_is_renewed_taken_over_and_given_up(store):
    assert store.lease_owner() is None
    assert store.take_lease("a", 60) == 1
    assert store.take_lease("a", 60) == 1
    assert store.take_lease("b", 60) is None
    assert store.lease_owner() == "a"
    run_out(store)
    assert store.lease_owner() is None
    assert store.take_lease("b", 60) == 2
    store.release_lease("a")
    assert store.lease_owner() == "b"
    store.release_lease("b")
    assert store.lease_owner() is None
    assert store.take_lease("b", 60) == 3


def test_an_end_that_has_passed_is_put_off_while_nobody_else_has_taken_it(store):
    store.take_lease("a", 60)
    run_out(store)
    store.renew_lease(60)
    assert store.lease_owner() == "a"
    assert store.take_lease("b", 60) is None


def test_the_end_is_counted_from_the_time_of_the_database(store):
    store.take_lease("a", 7)
    with store._engine.begin() as connection:
        until = connection.exec_driver_sql("SELECT until FROM lease").scalar()
        now = dialect.moment_of(connection)
    assert 0 < until - now <= 7_000_000


def test_who_holds_the_folders_lock_takes_the_lease_from_one_that_was_killed(store):
    store.take_lease("killed", 60)
    assert store.take_lease("b", 60, seize=True) == 2


def test_a_deposed_daemon_does_nothing_more(disk, other):
    disk.take_lease("a", 60)
    disk.remember("tick", "a")
    disk.confirm_lease()
    with disk.holding_lease():
        pass
    other.remember("beside", "a verb beside a running daemon")
    run_out(other)
    assert other.take_lease("b", 60) == 2
    for act in (
        lambda: disk.commit(opening(), NOW),
        lambda: disk.next_number("x"),
        lambda: disk.remember("t", ""),
        disk.confirm_lease,
        lambda: disk.renew_lease(60),
        lambda: disk.holding_lease().__enter__(),
    ):
        with pytest.raises(LeaseLost, match="b"):
            act()
    assert disk.take_lease("a", 60) is None
    assert disk.recall("tick") == "a", "it may still look"
    other.commit(opening(), NOW)
    assert disk.case(case_id()).number == "KS-2026-0001"


def test_who_never_took_the_lease_is_free_to_write(store):
    store.confirm_lease()
    with store.holding_lease():
        store.remember("a", "b")


def test_losing_the_lease_is_no_fault_that_a_pass_goes_on_after():
    assert not issubclass(LeaseLost, Exception)


@pytest.mark.parametrize("kind", ["postgresql"], indirect=True)
def test_nobody_takes_the_lease_in_the_midst_of_a_transaction(disk, other):
    disk.take_lease("a", 60)
    run_out(disk)
    with other._engine.connect() as beside:
        beside.exec_driver_sql("SET lock_timeout = '50ms'")
        with disk.holding_lease(), pytest.raises(DBAPIError, match="lock timeout"):
            beside.exec_driver_sql("SELECT * FROM lease FOR UPDATE")
        beside.rollback()
    assert other.take_lease("b", 60) == 2
