"""What stands in the shared ledger by our knowledge, what was written to it last, and who changed what."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, delete, func, insert, or_, select

from daemon.adapters.store.database import Database
from daemon.adapters.store.dialect import upsert
from daemon.adapters.store.memory import keep, kept
from daemon.adapters.store.snapshots import case_of, cells_of, cells_text, json_text
from daemon.adapters.store.tables import cases, ledger_changes, ledger_generations, ledger_measures, ledger_rows
from daemon.core.case import Case
from daemon.seams import BaseMeasure, BaseRow, CellValue, Change, Generation

_SHA256 = "store.ledger_sha256"
_AT_ONCE = 500  # ids in one statement
GENERATIONS = 20  # of the last writings are kept

_STALE = (
    select(cases.c.number, cases.c.snapshot)
    .select_from(cases.outerjoin(ledger_rows, ledger_rows.c.case == cases.c.id))
    .order_by(cases.c.number)
)


class LedgerVerbs(Database):
    """The verbs of `Store` about the shared ledger."""

    def ledger_sha256(self) -> str | None:
        """Return the hash of the workbook as we know it: written last, or read last."""
        with self._reading() as connection:
            return kept(connection, _SHA256) or None

    def ledger_base(self, which: Sequence[UUID] | None = None) -> Mapping[UUID, BaseRow]:
        """Return what stands in the rows of these cases, of all cases when none are named."""
        found: dict[UUID, BaseRow] = {}
        with self._reading() as connection:
            for some in _batches(which):
                statement = select(ledger_rows, cases.c.number).join(cases, ledger_rows.c.case == cases.c.id)
                if some is not None:
                    statement = statement.where(ledger_rows.c.case.in_(some))
                found |= {row.case: _base_row(row) for row in connection.execute(statement)}
        return found

    def keep_ledger(self, rows: Iterable[BaseRow], sha256: str | None = None) -> None:
        """Note what stands in these rows now, and the hash of the file in which all rows stand as noted."""
        with self._writing() as connection:
            for row in rows:
                upsert(connection, ledger_rows, _row_data(row))
            if sha256 is not None:
                keep(connection, _SHA256, sha256)

    def forget_ledger(self) -> None:
        """Forget what stands in the file: the next one is read as if it were the first."""
        with self._writing() as connection:
            connection.execute(delete(ledger_rows))
            connection.execute(delete(ledger_measures))
            connection.execute(delete(ledger_generations))
            keep(connection, _SHA256, "")

    def measures_base(self, which: Sequence[UUID] | None = None) -> Mapping[str, BaseMeasure]:
        """Return what stands in the rows of 措施跟踪 of these cases, of all cases when none are named, by their key."""
        found: dict[str, BaseMeasure] = {}
        with self._reading() as connection:
            for some in _batches(which):
                statement = select(ledger_measures)
                if some is not None:
                    statement = statement.where(ledger_measures.c.case.in_(some))
                found |= {row.key: _base_measure(row) for row in connection.execute(statement)}
        return found

    def keep_measures(self, rows: Iterable[BaseMeasure]) -> None:
        """Note what stands in these rows of 措施跟踪 now."""
        with self._writing() as connection:
            for row in rows:
                data = {"key": row.key, "case": row.case, "cells": cells_text(row.cells), "kept": cells_text(row.kept)}
                upsert(connection, ledger_measures, data)

    def ledger_stale(self, now: datetime) -> Iterator[Case]:
        """Yield the cases whose row is missing, older than the case, or told a time that is over."""
        stale = _STALE.where(
            or_(ledger_rows.c.case.is_(None), ledger_rows.c.seq != cases.c.seq, ledger_rows.c.words_at <= now)
        )
        last = ""
        while True:
            with self._reading() as connection:
                rows = connection.execute(stale.where(cases.c.number > last).limit(_AT_ONCE)).all()
            if not rows:
                return
            yield from (case_of(row.snapshot) for row in rows)
            last = rows[-1].number

    def ledger_due(self, now: datetime) -> bool:
        """Tell whether the words about time of any row are over, by an index."""
        with self._reading() as connection:
            first = connection.scalar(select(func.min(ledger_rows.c.words_at)))
        return first is not None and first <= now

    def ledger_gone(self) -> tuple[str, ...]:
        """Return the numbers of the cases whose row a person deleted."""
        gone = select(cases.c.number).join(ledger_rows, ledger_rows.c.case == cases.c.id)
        with self._reading() as connection:
            return tuple(connection.scalars(gone.where(ledger_rows.c.shown.is_(False)).order_by(cases.c.number)))

    def add_generation(self, sha256: str, rows: Mapping[UUID, Mapping[str, CellValue] | None]) -> None:
        """Note what a writing changed; of the older ones the last are kept."""
        text = json_text({str(case): None if old is None else cells_text(old) for case, old in rows.items()})
        with self._writing() as connection:
            number = (connection.scalar(select(func.max(ledger_generations.c.number))) or 0) + 1
            connection.execute(insert(ledger_generations), {"number": number, "sha256": sha256, "rows": text})
            connection.execute(delete(ledger_generations).where(ledger_generations.c.number <= number - GENERATIONS))

    def ledger_generations(self) -> tuple[Generation, ...]:
        """Return what the last writings changed, the newest first."""
        with self._reading() as connection:
            rows = connection.execute(select(ledger_generations).order_by(ledger_generations.c.number.desc())).all()
        return tuple(_generation(row) for row in rows)

    def log_changes(self, changes: Iterable[Change]) -> None:
        """Note who changed what."""
        rows = [_change_data(one) for one in changes]
        if rows:
            with self._writing() as connection:
                connection.execute(insert(ledger_changes), rows)

    def ledger_changes(self, after: int, limit: int) -> tuple[tuple[int, Change], ...]:
        """Return what was noted after a number, oldest first, each with its number."""
        later = select(ledger_changes).where(ledger_changes.c.id > after).order_by(ledger_changes.c.id).limit(limit)
        with self._reading() as connection:
            return tuple((row.id, _change(row)) for row in connection.execute(later))


def _batches(which: Sequence[UUID] | None) -> Iterator[Sequence[UUID] | None]:
    if which is None:
        yield None
        return
    for start in range(0, len(which), _AT_ONCE):
        yield which[start : start + _AT_ONCE]


def _row_data(row: BaseRow) -> dict[str, Any]:
    return {
        "case": row.case,
        "cells": cells_text(row.cells),
        "kept": json_text(row.kept),
        "shown": row.shown,
        "seq": row.seq,
        "place": row.place,
        "words_at": row.words_at,
    }


def _base_row(row: Row[Any]) -> BaseRow:
    cells, typed = cells_of(row.cells), json.loads(row.kept)
    return BaseRow(row.case, cells, typed, row.shown, row.seq, row.place, row.words_at, row.number)


def _base_measure(row: Row[Any]) -> BaseMeasure:
    return BaseMeasure(row.key, row.case, cells_of(row.cells), cells_of(row.kept))


def _generation(row: Row[Any]) -> Generation:
    said = json.loads(row.rows)
    rows = {UUID(case): None if old is None else cells_of(old) for case, old in said.items()}
    return Generation(row.number, row.sha256, rows)


def _change_data(change: Change) -> dict[str, Any]:
    return {
        "at": change.at,
        "number": change.number,
        "column": change.column,
        "before": cells_text({"": change.before}),
        "after": cells_text({"": change.after}),
        "who": change.who,
        "where": change.where,
        "why": change.why,
    }


def _change(row: Row[Any]) -> Change:
    before, after = cells_of(row.before)[""], cells_of(row.after)[""]
    return Change(row.at, row.number, row.column, before, after, row.who, row.where, row.why)
