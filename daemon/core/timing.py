"""Time as a sender of wishes: everything that a case asks for at an instant, and when it will ask next."""

from __future__ import annotations

from datetime import datetime

from daemon.core import ladder
from daemon.core.calendars import Calendars
from daemon.core.case import Case
from daemon.core.commands import Timed
from daemon.core.following import due_checks, next_check_at
from daemon.core.process import Process
from daemon.core.raising import due_raises, next_raise_at


def due(case: Case, process: Process, calendars: Calendars, now: datetime) -> tuple[Timed, ...]:
    """Return what time asks for now: a higher grade, reminders (at most one a task), checks after closing."""
    return (
        *due_raises(case, process, calendars, now),
        *ladder.due(case, process, calendars, now),
        *due_checks(case, calendars, process.followup, now),
    )


def next_due_at(case: Case, process: Process, calendars: Calendars, now: datetime) -> datetime | None:
    """Return when time will ask for something next, None when never."""
    found = (
        next_raise_at(case, process, calendars, now),
        ladder.next_due_at(case, process, calendars, now),
        next_check_at(case, calendars, process.followup, now),
    )
    return min((at for at in found if at), default=None)
