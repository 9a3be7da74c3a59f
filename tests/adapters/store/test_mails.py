"""Incoming mails and bytes."""

import os
from dataclasses import replace

import pytest
from sqlalchemy import select

from daemon.adapters.store.tables import blobs
from daemon.seams import READ_ANEW, MailOutcome, Traffic

from .samples import HOUR, NOW, case_id, key, opening

RAW = b"Subject: noise\r\n\r\n" + b"the motor is loud\r\n" * 50


def test_a_mail_is_remembered_once_by_its_place(store):
    first = store.remember_mail(key(), RAW, "<a@x>", NOW)
    again = store.remember_mail(key(), b"other bytes", "<b@x>", NOW + HOUR)
    assert again == first
    assert (first.key, first.seen_at, first.outcome, first.attempts) == (key(), NOW, MailOutcome.NEW, 0)
    assert store.blob(first.sha256) == RAW


def test_a_mail_elsewhere_is_another_mail_with_the_same_bytes(store):
    first, second = store.remember_mail(key("1"), RAW, "<a@x>", NOW), store.remember_mail(key("2"), RAW, "<a@x>", NOW)
    assert first.id != second.id
    assert first.sha256 == second.sha256


def test_attempts_are_counted(store):
    mail = store.remember_mail(key(), RAW, None, NOW).id
    assert [store.count_attempt(mail), store.count_attempt(mail)] == [1, 2]
    with pytest.raises(KeyError):
        store.count_attempt(99)


def test_mails_wait_to_be_decided_and_then_to_be_shelved(store):
    ids = [store.remember_mail(key(str(n)), RAW, None, NOW).id for n in range(4)]
    assert [mail.id for mail in store.mails_to_decide(3)] == ids[:3]
    store.finish_mail(ids[0], MailOutcome.IGNORED, "自动回复")
    store.finish_mail(ids[2], MailOutcome.ASIDE, "看不懂")
    assert [mail.id for mail in store.mails_to_decide(9)] == [ids[1], ids[3]]
    assert [(mail.id, mail.detail) for mail in store.mails_to_shelve(key().account)] == [
        (ids[0], "自动回复"),
        (ids[2], "看不懂"),
    ]
    assert store.mails_to_shelve("other") == ()
    store.mark_shelved([ids[0]])
    assert [mail.id for mail in store.mails_to_shelve(key().account)] == [ids[2]]


def test_finishing_an_unknown_mail_is_an_error(store):
    with pytest.raises(KeyError):
        store.finish_mail(7, MailOutcome.IGNORED)


def test_finished_mails_with_the_same_bytes_or_the_same_id_are_found_oldest_first(store):
    first, second, third = (store.remember_mail(key(str(n)), RAW, "<a@x>", NOW) for n in range(3))
    other = store.remember_mail(key("4"), b"another way", "<a@x>", NOW)
    assert store.mails_like("<a@x>", first.sha256, 9) == ()
    for mail in (other, third, second):
        store.finish_mail(mail.id, MailOutcome.IGNORED)
    assert [one.id for one in store.mails_like("<a@x>", first.sha256, 9)] == [second.id, third.id, other.id]
    assert [one.id for one in store.mails_like("<a@x>", first.sha256, 1)] == [second.id]
    assert [one.id for one in store.mails_like("<a@x>", "0" * 64, 9)] == [second.id, third.id, other.id]
    assert [one.id for one in store.mails_like(None, first.sha256, 9)] == [second.id, third.id]
    assert store.mails_like(None, "0" * 64, 9) == ()


def test_which_of_many_mails_are_known(store):
    kept = {key(str(n)) for n in (1, 700, 1200)} | {replace(key("1"), folder="投诉"), key("\udc80")}
    for one in kept:
        store.remember_mail(one, RAW, None, NOW)
    asked = [key(str(n)) for n in range(1300)] + [key("\udc80"), replace(key("1"), folder="投诉")]
    assert store.known_mails(asked) == kept
    assert store.known_mails([replace(key("1"), uidvalidity=99), replace(key("1"), account="other")]) == frozenset()
    assert store.known_mails([]) == frozenset()


