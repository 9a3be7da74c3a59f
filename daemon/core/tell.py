"""Who is told what when something has happened: events become notices, one a person and batch."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from daemon.core import tell_family
from daemon.core.addressing import about, addressee, asking, everybody, notice_to, owners_of
from daemon.core.case import Case, StepStatus
from daemon.core.commands import Actor, Context, Refusal
from daemon.core.events import Event, EventType
from daemon.core.letters import with_letters
from daemon.core.notice import Notice
from daemon.core.process import GRADES, Step, Tell, in_language
from daemon.core.roles import Recipient, owner_manager, recipients
from daemon.core.tell_changes import CHANGES
from daemon.core.tell_recorded import recorded


@dataclass(slots=True)
class Draft:
    """What one person will be told in one mail, while the batch is read."""

    to: Recipient
    rank: int
    template: str
    steps: list[Step] = field(default_factory=list)
    urgent: bool = False
    form: str = ""
    evidence: bool = False


Drafts = dict[str, Draft]

DECLINED = (
    {"zh-CN": "转其他部门", "zh-TW": "轉其他部門", "en": "transfer"},
    {
        "zh-CN": "质量部决定维持原责任部门，请继续处理。",
        "zh-TW": "客訴主辦部門決定維持原責任部門，請繼續處理。",
        "en": "The quality department decided that your department keeps the case; please go on.",
    },
)

REMINDERS = frozenset({"reminder", "escalation", "silence"})  # one mail a person and tick
SENDS, OWN, TASK, ALARM = 0, 1, 2, 3  # of several reasons to write to a person, the first names the template


def notices(case: Case, events: Iterable[Event], context: Context) -> tuple[Notice, ...]:
    """Return the notices that this batch of events causes, after all of them have changed the case."""
    batch = tuple(events)
    drafts: Drafts = {}
    for event in batch:
        if event.type is EventType.STEP_OPENED:
            _step_opened(event, case, context, drafts)
        elif event.type is EventType.FOLLOW_ASKED:
            _check_asked(event, case, context, drafts)
    told = (table.get(event.type, _nothing)(event, case, context) for event in batch for table in (TELLS, CHANGES))
    rest = _one_a_person(notice for some in told for notice in some)
    alarms = _alarm(case, context, drafts) if any(_grades(event) for event in batch) else ()
    told_back = recorded(batch, case, context)
    found = (*rest, *(_finished(draft, case) for draft in drafts.values()), *alarms, *told_back)
    return with_letters(found, case, context)


def _grades(event: Event) -> bool:
    """Tell whether an event gives the case its grade, or another one."""
    corrected = event.type is EventType.FACTS_SET and "severity" in event.data["facts"]
    return event.type is EventType.REGISTERED or corrected


def progress(case: Case, context: Context) -> Iterator[Notice]:
    """Yield the weekly word on an open case, if its grade gets one; a reply to it answers the steps it names."""
    told = context.process.progress
    if not case.is_open or case.joined_to or case.severity not in {GRADES[grade] for grade in told.grades}:
        return
    for to in everybody(told.to, case, context):
        yield replace(asking("progress", to, case, context), urgent=True, digest="progress")


def refusal(refused: Refusal, wish: str, to: Recipient, case: Case, context: Context) -> Notice:
    """Return the mail that tells a person why his or her wish was not carried out."""
    why = in_language(refused.why, to.language)
    return replace(
        asking("refused", to, case, context), urgent=True, answers=True, values={"wish": wish[:500], "why": why}
    )


def _one_a_person(told: Iterable[Notice]) -> Iterator[Notice]:
    """Join the reminders of several steps to one person; when any of them escalates, all of it does.

    What reports a silence stays a notice of its own, in the same mail.
    """
    joined: dict[tuple[str, str, str], Notice] = {}
    for notice in told:
        if not notice.digest:
            yield notice
            continue
        alike = "" if notice.template in ("reminder", "escalation") else notice.template
        key = (notice.recipient.lower(), notice.digest, alike)
        old = joined.setdefault(key, notice)
        if old is not notice:
            template = "escalation" if "escalation" in (old.template, notice.template) else old.template
            steps = tuple(dict.fromkeys((*old.steps, *notice.steps)))
            urgent = old.urgent or notice.urgent
            joined[key] = replace(old, template=template, steps=steps, purpose=".".join(steps), urgent=urgent)
    yield from joined.values()


# ── steps that opened ────────────────────────────────────────────────────────────────────────────────────────────────


def _step_opened(event: Event, case: Case, context: Context, drafts: Drafts) -> None:
    step = context.process.steps[event.data["step"]]
    if step.sends:
        for to in everybody(step.sends.to, case, context):
            draft = Draft(to, SENDS, step.sends.template, urgent=step.is_urgent(case.severity), form=step.sends.form)
            _merge(drafts, draft)
    elif case.steps[step.id].status is StepStatus.OPEN:
        for to in owners_of(step, case, context):
            _merge(drafts, _task(step, to, case))


def _check_asked(event: Event, case: Case, context: Context, drafts: Drafts) -> None:
    check = context.process.task(event.data["step"])
    if check and check.id in case.open_tasks:
        for to in owners_of(check, case, context):
            _merge(drafts, _task(check, to, case))


def _informed(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Tell those who take part in a step without owning it that it has begun."""
    step = context.process.steps[event.data["step"]]
    theirs = owners_of(step, case, context)
    if case.steps[step.id].status is not StepStatus.OPEN:
        return
    for to in everybody(step.with_, case, context):
        if to not in theirs:
            names = "、".join(one.name or one.address for one in theirs)
            told = replace(notice_to("informed", to, case, f"with.{step.id}"), values={"step": step.id, "owner": names})
            yield replace(told, urgent=step.is_urgent(case.severity))


