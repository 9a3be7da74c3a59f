"""A complaint that comes again, and a case that goes on in a new one: the two linked, or the old one begun anew."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from daemon.core.alike import repeats
from daemon.core.batch import Outcome, carry_out
from daemon.core.case import Case, Certainty, Fact, Status
from daemon.core.commands import Context, Continue, Recur, Register
from daemon.core.events import Event, EventType
from daemon.core.fields import REPEATS
from daemon.core.recurring import times_repeated
from daemon.documents.report import Audience
from daemon.passes.desk import Desk, Happening, decision, with_mail
from daemon.passes.letters import Letter
from daemon.seams import MailOutcome, OutboxRow

MOST_LOOKED_AT = 200  # of the latest cases of a customer


def earlier_case(desk: Desk, command: Register, now: datetime) -> Case | None:
    """Return the case that a complaint repeats by the profile's rule, None when it repeats none."""
    rule, customer = desk.process_named(command.profile).recurrence, command.facts.get("customer")
    if rule is None or customer is None:
        return None
    candidates = desk.store.cases_of_customer(str(customer.value), MOST_LOOKED_AT)
    found = repeats(command.facts, candidates, rule, desk.calendar, now)
    return None if found is None else desk.store.case(found.id)


def begins_anew(desk: Desk, earlier: Case, command: Register) -> bool:
    """Tell whether the earlier case is opened again; else there will be a new one that is linked."""
    rule = desk.process_named(command.profile).recurrence
    return rule is not None and rule.then == "reopen" and earlier.status is Status.CLOSED


def repeating(command: Register, earlier: Case) -> Register:
    """Return the wish to register a complaint as the repeat of an earlier case."""
    link = {"repeat_of": Fact(earlier.number, Certainty.INFERRED), REPEATS: Fact(times_repeated(earlier))}
    return replace(command, facts={**command.facts, **link})


def earlier_with_report(desk: Desk, case: Case, row: OutboxRow) -> Case | None:
    """Return the earlier case whose 8D goes with a mail: to colleagues who are to work on its repeat, or hear of it.

    None where the case repeats none, or the earlier one never had an 8D.
    """
    asks = row.notice.template == "notice" and case.round == 1
    if not (asks or row.notice.values.get("what") == "repeats") or not desk.directory.is_colleague(row.recipient):
        return None
    number = case.text("repeat_of")
    earlier = desk.store.case_numbered(number) if number else None
    made = desk.store.documents(earlier.id) if earlier else ()
    return earlier if any(one.kind == Audience.INTERNAL for one in made) else None


def came_again(letter: Letter, earlier: Case, command: Register, blobs: dict[str, bytes]) -> Happening:
    """Open the earlier case again with what the mail says, and file the mail there."""
    desk, context = letter.desk, letter.context(earlier)
    wish = Recur(
        text=letter.text,
        facts=command.facts,
        reporter=command.reporter,
        reporter_name=command.reporter_name,
        forwarded_by=command.forwarded_by,
        message_id=command.message_id,
        evidence=command.evidence,
    )
    made = decision(desk, earlier, carry_out(earlier, [wish], context), context)
    made = with_mail(made, mail=letter.record.id, outcome=MailOutcome.THREAD, blobs=blobs)
    desk.store.commit(made, letter.now)
    return Happening("case.reopened", "同一问题再次发生，重新打开", earlier.number)


def with_new_cases(desk: Desk, outcome: Outcome, context: Context) -> Outcome:
    """Let the matter go on in a new case where a verdict of this batch says so; it is registered with the batch."""
    for event in outcome.events:
        if event.type is EventType.CHOSEN and _leads_on(event, context):
            case = outcome.accepted
            profile = desk.profile_for(case.text("customer"), case.reporter)
            number = desk.next_number(context.now)
            wish = Continue(number, desk.mint.case_id(), profile, str(event.data["reason"]))
            more = carry_out(case, [wish], context)
            outcome = replace(outcome, case=more.case, events=(*outcome.events, *more.events))
    return outcome


def _leads_on(event: Event, context: Context) -> bool:
    step = context.process.task(event.data["step"])
    return bool(step and step.choices[event.data["choice"]].new_case)
