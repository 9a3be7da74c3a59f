"""The case that a mail belongs to: what it answers, what its subject names, what a colleague answers in our copy."""

from __future__ import annotations

import re

from daemon.intake.belonging import cases_named, tagged_number
from daemon.intake.headers import header, message_ids, raw_values
from daemon.intake.message import Message
from daemon.intake.reading import Known
from daemon.intake.sender import Proof, is_about

ANSWERS = re.compile(r"(?i)\s*(?:re|aw|sv|回复|回覆|答复|答覆|返信)\s*[:：]")


def which_case(message: Message, claim: Proof | None, known: Known) -> tuple[str | None, tuple[str, ...]]:
    """Return the case that the mail belongs to, and others that it names: what it proves to answer, else the newest.

    The subject of an answer names its own case and, where our mail had two numbers in it, theirs; so it counts only
    where a person wrote another.
    """
    named = cases_named(message.subject, known)
    if claim is None or not claim.notice.case:  # some mails of ours are about no case
        number = known.newest(named) if named else _number_of_old(message)
        return number, tuple(one for one in named if one != number)
    changed = not (claim.message_id and is_about(claim.message_id, message.subject, known))
    every = dict.fromkeys(
        (claim.notice.case, *(one.case for one in claim.others if one.case), *(named if changed else ()))
    )
    number = claim.notice.case if claim.proved else known.newest(every)
    return number, tuple(one for one in every if one != number)


def answered_case(message: Message, known: Known) -> str | None:
    """Return the case of the mail that a colleague answers with a copy to us: a customer's mail that we have too."""
    answered = message_ids(raw_values(message.mime, "In-Reply-To")) if ANSWERS.match(message.subject) else ()
    return next((number for one in answered if (number := known.case_of(one))), None)


def _number_of_old(message: Message) -> str | None:
    """Return the number in the tag of an answer to somebody that looks like ours, though there is no such case.

    A customer who writes anew may use a number of his own; an answer about a case that is not there is for people.
    """
    answers = header(message.mime, "In-Reply-To") or ANSWERS.match(message.subject)
    return tagged_number(message.subject, Known()) if answers else None