def _task(step: Step, to: Recipient, case: Case) -> Draft:
    rank = TASK if step.notice == "task" else OWN
    urgent = step.is_urgent(case.severity)
    return Draft(to, rank, step.notice, [step], urgent, step.form, step.evidence)


def _merge(drafts: Drafts, new: Draft) -> None:
    address = new.to.address.lower()
    first = drafts.get(address, new)
    if new.rank == first.rank == SENDS and first.template != new.template:
        address = f"{address} {new.template}"  # two mails that the daemon sends to one person stay two
    old = drafts.setdefault(address, new)
    if old is new:
        return
    first = min(old, new, key=lambda draft: draft.rank)
    old.template, old.form, old.rank = first.template, old.form or new.form, first.rank
    old.urgent, old.evidence = old.urgent or new.urgent, old.evidence or new.evidence
    old.steps.extend(new.steps)


def _finished(draft: Draft, case: Case) -> Notice:
    purpose = draft.template if draft.rank == SENDS else ".".join(step.id for step in draft.steps)
    return replace(
        notice_to(draft.template, draft.to, case, purpose),
        about=about(draft.steps),
        steps=tuple(step.id for step in draft.steps),
        urgent=draft.urgent,
        form=draft.form,
        evidence=draft.evidence,
    )


# ── other events ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _nothing(_event: Event, _case: Case, _context: Context) -> Iterator[Notice]:
    return iter(())


