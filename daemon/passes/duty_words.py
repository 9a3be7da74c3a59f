"""What the mail of a calendar duty says, in its reader's language: cases, figures, files, as plain JSON."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from daemon.core.case import Case
from daemon.core.counting import Figured, Line, counted, total
from daemon.core.days import period_in_words
from daemon.core.duties import Span, Turn
from daemon.core.fields import BY_KEY, Kind
from daemon.core.process import in_language
from daemon.core.process.duty import Count
from daemon.ledger.rows import CaseFiles, row_of
from daemon.notices.formats import Format, percent
from daemon.notices.plain import one_line, plain
from daemon.notices.view import title_of
from daemon.passes.bundles import Bundle
from daemon.passes.desk import Desk

MOST_LINES = 100
LONGEST = 400


@dataclass(frozen=True, slots=True)
class Told:
    """One turn of a duty as one person hears of it."""

    turn: Turn
    span: Span | None
    cases: tuple[Case, ...]
    now: datetime
    language: str


def telling(desk: Desk, told: Told) -> dict[str, Any]:
    """Return the values of the mail; the files that go with it are told by `enclosing`."""
    duty, turn = told.turn.duty, told.turn
    shown = sorted(told.cases, key=_urgency)[:MOST_LINES] if duty.cases else []
    return {
        "duty": in_language(duty.title, told.language) or duty.id,
        "ask": in_language(duty.ask, told.language),
        "day": turn.day.isoformat(),
        "due": turn.due_at.isoformat(),
        "late": turn.is_late(told.now),
        "period": _period(desk, told),
        "are": duty.cases.are if duty.cases else "",
        "total": len(told.cases),
        "cases": [_case(desk, told, case) for case in shown],
        "more": len(told.cases) - len(shown),
        "counts": [_table(desk, told, count) for count in duty.count],
        "ledger": desk.config.service.ledger_shown or str(desk.shelf),
    }


def enclosing(values: Mapping[str, Any], files: Bundle) -> Iterator[dict[str, Any]]:
    """Yield the values of each mail: the first tells all, the others bring further files."""
    mails = files.mails or ((),)
    for number, some in enumerate(mails, 1):
        rest = {} if number == 1 else {"cases": (), "more": 0, "counts": (), "ask": ""}
        brought = [{"name": one.name, "media_type": one.media_type, "sha256": one.sha256} for one in some]
        left = list(files.left) if number == 1 else []
        yield {**values, **rest, "files": brought, "left": left, "part": number, "parts": len(mails)}


def _urgency(case: Case) -> tuple[str, str]:
    dues = [due.isoformat() for key in case.open_steps if (due := case.steps[key].due_at)] if case.is_open else []
    return (min(dues, default="9999"), case.number)


def _period(desk: Desk, told: Told) -> str:
    span = told.span
    if span is None:
        return ""
    if span.is_period:
        return period_in_words(told.turn.on, span.first, told.language)
    shown = Format(told.language, desk.zone, told.now.astimezone(desk.zone).year)
    between = " – " if shown.is_english else " 至 "
    return f"{shown.day(span.start)}{between}{shown.day(span.end)}"


def _case(desk: Desk, told: Told, case: Case) -> dict[str, Any]:
    process = desk.process_of(case)
    row = row_of(case, process, desk.directory, told.now, CaseFiles()).values
    late = [told.now - due for key in case.overdue(told.now) if (due := case.steps[key].due_at)] if case.is_open else []
    steps = [in_language(process.steps[key].title, told.language) for key in case.open_steps if key in process.steps]
    next_due = row.get("due_at")
    return {
        "number": case.number,
        "title": title_of(case),
        "status": case.status.value,
        "steps": ("、" if told.language.startswith("zh") else ", ").join(steps) if case.is_open else "",
        "due": next_due.isoformat() if isinstance(next_due, datetime) else "",
        "days": max(late).days if late else -1,
        "closed": case.closed_at.isoformat() if case.closed_at else "",
        "columns": [{"label": label, "value": value} for label, value in _columns(desk, told, case, row) if value],
    }


def _columns(desk: Desk, told: Told, case: Case, row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    process, form = desk.process_of(case), Format(told.language, desk.zone, told.now.astimezone(desk.zone).year)
    for key in told.turn.duty.columns:
        if key in process.sections:
            yield process.section_title(key, told.language), one_line(case.section(key), LONGEST)
        else:
            own = process.facts.get(key)
            kind = own.kind if own else BY_KEY[key].kind if key in BY_KEY else Kind.TEXT
            value = row.get(key)
            shown = form.moment(value) if isinstance(value, datetime) else form.value(kind, value)
            yield _label(desk, told, key), one_line(plain(shown), LONGEST)


def _label(desk: Desk, told: Told, key: str) -> str:
    own = desk.process.facts.get(key)
    return own.title(told.language) if own else BY_KEY[key].title(told.language) if key in BY_KEY else key


def _table(desk: Desk, told: Told, count: Count) -> dict[str, Any]:
    lines: Sequence[Line] = counted(told.cases, count)
    by = _label(desk, told, count.by) if count.by else ""
    rows = [_line(desk, told, line) for line in lines]
    whole = _line(desk, told, total(told.cases, count)) if len(rows) > 1 else None
    return {"title": in_language(count.title, told.language) or by, "by": by, "rows": rows, "whole": whole}


def _line(desk: Desk, told: Told, line: Line) -> dict[str, Any]:
    figures = [_figured(desk, told, one) for one in line.figures if one.value is not None]
    return {"name": line.name, "count": line.count, "figures": figures}


def _figured(desk: Desk, told: Told, one: Figured) -> dict[str, Any]:
    form = Format(told.language, desk.zone)
    own = desk.process.facts.get(one.fact)
    kind = own.kind if own else BY_KEY[one.fact].kind if one.fact in BY_KEY else Kind.COUNT
    value = form.value(kind, one.value) if one.what in ("sum", "deliveries") else percent(one.value)
    bound = "" if one.bound is None else percent(one.bound)
    label = _label(desk, told, one.fact) if one.fact else ""
    return {"what": one.what, "label": label, "value": value, "bound": bound, "good": one.is_good}
