from __future__ import annotations

import socket
import threading
from dataclasses import replace
from datetime import date

import pytest

from daemon.adapters import imap, imap_check
from daemon.adapters.imap import ImapMailbox, check
from daemon.adapters.tls import Security
from daemon.seams import MailboxUnreachable, Shelf
from tests.adapters.test_mailbox_contract import mail
from tests.servers.imap_script import ScriptedImap

pytestmark = pytest.mark.server


@pytest.fixture
def open_mailbox():
    """Opens mailboxes and closes them at the end."""
    opened = []

    def open_one(account):
        opened.append(ImapMailbox(account))
        return opened[-1]

    yield open_one
    for mailbox in opened:
        mailbox.close()


def fetched(mailbox):
    return [one.raw for one in mailbox.fetch(100)]


def reason(account) -> str:
    with pytest.raises(MailboxUnreachable) as caught:
        list(ImapMailbox(account).fetch(10))
    return str(caught.value)


# ── security ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("security", list(Security))
def test_each_kind_of_security_works_when_the_authority_is_known(dovecot, new_user, open_mailbox, security):
    user = new_user()
    dovecot.put(user, mail(1))
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    account = dovecot.account(user, security=security, port=port, ca_file=dovecot.ca_file)
    assert fetched(open_mailbox(account)) == [mail(1)]


@pytest.mark.parametrize("security", [Security.TLS, Security.STARTTLS])
def test_an_unknown_authority_is_refused(dovecot, stranger, new_user, security):
    port = dovecot.tls_port if security is Security.TLS else dovecot.port
    account = dovecot.account(new_user(), security=security, port=port)
    for ca_file in (None, stranger.ca_file):
        assert "its certificate is not trusted" in reason(replace(account, ca_file=ca_file))


def test_a_certificate_for_another_host_is_refused(dovecot, new_user):
    assert "not trusted" in reason(dovecot.tls_account(new_user(), host="127.0.0.1"))


def test_starttls_that_is_not_offered_is_refused_and_nothing_weaker_is_tried(plain_dovecot, new_user):
    account = plain_dovecot.account(new_user(), security=Security.STARTTLS, ca_file=plain_dovecot.ca_file)
    assert "STARTTLS was refused: the server does not offer it; set security to tls" in reason(account)


def test_a_ca_file_that_is_missing_is_named(dovecot, new_user, tmp_path):
    assert f"CA file {tmp_path / 'none.pem'}" in reason(dovecot.tls_account(new_user(), ca_file=tmp_path / "none.pem"))


def test_tls_on_a_plain_port_says_so(dovecot, new_user):
    assert "no TLS could be agreed on" in reason(dovecot.tls_account(new_user(), port=dovecot.port))


# ── login ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("password", ["not-the-password", "授权码不对", "with\nline"])
def test_a_wrong_password_is_not_repeated_and_the_authorization_code_is_named(dovecot, new_user, password):
    why = reason(dovecot.tls_account(new_user(), password=password))
    assert "授权码" in why
    assert f"localhost:{dovecot.tls_port}" in why
    assert password not in why


def test_the_password_is_in_no_repr(dovecot):
    assert "geheim" not in repr(dovecot.account("somebody"))


def test_id_is_sent_after_the_login_and_before_select(open_mailbox):
    with ScriptedImap(capabilities="IMAP4rev1 ID") as server:
        assert fetched(open_mailbox(server.account())) == []
        assert server.verbs()[:5] == ["CAPABILITY", "LOGIN", "CAPABILITY", "ID", "SELECT"]


@pytest.mark.parametrize("answer", ["NO go away", "BAD what is that"])
def test_a_refused_id_is_fine(answer, open_mailbox):
    with ScriptedImap(capabilities="IMAP4rev1 ID", answers={"ID": answer}) as server:
        assert fetched(open_mailbox(server.account())) == []


def test_without_id_none_is_sent(open_mailbox):
    with ScriptedImap(capabilities="IMAP4rev1") as server:
        assert fetched(open_mailbox(server.account())) == []
        assert "ID" not in server.verbs()


