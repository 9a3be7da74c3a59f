"""A case opens cases of its own: 子案：供应商 铸铁公司 <qa@…>, 子案：技术部.  Rules only.

A step that `opens` waits for those it has opened; each of them names its parent, and tells it when it ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from daemon.core.case import Case, Certainty, Fact, Party, Status
from daemon.core.commands import Context, EndSubcase, EndWith, OpenSubcase, Refusal, Register
from daemon.core.entitled import Decided, may_answer
from daemon.core.events import Event, EventType
from daemon.core.fields import COMPLAINT_KEYS, VALIDITIES
from daemon.core.handling import not_entitled
from daemon.core.journal import Journal
from daemon.core.process import Process, Step
from daemon.core.refusals import refuse

ADDRESS = re.compile(r"[<（(\s]*(?P<address>[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)[>）)\s]*")
CALLED = re.compile(r"^(?:供应商|供應商|部门|部門|supplier|department)(?:\s+|[:：]\s*)(?=\S)", re.IGNORECASE)
LONGEST_NAME = 60
# Who complained and what was promised to whom is not told to those outside who answer a part of it.
OF_CUSTOMER = frozenset({
    "customer", "site", "contact_name", "contact_phone", "contact_email", "customer_due", "demand",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Named:
    """Whom a case is opened for: somebody outside, a department of the house, or a colleague's id."""

    party: Party | None = None
    department: str = ""
    person: str = ""


def open_subcase(case: Case, command: OpenSubcase, context: Context) -> Decided:
    """Open a case of its own for a supplier, a department or a colleague."""
    step = opening_step(case, command, context)
    mine = step is not None and may_answer(step, case, context)
    refused = None if mine else not_entitled("subcase", case, context)
    named = refused or whom(command, case, context)
    if isinstance(named, Refusal):
        return named
    if step and step.opens and step.opens.profile and command.profile == "":
        return refuse("no_such_profile", profile=step.opens.profile)
    journal = Journal(context, case.id, case)
    uuid, number = command.case or (case.id, "?")
    head, _, reason = command.text.strip().partition("\n")
    data: dict[str, Any] = {
        "case": str(uuid), "number": number, "profile": command.profile or case.profile,
        "step": step.id if step else "", "role": step.opens.for_ if step and step.opens else "",
        "department": named.department, "person": named.person, "name": head[:LONGEST_NAME], "reason": reason.strip(),
        "by": context.actor.address,
    }  # fmt: skip
    if named.party:
        data |= {"party": {"address": named.party.address, "name": named.party.name}, "name": named.party.name}
    journal.add(EventType.SUBCASE_OPENED, data)
    return tuple(journal.events)


def opening_step(case: Case, command: OpenSubcase, context: Context) -> Step | None:
    """Return the open step that these cases are opened for: the one named, else the first that opens any."""
    steps = context.process.steps
    if command.step:
        return steps.get(command.step)
    found = (steps[key] for key in case.open_steps if key in steps)
    return next((step for step in found if step.opens), None)


def whom(command: OpenSubcase, case: Case, context: Context) -> Named | Refusal:
    """Return whom a text names, or why nobody can be told by it."""
    head = CALLED.sub("", command.text.strip().partition("\n")[0].strip())
    found = ADDRESS.search(head)
    name = (head[: found.start()] + head[found.end() :] if found else head).strip(" ，,。.：:<>")[:LONGEST_NAME]
    if found and not context.directory.is_colleague(found["address"]):
        return Named(party=Party(found["address"].lower(), name or found["address"], case.language))
    dept = context.directory.department(name)
    if dept:
        return Named(department=dept.name)
    person = context.directory.person(found["address"]) if found else None
    people = (person,) if person else context.directory.named(name)
    if len(people) == 1:
        return Named(person=people[0].id)
    return refuse("subcase_whom", name=name or "？")


def named_in(step: Step, case: Case) -> tuple[str, ...]:
    """Return whom a step opens cases for by itself, as its fact names them, once each."""
    fact = step.opens.each if step.opens else ""
    parts = re.split(r"[、，,；;\n]+", case.text(fact)) if fact else []
    return tuple(dict.fromkeys(one.strip() for one in parts if one.strip()))[:20]


