"""Time as a sender of wishes: reminders and escalations that are due now."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from daemon.core.case import Case
from daemon.core.events import Via
from daemon.core.ladder import due
from daemon.core.process import in_language
from daemon.passes.backoff import first_in_hour
from daemon.passes.desk import Desk, Happening, carry_out, decision
from daemon.seams import Decision

log = logging.getLogger(__name__)

BATCH = 1000  # a case that fails stays due and comes first: there must be room behind it


def timers_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Remind and escalate what is due, a case at a time; a fault in one is its own and the next goes on."""
    for case in desk.store.due_cases(now, BATCH):
        try:
            yield from _case(desk, case, now)
        except Exception as fault:
            if first_in_hour(desk.store, f"timer.{case.id}", now):
                log.exception("what is due in case %s could not be done", case.number)
                yield Happening("timer.failed", f"到期处理失败，将再试：{type(fault).__name__}: {fault}", case.number)


def _case(desk: Desk, case: Case, now: datetime) -> Iterator[Happening]:
    process = desk.process_of(case)
    reminders = due(case, process, desk.calendars, now)
    context = desk.context(case, now, via=Via.CLOCK, cause="clock")
    if not reminders:  # a due time was moved meanwhile: remember when to look again
        desk.store.commit(Decision(case=case, expected_seq=case.seq, next_due_at=desk.next_due_at(case, now)), now)
        return
    made = decision(desk, case, carry_out(case, reminders, context), context)
    desk.store.commit(made, now)
    for reminder in reminders:
        step = in_language(process.steps[reminder.step].title, "zh-CN")
        told = "、".join(dict.fromkeys(env.notice.name or env.recipient for env in made.envelopes))
        yield Happening(f"timer.{reminder.template}", f"{step} → {told}", case.number)
