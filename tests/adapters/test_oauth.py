from __future__ import annotations

import stat
import sys
from dataclasses import replace
from datetime import timedelta

import pytest

from daemon.adapters.findings import NoToken
from daemon.adapters.oauth import Flow, OAuthClient, Tokens, UserTokens
from tests.servers.token_service import token_service

pytestmark = pytest.mark.server
USER = "complaints@hongyuan.example"
SECRET = "app-secret-0815"


@pytest.fixture
def service(authority):
    with token_service(authority) as serving:
        yield serving


@pytest.fixture
def client(service, authority, tmp_path):
    return OAuthClient(
        client_id="kesu-app",
        authority=service.authority,
        resource="https://outlook.office365.com",
        flow=Flow.APP,
        token_file=tmp_path / "state" / "oauth.json",
        secret=SECRET,
        known=False,
        ca_file=authority.ca_file,
    )


@pytest.fixture
def device(client):
    return replace(client, flow=Flow.DEVICE, secret="")


def why(tokens: Tokens, user: str = USER) -> str:
    with pytest.raises(NoToken) as caught:
        tokens.token(user)
    return str(caught.value)


# ── an app of its own ────────────────────────────────────────────────────────────────────────────────────────────────


def test_an_app_gets_a_token_for_all_that_was_granted_and_keeps_it(service, client):
    tokens = Tokens(client)
    assert [tokens.token(USER), tokens.token(USER), Tokens(client).token(USER)] == ["access-token-0001"] * 3
    [asked] = service.requests
    assert (asked["scope"], asked["client_secret"]) == ("https://outlook.office365.com/.default", SECRET)


def test_the_token_file_is_for_its_owner_only_and_tells_when_the_token_ends(client):
    tokens = Tokens(client)
    assert tokens.expires_at() is None
    tokens.token(USER)
    assert stat.S_IMODE(client.token_file.stat().st_mode) == 0o600
    assert tokens.expires_at() > Tokens(client).expires_at() - timedelta(seconds=1)
    assert "app-secret" not in client.token_file.read_text()


def test_a_token_is_renewed_before_it_ends(service, client):
    service.lifetime = 299  # less than the five minutes that a token must still have
    tokens = Tokens(client)
    assert [tokens.token(USER), tokens.token(USER)] == ["access-token-0001", "access-token-0002"]


def test_a_refused_token_is_not_used_again(client):
    tokens = UserTokens(Tokens(client), USER)
    assert tokens.token() == "access-token-0001"
    tokens.forget()
    assert tokens.token() == "access-token-0002"


@pytest.mark.parametrize(
    ("error", "words", "advice"),
    [
        (
            "invalid_client",
            "AADSTS7000222: The secret keys are expired.",
            "the client secret has expired",
        ),
        ("invalid_client", f"AADSTS7000215: Invalid client secret {SECRET} provided.", "its Value is wanted"),
        (
            "unauthorized_client",
            "AADSTS700016: Application not found",
            "this tenant knows no such app",
        ),
        ("temporarily_unavailable", "AADSTS90033", "it is tried again"),
    ],
)
def test_what_the_service_refuses_is_told_with_what_to_do(service, client, error, words, advice):
    service.refusal = {"error": error, "error_description": words}
    say = why(Tokens(client))
    assert advice in say
    assert "localhost gives no token" in say
    assert SECRET not in say


# ── a person with a code ─────────────────────────────────────────────────────────────────────────────────────────────


def test_nobody_has_signed_in_yet(device):
    assert f"nobody has signed in for {USER} yet; run `kesu login`" in why(Tokens(device))


def test_a_person_signs_in_once_and_the_daemon_renews_from_then_on(service, device):
    daemon, terminal = Tokens(device), Tokens(device)
    why(daemon)
    service.pending = 2
    code = terminal.begin()
    assert (code.url, code.code, code.minutes) == ("https://sign.in/device", "ABCD-1234", 15)
    assert terminal.finish(code) == USER
    assert daemon.token(USER) == "access-token-0001"  # without a restart
    daemon.forget()
    assert daemon.token(USER) == "access-token-0002"
    assert service.requests[-1]["refresh_token"] == "refresh-token-0001"
    assert {"https://outlook.office365.com/IMAP.AccessAsUser.All", "https://outlook.office365.com/SMTP.Send"} <= set(
        service.requests[-1]["scope"].split()
    )


def test_a_person_may_sign_in_for_a_shared_mailbox(device):
    tokens = Tokens(device)
    tokens.finish(tokens.begin())
    assert tokens.token("shared@hongyuan.example") == "access-token-0001"


def test_the_newest_sign_in_counts(service, device):
    tokens = Tokens(device)
    tokens.finish(tokens.begin())
    service.user = "other@hongyuan.example"
    assert tokens.finish(tokens.begin()) == "other@hongyuan.example"


def test_a_sign_in_that_was_revoked_says_to_sign_in_again(service, device):
    tokens = Tokens(device)
    tokens.finish(tokens.begin())
    tokens.forget()
    service.refusal = {"error": "invalid_grant", "error_description": "AADSTS50173: The grant was revoked."}
    say = why(tokens)
    assert "the sign-in has expired or was revoked; run `kesu login` again" in say
    assert "refresh-token" not in say


def test_nobody_signs_in_in_time(service, device):
    tokens = Tokens(device)
    code = tokens.begin()
    service.refusal = {"error": "expired_token", "error_description": "the code expired"}
    with pytest.raises(NoToken, match="nobody signed in while the code was valid"):
        tokens.finish(code)


def test_a_registration_that_takes_no_codes(service, device):
    service.refusal = {"error": "invalid_client", "error_description": "AADSTS7000218: must contain client_secret"}
    with pytest.raises(NoToken, match="Allow public client flows"):
        Tokens(device).begin()


# ── the surroundings ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_damaged_token_file_is_named(device):
    device.token_file.parent.mkdir()
    device.token_file.write_text("{")
    assert f"{device.token_file}, or an answer of localhost, is damaged; run `kesu login` again" in why(Tokens(device))
    assert Tokens(device).expires_at() is None


def test_a_service_that_is_not_there_or_not_trusted(client, stranger):
    assert "localhost cannot be reached" in why(Tokens(replace(client, ca_file=stranger.ca_file)))
    assert "localhost cannot be reached" in why(Tokens(replace(client, authority="https://localhost:9/factory")))


def test_a_missing_msal_names_the_extra(client, monkeypatch):
    monkeypatch.setitem(sys.modules, "msal", None)
    assert 'pip install "kesu[oauth]"' in why(Tokens(client))


def test_nothing_secret_in_repr_or_log(client, caplog):
    caplog.set_level("DEBUG")
    tokens = UserTokens(Tokens(client), USER)
    token = tokens.token()
    assert caplog.records  # the libraries below do log
    for shown in (repr(tokens), repr(client), caplog.text):
        assert SECRET not in shown
        assert token not in shown
