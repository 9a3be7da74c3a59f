"""The journal's chain, and how old events are read."""

import pytest
from sqlalchemy import update

from daemon.adapters.store.tables import events
from daemon.adapters.store.upcasts import UPCASTS
from daemon.core.events import EventType
from daemon.seams import Decision

from .samples import NOW, case_id, complaint, happened, opening


@pytest.fixture
def journal(store):
    store.commit(opening(events=3), NOW)
    store.commit(Decision(case=complaint(), expected_seq=3, events=(happened(note="later"),)), NOW)
    store.commit(opening(2, events=2), NOW)
    return store


def spoil(store, seq, **values):
    with store._writing() as connection:
        connection.execute(update(events).where(events.c.case == case_id(), events.c.seq == seq).values(**values))


def test_a_chain_runs_over_commits(journal):
    assert journal.broken_chain(case_id(1)) is None
    assert journal.broken_chain(case_id(2)) is None


@pytest.mark.parametrize(
    "change",
    [
        {"data": '{"note":"nothing"}'},
        {"data": "not json"},
        {"by": "somebody"},
        {"cause": "mail:2"},
        {"at": 2**62},
        {"type": "approved"},
        {"version": 2},
        {"via": "cli"},
        {"data": None, "data_sha256": "0" * 64},
        {"previous": "0" * 64},
        {"hash": "0" * 64},
    ],
)
def test_a_changed_row_breaks_the_chain_there(journal, change):
    spoil(journal, 3, **change)
    assert journal.broken_chain(case_id()) == 3
    assert journal.broken_chain(case_id(2)) is None


@pytest.mark.parametrize("seq", [1, 2, 4])
def test_a_missing_row_breaks_the_chain_there(journal, seq):
    with journal._writing() as connection:
        connection.execute(events.delete().where(events.c.case == case_id(), events.c.seq == seq))
    assert journal.broken_chain(case_id()) == seq


def test_a_row_too_many_breaks_the_chain(journal):
    with journal._writing() as connection:
        connection.exec_driver_sql("UPDATE cases SET seq = 3")
    assert journal.broken_chain(case_id()) == 4


def test_erased_data_leaves_the_chain_whole(journal):
    spoil(journal, 2, data=None)
    assert journal.broken_chain(case_id()) is None
    assert [dict(event.data) for event in journal.events(case_id())][1] == {}
    journal.commit(Decision(case=complaint(), expected_seq=4, events=(happened(),)), NOW)
    assert journal.broken_chain(case_id()) is None


def test_half_characters_do_not_break_the_chain(store):
    store.commit(Decision(case=complaint(), events=(happened(note="a\udc80\0b"),)), NOW)
    assert store.broken_chain(case_id()) is None
    assert store.events(case_id())[0].data == {"note": "a\ufffd\0b"}


def test_an_unknown_case_has_no_break(store):
    assert store.broken_chain(case_id()) is None


def test_old_events_are_raised_step_by_step_when_read(store, monkeypatch):
    def name_the_grade(data):
        return {"severity": data["grade"]}

    def say_who(data):
        return {**data, "by": "unknown"}

    monkeypatch.setitem(UPCASTS, (EventType.REGISTERED, 1), name_the_grade)
    monkeypatch.setitem(UPCASTS, (EventType.REGISTERED, 2), say_who)
    store.commit(Decision(case=complaint(), events=(happened(grade="重大"),)), NOW)
    (event,) = store.events(case_id())
    assert event.version == 3
    assert event.data == {"severity": "重大", "by": "unknown"}
    assert store.broken_chain(case_id()) is None
