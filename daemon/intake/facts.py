"""Put together what a complaint states, under the keys of docs' fields table.  No I/O, no clock."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from daemon.core.directory import Directory
from daemon.core.numbers import UNIT, whole
from daemon.core.places import Part
from daemon.intake import people, phrases, quantities, triage
from daemon.intake.body import Body, read_body
from daemon.intake.dates import customer_due
from daemon.intake.items import read_items
from daemon.intake.limits import MAX_FACTS
from daemon.intake.places import Places, Told, Value, find_places
from daemon.intake.products import BATCH_WORDS, CODE_WORD, product
from daemon.intake.quantities import Counts
from daemon.intake.reading import Contact, Form, Item, Judged, Said
from daemon.intake.words import DEFECT, POINTS

BATCH_CORRECTION = re.compile(
    rf"{BATCH_WORDS}\s*(?:应为|应该是|应是|更正为|改为|实际是|其实是|是|should be|is actually)\s*[:：]?\s*({CODE_WORD})"
)
COUNT_CORRECTION = re.compile(
    (
        rf"(?:不良(?:数量|数|品)?|数量|一共|总共|defective|quantity)\s*(?:应为|应该是|应是|更正为|改为|实际是|其实是|是"
        rf"|should be|is actually)\s*(\d[\d,]*)\s*{UNIT}?[^。\n]{{0,6}}(?:不是|而不是|而非|not|[，,；;。\n]|$)"
    ),
    re.IGNORECASE,
)
NEW_CONTACT = re.compile(
    r"联系人(?:换成|改为|变更为|改成|更换为|更改为|现在是)[了:：]?\s*([^。\n]{2,60})"
    r"|contact (?:person )?(?:is now|has changed to|changed to)\s+([^.\n]{3,80})"
)
IS_CORRECTION = re.compile(
    r"(?i)更正|写错|有误|不是|应为|应该是|应是|其实是|实际是|改为|换成|correct|should be|actually"
)


@dataclass(frozen=True, slots=True)
class Source:
    """Where the facts come from: the complainer's own text and name, and the notes of colleagues who passed it on.

    `forms` are attached complaint forms, as lines `label：value`.
    """

    text: str
    subject: str
    name: str | None
    email: str | None
    sent: datetime | None
    notes: tuple[str, ...] = ()
    forms: tuple[Form, ...] = ()

    @property
    def form(self) -> str:
        """Return what all of the forms state."""
        return "\n".join(one.text for one in self.forms)


@dataclass(frozen=True, slots=True)
class Found:
    """What was read in a complaint."""

    contact: Contact
    facts: dict[str, Value] = field(default_factory=dict)
    items: tuple[Item, ...] = ()
    reasons: Mapping[str, tuple[Said, ...]] = field(default_factory=dict)
    places: Places = field(default_factory=Places)


@dataclass(frozen=True, slots=True)
class _Stated:
    """What one text says: of the product, in words, in counts, and of each product where there are several."""

    facts: Mapping[str, Value | None]
    texts: dict[str, Value | None]
    counted: Counts
    items: tuple[Item, ...]


def read_facts(source: Source, directory: Directory) -> Found:
    """Read every fact that the mail states; a colleague's correction comes before what it corrects.

    What an attached form states fills what the text leaves empty, or leaves to the form.
    """
    body = read_body(source.text[:MAX_FACTS], source.name)
    notes = [read_body(note[:MAX_FACTS]) for note in source.notes]
    form = read_body(source.form)
    said = _said(body, source, notes, directory)
    if form.fields:
        said = _with_form(said, form, source, notes, directory)
    counted, items = _corrected_counts(said.counted, notes), said.items
    contact = _contact(body, source, notes, directory)
    contact = _contact_or(contact, people.contact(form, None, None, directory)) if form.fields else contact
    facts = {**said.facts, **_correction(notes), **_counted(counted), **_who(body, source, contact, directory)}
    facts |= _customer_or(facts, body, form, directory) if form.fields else {}
    facts = _of_first_item(facts, items) | said.texts
    places = find_places({key: value for key, value in facts.items() if value is not None}, _told(body, form, source))
    wrong = (items[0].phenomenon if items else None) or triage.matter(
        str(facts.get("phenomenon") or source.subject), str(facts.get("demand") or ""), directory.words
    )
    stated = (str(said.texts.get(key) or "") for key in ("phenomenon", "demand") if form.fields)
    everything = wrong if items else "\n".join([source.subject, body.text, *(note.text for note in notes), *stated])
    judged = _triaged(wrong, everything, counted, directory)
    facts |= {key: one.value for key, one in judged.items()}
    reasons = {key: one.said for key, one in judged.items()}
    return Found(contact, {key: value for key, value in facts.items() if value is not None}, items, reasons, places)


def _told(body: Body, form: Body, source: Source) -> Told:
    """Return what the facts were read from, for the search of their places."""
    parts: dict[str, str] = {
        Part.FORWARDED if source.notes else Part.TEXT: source.text,
        **{one.name: one.text for one in source.forms},
        Part.NOTE: "\n".join(source.notes),
        Part.SUBJECT: source.subject,
        Part.SENDER: f"{source.name or ''} <{source.email or ''}>",
    }
    said = {
        key: "\n".join(filter(None, (body.fields.get(key), form.fields.get(key))))
        for key in (*body.fields, *form.fields)
    }
    return Told({part: text[:MAX_FACTS] for part, text in parts.items()}, said, body.text, source.sent)


def _said(body: Body, source: Source, notes: Sequence[Body], directory: Directory) -> _Stated:
    found = product(body.fields, body.text, source.subject)
    facts: dict[str, Value | None] = {
        "product_name": found.product_name,
        "part_no": found.part_no,
        "batch_no": found.batch_no,
        "order_no": found.order_no,
    }
    counted = quantities.counts(body.fields, body.text)
    return _Stated(facts, _texts(body, source, notes), counted, read_items(body, directory))


def _with_form(whole: _Stated, form: Body, source: Source, notes: Sequence[Body], directory: Directory) -> _Stated:
    """Put first what the text says beside pointing at the form, then the form, then what remains to be guessed."""
    bare = replace(source, subject="")
    beside = _beside_form(source)
    own = _said(beside, bare, notes, directory)
    if "product_name" not in beside.fields:  # a noun beside a number or a count is a guess
        own = replace(own, facts={**own.facts, "product_name": None})
    labelled = replace(form, main=tuple(form.fields.get("phenomenon", "").split("\n")), free=(), signature=())
    stated = _said(labelled, bare, (), directory)
    left = {
        key: None if isinstance(value, str) and POINTS.search(value) else value for key, value in whole.texts.items()
    }
    every = (own, stated, replace(whole, texts=left))
    return _Stated(
        _first(one.facts for one in every),
        _first(one.texts for one in every),
        _first_counts(one.counted for one in every),
        own.items or read_items(form, directory) or whole.items,
    )


def _beside_form(source: Source) -> Body:
    """Return what the text says that does not only point at the form; free lines that name no fault say nothing."""
    body = read_body(phrases.beside_attachments(source.text[:MAX_FACTS]), source.name)
    said, asked = phrases.split_wishes(body.free)
    return body if any(map(DEFECT.search, said)) else replace(body, free=tuple(asked))


def _first(found: Iterable[Mapping[str, Value | None]]) -> dict[str, Value | None]:
    """Return the first value that is said of each key."""
    every = tuple(found)
    return {key: next((one[key] for one in every if one[key]), None) for key in every[0]}


def _first_counts(found: Iterable[Counts]) -> Counts:
    """Return the first that is said of each; a rate counts beside the number of bad pieces that it goes with."""
    every = tuple(found)
    defective = next((one.defective for one in every if one.defective is not None), None)
    return Counts(
        delivered=next((one.delivered for one in every if one.delivered is not None), None),
        defective=defective,
        rate=next((one.rate for one in every if one.rate is not None and one.defective in {None, defective}), None),
    )


def _correction(notes: Sequence[Body]) -> dict[str, Value | None]:
    text = "\n".join(note.text for note in notes)
    batch = BATCH_CORRECTION.search(text)
    return {"batch_no": batch[1]} if batch else {}


def _corrected_counts(counted: Counts, notes: Sequence[Body]) -> Counts:
    text = "\n".join(note.text for note in notes)
    match = COUNT_CORRECTION.search(text) if IS_CORRECTION.search(text) else None
    value = whole(match[1]) if match else None
    return replace(counted, defective=value, rate=None) if value not in {None, counted.defective} else counted


def _counted(counted: Counts) -> dict[str, Value | None]:
    return {
        "quantity_delivered": counted.delivered,
        "quantity_defective": counted.defective,
        "defect_rate": counted.rate,
    }


def _contact(body: Body, source: Source, notes: Sequence[Body], directory: Directory) -> Contact:
    named = NEW_CONTACT.search("\n".join(note.text for note in notes))
    if named:
        return _new_contact(named[1] or named[2])
    if not _is_note(source, directory):
        return people.contact(body, source.name, source.email, directory)
    found = people.contact(replace(body, signature=()), None, source.email, directory)  # the colleague's own number
    return replace(found, name=found.name or people.told_by(body.text, directory)[1])


def _contact_or(contact: Contact, stated: Contact) -> Contact:
    """Fill in what a form states of the person who complains."""
    return Contact(contact.name or stated.name, contact.email or stated.email, contact.phone or stated.phone)


def _customer_or(
    facts: Mapping[str, Value | None], body: Body, form: Body, directory: Directory
) -> dict[str, Value | None]:
    """Return customer and site as a form names them, where the mail does not or only lets guess them."""
    stated, site = people.customer_and_site(replace(form, main=(), signature=()), None, directory, None)
    customer = str(facts.get("customer") or "")
    sure = bool(body.fields.get("customer")) or people.is_company(customer)
    use = stated if stated and not sure and not people.is_ours(stated, directory) else customer
    return {"customer": use or None, "site": facts.get("site") or site}


def _is_note(source: Source, directory: Directory) -> bool:
    """Tell whether a colleague wrote this himself or herself: the signature is not the customer's then."""
    return bool(source.email and directory.person(source.email))


