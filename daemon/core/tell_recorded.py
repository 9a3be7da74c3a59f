"""The word to a person who answered: what was taken from the reply, and what is still missing."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from daemon.core.addressing import addressee, asking
from daemon.core.case import Case
from daemon.core.commands import DAEMON, Context
from daemon.core.events import Event, EventType, Via
from daemon.core.giving import missing, wanted
from daemon.core.notice import Notice
from daemon.core.process import Process
from daemon.core.roles import Recipient, may_speak_as


def recorded(batch: tuple[Event, ...], case: Case, context: Context) -> Iterator[Notice]:
    """Tell the person who answered what was taken from the reply, and what is still missing; a cell tells it itself."""
    if context.via is Via.LEDGER:
        return
    answers = _answer_keys(context.process)
    taken = [e.data["section"] for e in batch if e.type is EventType.SECTION_GIVEN and e.data["section"] in answers]
    said = (e for e in batch if e.type is EventType.FACTS_SET and not {"wish", "rule"} & set(e.data))
    facts = [key for e in said for key in e.data["facts"]]
    papers = [e.data["document"] for e in batch if e.type is EventType.DOCUMENT_GIVEN]
    outside = bool(context.actor.address) and not context.directory.is_colleague(context.actor.address)
    told_already = (facts and outside) or any(e.type in CHANGED or "wish" in e.data for e in batch)
    if not (taken or facts or papers) or context.actor.id == DAEMON or told_already:
        return
    to = addressee(context.actor, case, context)
    given = list(dict.fromkeys((*facts, *taken, *papers)))
    values = {"sections": given, "missing": _missing(batch, given, to, case, context)}
    yield replace(asking("recorded", to, case, context), urgent=True, answers=True, values=values)


# What is told by itself, so that nobody is told twice what was taken down.
CHANGED = frozenset(
    {EventType.ASSIGNED, EventType.REOPENED, EventType.MERGED, EventType.SPLIT, EventType.SUBCASE_OPENED}
)


def _answer_keys(process: Process) -> set[str]:
    named = {key for step in process.step for key in step.on_acknowledge.names_sender}
    keys = {key for step in process.step for key in (*step.gives, step.takes)} - named
    return keys & set(process.sections)


def _missing(
    batch: tuple[Event, ...], given: Collection[str], to: Recipient, case: Case, context: Context
) -> list[str]:
    """Return what is missing in the steps of the one who answered: not in others', nor in those that open just now.

    A step that the answer opened counts when the answer gave a part of it too.
    """
    opened = {e.data["step"] for e in batch if e.type is EventType.STEP_OPENED}
    steps = (context.process.steps[key] for key in case.open_steps)
    begun = (step for step in steps if step.id not in opened or set(wanted(step)) & set(given))
    theirs = (step for step in begun if may_speak_as(to.address, step.owner, case, context.directory))
    return list(dict.fromkeys(key for step in theirs for key in missing(step, case, context.process)))
