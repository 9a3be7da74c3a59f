"""Access tokens for mailboxes that take no password, by msal: asked for, kept in a private file, refreshed.

Nothing here logs, and no message holds a token or a secret.  msal is the extra `[oauth]`, imported when it is needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from daemon.adapters.files import write_atomically
from daemon.adapters.findings import NoToken, hide, one_line
from daemon.adapters.secrets import learn


class Flow(StrEnum):
    """Who signs in."""

    APP = "app"  # kesu itself, by a secret (client credentials)
    DEVICE = "device"  # a person, once, with a code in a browser (RFC 8628)


@dataclass(frozen=True, slots=True)
class OAuthClient:
    """Our registration at the sign-in service, and where tokens are kept."""

    client_id: str
    authority: str  # https://host/tenant
    resource: str  # https://host of the mail service, which the scopes begin with
    flow: Flow
    token_file: Path
    secret: str = field(default="", repr=False)
    known: bool = True  # False: an authority of one's own, which Microsoft is not asked about
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=30)

    @property
    def scopes(self) -> list[str]:
        """Return what is asked for: reading and sending, or all that the administrator granted to the app."""
        if self.flow is Flow.APP:
            return [f"{self.resource}/.default"]
        return [f"{self.resource}/IMAP.AccessAsUser.All", f"{self.resource}/SMTP.Send"]


@dataclass(frozen=True, slots=True)
class DeviceCode:
    """What a person needs to sign in: open `url`, type `code`, within `minutes`."""

    url: str
    code: str
    minutes: int
    flow: Mapping[str, Any] = field(repr=False)


# What the sign-in service says, the first fitting row counts; see learn.microsoft.com, "AADSTS error codes".
_AGAIN = "run `kesu login` again"
_ADVICE: tuple[tuple[str, str], ...] = (
    ("AADSTS7000222", "the client secret has expired: make a new one at the app's registration and put it in place"),
    ("AADSTS7000215", "the client secret is wrong: its Value is wanted, not its Secret ID"),
    ("AADSTS7000218", "switch on `Allow public client flows` at the app's registration, or use flow = app"),
    ("AADSTS700016", "check client_id and tenant in [oauth]: this tenant knows no such app"),
    ("AADSTS65001", "an administrator has to grant consent at the app's registration, API permissions"),
    ("invalid_client", "check client_id and the client secret"),
    ("unauthorized_client", "check client_id and tenant in [oauth]"),
    ("invalid_grant", f"the sign-in has expired or was revoked; {_AGAIN}"),
    ("interaction_required", _AGAIN),
    ("consent_required", "an administrator has to grant consent at the app's registration, API permissions"),
    ("authorization_pending", f"nobody signed in while the code was valid; {_AGAIN}"),
    ("expired_token", f"nobody signed in while the code was valid; {_AGAIN}"),
    ("code_expired", f"nobody signed in while the code was valid; {_AGAIN}"),
    ("authorization_declined", f"the sign-in was declined; {_AGAIN}"),
    ("access_denied", f"the sign-in was declined; {_AGAIN}"),
    ("", "it is tried again; if it stays so, look at [oauth] in config.toml"),
)


class Tokens:
    """The tokens of one registration.  The file is read each time, so `kesu login` works beside a running daemon."""

    def __init__(self, client: OAuthClient) -> None:
        self._client = client
        self._app: Any = None
        self._cache: Any = None

    def token(self, user: str) -> str:
        """Return an access token for this mailbox with at least five minutes left.

        Raises NoToken.
        """
        with self._opened() as app:
            if self._client.flow is Flow.APP:
                return self._taken(app.acquire_token_for_client(self._client.scopes))
            account = _account(app.get_accounts(), user)
            return self._taken(app.acquire_token_silent_with_error(self._client.scopes, account))

    def forget(self) -> None:
        """Drop the access tokens, which a server refused; what refreshes them stays.

        Raises NoToken.
        """
        with self._opened():
            for one in list(self._cache.search(self._cache.CredentialType.ACCESS_TOKEN)):
                self._cache.remove_at(one)

    def begin(self) -> DeviceCode:
        """Ask for a code with which a person signs in.

        Raises NoToken.
        """
        with self._opened() as app:
            flow = app.initiate_device_flow(self._client.scopes)
            if "user_code" not in flow:
                raise self._refused(flow)
            return DeviceCode(str(flow["verification_uri"]), str(flow["user_code"]), flow["expires_in"] // 60, flow)

    def finish(self, code: DeviceCode) -> str:
        """Wait until the person has signed in, and return the name that he or she signed in with.

        Raises NoToken.
        """
        with self._opened() as app:
            for account in app.get_accounts():
                app.remove_account(account)  # only the newest sign-in counts
            result = app.acquire_token_by_device_flow(dict(code.flow))
            self._taken(result)
            return "".join(str(one.get("username", "")) for one in app.get_accounts())

    def expires_at(self) -> datetime | None:
        """Return until when the present token is valid, None when there is none.

        It may have passed while all is well: a connection that stands needs no token, the next one asks for a new one.
        """
        said = _json(self._client.token_file)
        times = [int(one.get("expires_on", 0)) for one in said.get("AccessToken", {}).values()]
        return datetime.fromtimestamp(max(times), UTC) if times else None

    @contextmanager
    def _opened(self) -> Iterator[Any]:
        """Load the file, hand out msal's application, and write the file when something changed."""
        path = self._client.token_file
        with self._faults():
            if self._app is None:
                self._app, self._cache = _application(self._client)
            self._cache.deserialize(path.read_text(encoding="utf-8") if path.exists() else "{}")
            try:
                yield self._app
            finally:
                changed, text = self._cache.has_state_changed, self._cache.serialize()
                _learn(text)
                if changed:
                    path.parent.mkdir(parents=True, exist_ok=True)
                    write_atomically(path, text.encode(), private=True)

    @contextmanager
    def _faults(self) -> Iterator[None]:
        host, path = urlsplit(self._client.authority).hostname, self._client.token_file
        try:
            yield
        except NoToken:
            raise
        except json.JSONDecodeError:
            raise NoToken(f"{path}, or an answer of {host}, is damaged; {_AGAIN}, or remove the file") from None
        except ValueError as fault:
            what = hide(one_line(str(fault)), self._client.secret)
            raise NoToken(f"{host} does not know this tenant ({what}); check tenant in [oauth]") from None
        except OSError as fault:
            what = one_line(str(fault.strerror or type(fault).__name__))
            raise NoToken(
                f"no token: {host} cannot be reached, or {path} not be used ({what}); it is tried again; "
                "check the network, the proxy and ca_file in [oauth]"
            ) from None

    def _taken(self, result: Mapping[str, Any] | None) -> str:
        if result and "access_token" in result:
            return str(result["access_token"])
        raise self._refused(
            result or {"error": "interaction_required", "error_description": "the sign-in is not known"}
        )

    def _refused(self, result: Mapping[str, Any]) -> NoToken:
        said = hide(one_line(f"{result.get('error', '')}: {result.get('error_description', '')}"), self._client.secret)
        advice = next(advice for mark, advice in _ADVICE if mark in said)
        return NoToken(f"{urlsplit(self._client.authority).hostname} gives no token ({said}); {advice}")