def test_a_mail_that_lies_in_the_inbox_keeps_its_row_when_the_server_renumbers(store):
    waiting, gone, twin = (store.remember_mail(key(uid), RAW, "<a@x>", NOW) for uid in ("1", "2", "3"))
    store.count_attempt(waiting.id)
    store.mark_shelved([gone.id])
    new = [replace(key(uid), uidvalidity=99) for uid in ("1", "2", "3")]
    assert store.remember_mail(new[0], RAW, "<a@x>", NOW + HOUR) == replace(waiting, key=new[0], attempts=1)
    assert store.remember_mail(new[1], RAW, "<a@x>", NOW + HOUR) == replace(twin, key=new[1])
    assert store.remember_mail(new[2], RAW, "<a@x>", NOW + HOUR).id not in {waiting.id, gone.id, twin.id}
    assert store.known_mails(new) == set(new)


def test_mails_that_no_server_handed_out_are_not_taken_for_one_another(store):
    first = store.remember_mail(key(), b"", None, NOW)
    assert store.remember_mail(replace(key("5"), uidvalidity=99), b"", None, NOW).id != first.id


def test_the_mails_of_a_case(store):
    store.commit(opening(), NOW)
    mails = [store.remember_mail(key(str(n)), RAW, None, NOW).id for n in range(3)]
    for mail in (mails[2], mails[0]):
        store.finish_mail(mail, MailOutcome.THREAD, case=case_id())
    assert [mail.id for mail in store.mails_of(case_id())] == [mails[0], mails[2]]


def test_hostile_text_is_kept_without_what_no_database_takes(store):
    record = store.remember_mail(key(), RAW, "<\udc80\0@x>", NOW)
    assert record.message_id == "<\ufffd\ufffd@x>"


def test_bytes_are_packed_only_where_that_helps(store):
    loud, noise = b"loud" * 1000, os.urandom(1000)
    hashes = {store.put_blob(loud): loud, store.put_blob(noise): noise, store.put_blob(b""): b""}
    assert {sha256: store.blob(sha256) for sha256 in hashes} == hashes
    with store._reading() as connection:
        packed = {row.sha256: row.packed for row in connection.execute(select(blobs.c.sha256, blobs.c.packed))}
    assert list(map(packed.get, hashes)) == [True, False, False]


def test_unknown_bytes(store):
    with pytest.raises(KeyError):
        store.blob("0" * 64)


def test_a_mail_that_was_set_aside_is_decided_anew(store):
    first, second = (store.remember_mail(key(uid), uid.encode(), "<a>", NOW) for uid in ("1", "2"))
    store.count_attempt(first.id)
    store.finish_mail(first.id, MailOutcome.ASIDE, "why")
    store.finish_mail(second.id, MailOutcome.DUPLICATE)
    assert [mail.id for mail in store.mails_aside(9)] == [first.id]
    store.requeue_mail(first.id)
    anew = replace(first, detail=READ_ANEW)  # and no limit holds it
    assert store.mail(first.id) == anew
    assert store.mails_to_decide(9) == (anew,)
    assert store.mails_like("<a>", "0" * 64, 9) == (), "a duplicate is no original"
    assert store.mail(99) is None
    with pytest.raises(KeyError):
        store.requeue_mail(99)


def test_traffic_counts_a_sender_and_its_domain_up_to_a_mail(store):
    def came(uid, sender, minutes):
        return store.remember_mail(key(str(uid)), b"%d" % uid, None, NOW + minutes * HOUR / 60, sender)

    first = came(1, "Bob@C.example", 0)
    came(2, "eve@c.example", 10)
    third = came(3, "bob@c.example", 20)
    came(4, "bob@c.example", 30)
    nobody = came(5, "", 30)
    assert (first.sender, first.came_at) == ("bob@c.example", NOW)
    assert store.traffic(third.id, NOW - HOUR) == Traffic(sender=2, domain=3)
    assert store.traffic(third.id, NOW) == Traffic(sender=1, domain=2)
    assert store.traffic(nobody.id, NOW - HOUR) == Traffic(sender=1, domain=1)
    with pytest.raises(KeyError):
        store.traffic(99, NOW)


def test_who_wrote_before_has_a_mail_in_a_case(store):
    assert not store.wrote_before("bob@c.example", NOW + 9 * HOUR)
    record = store.remember_mail(key(), b"x", None, NOW, "bob@c.example")
    assert not store.wrote_before("bob@c.example", NOW + 9 * HOUR)
    store.commit(opening(), NOW)
    store.finish_mail(record.id, MailOutcome.CASE, "", case_id())
    assert store.wrote_before("BOB@c.example", NOW + HOUR)
    assert not store.wrote_before("bob@c.example", NOW)
