"""What the service keeps about itself: values, counters, duties done, commands queued, figures for `kesu status`."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Column, Connection, bindparam, func, insert, select, update

from daemon.adapters.store.database import Database
from daemon.adapters.store.dialect import count_up, insert_new, upsert
from daemon.adapters.store.outbox import plan_envelopes
from daemon.adapters.store.snapshots import json_text
from daemon.adapters.store.tables import cases, commands, counters, mails, memory, outbox, periods
from daemon.core.case import Status
from daemon.core.health import Waiting
from daemon.seams import PUT_OFF, Envelope, MailOutcome, OutboxState

_OVER = (Status.CLOSED, Status.CANCELLED)
_PUT_OFF = (
    select(func.count()).select_from(outbox).where(outbox.c.state == OutboxState.PLANNED, outbox.c.detail == PUT_OFF)
)
_KEPT = select(memory.c.value).where(memory.c.key == bindparam("which"))


def keep(connection: Connection, key: str, value: str) -> None:
    """Keep one value."""
    upsert(connection, memory, {"key": key, "value": value})


def kept(connection: Connection, key: str) -> str | None:
    """Return a value that was kept."""
    value: str | None = connection.scalar(_KEPT, {"which": key})
    return value


def _tally(connection: Connection, column: Column[StrEnum], words: type[StrEnum]) -> dict[str, int]:
    rows = connection.execute(select(column, func.count()).group_by(column))
    found = {row[0]: row[1] for row in rows}
    return {f"{column.table.description}.{word.value}": found.get(word, 0) for word in words}


class MemoryVerbs(Database):
    """The verbs of `Store` about the service itself."""

    def next_number(self, counter: str) -> int:
        """Return the next number of a counter, from 1; numbers are never given twice."""
        with self._writing() as connection:
            return count_up(connection, counters, "counter", counter, "number")

    def period_done(self, duty: str, period: str) -> bool:
        """Tell whether this duty was carried out for this period."""
        done = select(periods.c.done_at).where(periods.c.duty == duty, periods.c.period == period)
        with self._reading() as connection:
            return connection.scalar(done) is not None

    def last_periods(self, duties: Iterable[str]) -> Mapping[str, tuple[str, datetime]]:
        """Return the latest period, by name, for which each of these duties was done, and when; none for the others."""
        newest = select(periods.c.duty, func.max(periods.c.period), func.max(periods.c.done_at))
        wanted = newest.where(periods.c.duty.in_(tuple(duties))).group_by(periods.c.duty)
        with self._reading() as connection:
            return {duty: (period, at) for duty, period, at in connection.execute(wanted)}

    def finish_period(self, duty: str, period: str, envelopes: Iterable[Envelope], now: datetime) -> bool:
        """Plan a duty's notices and mark its period done, in one transaction; False when it was done already."""
        with self._writing() as connection:
            first = insert_new(connection, periods, {"duty": duty, "period": period, "done_at": now})
            if first:
                plan_envelopes(connection, envelopes, now)
            return first

    def remember(self, key: str, value: str) -> None:
        """Keep one value about the service itself (time of the last tick, last good poll …)."""
        with self._writing() as connection:
            keep(connection, key, value)

    def recall(self, key: str) -> str | None:
        """Return such a value."""
        with self._reading() as connection:
            return kept(connection, key)

    def recall_all(self, keys: Iterable[str]) -> Mapping[str, str]:
        """Return those of these values that there are."""
        wanted = select(memory.c.key, memory.c.value).where(memory.c.key.in_(tuple(keys)))
        with self._reading() as connection:
            return {row.key: row.value for row in connection.execute(wanted)}

    def queue_command(self, verb: str, data: Mapping[str, str], now: datetime) -> None:
        """Queue a wish of an administrator for the daemon to carry out."""
        row = {"verb": verb, "data": json_text(data), "queued_at": now, "detail": ""}
        with self._writing() as connection:
            connection.execute(insert(commands).values(row))

    def take_commands(self, limit: int) -> tuple[tuple[int, str, Mapping[str, str]], ...]:
        """Return queued commands (id, verb, data) that are not done, oldest first."""
        waiting = select(commands).where(commands.c.done_at.is_(None)).order_by(commands.c.id).limit(limit)
        with self._reading() as connection:
            return tuple((row.id, row.verb, json.loads(row.data)) for row in connection.execute(waiting))

    def finish_command(self, command: int, detail: str, now: datetime) -> None:
        """Mark a queued command done.

        Raises KeyError.
        """
        statement = update(commands).where(commands.c.id == command).values(done_at=now, detail=detail)
        with self._writing() as connection:
            if connection.execute(statement).rowcount != 1:
                raise KeyError(command)

    def counts(self) -> Mapping[str, int]:
        """Return figures for `kesu status`: `mails.OUTCOME`, `outbox.STATE` and `cases.open`."""
        with self._reading() as connection:
            still_open = select(func.count()).select_from(cases).where(cases.c.status.not_in(_OVER))
            return {
                **_tally(connection, mails.c.outcome, MailOutcome),
                **_tally(connection, outbox.c.state, OutboxState),
                "cases.open": connection.scalar(still_open) or 0,
                **({"outbox.put_off": waits} if (waits := connection.scalar(_PUT_OFF)) else {}),
            }

    def waiting(self) -> Waiting:
        """Return what is not done yet; cheap at any size."""
        new = select(func.count(), func.min(mails.c.seen_at)).where(mails.c.outcome == MailOutcome.NEW)
        rows = select(outbox.c.state, func.count(), func.min(outbox.c.planned_at)).group_by(outbox.c.state)
        open_rows = rows.where(outbox.c.state.in_((OutboxState.PLANNED, OutboxState.READY)))
        with self._reading() as connection:
            count, first = connection.execute(new).one()
            found = {state: (number, oldest) for state, number, oldest in connection.execute(open_rows)}
            due = connection.scalar(select(func.min(cases.c.next_due_at)))
        oldest = [at for at in (first, *(one[1] for one in found.values())) if at]
        planned, ready = (found.get(state, (0, None))[0] for state in (OutboxState.PLANNED, OutboxState.READY))
        return Waiting(count, planned, ready, min(oldest, default=None), due)
