"""Who is away: remembered from out-of-office answers and from words of their own, and handed back when they return."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from daemon.core.absence import Absence, Named, as_data, away_until, tells_absence
from daemon.core.addressing import addressee
from daemon.core.case import Case
from daemon.core.commands import HandBack, HandOn
from daemon.core.dates import latest_date
from daemon.core.directory import Person
from daemon.core.events import Via
from daemon.core.notice import Notice
from daemon.core.refusals import refuse
from daemon.core.tell import refusal
from daemon.passes.desk import ABSENCES, Desk, Happening, carry_out, decision
from daemon.passes.letters import Letter

MOST_CASES = 5000  # open cases that are looked through when somebody leaves or returns
FAR = timedelta(days=3650)


def note_absence(letter: Letter) -> Iterator[Happening]:
    """Remember a colleague who is away, as an automatic answer to a mail of ours to him or her says."""
    desk, reading = letter.desk, letter.reading
    address = (reading.from_email or "").lower()
    known = desk.directory.person(address) or desk.directory.department_of(address)
    said = f"{reading.subject}\n{reading.text}"
    if reading.answered and known and tells_absence(said) and address not in desk.directory_at(letter.now).away:
        until = away_until(reading.text, letter.now, desk.calendars.at(address))
        yield from leaves(desk, Absence(_addresses(desk, address), until))


def _addresses(desk: Desk, address: str) -> tuple[str, ...]:
    person = desk.directory.person(address)
    return person.emails if person else (address,)


def leaves(desk: Desk, absence: Absence) -> Iterator[Happening]:
    """Remember who is away; what waits is handed on by the pass."""
    mine = {one.lower() for one in absence.addresses}
    _keep(desk, [*(one for one in desk.absences() if not mine & {a.lower() for a in one.addresses}), absence])
    until = absence.until.astimezone(desk.zone)
    yield Happening("person.away", f"{absence.addresses[0]} 不在，至 {until:%Y-%m-%d %H:%M}，其事项转给代理人或上一级")


def absence_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Hand on what waits for people who are away, and give it back to those who have returned."""
    absences = desk.absences()
    if all(one.handed_on and now < one.until for one in absences):
        return
    for one in absences:
        if one.until <= now:
            _carry_out_in_all(desk, HandBack(one.addresses), now)
            yield Happening("person.back", f"{one.addresses[0]} 已返回，未完成的事项交回")
        elif not one.handed_on:
            _carry_out_in_all(desk, HandOn(one.addresses, one.until), now)
    _keep(desk, [replace(one, handed_on=True) for one in absences if now < one.until])


def _keep(desk: Desk, absences: Iterable[Absence]) -> None:
    desk.store.remember(ABSENCES, json.dumps(as_data(absences)))


def _carry_out_in_all(desk: Desk, wish: HandOn | HandBack, now: datetime) -> None:
    for case in desk.store.due_cases(now + FAR, MOST_CASES):
        context = desk.context(case, now, via=Via.CLOCK, cause="absence")
        outcome = carry_out(case, [wish], context)
        if outcome.events:
            desk.store.commit(decision(desk, case, outcome, context), now)


# ── a deputy, named by the person ────────────────────────────────────────────────────────────────────────────────────


def deputy_named(letter: Letter, case: Case, named: Named) -> tuple[Notice, ...]:
    """Let a deputy stand in for the writer, and return what both are told; or the refusal that the writer is told."""
    desk, actor, now = letter.desk, letter.actor(), letter.now
    context = letter.context(case, actor)
    writer, to = desk.directory.person(actor.address), addressee(actor, case, context)
    found = desk.directory.named(named.name)
    if writer is None or (named.name and (len(found) != 1 or found[0].id == writer.id)):
        why = refuse("deputy_whom", name=named.name or "？")
        return (refusal(why, letter.text, to, case, context),)
    if not named.name:
        kept = [replace(one, until=now) if writer.email in one.addresses else one for one in desk.absences()]
        _keep(desk, kept)
        return _told(desk, writer, now)
    day = latest_date(named.until, now.astimezone(desk.zone).date())
    until = desk.calendars.at(writer.email).end_of_day(day) if day else None
    if until is None or until <= now:
        return (refusal(refuse("deputy_until", name=named.name), letter.text, to, case, context),)
    list(leaves(desk, Absence(writer.emails, until, found[0].id)))
    names = (found[0].name, writer.name)
    return (*_told(desk, writer, until, *names), *_told(desk, found[0], until, *names))


def _told(desk: Desk, to: Person, until: datetime, deputy: str = "", person: str = "") -> tuple[Notice, ...]:
    values = {"deputy": deputy, "person": person, "until": f"{until.astimezone(desk.zone):%Y-%m-%d}"}
    told = Notice("deputy", to.email, to.name, None, "deputy", language=to.language, urgent=True, values=values)
    return (told,)
