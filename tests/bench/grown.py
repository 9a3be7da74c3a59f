"""A store that has been at work for years: thousands of closed cases with their journals, mails and documents."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import update

from daemon.adapters.clock import SystemClock
from daemon.adapters.store.tables import mails, outbox
from daemon.config import load_config
from daemon.core.case import Status
from daemon.core.events import Event, EventType, Via
from daemon.core.evolve import evolve
from daemon.documents.naming import report_path
from daemon.documents.report import Audience
from daemon.intake.read import read
from daemon.intake.reading import Reading
from daemon.passes.desk import Desk, carry_out, decision, with_mail
from daemon.passes.known import known_from
from daemon.passes.register import registration
from daemon.seams import Document, MailKey, MailOutcome, OutboxState
from daemon.wiring import open_desk
from tests.bench.letters import letters

DIFFERENT = 500  # mails that are really read; they are registered again and again under other numbers
A_CASE_EVERY = timedelta(hours=2)
OPEN_FOR = timedelta(days=9)


def grow(config: Path, count: int) -> None:
    """Register and close so many cases by the core's own rules, as if over the years before today."""
    now = SystemClock().now()
    with open_desk(load_config(config)) as desk:
        known = known_from(desk.store)
        raws = [one.bytes() for one in letters(min(count, DIFFERENT), first=1_000_001)]
        readings = [(raw, read(raw, desk.directory, known)) for raw in raws]
        document = desk.store.put_blob(b"an 8D of long ago")
        for number in range(count):
            at = now - timedelta(days=10) - A_CASE_EVERY * (count - number)
            _case(desk, *readings[number % len(readings)], number, at, document)
        _all_is_over(desk)


def _case(desk: Desk, raw: bytes, reading: Reading, number: int, at: datetime, document: str) -> None:
    store = desk.store
    record = store.remember_mail(MailKey("complaints", "INBOX", 1, str(number)), raw, f"<{number}@old.example>", at)
    command, blobs = registration(desk, reading, record, at)
    outcome = carry_out(None, [command], desk.context(None, at, via=Via.MAIL, cause=f"mail:{record.id}"))
    closed = Event(
        command.case,
        0,
        at + OPEN_FOR,
        EventType.CLOSED,
        "daemon",
        Via.CLOCK,
        "clock",
        {"status": Status.CLOSED.value, "reason": ""},
    )
    outcome = replace(outcome, case=evolve(outcome.case, closed), events=(*outcome.events, closed))
    made = decision(desk, None, outcome, desk.context(outcome.case, at))
    made = replace(made, next_due_at=None)
    store.commit(with_mail(made, mail=record.id, outcome=MailOutcome.CASE, blobs=blobs), at)
    path = report_path(outcome.accepted, Audience.INTERNAL, 1)
    store.add_document(Document(command.case, Audience.INTERNAL, 1, document, path, at))


def _all_is_over(desk: Desk) -> None:
    """Mark every mail as sent and every mail of the inbox as moved."""
    with desk.store._writing() as connection:  # type: ignore[attr-defined]
        connection.execute(update(outbox).values(state=OutboxState.SENT, attempts=1, sent_at=outbox.c.planned_at))
        connection.execute(update(mails).values(shelved=True))
