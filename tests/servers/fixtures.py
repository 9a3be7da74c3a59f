"""Fixtures for real servers on loopback; tests/conftest.py names this module in `pytest_plugins`."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator

import pytest

from tests.servers import postgresql as postgresql_server
from tests.servers.certificates import Authority, make_authority
from tests.servers.dovecot import Dovecot, missing, running
from tests.servers.postgresql import Postgresql

REQUIRED = "KESU_REQUIRE_SERVERS"


def _skip_or_fail(why: str) -> None:
    """Skip for this reason, if there is one; fail instead where the environment says that servers must be there."""
    if why and os.environ.get(REQUIRED) == "1":
        pytest.fail(why)
    if why:
        pytest.skip(why)


@pytest.fixture(scope="session")
def need_openssl() -> None:
    _skip_or_fail(missing("openssl"))


@pytest.fixture(scope="session")
def authority(need_openssl, tmp_path_factory) -> Authority:
    """A certificate authority that the tests trust."""
    return make_authority(tmp_path_factory.mktemp("authority"), "kesu test CA")


@pytest.fixture(scope="session")
def stranger(need_openssl, tmp_path_factory) -> Authority:
    """A certificate authority that gave nothing to any server here."""
    return make_authority(tmp_path_factory.mktemp("stranger"), "somebody else")


@pytest.fixture(scope="session")
def need_dovecot() -> None:
    _skip_or_fail(missing("dovecot", "openssl"))


@pytest.fixture(scope="session")
def need_strace() -> None:
    _skip_or_fail(missing("strace"))


@pytest.fixture(scope="session")
def dovecot(need_dovecot, authority) -> Iterator[Dovecot]:
    """A real Dovecot with TLS, STARTTLS and MOVE."""
    with running(authority) as server:
        yield server


@pytest.fixture(scope="session")
def plain_dovecot(need_dovecot, authority) -> Iterator[Dovecot]:
    """A Dovecot as old servers are: no TLS, no MOVE, no UIDPLUS, no ID; its folders lie under `INBOX.`."""
    old = "imap_capability = IMAP4rev1 NAMESPACE\nnamespace inbox {\n  prefix = INBOX.\n  separator = .\n}\n"
    with running(authority, tls=False, extra=old) as server:
        yield server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Postgresql]:
    """A real PostgreSQL; it comes from a wheel, so that it is there on every machine."""
    with postgresql_server.running() as server:
        yield server


@pytest.fixture(scope="session")
def _user_numbers() -> Iterator[int]:
    return itertools.count(1)


@pytest.fixture
def new_user(_user_numbers) -> Callable[[], str]:
    """Makes user names whose mailboxes nobody has touched."""
    return lambda: f"user{next(_user_numbers)}"
