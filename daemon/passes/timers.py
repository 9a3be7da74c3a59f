"""Time as a sender of wishes: reminders and escalations that are due now."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime

from daemon.core.case import Case
from daemon.core.commands import RaiseByRule, Remind, Timed
from daemon.core.events import Via
from daemon.core.process import Process, in_language
from daemon.core.timing import due
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
    asked = due(case, process, desk.calendars, now)
    context = desk.context(case, now, via=Via.CLOCK, cause="clock")
    if not asked:  # a due time was moved meanwhile: remember when to look again
        desk.store.commit(Decision(case=case, expected_seq=case.seq, next_due_at=desk.next_due_at(case, now)), now)
        return
    made = decision(desk, case, carry_out(case, asked, context), context)
    desk.store.commit(made, now)
    told = "、".join(dict.fromkeys(env.notice.name or env.recipient for env in made.envelopes))
    for one in asked:
        event, what = _in_words(one, process)
        yield Happening(f"timer.{event}", f"{what} → {told}", case.number)


def _in_words(wish: Timed, process: Process) -> tuple[str, str]:
    """Return what time asked for: a word for the log, and what it is about."""
    if isinstance(wish, RaiseByRule):
        return "raised", f"按规则提高等级（{wish.rule}）"
    key = wish.step if isinstance(wish, Remind) else f"{wish.followup}.{wish.number}"
    step = process.task(key)
    title = in_language(step.title, "zh-CN") if step else key
    return (wish.template if isinstance(wish, Remind) else "check"), title
