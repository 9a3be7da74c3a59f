"""The corpus company with real servers: its config.toml, its mailbox, and what came out of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import count
from pathlib import Path

from openpyxl import load_workbook

from daemon.adapters.smtp_listener import Protection, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.core.case import Case
from daemon.core.events import Event
from daemon.demo.people import Received, Writer
from daemon.ledger.columns import MAIN_SHEET
from daemon.seams import MailRecord, OutboxRow
from tests.cast import COMPLAINTS
from tests.real.corpus import DIRECTORY
from tests.real.process import Running, looking, running
from tests.servers.certificates import Authority
from tests.servers.dovecot import PASSWORD, Dovecot

USER = "complaints"
SHELVES = ("已处理", "待人工")
WRITTEN_AT = datetime(2026, 11, 23, 1, tzinfo=UTC)  # only a Date header

# The shop never closes, so that no notice waits for the morning; the numbers are none that the corpus speaks of.
CONFIG = """
[service]
state = "state"
ledger = "shared"
tick_seconds = 1

[override.number]
pattern = "HY{{yy}}{{mm}}{{seq:03}}"

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
security = "starttls"
ca_file = "{ca_file}"
user = "{smtp_user}"
password_file = "password"

[calendar]
country = ""
hours = ["00:00-00:00"]
workdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]

{directory}
"""


def write_config(folder: Path, dovecot: Dovecot, smtp_port: int, user: str = USER) -> Path:
    """Write config.toml and the password into a folder."""
    (folder / "password").write_text(PASSWORD + "\n", "utf-8")
    text = CONFIG.format(
        imap_port=dovecot.tls_port,
        ca_file=dovecot.ca_file,
        smtp_port=smtp_port,
        user=user,
        smtp_user=USER,
        directory=DIRECTORY.read_text(encoding="utf-8"),
    )
    path = folder / "config.toml"
    path.write_text(text, "utf-8")
    return path


@dataclass(frozen=True)
class Snapshot:
    """What can be seen from outside at one moment: cases with their outbox, mails and events, the ledger, the mails."""

    cases: tuple[Case, ...]
    outbox: dict[str, tuple[OutboxRow, ...]]
    mails: dict[str, tuple[MailRecord, ...]]
    events: dict[str, tuple[Event, ...]]
    sent: tuple[Received, ...]
    rows: tuple[dict[str, object], ...]
    lying: dict[str, tuple[bytes, ...]]

    def of_mail(self, message_id: str) -> tuple[Case, ...]:
        """Return the cases that this mail opened."""
        return tuple(case for case in self.cases if case.message_id == message_id)

    def mail_of(self, row: OutboxRow) -> Received:
        """Return the mail of an outbox row as its addressee has it."""
        (found,) = (mail for mail in self.sent if mail.mail["Message-ID"] == row.message_id)
        return found

    def asked(self, number: str, step: str) -> OutboxRow:
        """Return the latest notice that asks for this step of a case."""
        asking = [row for row in self.outbox[number] if step in row.notice.steps and row.notice.template != "recorded"]
        return asking[-1]

    def told(self, number: str, template: str) -> tuple[OutboxRow, ...]:
        """Return the notices of a case that were written from this template."""
        return tuple(row for row in self.outbox[number] if row.notice.template == template)

    def caused_by(self, number: str, message_id: str) -> tuple[Event, ...]:
        """Return the events of a case that this mail led to."""
        causes = {f"mail:{mail.id}" for mail in self.mails[number] if mail.message_id == message_id}
        return tuple(event for event in self.events[number] if event.cause in causes)


@dataclass
class Factory:
    """The company at work: people put mails into its mailbox and look at what came of it."""

    daemon: Running
    dovecot: Dovecot
    sink: Sink
    user: str = USER
    serial: Iterator[int] = field(default_factory=lambda: count(1))

    def put(self, *mails: bytes) -> None:
        """Let these mails arrive together, and wait until the daemon is done with them."""
        self.dovecot.put(self.user, *mails)
        self.settle()

    def settle(self) -> None:
        """Wait until the daemon is done with all that lies in the mailbox."""
        self.daemon.settle(lambda: self.dovecot.lying(self.user))

    def button(self, row: OutboxRow, word: str, reason: str = "") -> bytes:
        """Return the mail of a button that the addressee of this notice presses."""
        (mail,) = (Received(row.recipient, one.raw) for one in self.sink.mails if row.message_id.encode() in one.raw)
        return Writer("", row.recipient, COMPLAINTS, WRITTEN_AT, next(self.serial)).press(mail, word, reason)

    def look(self) -> Snapshot:
        """Return what can be seen now."""
        sent = tuple(Received(to, one.raw) for one in self.sink.mails for to in one.recipients)
        lying = {name: tuple(self.dovecot.lying(self.user, name)) for name in ("INBOX", *SHELVES)}
        with looking(self.daemon.config) as store:
            cases = tuple(store.cases())
            return Snapshot(
                cases=cases,
                outbox={case.number: store.outbox_of(case.id) for case in cases},
                mails={case.number: store.mails_of(case.id) for case in cases},
                events={case.number: store.events(case.id) for case in cases},
                sent=sent,
                rows=ledger_rows(self.daemon.config.with_name("shared") / "客诉台账.xlsx"),
                lying=lying,
            )


@contextmanager
def factory(folder: Path, dovecot: Dovecot, authority: Authority) -> Iterator[Factory]:
    """Start the SMTP server and the daemon, and stop both at the end."""
    sink = Sink(folder / "sent")
    protection = Protection(Security.STARTTLS, authority.server_context(), (USER, PASSWORD))
    with (
        SmtpListener(sink, protection=protection) as listener,
        running(write_config(folder, dovecot, listener.port)) as daemon,
    ):
        yield Factory(daemon, dovecot, sink)


def ledger_rows(path: Path) -> tuple[dict[str, object], ...]:
    """Read the ledger as people see it: a row a case, by the words of the header."""
    workbook = load_workbook(path)
    try:
        head, *rows = workbook[MAIN_SHEET].iter_rows(values_only=True)
    finally:
        workbook.close()
    return tuple(dict(zip(map(str, head), row, strict=True)) for row in rows if any(row))