def test_no_password_is_sent_where_login_is_disabled():
    with ScriptedImap(capabilities="IMAP4rev1 LOGINDISABLED") as server:
        assert "takes no password without TLS" in reason(server.account())
        assert "LOGIN" not in server.verbs()


def test_an_unsafe_login_at_163_says_what_to_do():
    answers = {"SELECT": "NO SELECT Unsafe Login. Please contact kefu@188.com for help"}
    with ScriptedImap(capabilities="IMAP4rev1 ID", answers=answers) as server:
        assert "switch IMAP on" in reason(server.account())


# ── reading ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_more_mails_than_a_batch_holds(dovecot, new_user, open_mailbox, monkeypatch):
    monkeypatch.setattr(imap, "BATCH_MAILS", 3)
    user = new_user()
    dovecot.put(user, *map(mail, range(7)))
    assert fetched(open_mailbox(dovecot.tls_account(user))) == [mail(number) for number in range(7)]


def test_mails_stay_unread(dovecot, new_user, open_mailbox):
    user = new_user()
    dovecot.put(user, mail(1))
    fetched(open_mailbox(dovecot.tls_account(user)))
    with dovecot.person(user) as box:
        assert box.uids("UNSEEN") == ["1"]


def test_a_mail_that_is_too_large_is_named_and_the_others_come(dovecot, new_user, open_mailbox):
    user = new_user()
    dovecot.put(user, mail(1), mail(2) + b"x" * 5000, mail(3))
    mails = list(open_mailbox(dovecot.tls_account(user, max_size=4000)).fetch(10))
    assert [one.raw for one in mails] == [mail(1), None, mail(3)]
    assert "are not read" in mails[1].error


def test_new_mails_are_seen_over_the_same_connection(dovecot, new_user, open_mailbox):
    user = new_user()
    mailbox = open_mailbox(dovecot.tls_account(user))
    assert fetched(mailbox) == []
    dovecot.put(user, mail(1))
    assert fetched(mailbox) == [mail(1)]


def test_one_mail_that_the_server_does_not_hand_out(open_mailbox):
    with ScriptedImap(mails={1: mail(1), 2: mail(2), 3: mail(3)}, refused={2}) as server:
        mails = list(open_mailbox(server.account()).fetch(10))
    assert [one.raw for one in mails] == [mail(1), None, mail(3)]
    assert "damaged on disk" in mails[1].error


def test_a_server_that_hands_out_nothing_at_all_is_in_trouble_itself():
    with ScriptedImap(mails={1: mail(1), 2: mail(2)}, refused={1, 2}) as server:
        assert "reading mails was refused" in reason(server.account())


def test_a_connection_that_the_server_ended_is_opened_again(open_mailbox):
    with ScriptedImap(mails={1: mail(1)}) as server:
        mailbox = open_mailbox(server.account())
        assert fetched(mailbox) == [mail(1)]
        server.drop_connections()
        assert fetched(mailbox) == [mail(1)]


def test_an_answer_that_never_comes_runs_into_the_time_limit():
    with ScriptedImap(silent={"LOGIN"}) as server:
        assert "did not answer within" in reason(server.account())


# ── moving ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_old_servers_without_move_or_uidplus_keep_what_people_marked_as_deleted(plain_dovecot, new_user, open_mailbox):
    user = new_user()
    plain_dovecot.put(user, mail(1), mail(2), mail(3))
    with plain_dovecot.person(user) as box:
        box.client.uid("STORE", "2", "+FLAGS", r"(\Deleted)")
    mailbox = open_mailbox(plain_dovecot.account(user))
    keys = [one.key for one in mailbox.fetch(10)]
    mailbox.shelve([keys[0]], Shelf.DONE)
    assert plain_dovecot.lying(user, "INBOX.已处理") == [mail(1)]
    assert plain_dovecot.lying(user) == [mail(2), mail(3)]
    with plain_dovecot.person(user) as box:
        assert box.uids("DELETED") == ["2"]


