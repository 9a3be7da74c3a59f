"""A workbook that people kept before the daemon came: its rows become cases that stand where people left them."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from daemon.core.batch import carry_out
from daemon.core.case import Case, Certainty, Fact, Scalar, Status
from daemon.core.commands import Register, TakeOver
from daemon.core.fields import SECTION_COLUMNS, Who
from daemon.core.process import in_language
from daemon.ledger import wish_words
from daemon.ledger.merge import EMPTY, same, settled, standing
from daemon.ledger.rows import LANGUAGE
from daemon.ledger.shown import values_of
from daemon.ledger.states import state_of
from daemon.ledger.typed import Typed, shown
from daemon.passes.book.edits import HINT, Source, ledger_context
from daemon.passes.book.registering import DECIDED, registration, typed_cells
from daemon.passes.book.view import row_now
from daemon.passes.desk import Desk, Happening
from daemon.seams import BaseRow, CellValue, Change, Decision

log = logging.getLogger(__name__)

REASON = "台账接管"
LEADER, ENGINEER = "d1.leader", "quality_engineer"
NUMBER, STATUS = "case_no", "status"


def adopt(desk: Desk, rows: Iterable[tuple[str, Source]]) -> Iterator[Happening]:
    """Take over rows that are no case yet, under the numbers that people gave them; nobody gets a mail about them.

    A row without a number gets one.  A row that fails is its own.
    """
    taken = 0
    for number, source in rows:
        try:
            _adopt(desk, number, source)
            taken += 1
        except Exception as fault:
            log.exception("row %s of the ledger could not be taken over", source.row.number)
            what = f"台账第 {source.row.number} 行未能接管：{type(fault).__name__}: {fault}"
            yield Happening("ledger.row_failed", what)
    if taken:
        yield Happening("ledger.adopted", f"接管原有台账：{taken} 行，每行一件客诉，未发送任何邮件")


def _adopt(desk: Desk, number: str, source: Source) -> None:
    typed = typed_cells(desk, source)
    command = _take_over(desk, number or desk.next_number(source.now), typed, source)
    process = desk.process_named(command.register.profile)
    outcome = carry_out(None, [command], replace(ledger_context(desk, None, source), process=process))
    case = outcome.accepted
    due = desk.next_due_at(case, source.now)
    found = _Found(desk, case, source, typed)
    with desk.store.together():
        desk.store.commit(Decision(case=case, events=outcome.events, next_due_at=due), source.now)
        desk.store.keep_ledger([found.base()])
        desk.store.log_changes(found.changes())


# ── the case ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _take_over(desk: Desk, number: str, typed: Mapping[str, Typed], source: Source) -> TakeOver:
    closed, due = (_instant(desk, typed, key) for key in ("closed_at", "due_at"))
    status = state_of(shown(typed[STATUS].value) if STATUS in typed else "", ended=closed is not None)
    ended = status in (Status.CLOSED, Status.CANCELLED)
    sections = {section: shown(typed[key].value) for key, section in SECTION_COLUMNS.items() if key in typed}
    return TakeOver(
        register=_registered(desk, number, typed, source, ended=ended),
        status=status,
        sections={**sections, **_leader(desk, typed)},
        closed_at=closed,
        due_at=due,
        found=_kept_by_daemon(desk, source) if ended else {},
        reason=REASON,
    )


def _registered(desk: Desk, number: str, typed: Mapping[str, Typed], source: Source, *, ended: bool) -> Register:
    """Return the registration of a row; of a complaint that had ended nothing is guessed."""
    register = registration(desk, typed, source)
    facts = {key: fact for key, fact in register.facts.items() if key in typed} if ended else register.facts
    said = {
        key: Fact(_scalar(desk, typed[key].value), Certainty.CONFIRMED, source.cause) for key in DECIDED & typed.keys()
    }
    assigned = {ENGINEER: one} if (one := _person(desk, typed, ENGINEER)) else {}
    if _leader(desk, typed):
        said.pop("owner", None)
    return replace(register, number=number, facts={**facts, **said}, assigned=assigned, taken_over=True)


def _leader(desk: Desk, typed: Mapping[str, Typed]) -> dict[str, str]:
    leader = _person(desk, typed, "owner")
    return {LEADER: leader} if leader else {}


def _person(desk: Desk, typed: Mapping[str, Typed], key: str) -> str:
    """Return the id of the one person of this name, empty when nobody or several are called so."""
    found = {one.id for one in desk.directory.named(shown(typed[key].value))} if key in typed else set()
    return found.pop() if len(found) == 1 else ""


def _instant(desk: Desk, typed: Mapping[str, Typed], key: str) -> datetime | None:
    value = typed[key].value if key in typed else None
    return value.replace(tzinfo=desk.zone) if isinstance(value, datetime) else None


def _kept_by_daemon(desk: Desk, source: Source) -> dict[str, Scalar]:
    """Return what a row says in the columns of the daemon, empty cells too: a case that had ended goes on saying it."""
    ours = {key for key, column in desk.book.columns.items() if column.who is Who.DAEMON} | {STATUS}
    keys = sorted((ours & source.columns) - {NUMBER, HINT})
    return {key: _scalar(desk, standing(source.row.cells.get(key, EMPTY))) for key in keys}


def _scalar(desk: Desk, value: CellValue) -> Scalar:
    return value.replace(tzinfo=desk.zone).isoformat() if isinstance(value, datetime) else value


# ── its row ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Found:
    """A row as it was found, beside what the case that it has become says."""

    desk: Desk
    case: Case
    source: Source
    typed: Mapping[str, Typed]

    def base(self) -> BaseRow:
        """Return what stands in the row: it is made anew, and what people typed and we did not understand stays."""
        cells = settled(self.source.row.cells, self.source.columns, {})
        return BaseRow(self.case.id, cells, self._kept(), seq=-1, place=self.source.row.number)

    def changes(self) -> Iterator[Change]:
        """Yield a line of 变更记录 for each cell that will show something else than people wrote."""
        kept = self._kept()
        for key, before, after in self._different():
            if key not in kept:
                title = self.desk.book.columns[key].title
                where = f"台账第 {self.source.row.number} 行"
                yield Change(self.source.now, self.case.number, title, before, after, "系统", where, REASON)

    def _different(self) -> Iterator[tuple[str, CellValue, CellValue]]:
        ours = values_of(self.desk.book.puts(row_now(self.desk, self.case, self.source.now)))
        for key, seen in self.source.row.cells.items():
            before = standing(seen)
            if key != HINT and not same(before, ours.get(key)):
                yield key, before, ours.get(key)

    def _kept(self) -> dict[str, str]:
        theirs = {key for key, column in self.desk.book.columns.items() if column.who is not Who.DAEMON} - {STATUS}
        apart = {key: before for key, before, _ in self._different() if key in theirs}
        if not self.case.is_open:
            return {key: shown(value) for key, value in apart.items()}
        kept = {key: shown(value) for key, value in apart.items() if not self.typed[key].understood}
        hints = [_unreadable(self.desk.book.columns[key].title, text) for key, text in kept.items()]
        return {**kept, **({HINT: "\n".join(hints)} if hints else {})}


def _unreadable(title: str, text: str) -> str:
    return in_language(wish_words.say(wish_words.UNREADABLE, title=title, text=text), LANGUAGE)
