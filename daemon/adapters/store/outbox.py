"""Outgoing mails: planned with the decision, made ready once, sent at least once."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, Select, bindparam, func, insert, or_, select, update

from daemon.adapters.store.blobs import keep_blob
from daemon.adapters.store.database import Database
from daemon.adapters.store.errors import NotPlanned
from daemon.adapters.store.snapshots import notice_of, notice_text
from daemon.adapters.store.tables import cases, outbox
from daemon.seams import Copy, Envelope, OutboxRow, OutboxState

_WITH_NUMBER = select(outbox, cases.c.number).select_from(outbox.outerjoin(cases))
_CHANGE = update(outbox).where(outbox.c.id == bindparam("which"))
_SAID = _CHANGE.values(attempts=outbox.c.attempts + 1)
_LEAVE_PLANNED = _CHANGE.where(outbox.c.state == OutboxState.PLANNED)
_BY_MESSAGE_ID = _WITH_NUMBER.where(outbox.c.message_id == bindparam("which"))
_BY_CODE = _WITH_NUMBER.where(outbox.c.code_key == bindparam("which"))


def code_key(code: str) -> str | None:
    """Return a proof code as codes are compared: capital letters and digits only; None when none are left."""
    wide = unicodedata.normalize("NFKC", code).upper()
    return "".join(c for c in wide if c.isascii() and c.isalnum()) or None


def plan_envelopes(
    connection: Connection, envelopes: Iterable[Envelope], now: datetime, case: UUID | None = None
) -> None:
    """Insert planned rows; `case` is that of notices that name none.

    Raises sqlalchemy.exc.IntegrityError for a Message-ID or code that was used before.
    """
    rows = [_planned(envelope, now, case) for envelope in envelopes]
    if rows:
        connection.execute(insert(outbox), rows)


def _planned(envelope: Envelope, now: datetime, case: UUID | None) -> dict[str, Any]:
    return {
        "message_id": envelope.message_id,
        "code": envelope.code,
        "code_key": code_key(envelope.code),
        "case": envelope.notice.case or case,
        "notice": notice_text(envelope.notice),
        "recipient": envelope.recipient,
        "state": OutboxState.PLANNED,
        "planned_at": now,
        "attempts": 0,
        "next_try_at": envelope.not_before,
        "detail": "",
    }


def _row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        message_id=row.message_id,
        case=row.case,
        notice=notice_of(row.notice),
        recipient=row.recipient,
        code=row.code,
        state=row.state,
        planned_at=row.planned_at,
        sha256=row.sha256,
        attempts=row.attempts,
        next_try_at=row.next_try_at,
        sent_at=row.sent_at,
        detail=row.detail,
        copy=row.copy,
        number=row.number or "",
    )


def _leave_planned(connection: Connection, row: int, **values: Any) -> None:
    if connection.execute(_LEAVE_PLANNED, {"which": row, **values}).rowcount != 1:
        raise NotPlanned(row)


class OutboxVerbs(Database):
    """The verbs of `Store` about outgoing mails."""

    def plan(self, envelopes: Iterable[Envelope], now: datetime) -> None:
        """Plan notices that belong to no case's decision (summary, digest, word to quality)."""
        with self._writing() as connection:
            plan_envelopes(connection, envelopes, now)

    def outbox(self, state: OutboxState, now: datetime, limit: int) -> tuple[OutboxRow, ...]:
        """Return rows in this state whose next try is due, oldest first."""
        due = or_(outbox.c.next_try_at.is_(None), outbox.c.next_try_at <= now)
        return self._outbox(outbox.c.state == state, due, limit=limit)

    def make_ready(self, row: int, raw: bytes, merged: Sequence[int] = ()) -> None:
        """Fix the bytes of a planned mail, which never change again; `merged` rows are told in it and become MERGED.

        Raises NotPlanned.
        """
        with self._writing() as connection:
            sha256 = keep_blob(connection, raw)
            _leave_planned(connection, row, state=OutboxState.READY, sha256=sha256, next_try_at=None)
            for other in merged:
                _leave_planned(connection, other, state=OutboxState.MERGED, merged_into=row, next_try_at=None)

    def record_send(
        self, row: int, state: OutboxState, now: datetime, next_try_at: datetime | None, detail: str
    ) -> None:
        """Record what the server said about one row; counts the attempt.

        Raises KeyError.
        """
        said = {"state": state, "next_try_at": next_try_at, "detail": detail}
        sent = {"sent_at": now} if state is OutboxState.SENT else {}
        with self._writing() as connection:
            if connection.execute(_SAID, {"which": row, **said, **sent}).rowcount != 1:
                raise KeyError(row)

    def mailed(self, addresses: Collection[str], since: datetime) -> Mapping[str, int]:
        """Return how many mails are ready for, or were sent since to, each of these addresses, in small letters."""
        to = func.lower(outbox.c.recipient)
        out = or_(outbox.c.state == OutboxState.READY, outbox.c.sent_at >= since)
        counted = select(to, func.count()).where(out, to.in_(tuple(addresses))).group_by(to)
        with self._reading() as connection:
            return {row[0]: row[1] for row in connection.execute(counted)}

    def put_off(self, rows: Iterable[int], until: datetime, why: str) -> None:
        """Let planned mails wait until a moment; no attempt is counted."""
        with self._writing() as connection:
            for row in rows:
                _leave_planned(connection, row, next_try_at=until, detail=why)

    def copies(self, limit: int) -> tuple[OutboxRow, ...]:
        """Return mails that were sent and whose copy is WANTED or TRYING, oldest first."""
        open_ones = outbox.c.copy.in_((Copy.WANTED, Copy.TRYING))
        return self._outbox(outbox.c.state == OutboxState.SENT, open_ones, limit=limit)

    def mark_copies(self, rows: Iterable[int], copy: Copy) -> None:
        """Record how far the copies of these rows are, in one transaction."""
        with self._writing() as connection:
            connection.execute(update(outbox).where(outbox.c.id.in_(tuple(rows))).values(copy=copy))

    def sent_to(self, message_id: str) -> OutboxRow | None:
        """Return the row that carries this Message-ID of ours."""
        return self._one_mail(_BY_MESSAGE_ID, message_id)

    def with_code(self, code: str) -> OutboxRow | None:
        """Return the row that carries this proof code, however a person or a mail program wrote it."""
        key = code_key(code)
        return self._one_mail(_BY_CODE, key) if key else None

    def told_in(self, row: int) -> tuple[OutboxRow, ...]:
        """Return the rows that are told in the mail of this one; none unless it is a digest."""
        return self._outbox(outbox.c.merged_into == row)

    def outbox_of(self, case: UUID) -> tuple[OutboxRow, ...]:
        """Return every mail of a case, oldest first."""
        return self._outbox(outbox.c.case == case)

    def _one_mail(self, statement: Select[Any], which: str) -> OutboxRow | None:
        with self._reading() as connection:
            row = connection.execute(statement, {"which": which}).first()
        return _row(row) if row else None

    def _outbox(self, *which: ColumnElement[bool], limit: int | None = None) -> tuple[OutboxRow, ...]:
        with self._reading() as connection:
            rows = connection.execute(_WITH_NUMBER.where(*which).order_by(outbox.c.id).limit(limit))
            return tuple(_row(row) for row in rows)
