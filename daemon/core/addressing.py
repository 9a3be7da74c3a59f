"""Writing to a person about a case: the notice, what it asks of him or her, and who the person behind a wish is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from daemon.core.case import Case
from daemon.core.commands import Actor, Context
from daemon.core.notice import Notice
from daemon.core.process import Step
from daemon.core.roles import DEPARTMENT_ROLES, Recipient, may_speak_as, owners, recipients


def notice_to(template: str, to: Recipient, case: Case, purpose: str = "") -> Notice:
    """Return a notice that asks for nothing."""
    return Notice(
        template, to.address, to.name, case.id, purpose or template, language=to.language, round=case.round
    )  # fmt: skip


def asking(template: str, to: Recipient, case: Case, context: Context) -> Notice:
    """Return a notice that a person may answer like the one that asked: it names the open steps of that person."""
    steps = context.process.tasks(case.open_tasks)
    theirs = [step for step in steps if may_speak_as(to.address, step.owner, case, context.directory)]
    return replace(notice_to(template, to, case), about=about(theirs), steps=tuple(step.id for step in theirs))


def about(steps: Iterable[Step]) -> str:
    """Return what is asked of whom: one word for intake."""
    roles = {owner for step in steps for owner in step.owner}
    if roles & DEPARTMENT_ROLES:
        return "notice"
    if "reporter" in roles:
        return "close"
    return "review" if roles else "ack"


def addressee(actor: Actor, case: Case, context: Context) -> Recipient:
    """Return the person behind a wish as somebody to write to."""
    person = context.directory.person(actor.address)
    if person:
        return Recipient(person.email, person.name, person.language)
    party = next((one for one in case.parties.values() if one.address.lower() == actor.address.lower()), None)
    if party:
        return Recipient(party.address, party.name, party.language)
    dept = context.directory.department_of(actor.address)
    if dept and actor.address.lower() == context.directory.mailbox.lower():  # what we send there only we read
        return Recipient(dept.email, dept.name, dept.language)
    return Recipient(actor.address, dept.name if dept else case.reporter_name, dept.language if dept else case.language)


def owners_of(step: Step, case: Case, context: Context) -> tuple[Recipient, ...]:
    """Return the holders of the first owning role that anybody holds."""
    return owners(step.owner, case, context.directory)


def everybody(roles: Iterable[str], case: Case, context: Context) -> tuple[Recipient, ...]:
    """Return the holders of all these roles, each once."""
    found = [one for role in roles for one in recipients(role, case, context.directory)]
    return once(found)


def once(people: Iterable[Recipient]) -> tuple[Recipient, ...]:
    """Return people without those who come twice."""
    return tuple({one.address.lower(): one for one in people}.values())
