"""When somebody must be reminded or told: the rungs of each open step, from the case alone.  Fires nothing itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from daemon.core.calendars import Calendars
from daemon.core.case import Case, StepState
from daemon.core.commands import Remind
from daemon.core.pauses import Pauses, pauses_in
from daemon.core.process import Process, Rung, Step
from daemon.core.terms import Term, parse_term
from daemon.core.worktime import WorkCalendar

ONCE = Rung(at="due", to=("owner",))  # of a step that was late when people's ledger was taken over


@dataclass(frozen=True, slots=True)
class Reached:
    """A rung with the instant at which it is reached."""

    id: str
    at: datetime
    rung: Rung


def due(case: Case, process: Process, calendars: Calendars, now: datetime) -> tuple[Remind, ...]:
    """Return what time asks for now: at most one reminder a step, the highest rung that was passed.

    What is not urgent asks in working time only, whenever the daemon looks: who answers before that is not reminded.
    """
    return tuple(
        Remind(step.id, tuple(one.id for one in passed), passed[-1].rung.template, passed[-1].rung.to)
        for step in _open(case, process)
        if permitted(step, case, calendars, now) == now
        and (passed := [one for one in waiting(case, step, process, calendars) if one.at <= now])
    )


def next_due_at(case: Case, process: Process, calendars: Calendars, now: datetime | None = None) -> datetime | None:
    """Return when time will ask for something next, None when never; seen from `now`, not before what is permitted."""
    instants = (
        max(one.at, permitted(step, case, calendars, now)) if now else one.at
        for step in _open(case, process)
        for one in waiting(case, step, process, calendars)
    )
    return min(instants, default=None)


def permitted(step: Step, case: Case, calendars: Calendars, now: datetime) -> datetime:
    """Return when people may be reminded of a step: now when it is urgent, else as soon as they work."""
    return now if step.is_urgent(case.severity) else calendars.of(step, case).next_open(now)


def waiting(case: Case, step: Step, process: Process, calendars: Calendars) -> tuple[Reached, ...]:
    """Return the rungs of an open step that nobody was told of yet, in the order of time."""
    state = case.state(step.id)
    if state.due_at is None or state.opened_at is None:
        return ()
    calendar = calendars.of(step, case)
    if state.asks_at:
        once = Reached(ONCE.at, calendar.next_open(state.asks_at), ONCE)
        return () if ONCE.at in state.fired else (once,)
    urgent, pauses = step.is_urgent(case.severity), pauses_in(case.holds, state.due_at)
    rungs = [
        Reached(f"{index}.{count}", at if urgent else calendar.next_open(at), rung)
        for index, rung in enumerate(process.rungs(step, case.severity))
        if _is_long(rung, state, calendar)
        for count, at in enumerate(_instants(rung, state, step.due_in(case.severity), calendar, pauses))
    ]
    return tuple(sorted((one for one in rungs if one.id not in state.fired), key=lambda one: one.at))


def _is_long(rung: Rung, state: StepState, calendar: WorkCalendar) -> bool:
    """Tell whether the step's time is longer than a rung asks; most rungs ask nothing."""
    begin = state.began_at or state.opened_at
    assert begin is not None
    assert state.due_at is not None
    return rung.if_over is None or calendar.add(begin, rung.if_over) < state.due_at


def _open(case: Case, process: Process) -> tuple[Step, ...]:
    """Return what waits for an answer; of a closed case that is what is asked after closing."""
    keys = case.open_tasks if case.is_open else tuple(key for key in case.open_tasks if key not in case.steps)
    return () if case.is_held else process.tasks(keys)


def _instants(
    rung: Rung, state: StepState, duration: Term | None, calendar: WorkCalendar, pauses: Pauses
) -> Iterator[datetime]:
    begin, end = state.began_at or state.opened_at, state.due_at
    assert begin is not None
    assert end is not None
    if rung.every:
        for _ in range(rung.most):
            end = calendar.add(end, rung.every)
            yield end
    elif rung.at == "due":
        yield end
    elif rung.at.endswith("%"):
        working = bool(duration and duration.is_working)
        yield calendar.share(begin, end, float(rung.at[:-1]) / 100, pauses, working=working)
    else:
        yield calendar.add(end, parse_term(rung.at[1:]))