def _registered(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Tell that a case was registered; who heard of the whole is told of its parts in one mail.

    Nobody is told of a receipt where we opened the case ourselves: the complaint was received long ago.
    """
    for tell in () if case.split_from or case.parent or "continues" in event.data else context.process.registered:
        for notice in _tell(tell, case, context, {}):
            yield replace(notice, urgent=True, answers=True)


def _tell(tell: Tell, case: Case, context: Context, values: dict[str, Any]) -> Iterator[Notice]:
    for to in everybody(tell.to, case, context):
        yield replace(notice_to(tell.template, to, case), form=tell.form, values=values)


def _alarm(case: Case, context: Context, told: Drafts) -> Iterator[Notice]:
    grade = next(key for key, value in GRADES.items() if value is case.severity)
    tell = context.process.alarm.get(grade)
    if tell:
        for notice in _tell(tell, case, context, {}):
            if notice.recipient.lower() not in told:
                yield replace(notice, urgent=True)


def _chosen(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    step = context.process.task(event.data["step"])
    assert step is not None
    choice = step.choices[event.data["choice"]]
    for tell in choice.tells:
        yield from _tell(tell, case, context, {"reason": event.data["reason"]})


def _reminded(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    step, template = context.process.task(event.data["step"]), event.data["template"]
    assert step is not None
    digest = "reminder" if template in REMINDERS else ""
    for to in reminded_people(event.data["to"], step, case, context):
        notice = replace(notice_to(template, to, case, step.id), about=about([step]), steps=(step.id,), digest=digest)
        yield replace(notice, urgent=step.is_urgent(case.severity))


def reminded_people(roles: Iterable[str], step: Step, case: Case, context: Context) -> tuple[Recipient, ...]:
    """Return who is told at a rung of a step's ladder."""
    found: list[Recipient] = []
    for role in roles:
        if role == "owner":
            found.extend(owners_of(step, case, context))
        elif role == "owner_manager":
            found.extend(owner_manager(step.owner, case, context.directory))
        else:
            found.extend(recipients(role, case, context.directory))
    return tuple({one.address.lower(): one for one in found}.values())


def _transfer_asked(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    by = addressee(Actor(event.by, context.actor.address), case, context)
    values = {"by": by.name or by.address, "to": event.data["to"], "reason": event.data["reason"]}
    for to in recipients("quality_engineer", case, context.directory):
        yield replace(notice_to("transfer_request", to, case, "transfer"), values=values)


def _transferred(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    old = context.directory.department(event.data["from"])
    if old:
        reason = event.data["reason"] or f"→ {event.data['to']}"
        yield replace(
            notice_to("withdrawn", Recipient(old.email, old.name, old.language), case), values={"reason": reason}
        )


def _declined(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    for to in recipients("department", case, context.directory):
        wish, why = (in_language(words, to.language) for words in DECLINED)
        values = {"wish": wish, "why": event.data["reason"] or why}
        yield replace(asking("refused", to, case, context), values=values)


def _filed(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    if not event.data["why"]:
        return
    values = {key: event.data[key] for key in ("sender", "text", "why")}
    for to in recipients("quality_engineer", case, context.directory):
        yield replace(notice_to("stranger", to, case), values=values, evidence=bool(event.data.get("evidence")))


def _address_failed(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    if not event.data["permanent"]:
        return
    values = {"address": event.data["address"], "detail": event.data["detail"], "template": ""}
    for to in recipients("quality_engineer", case, context.directory):
        yield replace(notice_to("undeliverable", to, case), values=values)
    before = replace(case, dead_addresses=tuple(one for one in case.dead_addresses if one != event.data["address"]))
    drafts: Drafts = {}
    for key in case.open_steps:
        step = context.process.steps[key]
        if event.data["address"].lower() in {one.address.lower() for one in owners_of(step, before, context)}:
            for to in owners_of(step, case, context):
                _merge(drafts, _task(step, to, case))
    yield from (_finished(draft, case) for draft in drafts.values())


def _came_again(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Tell whoever wrote that the complaint, which came again, was received."""
    if event.data.get("wish") == "recurred":
        yield from _registered(event, case, context)


def _handed(event: Event, case: Case, context: Context) -> Iterator[Notice]:
    """Give the open steps to whoever has them now: who stands in, or the person who is back."""
    drafts: Drafts = {}
    for key in event.data["steps"]:
        step = context.process.steps[key]
        for to in owners_of(step, case, context):
            _merge(drafts, _task(step, to, case))
    for draft in drafts.values():
        yield replace(_finished(draft, case), digest=event.type.value)


TELLS: dict[EventType, Callable[[Event, Case, Context], Iterator[Notice]]] = {
    EventType.REGISTERED: _registered,
    EventType.STEP_OPENED: _informed,
    EventType.CHOSEN: _chosen,
    EventType.REMINDED: _reminded,
    EventType.TRANSFER_ASKED: _transfer_asked,
    EventType.TRANSFERRED: _transferred,
    EventType.TRANSFER_DECLINED: _declined,
    EventType.FILED: _filed,
    EventType.REOPENED: _came_again,
    EventType.ADDRESS_FAILED: _address_failed,
    EventType.HANDED_ON: _handed,
    EventType.HANDED_BACK: _handed,
    EventType.SPLIT: tell_family.split,
    EventType.JOINED: tell_family.joined,
    EventType.LEFT: tell_family.joined,
    EventType.ADOPTED: tell_family.adopted,
    EventType.ANSWERED: tell_family.answered,
    EventType.CLOSED: tell_family.closed,
    EventType.SUBCASE_OPENED: tell_family.opened,
    EventType.SUBCASE_ENDED: tell_family.ended,
    EventType.MERGED: tell_family.merged,
}
