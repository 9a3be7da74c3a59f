from datetime import UTC, datetime

import pytest

from daemon.adapters.imap import ImapMailbox
from daemon.adapters.maildir import MaildirMailbox
from daemon.seams import MailboxUnreachable, NotFiled
from tests.adapters.test_mailbox_contract import mail
from tests.servers.imap_script import ScriptedImap

AT = datetime(2026, 11, 2, 1, 30, tzinfo=UTC)


@pytest.mark.server
@pytest.mark.parametrize("folder", ["已发送", "Sent Messages"])
def test_a_copy_is_filed_read_with_its_date_and_not_twice(dovecot, new_user, folder):
    user = new_user()
    mailbox = ImapMailbox(dovecot.tls_account(user, sent_folder=folder))
    mailbox.append(mail(1), AT)
    mailbox.append(mail(1), AT, "<1@customer.example>")
    mailbox.append(mail(2), AT, "<2@customer.example>")
    assert list(mailbox.fetch(10)) == []  # the inbox is read as before
    mailbox.close()
    assert dovecot.lying(user, folder) == [mail(1), mail(2)]
    with dovecot.person(user) as box:
        box.folder.set(folder, readonly=True)
        assert box.uids("SEEN ON 2-Nov-2026") == ["1", "2"]


@pytest.mark.server
def test_where_nothing_is_searched_the_newest_are_looked_through():
    held = {7: mail(7)}
    with ScriptedImap(mails=held, folders={"Sent": ""}, answers={"SEARCH": "BAD no such thing"}) as server:
        mailbox = ImapMailbox(server.account(sent_folder="Sent"))
        mailbox.append(mail(7), AT, "<7@customer.example>")
        assert "APPEND" not in server.verbs()
        mailbox.append(mail(8), AT, "<8@customer.example>")
        assert "APPEND" in server.verbs()
        mailbox.close()


@pytest.mark.server
def test_what_search_finds_is_looked_at():
    with ScriptedImap(mails={7: mail(7)}, folders={"Sent": ""}) as server:  # it finds everything, whatever was asked
        mailbox = ImapMailbox(server.account(sent_folder="Sent"))
        mailbox.append(mail(8), AT, "<8@customer.example>")
        assert "APPEND" in server.verbs()
        mailbox.close()


@pytest.mark.server
@pytest.mark.parametrize(
    ("answer", "fault"), [("NO [OVERQUOTA] full", MailboxUnreachable), ("NO message too large", NotFiled)]
)
def test_a_full_mailbox_is_no_fault_of_the_mail(answer, fault):
    with ScriptedImap(folders={"Sent": ""}, answers={"APPEND": answer}) as server:
        mailbox = ImapMailbox(server.account(sent_folder="Sent"))
        with pytest.raises(fault, match="mails are sent all the same"):
            mailbox.append(mail(8), AT)
        mailbox.close()


def test_a_folder_keeps_each_mail_once(tmp_path):
    mailbox = MaildirMailbox("complaints", tmp_path)
    for _ in range(2):
        mailbox.append(mail(1), AT, "<1@customer.example>")
    [path] = (tmp_path / "已发送" / "cur").iterdir()
    assert (path.read_bytes(), path.stat().st_mtime, path.name[-4:]) == (mail(1), AT.timestamp(), ":2,S")
