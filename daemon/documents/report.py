"""The 8D of a case as its readers may see it: every word and value that the form shows, for one audience.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from functools import cache

from daemon.core.case import Case, Scalar
from daemon.core.directory import Directory, Person
from daemon.core.fields import BY_KEY, FIELDS, Kind
from daemon.core.process import Process, in_language
from daemon.documents.pictures import Picture
from daemon.documents.words import HINTS, SECTION_KEYS, TITLES, WORDS, name_of
from daemon.documents.words_tw import TRADITIONAL

PLAIN_ADDRESS = r"(?:mailto:)?([A-Za-z0-9._%+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+)"
ADDRESS = re.compile(rf"[<(（\[]\s*{PLAIN_ADDRESS}\s*[>)）\]]|{PLAIN_ADDRESS}")
ISO_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d")

# What a customer may read; all else (grade, cost, penalties, remarks, reviews, closing) stays in the house.
EXTERNAL_FACTS = frozenset((
    "case_no", "received_at", "customer", "site", "contact_name", "contact_phone", "contact_email", "product_name",
    "part_no", "order_no", "batch_no", "quantity_delivered", "quantity_defective", "defect_rate", "phenomenon",
    "demand", "customer_due", "closed_at",
))  # fmt: skip
EXTERNAL_SECTIONS = frozenset(SECTION_KEYS) - {"d1.sponsor", "d8.closing", "d8.lessons"}


class Audience(StrEnum):
    """Who a report is for."""

    INTERNAL = "internal"
    EXTERNAL = "external"


@dataclass(frozen=True, slots=True)
class Edition:
    """Which edition of a report is made: for whom, the how-manieth, when, and the zone in which its times are told.

    Without a `language` the customer's edition speaks the case's language and the internal one Chinese.
    """

    audience: Audience
    revision: int
    made_at: datetime
    zone: tzinfo
    language: str = ""


@dataclass(frozen=True, slots=True)
class Member:
    """One line of the team."""

    name: str = ""
    department: str = ""
    contact: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """The view of a case that a form is filled from; texts are still as people wrote them.

    Names in the mappings are the keys of the field dictionary with `_` for `.`; the `_en` ones hold the small English
    beside Chinese words, and nothing in an English edition.
    """

    identifier: str
    number: str
    revision: int
    audience: Audience
    language: str
    company: str
    made_at: datetime
    made_on: str
    labels: Mapping[str, str]
    labels_en: Mapping[str, str]
    titles: Mapping[str, str]
    titles_en: Mapping[str, str]
    words: Mapping[str, str]
    words_en: Mapping[str, str]
    hints: Mapping[str, str]
    facts: Mapping[str, str]
    sections: Mapping[str, str]
    shows: Mapping[str, bool]
    leader: Member = Member()
    quality: Member = Member()
    extras: tuple[tuple[str, str], ...] = ()
    files: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = field(default=(), repr=False)

    @property
    def editable(self) -> bool:
        """Tell whether the form is to be filled in, with hints and empty rows."""
        return self.audience is Audience.INTERNAL


@dataclass(frozen=True, slots=True)
class _Maker:
    case: Case
    process: Process
    directory: Directory
    edition: Edition

    @property
    def internal(self) -> bool:
        return self.edition.audience is Audience.INTERNAL

    @property
    def language(self) -> str:
        return self.edition.language or (self.directory.language if self.internal else self.case.language)

    @property
    def english(self) -> bool:
        return _is_english(self.language)

    def discreet(self, text: str) -> str:
        """Leave colleagues' addresses out of what a customer reads."""
        if self.internal:
            return text
        return ADDRESS.sub(lambda found: "" if self._is_inside(found[1] or found[2]) else found[0], text)

    def _is_inside(self, address: str) -> bool:
        return address.lower() != self.directory.mailbox.lower() and self.directory.is_colleague(address)


def report_of(
    case: Case, process: Process, directory: Directory, edition: Edition, pictures: tuple[Picture, ...] = ()
) -> Report:
    """Return what an edition of this case's 8D shows; the customer's holds nothing that is meant for the house."""
    maker = _Maker(case, process, directory, edition)
    sections = _sections(maker)
    return Report(
        identifier=f"{case.id}/{edition.audience}/{edition.revision}",
        number=case.number,
        revision=edition.revision,
        audience=edition.audience,
        language=maker.language,
        company=_company(maker),
        made_at=edition.made_at,
        made_on=f"{edition.made_at.astimezone(edition.zone):%Y-%m-%d}",
        **_printed(maker.language, internal=maker.internal),
        titles={key: _title(maker, key, maker.language) for key in TITLES},
        titles_en={key: _small(maker, _title(maker, key, "en").partition(" ")[2]) for key in TITLES},
        facts=_facts(maker),
        sections=sections,
        shows={key: _shows(maker, sections, key) for key in TITLES},
        leader=_leader(maker),
        quality=_member(maker, case.text("quality_engineer")),
        extras=tuple(_extras(maker)) if maker.internal else (),
        files=tuple(one.name for one in case.evidence) if maker.internal else (),
        pictures=pictures,
    )


def issued(report: Report, edition: Edition) -> Report:
    """Return the same report as the revision of this edition."""
    return replace(
        report,
        identifier=f"{report.identifier.rpartition('/')[0]}/{edition.revision}",
        revision=edition.revision,
        made_at=edition.made_at,
        made_on=f"{edition.made_at.astimezone(edition.zone):%Y-%m-%d}",
    )


def _company(maker: _Maker) -> str:
    directory = maker.directory
    return (maker.english and directory.company_en) or directory.company or directory.company_en


def _is_english(language: str) -> bool:
    return language not in ("zh-CN", "zh-TW")


