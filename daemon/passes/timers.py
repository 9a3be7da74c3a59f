"""Time as a sender of wishes: reminders and escalations that are due now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core.case import Case
from daemon.core.events import Via
from daemon.core.ladder import due
from daemon.core.process import in_language
from daemon.passes.desk import Desk, Happening, carry_out, decision
from daemon.seams import Decision

BATCH = 200


def timers_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Remind and escalate what is due, a case at a time."""
    for case in desk.store.due_cases(now, BATCH):
        yield from _case(desk, case, now)


def _case(desk: Desk, case: Case, now: datetime) -> Iterator[Happening]:
    process = desk.process_of(case)
    reminders = due(case, process, desk.calendar, now)
    context = desk.context(case, now, via=Via.CLOCK, cause="clock")
    if not reminders:  # a due time was moved meanwhile: remember when to look again
        desk.store.commit(Decision(case=case, expected_seq=case.seq, next_due_at=desk.next_due_at(case)), now)
        return
    made = decision(desk, case, carry_out(case, reminders, context), context)
    desk.store.commit(made, now)
    for reminder in reminders:
        step = in_language(process.steps[reminder.step].title, "zh-CN")
        told = "、".join(dict.fromkeys(env.notice.name or env.recipient for env in made.envelopes))
        yield Happening(f"timer.{reminder.template}", f"{step} → {told}", case.number)
