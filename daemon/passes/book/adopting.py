"""A workbook that people kept before the daemon came: its rows become cases that stand where people left them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from datetime import datetime

from daemon.core.batch import carry_out
from daemon.core.case import Case, Status
from daemon.core.commands import TakeOver
from daemon.core.fields import SECTION_COLUMNS
from daemon.ledger.merge import settled
from daemon.ledger.typed import Typed
from daemon.passes.book.edits import Source, ledger_context
from daemon.passes.book.registering import registration, typed_cells
from daemon.passes.desk import Desk, Happening
from daemon.seams import BaseRow, Decision

REASON = "台账接管"


def adopt(desk: Desk, rows: Iterable[tuple[str, Source]]) -> Iterator[Happening]:
    """Take over rows that have a number which no case has; nobody gets a mail about them."""
    taken = 0
    for number, source in rows:
        with desk.store.together():
            _adopt(desk, number, source)
        taken += 1
    if taken:
        yield Happening("ledger.adopted", f"接管原有台账：{taken} 行，每行一件客诉，未发送任何邮件")


def _adopt(desk: Desk, number: str, source: Source) -> None:
    typed = typed_cells(desk, source)
    command = _take_over(desk, number, typed, source)
    process = desk.process_named(command.register.profile)
    outcome = carry_out(None, [command], replace(ledger_context(desk, None, source), process=process))
    case = outcome.accepted
    due = desk.next_due_at(case, source.now)
    desk.store.commit(Decision(case=case, events=outcome.events, next_due_at=due), source.now)
    desk.store.keep_ledger([_as_found(case, source)])


def _as_found(case: Case, source: Source) -> BaseRow:
    """Return what stands in the row; of a case that had ended it stays so until something happens to the case."""
    cells = settled(source.row.cells, source.columns, {})
    return BaseRow(case.id, cells, seq=-1 if case.is_open else case.seq, place=source.row.number)


def _take_over(desk: Desk, number: str, typed: Mapping[str, Typed], source: Source) -> TakeOver:
    closed = typed["closed_at"].value if "closed_at" in typed else None
    said = str(typed["status"].value) if "status" in typed else ""
    return TakeOver(
        register=replace(registration(desk, typed, source), number=number),
        status=Status(said) if said in set(Status) else Status.VERIFYING,
        sections={section: str(typed[key].value) for key, section in SECTION_COLUMNS.items() if key in typed},
        closed_at=closed.replace(tzinfo=desk.zone) if isinstance(closed, datetime) else None,
        reason=REASON,
    )
