"""The same mail again, and an inbox that the server renumbers: one case, and nothing out of sight."""

from __future__ import annotations

import contextlib
import dataclasses
import logging
import re

import pytest

from daemon.passes.intake import decide_pass, fetch_pass, shelve_pass
from daemon.seams import MailOutcome, Shelf
from tests.cast import LI
from tests.fakes.mail import FakeMailbox
from tests.scenarios.letters import FORM, GRAVE

ADVERT = b"""From: Shop <shop@advert.example>\r
Message-ID: <sale.1@advert.example>\r
Subject: =?utf-8?b?5L+D6ZSA?=\r
List-Unsubscribe: <https://advert.example/off>\r
Precedence: bulk\r
\r
Great offers.\r
"""


def received(server, raw):
    return b"Received: from mx by " + server + b" with ESMTP; Tue, 24 Nov 2026 09:00:00 +0800\r\n" + raw


def complaint(desk, number=1):
    raw = desk._writer(LI, "李娜").write("投诉", FORM.format(bad=30, symptom=GRAVE))
    return raw.replace(b"Message-ID: <", b"Message-ID: <%d." % number)


def with_mailboxes(desk, *more):
    desk.desk = dataclasses.replace(desk.desk, mailboxes=(desk.mailbox, *more))
    return more


def outcomes(desk):
    with desk.desk.store._reading() as connection:
        rows = connection.exec_driver_sql("SELECT outcome FROM mails ORDER BY id").scalars()
        return [str(one) for one in rows]


def test_a_complaint_that_is_delivered_twice_is_one_case(desk):
    raw = complaint(desk)
    desk.put(received(b"one", raw))
    desk.put(received(b"two", raw))
    assert list(desk.rows) == ["2611001"]
    assert outcomes(desk) == ["case", "duplicate"]
    assert len(desk.mailbox.shelves[Shelf.DONE]) == 2


def test_one_complaint_in_two_folders_and_two_accounts_at_once_is_one_case(desk):
    others = with_mailboxes(desk, FakeMailbox("folder"), FakeMailbox("sales"))
    raw = complaint(desk)
    for server, mailbox in zip((b"a", b"a", b"b"), (desk.mailbox, *others), strict=True):
        mailbox.put(received(server, raw))
    desk.tick()
    assert list(desk.rows) == ["2611001"]
    assert sorted(outcomes(desk)) == ["case", "duplicate", "duplicate"]
    assert [len(one.shelves[Shelf.DONE]) for one in (desk.mailbox, *others)] == [1, 1, 1]


def without(name, raw):
    return re.sub(rb"(?im)^%b:.*\r\n(?:[ \t].*\r\n)*" % name, b"", raw)


@pytest.mark.parametrize(
    "change", [lambda raw: raw + b"\r\n", lambda raw: raw.replace(b"\r\n", b"\n")], ids=["end", "lf"]
)
def test_copies_without_message_id_that_differ_in_a_byte_are_one_case(desk, change):
    raw = without(b"Message-ID", complaint(desk))
    desk.put(received(b"one", raw))
    desk.put(received(b"two", change(raw)))
    assert list(desk.rows) == ["2611001"]
    assert outcomes(desk) == ["case", "duplicate"]


def test_two_complaints_without_message_id_that_say_different_things_are_two(desk):
    raw = without(b"Message-ID", complaint(desk))
    desk.put(raw)
    desk.put(re.sub(rb"[^\r\n]{10}\s*\Z", b"AAAAAAAAAA\r\n", raw))
    assert len(desk.rows) == 2


def test_an_advert_that_is_delivered_again_is_no_complaint_and_lies_where_people_see_it(desk):
    (other,) = with_mailboxes(desk, FakeMailbox("sales"))
    desk.put(received(b"one", ADVERT))
    desk.put(received(b"two", ADVERT))
    other.put(received(b"one", ADVERT))
    desk.tick()
    assert not desk.rows
    assert outcomes(desk) == ["ignored", "ignored", "ignored"]
    assert (len(desk.mailbox.shelves[Shelf.ASIDE]), len(other.shelves[Shelf.ASIDE])) == (2, 1)


