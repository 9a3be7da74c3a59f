"""Secrets are found nowhere: not in logs, status, health, store, mails, ledger or backup, whatever goes wrong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from tests.adapters.test_xoauth2 import OAuthSink
from tests.real.corpus import corpus
from tests.real.factory import USER, write_config
from tests.real.process import LONGEST_WAIT, ROOT, kesu
from tests.servers import postgresql as server
from tests.servers.dovecot import PASSWORD, running
from tests.servers.token_service import token_service

pytestmark = pytest.mark.server

PLANTED = "Zk9%geheimnis/7+x"
COMPLAINT = next(mail for mail in corpus().values() if mail.kind == "complaint")
PRIVATE = ("password", "database-password", "client-secret", "oauth.json")

# The real process, with one pass more, which fails in words that hold a secret; and one that cannot begin to work.
BROKEN = """
import sys
from pathlib import Path
from urllib.parse import quote
import daemon.service as service
from daemon.cli import main

secret = Path(sys.argv.pop(1)).read_text().strip()
where = sys.argv.pop(1)

def failing(*_):
    raise RuntimeError(f"login('x', {secret!r}) at postgresql://kesu:{quote(secret, safe='')}@db was refused")

if where == "pass":
    service.PASSES = (*service.PASSES, failing)
else:
    service.sweep_folders = failing
sys.exit(main(sys.argv[1:]))
"""


def disguises(secret: str, user: str) -> set[bytes]:
    """Return how a secret may look: plain, in a URL, and in base64 alone or as logins carry it."""
    plain = secret.encode()
    logins = (b"\0" + user.encode() + b"\0" + plain, f"user={user}\x01auth=Bearer {secret}\x01\x01".encode())
    return {plain, quote(secret, safe="").encode(), *(b64encode(one).rstrip(b"=") for one in (plain, *logins))}


def left_behind(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all that lies in a company's folder, blobs and archives unpacked, but the files that keep the secrets."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name not in PRIVATE:
            yield path.name, path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    yield from ((f"{path.name}: {name}", archive.read(name)) for name in archive.namelist())
    database = folder / "state" / "kesu.db"
    if database.exists():
        with sqlite3.connect(database) as tables:
            yield from _unpacked(tables.execute("SELECT sha256, packed, data FROM blobs"))


def _unpacked(rows: Iterable[tuple[str, bool, bytes]]) -> Iterator[tuple[str, bytes]]:
    for sha256, packed, data in rows:
        yield f"blob {sha256}", zlib.decompress(data) if packed else data


def in_schema(postgresql: server.Postgresql, schema: str) -> Iterator[tuple[str, bytes]]:
    """Yield every row of every table, blobs unpacked."""
    for (table,) in postgresql.ask(f"SELECT tablename FROM pg_tables WHERE schemaname = '{schema}'"):
        rows = postgresql.ask(f"SELECT t::text FROM {schema}.{table} t")
        yield from ((table, text.encode()) for (text,) in rows)
    yield from _unpacked(postgresql.ask(f"SELECT sha256, packed, data FROM {schema}.blobs"))


def spoken(config: Path, number: int) -> Iterator[tuple[str, bytes]]:
    """Run the verbs, and yield what they say."""
    backup = str(config.with_name(f"{number}.zip"))
    for verb in (("check",), ("run", "--once"), ("status",), ("status", "--json"), ("backup", backup), ("requeue",)):
        done = kesu(config, *verb)
        yield " ".join(verb), (done.stdout + done.stderr).encode()


def broken(config: Path, secret: Path, where: str) -> tuple[str, bytes]:
    """Run a daemon whose work fails, in words that hold a secret, and return what it says."""
    command = [sys.executable, "-c", BROKEN, str(secret), where, "run", "--once", "--config", str(config)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, timeout=LONGEST_WAIT, check=False)
    return f"broken {where}", done.stdout + done.stderr


def repeated(found: Iterable[tuple[str, bytes]], *looks: set[bytes]) -> list[tuple[str, bytes]]:
    return [(name, look) for name, words in found for look in set().union(*looks) if look in words]


@pytest.fixture
def sink(authority):
    """An SMTP server with a login, and its port."""
    mails = Sink()
    protection = Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    with SmtpListener(mails, protection=protection) as listener:
        yield mails, listener.port


def widened(config: Path, *pairs: tuple[str, str]) -> Path:
    text = config.read_text("utf-8")
    for old, new in (("[service]\n", '[service]\nlog = "json"\n'), *pairs):
        assert old in text
        text = text.replace(old, new)
    config.write_text(text, "utf-8")
    return config


def test_passwords_are_found_nowhere(tmp_path, dovecot, sink, new_user):
    user, (mails, port) = new_user(), sink
    dovecot.put(user, COMPLAINT.raw)
    config = widened(write_config(tmp_path, dovecot, port, user))
    found = []
    for number, password in enumerate((PLANTED, PASSWORD)):  # refused everywhere, then taken everywhere
        (tmp_path / "password").write_text(password + "\n", "utf-8")
        found += spoken(config, number)
    assert mails.mails, "with the right password mails went out"
    assert all(words for name, words in found if name != "requeue"), "the verbs were heard"
    found += [*left_behind(tmp_path), *((f"mail {n}", mail.raw) for n, mail in enumerate(mails.mails))]
    looks = [disguises(secret, name) for secret in (PLANTED, PASSWORD) for name in (user, USER)]
    assert repeated(found, *looks) == []


def test_the_password_of_the_database_is_found_nowhere(tmp_path, dovecot, sink, new_user, postgresql):
    user, schema, (mails, port) = new_user(), postgresql.new_schema(), sink
    dovecot.put(user, COMPLAINT.raw)
    more = f'database = "{postgresql.url()}"\nschema = "{schema}"\ndatabase_password_file = "database-password"\n'
    config = widened(write_config(tmp_path, dovecot, port, user), ("[service]\n", f"[service]\n{more}"))
    found = []
    for number, password in enumerate((PLANTED, server.PASSWORD)):
        (tmp_path / "database-password").write_text(password + "\n", "utf-8")
        found += spoken(config, number)
    assert "database_password_env or database_password_file" in found[0][1].decode(), "a wrong one is told"
    assert mails.mails, "with the right password mails went out"
    found += [*left_behind(tmp_path), *in_schema(postgresql, schema)]
    found += [(f"mail {n}", mail.raw) for n, mail in enumerate(mails.mails)]
    looks = [disguises(secret, server.USER) for secret in (PLANTED, server.PASSWORD)]
    assert repeated(found, *looks) == []


def test_the_secret_of_oauth_and_its_tokens_are_found_nowhere(tmp_path, authority, need_dovecot):
    with (
        token_service(authority) as service,
        running(authority, extra=service.checked_by_dovecot(_for_all(tmp_path))) as dovecot,
    ):
        taken = OAuthSink(service.live)
        with SmtpListener(taken, protection=Protection(Security.STARTTLS, authority.server_context())) as listener:
            user = service.user
            dovecot.put(user, COMPLAINT.raw)
            company = tmp_path / "company"
            company.mkdir()
            registration = f"""
