"""The company of the bench: its config.toml, its mailbox on a real Dovecot, the sink that takes what is sent."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from daemon.adapters.clock import SystemClock
from tests.cast import CONFIG
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, Dovecot

ROOT = CONFIG.parent

# A thousand mails at once, which elsewhere were a flood.
UNLIMITED = "[limits]\nsender_hour = 0\nsender_day = 0\ndomain_hour = 0\ndomain_day = 0\nanswers_day = 0\n\n"
# The shop never closes, so that no notice waits for the morning; the calendar is the real one all the same.
SERVERS = """
[mail_in]
kind = "imap"
host = "localhost"
port = {imap_port}
security = "tls"
ca_file = "{ca_file}"
user = "{user}"
password_file = "password"

[mail_out]
kind = "smtp"
host = "localhost"
port = {smtp_port}
security = "tls"
ca_file = "{ca_file}"

[calendar]
country = "CN"
hours = ["00:00-00:00"]
workdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
work_on = [{days}]

[summary]"""


@dataclass(frozen=True)
class Sink:
    """An SMTP server in another process."""

    port: int
    process: subprocess.Popen[str]

    def taken(self) -> dict[str, int]:
        """Return what it took since it was asked last: connections, mails, bytes, ids (different Message-IDs)."""
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write("?\n")
        self.process.stdin.flush()
        told: dict[str, int] = json.loads(self.process.stdout.readline())
        return told


@contextmanager
def sink(authority: Authority) -> Iterator[Sink]:
    """Start the sink and stop it at the end."""
    command = [sys.executable, "-m", "tests.bench.sink", str(authority.certificate), str(authority.key)]
    process = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout
        yield Sink(int(process.stdout.readline()), process)
    finally:
        process.kill()
        process.communicate()


def write_config(folder: Path, dovecot: Dovecot, smtp_port: int, user: str) -> Path:
    """Write the shipped config.toml with the servers of the bench, and the password."""
    folder.mkdir(parents=True)
    (folder / "password").write_text(PASSWORD, "utf-8")
    today = SystemClock().now().date()
    days = ", ".join(str(today + timedelta(days=one)) for one in (-1, 0, 1, 2))
    servers = SERVERS.format(
        imap_port=dovecot.tls_port, smtp_port=smtp_port, ca_file=dovecot.ca_file, user=user, days=days
    )
    text, changed = re.subn(
        r"\n\[mail_in\].*?\n\[summary\]", lambda _: servers, CONFIG.read_text("utf-8"), flags=re.DOTALL
    )
    assert changed == 1
    text = text.replace("[service]", f"{UNLIMITED}[service]\ntick_seconds = 2")
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


def deliver(dovecot: Dovecot, user: str, mails: Iterable[bytes]) -> None:
    """Lay mails into the inbox as a delivery agent does; the server gives them their UIDs when it looks."""
    new = dovecot.folder / "mail" / user / "Maildir" / "new"
    with dovecot.person(user):  # the server makes the mailbox with its rights
        pass
    owner = new.parent.stat()
    for number, raw in enumerate(mails):
        path = new / f"{number:06}.bench"
        path.write_bytes(raw.replace(b"\r\n", b"\n"))
        os.chown(path, owner.st_uid, owner.st_gid)
