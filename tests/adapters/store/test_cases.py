"""Cases: committed whole or not at all, read back as they were."""

import hashlib
from dataclasses import replace

import pytest
from sqlalchemy import event as sqlalchemy_event
from sqlalchemy.exc import IntegrityError

from daemon.adapters.store import NumberTaken
from daemon.core.case import Status
from daemon.core.events import EventType
from daemon.seams import Decision, MailKey, MailOutcome, OutboxState, StaleCase

from .samples import HOUR, NOW, case_id, complaint, envelope, full_complaint, happened, key, opening

DATA = b"video"
SHA256 = hashlib.sha256(DATA).hexdigest()


def test_one_commit_writes_all_that_a_mail_led_to(store):
    mail = store.remember_mail(key(), b"raw", "<a@x>", NOW).id
    decision = Decision(
        case=full_complaint(),
        events=(happened(), happened(kind=EventType.STEP_OPENED, step="contain")),
        envelopes=(envelope(1, case_id()), envelope(2)),
        mail=mail,
        outcome=MailOutcome.CASE,
        detail="新投诉",
        blobs={SHA256: DATA},
        next_due_at=NOW,
    )
    store.commit(decision, NOW)
    assert store.case(case_id()) == replace(full_complaint(), seq=2)
    assert store.case_numbered("KS-2026-0001") == store.case(case_id())
    assert [(e.seq, e.type) for e in store.events(case_id())] == [(1, "registered"), (2, "step_opened")]
    assert [row.message_id for row in store.outbox_of(case_id())] == ["<1@kesu>", "<2@kesu>"]
    (record,) = store.mails_of(case_id())
    assert (record.outcome, record.detail) == (MailOutcome.CASE, "新投诉")
    assert store.blob(SHA256) == DATA
    assert store.due_cases(NOW, 5) == (store.case(case_id()),)


def test_events_come_back_as_they_were(store):
    fact = replace(happened(), data={"b": [1, 2.5, None, True], "a": {"文": "本"}}, by="zhang@customer.example")
    store.commit(opening(events=0), NOW)
    store.commit(Decision(case=complaint(), events=(fact,)), NOW)
    assert store.events(case_id()) == (fact,)


def test_a_decision_without_a_case_records_the_mail_and_plans(store):
    mail = store.remember_mail(key(), b"raw", None, NOW).id
    store.commit(Decision(envelopes=(envelope(),), mail=mail, outcome=MailOutcome.ASIDE, detail="不明"), NOW)
    assert store.mails_to_decide(9) == ()
    assert [row.case for row in store.outbox(OutboxState.PLANNED, NOW, 9)] == [None]


def test_events_without_a_case_are_refused(store):
    with pytest.raises(ValueError, match="needs the case"):
        store.commit(Decision(events=(happened(),)), NOW)


def test_events_of_another_case_are_refused(store):
    with pytest.raises(ValueError, match="cannot be committed"):
        store.commit(Decision(case=complaint(), events=(happened(2),)), NOW)
    assert store.case_numbered("KS-2026-0001") is None


@pytest.mark.parametrize("expected", [0, 1, 3])
def test_a_case_that_moved_on_is_stale(store, expected):
    store.commit(opening(events=2), NOW)
    with pytest.raises(StaleCase):
        store.commit(Decision(case=complaint(subject="neu"), expected_seq=expected, events=(happened(),)), NOW)
    assert store.case(case_id()).subject == complaint().subject
    assert len(store.events(case_id())) == 2


def test_a_case_that_never_was_is_stale(store):
    with pytest.raises(StaleCase):
        store.commit(Decision(case=complaint(), expected_seq=1, events=(happened(),)), NOW)


def test_an_event_that_is_there_already_is_stale(store):
    store.commit(opening(events=1), NOW)
    with store._writing() as connection:
        connection.exec_driver_sql("UPDATE cases SET seq = 0")
    with pytest.raises(StaleCase, match="somebody else"):
        store.commit(Decision(case=complaint(), events=(happened(),)), NOW)


def test_a_number_is_given_to_one_case(store):
    store.commit(opening(), NOW)
    with pytest.raises(NumberTaken, match="KS-2026-0001"):
        store.commit(Decision(case=complaint(2, number="KS-2026-0001"), events=(happened(2),)), NOW)