[oauth]
client_id = "kesu-app"
tenant = "factory"
flow = "app"
authority = "{service.authority}"
ca_file = "{authority.ca_file}"
client_secret_file = "client-secret"

[calendar]
"""
            config = widened(
                write_config(company, dovecot, listener.port, user),
                ('password_file = "password"\n', 'login = "oauth"\n'),
                (f'user = "{USER}"', f'user = "{user}"'),
                ("\n[calendar]\n", registration),
            )
            (company / "client-secret").write_text(PLANTED + "\n", "utf-8")
            found = []
            service.refusal = {"error": "invalid_client", "error_description": f"AADSTS7000215: {PLANTED} is wrong"}
            found += spoken(config, 0)
            service.refusal = None
            found += spoken(config, 1)
            assert "access-token-" in (company / "state" / "oauth.json").read_text("utf-8")
            service.revoke()  # the servers refuse the token that the file holds
            found.append(broken(config, company / "client-secret", "pass"))
    assert "client secret is wrong" in found[0][1].decode(), "a refusal is told"
    assert taken.mails, "with a token mails went out"
    found += [*left_behind(company), *((f"mail {n}", mail.raw) for n, mail in enumerate(taken.mails))]
    tokens = [f"access-token-{number:04d}" for number in range(1, 9)]
    assert repeated(found, *(disguises(secret, user) for secret in (PLANTED, *tokens))) == []


def _for_all(folder: Path) -> Path:
    made = folder / "oauth"
    made.mkdir()
    for parent in (folder, *folder.parents[:2]):
        parent.chmod(parent.stat().st_mode | 0o055)  # Dovecot reads it as somebody else
    return made


@pytest.mark.parametrize("log", ["json", "text"])
def test_a_fault_whose_words_hold_a_password_does_not_tell_it(tmp_path, dovecot, sink, new_user, log):
    user, (mails, port) = new_user(), sink
    dovecot.put(user, COMPLAINT.raw)
    config = write_config(tmp_path, dovecot, port, user)
    admin = 'administrator = "admin@hongyuan.example"\n'
    watched = ("\n[calendar]\n", '\n[watch]\npasses = "0min"\n\n[calendar]\n')
    config = widened(config, ('log = "json"', f'log = "{log}"'), ("[service]\n", f"[service]\n{admin}"), watched)
    found = [broken(config, tmp_path / "password", where) for where in ("pass", "start")]
    assert [b"RuntimeError" in words and b"Traceback" in words for _, words in found] == [True, True]
    told = [mail for mail in mails.mails if mail.recipients == ("admin@hongyuan.example",)]
    assert told, "the administrator is told that a pass fails"
    health = (tmp_path / "state" / "health.json").read_text("utf-8")
    assert "failing: RuntimeError" in health
    found += [
        *spoken(config, 0),
        *left_behind(tmp_path),
        *((f"mail {n}", one.raw) for n, one in enumerate(mails.mails)),
    ]
    assert repeated(found, disguises(PASSWORD, user), disguises(PASSWORD, USER)) == []
