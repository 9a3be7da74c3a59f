"""A complaint desk on a virtual clock, worked only through its seams: mail in, mail out, the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import parseaddr
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from daemon.adapters.clock import VirtualClock
from daemon.adapters.mint import SeededMint
from daemon.adapters.store import open_store
from daemon.config import Config, directory_of, load_config
from daemon.core.fields import Who
from daemon.core.process import fingerprint, load_process
from daemon.demo.people import Received, Writer
from daemon.documents.form import build_form
from daemon.ledger.columns import MAIN_SHEET, Look
from daemon.ledger.reading import open_workbook
from daemon.passes.desk import Desk, Happening
from daemon.service import tick
from daemon.wiring import calendars_of, customer_profiles, layout_of, opened_profiles, process_text, renderer_of
from tests.cast import COMPLAINTS, CONFIG
from tests.fakes.ledger import FakeCopies, FakeSharedFile
from tests.fakes.mail import FakeMailbox, FakeSender

FORM = cache(build_form)
SHANGHAI = ZoneInfo("Asia/Shanghai")


TEXTS = (Look.TEXT, Look.LONG, Look.LINK, Look.CHOICE)


def _aware(value: object) -> object:
    return value.replace(tzinfo=SHANGHAI) if isinstance(value, datetime) else value


def local(text: str) -> datetime:
    """Return a local instant of 2026, such as 11-03 09:00, or of the year that it begins with."""
    whole = text if text[4:5] == "-" else f"2026-{text}"
    return datetime.strptime(whole, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


@dataclass
class Office:
    """The desk with its clock; `at` moves time, people act by mail, and `tick` lets the daemon work."""

    desk: Desk
    clock: VirtualClock
    mailbox: FakeMailbox
    sender: FakeSender
    ledger: FakeSharedFile
    copies: FakeCopies
    happened: list[Happening] = field(default_factory=list)
    serial: int = 0
    forgotten: list[Any] = field(default_factory=list)

    def at(self, text: str) -> None:
        """Move to a local time such as 11-03 09:00, ticking every half hour on the way there."""
        moment = local(text)
        while self.clock.now() + timedelta(minutes=30) < moment:
            self.clock.advance(timedelta(minutes=30))
            self.tick()
        self.jump(text)

    def jump(self, text: str) -> None:
        """Move to a local time at once: the daemon was down meanwhile."""
        self.clock.to(local(text))
        self.tick()

    def ticks_to(self, text: str, *, before: bool = False) -> None:
        """Move to a local time such as 2027-01-19 10:00, looking in only when something is due."""
        moment = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)
        moment -= timedelta(minutes=1) if before else timedelta()
        while (due := self.desk.store.waiting().next_due) and self.clock.now() < due < moment:
            self.clock.to(due)
            self.tick()
        self.clock.to(moment)
        self.tick()

    def tick(self) -> None:
        for _ in range(20):
            found = list(tick(self.desk, self.clock.now()))
            self.happened += found
            if not found:
                return

    def mail(self, sender: str, subject: str, text: str, **headers: str) -> None:
        """Put a mail of this person into the inbox and let the daemon work."""
        name, address = parseaddr(sender)
        more = [(key.replace("_", "-"), value) for key, value in headers.items()]
        self.put(self._writer(address, name).write(subject, text, headers=more))

    def put(self, raw: bytes) -> None:
        """Put these bytes into the inbox and let the daemon work."""
        self.mailbox.put(raw)
        self.tick()

    def reply(self, sender: str, to: Received, text: str, *files: str) -> None:
        """Answer a mail of ours, its text quoted below as a mail program does, with files of these names."""
        self.put(self._writer(sender).reply(to, text, [(name, f"{name} {self.serial}".encode()) for name in files]))

    def press(self, sender: str, to: Received, word: str, *, reason: str = "", number: str = "") -> None:
        """Press a button of a mail of ours, and fill in the reason."""
        self.put(self._writer(sender).press(to, word, reason, number))

    def _writer(self, address: str, name: str = "") -> Writer:
        self.serial += 1
        return Writer(name, address, COMPLAINTS, self.clock.now().astimezone(SHANGHAI), self.serial)

    @property
    def sent(self) -> list[Received]:
        return [Received(one.recipient, one.raw) for one in self.sender.sent]

    def to(self, address: str, contains: str = "") -> list[Received]:
        return [mail for mail in self.sent if mail.to == address and contains in mail.subject + mail.text]

    def last(self, address: str, contains: str = "") -> Received:
        found = self.to(address, contains)
        assert found, f"nothing with {contains!r} was sent to {address}; sent: {[(m.to, m.subject) for m in self.sent]}"
        return found[-1]

    def last_ever(self, address: str, contains: str = "") -> Received:
        """The last such mail, those that were forgotten too."""
        every = [Received(one.recipient, one.raw) for one in (*self.forgotten, *self.sender.sent)]
        return next(m for m in reversed(every) if m.to == address and contains in m.subject + m.text)

    def forget(self) -> None:
        """Forget the mails sent so far."""
        self.forgotten.extend(self.sender.sent)
        self.sender.sent.clear()

    @property
    def rows(self) -> dict[str, dict[str, object]]:
        """The ledger as people see it, by case number: values by key, times with their zone."""
        if self.ledger.content is None:
            return {}
        book, workbook = self.desk.book, open_workbook(self.ledger.content)
        sheet = workbook.find(book.wanted, (MAIN_SHEET,))
        empty = {
            key: "" if column.who is Who.DAEMON and column.look in TEXTS else None
            for key, column in book.columns.items()
        }
        seen = ({key: _aware(one.value) for key, one in row.cells.items()} for row in workbook.rows(sheet))
        return {str(row["case_no"]): {**empty, **row} for row in seen}

    def row(self, number: str = "2611001") -> dict[str, object]:
        return self.rows[number]


@contextmanager
def office(
    folder: Path, start: str = "11-02 09:00", config: Config | None = None, database: str = "sqlite://", seed: int = 7
) -> Iterator[Office]:
    """Open a desk with fakes at its seams, on a Monday morning of November 2026.

    One that is opened again on the same database needs a seed of its own, or its codes would come twice.
    """
    config = (config or load_config(CONFIG)).model_copy(update={"base": folder})
    directory, (text, file) = directory_of(config), process_text(config)
    store = open_store(database)
    special = tuple(customer_profiles(config))
    mailbox, sender = FakeMailbox("test"), FakeSender()
    ledger, copies = FakeSharedFile(), FakeCopies()
    process = load_process(text, file)
    opened = opened_profiles(config, (process, *(customer.process for customer in special)))
    for one in (text, *(customer.text for customer in special), *opened.values()):
        store.put_profile(one)
    form = FORM()
    for name in ("8D", "附件"):
        (folder / "ledger" / name).mkdir(parents=True, exist_ok=True)
    desk = Desk(
        config=config,
        directory=directory,
        calendars=calendars_of(config, directory),
        process=process,
        profile=fingerprint(text),
        processes=lambda sha: load_process(store.profile(sha), "store"),
        store=store,
        mailboxes=(mailbox,),
        sender=sender,
        ledger=ledger,
        copies=copies,
        layout=layout_of(config, process),
        renderer=renderer_of(config.model_copy(update={"base": CONFIG.parent}), directory),
        mint=SeededMint(seed),
        form=lambda: form,
        special=special,
        opened={name: fingerprint(one) for name, one in opened.items()},
    )
    moment = local(start)
    try:
        yield Office(desk, VirtualClock(moment), mailbox, sender, ledger, copies)
    finally:
        store.close()
