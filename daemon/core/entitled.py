"""Who may answer a step, and the refusal for everybody else.  Rules only."""

from __future__ import annotations

from collections.abc import Sequence

from daemon.core.case import Case
from daemon.core.commands import CLOCK, Context, Refusal
from daemon.core.events import Event, Via
from daemon.core.fields import SECTION_COLUMNS
from daemon.core.process import Step
from daemon.core.refusals import refuse
from daemon.core.roles import is_quality, may_speak_as

Decided = tuple[Event, ...] | Refusal


def may_answer(step: Step, case: Case, context: Context) -> bool:
    """Tell whether the one who wishes something holds a role that owns the step; the clock may do all."""
    return context.actor == CLOCK or may_speak_as(context.actor.address, step.owner, case, context.directory)


def speaks_for_owner(context: Context) -> bool:
    """Tell whether quality writes down in the ledger what others have told it."""
    return context.via is Via.LEDGER and is_quality(context.actor.address, context.directory)


def may_write_down(section: str, context: Context) -> bool:
    """Tell whether quality may write this section into the ledger, whosever step it is: told by phone, read out."""
    return section in SECTION_COLUMNS.values() and speaks_for_owner(context)


def is_read_again(context: Context) -> bool:
    """Tell whether this wish may have been carried out before: a cell is read again after a crash, a mail never is.

    What such a wish says that is so already is no event, and nobody is told of it again.
    """
    return context.via is Via.LEDGER


def nobody_asked(steps: Sequence[Step], context: Context) -> Refusal:
    """Return why somebody may not answer these steps; none at all: nothing is asked."""
    if not steps:
        return refuse("nothing_asked")
    roles = dict.fromkeys(role for step in steps for role in step.owner)
    owners = tuple(context.process.roles.get(role, {"en": role}) for role in roles)
    return refuse("not_yours", step=tuple(step.title for step in steps), owner=owners)