def end_subcase(case: Case, command: EndSubcase, context: Context) -> Decided:
    """Take down that a case which this one opened has ended, and what it found; its step goes on when all have."""
    mine = next((one for one in case.subcases if one.number == command.number), None)
    if mine is None or mine.closed:
        return ()
    journal = Journal(context, case.id, case)
    data = {"number": command.number, "status": command.status.value, "summary": command.summary, "step": mine.step}
    journal.add(EventType.SUBCASE_ENDED, data)
    step = context.process.steps.get(mine.step)
    goes_to = _section_of(step, context.process) if step else ""
    if case.is_open and goes_to and command.summary:
        text = "\n\n".join(filter(None, (case.section(goes_to), command.summary)))
        journal.add(EventType.SECTION_GIVEN, {"section": goes_to, "text": text})
    if case.is_open:
        journal.advance()
    return tuple(journal.events)


def _section_of(step: Step, process: Process) -> str:
    """Return the section into which goes what the cases of a step have found: what it takes, or first gives."""
    return step.takes or next((key for key in step.gives if key in process.sections), "")


def end_with(case: Case, command: EndWith, context: Context) -> Decided:
    """End a case because the one that opened it was cancelled."""
    if not case.is_open or case.parent != command.number:
        return ()
    journal = Journal(context, case.id, case)
    reason = command.reason or command.number
    journal.add(EventType.CLOSED, {"status": Status.CANCELLED.value, "reason": reason, "wish": "cancelled"})
    return tuple(journal.events)


# ── what it means for the other cases ────────────────────────────────────────────────────────────────────────────────


def registration(case: Case, event: Event, process: Process) -> tuple[UUID, Register]:
    """Return the wish to register the case that another one opens; whoever asked for it is the one who complains."""
    data = event.data
    party, asked_by = data.get("party"), data["by"] or ""
    left = OF_CUSTOMER if party else frozenset()
    keys = (key for key in (*COMPLAINT_KEYS, *process.facts) if key in case.facts and key not in left)
    facts = {key: case.facts[key] for key in keys} | {"validity": Fact(VALIDITIES[1])}
    if data["department"]:
        facts["department"] = Fact(data["department"], Certainty.CONFIRMED, event.cause)
    elif party:
        facts.pop("department", None)
    if "quality_engineer" in case.facts:
        facts["quality_engineer"] = case.facts["quality_engineer"]
    role = data["role"] or "department"
    return UUID(data["case"]), Register(
        case=UUID(data["case"]),
        number=data["number"],
        profile=data["profile"],
        facts=facts,
        reporter=asked_by,
        subject=data["reason"] or data["name"],
        language=case.language,
        evidence=() if party else case.evidence,
        parent=case.number,
        parent_id=str(case.id),
        parties={role: Party(party["address"], party["name"], case.language)} if party else {},
        assigned={role: data["person"]} if data["person"] else {},
    )


def ends(case: Case, event: Event, process: Process) -> Iterator[tuple[UUID, EndSubcase | EndWith]]:
    """Yield what the end of a case means for the one that opened it, and for those that it opened."""
    if case.parent_id:
        status = Status(event.data["status"])
        yield UUID(case.parent_id), EndSubcase(case.number, status, _summary(case, process))
    if event.data["status"] == Status.CANCELLED.value:
        for one in case.subcases:
            if not one.closed:
                yield UUID(one.case), EndWith(case.number, event.data.get("reason", ""))


def _summary(case: Case, process: Process) -> str:
    """Return what a case has found, in lines, under its number and who answered it."""
    who = "、".join(one.name for one in case.parties.values()) or case.text("department")
    given = (
        f"{process.section_title(key, 'zh-CN')}：{case.section(key)}" for key in process.sections if case.section(key)
    )
    lines = [one[:2000] for one in given]
    return "\n".join((f"{case.number}（{who}）" if who else case.number, *lines)) if lines else ""
