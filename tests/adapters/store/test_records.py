"""Documents, ledger, profiles, duties, values, commands and the lease."""

from datetime import timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from daemon.core.case import Status
from daemon.seams import Document, MailOutcome, OutboxState

from .samples import NOW, case_id, complaint, envelope, key, opening


def document(kind="internal", revision=1):
    return Document(case_id(), kind, revision, "d" * 64, f"8D/KS-2026-0001/{kind}-{revision}.docx", NOW)


def test_documents_by_kind_and_revision(store):
    store.commit(opening(), NOW)
    kept = [document("internal", 2), document("external", 1), document("internal", 1)]
    for one in kept:
        store.add_document(one)
    assert store.documents(case_id()) == (kept[1], kept[2], kept[0])
    assert store.documents(case_id(2)) == ()
    with pytest.raises(IntegrityError):
        store.add_document(document("internal", 2))


def test_profiles_by_hash(store):
    sha256 = store.put_profile("name = '标准'\r\n")
    assert store.put_profile("name = '标准'\r\n") == sha256
    assert store.profile(sha256) == "name = '标准'\r\n"
    with pytest.raises(KeyError):
        store.profile("0" * 64)


def test_counters_count_apart_from_one(store):
    assert [store.next_number("KS-2026") for _ in range(3)] == [1, 2, 3]
    assert store.next_number("KS-2027") == 1


def test_a_period_is_done_once(store):
    assert not store.period_done("summary", "2026-W10")
    assert store.finish_period("summary", "2026-W10", [envelope(1)], NOW)
    assert not store.finish_period("summary", "2026-W10", [envelope(2)], NOW)
    assert store.period_done("summary", "2026-W10")
    assert not store.period_done("summary", "2026-W11")
    assert len(store.outbox(OutboxState.PLANNED, NOW, 9)) == 1


def test_the_latest_period_of_each_duty(store):
    for day in (4, 5, 3):
        store.finish_period("duty:a", f"2026-03-{day:02}", (), NOW + timedelta(days=day))
    store.finish_period("duty:b", "2026-01-31", (), NOW)
    assert store.last_periods(["duty:a", "duty:b", "duty:c"]) == {
        "duty:a": ("2026-03-05", NOW + timedelta(days=5)),
        "duty:b": ("2026-01-31", NOW),
    }
    assert store.last_periods(()) == {}


def test_a_period_stays_open_when_its_notices_cannot_be_planned(store):
    with pytest.raises(IntegrityError):
        store.finish_period("summary", "2026-W10", [envelope(1), envelope(1)], NOW)
    assert not store.period_done("summary", "2026-W10")


def test_values_are_kept_and_replaced(store):
    assert store.recall("last_tick") is None
    store.remember("last_tick", "1")
    store.remember("last_tick", "2")
    assert store.recall("last_tick") == "2"


def test_commands_wait_until_they_are_done(store):
    store.queue_command("migrate", {"case": "KS-2026-0001"}, NOW)
    store.queue_command("resend", {}, NOW)
    assert store.take_commands(1) == ((1, "migrate", {"case": "KS-2026-0001"}),)
    store.finish_command(1, "done", NOW)
    assert store.take_commands(9) == ((2, "resend", {}),)
    with pytest.raises(KeyError):
        store.finish_command(9, "", NOW)


def test_figures(store):
    store.commit(opening(1), NOW)
    store.commit(opening(2, case=complaint(2, status=Status.CLOSED)), NOW)
    store.plan([envelope(1), envelope(2)], NOW)
    mail = store.remember_mail(key(), b"raw", None, NOW).id
    store.finish_mail(mail, MailOutcome.ASIDE)
    counts = store.counts()
    assert {name: n for name, n in counts.items() if n} == {"cases.open": 1, "mails.aside": 1, "outbox.planned": 2}
    assert counts["outbox.sent"] == 0
