"""One small world a run: a mailbox, an SMTP server, a state folder and a shared folder that nobody else touches."""

from __future__ import annotations

import io
import logging
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from pathlib import Path
from typing import Self

from daemon.adapters.clock import SystemClock
from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.config import load_config
from daemon.demo.people import Received, Writer
from daemon.service import run
from tests.cast import COMPLAINTS, LI
from tests.real.corpus import corpus
from tests.real.factory import USER, write_config
from tests.scenarios.letters import FORM, GRAVE, SLIGHT
from tests.servers import dovecot
from tests.servers.certificates import Authority, make_authority
from tests.servers.dovecot import PASSWORD, Dovecot

WRITTEN_AT = datetime(2026, 11, 23, 1, tzinfo=UTC)  # only a Date header
PHOTO = ("照片.jpg", b"\xff\xd8\xff\xe0 not much of a photo")
LATER = tuple(timedelta(minutes=minutes) for minutes in (0, 10, 30, 120, 400))  # backoff is at most 4 h


@dataclass(frozen=True, slots=True)
class Ground:
    """What all worlds stand on."""

    folder: Path
    dovecot: Dovecot
    authority: Authority


@dataclass(frozen=True, slots=True)
class Beginning:
    """A state from which runs begin, to be copied.

    `put` are the Message-IDs of all mails that ever arrived; the rows of the outbox up to `told` were sent before.
    """

    name: str
    ground: Ground
    put: tuple[str, ...]
    told: int = 0

    @property
    def folder(self) -> Path:
        """Return where its files lie."""
        return self.ground.folder / f"begin-{self.name}"

    @property
    def user(self) -> str:
        """Return whose mailbox is copied."""
        return f"begin-{self.name}"


@dataclass(frozen=True, slots=True)
class Later:
    """The machine's clock, some time later."""

    by: timedelta

    def now(self) -> datetime:
        """Return that instant."""
        return SystemClock().now() + self.by


@dataclass
class World:
    """A copy of a beginning, with servers of its own."""

    beginning: Beginning
    config: Path
    sink: Sink
    user: str
    ports: dict[int, str]
    said: list[str] = field(default_factory=list)

    @property
    def shared(self) -> Path:
        """Return the folder that people see."""
        return self.config.with_name("shared")

    def recover(self, missing: Callable[[Self], tuple[str, ...]]) -> tuple[str, ...]:
        """Start again, as the same code does in a process of its own; time goes on until nothing is missing any more.

        Return what is missing in the end.  Raises what the daemon raises.
        """
        gaps: tuple[str, ...] = ()
        for by in LATER:
            with self._listening():
                run(load_config(self.config), Later(by), once=True)
            gaps = missing(self)
            if not gaps:
                break
        return gaps

    @contextmanager
    def _listening(self) -> Iterator[None]:
        words = io.StringIO()
        handler, log = logging.StreamHandler(words), logging.getLogger("daemon")
        log.addHandler(handler)
        before, log.propagate = log.propagate, False
        try:
            yield
        finally:
            log.removeHandler(handler)
            log.propagate = before
            self.said.append(words.getvalue())


@contextmanager
def ground() -> Iterator[Ground]:
    """Start Dovecot on a folder in memory, where there is one: what is killed here is the process, not the machine."""
    memory = Path("/dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="kesu-crash-", dir=memory if os.access(memory, os.W_OK) else None))
    try:
        authority = make_authority(folder / "authority", "kesu crash CA")
        with dovecot.running(authority) as server:
            yield Ground(folder, server, authority)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def world(beginning: Beginning, name: str) -> Iterator[World]:
    """Lay out a world and take it away again."""
    ground = beginning.ground
    folder, user = ground.folder / name, name
    shutil.copytree(beginning.folder, folder)
    _copy_mailbox(ground.dovecot, beginning.user, user)
    sink = Sink()
    protection = Protection(Security.STARTTLS, ground.authority.server_context(), (USER, PASSWORD))
    try:
        with SmtpListener(sink, protection=protection) as listener:
            config = write_config(folder, ground.dovecot, listener.port, user)
            yield World(beginning, config, sink, user, {ground.dovecot.tls_port: "IMAP", listener.port: "SMTP"})
    finally:
        shutil.rmtree(folder, ignore_errors=True)
        shutil.rmtree(ground.dovecot.folder / "mail" / user, ignore_errors=True)


def _copy_mailbox(server: Dovecot, old: str, new: str) -> None:
    mails = server.folder / "mail"
    shutil.copytree(mails / old, mails / new)
    owner = mails.stat()
    for path in ((mails / new), *(mails / new).rglob("*")):
        os.chown(path, owner.st_uid, owner.st_gid)


# ── the beginnings ───────────────────────────────────────────────────────────────────────────────────────────────────


def first_start(ground: Ground) -> Beginning:
    """Nothing is there but config: a complaint, an automatic mail, an advert and one that cannot be read wait."""
    mails = corpus()
    letters = (complaint(1, GRAVE), mails["040"].raw, mails["045"].raw, unreadable())
    return _begin(Beginning("first", ground, tuple(map(name_of, letters))), letters)


def second_day(ground: Ground, first: Beginning, missing: Callable[[World], tuple[str, ...]]) -> Beginning:
    """Cases, documents and the workbook are there: an answer that moves the case and another complaint wait."""
    with world(first, "first-day") as day:
        assert not day.recover(missing)
        (task,) = (one for one in day.sink.mails if b".team-" in one.raw.partition(b"\r\n\r\n")[0])
        answer = Writer("", task.recipients[0], COMPLAINTS, WRITTEN_AT, 7).reply(
            Received(task.recipients[0], task.raw), "收到"
        )
        letters = (answer, complaint(2, SLIGHT))
        made = Beginning("again", ground, (*first.put, *map(name_of, letters)), len(day.sink.mails))
        for part in ("state", "shared"):
            shutil.copytree(day.config.with_name(part), made.folder / part)
        _copy_mailbox(ground.dovecot, day.user, made.user)
    return _begin(made, letters)


def _begin(beginning: Beginning, letters: tuple[bytes, ...]) -> Beginning:
    beginning.folder.mkdir(exist_ok=True)
    beginning.ground.dovecot.put(beginning.user, *letters)
    return beginning


def complaint(serial: int, symptom: str) -> bytes:
    """Return a complaint with a photo."""
    writer = Writer("李娜", LI, COMPLAINTS, WRITTEN_AT, serial)
    return writer.write("投诉：前端盖内径超差", FORM.format(bad=20 + serial, symptom=symptom), [PHOTO])


def unreadable() -> bytes:
    """Return a mail that would cost too much to read."""
    head = b"From: Bob <bob@cust.example>\r\nSubject: broken parts\r\nMessage-ID: <deep@cust.example>\r\n"
    parts = (b"Content-Type: multipart/mixed; boundary=b%d\r\n\r\n--b%d\r\n" % (n, n) for n in range(500))
    return head + b"".join(parts) + b"Content-Type: text/plain\r\n\r\nx\r\n"


def name_of(raw: bytes) -> str:
    """Return a mail's Message-ID."""
    return str(message_from_bytes(raw)["Message-ID"]).strip()
