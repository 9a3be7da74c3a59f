from __future__ import annotations

import base64
import json

import pytest
from aiosmtpd.smtp import AuthResult

from daemon.adapters.findings import NoToken
from daemon.adapters.imap import ImapMailbox, check
from daemon.adapters.oauth import Flow, OAuthClient, Tokens, UserTokens
from daemon.adapters.smtp import SmtpSender
from daemon.adapters.smtp_connection import SmtpServer
from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.adapters.xoauth2 import Xoauth2
from daemon.seams import Delivery, MailboxUnreachable
from tests.adapters.test_mailbox_contract import mail
from tests.adapters.test_sender_contract import RAW, US, WELL
from tests.servers.dovecot import running
from tests.servers.imap_script import ScriptedImap
from tests.servers.token_service import token_service

pytestmark = pytest.mark.server
USER = "complaints@hongyuan.example"


class Handed:
    """A source of one token after the other."""

    def __init__(self, *tokens: str) -> None:
        self._tokens = list(tokens)

    def token(self) -> str:
        if not self._tokens:
            raise NoToken("nobody has signed in")
        return self._tokens[0]

    def forget(self) -> None:
        self._tokens.pop(0)


@pytest.fixture(scope="module")
def service(authority):
    with token_service(authority) as serving:
        yield serving


@pytest.fixture(scope="module")
def oauth_dovecot(need_dovecot, authority, service, tmp_path_factory):
    """A Dovecot that asks the sign-in service about each token, as Exchange Online does inside."""
    with running(authority, extra=service.checked_by_dovecot(tmp_path_factory.mktemp("oauth"))) as server:
        yield server


@pytest.fixture
def tokens(service, authority, tmp_path):
    client = OAuthClient(
        client_id="kesu-app",
        authority=service.authority,
        resource="https://outlook.office365.com",
        flow=Flow.APP,
        token_file=tmp_path / "oauth.json",
        secret="app-secret",
        known=False,
        ca_file=authority.ca_file,
    )
    return UserTokens(Tokens(client), USER)


# ── IMAP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_mails_are_read_with_a_token(oauth_dovecot, tokens):
    oauth_dovecot.put(USER, mail(1))
    mailbox = ImapMailbox(oauth_dovecot.tls_account(USER, password="", tokens=tokens))
    assert [one.raw for one in mailbox.fetch(10)] == [mail(1)]
    mailbox.close()


def test_a_token_that_the_server_refuses_is_told_without_it_and_replaced(oauth_dovecot, service, tokens):
    mailbox = ImapMailbox(oauth_dovecot.tls_account(USER, password="", tokens=tokens))
    refused = tokens.token()
    service.revoke()
    with pytest.raises(MailboxUnreachable) as caught:
        list(mailbox.fetch(10))
    assert "login by OAuth was refused" in str(caught.value)
    assert "kesu login" in str(caught.value)
    assert refused not in str(caught.value)
    list(mailbox.fetch(10))  # with a new one
    mailbox.close()


def test_a_server_without_xoauth2_says_so(dovecot):
    [finding] = check(dovecot.tls_account(USER, password="", tokens=Handed("t0ken-of-mine")))
    assert "does not offer XOAUTH2" in finding.what


def test_no_token_at_all_is_told(oauth_dovecot):
    [finding] = check(oauth_dovecot.tls_account(USER, password="", tokens=Handed()))
    assert (finding.ok, "nobody has signed in" in finding.what) == (False, True)


def test_the_reason_of_a_refusal_is_asked_for_with_an_empty_answer():
    reason = base64.b64encode(b'{"status":"400","schemes":"Bearer"}').decode()
    server = ScriptedImap(capabilities="IMAP4rev1 AUTH=XOAUTH2", challenges=["", reason])
    server.answers["AUTHENTICATE"] = "NO AUTHENTICATE failed, t0ken-of-mine"
    with server:
        [finding] = check(server.account(password="", tokens=Handed("t0ken-of-mine")))
        assert base64.b64decode(server.lines[2]) == b"user=somebody\x01auth=Bearer t0ken-of-mine\x01\x01"
        assert server.lines[3] == ""
    assert "status 400" in finding.what
    assert "t0ken" not in str(finding)


@pytest.mark.parametrize("challenge", [b"no JSON", b"{" * 5000, b"[1]", b"\xff\xfe", b"{}", b'{"status":{"a":1}}'])
def test_any_challenge_is_answered_emptily(challenge):
    said = Xoauth2(USER, "t0ken-of-mine")
    assert said(challenge) == ""
    assert len(said.explained("NO")) < 120


# ── SMTP ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


class OAuthSink(Sink):
    """Takes mails from who shows a live token, and gives its reason in a challenge otherwise."""

    def __init__(self, live: set[str]) -> None:
        super().__init__()
        self.live = live
        self.answers: list[bytes] = []

    async def auth_XOAUTH2(self, server, args):  # noqa: N802 — aiosmtpd's name
        said = base64.b64decode(args[1]).decode()
        if said in {f"user={USER}\x01auth=Bearer {token}\x01\x01" for token in self.live}:
            return AuthResult(success=True)
        self.answers.append(await server.challenge_auth(json.dumps({"status": "401", "schemes": "bearer"})))
        return AuthResult(success=False, handled=False, message=f"535 5.7.3 Authentication unsuccessful {said}")


def smtp(listener, authority, tokens):
    return SmtpServer("localhost", listener.port, Security.STARTTLS, USER, ca_file=authority.ca_file, tokens=tokens)


def test_mails_are_sent_with_a_token_and_a_refused_one_is_replaced(authority):
    sink = OAuthSink({"second-token"})
    with SmtpListener(sink, protection=Protection(Security.STARTTLS, authority.server_context())) as listener:
        sender = SmtpSender(smtp(listener, authority, Handed("first-token", "second-token")))
        answer = sender.send(RAW, US, WELL)
        assert answer.delivery is Delivery.LATER
        assert "status 401" in answer.detail
        assert "first-token" not in answer.detail
        assert "kesu login" in answer.detail
        sender.close()
        assert sender.send(RAW, US, WELL).delivery is Delivery.SENT
        sender.close()
    assert sink.answers == [b""]
    assert [one.raw for one in sink.mails] == [RAW]


def test_an_smtp_server_without_xoauth2_and_a_missing_token_say_so(authority):
    with SmtpListener(Sink(), protection=Protection(Security.STARTTLS, authority.server_context())) as listener:
        answer = SmtpSender(smtp(listener, authority, Handed("first-token"))).send(RAW, US, WELL)
        assert "does not offer AUTH XOAUTH2" in answer.detail
    with SmtpListener(
        OAuthSink(set()), protection=Protection(Security.STARTTLS, authority.server_context())
    ) as listener:
        assert "nobody has signed in" in SmtpSender(smtp(listener, authority, Handed())).send(RAW, US, WELL).detail