@cache
def _printed(language: str, *, internal: bool) -> Mapping[str, Mapping[str, str]]:
    """Return what is printed in every form of this language, whatever the case."""
    english = _is_english(language)
    return {
        "labels": {one.key: one.title(language) for one in FIELDS},
        "labels_en": {one.key: "" if english else one.title("en") for one in FIELDS},
        "words": {key: _own(both, language) for key, both in WORDS.items()},
        "words_en": {key: "" if english or word == own else word for key, (own, word) in WORDS.items()},
        "hints": {key: _own(both, language) if internal else "" for key, both in HINTS.items()},
    }


def _own(words: tuple[str, str], language: str) -> str:
    """Return the form's words (Chinese, English) in the language of this edition."""
    chinese = TRADITIONAL.get(words[0], words[0]) if language == "zh-TW" else words[0]
    return words[1] if _is_english(language) else chinese


def _small(maker: _Maker, words: str) -> str:
    return "" if maker.english else words


def _title(maker: _Maker, key: str, language: str) -> str:
    (chinese, english), section = TITLES[key]
    if section in maker.process.sections:
        return maker.process.section_title(section, language)
    return in_language({"zh-CN": chinese, "zh-TW": TRADITIONAL.get(chinese, chinese), "en": english}, language)


def _shows(maker: _Maker, sections: Mapping[str, str], key: str) -> bool:
    """Tell whether a part is shown, or follows later: to a customer what is empty, and D8 until the case is closed."""
    if maker.internal or key in ("d1", "d2"):
        return True
    if key == "d8":
        return maker.case.closed_at is not None
    return any(text for name, text in sections.items() if name.startswith(f"{key}_"))


def _facts(maker: _Maker) -> dict[str, str]:
    """Return every fact that a form may name, empty when it is not known or not for this reader."""
    keys = [*BY_KEY, *maker.process.facts, *maker.case.facts]
    facts = {key: _fact(maker, key) if maker.internal or key in EXTERNAL_FACTS else "" for key in keys}
    moments = {"received_at": maker.case.opened_at, "closed_at": maker.case.closed_at}
    stated = {key: _moment(at, maker) for key, at in moments.items() if at and not facts[key]}
    return {**facts, "case_no": maker.case.number, **stated}


def _fact(maker: _Maker, key: str) -> str:
    value = maker.case.fact(key)
    if key in ("owner", "quality_engineer"):
        return _name(maker.directory, str(value or ""))
    return maker.discreet(_shown(value, BY_KEY[key].kind if key in BY_KEY else Kind.TEXT, maker))


def _shown(value: Scalar, kind: Kind, maker: _Maker) -> str:
    """Return a value as people write it: local times, grouped thousands, per cent."""
    if value is None or isinstance(value, bool):
        return "" if value is None else ("是" if value else "否")
    if kind is Kind.MOMENT and isinstance(value, str) and ISO_MOMENT.match(value):
        return _stated_moment(value, maker)
    if kind is Kind.RATE and isinstance(value, int | float):
        return f"{value * 100:.4g} %"
    if kind is Kind.COUNT and isinstance(value, int | float):
        return f"{value:,.10g}"
    return str(value)


def _stated_moment(value: str, maker: _Maker) -> str:
    try:
        return _moment(datetime.fromisoformat(value), maker)
    except ValueError:
        return value


def _moment(at: datetime, maker: _Maker) -> str:
    local = at.astimezone(maker.edition.zone) if at.tzinfo else at
    return f"{local:%Y-%m-%d %H:%M}"


def _sections(maker: _Maker) -> dict[str, str]:
    keys = [*SECTION_KEYS, *maker.process.sections, *maker.case.sections]
    found = {name_of(key): _section(maker, key) for key in keys}
    for key, part in _own_parts(maker.process):
        if text := _section(maker, key):
            said = f"{maker.process.section_title(key, maker.language)}：{text}"
            found[name_of(part)] = "\n".join(filter(None, (found[name_of(part)], said)))
    return found


def _own_parts(process: Process) -> Iterator[tuple[str, str]]:
    """Yield the sections of the profile's own that stand in a part of the form, as their names say: d5.process."""
    for key in process.sections:
        part = TITLES[key[:2]][1] if key[:2] in TITLES and key[2:3] == "." else ""
        if part and key not in SECTION_KEYS:
            yield key, part


def _section(maker: _Maker, key: str) -> str:
    if not (maker.internal or key in EXTERNAL_SECTIONS or key in maker.process.customer_sees):
        return ""
    text = maker.case.section(key)
    return maker.discreet(_name(maker.directory, text) if key in ("d1.leader", "d1.sponsor") else text)


def _extras(maker: _Maker) -> Iterator[tuple[str, str]]:
    """Yield the facts that this process adds to those of every complaint, as far as they are known."""
    for key, extra in maker.process.facts.items():
        if maker.case.text(key):
            yield extra.title(maker.language), _fact(maker, key)


def _person(directory: Directory, word: str) -> Person | None:
    """Return the colleague whom an id, an address or a name that only one bears stands for."""
    named = directory.named(word)
    return directory.people.get(word) or directory.person(word) or (named[0] if len(named) == 1 else None)


def _name(directory: Directory, word: str) -> str:
    person = _person(directory, word)
    return person.name if person else word


def _leader(maker: _Maker) -> Member:
    return _member(maker, maker.case.section("d1.leader"), maker.case.text("department"))


def _member(maker: _Maker, word: str, department: str = "") -> Member:
    person = _person(maker.directory, word)
    if person is None:
        return Member(maker.discreet(word), department if word else "")
    own = maker.directory.department_of(person.email)
    return Member(person.name, own.name if own else department, person.email if maker.internal else "")
