"""A complaint that has come again: the earlier case begins anew.  Rules only; what is alike stands in alike.py."""

from __future__ import annotations

from uuid import UUID

from daemon.core.case import Case, Certainty, Evidence, Fact, Status
from daemon.core.commands import Context, Recur, Refusal, Register
from daemon.core.events import Event, EventType
from daemon.core.evolve import facts_data
from daemon.core.fields import COMPLAINT_KEYS, REPEATS, VALIDITIES
from daemon.core.handling import begins_at
from daemon.core.journal import Journal
from daemon.core.refusals import refuse

OURS = frozenset({"category", "severity", "department", "customer"})  # what the case says of itself stays
KEPT = (*COMPLAINT_KEYS, "channel", "quality_engineer")
REASON = "同一问题再次发生"
LONGEST_REASON = 500


def times_repeated(earlier: Case) -> int:
    """Return how often a complaint was repeated that repeats this case."""
    told = earlier.fact(REPEATS)
    return int(told) + 1 if isinstance(told, int | float) else 1


def continuing(case: Case, event: Event) -> Register:
    """Return the wish to register the case in which another one goes on."""
    kept = {name: case.facts[name] for name in KEPT if name in case.facts}
    link = {
        "validity": Fact(VALIDITIES[0]),
        "repeat_of": Fact(case.number, Certainty.CONFIRMED),
        REPEATS: Fact(times_repeated(case)),
        "remarks": Fact(event.data["reason"]),
    }
    return Register(
        case=UUID(event.data["case"]),
        number=event.data["number"],
        profile=event.data["profile"],
        facts={**kept, **link},
        reporter=case.reporter,
        reporter_name=case.reporter_name,
        forwarded_by=case.forwarded_by,
        subject=case.subject,
        message_id=case.message_id,
        language=case.language,
        evidence=case.evidence,
        continues=case.number,
    )


def recur(case: Case, command: Recur, context: Context) -> tuple[Event, ...] | Refusal:
    """Begin a closed case anew, with what the new mail says; one that is open only files it."""
    if case.status is Status.CANCELLED:
        return refuse("closed", number=case.number)
    journal = Journal(context, case.id, case)
    if case.status is Status.CLOSED:
        _reopen(journal, command)
    data = {"text": command.text, "sender": command.reporter, "trusted": True, "why": ""}
    journal.add(EventType.FILED, {**data, "evidence": [_row(one) for one in command.evidence]})
    journal.advance()
    return tuple(journal.events)


def _reopen(journal: Journal, command: Recur) -> None:
    case, process = journal.now, journal.context.process
    who = {
        "reporter": command.reporter,
        "reporter_name": command.reporter_name,
        "forwarded_by": command.forwarded_by,
        "message_id": command.message_id,
    }
    wish = {"reason": REASON, "status": Status.WORKING.value, "wish": "recurred"}
    journal.add(EventType.REOPENED, {**wish, **(who if command.reporter else {})})
    journal.add(EventType.FACTS_SET, {"facts": facts_data(_told_anew(case, command)), "wish": "recurred"})
    reason = f"{REASON}：{command.facts['phenomenon'].value}" if "phenomenon" in command.facts else REASON
    journal.reopen(begins_at(case, process, process.reopens_at), reason[:LONGEST_REASON])


def _told_anew(case: Case, command: Recur) -> dict[str, Fact]:
    told = {key: command.facts[key] for key in COMPLAINT_KEYS if key in command.facts and key not in OURS}
    return {**told, REPEATS: Fact(times_repeated(case))}


def _row(one: Evidence) -> dict[str, str]:
    return {"name": one.name, "sha256": one.sha256, "media_type": one.media_type}