@pytest.mark.parametrize("offers", ["", "UIDPLUS"])
def test_a_copy_that_a_broken_try_left_is_not_made_again(dovecot, new_user, open_mailbox, monkeypatch, offers):
    """Without MOVE a mail is copied and deleted; between the two everything can end."""
    user = new_user()
    again = b"Received: from elsewhere\r\n" + mail(1)
    dovecot.put(user, mail(1), mail(2), again)
    monkeypatch.setattr("daemon.adapters.imap_session.Session.can", lambda _, name: name == offers)
    first = open_mailbox(dovecot.tls_account(user))
    keys = [one.key for one in first.fetch(10)]
    with monkeypatch.context() as patched:
        patched.setattr("daemon.adapters.imap_moving._flag", broken)
        with pytest.raises(MailboxUnreachable):
            first.shelve(keys[:2], Shelf.DONE)
    assert dovecot.lying(user, "已处理") == [mail(1), mail(2)]
    open_mailbox(dovecot.tls_account(user)).shelve(keys, Shelf.DONE)
    assert dovecot.lying(user, "已处理") == [mail(1), mail(2), again]
    assert dovecot.lying(user) == []


def broken(*_):
    raise ConnectionResetError("in the middle")


def test_more_mails_than_one_move_takes(dovecot, new_user, open_mailbox, monkeypatch):
    monkeypatch.setattr("daemon.adapters.imap_moving.BATCH", 2)
    user = new_user()
    dovecot.put(user, *map(mail, range(5)))
    mailbox = open_mailbox(dovecot.tls_account(user))
    mailbox.shelve([one.key for one in mailbox.fetch(10)], Shelf.ASIDE)
    assert dovecot.lying(user, "待人工") == [mail(number) for number in range(5)]


def test_chinese_folders_are_made_and_subscribed_also_below_others(dovecot, new_user, open_mailbox):
    user = new_user()
    dovecot.put(user, mail(1))
    mailbox = open_mailbox(dovecot.tls_account(user, done_folder="客诉/已处理"))
    mailbox.shelve([one.key for one in mailbox.fetch(1)], Shelf.DONE)
    with dovecot.person(user) as box:
        delimiter = box.folder.list("", "")[0].delim
        assert f"客诉{delimiter}已处理" in [one.name for one in box.folder.list(subscribed_only=True)]


def test_a_folder_that_people_removed_is_made_again(dovecot, new_user, open_mailbox):
    user = new_user()
    dovecot.put(user, mail(1), mail(2))
    mailbox = open_mailbox(dovecot.tls_account(user))
    keys = [one.key for one in mailbox.fetch(2)]
    mailbox.shelve(keys[:1], Shelf.DONE)
    with dovecot.person(user) as box:
        box.folder.delete("已处理")
    mailbox.shelve(keys[1:], Shelf.DONE)
    assert dovecot.lying(user, "已处理") == [mail(2)]


def test_an_inbox_of_another_name(dovecot, new_user, open_mailbox):
    user = new_user()
    with dovecot.person(user) as box:
        box.folder.create("投诉")
        box.append(mail(1), "投诉")
    [one] = open_mailbox(dovecot.tls_account(user, inbox="投诉")).fetch(10)
    assert (one.raw, one.key.folder) == (mail(1), "投诉")


def test_qq_keeps_own_folders_below_one_of_its_own(open_mailbox):
    with ScriptedImap(mails={1: mail(1)}, folders={"其他文件夹": r"\NoSelect"}) as server:
        mailbox = open_mailbox(server.account())
        mailbox.shelve([one.key for one in mailbox.fetch(1)], Shelf.DONE)
        assert "其他文件夹/已处理" in server.folders


# ── checking ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_check_finds_all_well_and_writes_nothing(dovecot, new_user):
    user = new_user()
    dovecot.put(user, mail(1))
    findings = check(dovecot.tls_account(user))
    assert [one.ok for one in findings] == [True] * 4
    assert "INBOX: 1 mails" in [one.what for one in findings]
    with dovecot.person(user) as box:
        assert [one.name for one in box.folder.list()] == ["INBOX"]