def test_an_advert_that_a_person_moves_back_is_a_complaint_and_its_later_copies_are_copies_of_that(desk):
    desk.put(received(b"one", ADVERT))
    desk.put(desk.mailbox.shelves[Shelf.ASIDE].pop())
    assert list(desk.rows) == ["2611001"]
    desk.put(received(b"two", ADVERT))
    desk.put(received(b"one", ADVERT))
    assert outcomes(desk) == ["ignored", "case", "duplicate", "duplicate"]
    assert not desk.mailbox.shelves[Shelf.ASIDE]


def test_a_case_that_a_person_moves_back_goes_to_its_place_again(desk):
    desk.put(complaint(desk))
    desk.put(desk.mailbox.shelves[Shelf.DONE].pop())
    assert list(desk.rows) == ["2611001"]
    assert len(desk.mailbox.shelves[Shelf.DONE]) == 1
    assert not desk.mailbox.inbox


def test_an_inbox_that_is_renumbered_before_its_mails_were_decided(desk):
    now, mails = desk.clock.now(), [complaint(desk, number) for number in (1, 2, 3)]
    for raw in mails:
        desk.mailbox.put(raw)
    list(fetch_pass(desk.desk, now))
    desk.mailbox.renumber()
    desk.tick()
    assert len(desk.rows) == 3
    assert outcomes(desk) == ["case"] * 3
    assert sorted(desk.mailbox.shelves[Shelf.DONE]) == sorted(mails)


def test_an_inbox_that_is_renumbered_between_the_decision_and_the_move(desk):
    now, raw = desk.clock.now(), complaint(desk)
    for one in (raw, received(b"one", ADVERT)):
        desk.mailbox.put(one)
    list(fetch_pass(desk.desk, now))
    list(decide_pass(desk.desk, now))
    desk.mailbox.renumber()
    list(shelve_pass(desk.desk, now))
    assert len(desk.mailbox.inbox) == 2, "keys of the old numbering name no mail"
    desk.tick()
    assert list(desk.rows) == ["2611001"]
    assert outcomes(desk) == ["case", "ignored"]
    assert desk.mailbox.shelves == {Shelf.DONE: [raw], Shelf.ASIDE: [received(b"one", ADVERT)]}


def test_mails_that_cannot_be_moved_are_read_once_and_new_ones_are_taken(desk):
    batch = desk.desk.config.service.batch
    desk.mailbox.stuck = True
    for number in range(batch + 10):
        desk.mailbox.put(ADVERT.replace(b"<sale.1", b"<sale.%d" % (number + 2)) + b"%d" % number)
    desk.mailbox.put(complaint(desk))
    desk.tick()
    assert list(desk.rows) == ["2611001"]
    assert desk.desk.store.counts()["mails.case"] == 1
    desk.mailbox.stuck = False
    desk.at("11-02 10:00")
    assert not desk.mailbox.inbox


def test_a_mail_that_ended_the_process_three_times_is_set_aside_without_being_parsed(desk, monkeypatch, caplog):
    caplog.set_level(logging.CRITICAL)
    desk.mailbox.put(complaint(desk))
    now = desk.clock.now()
    list(fetch_pass(desk.desk, now))
    parsed = []

    def end(*_args):
        parsed.append(1)
        raise SystemExit

    with monkeypatch.context() as patched:
        patched.setattr("daemon.intake.reader.read", end)
        for _ in range(3):
            with contextlib.suppress(SystemExit):
                list(decide_pass(desk.desk, now))
        desk.tick()
    assert len(parsed) == 3
    assert outcomes(desk) == [MailOutcome.ASIDE]
    told = desk.last("wang.xiaoyan@hongyuan.example")
    assert "试了 3 次" in told.text
    assert LI in told.text
    assert "投诉" in told.subject


def test_a_mail_that_a_server_does_not_hand_out_now_stays_and_is_told_once_an_hour(desk):
    desk.mailbox.put(b"x")
    desk.mailbox.unreadable.add(1)
    desk.mailbox.passing = True
    desk.put(complaint(desk))
    desk.tick()
    assert list(desk.rows) == ["2611001"]
    assert list(desk.mailbox.inbox) == [1]
    assert [one.event for one in desk.happened].count("mail.later") == 1
    desk.mailbox.unreadable.clear()
    desk.put(ADVERT)
    assert not desk.mailbox.inbox
