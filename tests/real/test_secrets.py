"""Passwords are found nowhere: not in logs, status, health, store, mails, ledger or backup, whatever goes wrong."""

from __future__ import annotations

import sqlite3
import zipfile
import zlib
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

import pytest

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from tests.real.corpus import corpus
from tests.real.factory import USER, write_config
from tests.real.process import kesu
from tests.servers.dovecot import PASSWORD

pytestmark = pytest.mark.server

PLANTED = "Zk9%geheimnis/7+x"
COMPLAINT = next(mail for mail in corpus().values() if mail.kind == "complaint")


def disguises(secret: str, user: str) -> set[bytes]:
    """Return how a password may look: plain, in a URL, and in base64 alone or as logins carry it."""
    plain = secret.encode()
    login = b"\0" + user.encode() + b"\0" + plain
    return {plain, quote(secret, safe="").encode(), b64encode(plain).rstrip(b"="), b64encode(login).rstrip(b"=")}


def left_behind(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Yield all that lies in a company's folder, blobs and archives unpacked, but the password's own file."""
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "password":
            yield path.name, path.read_bytes()
            if zipfile.is_zipfile(path):
                with zipfile.ZipFile(path) as archive:
                    yield from ((f"{path.name}: {name}", archive.read(name)) for name in archive.namelist())
    with sqlite3.connect(folder / "state" / "kesu.db") as tables:
        for sha256, packed, data in tables.execute("SELECT sha256, packed, data FROM blobs"):
            yield f"blob {sha256}", zlib.decompress(data) if packed else data


def spoken(config: Path, number: int) -> Iterator[tuple[str, bytes]]:
    """Run the verbs, and yield what they say."""
    backup = str(config.with_name(f"{number}.zip"))
    for verb in (("check",), ("run", "--once"), ("status",), ("status", "--json"), ("backup", backup), ("requeue",)):
        done = kesu(config, *verb)
        yield " ".join(verb), (done.stdout + done.stderr).encode()


def test_passwords_are_found_nowhere(tmp_path, dovecot, authority, new_user):
    user, sink = new_user(), Sink()
    dovecot.put(user, COMPLAINT.raw)
    protection = Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    with SmtpListener(sink, protection=protection) as listener:
        config = write_config(tmp_path, dovecot, listener.port, user)
        config.write_text(config.read_text("utf-8").replace("[service]\n", '[service]\nlog = "json"\n'), "utf-8")
        found = []
        for number, password in enumerate((PLANTED, PASSWORD)):  # refused everywhere, then taken everywhere
            (tmp_path / "password").write_text(password + "\n", "utf-8")
            found += spoken(config, number)
    assert sink.mails, "with the right password mails went out"
    assert all(words for name, words in found if name != "requeue"), "the verbs were heard"
    found += [*left_behind(tmp_path), *((f"mail {n}", mail.raw) for n, mail in enumerate(sink.mails))]
    looks = disguises(PLANTED, user) | disguises(PLANTED, USER) | disguises(PASSWORD, user) | disguises(PASSWORD, USER)
    assert [(name, look) for name, words in found for look in looks if look in words] == []