@dataclass(frozen=True, slots=True)
class UserTokens:
    """The tokens of one mailbox, as IMAP and SMTP ask for them."""

    tokens: Tokens
    user: str

    def token(self) -> str:
        """Return a valid access token.

        Raises NoToken.
        """
        return self.tokens.token(self.user)

    def forget(self) -> None:
        """Drop the present token.

        Raises NoToken.
        """
        self.tokens.forget()


def _account(accounts: list[dict[str, Any]], user: str) -> dict[str, Any]:
    """Return who signed in: the mailbox itself, or the one person who did and may open it (a shared mailbox)."""
    own = [one for one in accounts if str(one.get("username", "")).lower() == user.lower()]
    found = own or (accounts if len(accounts) == 1 else [])
    if not found:
        raise NoToken(f"nobody has signed in for {user} yet; run `kesu login`")
    return found[0]


def _application(client: OAuthClient) -> tuple[Any, Any]:
    msal = _msal()
    cache = msal.SerializableTokenCache()
    more: dict[str, Any] = {
        "authority": client.authority,
        "token_cache": cache,
        "http_client": _web(client),
        "instance_discovery": None if client.known else False,
    }
    make: Callable[..., Any] = msal.PublicClientApplication
    if client.flow is Flow.APP:
        make, more["client_credential"] = msal.ConfidentialClientApplication, client.secret
    return make(client.client_id, **more), cache


def _web(client: OAuthClient) -> Any:
    """Return the session that msal talks over; a CA given to each request beats one from the environment."""
    import requests  # noqa: PLC0415 — comes with msal

    session: Any = requests.Session()
    ca_file = str(client.ca_file) if client.ca_file else None
    session.request = partial(session.request, timeout=client.timeout.total_seconds(), verify=ca_file)
    return session


def _msal() -> Any:
    try:
        import msal  # noqa: PLC0415 — an extra; imported only where config asks for OAuth
    except ImportError:
        raise NoToken('login by OAuth needs the package msal; install it with: pip install "kesu[oauth]"') from None
    return msal


def _learn(cache: str) -> None:
    """Keep the tokens of every kind in mind as secrets."""
    for kind in json.loads(cache).values():
        for one in kind.values():
            learn(str(one.get("secret", "")))


def _json(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return said if isinstance(said, dict) else {}
