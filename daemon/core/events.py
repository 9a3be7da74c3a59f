"""The journal's rows: what happened to a case, when, by whom, through what.  Plain facts, never rewritten."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class Via(StrEnum):
    """The way by which a wish reached the daemon."""

    MAIL = "mail"
    LEDGER = "ledger"
    WORD = "word"
    CLOCK = "clock"
    CLI = "cli"


class EventType(StrEnum):
    """Every kind of fact that the journal can hold."""

    REGISTERED = "registered"
    FACTS_SET = "facts_set"  # facts were corrected or completed
    STEP_OPENED = "step_opened"  # with its due time and round
    STEP_MOVED = "step_moved"  # a due time was computed anew
    STEP_DONE = "step_done"
    STEP_RECALLED = "step_recalled"  # it waits again: a step before it is asked for now
    STEP_SKIPPED = "step_skipped"  # the profile does not ask for it in this case
    ACKNOWLEDGED = "acknowledged"
    SECTION_GIVEN = "section_given"
    MEASURE_SET = "measure_set"  # what is known of one measure, and its line in the section
    DOCUMENT_GIVEN = "document_given"  # a paper that a step asks for came with an answer
    CHOSEN = "chosen"  # a verdict: approve, reject, founded, satisfied, effective …
    ROUND_STARTED = "round_started"  # back to an earlier step, with the reason
    TRANSFER_ASKED = "transfer_asked"
    TRANSFERRED = "transferred"
    TRANSFER_DECLINED = "transfer_declined"
    REMINDED = "reminded"  # a rung of the ladder was reached
    FILED = "filed"  # a mail belongs to the case and changed nothing
    ADDRESS_FAILED = "address_failed"
    CLOSED = "closed"
    REOPENED = "reopened"
    HELD = "held"  # time stands still until it is resumed
    RESUMED = "resumed"
    ASSIGNED = "assigned"  # a person was named for a role
    NOTED = "noted"
    MERGED = "merged"  # into another case, which goes on for both
    ABSORBED = "absorbed"  # another case was merged into this one
    SUBCASE_OPENED = "subcase_opened"  # a case of its own for a supplier or a department
    SUBCASE_ENDED = "subcase_ended"
    JOINED = "joined"  # another case goes on for this one, which stands still
    LEFT = "left"
    ADOPTED = "adopted"  # another case joined this one
    DISMISSED = "dismissed"
    ANSWERED = "answered"  # the complainant is told what the case that it joined tells
    HANDED_ON = "handed_on"  # an owner is away: the tasks go to the deputy or the next level
    HANDED_BACK = "handed_back"
    MIGRATED = "migrated"  # the case follows another profile from here on
    SPLIT = "split"  # parts of the complaint became cases of their own
    FOLLOW_PLANNED = "follow_planned"  # a check after a step or a verdict, with its number and time
    FOLLOW_ASKED = "follow_asked"
    FOLLOW_ANSWERED = "follow_answered"
    FOLLOW_ENDED = "follow_ended"  # no more checks, and why
    CONTINUED = "continued"  # the matter goes on in another case


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the journal.

    `data` is JSON in the keys of the field dictionary; `by` is a person's id, an address or `daemon`; `cause` is the
    id of the mail, the cell or the file's hash that led to it.
    """

    case: UUID
    seq: int
    at: datetime
    type: EventType
    by: str
    via: Via
    cause: str
    data: Mapping[str, Any]
    version: int = 1
