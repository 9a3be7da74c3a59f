"""What a fact changes: a case and one event give the next case.  Replaying a journal gives the same case again."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from daemon.core.case import (
    Case,
    Certainty,
    Check,
    Evidence,
    Fact,
    Follow,
    Member,
    Party,
    Section,
    Status,
    StepState,
    StepStatus,
    Subcase,
)
from daemon.core.events import Event, EventType
from daemon.core.measures import Measure, with_measure, with_section, without_sections
from daemon.core.places import Place


def evolve(case: Case | None, event: Event) -> Case:
    """Return the case after this event.  Raises ValueError when a journal does not begin with a registration."""
    if event.type is EventType.REGISTERED:
        return _registered(event)
    if case is None:
        raise ValueError(f"the journal of case {event.case} does not begin with a registration")
    return replace(CHANGES[event.type](case, event), seq=event.seq)


def replay(events: Iterable[Event]) -> Case:
    """Return the case that these events make.  Raises ValueError when there are none."""
    case: Case | None = None
    for event in events:
        case = evolve(case, event)
    if case is None:
        raise ValueError("an empty journal makes no case")
    return case


def facts_of(data: Mapping[str, Any]) -> dict[str, Fact]:
    """Read facts as events keep them: key → [value, certainty, source], and where in a mail each was read."""
    return {
        key: Fact(value, Certainty(certainty), source, place=Place(*place[0]) if place else None)
        for key, (value, certainty, source, *place) in data.items()
    }


def facts_data(facts: Mapping[str, Fact]) -> dict[str, Any]:
    """Write facts as events keep them."""
    return {key: [fact.value, fact.certainty.value, fact.source, *_place(fact)] for key, fact in facts.items()}


def _place(fact: Fact) -> list[list[Any]]:
    place = fact.place
    return [[place.part, place.start, place.end, place.words]] if place else []


def evidence_data(evidence: Iterable[Evidence]) -> list[dict[str, str]]:
    """Write files as events keep them."""
    return [{"name": one.name, "sha256": one.sha256, "media_type": one.media_type} for one in evidence]


def _evidence(rows: Iterable[Mapping[str, str]]) -> tuple[Evidence, ...]:
    return tuple(Evidence(**row) for row in rows)


def _registered(event: Event) -> Case:
    data = event.data
    return Case(
        id=event.case,
        number=data["number"],
        profile=data["profile"],
        seq=event.seq,
        opened_at=datetime.fromisoformat(data["received_at"]) if "received_at" in data else event.at,
        language=data["language"],
        reporter=data["reporter"],
        reporter_name=data["reporter_name"],
        forwarded_by=data["forwarded_by"],
        subject=data["subject"],
        message_id=data["message_id"],
        facts=facts_of(data["facts"]),
        steps={step: StepState() for step in data["steps"]},
        evidence=_evidence(data["evidence"]),
        items=tuple(data.get("items", ())),
        split_from=data.get("split_from", ""),
        thread_of=data.get("thread_of", ""),
        parent=data.get("parent", ""),
        parent_id=data.get("parent_id", ""),
        parties={role: Party(**one) for role, one in data.get("parties", {}).items()},
        assigned=data.get("assigned", {}),
        taken_at=event.at if data.get("taken_over") else None,
    )


def _facts_set(case: Case, event: Event) -> Case:
    facts = _said_in(case, facts_of(event.data["facts"]))
    asked = tuple(key for key in case.asked if key not in facts)
    raised = (*case.raised, event.data["rule"]) if "severity" in facts and "rule" in event.data else case.raised
    return replace(case, facts={**case.facts, **facts}, asked=asked, raised=raised)


def _said_in(case: Case, facts: Mapping[str, Fact]) -> dict[str, Fact]:
    return {key: replace(fact, round=case.round) for key, fact in facts.items()}


def _step(case: Case, event: Event, **changes: Any) -> Case:
    step = event.data["step"]
    follow = case.followups.get(step.rpartition(".")[0])
    if follow and step not in case.steps:
        return _follow(case, step, asked=replace(case.state(step), **changes))
    return replace(case, steps={**case.steps, step: replace(case.steps[step], **changes)})


def _opened(case: Case, event: Event) -> Case:
    data, due = event.data, event.data["due_at"]
    fresh = StepState(
        status=StepStatus.OPEN,
        round=data["round"],
        opened_at=event.at,
        due_at=datetime.fromisoformat(due) if due else None,
        began_at=_began(event),
        reason=case.steps[data["step"]].reason,
    )
    case = replace(case, steps={**case.steps, data["step"]: fresh})
    return replace(case, status=Status(data["status"]))


def _began(event: Event) -> datetime | None:
    return datetime.fromisoformat(event.data["from"]) if event.data.get("from") else None


def _moved(case: Case, event: Event) -> Case:
    due = datetime.fromisoformat(event.data["due_at"])
    kept = case.steps[event.data["step"]].fired if event.data.get("keeps_fired") else ()
    asks = event.data.get("asks_at")
    asks_at = datetime.fromisoformat(asks) if asks else None
    return _step(case, event, due_at=due, fired=kept, began_at=_began(event), asks_at=asks_at)


def _done(case: Case, event: Event) -> Case:
    due = case.steps[event.data["step"]].due_at
    missed = bool(due and event.at > due)
    case = _step(case, event, status=StepStatus.DONE, done_at=event.at, by=event.by, missed=missed)
    return replace(case, status=Status(event.data["status"]))


def _skipped(case: Case, event: Event) -> Case:
    return _step(case, event, status=StepStatus.SKIPPED)


def _recalled(case: Case, event: Event) -> Case:
    return _step(
        case, event, status=StepStatus.WAITING, opened_at=None, due_at=None, began_at=None, acknowledged_by="", fired=()
    )


def _acknowledged(case: Case, event: Event) -> Case:
    return _step(case, event, acknowledged_by=event.by)


def _section_given(case: Case, event: Event) -> Case:
    data = event.data
    section = Section(data["text"], event.by, event.at, case.round)
    sections = {**case.sections, data["section"]: section}
    measures = with_section(case.measures, data["section"], data["text"], event.seq, event.at.date())
    evidence = (*case.evidence, *_evidence(data.get("evidence", ())))
    return replace(case, sections=sections, measures=measures, evidence=evidence)


def _measure_set(case: Case, event: Event) -> Case:
    data = event.data
    said = {key: data[key] for key in ("section", "line", "what", "who", "due", "done", "evidence")}
    sections = dict(case.sections)
    if "text" in data:  # a line was added or worded anew
        old = case.sections.get(data["section"])
        fresh = Section(data["text"], event.by, event.at, case.round)
        sections[data["section"]] = replace(old, text=data["text"]) if old and not data["adds"] else fresh
    dropped = data.get("dropped", False)
    measures = with_measure(case.measures, Measure(data["measure"], **said, dropped=dropped))
    return replace(case, sections=sections, measures=measures)


def _document_given(case: Case, event: Event) -> Case:
    paper = Section(event.data["name"], event.by, event.at, case.round)
    documents = {**case.documents, event.data["document"]: paper}
    return replace(case, documents=documents, evidence=(*case.evidence, *_evidence(event.data.get("evidence", ()))))


def _chosen(case: Case, event: Event) -> Case:
    facts = {key: Fact(value, Certainty.CONFIRMED, event.cause) for key, value in event.data["sets"].items()}
    asked = tuple(dict.fromkeys((*case.asked, *event.data.get("missing", ()))))
    return replace(case, facts={**case.facts, **_said_in(case, facts)}, asked=asked)


def _round_started(case: Case, event: Event) -> Case:
    reasons = dict.fromkeys(event.data["back_to"], event.data["reason"])
    steps = {
        key: StepState(round=event.data["round"], reason=reasons.get(key, "")) if key in event.data["again"] else state
        for key, state in case.steps.items()
    }
    facts = {key: fact for key, fact in case.facts.items() if key not in event.data["forgets"]}
    return replace(case, round=event.data["round"], steps=steps, facts=facts)


def _transfer_asked(case: Case, event: Event) -> Case:
    return replace(case, transfer_asked=event.data["to"] or "?")


def _transferred(case: Case, event: Event) -> Case:
    facts = {**case.facts, "department": Fact(event.data["to"], Certainty.CONFIRMED, event.cause, case.round)}
    sections = {key: part for key, part in case.sections.items() if key not in event.data["forgets"]}
    assigned = {role: person for role, person in case.assigned.items() if role not in ("leader", "department")}
    measures = without_sections(case.measures, event.data["forgets"])
    kept = replace(case, facts=facts, sections=sections, measures=measures, assigned=assigned)
    return replace(kept, transfer_asked="", transfers=case.transfers + 1)


def _declined(case: Case, event: Event) -> Case:
    return replace(case, transfer_asked="", seq=event.seq)


def _reminded(case: Case, event: Event) -> Case:
    return _step(case, event, fired=(*case.state(event.data["step"]).fired, *event.data["rungs"]))


def _filed(case: Case, event: Event) -> Case:
    return replace(case, evidence=(*case.evidence, *_evidence(event.data.get("evidence", ()))))


def _address_failed(case: Case, event: Event) -> Case:
    if not event.data["permanent"]:
        return case
    return replace(case, dead_addresses=tuple(dict.fromkeys((*case.dead_addresses, event.data["address"]))))


def _closed(case: Case, event: Event) -> Case:
    steps = {
        key: replace(state, status=StepStatus.DROPPED) if state.status is StepStatus.OPEN else state
        for key, state in case.steps.items()
    }
    holds = (*case.holds, (event.at, False)) if case.is_held else case.holds
    closed = datetime.fromisoformat(event.data["closed_at"]) if "closed_at" in event.data else event.at
    found = event.data.get("found", {})
    return replace(case, status=Status(event.data["status"]), closed_at=closed, steps=steps, holds=holds, found=found)


def _reopened(case: Case, event: Event) -> Case:
    keys = ("reporter", "reporter_name", "forwarded_by", "message_id")  # of a complaint that has come again
    who = {key: event.data[key] for key in keys if key in event.data}
    steps = {
        key: StepState(round=state.round) if state.status is StepStatus.DROPPED else state
        for key, state in case.steps.items()
    }
    kept = replace(case, status=Status(event.data["status"]), closed_at=None, steps=steps, joined_to="", joined_id="")
    kept = replace(kept, found={})
    return replace(kept, **who)


def _held(case: Case, event: Event) -> Case:
    return replace(case, status=Status.ON_HOLD, holds=(*case.holds, (event.at, True)))


def _resumed(case: Case, event: Event) -> Case:
    return replace(case, status=Status(event.data["status"]), holds=(*case.holds, (event.at, False)))


def _assigned(case: Case, event: Event) -> Case:
    return replace(case, assigned={**case.assigned, event.data["role"]: event.data["person"]})


def _noted(case: Case, _event: Event) -> Case:
    return case


def _merged(case: Case, event: Event) -> Case:
    facts = {**case.facts, "repeat_of": Fact(event.data["number"], Certainty.CONFIRMED, event.cause)}
    return replace(case, facts=facts, merged_into=event.data["number"])


def _absorbed(case: Case, event: Event) -> Case:
    return replace(case, duplicates=(*case.duplicates, event.data["number"]))


def _split(case: Case, event: Event) -> Case:
    numbers = (one["number"] for one in event.data["cases"])
    return replace(case, split_into=(*case.split_into, *numbers), items=())


def _follow(case: Case, key: str, **changes: Any) -> Case:
    """Return the case with a follow-up changed; `key` is its id, or that of one of its checks."""
    name = key if key in case.followups else key.rpartition(".")[0]
    return replace(case, followups={**case.followups, name: replace(case.followups[name], **changes)})


def _follow_planned(case: Case, event: Event) -> Case:
    data = event.data
    since, at = (datetime.fromisoformat(data[key]) for key in ("since", "at"))
    old = case.followups.get(data["step"], Follow(since))
    follow = replace(old, since=since, number=data["number"], planned_at=at, asked=None, ended="")
    return replace(case, followups={**case.followups, data["step"]: follow})


def _follow_asked(case: Case, event: Event) -> Case:
    due = event.data["due_at"]
    state = StepState(StepStatus.OPEN, opened_at=event.at, due_at=datetime.fromisoformat(due) if due else None)
    return _follow(case, event.data["step"], planned_at=None, asked=state, was_asked=True)


def _follow_answered(case: Case, event: Event) -> Case:
    data, old = event.data, case.followups[event.data["step"].rpartition(".")[0]]
    check = Check(old.number, event.at, event.by, data["verdict"], data["remark"])
    return _follow(case, data["step"], asked=None, checks=(*old.checks, check))


def _follow_ended(case: Case, event: Event) -> Case:
    return _follow(case, event.data["step"], planned_at=None, asked=None, ended=event.data["why"])


def _continued(case: Case, event: Event) -> Case:
    return replace(case, continued_in=event.data["number"])


def _joined(case: Case, event: Event) -> Case:
    holds = case.holds if case.is_held else (*case.holds, (event.at, True))
    data = event.data
    return replace(case, status=Status.ON_HOLD, holds=holds, joined_to=data["number"], joined_id=data["case"])


def _left(case: Case, event: Event) -> Case:
    holds = (*case.holds, (event.at, False))
    return replace(case, status=Status(event.data["status"]), holds=holds, joined_to="", joined_id="")


def _adopted(case: Case, event: Event) -> Case:
    return replace(case, members=(*case.members, Member(event.data["case"], event.data["number"])))


def _dismissed(case: Case, event: Event) -> Case:
    return replace(case, members=tuple(one for one in case.members if one.number != event.data["number"]))


def _answered(case: Case, event: Event) -> Case:
    told = {key: Section(text, event.by, event.at, case.round) for key, text in event.data["sections"].items()}
    facts = {key: Fact(value, Certainty.CONFIRMED, event.cause) for key, value in event.data["facts"].items()}
    sections, measures = {**case.sections, **told}, case.measures
    for key, part in told.items():
        measures = with_section(measures, key, part.text, event.seq, event.at.date())
    facts = {**case.facts, **facts}
    return replace(case, sections=sections, measures=measures, facts=facts, answered_at=event.at)


def _migrated(case: Case, event: Event) -> Case:
    steps = {key: case.steps.get(key, StepState(round=case.round)) for key in event.data["steps"]}
    return replace(case, profile=event.data["profile"], steps=steps)


def _subcase_opened(case: Case, event: Event) -> Case:
    data = event.data
    opened = Subcase(data["case"], data["number"], data["step"], case.round)
    return replace(case, subcases=(*case.subcases, opened))


def _subcase_ended(case: Case, event: Event) -> Case:
    number = event.data["number"]
    rows = (replace(one, closed=True) if one.number == number else one for one in case.subcases)
    return replace(case, subcases=tuple(rows))


CHANGES: dict[EventType, Callable[[Case, Event], Case]] = {
    EventType.FACTS_SET: _facts_set,
    EventType.STEP_OPENED: _opened,
    EventType.STEP_MOVED: _moved,
    EventType.STEP_DONE: _done,
    EventType.STEP_RECALLED: _recalled,
    EventType.STEP_SKIPPED: _skipped,
    EventType.ACKNOWLEDGED: _acknowledged,
    EventType.SECTION_GIVEN: _section_given,
    EventType.MEASURE_SET: _measure_set,
    EventType.DOCUMENT_GIVEN: _document_given,
    EventType.CHOSEN: _chosen,
    EventType.ROUND_STARTED: _round_started,
    EventType.TRANSFER_ASKED: _transfer_asked,
    EventType.TRANSFERRED: _transferred,
    EventType.TRANSFER_DECLINED: _declined,
    EventType.REMINDED: _reminded,
    EventType.FILED: _filed,
    EventType.ADDRESS_FAILED: _address_failed,
    EventType.CLOSED: _closed,
    EventType.REOPENED: _reopened,
    EventType.HELD: _held,
    EventType.RESUMED: _resumed,
    EventType.ASSIGNED: _assigned,
    EventType.NOTED: _noted,
    EventType.HANDED_ON: _noted,
    EventType.HANDED_BACK: _noted,
    EventType.MERGED: _merged,
    EventType.ABSORBED: _absorbed,
    EventType.SPLIT: _split,
    EventType.MIGRATED: _migrated,
    EventType.FOLLOW_PLANNED: _follow_planned,
    EventType.FOLLOW_ASKED: _follow_asked,
    EventType.FOLLOW_ANSWERED: _follow_answered,
    EventType.FOLLOW_ENDED: _follow_ended,
    EventType.CONTINUED: _continued,
    EventType.JOINED: _joined,
    EventType.LEFT: _left,
    EventType.ADOPTED: _adopted,
    EventType.DISMISSED: _dismissed,
    EventType.ANSWERED: _answered,
    EventType.SUBCASE_OPENED: _subcase_opened,
    EventType.SUBCASE_ENDED: _subcase_ended,
}
