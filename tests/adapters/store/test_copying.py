"""A store copied to a file and back, from SQLite to PostgreSQL and back: every row, and numbers that go on."""

import pytest
from sqlalchemy import select

from daemon.adapters.store import open_store, sqlite_file
from daemon.adapters.store.copying import at_work, copy_to_file, fill_from_file, is_used
from daemon.adapters.store.tables import lease, metadata
from daemon.core.notice import Notice
from daemon.seams import BaseMeasure, BaseRow, Change, Envelope, MailOutcome, OutboxState

from .samples import NOW, case_id, key, opening


def rows_of(address):
    store = open_store(address, read_only=True)
    try:
        with store._reading() as connection:
            tables = (table for table in metadata.sorted_tables if table is not lease)
            return {table.name: sorted(map(repr, connection.execute(select(table)))) for table in tables}
    finally:
        store.close()


@pytest.fixture
def full(address):
    """A store with a bit of everything; a mail of the outbox refers to one that comes after it."""
    store = open_store(address)
    store.commit(opening(), NOW)
    mail = store.remember_mail(key("1"), b"raw", "<a>", NOW)
    store.finish_mail(mail.id, MailOutcome.CASE, case=case_id())
    one, other = (Envelope(Notice("receipt", f"{n}@x.example"), f"{n}@x.example", f"<{n}>", f"KS-{n}") for n in "12")
    store.plan([one, other], NOW)
    first, second = store.outbox(OutboxState.PLANNED, NOW, 9)
    store.make_ready(second.id, b"bytes", [first.id])
    store.next_number("2611")
    store.remember("a", "b")
    store.put_profile("text")
    store.queue_command("requeue", {"mail": "1"}, NOW)
    store.keep_ledger(
        [BaseRow(case_id(), {"number": "KS-1", "at": NOW.replace(tzinfo=None)}, {"due": "下周"}, seq=1)], "s"
    )
    store.keep_measures([BaseMeasure("k.1", case_id(), {"what": "全检"}, {"due": "下周"})])
    store.add_generation("s", {case_id(): None})
    store.log_changes([Change(NOW, "KS-1", "期限", None, "下周", "王芳", "台账")])
    store.take_lease("owner", 600)
    store.close()
    return address


def test_every_row_goes_there_and_comes_back(full, tmp_path, postgresql):
    before, file, other = rows_of(full), tmp_path / "one.db", postgresql.address(postgresql.new_schema())
    copy_to_file(full, file)
    assert sorted(path.name for path in tmp_path.glob("one.db*")) == ["one.db"], "one file alone"
    assert rows_of(sqlite_file(file)) == before
    assert not is_used(other)
    fill_from_file(other, file)
    assert is_used(other)
    assert rows_of(other) == before
    copy_to_file(other, tmp_path / "two.db")
    assert rows_of(sqlite_file(tmp_path / "two.db")) == before
    fill_from_file(full, tmp_path / "two.db")
    assert rows_of(full) == before


def test_numbers_go_on_and_nobody_holds_the_lease(full, tmp_path, postgresql):
    assert at_work(full) == "owner"
    file, other = tmp_path / "one.db", postgresql.address(postgresql.new_schema())
    copy_to_file(full, file)
    fill_from_file(other, file)
    assert at_work(other) is None
    store = open_store(other)
    assert store.remember_mail(key("2"), b"raw", "<b>", NOW).id == 2
    assert store.next_number("2611") == 2
    assert store.take_lease("another", 60) == 2, "the fencing number goes on"
    store.close()
