"""Incoming mails and bytes."""

import os

import pytest
from sqlalchemy import select

from daemon.adapters.store.tables import blobs
from daemon.seams import MailOutcome

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


def test_the_earliest_finished_mail_with_the_same_id_and_bytes_is_found(store):
    first, second, third = (store.remember_mail(key(str(n)), RAW, "<a@x>", NOW) for n in range(3))
    assert store.mail_by_message_id("<a@x>", first.sha256) is None
    store.finish_mail(third.id, MailOutcome.IGNORED)
    store.finish_mail(second.id, MailOutcome.IGNORED)
    found = store.mail_by_message_id("<a@x>", first.sha256)
    assert found is not None
    assert found.id == second.id
    assert store.mail_by_message_id("<a@x>", "0" * 64) is None
    assert store.mail_by_message_id("<b@x>", first.sha256) is None


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
