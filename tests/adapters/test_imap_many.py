"""An inbox of ten thousand mails, and what a poll of it costs; `since`; servers whose SEARCH is of no use."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from daemon.adapters import imap
from daemon.adapters.imap import ImapMailbox
from daemon.adapters.imap_answers import day, days_in, uid_set
from tests.adapters.test_mailbox_contract import mail
from tests.servers.imap_script import ScriptedImap

pytestmark = pytest.mark.server

MANY = 10_000
TODAY = date(2026, 11, 24)


class Stored:
    """What the store knows, and how often it was asked."""

    def __init__(self):
        self.keys, self.asked = set(), 0

    def __call__(self, keys):
        self.asked += len(keys)
        return self.keys.intersection(keys)


@pytest.fixture
def poll():
    """Polls a server: returns what came, the commands, the bytes, and how many mails the store was asked about."""
    stored, opened = Stored(), []

    def one(server, limit=50, **account):
        if not opened:
            opened.append(ImapMailbox(server.account(**account)))
        lines, sent, asked = len(server.lines), server.sent, stored.asked
        mails = list(opened[0].fetch(limit, stored))
        stored.keys |= {one.key for one in mails if not one.later}
        commands = [line.partition(" ")[2] for line in server.lines[lines:]]
        return [one.key.uid for one in mails], commands, server.sent - sent, stored.asked - asked

    yield one
    for mailbox in opened:
        mailbox.close()


def inbox(number):
    return {uid: mail(1) for uid in range(1, number + 1)}


def test_ten_thousand_known_mails_do_not_slow_a_poll(poll):
    with ScriptedImap(mails=inbox(MANY)) as server:
        came, _, first_bytes, first_asked = poll(server, MANY)
        assert (len(came), first_asked) == (MANY, MANY)
        assert first_bytes > MANY * 5
        assert poll(server)[0] == []  # the store knows all of them now
        came, commands, sent, asked = poll(server)
        assert (came, asked) == ([], 0)
        assert commands == ['SELECT "INBOX"', f"UID SEARCH UID {MANY + 1}:*"]
        assert sent < 200
        server.mails[MANY + 1] = mail(2)
        came, _, sent, asked = poll(server)
        assert (came, asked) == ([str(MANY + 1)], 1)
        assert sent < 1000


def test_ten_thousand_mails_are_read_in_order_without_asking_for_all_of_them_each_time(poll):
    with ScriptedImap(mails=inbox(MANY)) as server:
        for start in (1, 51, 101):
            came, _, _, asked = poll(server)
            assert came == [str(uid) for uid in range(start, start + 50)]
            assert asked == imap.LOOKED_UP


def test_a_new_mail_is_not_held_back_by_old_ones_that_cannot_be_had_now(poll):
    with ScriptedImap(mails=inbox(5), refused={2}) as server:
        server.refusal = "NO [UNAVAILABLE] later"
        assert poll(server)[0] == ["1", "2", "3", "4", "5"]
        server.mails[6] = mail(6)
        assert poll(server)[0] == ["2", "6"]
        server.refused.clear()
        assert poll(server)[0] == ["2"]
        assert poll(server)[0] == []


def test_once_an_hour_all_is_looked_at_for_servers_that_give_low_uids_late(poll, monkeypatch):
    with ScriptedImap(mails={10: mail(1)}) as server:
        assert poll(server)[0] == ["10"]
        assert poll(server)[0] == []
        server.mails[5] = mail(2)
        assert poll(server)[0] == []
        monkeypatch.setattr(imap, "LOOK_AT_ALL_AFTER", -1.0)
        assert poll(server)[0] == ["5"]


# ── since ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def aged(number, new):
    """Return an inbox of which the last `new` mails came today."""
    return {uid: TODAY - timedelta(days=0 if uid > number - new else 400) for uid in range(1, number + 1)}


@pytest.mark.parametrize("how", ["SEARCH SINCE", "SEARCH refused", "SEARCH finds all"])
def test_mails_that_came_before_since_are_left_alone(poll, how):
    answers = {"SEARCH": "BAD UID SEARCH invalid argument"} if how == "SEARCH refused" else {}
    old = aged(2000, 3)
    with ScriptedImap(mails=inbox(2000), days=old, answers=answers, finds_all=how == "SEARCH finds all") as server:
        came, commands, _, _ = poll(server, since=TODAY)
        assert came == ["1998", "1999", "2000"]
        assert ("UID SEARCH ALL SINCE 24-Nov-2026" in commands) or how != "SEARCH SINCE"
        poll(server)
        server.mails[2001], server.days[2001] = mail(1), TODAY
        came, commands, sent, _ = poll(server)
        assert came == ["2001"]
        assert not [line for line in commands if " 1:*" in line or "ALL" in line]
        assert sent < 1000


def test_the_day_is_the_servers_day_whatever_its_zone():
    stamp = b'1 (UID 5 INTERNALDATE " 1-Nov-2026 00:10:00 -1100")'
    assert days_in([stamp, b"2 (UID 6)", b'3 (UID 7 INTERNALDATE "30-Feb-2026 00:00:00 +0000")']) == {
        5: date(2026, 11, 1)
    }
    assert day(date(2026, 11, 1)) == "1-Nov-2026"


# ── without SEARCH ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("answer", ["NO not supported", "BAD UID SEARCH invalid argument"])
def test_a_server_without_search_is_asked_by_ranges_and_not_asked_to_search_again(poll, answer):
    with ScriptedImap(mails=inbox(3), answers={"SEARCH": answer}) as server:
        assert poll(server)[0] == ["1", "2", "3"]
        assert poll(server)[0] == []
        server.mails[4] = mail(4)
        came, commands, _, _ = poll(server)
        assert came == ["4"]
        assert "UID FETCH 4:* (UID)" in commands
        assert len([line for line in server.lines if " SEARCH " in line]) == 1


def test_the_range_of_an_empty_inbox_is_not_asked_for(poll):
    with ScriptedImap(answers={"SEARCH": "NO not supported", "FETCH": "BAD invalid messageset"}) as server:
        assert poll(server)[0] == []


def test_a_search_that_passes_by_itself_is_no_reason_to_stop_searching(poll):
    with ScriptedImap(mails=inbox(1), answers={"SEARCH": "NO [INUSE] busy"}) as server:
        with pytest.raises(imap.MailboxUnreachable, match="listing the mails was refused"):
            poll(server)
        del server.answers["SEARCH"]
        assert poll(server)[0] == ["1"]
        assert len([line for line in server.lines if " FETCH " in line]) == 2


def test_sets_of_uids_are_written_as_ranges():
    assert uid_set([9, 1, 2, 3, 5, 6, 2]) == "1:3,5:6,9"
    assert uid_set([]) == ""
