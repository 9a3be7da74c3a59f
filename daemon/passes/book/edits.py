"""What people changed in the row of a case: one batch of wishes with one cause, decided like a mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from daemon.core.batch import Outcome, carry_out
from daemon.core.case import Case
from daemon.core.commands import Actor, Context
from daemon.core.events import Via
from daemon.core.fields import Who
from daemon.core.process import Words, in_language
from daemon.core.roles import holders, owners
from daemon.ledger.merge import Edit, Lost, conflicts, settled, standing
from daemon.ledger.rows import LANGUAGE
from daemon.ledger.sheet import SeenRow
from daemon.ledger.shown import values_of
from daemon.ledger.wished import Reading, Wished
from daemon.ledger.wishes import wishes_of
from daemon.ledger.words import both_changed, request_sent
from daemon.passes.book.requests import asked_for
from daemon.passes.book.view import row_now
from daemon.passes.desk import Desk, Happening, decision
from daemon.passes.recurrences import with_new_cases
from daemon.seams import BaseRow, Change

LEDGER = "台账"  # who speaks, as the journal has it: a cell has no author
HINT = "hint"


@dataclass(frozen=True, slots=True)
class Source:
    """Where a row was read: the hash of the file, the row, the keys of the columns that are there, and when."""

    sha256: str
    row: SeenRow
    columns: frozenset[str]
    now: datetime

    @property
    def cause(self) -> str:
        """Return how the journal names the row."""
        return f"ledger:{self.sha256[:12]}!{self.row.number}"


@dataclass(frozen=True, slots=True)
class Decided:
    """The changes of a row, what they wish for, and what came of it; `why` are words on single cells, by their keys."""

    wished: Wished
    outcome: Outcome
    why: tuple[tuple[str, Words], ...]


def ledger_context(desk: Desk, case: Case | None, source: Source) -> Context:
    """Return the context of a wish that was typed: it counts as said by the role that config names."""
    role, directory = desk.config.ledger.role, desk.directory_at(source.now)
    speakers = owners((role,), case, directory) if case else holders(role, directory)
    actor = Actor(LEDGER, speakers[0].address if speakers else "")
    return desk.context(case, source.now, actor, Via.LEDGER, source.cause)


def row_changed(desk: Desk, base: BaseRow, found: tuple[Edit, ...], source: Source) -> Iterator[Happening]:
    """Decide what people changed in a row, and note in the same transaction what stands in it now."""
    case = desk.store.case(base.case)
    context = ledger_context(desk, case, source)
    before = values_of(desk.book.puts(row_now(desk, case, source.now)))
    decided = decide_row(desk, case, found, context, base)
    told = tuple(asked_for(decided.wished.requests, decided.outcome.accepted, context))
    made = decision(desk, case, decided.outcome, context, told)
    lost = conflicts(found, before, {key: column.who for key, column in desk.book.columns.items()})
    words = "\n".join(words_on(desk, decided, lost, [one.name or one.recipient for one in told]))
    with desk.store.together():
        if made.events or made.envelopes:
            desk.store.commit(made, source.now)
        desk.store.keep_ledger([as_read(base, found, decided, words, source)])
        desk.store.log_changes(changes_of(desk, case, found, decided, lost, source))
    titles = "、".join(desk.book.columns[one.key].title for one in found)
    yield Happening("ledger.edited", f"台账第 {source.row.number} 行：{titles}", case.number)


def decide_row(desk: Desk, case: Case, found: Iterable[Edit], context: Context, base: BaseRow) -> Decided:
    """Carry out what the changes of a row wish for, each accepted or refused alone."""
    settings = desk.config.ledger
    today = context.now.astimezone(desk.zone).date()
    trusted = frozenset(settings.trusted)
    columns = desk.book.columns
    added = desk.added_values()
    reading = Reading(context.process, context.directory, columns, desk.zone, today, trusted, settings.role, added)
    kept = {key: text for key, text in base.kept.items() if key != HINT}
    wished = wishes_of(case, found, reading, kept)
    outcome, why = Outcome(case, (), ()), []
    for wish in wished.wishes:
        one = carry_out(outcome.case, [wish.command], context)
        outcome = replace(one, events=(*outcome.events, *one.events), refusals=(*outcome.refusals, *one.refusals))
        why += [(key, refused.why) for refused in one.refusals for key in wish.keys]
    told = (*wished.refused, *wished.asked, *wished.noted)
    why += [(one.key, one.why) for one in told]
    return Decided(wished, with_new_cases(desk, outcome, context), tuple(why))


def words_on(desk: Desk, decided: Decided, lost: Iterable[Lost], asked: list[str]) -> Iterator[str]:
    """Yield what to say about the row in 系统提示, a line each."""
    titles = {key: column.title for key, column in desk.book.columns.items()}
    yield from dict.fromkeys(in_language(why, LANGUAGE) for _, why in decided.why)
    yield from (request_sent(titles[one.keys[0]], one.value, asked) for one in decided.wished.requests)
    told = {key for key, _ in decided.why}
    yield from (both_changed(titles[one.key], str(one.value)) for one in lost if one.key not in told)


def as_read(base: BaseRow, found: Iterable[Edit], decided: Decided, words: str, source: Source) -> BaseRow:
    """Return what stands in a row now that it was read; it is made anew, for what was refused is put back."""
    edited = {one.key for one in found}
    still = {key: text for key, text in base.kept.items() if key not in edited and key != HINT}
    kept = {**still, **{key: str(value) for key, value in decided.wished.kept.items()}}
    away = {key: value for key, value in base.cells.items() if key not in source.columns}
    cells = {**away, **settled(source.row.cells, source.columns, {})}
    return replace(base, cells=cells, kept={**kept, **({HINT: words} if words else {})}, shown=True, seq=-1)


def changes_of(
    desk: Desk, case: Case, found: Iterable[Edit], decided: Decided, lost: Iterable[Lost], source: Source
) -> Iterator[Change]:
    """Yield a line of 变更记录 for each cell that people changed, and for each value that gave way."""
    why = dict(decided.why)
    where = f"台账第 {source.row.number} 行"
    for edit in found:
        title, after = desk.book.columns[edit.key].title, standing(edit.seen)
        note = in_language(why[edit.key], LANGUAGE) if edit.key in why else ""
        yield Change(source.now, case.number, title, edit.before, after, LEDGER, where, note)
    for one in lost:
        if one.whose is not Who.PEOPLE:
            title = desk.book.columns[one.key].title
            yield Change(source.now, case.number, title, one.value, None, "系统", "邮件等", "同时被改，以台账为准")
