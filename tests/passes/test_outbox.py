import logging
from datetime import timedelta

import pytest

from daemon.core.notice import Notice
from daemon.passes.backoff import wait_after
from daemon.passes.outbox import GIVE_UP_AFTER, outbox_pass
from daemon.passes.rendering import rendering_pass
from daemon.seams import Delivery, OutboxState, SendResult
from tests.cast import CHEN, LI, PRODUCTION, QUALITY, WANG, ZHAO
from tests.scenarios.letters import FORM, SLIGHT

REFUSED = SendResult(Delivery.REFUSED, "550 5.1.1 user unknown")
TOO_LARGE = SendResult(Delivery.UNWANTED, "DATA: 552 5.3.4 message size exceeds limit")
LATER = SendResult(Delivery.LATER, "451 try again")
CASE = "2611001"


def complain(desk, symptom="焊接不良，焊点脱落。"):
    desk.mail(f"李娜 <{LI}>", "投诉：焊点脱落", FORM.format(bad=30, symptom=symptom))


def rows(desk, address):
    store = desk.desk.store
    return [row for row in store.outbox_of(store.case_numbered(CASE).id) if row.recipient == address]


@pytest.mark.parametrize(
    ("attempts", "minutes"),
    [(0, 1), (1, 2), (2, 4), (3, 8), (4, 16), (5, 32), (6, 64), (7, 128), (8, 240), (9, 240), (100, 240), (10**6, 240)],
)
def test_the_wait_doubles_up_to_four_hours(attempts, minutes):
    assert wait_after(attempts) == timedelta(minutes=minutes)


def test_a_temporary_refusal_is_tried_again_after_the_wait(desk):
    desk.sender.script(LI, LATER, LATER)
    complain(desk)
    (row,) = rows(desk, LI)
    assert (row.state, row.attempts, row.detail) == (OutboxState.READY, 1, "451 try again")
    assert row.next_try_at == desk.clock.now() + timedelta(minutes=1)
    desk.clock.advance(timedelta(seconds=59))
    desk.tick()
    assert rows(desk, LI)[0].attempts == 1
    desk.clock.advance(timedelta(seconds=1))
    desk.tick()
    assert rows(desk, LI)[0].next_try_at == desk.clock.now() + timedelta(minutes=2)
    desk.clock.advance(timedelta(minutes=2))
    desk.tick()
    assert rows(desk, LI)[0].state is OutboxState.SENT
    attempts = [one.raw for one in desk.sender.attempts if one.recipient == LI]
    assert len(attempts) == 3
    assert len(set(attempts)) == 1


def test_one_address_that_must_wait_keeps_nobody_else_waiting(desk):
    desk.sender.script(LI, LATER)
    complain(desk)
    assert desk.to(PRODUCTION)
    assert not desk.to(LI)


def test_after_five_days_it_gives_up_and_tells_quality(desk):
    desk.sender.script(PRODUCTION, *[LATER] * 200)
    complain(desk)
    row = rows(desk, PRODUCTION)[0]
    now = row.planned_at + GIVE_UP_AFTER
    list(outbox_pass(desk.desk, now - timedelta(seconds=1)))
    assert rows(desk, PRODUCTION)[0].state is OutboxState.READY
    list(outbox_pass(desk.desk, now + timedelta(hours=5)))
    assert rows(desk, PRODUCTION)[0].state is OutboxState.REFUSED
    case = desk.desk.store.case_numbered(CASE)
    assert case.dead_addresses == (PRODUCTION,)


def test_a_permanent_refusal_is_told_and_the_next_in_the_chain_gets_the_task(desk):
    desk.sender.script(PRODUCTION, REFUSED)
    complain(desk)
    assert desk.desk.store.case_numbered(CASE).dead_addresses == (PRODUCTION,)
    assert "550" in desk.last(WANG, "无法送达").text
    assert any("收到" in button.subject for button in desk.last(ZHAO).buttons)
    assert len([one for one in desk.sender.attempts if one.recipient == PRODUCTION]) == 1


def complain_with_a_picture(desk):
    picture = ("照片.pdf", b"%PDF-1.4" + b"x" * 50_000)
    writer = desk._writer(LI, "李娜")
    desk.put(writer.write("投诉：焊点脱落", FORM.format(bad=30, symptom="焊接不良，焊点脱落。"), [picture]))


