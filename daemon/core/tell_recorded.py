"""The word to a person who answered: what was taken from the reply, and what is still missing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from daemon.core.addressing import addressee, asking
from daemon.core.case import Case
from daemon.core.commands import DAEMON, Context
from daemon.core.events import Event, EventType
from daemon.core.giving import missing
from daemon.core.notice import Notice
from daemon.core.process import Process
from daemon.core.roles import Recipient, may_speak_as


def recorded(batch: tuple[Event, ...], case: Case, context: Context) -> Iterator[Notice]:
    """Tell the person who answered what was taken from the reply, and what is still missing."""
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
    values = {"sections": list(dict.fromkeys((*facts, *taken, *papers))), "missing": _missing(to, case, context)}
    yield replace(asking("recorded", to, case, context), urgent=True, answers=True, values=values)


# What is told by itself, so that nobody is told twice what was taken down.
CHANGED = frozenset({EventType.ASSIGNED, EventType.REOPENED, EventType.MERGED, EventType.SPLIT})


def _answer_keys(process: Process) -> set[str]:
    named = {key for step in process.step for key in step.on_acknowledge.names_sender}
    keys = {key for step in process.step for key in (*step.gives, step.takes)} - named
    return keys & set(process.sections)


def _missing(to: Recipient, case: Case, context: Context) -> list[str]:
    """Return what is still missing in the open steps of the one who answered; others' are no matter of his or hers."""
    steps = (context.process.steps[key] for key in case.open_steps)
    theirs = (step for step in steps if may_speak_as(to.address, step.owner, case, context.directory))
    return list(dict.fromkeys(key for step in theirs for key in missing(step, case, context.process)))
