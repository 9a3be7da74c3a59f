from datetime import timedelta

import pytest

from daemon.core.notice import Notice
from daemon.passes.backoff import wait_after
from daemon.passes.outbox import GIVE_UP_AFTER, outbox_pass
from daemon.seams import Delivery, OutboxState, SendResult
from tests.cast import CHEN, LI, PRODUCTION, QUALITY, WANG, ZHAO
from tests.scenarios.letters import FORM, SLIGHT

REFUSED = SendResult(Delivery.REFUSED, "550 5.1.1 user unknown")
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