def _new_contact(text: str) -> Contact:
    """Read `质量部的韩工（韩某某，136 0000 0000）`: the name in brackets is the whole one."""
    inner = re.search(r"[(（]([^()（）]+)[)）]", text)
    chosen = Body(
        (),
        {
            "contact_name": inner[1] if inner else re.sub(r"^.*的", "", text),
            "contact_phone": text,
            "contact_email": text,
        },
    )
    address = people.addresses_in([text])
    return replace(people.contact(chosen, None, None, _NOBODY), email=address[0] if address else None)


_NOBODY = Directory("", "", "", "", {}, ())


def _who(body: Body, source: Source, contact: Contact, directory: Directory) -> dict[str, Value | None]:
    shown = source.name if contact.name != source.name or contact.email is None else None
    if _is_note(source, directory):
        told = people.told_by(body.text, directory)[0]
        customer, site = people.customer_and_site(replace(body, signature=()), contact.name, directory, None)
        customer = customer or told
    else:
        customer, site = people.customer_and_site(body, contact.name or source.name, directory, shown)
    return {
        "customer": customer,
        "site": site,
        "contact_name": contact.name,
        "contact_phone": contact.phone,
        "contact_email": contact.email,
    }


def _of_first_item(facts: Mapping[str, Value | None], items: Sequence[Item]) -> dict[str, Value | None]:
    """In a mail about several products the main entry is the first one's."""
    if not items:
        return dict(facts)
    first = items[0]
    keys = ("product_name", "part_no", "batch_no", "quantity_delivered", "quantity_defective", "defect_rate")
    return {**facts, **{key: getattr(first, key) for key in keys}}


def _texts(body: Body, source: Source, notes: Sequence[Body]) -> dict[str, Value | None]:
    phenomenon, demand = phrases.phenomenon_and_demand(body, source.subject)
    relayed = phrases.relayed_demand(line for note in notes for line in note.main)
    demand = "\n".join(filter(None, (demand, relayed))) or None
    due = customer_due(body.fields.get("customer_due"), source.sent) or customer_due(demand, source.sent)
    return {"phenomenon": phenomenon, "demand": demand, "customer_due": due}


def _triaged(wrong: str, everything: str, counted: Counts, directory: Directory) -> dict[str, Judged]:
    return {
        "category": triage.category(wrong, everything, directory.words),
        "severity": triage.severity(everything, counted, directory.words),
        "department": triage.department(wrong, everything, directory),
    }
