"""One complaint about several products or departments becomes several cases.  Rules only.

拆分： and below it a line for each new case with the facts that differ; this case keeps its number.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from daemon.core.case import Case, Certainty, Fact, Scalar
from daemon.core.commands import Context, Refusal, Register, Split
from daemon.core.corrections import LISTS, NUMBERS, PAIR, fact_titles, folded, read_fact
from daemon.core.entitled import Decided
from daemon.core.events import Event, EventType
from daemon.core.evolve import facts_data, facts_of
from daemon.core.fields import BY_KEY, COMPLAINT_KEYS, VALIDITIES, Kind
from daemon.core.handling import not_entitled
from daemon.core.journal import Journal
from daemon.core.process import Process
from daemon.core.refusals import refuse

NUMBERED = re.compile(r"\s*(?:[（(]?\d{1,2}\s*[.．、)）:：]|[①-⑳]|[-•·*])\s*")
OURS = re.compile(r"\s*(?:本案|原案|this case)\s*[:：]\s*", re.IGNORECASE)
# A comma between the digits of 1,200 parts nothing.
PIECES = re.compile(r"[，；;。]\s*|,(?!\d{3}(?!\d))\s*")
# What a product's own facts are: those of another product say nothing about this one.
OF_PRODUCT = frozenset({"product_name", "part_no", "batch_no", "quantity_delivered", "quantity_defective"})
COPIED = (*COMPLAINT_KEYS, "channel", "quality_engineer")
MOST_CASES = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """What a split comes to: the facts to correct in this case, and those in which each new one differs."""

    ours: Mapping[str, Scalar]
    others: tuple[Mapping[str, Scalar], ...]


class Unread(Exception):
    """A part of a line that names no fact, or a value that the fact cannot have; says why in either language."""


def split(case: Case, command: Split, context: Context) -> Decided:
    """Register the other matters of a complaint as cases of their own; nothing when a line of it cannot be read."""
    plan = planned(case, command, context)
    if isinstance(plan, Refusal):
        return plan
    journal = Journal(context, case.id, case)
    rows = [
        {"case": str(uuid), "number": number, "facts": facts_data(_confirmed(facts, context))}
        for (uuid, number), facts in zip(command.cases, plan.others, strict=False)
    ]
    journal.add(EventType.SPLIT, {"cases": rows})
    if plan.ours:
        corrected = facts_data(_confirmed(plan.ours, context))
        journal.add(EventType.FACTS_SET, {"facts": corrected, "wish": "split"})
        journal.move_due_times(new_ladder=journal.now.severity is not case.severity)
        journal.advance()
    return tuple(journal.events)


def planned(case: Case, command: Split, context: Context) -> Plan | Refusal:
    """Return what this wish comes to, or why it is refused; it uses no number up."""
    refused = not_entitled("split", case, context)
    if refused:
        return refused
    lines = [line for line in command.text.splitlines() if line.strip()][: MOST_CASES + 1]
    ours: dict[str, Scalar] = {}
    others: list[Mapping[str, Scalar]] = []
    for number, line in enumerate(lines, 1):
        mine = OURS.match(line)
        try:
            facts = dict(_facts(line[mine.end() :] if mine else _unnumbered(line), context))
        except Unread as fault:
            return refuse("split_line", line=number, text=_unnumbered(line)[:80], why=fault)
        if mine:
            ours |= facts
        else:
            others.append(facts)
    if not lines and len(case.items) > 1:
        return Plan(case.items[0], case.items[1:])
    return Plan(ours, tuple(others)) if others else refuse("split_how")


def _unnumbered(line: str) -> str:
    mark = NUMBERED.match(line)
    return line[mark.end() if mark else 0 :].strip()


def _facts(line: str, context: Context) -> Iterator[tuple[str, Scalar]]:
    """Yield the facts of a line: 产品编号：BF-1，不良数量：3; a piece without a title goes on with a text before it."""
    titles = fact_titles(context.process)
    parts: list[list[str]] = []
    for piece in filter(str.strip, PIECES.split(line)):
        pair = PAIR.match(piece.strip())
        key = titles.get(folded(pair["title"])) if pair else None
        if pair and key:
            parts.append([key, pair["value"].strip()])
        elif parts and _is_text(parts[-1][0], context.process):
            parts[-1][1] += f"，{piece.strip()}"
        else:
            raise Unread(f"“{piece.strip()[:40]}”")
    if not parts:
        raise Unread("……")
    for key, value in parts:
        yield key, _value(key, value, context)


def _is_text(key: str, process: Process) -> bool:
    kind = BY_KEY[key].kind if key in BY_KEY else process.facts[key].kind
    return kind == Kind.TEXT and key not in LISTS


def _value(key: str, value: str, context: Context) -> Scalar:
    allowed = context.values_of(key)
    if key == "department":
        dept = context.directory.department(value)
        names = "、".join(one.name for one in context.directory.departments)
        if dept is None:
            raise Unread(f"“{value[:40]}”≠ {names}")
        return dept.name
    found = read_fact(value, kind := context.process.kind_of(key))
    if (kind in NUMBERS and isinstance(found, str)) or (allowed and found not in allowed):
        raise Unread(f"“{value[:40]}”" + (f"≠ {'、'.join(allowed)}" if allowed else ""))
    return found


def _confirmed(facts: Mapping[str, Scalar], context: Context) -> dict[str, Fact]:
    return {key: Fact(value, Certainty.CONFIRMED, context.cause) for key, value in facts.items()}


# ── what it means for the other cases ────────────────────────────────────────────────────────────────────────────────


def registrations(case: Case, event: Event, process: Process) -> Iterator[tuple[UUID, Register]]:
    """Yield the wishes to register the cases that one was split into: its facts, changed, and its files."""
    for row in event.data["cases"]:
        yield (
            UUID(row["case"]),
            Register(
                case=UUID(row["case"]),
                number=row["number"],
                profile=case.profile,
                facts=_inherited(case, facts_of(row["facts"]), process),
                reporter=case.reporter,
                reporter_name=case.reporter_name,
                forwarded_by=case.forwarded_by,
                subject=case.subject,
                message_id=case.message_id,
                language=case.language,
                evidence=case.evidence,
                split_from=case.number,
                received_at=case.opened_at,
            ),
        )


def _inherited(case: Case, own: Mapping[str, Fact], process: Process) -> dict[str, Fact]:
    """Return the facts of a part: those of the complaint, its own over them, its verdict open."""
    several = "、" in case.text("part_no") + case.text("product_name")
    left = OF_PRODUCT if several and OF_PRODUCT & set(own) else frozenset()
    left |= {"defect_rate"} if OF_PRODUCT & set(own) else frozenset()
    kept = {key: case.facts[key] for key in (*COPIED, *process.facts) if key in case.facts and key not in left}
    return {**kept, "validity": Fact(VALIDITIES[0]), **own}


def origin_data(command: Register) -> dict[str, Any]:
    """Return what a registration says about where the case comes from, nothing for most."""
    said: dict[str, Any] = {
        "items": [dict(one) for one in command.items],
        "split_from": command.split_from,
        "received_at": command.received_at.isoformat() if command.received_at else "",
        "parent": command.parent,
        "parent_id": command.parent_id,
        "parties": {role: asdict(one) for role, one in command.parties.items()},
        "assigned": dict(command.assigned),
        "taken_over": command.taken_over,
        "thread_of": command.thread_of,
    }
    return {key: value for key, value in said.items() if value}
