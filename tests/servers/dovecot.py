"""A real Dovecot on loopback with its own configuration, run as root or as an ordinary user."""

from __future__ import annotations

import getpass
import grp
import imaplib
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from imap_tools import MailBoxUnencrypted

from daemon.adapters.imap import ImapAccount
from daemon.adapters.tls import Security
from tests.servers.certificates import Authority

PASSWORD = "geheim"
TRIES = 200


@dataclass(frozen=True)
class Dovecot:
    """A running server; any user name works with PASSWORD and has an empty mailbox of its own."""

    host: str
    port: int  # plain, and STARTTLS unless it was started without
    tls_port: int
    ca_file: Path
    folder: Path

    def account(self, user: str, **changes: Any) -> ImapAccount:
        values: dict[str, Any] = {
            "name": "complaints",
            "host": self.host,
            "port": self.port,
            "security": Security.NONE,
            "user": user,
            "password": PASSWORD,
        }
        return ImapAccount(**(values | changes))

    def tls_account(self, user: str, **changes: Any) -> ImapAccount:
        return self.account(
            user, **({"port": self.tls_port, "security": Security.TLS, "ca_file": self.ca_file} | changes)
        )

    @contextmanager
    def person(self, user: str) -> Iterator[MailBoxUnencrypted]:
        """A person at the same mailbox with a mail program."""
        with MailBoxUnencrypted(self.host, self.port).login(user, PASSWORD) as box:
            yield box

    def put(self, user: str, *mails: bytes) -> None:
        with self.person(user) as box:
            for raw in mails:
                box.append(raw)

    def lying(self, user: str, folder: str = "INBOX") -> list[bytes]:
        """Return the mails in a folder by UID; an empty list when there is no such folder."""
        with self.person(user) as box:
            if not box.folder.exists(folder):
                return []
            box.folder.set(folder, readonly=True)
            answers = [box.client.uid("FETCH", uid, "(BODY.PEEK[])")[1] for uid in box.uids(charset=None)]
            return [answer[0][1] for answer in answers if answer[0]]  # None: moved away between SEARCH and FETCH


def missing(*programs: str) -> str:
    """Return which of the programs are not installed, in words; nothing when all are."""
    gone = [name for name in programs if _program(name) is None]
    return f"not installed: {', '.join(gone)} (Debian: apt-get install dovecot-imapd openssl strace)" if gone else ""


@contextmanager
def running(authority: Authority, *, tls: bool = True, extra: str = "") -> Iterator[Dovecot]:
    """Start a Dovecot and stop it at the end; `extra` is added to its configuration."""
    folder = Path(tempfile.mkdtemp(prefix="kesu-dovecot-", dir="/tmp"))  # short, because of its Unix sockets
    try:
        folder.chmod(0o755)
        port, tls_port = _free_ports()
        (folder / "mail").mkdir()
        os.chown(folder / "mail", *_mail_owner())
        configuration = folder / "dovecot.conf"
        configuration.write_text(_configuration(folder, port, tls_port if tls else 0, authority) + extra)
        with _process(configuration) as log:
            _wait_until_ready(port, log)
            yield Dovecot("localhost", port, tls_port, authority.ca_file, folder)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _process(configuration: Path) -> Iterator[Path]:
    log = configuration.with_name("dovecot.log")
    program = _program("dovecot")
    assert program
    with log.open("wb") as output:
        server = subprocess.Popen([program, "-F", "-c", str(configuration)], stdout=output, stderr=output)
        try:
            yield log
        finally:
            server.terminate()
            server.wait()


def _wait_until_ready(port: int, log: Path) -> None:
    pause = threading.Event()
    for _ in range(TRIES):
        try:
            imaplib.IMAP4("127.0.0.1", port, timeout=10).logout()
        except (OSError, imaplib.IMAP4.error):
            pause.wait(0.05)
        else:
            return
    raise RuntimeError(f"Dovecot did not start: {log.read_text()}")


def _free_ports() -> tuple[int, int]:
    with socket.create_server(("127.0.0.1", 0)) as one, socket.create_server(("127.0.0.1", 0)) as two:
        return one.getsockname()[1], two.getsockname()[1]


def _program(name: str) -> str | None:
    return shutil.which(name, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")


def _mail_owner() -> tuple[int, int]:
    """Dovecot refuses to serve mail as root."""
    if os.getuid():
        return os.getuid(), os.getgid()
    nobody = pwd.getpwnam("nobody")
    return nobody.pw_uid, nobody.pw_gid


def _configuration(folder: Path, port: int, tls_port: int, authority: Authority) -> str:
    uid, gid = _mail_owner()
    rootless = "" if os.getuid() == 0 else ROOTLESS.format(user=getpass.getuser(), group=grp.getgrgid(gid).gr_name)
    ssl = f"ssl = yes\nssl_cert = <{authority.certificate}\nssl_key = <{authority.key}" if tls_port else "ssl = no"
    return BASE.format(
        folder=folder, port=port, tls_port=tls_port, uid=uid, gid=gid, ssl=ssl, rootless=rootless, password=PASSWORD
    )


BASE = """
base_dir = {folder}/run
state_dir = {folder}/state
log_path = /dev/stderr
protocols = imap
listen = 127.0.0.1
{ssl}
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
first_valid_uid = 1
mail_location = maildir:~/Maildir
mail_fsync = never
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={uid} gid={gid} home={folder}/mail/%n
}}
namespace inbox {{
  inbox = yes
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {port}
  }}
  inet_listener imaps {{
    port = {tls_port}
  }}
}}
service stats {{
  chroot =
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
{rootless}
"""

ROOTLESS = """
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
service anvil {{
  chroot =
}}
"""
