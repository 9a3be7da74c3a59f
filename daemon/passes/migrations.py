"""Moving open cases to the profile in force, or to another one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from daemon.core.case import Case
from daemon.core.commands import Migrate
from daemon.core.events import EventType, Via
from daemon.core.process import Process, in_language
from daemon.passes.desk import Desk, Outcome, carry_out, decision

MIGRATE = "migrate"


@dataclass(frozen=True, slots=True)
class Target:
    """The profile to move to: its hash, and what it says."""

    profile: str
    process: Process


def migrate(desk: Desk, data: Mapping[str, str], now: datetime) -> str:
    """Move one case, named by its number, to the profile with this hash or to the one in force; say what changed."""
    case = desk.store.case_numbered(data["number"])
    if case is None:
        return f"there is no case {data['number']}"
    outcome = tried(desk, case, data.get("profile", ""), now)
    if isinstance(outcome, str):
        return outcome
    target = target_of(desk, case, data.get("profile", ""))
    assert target is not None
    context = replace(desk.context(case, now, via=Via.CLI, cause="kesu process migrate"), process=target.process)
    desk.store.commit(decision(desk, case, outcome, context), now)
    return said(case, outcome, desk, target.process)


def tried(desk: Desk, case: Case, profile: str, now: datetime) -> Outcome | str:
    """Return what moving a case would come to, without doing it, or why it cannot be moved."""
    target = target_of(desk, case, profile)
    if target is None:
        return f"case {case.number} follows another process than those in force; name one with --to"
    context = replace(desk.context(case, now, via=Via.CLI, cause="kesu process migrate"), process=target.process)
    outcome = carry_out(case, [Migrate(target.profile)], context)
    if outcome.refusals:
        return f"case {case.number}: {in_language(outcome.refusals[0].why, 'en')}"
    return outcome


def target_of(desk: Desk, case: Case, profile: str) -> Target | None:
    """Return the profile to move a case to: the one named, else that in force of the same process, if there is one."""
    if profile:
        return Target(profile, desk.process_named(profile))
    usual = desk.profile_for(case.text("customer"), case.reporter)
    found = (usual, desk.profile, *desk.opened.values())
    own = desk.process_of(case).id
    return next((Target(one, desk.process_named(one)) for one in found if desk.process_named(one).id == own), None)


def said(case: Case, outcome: Outcome, desk: Desk, process: Process) -> str:
    """Return in a sentence what changes: the steps that go, those that begin, and the due times that move."""
    parts = dict(_parts(case, outcome, desk, process))
    changes = "; ".join(f"{words} {steps}" for words, steps in parts.items() if steps) or "no step changes"
    return f"case {case.number}: {changes}"


def _parts(case: Case, outcome: Outcome, desk: Desk, process: Process) -> Iterator[tuple[str, str]]:
    old = desk.process_of(case)
    (moved,) = (event for event in outcome.events if event.type is EventType.MIGRATED)
    yield "drops", _titles(moved.data["gone"], old)
    yield "adds", _titles(moved.data["fresh"], process)
    for words, kind in (("opens", EventType.STEP_OPENED), ("moves the due time of", EventType.STEP_MOVED)):
        yield words, _titles([event.data["step"] for event in outcome.events if event.type is kind], process)


def _titles(steps: list[str], process: Process) -> str:
    return ", ".join(in_language(process.steps[key].title, "zh-CN") if key in process.steps else key for key in steps)
