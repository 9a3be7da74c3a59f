"""The stage of the demo: a whole kesu on a virtual clock, with real SMTP in and out on loopback.  Knows no story."""

from __future__ import annotations

import re
import smtplib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from daemon.adapters.clock import VirtualClock
from daemon.adapters.files import write_atomically
from daemon.adapters.mint import SeededMint
from daemon.adapters.smtp_listener import MaildirDelivery, Sink, SmtpListener
from daemon.adapters.tls import Security
from daemon.config import Config, load_config
from daemon.demo.people import Received, Writer, typed
from daemon.ledger.names import LEDGER_NAME
from daemon.passes.desk import Desk, Happening
from daemon.seams import CellValue
from daemon.service import until_quiet
from daemon.wiring import open_desk, shipped_config

ZONE = ZoneInfo("Asia/Shanghai")
BY_DAY, BY_NIGHT = timedelta(minutes=30), timedelta(hours=2)
WEEKDAYS = "一二三四五六日"
SEED = 2611
SHARE = r"\\文件服务器\质量部\客诉"
Say = Callable[[str], None]

# What is worth a line on the terminal, and in which colour; other happenings are seen by what they cause.
COLOURS = {
    "case.registered": "bold cyan",
    "timer.reminder": "yellow",
    "timer.escalation": "bold red",
    "timer.silence": "yellow",
    "timer.ask_again": "yellow",
    "mail.reply": "green",
    "ledger.edited": "green",
    "mail.automatic": "dim",
    "mail.noise": "dim",
    "mail.aside": "yellow",
    "mail.bounce": "bold yellow",
    "mail.duplicate": "dim",
    "report.summary": "bold magenta",
    "report.duty": "bold magenta",
    "pass.failed": "bold red",
    "mail.failed": "bold red",
    "mail.unwritten": "bold red",
}


@dataclass
class Stage:
    """The desk and its clock; people act by SMTP, and what the desk sends is kept as files."""

    desk: Desk
    clock: VirtualClock
    port: int
    sink: Sink
    folder: Path
    say: Say
    happened: list[Happening] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)
    written: int = 0
    day: str = ""

    def until(self, moment: datetime) -> None:
        """Let time pass, looking in every half hour by day and every two hours by night."""
        while self.clock.now() < moment:
            hour = self.clock.now().astimezone(ZONE).hour
            self.clock.to(min(self.clock.now() + (BY_DAY if 7 <= hour < 19 else BY_NIGHT), moment))
            self.work()

    def work(self) -> None:
        """Let the daemon work until all is quiet, and tell what it did."""
        for one in until_quiet(self.desk, self.clock):
            self.happened.append(one)
            colour = COLOURS.get(one.event)
            if colour:
                self._line(f"[{colour}]{_plain(f'客诉 {one.case}  ' if one.case else '')}{_plain(one.text)}[/]")
        for mail in self.sink.mails[len(self.received) :]:
            self._keep(Received(mail.recipients[0], mail.raw))

    def send(self, raw: bytes, sender: str, subject: str) -> None:
        """Hand a person's mail to the company's mail server, and let the daemon work."""
        self._line(f"[bold]✉ {_plain(sender)}：{_plain(subject)}[/]")
        with smtplib.SMTP("127.0.0.1", self.port, timeout=10) as server:
            server.sendmail("people@story.example", [self.desk.directory.mailbox], raw)
        self.work()

    def writer(self, name: str, address: str) -> Writer:
        """Return a person who writes now."""
        self.written += 1
        return Writer(name, address, self.desk.directory.mailbox, self.clock.now().astimezone(ZONE), self.written)

    def write(
        self, name: str, address: str, subject: str, text: str, files: Sequence[tuple[str, bytes]] = (),
        headers: Sequence[tuple[str, str]] = (),
    ) -> None:  # fmt: skip
        """Let a person write a new mail."""
        self.send(self.writer(name, address).write(subject, text, files, headers), name, subject)

    def reply(self, name: str, address: str, to: Received, text: str) -> None:
        """Let a person answer a mail of ours."""
        self.send(self.writer(name, address).reply(to, text), name, "回复 " + to.subject)

    def press(self, name: str, address: str, box: str, number: str, word: str, reason: str = "") -> None:
        """Let a person press a button of the newest mail in a mailbox that has it for this case."""
        to = next(mail for mail in reversed(self.received) if mail.to == box and _offers(mail, number, word))
        raw = self.writer(name, address).press(to, word, reason)
        self.send(raw, name, f"按钮“{word}”  {reason}".strip())

    def type(self, name: str, number: str, cells: Mapping[str, CellValue]) -> None:
        """Let a person type into the ledger: into the row of a case, or a new row, by the headers; and save it."""
        self._line(f"[bold]✎ {_plain(name)} 在台账里填写：{_plain('，'.join(map(str, cells.values())))}[/]")
        path = self.desk.shelf / LEDGER_NAME
        write_atomically(path, typed(path.read_bytes(), self.desk.book, number, cells))
        self.work()

    def last(self, address: str, *contains: str) -> Received:
        """Return the newest mail to an address with all these words.  Raises LookupError."""
        for mail in reversed(self.received):
            if mail.to == address and all(word in mail.subject + mail.text for word in contains):
                return mail
        raise LookupError(f"no mail to {address} with {contains}")

    def _keep(self, mail: Received) -> None:
        self.received.append(mail)
        local = self.clock.now().astimezone(ZONE)
        subject = re.sub(r'[\\/:*?"<>|\s]+', " ", mail.subject).strip()[:50]
        path = self.folder / f"{len(self.received):03} {local:%m-%d %H%M} {mail.to.partition('@')[0]} {subject}.eml"
        path.write_bytes(mail.raw)
        self._line(f"   → {_plain(mail.to)}  [dim]{_plain(mail.subject)}[/]")

    def _line(self, text: str) -> None:
        local = self.clock.now().astimezone(ZONE)
        day = f"{local.month}月{local.day}日 周{WEEKDAYS[local.weekday()]}"
        if day != self.day:
            self.day = day
            self.say(f"\n[bold reverse] {day} [/]")
        self.say(f"{local:%H:%M}  {text}")


@contextmanager
def stage(folder: Path, start: datetime, say: Say) -> Iterator[Stage]:
    """Build the stage in a folder: mailbox, state, shared folder, and the mails that are sent."""
    complaints, sent = folder / "state" / "mail", folder / "邮件"
    sent.mkdir(parents=True, exist_ok=True)
    config, sink = load_config(shipped_config()), Sink()
    inbox = SmtpListener(MaildirDelivery({config.company.complaint_mailbox: complaints}))
    outside = SmtpListener(sink)
    with inbox, outside, open_desk(_config(config, folder, outside.port), SeededMint(SEED)) as desk:
        yield Stage(desk, VirtualClock(start), inbox.port, sink, sent, say)


def _config(shipped: Config, folder: Path, port: int) -> Config:
    out = shipped.mail_out.model_copy(update={"kind": "smtp", "port": port, "security": Security.NONE})
    templates = str(shipped.path(shipped.service.templates))
    service = shipped.service.model_copy(update={"templates": templates, "ledger_shown": SHARE})
    return shipped.model_copy(update={"base": folder.resolve(), "mail_out": out, "service": service})


def _offers(mail: Received, number: str, word: str) -> bool:
    return any(number in one.subject and word in one.subject.split() for one in mail.buttons)


def _plain(text: str) -> str:
    """Return a text in which no bracket is taken for markup by the terminal."""
    return text.replace("[", r"\[")
