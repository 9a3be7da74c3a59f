"""From a reading to the wish to register a complaint: the number, the facts with their certainty, the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import asdict, replace
from datetime import datetime
from hashlib import sha256

from daemon.core.case import Certainty, Evidence, Fact, Scalar
from daemon.core.classify import classified
from daemon.core.commands import Register
from daemon.core.corrections import LISTS, facts_in, read_fact
from daemon.core.fields import COMPLAINT_KEYS, CUSTOMER_CLASS
from daemon.core.notice import Notice
from daemon.core.places import Place
from daemon.intake.places import place_of
from daemon.intake.reading import Reading
from daemon.passes.desk import Desk
from daemon.seams import MailRecord

NOTHING = Fact("")
INFERRED = {"category", "severity", "department", "quality_engineer"}


def registration(desk: Desk, reading: Reading, record: MailRecord, now: datetime) -> tuple[Register, dict[str, bytes]]:
    """Return the wish to register this complaint, and the bytes of its evidence by hash."""
    command, blobs = complaint_of(desk, reading, record)
    return replace(command, number=desk.next_number(now)), blobs


def complaint_of(desk: Desk, reading: Reading, record: MailRecord) -> tuple[Register, dict[str, bytes]]:
    """Return what would be registered, without a number yet, and the bytes of its evidence by hash."""
    evidence, blobs = evidence_of(reading)
    facts = _facts(desk, reading, f"mail:{record.id}")
    customer, reporter = str(facts.get("customer", NOTHING).value), _whom_to_answer(desk, reading)
    profile = desk.profile_for(customer, reporter)
    said = f"{reading.subject}\n{reading.text}"
    command = Register(
        case=desk.mint.case_id(),
        number="",
        profile=profile,
        facts={
            **facts,
            **classified(facts, said, desk.process_named(profile)),
            **class_of(desk, customer, reporter),
        },
        reporter=reporter,
        reporter_name=reading.contact.name or reading.from_name or "",
        forwarded_by=_passed_on_by(desk, reading),
        subject=reading.subject,
        message_id=reading.message_id or "",
        language=reading.language,
        evidence=evidence,
        items=_items(reading),
    )
    return command, blobs


def class_of(desk: Desk, customer: str, address: str) -> Mapping[str, Fact]:
    """Return the class of a complaint's customer, as the fact that rules ask for; nothing for one without a class."""
    found = desk.class_of(customer, address)
    return {CUSTOMER_CLASS: Fact(found, Certainty.CONFIRMED, "config")} if found else {}


def _items(reading: Reading) -> tuple[Mapping[str, Scalar], ...]:
    """Return the facts of each product of a complaint about several, for whoever splits it."""
    said = (asdict(one) for one in reading.items)
    return tuple({key: value for key, value in one.items() if value not in (None, "")} for one in said)


def _whom_to_answer(desk: Desk, reading: Reading) -> str:
    """Return the address of the person who complains; a machine is never answered, somebody whom it names is.

    Nor is our own mailbox, from which quality passes on what a customer said.
    """
    found, wrote = reading.contact.email or reading.from_email or "", reading.from_email or ""
    if found.lower() == desk.directory.mailbox.lower():
        return ""
    return "" if reading.automatic and found.lower() == wrote.lower() else found


def _passed_on_by(desk: Desk, reading: Reading) -> str:
    """Return who passed the complaint on: a forwarder, or a colleague who writes down what a customer said."""
    wrote = reading.from_email or ""
    dept = desk.directory.department_of(wrote)
    if dept and wrote.lower() == desk.directory.mailbox.lower():
        return dept.email
    return wrote if reading.forwarded or dept else ""


def longer_number(desk: Desk, number: str, now: datetime) -> tuple[Notice, ...]:
    """Return what quality is told when a case number is the first that has one digit more than the pattern."""
    first = desk.process.number.first_longer(now.astimezone(desk.zone))
    return desk.to_quality("numbers", {"number": number}) if number == first else ()


def evidence_of(reading: Reading) -> tuple[tuple[Evidence, ...], dict[str, bytes]]:
    """Return the evidence of a mail and its bytes by hash."""
    blobs = {sha256(one.data).hexdigest(): one.data for one in reading.evidence}
    rows = tuple(Evidence(one.name, sha256(one.data).hexdigest(), one.media_type) for one in reading.evidence)
    return rows, blobs


def _facts(desk: Desk, reading: Reading, source: str) -> Mapping[str, Fact]:
    contact = reading.contact
    labelled = _labelled(desk, "\n".join([*(form.text for form in reading.forms), reading.text]))
    beside = {**_noted(desk, reading.notes), **labelled}
    places = {**{key: place_of(str(value), reading.texts) for key, value in beside.items()}, **reading.places}
    said: dict[str, Scalar | datetime] = {
        "channel": "邮件",
        "validity": "待核实",
        "contact_name": contact.name,
        "contact_email": contact.email,
        "contact_phone": contact.phone,
        "quality_engineer": _quality_engineer(desk),
        **beside,
        **reading.facts,
    }
    for key in ("product_name", "part_no", "batch_no"):
        parts = [value for item in reading.items if (value := getattr(item, key))]
        if parts:
            said[key] = "、".join(dict.fromkeys(parts))
    known = ((key, value) for key, value in said.items() if value not in (None, ""))
    return {key: _fact(key, value, source, reading, places.get(key)) for key, value in known}


def _noted(desk: Desk, notes: Iterable[str]) -> Mapping[str, Scalar]:
    """Read what those who passed the complaint on wrote above it, as far as it says nothing of grade or department."""
    keys = (key for key in (*COMPLAINT_KEYS, *desk.process.facts) if key not in LISTS)
    return facts_in("\n".join(notes), keys, desk.process)[0]


def _labelled(desk: Desk, text: str) -> dict[str, Scalar]:
    """Read the facts that the profile adds, by its labels, as their kinds say: a line `客户日用量：2000件` each."""
    labels = {
        label: key
        for key, fact in desk.process.facts.items()
        for label in (fact.header, fact.header_en, *fact.labels)
        if label
    }
    pairs = (re.split(r"\s*[:：]\s*", line.strip(), maxsplit=1) for line in text.splitlines())
    told = {labels[pair[0]]: pair[1][:200] for pair in pairs if len(pair) == 2 and pair[0] in labels and pair[1]}
    return {key: read_fact(value, desk.process.kind_of(key)) for key, value in told.items()}


def _quality_engineer(desk: Desk) -> str | None:
    holders = desk.directory.roles.get("quality_engineer", ())
    return desk.directory.people[holders[0]].name if holders else None


def _fact(key: str, value: Scalar | datetime, source: str, reading: Reading, place: Place | None) -> Fact:
    """Return a fact with where the mail says it; what was judged or guessed waits for a person to confirm it."""
    certainty = Certainty.INFERRED if key in INFERRED | reading.unsure else Certainty.STATED
    return Fact(value.isoformat() if isinstance(value, datetime) else value, certainty, source, place=place)
