"""An open case moves from the profile that it pinned to another one.  Rules only.

Steps of the same id keep their state; those that are gone are dropped; new ones open by the rules of the new profile,
which is the one in the context.
"""

from __future__ import annotations

from daemon.core.case import Case, StepStatus
from daemon.core.commands import Context, Migrate
from daemon.core.entitled import Decided
from daemon.core.events import EventType
from daemon.core.journal import Journal
from daemon.core.process import in_language
from daemon.core.refusals import refuse


def migrate(case: Case, command: Migrate, context: Context) -> Decided:
    """Let a case follow another profile from now on; refused where nothing of it would go on."""
    if case.profile == command.profile:
        return refuse("same_profile", number=case.number)
    steps = context.process.steps
    if not set(steps) & set(case.steps):
        title = in_language(context.process.title, "zh-CN")
        return refuse("nothing_in_common", number=case.number, process=title)
    journal = Journal(context, case.id, case)
    data = {"from": case.profile, "profile": command.profile, "steps": list(steps)}
    gone = [key for key in case.steps if key not in steps]
    journal.add(EventType.MIGRATED, {**data, "gone": gone, "fresh": [key for key in steps if key not in case.steps]})
    if not case.is_held:
        journal.move_due_times(keep_fired=True)
        journal.advance()
        if not journal.now.open_steps and any(one.status is StepStatus.OPEN for one in case.steps.values()):
            return refuse("nothing_left", number=case.number)
    return tuple(journal.events)
