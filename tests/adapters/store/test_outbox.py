"""Outgoing mails from plan to sent."""

from dataclasses import replace

import pytest
from sqlalchemy.exc import IntegrityError

from daemon.adapters.store import NotPlanned
from daemon.seams import PUT_OFF, OutboxState

from .samples import HOUR, NOW, case_id, envelope, opening


def ids(rows):
    return [row.id for row in rows]


def test_a_planned_row_comes_back_as_it_was_planned(store):
    given = envelope(not_before=NOW)
    store.plan([given], NOW)
    (row,) = store.outbox(OutboxState.PLANNED, NOW, 9)
    assert (row.notice, row.recipient, row.message_id, row.code) == (
        replace(given.notice),
        given.recipient,
        given.message_id,
        given.code,
    )
    assert (row.state, row.planned_at, row.next_try_at, row.attempts) == (OutboxState.PLANNED, NOW, NOW, 0)


def test_rows_wait_for_their_time(store):
    store.plan([envelope(1, not_before=NOW + HOUR), envelope(2), envelope(3, not_before=NOW)], NOW)
    assert ids(store.outbox(OutboxState.PLANNED, NOW, 9)) == [2, 3]
    assert ids(store.outbox(OutboxState.PLANNED, NOW + HOUR, 2)) == [1, 2]
    assert store.outbox(OutboxState.READY, NOW, 9) == ()


def test_bytes_are_fixed_once(store):
    store.plan([envelope(1), envelope(2), envelope(3)], NOW)
    store.make_ready(1, b"bytes", merged=[3])
    (row,) = store.outbox(OutboxState.READY, NOW, 9)
    assert store.blob(row.sha256) == b"bytes"
    assert ids(store.outbox(OutboxState.MERGED, NOW, 9)) == [3]
    with pytest.raises(NotPlanned):
        store.make_ready(1, b"others")
    assert store.outbox(OutboxState.READY, NOW, 9) == (row,)


def test_a_mail_is_made_ready_with_all_it_tells_or_not_at_all(store):
    store.plan([envelope(1), envelope(2)], NOW)
    store.make_ready(2, b"bytes")
    with pytest.raises(NotPlanned, match="row 2"):
        store.make_ready(1, b"both", merged=[2])
    assert ids(store.outbox(OutboxState.PLANNED, NOW, 9)) == [1]


def test_attempts_and_answers_are_recorded(store):
    store.plan([envelope()], NOW)
    store.make_ready(1, b"bytes")
    store.record_send(1, OutboxState.READY, NOW, NOW + HOUR, "451 later")
    assert store.outbox(OutboxState.READY, NOW, 9) == ()
    (row,) = store.outbox(OutboxState.READY, NOW + HOUR, 9)
    assert (row.attempts, row.detail, row.sent_at) == (1, "451 later", None)
    store.record_send(1, OutboxState.SENT, NOW + HOUR, None, "250 ok")
    (row,) = store.outbox(OutboxState.SENT, NOW, 9)
    assert (row.attempts, row.detail, row.sent_at) == (2, "250 ok", NOW + HOUR)
    with pytest.raises(KeyError):
        store.record_send(9, OutboxState.SENT, NOW, None, "")


def test_rows_are_found_by_what_they_carry(store):
    store.commit(opening(), NOW)
    store.plan([envelope(1, case_id()), envelope(2)], NOW)
    assert ids([store.sent_to("<2@kesu>")]) == [2]
    assert store.sent_to("<9@kesu>") is None
    assert ids(store.outbox_of(case_id())) == [1]


@pytest.mark.parametrize(
    "written", ["KS-ABCD-0002", "ks-abcd-0002", " [KS‐ABCD‐0002] ", "ＫＳ－ＡＢＣＤ－０００２", "KS ABCD 0002"]
)
def test_a_code_is_found_however_it_was_written(store, written):
    store.plan([envelope(1), envelope(2)], NOW)
    found = store.with_code(written)
    assert found is not None
    assert (found.id, found.code) == (2, "KS-ABCD-0002")


def test_codes_that_are_none(store):
    store.plan([envelope(1, code=""), envelope(2, code="")], NOW)
    assert store.with_code("") is None
    assert store.with_code("---") is None
    assert store.with_code("KS-ABCD-9999") is None


def test_a_message_id_is_planned_once(store):
    with pytest.raises(IntegrityError):
        store.plan([envelope(1), envelope(2), envelope(1, code="other")], NOW)
    assert store.outbox(OutboxState.PLANNED, NOW, 9) == ()


def test_what_one_address_got_is_counted_whatever_its_letters(store):
    store.plan(
        [envelope(n, recipient=to) for n, to in enumerate(("A@c.example", "a@C.example", "b@c.example"), 1)], NOW
    )
    first, second, other = ids(store.outbox(OutboxState.PLANNED, NOW, 9))
    assert store.mailed({"a@c.example"}, NOW) == {}
    for row in (first, second, other):
        store.make_ready(row, b"raw")
    store.record_send(first, OutboxState.SENT, NOW, None, "")
    assert store.mailed({"a@c.example"}, NOW) == {"a@c.example": 2}
    assert store.mailed({"a@c.example", "b@c.example"}, NOW + HOUR) == {"a@c.example": 1, "b@c.example": 1}


def test_what_is_put_off_waits_counts_no_attempt_and_is_told(store):
    store.plan([envelope(1), envelope(2)], NOW)
    first, second = ids(store.outbox(OutboxState.PLANNED, NOW, 9))
    assert "outbox.put_off" not in store.counts()
    store.put_off([first], NOW + HOUR, PUT_OFF)
    assert ids(store.outbox(OutboxState.PLANNED, NOW, 9)) == [second]
    assert store.counts()["outbox.put_off"] == 1
    row = next(one for one in store.outbox(OutboxState.PLANNED, NOW + HOUR, 9) if one.id == first)
    assert (row.attempts, row.detail) == (0, PUT_OFF)
    store.make_ready(second, b"raw")
    with pytest.raises(NotPlanned):
        store.put_off([second], NOW + HOUR, PUT_OFF)