@pytest.mark.parametrize(
    ("broken", "fault"),
    [
        ({"envelopes": (envelope(2), envelope(2))}, IntegrityError),
        ({"envelopes": (envelope(2), envelope(3, code=envelope(2).code))}, IntegrityError),
        ({"blobs": {"0" * 64: DATA}}, ValueError),
        ({"mail": 99, "outcome": MailOutcome.CASE}, KeyError),
        ({"next_due_at": NOW.replace(tzinfo=None)}, Exception),
        ({"events": (happened(), happened(bad=float("nan")))}, ValueError),
        ({"events": (happened(), happened(bad=NOW))}, TypeError),
    ],
)
def test_nothing_stays_of_a_commit_that_fails_half_way(store, broken, fault):
    mail = store.remember_mail(key(), b"raw", None, NOW)
    whole = opening(events=2, mail=mail.id, outcome=MailOutcome.CASE, blobs={SHA256: DATA})
    with pytest.raises(fault):
        store.commit(replace(whole, **broken), NOW)
    assert list(store.cases()) == []
    assert store.events(case_id()) == ()
    assert store.outbox(OutboxState.PLANNED, NOW, 9) == ()
    assert store.mails_to_decide(9) == (mail,)
    with pytest.raises(KeyError):
        store.blob(SHA256)
    store.commit(whole, NOW)


def test_a_later_commit_changes_snapshot_and_due_time(store):
    store.commit(opening(next_due_at=NOW), NOW)
    changed = complaint(status=Status.CLOSED, closed_at=NOW, number="KS-2026-0009")
    store.commit(Decision(case=changed, expected_seq=1, events=(happened(kind=EventType.CLOSED),)), NOW)
    assert store.due_cases(NOW + 999 * HOUR, 9) == ()
    assert store.case_numbered("KS-2026-0009") == replace(changed, seq=2)
    assert store.case_numbered("KS-2026-0001") is None


def test_unknown_cases(store):
    with pytest.raises(KeyError):
        store.case(case_id())
    assert store.case_numbered("nope") is None
    assert store.events(case_id()) == ()


def test_all_cases_by_number_while_the_caller_writes(store, monkeypatch):
    monkeypatch.setattr("daemon.adapters.store.cases._PAGE", 3)
    for n in (5, 1, 7, 3, 2, 6, 4):
        store.commit(opening(n), NOW)
    seen = []
    for case in store.cases():
        store.remember("at", case.number)
        seen.append(case.number)
    assert seen == [f"KS-2026-{n:04}" for n in range(1, 8)]


def test_cases_opened_since(store):
    for n in range(1, 5):
        store.commit(opening(n, case=complaint(n, opened_at=NOW + n * HOUR)), NOW)
    assert [case.id.int for case in store.cases_since(NOW + 3 * HOUR)] == [3, 4]


def test_due_cases_come_most_overdue_first(store):
    for n, hours in ((1, -1), (2, -3), (3, 1), (4, 0)):
        store.commit(opening(n, next_due_at=NOW + hours * HOUR), NOW)
    store.commit(opening(5), NOW)
    assert [case.id.int for case in store.due_cases(NOW, 9)] == [2, 1, 4]
    assert [case.id.int for case in store.due_cases(NOW, 1)] == [2]


@pytest.mark.parametrize(
    ("ask", "index"),
    [
        (lambda store: store.due_cases(NOW, 9), "ix_cases_next_due_at_number"),
        (lambda store: store.outbox(OutboxState.READY, NOW, 9), "ix_outbox_state_next_try_at"),
        (lambda store: store.mails_to_decide(9), "ix_mails_outcome"),
        (lambda store: store.with_code("KS-1"), "sqlite_autoindex_outbox"),
        (lambda store: store.mails_like("<a>", "0" * 64, 9), "ix_mails_message_id"),
        (lambda store: store.mails_like("<a>", "0" * 64, 9), "ix_mails_sha256"),
        (lambda store: store.known_mails([MailKey("a", "INBOX", 1, "1")]), "sqlite_autoindex_mails"),
        (lambda store: store.take_commands(9), "ix_commands_done_at"),
        (lambda store: store.cases_of_customer("北方", 9), "ix_cases_customer_opened_at"),
    ],
)
@pytest.mark.parametrize("kind", ["sqlite"], indirect=True)  # PostgreSQL plans by how much there is
def test_what_is_asked_every_tick_is_found_by_an_index(store, ask, index):
    asked = []

    def note(_connection, _cursor, statement, parameters, *_more):
        if statement.startswith("SELECT"):
            asked.append((statement, parameters))

    sqlalchemy_event.listen(store._engine, "before_cursor_execute", note)
    ask(store)
    (statement, parameters) = asked[0]
    with store._reading() as connection:
        plan = " ".join(row.detail for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters))
    assert "SEARCH" in plan
    assert index in plan
    assert "SCAN" not in plan
