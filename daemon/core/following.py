"""What is looked at after a step or a verdict: when each check is due, who begins and ends it, what its answer does.

A closed case has no open step, so these are no steps; they are asked for, reminded of and answered as steps are.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import count, islice

from daemon.core.calendars import Calendars
from daemon.core.case import Case, Status
from daemon.core.commands import DAEMON, AskCheck, Context
from daemon.core.events import Event, EventType
from daemon.core.handling import begins_at
from daemon.core.journal import Journal
from daemon.core.ladder import permitted
from daemon.core.process import Choice, Followup, holds, in_language
from daemon.core.terms import CalendarDay
from daemon.core.worktime import WorkCalendar

MOST_CHECKS = 200  # of one follow-up; each quarter for fifty years
# Why there are no more checks, as the journal keeps it.
OVER, UNTIL, ROUND, CANCELLED, NEW_CASE = "over", "until", "round", "cancelled", "new case"


def due_checks(case: Case, calendars: Calendars, followups: Iterable[Followup], now: datetime) -> Iterator[AskCheck]:
    """Yield the checks that are to be asked for now; what is not urgent is asked in working time."""
    for one in followups:
        follow = case.followups.get(one.id)
        if not follow or not follow.planned_at or case.is_held:
            continue
        if follow.planned_at <= now and permitted(one, case, calendars, now) == now:
            yield AskCheck(one.id, follow.number)


def next_check_at(case: Case, calendars: Calendars, followups: Iterable[Followup], now: datetime) -> datetime | None:
    """Return when a check is to be asked for next, None when never; seen from `now`, not before people work."""
    planned = ((one, case.followups[one.id].planned_at) for one in followups if one.id in case.followups)
    found = (max(at, permitted(one, case, calendars, now)) for one, at in planned if at)
    return None if case.is_held else min(found, default=None)


def ask(case: Case, command: AskCheck, context: Context) -> tuple[Event, ...]:
    """Ask for a check that was planned; once its end has come, by the facts, there is none."""
    followup, follow = context.process.followups.get(command.followup), case.followups.get(command.followup)
    if not followup or not follow or not follow.planned_at or follow.number != command.number or case.is_held:
        return ()
    journal = Journal(context, case.id, case)
    if followup.until and holds(followup.until, case):
        end(journal, followup.id, UNTIL)
    else:
        term = followup.due_in(case.severity)
        due = context.calendars.of(followup, case).add(context.now, term) if term else None
        key = followup.key(follow.number)
        journal.add(EventType.FOLLOW_ASKED, {"step": key, "due_at": due.isoformat() if due else None}, by=DAEMON)
    return tuple(journal.events)


def answer(journal: Journal, check: Followup, choice: Choice, reason: str) -> None:
    """Take a verdict on a check: plan the next one, begin a new round, or end the follow-up."""
    word = in_language(choice.words, journal.context.process.language)
    journal.add(EventType.FOLLOW_ANSWERED, {"step": check.id, "verdict": word, "remark": reason})
    name = check.id.rpartition(".")[0]
    if choice.new_case:
        end(journal, name, NEW_CASE)
    elif choice.back_to:
        _begin_anew(journal, choice, reason)
    else:
        follow, followup = journal.now.followups[name], journal.context.process.followups[name]
        if not _plan(journal, followup, follow.since, journal.context.now, beyond=follow.number):
            end(journal, name, OVER)


def follow_on(journal: Journal, events: Iterable[Event]) -> None:
    """Begin and end follow-ups as these events of the case ask for."""
    for event in events:
        for followup in journal.context.process.followup:
            if _begins(followup, event, journal.now):
                _plan(journal, followup, event.at, event.at)
        _end_by(journal, event)
    for followup in journal.context.process.followup:
        if followup.until and _runs(journal.now, followup.id) and holds(followup.until, journal.now):
            end(journal, followup.id, UNTIL)


def end(journal: Journal, followup: str, why: str) -> None:
    """Ask for no more checks of a follow-up."""
    journal.add(EventType.FOLLOW_ENDED, {"step": followup, "why": why}, by=DAEMON)


def ending_facts(case: Case, followups: Iterable[Followup]) -> frozenset[str]:
    """Return the facts by which the follow-ups that run would end: they may be told when the case is closed."""
    running = (one for one in followups if _runs(case, one.id))
    return frozenset(fact for one in running for table in one.until for fact in table)


def instants(followup: Followup, since: datetime, calendar: WorkCalendar) -> Iterator[datetime]:
    """Yield when the checks of a follow-up are asked for, from the first on, as far as its `most` goes."""
    last = calendar.add(since, followup.most) if followup.most else None
    for at in islice(_endlessly(followup, since, calendar), MOST_CHECKS):
        if last and at > last:
            return
        yield at


def _endlessly(followup: Followup, since: datetime, calendar: WorkCalendar) -> Iterator[datetime]:
    at = since
    for length in followup.times:
        at = calendar.add(since, length)
        yield at
    term = followup.every
    if isinstance(term, CalendarDay):  # asked for in the morning of that day, due by what `due` says
        last = at.astimezone(calendar.zone).date()
        days = (calendar.moved(term.date_on(last, n), term.moves) for n in count())
        yield from (calendar.start_of_day(day) for day in days if day > last)
    while term is not None:
        at = calendar.add(at, term)
        yield at


def _begins(followup: Followup, event: Event, case: Case) -> bool:
    names = {
        EventType.CHOSEN: f"{event.data.get('step')}.{event.data.get('choice')}",
        EventType.STEP_DONE: str(event.data.get("step")),
    }
    follow = case.followups.get(followup.id)
    again = follow is not None and (follow.runs or (followup.once and follow.was_asked))
    if again or names.get(event.type) not in followup.after:
        return False
    return holds(followup.when, case) and not (followup.unless and holds(followup.unless, case))


def _plan(journal: Journal, followup: Followup, since: datetime, after: datetime, beyond: int = 0) -> bool:
    """Plan the first check after an instant; what was missed until then is left out.  Tell whether there is one."""
    calendar = journal.context.calendars.of(followup, journal.now)
    coming = ((n, at) for n, at in enumerate(instants(followup, since, calendar), 1) if n > beyond and at > after)
    for number, at in coming:
        data = {"step": followup.id, "number": number, "at": at.isoformat(), "since": since.isoformat()}
        journal.add(EventType.FOLLOW_PLANNED, data, by=DAEMON)
        return True
    return False


def _begin_anew(journal: Journal, choice: Choice, reason: str) -> None:
    """Do the steps again that the verdict leads back to, and ask once more for the one that closed the case."""
    again = choice.back_to
    if not journal.now.is_open:
        journal.add(EventType.REOPENED, {"reason": reason, "status": Status.WORKING.value})
        again = begins_at(journal.now, journal.context.process, choice.back_to)
    journal.reopen(again, reason, keeps=choice.sets)
    journal.advance()


def _end_by(journal: Journal, event: Event) -> None:
    """End what follows something that is done again, or a case that was cancelled."""
    for followup in journal.context.process.followup:
        if not _runs(journal.now, followup.id):
            continue
        after = {name.partition(".")[0] for name in followup.after}
        if event.type is EventType.ROUND_STARTED and after & set(event.data["again"]):
            end(journal, followup.id, ROUND)
        if event.type is EventType.CLOSED and event.data["status"] == Status.CANCELLED.value:
            end(journal, followup.id, CANCELLED)


def _runs(case: Case, followup: str) -> bool:
    return followup in case.followups and case.followups[followup].runs
