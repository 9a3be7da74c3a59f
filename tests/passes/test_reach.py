"""Mailboxes that fail: when they are tried again, what the log says of it, and that no other mailbox waits for them."""

import socket
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from daemon.adapters.imap import ImapAccount, ImapMailbox
from daemon.adapters.tls import Security
from daemon.passes.desk import Away
from daemon.passes.intake import fetch_pass
from daemon.passes.reach import failed, how_long, is_due, pause
from daemon.service import tick
from tests.cast import LI
from tests.core.play import at
from tests.fakes.mail import FakeMailbox
from tests.scenarios.letters import FORM, SLIGHT

NOON = at("11-02 12:00")
SECOND = timedelta(seconds=1)


class Tries(FakeMailbox):
    """A mailbox that notes when it is asked."""

    def __init__(self, account, clock, asked):
        super().__init__(account)
        self.clock, self.asked = clock, asked

    def _reach(self):
        self.asked.append((self.account, self.clock.now()))
        super()._reach()


@pytest.fixture
def asked(desk):
    """The mailboxes `one` and `two`, and who was asked when."""
    asked = []
    boxes = tuple(Tries(name, desk.clock, asked) for name in ("one", "two"))
    desk.desk = replace(desk.desk, mailboxes=boxes)
    desk.one, desk.two = boxes
    return asked


def ticks(desk, number, seconds=30):
    """Let so many ticks pass, and return what they said of mailboxes."""
    said = []
    for _ in range(number):
        said += [one for one in tick(desk.desk, desk.clock.now()) if one.event.startswith("mailbox.")]
        desk.clock.advance(timedelta(seconds=seconds))
    return said


def test_the_pauses_grow_to_five_minutes():
    assert [pause(n).total_seconds() for n in (1, 2, 3, 4, 5, 6, 10_000)] == [30, 60, 120, 240, 300, 300, 300]


def test_the_next_try_is_due_after_the_pause_and_when_the_clock_was_set_back():
    away = failed(failed(None, NOON), NOON + 30 * SECOND)
    assert away == Away(NOON, NOON + 30 * SECOND, NOON, 2)
    assert is_due(None, NOON)
    assert not is_due(away, NOON + 89 * SECOND)
    assert is_due(away, NOON + 90 * SECOND)
    assert is_due(away, NOON - SECOND)


def test_it_is_told_once_an_hour_and_progress_shortens_the_pause():
    away = failed(None, NOON)
    for minute in range(1, 60):
        away = failed(away, NOON + timedelta(minutes=minute))
    assert (away.told, away.failures) == (NOON, 60)
    away = failed(away, NOON + timedelta(hours=1), progress=True)
    assert (away.since, away.told, away.failures) == (NOON, NOON + timedelta(hours=1), 1)


@pytest.mark.parametrize(
    ("minutes", "says"), [(0, "1 分钟"), (42, "42 分钟"), (65, "1 小时 5 分钟"), (120, "2 小时"), (3000, "50 小时")]
)
def test_a_length_of_time_in_words(minutes, says):
    assert how_long(timedelta(minutes=minutes)) == says


def test_a_mailbox_that_stays_away_is_told_once_an_hour_and_when_it_is_well(desk, asked):
    desk.one.broken = "no route to host"
    said = ticks(desk, 2 * 60 * 2)  # two hours
    assert [one.event for one in said] == ["mailbox.unreachable"] * 2
    assert "one：收信不成" in said[0].text
    assert "no route to host" in said[0].text
    assert "收信已中断 1 小时" in said[1].text
    tried = [when for name, when in asked if name == "one"]
    assert len(tried) < 30
    assert {later - sooner for sooner, later in pairwise(tried[4:])} == {timedelta(minutes=5)}
    assert len([name for name, _ in asked if name == "two"]) == 240
    desk.one.broken = ""
    [well] = ticks(desk, 11)
    assert (well.event, "邮箱恢复正常，收信中断了 2 小时" in well.text) == ("mailbox.well", True)
    assert ticks(desk, 3) == []
    assert len([name for name, _ in asked[-6:] if name == "one"]) == 3


def test_who_starts_the_daemon_anew_has_it_try_at_once(desk, asked):
    desk.one.broken = "no route to host"
    ticks(desk, 20)
    before = len(asked)
    desk.desk = replace(desk.desk, away={})
    list(fetch_pass(desk.desk, desk.clock.now()))
    assert ("one", desk.clock.now()) in asked[before:]


def test_a_mailbox_that_failed_is_asked_behind_the_others_and_once_a_tick(desk, asked):
    desk.one.broken = "timed out"
    ticks(desk, 1)
    asked.clear()
    ticks(desk, 1)
    assert [name for name, _ in asked] == ["two", "one"]


def test_a_mailbox_that_breaks_midway_and_gives_mails_is_soon_asked_again(desk, asked):
    for number in range(4):
        desk.one.put(b"Subject: %d\r\n\r\nx" % number)
    for _ in range(3):
        desk.one.break_after = 1
        ticks(desk, 1)
    stored = desk.desk.store.counts().items()
    assert sum(number for key, number in stored if key.startswith("mails.")) == 3
    assert next(iter(desk.desk.away.values())).failures == 1


def test_a_full_mailbox_is_told_once_read_on_and_nothing_is_registered_again(desk, asked):
    desk.one.stuck = True
    desk.one.put(desk._writer(LI).write("投诉", FORM.format(bad=30, symptom=SLIGHT)))
    said = ticks(desk, 60)
    assert [one.event for one in said] == ["mailbox.unreachable"]
    assert "移动邮件不成" in said[0].text
    assert "mailbox is full" in said[0].text
    desk.one.put(desk._writer(LI).write("另一个投诉", FORM.format(bad=31, symptom=SLIGHT)))
    ticks(desk, 1)
    assert list(desk.rows) == ["2611001", "2611002"]
    desk.one.stuck = False
    assert [one.event for one in ticks(desk, 11)] == ["mailbox.well"]
    assert not desk.one.inbox
    assert list(desk.rows) == ["2611001", "2611002"]


@pytest.fixture
def mute():
    """A server that accepts and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0)
        yield listening


def callers(listening):
    """Return how many have called since this was asked last."""
    number = 0
    with suppress(BlockingIOError):
        while True:
            listening.accept()[0].close()
            number += 1
    return number


@pytest.mark.server
def test_a_server_that_never_answers_costs_one_time_limit_now_and_then_and_no_other_mailbox_waits(desk, mute):
    port, patience = mute.getsockname()[1], timedelta(seconds=0.2)
    account = ImapAccount("mute", "127.0.0.1", port, Security.NONE, "somebody", "secret", timeout=patience)
    good = FakeMailbox("good")
    desk.desk = replace(desk.desk, mailboxes=(ImapMailbox(account), good))
    [told] = ticks(desk, 1)
    assert "did not answer within" in told.text
    assert callers(mute) == 1
    good.put(desk._writer(LI).write("投诉", FORM.format(bad=30, symptom=SLIGHT)))
    heard = 0
    for _ in range(40):  # twenty minutes
        assert ticks(desk, 1) == []
        heard += callers(mute)
        assert heard <= 1 or list(desk.rows) == ["2611001"]
    assert heard == 6, "after 0:30, 1:30, 3:30, 7:30, 12:30 and 17:30"
