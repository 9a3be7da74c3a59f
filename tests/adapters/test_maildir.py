from __future__ import annotations

import os

from daemon.adapters.maildir import MaildirDrop, MaildirMailbox
from daemon.seams import Shelf


def test_a_file_dropped_again_under_an_old_name_is_another_mail(tmp_path):
    mailbox = MaildirMailbox("complaints", tmp_path)
    list(mailbox.fetch(1))
    dropped = tmp_path / "new" / "投诉.eml"
    keys = []
    for number in range(2):
        dropped.write_bytes(b"Subject: %d\r\n\r\n" % number)
        os.utime(dropped, ns=(number, number))
        [mail] = mailbox.fetch(1)
        keys.append(mail.key)
        mailbox.shelve([mail.key], Shelf.DONE)
    assert len(set(keys)) == 2
    done = sorted((tmp_path / "已处理" / "new").iterdir())
    assert [path.read_bytes() for path in done] == [b"Subject: 0\r\n\r\n", b"Subject: 1\r\n\r\n"]


def test_a_mail_that_a_mail_program_marked_as_read_keeps_its_key(tmp_path):
    mailbox = MaildirMailbox("complaints", tmp_path)
    path = MaildirDrop(tmp_path).put(b"Subject: x\r\n\r\n")
    [before] = mailbox.fetch(1)
    path.rename(tmp_path / "cur" / f"{path.name}:2,S")
    [after] = mailbox.fetch(1)
    assert after == before
    mailbox.shelve([before.key], Shelf.ASIDE)
    assert [one.name for one in (tmp_path / "待人工" / "cur").iterdir()] == [f"{path.name}:2,S"]


def test_hidden_files_and_folders_are_no_mails(tmp_path):
    mailbox = MaildirMailbox("complaints", tmp_path)
    MaildirDrop(tmp_path)
    (tmp_path / "new" / ".DS_Store").write_bytes(b"x")
    (tmp_path / "new" / "folder").mkdir()
    assert list(mailbox.fetch(10)) == []


def test_a_mail_that_is_too_large_is_named(tmp_path):
    MaildirDrop(tmp_path).put(b"x" * 200)
    [mail] = MaildirMailbox("complaints", tmp_path, max_size=100).fetch(1)
    assert mail.raw is None
    assert "200 bytes" in mail.error


def test_a_mail_that_vanishes_while_it_is_fetched_is_passed_over(tmp_path):
    drop = MaildirDrop(tmp_path)
    drop.put(b"first")
    second = drop.put(b"second")
    mails = MaildirMailbox("complaints", tmp_path).fetch(10)
    assert next(mails).raw == b"first"
    second.unlink()
    assert list(mails) == []


def test_two_mailboxes_on_one_folder_agree_on_its_uidvalidity(tmp_path):
    MaildirDrop(tmp_path).put(b"x")
    assert list(MaildirMailbox("complaints", tmp_path).fetch(1)) == list(
        MaildirMailbox("complaints", tmp_path).fetch(1)
    )


def test_another_drop_goes_on_counting(tmp_path):
    names = [MaildirDrop(tmp_path).put(b"x").name for _ in range(3)]
    assert names == sorted(names)
