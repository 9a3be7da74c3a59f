"""One mail being dealt with: what it is to the desk, and the ways in which it can end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from daemon.core.case import Case
from daemon.core.commands import CLOCK, Actor, Context
from daemon.core.events import Via
from daemon.intake.headers import envelope_of
from daemon.intake.reading import Reading
from daemon.passes.desk import Desk, Happening
from daemon.seams import Decision, MailOutcome, MailRecord

LONGEST_TEXT = 20_000


@dataclass(frozen=True, slots=True)
class Letter:
    """A stored mail with what was read in it; `now` is the tick's."""

    desk: Desk
    record: MailRecord
    reading: Reading
    now: datetime

    @property
    def cause(self) -> str:
        """Return how the journal names this mail."""
        return f"mail:{self.record.id}"

    @property
    def text(self) -> str:
        """Return what the writer wrote, bounded."""
        reply = self.reading.reply
        return (reply.text if reply else self.reading.text)[:LONGEST_TEXT]

    @property
    def head(self) -> str:
        """Return the first line, for the log."""
        return (self.text.strip().partition("\n")[0] or self.reading.subject)[:60]

    def case(self) -> Case | None:
        """Return the case that the mail belongs to, None when it names none or one that is not there."""
        answered = self.reading.reply.answers if self.reading.reply else None
        number = (answered.case if answered else None) or self.reading.case_ref
        return self.desk.store.case_numbered(number) if number else None

    def actor(self) -> Actor:
        """Return the writer as the core knows him or her."""
        address = self.reading.from_email or ""
        person = self.desk.directory.person(address)
        return Actor(person.id if person else address, address)

    def context(self, case: Case | None, actor: Actor = CLOCK) -> Context:
        """Return what a decision caused by this mail may look at."""
        return self.desk.context(case, self.now, actor, Via.MAIL, self.cause)

    def aside(self, why: str) -> Happening:
        """Set the mail aside for people, and tell quality."""
        return set_aside(self.desk, self.record, self.now, why, self.reading)


def set_aside(desk: Desk, record: MailRecord, now: datetime, why: str, reading: Reading | None = None) -> Happening:
    """Set a mail aside whole, readable or not, and tell quality; both in one transaction."""
    writer, subject = (reading.from_email, reading.subject) if reading else envelope_of(desk.store.blob(record.sha256))
    values = {
        "sender": writer or "？",
        "subject": subject or "（读不出主题）",
        "why": why,
        "mail": str(record.id),
    }
    told = desk.envelopes(desk.to_quality("aside", values), None, now)
    desk.store.commit(Decision(mail=record.id, outcome=MailOutcome.ASIDE, detail=why, envelopes=told), now)
    return Happening("mail.aside", f"移到待人工：{values['subject']}（{why}）")
