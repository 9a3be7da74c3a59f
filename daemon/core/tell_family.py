"""Who is told of cases that belong together: the complainant, of all the numbers that a mail became."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from daemon.core.addressing import everybody, notice_to, owners_of
from daemon.core.case import Case, Status, StepStatus
from daemon.core.commands import CLOCK, Context
from daemon.core.events import Event
from daemon.core.evolve import facts_of
from daemon.core.fields import BY_KEY
from daemon.core.notice import Notice
from daemon.core.tell_changes import KEEPERS, changed, workers

# What tells the complainant which of the matters a number stands for.
TELLING = ("product_name", "part_no", "batch_no", "quantity_defective", "phenomenon")


def split(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Yield the word to colleagues, and one mail to each who was told of the whole complaint: what each number is."""
    roles = [role for tell in context.process.registered for role in tell.to]
    theirs = everybody(roles, case, context)
    for to in theirs:
        rows = [{"number": one["number"], "what": _what(one["facts"], to.language)} for one in event.data["cases"]]
        yield replace(notice_to("split", to, case), urgent=True, values={"cases": rows})
    numbers = "、".join(one["number"] for one in event.data["cases"])
    concerned = (*workers(case, context, StepStatus.OPEN), *everybody(KEEPERS, case, context))
    people = (one for one in concerned if one not in theirs)
    yield from changed("split", people, case, context, event, template="family", number=numbers)


def merged(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Yield the word to a customer whose complaint goes on under another number; colleagues hear of it otherwise."""
    for to in everybody(("reporter",), case, context):
        if not context.directory.is_colleague(to.address):
            yield replace(notice_to("joined", to, case), urgent=True, values={"number": event.data["number"]})


def _what(facts: dict[str, list[object]], language: str) -> str:
    known = facts_of(facts)
    parts = (f"{BY_KEY[key].title(language)} {known[key].value}" for key in TELLING if key in known)
    return ("，" if language.startswith("zh") else ", ").join(parts)


def opened(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Yield the word to quality that a case has opened another one."""
    data = event.data
    people = everybody(("quality_engineer",), case, context)
    values = {"number": data["number"], "party": data["name"], "reason": data["reason"]}
    yield from changed("subcase_opened", people, case, context, event, template="family", **values)


def ended(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Yield the word to whoever waits for a case that has ended, with what it found."""
    step = context.process.steps.get(event.data["step"])
    theirs = owners_of(step, case, context) if step else ()
    people = (*theirs, *everybody(("quality_engineer",), case, context))
    what = "subcase_cancelled" if event.data["status"] == Status.CANCELLED.value else "subcase_closed"
    values = {"number": event.data["number"], "reason": event.data["summary"]}
    yield from changed(what, people, case, context, event, template="family", **values)


def joined(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Yield the word to whoever works on a case that another one goes on for it, or that it goes on by itself."""
    people = (*workers(case, context, StepStatus.OPEN), *everybody(KEEPERS, case, context))
    number = event.data["number"]
    yield from changed(event.type.value, people, case, context, event, template="family", number=number)


def adopted(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Yield the word to quality that another case joined this one."""
    knows = context.actor.address.lower()  # whoever let it join has the word of that case
    people = [one for one in everybody(("quality_engineer",), case, context) if one.address.lower() != knows]
    told = replace(context, actor=CLOCK)
    yield from changed("adopted", people, case, told, event, template="family", number=event.data["number"])


def answered(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Yield to the complainant what the case that this one joined tells its own."""
    for to in everybody(("reporter",), case, context):
        told = notice_to(event.data["template"], to, case)
        yield replace(told, form=event.data["form"], values={"reason": event.data["reason"]})


def closed(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Yield to the complainant that the case was closed with the one that it joined, if nothing has told it."""
    if event.data.get("with") and not event.data["told"]:
        for to in everybody(("reporter",), case, context):
            yield replace(notice_to("closed", to, case), form="external")
