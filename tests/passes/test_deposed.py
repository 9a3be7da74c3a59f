"""A daemon that another has taken the lease from: no pass does anything that can be seen from outside."""

import pytest

from daemon.core.notice import Notice
from daemon.passes.intake import shelve_pass
from daemon.passes.outbox import outbox_pass
from daemon.seams import LeaseLost, OutboxState
from daemon.service import tick
from tests.cast import LI, QUALITY
from tests.scenarios.letters import FORM, SLIGHT


def depose(desk):
    store = desk.desk.store
    store.take_lease("other", 60, seize=True)
    store._fence -= 1


def plan_a_mail(desk):
    store, now = desk.desk.store, desk.clock.now()
    store.plan(desk.desk.envelopes([Notice("digest_help", QUALITY, urgent=True)], None, now), now)
    (row,) = store.outbox(OutboxState.PLANNED, now, 9)
    store.make_ready(row.id, b"From: a\r\n\r\nb")


def test_no_mail_is_sent(desk):
    desk.desk.store.take_lease("we", 60)
    plan_a_mail(desk)
    depose(desk)
    with pytest.raises(LeaseLost, match="other"):
        list(outbox_pass(desk.desk, desk.clock.now()))
    assert not desk.sent


def test_no_file_is_written(desk, tmp_path):
    desk.desk.store.take_lease("we", 60)
    desk.desk.put_file(tmp_path / "8D" / "a.docx", b"ours")
    depose(desk)
    with pytest.raises(LeaseLost):
        desk.desk.put_file(tmp_path / "8D" / "a.docx", b"late")
    assert (tmp_path / "8D" / "a.docx").read_bytes() == b"ours"


def test_no_mail_is_moved(desk):
    store = desk.desk.store
    key = desk.mailbox.put(b"Subject: x\r\n\r\ny")
    store.take_lease("we", 60)
    record = store.remember_mail(key, b"x", None, desk.clock.now())
    store.finish_mail(record.id, "aside")
    depose(desk)
    with pytest.raises(LeaseLost):
        list(shelve_pass(desk.desk, desk.clock.now()))
    assert desk.mailbox.inbox


def test_it_ends_the_tick_at_once(desk):
    desk.desk.store.take_lease("we", 60)
    depose(desk)
    with pytest.raises(LeaseLost):
        desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    with pytest.raises(LeaseLost):
        list(tick(desk.desk, desk.clock.now()))
    assert not desk.happened
    assert not desk.rows
