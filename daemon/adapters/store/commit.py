"""One wish, one transaction: events, snapshot, planned notices, blobs and the mail's outcome, or nothing."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Connection, bindparam, insert, select, update
from sqlalchemy.exc import IntegrityError

from daemon.adapters.store.blobs import keep_blob
from daemon.adapters.store.chain import GENESIS, links
from daemon.adapters.store.database import Database
from daemon.adapters.store.errors import NumberTaken
from daemon.adapters.store.mails import set_outcome
from daemon.adapters.store.outbox import plan_envelopes
from daemon.adapters.store.snapshots import about_text, case_text
from daemon.adapters.store.tables import cases, events
from daemon.core.alike import customer_key
from daemon.core.case import Case
from daemon.core.events import Event
from daemon.seams import Decision, StaleCase

_WITH_NUMBER = select(cases.c.id).where(cases.c.number == bindparam("number"), cases.c.id != bindparam("but"))
_SEQ = select(cases.c.seq).where(cases.c.id == bindparam("which"))
_MOVE_ON = update(cases).where(cases.c.id == bindparam("which"), cases.c.seq == bindparam("expected"))
_HASH = select(events.c.hash).where(events.c.case == bindparam("which"), events.c.seq == bindparam("at"))


class CommitVerbs(Database):
    """The verb of `Store` by which cases are written."""

    def commit(self, decision: Decision, now: datetime) -> None:
        """Commit events, case snapshot, planned notices, blobs and the mail's outcome together, of other cases `also`.

        Raises StaleCase when the case has moved on from `expected_seq`, NumberTaken when another case has its number,
        LeaseLost, and ValueError for events without a case or a blob that has another hash.
        """
        with self._writing() as connection:
            for one in (decision, *decision.also):
                _write(connection, one, now)


def _write(connection: Connection, decision: Decision, now: datetime) -> None:
    if decision.case is not None:
        _write_case(connection, decision.case, decision)
    elif decision.events:
        raise ValueError("a decision with events needs the case that they lead to")
    case = decision.case.id if decision.case else None
    _write_blobs(connection, decision.blobs)
    plan_envelopes(connection, decision.envelopes, now, case)
    if decision.mail is not None and decision.outcome is not None:
        set_outcome(connection, decision.mail, decision.outcome, decision.detail, case)


def _write_blobs(connection: Connection, blobs: Mapping[str, bytes]) -> None:
    for sha256, data in blobs.items():
        if hashlib.sha256(data).hexdigest() != sha256:
            raise ValueError(f"a blob given as {sha256} has another hash")
        keep_blob(connection, data)


def _write_case(connection: Connection, case: Case, decision: Decision) -> None:
    if connection.scalar(_WITH_NUMBER, {"number": case.number, "but": case.id}) is not None:
        raise NumberTaken(case.number)
    try:
        _write_snapshot(connection, _row(case, decision), decision.expected_seq)
        _write_events(connection, case.id, decision)
    except IntegrityError as error:
        raise StaleCase(_stale(case, decision.expected_seq)) from error


def _row(case: Case, decision: Decision) -> dict[str, Any]:
    seq = decision.expected_seq + len(decision.events)
    return {
        "id": case.id,
        "number": case.number,
        "profile": case.profile,
        "status": case.status,
        "seq": seq,
        "opened_at": case.opened_at,
        "next_due_at": decision.next_due_at,
        "snapshot": case_text(replace(case, seq=seq)),
        "customer": customer_key(case.text("customer")),
        "about": about_text(case),
    }


def _write_snapshot(connection: Connection, row: Mapping[str, Any], expected: int) -> None:
    stored = connection.scalar(_SEQ, {"which": row["id"]})
    if stored is None and expected == 0:
        connection.execute(insert(cases), dict(row))
        return
    if connection.execute(_MOVE_ON, {**row, "which": row["id"], "expected": expected}).rowcount != 1:
        raise StaleCase(f"case {row['number']} stands at event {stored or 0}, not at {expected}: read it again")


def _stale(case: Case, expected: int) -> str:
    return f"somebody else wrote event {expected + 1} of case {case.number} at the same time: read it again"


def _write_events(connection: Connection, case: UUID, decision: Decision) -> None:
    previous = connection.scalar(_HASH, {"which": case, "at": decision.expected_seq}) or GENESIS
    rows = [asdict(link) for link in links(_numbered(case, decision), previous)]
    if rows:
        connection.execute(insert(events), rows)


def _numbered(case: UUID, decision: Decision) -> Iterator[Event]:
    for seq, event in enumerate(decision.events, start=decision.expected_seq + 1):
        if event.case != case:
            raise ValueError(f"an event of case {event.case} cannot be committed with case {case}")
        yield replace(event, seq=seq)
