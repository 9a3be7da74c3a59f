"""What one mail says: the value that every part of intake helps to fill.  No rules."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from daemon.core.places import Part, Place


class MailKind(StrEnum):
    """What a mail is to the complaint desk."""

    COMPLAINT = "complaint"
    REPLY = "reply"
    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    NOISE = "noise"


class Intent(StrEnum):
    """What the writer of a reply wants."""

    ACKNOWLEDGE = "acknowledge"
    ANSWER = "answer"
    DISPUTE = "dispute"
    TRANSFER = "transfer"
    APPROVE = "approve"
    REJECT = "reject"
    CONFIRM = "confirm"
    DISSATISFIED = "dissatisfied"
    UNKNOWN = "unknown"


class FromRole(StrEnum):
    """In what capacity the writer of a reply is known to speak."""

    DEPARTMENT = "department"
    QUALITY = "quality"
    SALES = "sales"
    CUSTOMER = "customer"
    STRANGER = "stranger"


@dataclass(frozen=True, slots=True)
class SentNotice:
    """What we sent under one Message-ID or proof code: the case, the purpose and the addressees."""

    case: str
    about: str
    to: tuple[str, ...]
    code: str = ""


def is_usual_number(number: str) -> bool:
    """Tell whether this looks like a case number of ours, such as 2611003, where there is no store to ask."""
    return bool(re.fullmatch(r"\d{7,}", number))


def usual_age(number: str) -> tuple[int, str]:
    """Sort numbers such as 2611003 by age, where there is no store to ask."""
    return len(number), number


def unknown(_message_id: str) -> str | None:
    """Know nothing of a mail, where there is no store to ask."""
    return None


@dataclass(frozen=True, slots=True)
class Known:
    """What intake may know of our own mails: by Message-ID (with angle brackets) and by proof code.

    `is_number` tells whether there is a case of this number; customers write numbers of their own in their subjects.
    `age` sorts cases by number, the newest last; `subject_of` is that of a mail of ours, None when it is not known;
    `case_of` is the number of the case to which a mail of somebody else belongs.
    """

    by_message_id: Mapping[str, SentNotice] = field(default_factory=dict)
    by_code: Mapping[str, SentNotice] = field(default_factory=dict)
    is_number: Callable[[str], bool] = is_usual_number
    age: Callable[[str], Any] = usual_age
    subject_of: Callable[[str], str | None] = unknown
    case_of: Callable[[str], str | None] = unknown

    def numbers_a_case(self, number: str) -> bool:
        """Tell whether the number is a case's, or is shaped like those of the mails listed here."""
        return self.is_number(number) or _shape(number) in {_shape(one.case) for one in self.by_message_id.values()}

    def newest(self, numbers: Iterable[str]) -> str:
        """Return the newest of several cases.  Raises ValueError when there are none."""
        return max(numbers, key=self.age)


def _shape(number: str) -> str:
    return re.sub(r"[A-Z]", "A", re.sub(r"\d", "9", number.upper()))


@dataclass(frozen=True, slots=True)
class Contact:
    """The person who really complains."""

    name: str | None = None
    email: str | None = None
    phone: str | None = None


class Closed(StrEnum):
    """Why a file that holds a mail of Outlook's was not opened."""

    NO_READER = "no_reader"  # a .msg, and the extra `[outlook]` is not installed
    DAMAGED = "damaged"


@dataclass(frozen=True, slots=True)
class Attachment:
    """One attached file: its safe name, media type and bytes; `evidence` is false for logos and signatures."""

    name: str
    media_type: str
    data: bytes
    evidence: bool = True
    closed: Closed | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a mail, or a figure, that count in a judgement: how much, for what, and in whose table they stand.

    Weight 0 is a word that decides by itself; `source` is the company's file, empty for the tables that ship with kesu.
    """

    words: str
    weight: int = 0
    of: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """What a complaint is held to be, and what says so; nothing where that is the default."""

    value: str | None
    said: tuple[Said, ...] = ()


@dataclass(frozen=True, slots=True)
class Form:
    """What an attached complaint form states, as lines `label：value`; `name` is its file's."""

    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One product of a complaint about several."""

    product_name: str | None = None
    part_no: str | None = None
    batch_no: str | None = None
    quantity_delivered: int | None = None
    quantity_defective: int | None = None
    defect_rate: float | None = None
    phenomenon: str | None = None
    department: str | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """What a reply to one of our mails says; `code` is the proof code of ours that it carries, if any.

    `others` are mails of ours about other cases that it answers just as well as `answers`.
    """

    from_role: FromRole
    intent: Intent
    sections: Mapping[str, str]
    text: str
    transfer_to: str | None = None
    code: str | None = None
    answers: SentNotice | None = None
    others: tuple[SentNotice, ...] = ()


@dataclass(frozen=True, slots=True)
class Failure:
    """An address that a delivery report names, and whether it is given up for good."""

    address: str
    permanent: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """Everything that was read in one mail; None means that the mail does not say."""

    kind: MailKind
    subject: str
    from_email: str | None
    from_name: str | None = None
    message_id: str | None = None
    sent_at: datetime | None = None
    language: str = "zh-CN"
    forwarded: bool = False
    automatic: bool = False  # sent by a machine (an ERP, say): it may be a complaint, but is never answered
    contact: Contact = Contact()
    facts: Mapping[str, str | int | float | datetime] = field(default_factory=dict)
    attachments: tuple[Attachment, ...] = ()
    items: tuple[Item, ...] = ()
    forms: tuple[Form, ...] = ()  # what was read in attached files, where the text says nothing of it
    case_ref: str | None = None
    rivals: tuple[str, ...] = ()  # other cases that it names just as well; the newest is taken
    reply: Reply | None = None
    failures: tuple[Failure, ...] = ()
    bounced: tuple[SentNotice, ...] = ()  # the mails of ours that a delivery report names; it proves nothing without
    answered: SentNotice | None = None  # the mail of ours that an automatic answer proves to answer
    text: str = ""
    notes: tuple[str, ...] = ()  # what those wrote above it who passed a complaint on
    reason: str = ""
    reasons: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)  # what led to category, grade and department
    places: Mapping[str, Place] = field(default_factory=dict)  # where each fact stands, as far as it stands anywhere
    unsure: frozenset[str] = frozenset()  # the facts that were guessed, for a person to confirm

    @property
    def texts(self) -> Mapping[str, str]:
        """Return the texts of a complaint that its facts stand in, by part: the customer's, forms, the notes above."""
        main = Part.FORWARDED if self.notes else Part.TEXT
        forms = {form.name: form.text for form in self.forms}
        return {main: self.text, **forms, Part.NOTE: "\n".join(self.notes)}

    @property
    def failed_recipient(self) -> str | None:
        """Return the first address that a delivery report gives up, or else delays."""
        return self.failures[0].address if self.failures else None

    @property
    def permanent(self) -> bool | None:
        """Tell whether that one is given up for good."""
        return self.failures[0].permanent if self.failures else None

    @property
    def evidence(self) -> tuple[Attachment, ...]:
        """Return the attachments that show something about the complaint."""
        return tuple(a for a in self.attachments if a.evidence)
