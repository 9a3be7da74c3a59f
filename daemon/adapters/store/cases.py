"""Cases and their journals, read.  How they are written stands in commit.py."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Row, Select, bindparam, func, select

from daemon.adapters.store.chain import Link, first_break
from daemon.adapters.store.database import Database
from daemon.adapters.store.snapshots import about_of, case_of
from daemon.adapters.store.tables import cases, documents, events
from daemon.adapters.store.upcasts import upcast
from daemon.core.alike import Earlier, customer_key
from daemon.core.case import Case
from daemon.core.events import Event

_PAGE = 200
_BY_ID = select(cases.c.snapshot).where(cases.c.id == bindparam("which"))
_BY_NUMBER = select(cases.c.snapshot).where(cases.c.number == bindparam("which"))


def _link(row: Row[Any]) -> Link:
    return Link(**row._mapping)  # noqa: SLF001 - SQLAlchemy's public name


def _journal(case: UUID) -> Select[Any]:
    return select(events).where(events.c.case == case).order_by(events.c.seq)


class CaseVerbs(Database):
    """The verbs of `Store` that read cases."""

    def case(self, case: UUID) -> Case:
        """Return a case from its snapshot.

        Raises KeyError.
        """
        return self._one(_BY_ID, case)

    def case_numbered(self, number: str) -> Case | None:
        """Return the case with this number."""
        try:
            return self._one(_BY_NUMBER, number)
        except KeyError:
            return None

    def _one(self, statement: Select[Any], key: object) -> Case:
        with self._reading() as connection:
            snapshot = connection.scalar(statement, {"which": key})
        if snapshot is None:
            raise KeyError(key)
        return case_of(snapshot)

    def revision(self) -> str:
        """Return a mark that changes whenever a case or a document does."""
        with self._reading() as connection:
            written = connection.scalar(select(func.coalesce(func.sum(cases.c.seq), 0)))
            made = connection.scalar(select(func.count()).select_from(documents))
        return f"{written}.{made}"

    def cases(self) -> Iterable[Case]:
        """Yield all cases by number; the caller may write to the store meanwhile."""
        return chain.from_iterable(self._pages())

    def cases_since(self, moment: datetime) -> Iterable[Case]:
        """Yield cases opened at or after `moment`, by number."""
        return chain.from_iterable(self._pages(cases.c.opened_at >= moment))

    def _pages(self, *which: ColumnElement[bool]) -> Iterator[list[Case]]:
        # Page by page, for an open cursor would keep the log of SQLite from being folded in while people read.
        columns = select(cases.c.number, cases.c.snapshot).where(*which).order_by(cases.c.number).limit(_PAGE)
        statement = columns
        while True:
            with self._reading() as connection:
                rows = connection.execute(statement).all()
            if not rows:
                return
            yield [case_of(row.snapshot) for row in rows]
            statement = columns.where(cases.c.number > rows[-1].number)

    def cases_of_customer(self, customer: str, limit: int) -> tuple[Earlier, ...]:
        """Return what is compared of a customer's latest cases, the latest first, by an index."""
        key = customer_key(customer)
        theirs = select(cases.c.id, cases.c.status, cases.c.about).where(cases.c.customer == key)
        with self._reading() as connection:
            latest = theirs.order_by(cases.c.opened_at.desc(), cases.c.number.desc()).limit(limit)
            found = connection.execute(latest).all() if key else ()
        return tuple(Earlier(row.id, row.status, *about_of(row.about)) for row in found)

    def due_cases(self, now: datetime, limit: int) -> tuple[Case, ...]:
        """Return the cases in which time asks for something at `now`, most overdue first, by an index."""
        due = select(cases.c.snapshot).where(cases.c.next_due_at <= now)
        with self._reading() as connection:
            found = connection.scalars(due.order_by(cases.c.next_due_at, cases.c.number).limit(limit)).all()
        return tuple(case_of(snapshot) for snapshot in found)

    def events(self, case: UUID) -> tuple[Event, ...]:
        """Return a case's journal, upcast to the present version of each event; erased data is empty."""
        with self._reading() as connection:
            return tuple(upcast(_link(row).event()) for row in connection.execute(_journal(case)))

    def broken_chain(self, case: UUID) -> int | None:
        """Return the first seq at which the hash chain does not hold, None when all is well."""
        with self._reading() as connection:
            length = connection.scalar(select(cases.c.seq).where(cases.c.id == case)) or 0
            return first_break((_link(row) for row in connection.execute(_journal(case))), length)