def test_a_mail_that_is_not_wanted_goes_once_more_without_the_evidence_and_the_address_lives(desk):
    desk.sender.script(PRODUCTION, TOO_LARGE)
    complain_with_a_picture(desk)
    case = desk.desk.store.case_numbered(CASE)
    assert case.dead_addresses == ()
    first, second = [row for row in rows(desk, PRODUCTION) if row.notice.template == "notice"]
    assert (first.state, first.notice.evidence) == (OutboxState.REFUSED, True)
    assert (second.state, second.notice.evidence) == (OutboxState.SENT, False)
    mail = desk.last(PRODUCTION)
    assert "附件/2611001" in mail.text
    assert not any("照片" in name for name in mail.attachments)
    assert any("收到" in button.subject for button in mail.buttons)
    told = desk.last(WANG, "无法送达")
    assert "552" in told.text
    assert "不带客户附件" in told.text
    assert not desk.to(ZHAO)


def test_a_mail_that_is_not_wanted_without_evidence_is_told_and_not_sent_again(desk):
    desk.sender.script(PRODUCTION, *[TOO_LARGE] * 9)
    complain_with_a_picture(desk)
    assert len([one for one in desk.sender.attempts if one.recipient == PRODUCTION]) == 2
    assert len(desk.to(WANG, "无法送达")) == 2
    assert desk.desk.store.case_numbered(CASE).dead_addresses == ()


def test_what_quality_does_not_want_to_hear_comes_to_rest(desk):
    desk.sender.script(PRODUCTION, *[TOO_LARGE] * 9)
    desk.sender.script(WANG, *[TOO_LARGE] * 99)
    complain_with_a_picture(desk)
    assert len(desk.sender.attempts) < 20
    assert not list(outbox_pass(desk.desk, desk.clock.now()))


def test_a_refusal_is_told_although_its_case_cannot_be_changed(desk, caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL)
    complain(desk)
    now = desk.clock.now() + timedelta(minutes=1)
    case = desk.desk.store.case_numbered(CASE)
    notice = Notice("closed", PRODUCTION, "生产部", case.id, "closed", urgent=True)
    desk.sender.script(PRODUCTION, REFUSED)
    desk.desk.store.plan(desk.desk.envelopes([notice], case, now), now)
    list(rendering_pass(desk.desk, now))

    def unreadable(*_):
        raise ValueError("the profile cannot be read")

    with monkeypatch.context() as patch:
        patch.setattr("daemon.passes.outbox.decision", unreadable)
        list(outbox_pass(desk.desk, now))
    desk.tick()
    assert "550" in desk.last(WANG, "无法送达").text
    assert desk.desk.store.case_numbered(CASE).dead_addresses == ()


def test_a_mail_that_fails_keeps_no_other_waiting_and_is_tried_again(desk, caplog, monkeypatch):
    caplog.set_level(logging.CRITICAL)
    whole = desk.sender.send

    def broken(raw, sender, recipient):
        if recipient == LI:
            raise RuntimeError("it broke")
        return whole(raw, sender, recipient)

    with monkeypatch.context() as patch:
        patch.setattr(desk.sender, "send", broken)
        complain(desk)
    assert desk.to(PRODUCTION)
    assert (rows(desk, LI)[0].state, rows(desk, LI)[0].detail) == (OutboxState.READY, "it broke")
    desk.clock.advance(timedelta(minutes=1))
    desk.tick()
    assert len(desk.to(LI)) == 1


def test_when_everybody_is_gone_it_comes_to_rest(desk):
    for address in (PRODUCTION, ZHAO, WANG, CHEN, QUALITY, LI):
        desk.sender.script(address, *[REFUSED] * 50)
    complain(desk)
    assert len(desk.sender.attempts) < 30
    assert not list(outbox_pass(desk.desk, desk.clock.now()))


def test_a_mail_of_no_case_that_is_refused_is_told_once(desk):
    store, now = desk.desk.store, desk.clock.now()
    notice = Notice("summary", CHEN, "陈立新", None, "summary", urgent=True, values={})
    desk.sender.script(CHEN, REFUSED)
    desk.sender.script(WANG, *[REFUSED] * 5)
    store.plan(desk.desk.envelopes([notice], None, now), now)
    desk.tick()
    assert [one.recipient for one in desk.sender.attempts] == [CHEN, WANG]


def test_the_connection_is_ended_after_each_pass_that_had_something_to_send(desk):
    desk.tick()
    assert desk.sender.closed == 0
    complain(desk, SLIGHT)
    assert desk.sender.closed >= 1
