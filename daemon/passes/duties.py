"""Calendar duties: what falls on a day of the calendar goes out once in its period, whatever restarts."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from datetime import datetime

from daemon.core.case import Case
from daemon.core.counting import listed_cases
from daemon.core.duties import Done, Turn, duties_due, key_of, span_of
from daemon.core.notice import Notice
from daemon.core.process import in_language
from daemon.core.roles import SPECIAL, Recipient, holders, recipients
from daemon.passes.backoff import first_in_hour
from daemon.passes.bundles import Bundle, bundle
from daemon.passes.desk import Desk, Happening
from daemon.passes.duty_words import Told, enclosing, telling

log = logging.getLogger(__name__)

QUALITY = "quality_engineer"  # hears what nobody else is there to hear


def duties_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Plan the mails of every duty that is due; a fault in one is its own, and the next goes on."""
    duties = desk.process.duty
    if not duties:
        return
    known = desk.store.last_periods(key_of(duty, on) for duty in duties for on in duty.on)
    done = {key: Done(period, at) for key, (period, at) in known.items()}
    for turn in duties_due(duties, desk.calendar, done, now):
        try:
            yield from _carry_out(desk, turn, now)
        except Exception as fault:
            if first_in_hour(desk.store, turn.key, now):
                log.exception("the duty %s could not be done", turn.duty.id)
                yield Happening("duty.failed", f"{turn.duty.id} 未能完成，将再试：{type(fault).__name__}: {fault}")


def _carry_out(desk: Desk, turn: Turn, now: datetime) -> Iterator[Happening]:
    notices = list(_notices(desk, turn, now)) if turn.last else []
    first = desk.store.finish_period(turn.key, turn.period, desk.envelopes(notices, None, now), now)
    if first and turn.last:
        names = "、".join(dict.fromkeys(notice.name for notice in notices)) or "—"
        yield Happening("report.duty", f"{in_language(turn.duty.title, 'zh-CN')} {turn.period} → {names}")


def _notices(desk: Desk, turn: Turn, now: datetime) -> Iterator[Notice]:
    duty, listed = turn.duty, turn.duty.cases
    span = span_of(turn, listed, now, desk.calendar) if listed else None
    cases = listed_cases(desk.store.cases(), listed, span) if listed else ()
    bundles: dict[tuple[str, ...], Bundle] = {}
    for to, whole in _readers(desk, turn, cases):
        if duty.skips_empty and not whole:
            continue
        theirs = tuple(desk.shown(case) for case in whole)
        key = tuple(case.number for case in theirs)
        if key not in bundles:
            bundles[key] = bundle(desk, theirs, duty.attach, now)
        values = telling(desk, Told(turn, span, theirs, now, to.language))
        for part in enclosing(values, bundles[key]):
            yield Notice("duty", to.address, to.name, purpose=f"duty.{duty.id}", language=to.language, values=part)


def _readers(desk: Desk, turn: Turn, cases: Sequence[Case]) -> Iterator[tuple[Recipient, tuple[Case, ...]]]:
    """Yield who is told, each once, and of which cases: roles that differ from case to case hear of their own."""
    people: dict[str, Recipient] = {}
    theirs: dict[str, dict[str, Case]] = {}
    for role in turn.duty.to:
        if role in SPECIAL:
            found = [(one, case) for case in cases for one in recipients(role, case, desk.directory)]
            told = [(one, [case]) for one, case in found if desk.directory.is_colleague(one.address)]
        else:
            told = [(one, list(cases)) for one in holders(role, desk.directory) or holders(QUALITY, desk.directory)]
        for one, some in told:
            people.setdefault(one.address.lower(), one)
            theirs.setdefault(one.address.lower(), {}).update((case.number, case) for case in some)
    for address, one in people.items():
        yield one, tuple(case for case in cases if case.number in theirs[address])
