"""`kesu check` against real servers, one fault each: one thing to mend, and the sentence that helps."""

from __future__ import annotations

import socket

import pytest

from daemon.adapters.imap import check as check_imap
from daemon.adapters.providers import by_domain, by_host, providers
from daemon.adapters.smtp_connection import SmtpServer
from daemon.adapters.smtp_connection import check as check_smtp
from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.cli import TO_MEND, main
from tests.adapters.test_mailbox_contract import mail
from tests.servers.certificates import make_authority
from tests.servers.dovecot import PASSWORD, running
from tests.servers.imap_script import ScriptedImap
from tests.test_config import SMALL

pytestmark = pytest.mark.server
US = "complaints@hongyuan.example"
QUOTA = """
mail_plugins = quota
protocol imap {
  mail_plugins = quota imap_quota
}
plugin {
  quota = count:User quota
  quota_rule = *:storage=10K
  quota_grace = 0
  quota_vsizes = yes
}
"""

# A client at the server's own address counts as safe for Dovecot; 127.0.0.2 is another one on the same machine.
STRICT = "listen = 127.0.0.1, 127.0.0.2\nssl = required\ndisable_plaintext_auth = yes\n"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return one.getsockname()[1]


def fault(findings) -> str:
    [wrong] = [str(one) for one in findings if not one.ok]
    return wrong


@pytest.fixture(scope="module")
def expired(need_openssl, tmp_path_factory):
    return make_authority(tmp_path_factory.mktemp("expired"), "expired", server_days=-1)


# ── IMAP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "helps"),
    [
        ({"password": "not-the-password"}, "want an authorization code (授权码)"),
        ({"host": "localhost", "port": 1}, "check port, and that the server runs"),
        ({"inbox": "投诉"}, "check the name in inbox (the inbox itself is INBOX)"),
        ({"ca_file": None}, "name its PEM file in ca_file"),
        ({"host": "127.0.0.1"}, "write the name of the server in host, not its IP address"),
        ({"host": "no-such-host.invalid"}, "check host"),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
def test_imap_faults(dovecot, new_user, changes, helps):
    assert helps in fault(check_imap(dovecot.tls_account(new_user(), **changes)))


def test_tls_on_the_plain_port(dovecot, new_user):
    assert "993 and 465 go with tls" in fault(check_imap(dovecot.tls_account(new_user(), port=dovecot.port)))


def test_a_certificate_of_another_authority(dovecot, stranger, new_user):
    assert "its certificate is not trusted" in fault(
        check_imap(dovecot.tls_account(new_user(), ca_file=stranger.ca_file))
    )


def test_an_expired_certificate(need_dovecot, expired, new_user):
    with running(expired) as server:
        say = fault(check_imap(server.tls_account(new_user())))
    assert "has expired" in say
    assert "whoever runs the server has to renew it" in say


def test_a_server_that_takes_no_password_without_tls(need_dovecot, authority, new_user):
    with running(authority, extra=STRICT) as server:
        assert "set security to tls or starttls" in fault(check_imap(server.account(new_user(), host="127.0.0.2")))


def test_a_full_mailbox(need_dovecot, authority, new_user):
    with running(authority, extra=QUOTA) as server:
        user = new_user()
        assert all(one.ok for one in check_imap(server.tls_account(user)))
        server.put(user, mail(1) + b"x" * 9500)
        say = fault(check_imap(server.tls_account(user)))
        assert "it is full" in say
        assert "delete old mails" in say
        assert server.lying(user) == [mail(1) + b"x" * 9500]  # looking changed nothing


def test_a_refused_id_alone_is_no_fault():
    with ScriptedImap(capabilities="IMAP4rev1 ID", answers={"ID": "NO unwanted"}) as server:
        findings = check_imap(server.account())
    assert all(one.ok for one in findings)
    assert any("refused ID (unwanted)" in one.what for one in findings)


def test_a_refused_id_after_which_the_inbox_stays_shut():
    answers = {"ID": "BAD no", "SELECT": "NO Unsafe Login", "EXAMINE": "NO Unsafe Login"}
    with ScriptedImap(capabilities="IMAP4rev1 ID", answers=answers) as server:
        findings = check_imap(server.account())
    assert any("refused ID" in one.what for one in findings)
    assert "switch IMAP on" in fault(findings)


# ── SMTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def smtp(listener, authority, **changes):
    values = {"host": "localhost", "port": listener.port, "security": Security.STARTTLS, "ca_file": authority.ca_file}
    return SmtpServer(**(values | changes))


def test_smtp_faults(authority, stranger, expired):
    login = Protection(Security.STARTTLS, authority.server_context(), ("kesu", "geheim-code"))
    with SmtpListener(Sink(), protection=login) as listener:
        wrong = smtp(listener, authority, user="kesu", password="not-the-code")
        assert "授权码" in fault(check_smtp(wrong, US))
        assert "not trusted" in fault(check_smtp(smtp(listener, stranger), US))
    with SmtpListener(Sink()) as listener:
        assert "set security (and user) to what the server offers" in fault(check_smtp(smtp(listener, authority), US))
    with SmtpListener(Sink(), protection=Protection(Security.TLS, expired.server_context())) as listener:
        late = smtp(listener, expired, security=Security.TLS)
        assert "has to renew it" in fault(check_smtp(late, US))
    assert "check port" in fault(check_smtp(SmtpServer("localhost", free_port(), Security.NONE), US))


def test_a_sender_that_is_not_taken(authority):
    sink = Sink(at_mail={US: ["501 5.7.1 mail from must equal authorized user"]})
    with SmtpListener(sink, protection=Protection(Security.STARTTLS, authority.server_context())) as listener:
        say = fault(check_smtp(smtp(listener, authority), US))
        assert all(one.ok for one in check_smtp(smtp(listener, authority), US))
    assert "make it the address of `user`" in say
    assert sink.mails == []


# ── the whole verb, and what a provider adds ─────────────────────────────────────────────────────────────────────────


def test_the_verb_names_the_fault_and_the_remedy(dovecot, new_user, tmp_path, capsys, monkeypatch):
    monkeypatch.setenv("KESU_TEST_PASSWORD", "not-" + PASSWORD)
    mail_in = f'[mail_in]\nkind = "imap"\nhost = "localhost"\nport = {dovecot.tls_port}\nuser = "{new_user()}"\n'
    mail_in += f'ca_file = "{dovecot.ca_file}"\npassword_env = "KESU_TEST_PASSWORD"\n'
    (tmp_path / "config.toml").write_text(SMALL + mail_in, encoding="utf-8")
    assert main(["check", "--config", str(tmp_path / "config.toml")]) == TO_MEND
    shown = capsys.readouterr().out
    assert "MEND  IMAP localhost" in shown
    assert "授权码" in shown
    assert "not-" + PASSWORD not in shown


def test_each_provider_can_be_told_by_its_servers_and_says_what_to_switch_on():
    for one in providers():
        assert one.switch_on_zh
        assert one.switch_on_en
        assert not one.imap or by_host(one.imap) is one
        assert all(by_domain(domain) is one for domain in one.domains)
    assert by_domain("notqq.com") is None
    assert by_host("") is None
    assert "授权码" in by_host("IMAP.QQ.com").switch_on


def test_at_a_known_provider_its_own_words_come_first(monkeypatch):
    known = by_host("imap.exmail.qq.com").model_copy(update={"imap": "127.0.0.1"})
    monkeypatch.setattr("daemon.adapters.providers.providers", lambda: (known,))
    with ScriptedImap(answers={"LOGIN": "NO login fail"}) as server:
        assert "生成客户端专用密码" in fault(check_imap(server.account()))