def test_check_says_what_is_wrong(dovecot, new_user):
    [finding] = check(dovecot.tls_account(new_user(), password="not-the-password"))
    assert not finding.ok
    assert "授权码" in finding.advice


def test_check_names_an_inbox_that_is_missing(dovecot, new_user):
    assert [one.ok for one in check(dovecot.tls_account(new_user(), inbox="没有"))] == [True, False]


def test_a_long_list_of_capabilities_is_read_to_its_end():
    many = " ".join(f"X-EXTENSION-{number}" for number in range(60))
    with ScriptedImap(capabilities=f"IMAP4rev1 {many} MOVE", mails={1: b"Subject: a\r\n\r\nx\r\n"}) as server:
        box = ImapMailbox(server.account())
        (mail,) = box.fetch(10)
        box.shelve([mail.key], Shelf.DONE)
        box.close()
    assert "COPY" not in " ".join(server.lines)
    assert any("UID MOVE" in line for line in server.lines)


def test_an_inbox_with_the_mail_of_years_is_told_and_since_leaves_it_alone(monkeypatch):
    monkeypatch.setattr(imap_check, "MANY", 2)
    mails = dict.fromkeys((1, 2, 3), b"Subject: x\r\n\r\nx")
    days = {1: date(2019, 1, 1), 2: date(2019, 1, 2), 3: date(2026, 11, 24)}
    with ScriptedImap(mails=mails, days=days) as server:
        (all_of_them,) = (one for one in check(server.account()) if one.what.startswith("INBOX"))
        (new,) = (one for one in check(server.account(since=date(2026, 11, 1))) if one.what.startswith("INBOX"))
    assert all_of_them.what == "INBOX: 3 mails"
    assert "`since` in [mail_in]" in all_of_them.advice
    assert (new.what, new.advice) == ("INBOX: 3 mails, 1 of them since 2026-11-01", "")


@pytest.mark.parametrize("length", [99_999_999_999, 10**22, 4_000_000], ids=["memory", "index", "over max_size"])
def test_a_literal_longer_than_any_mail_is_not_waited_for(length):
    endless = f"OK done\r\n* 1 FETCH (UID 1 BODY[] {{{length}}}\r\nabc"
    with ScriptedImap(mails={1: mail("one")}, answers={"SELECT": endless}) as server:
        said = reason(server.account(max_size=1024 * 1024))
    assert f"{length} bytes" in said
    assert "max_size" in said


def test_a_greeting_with_a_literal_that_nobody_can_hold():
    with socket.create_server(("127.0.0.1", 0)) as listening, ScriptedImap() as other:
        account = other.account(port=listening.getsockname()[1])
        greeter = threading.Thread(target=greet, args=(listening, b"* X {99999999999}\r\n"))
        greeter.start()
        said = reason(account)
        greeter.join()
    assert "99999999999 bytes" in said


def greet(listening, words):
    with listening.accept()[0] as client:
        client.sendall(words)
        client.recv(1)


class SilentAboutItself(ScriptedImap):
    """Answers CAPABILITY with OK and nothing else once somebody has logged in."""

    def _capability(self, _words):
        said = f"* CAPABILITY {self.capabilities}\r\n".encode()
        return (b"" if "LOGIN" in self.verbs() else said), "OK done"


def test_a_server_that_names_no_capabilities_after_the_login_is_used_as_it_greeted():
    with SilentAboutItself(mails={1: mail("1")}) as server:
        box = ImapMailbox(server.account())
        assert [one.raw for one in box.fetch(9)] == [mail("1")]
        box.close()


def test_an_answer_that_the_libraries_choke_on_is_a_fault_of_that_mailbox(monkeypatch):
    with ScriptedImap(mails={1: mail("1")}) as server:
        box = ImapMailbox(server.account())
        monkeypatch.setattr("daemon.adapters.imap_session.Session.sizes", lambda *_: {}["UID"])
        with pytest.raises(MailboxUnreachable, match="IMAP 127"):
            list(box.fetch(9))
