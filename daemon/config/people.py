"""The directory part of config.toml: who the company is, its departments, people, roles, routing, words of triage."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Literal

from pydantic import AfterValidator, Field, model_validator

from daemon.config.faults import validated
from daemon.config.parts import MailAddress, Part
from daemon.core.directory import Department, Directory, Person, Route, SenderProof
from daemon.core.triage import NO_WORDS, WordTables
from daemon.words import shipped_triage


class Company(Part):
    """Who the company is; `complaint_mailbox` is the address that complaints are sent to."""

    name: str
    name_en: str = ""
    domain: Annotated[str, AfterValidator(str.lower)]
    complaint_mailbox: MailAddress
    authserv_id: str = ""
    sender_proof: SenderProof = SenderProof.ANSWER
    language: Literal["zh-CN", "zh-TW", "en"] = "zh-CN"  # of colleagues' mails, where a person has none of his own


class PersonEntry(Part):
    """A colleague as config.toml has him or her."""

    name: str
    email: MailAddress = ""
    emails: tuple[MailAddress, ...] = ()
    id: str = ""
    deputy: str = ""
    language: str = ""

    @model_validator(mode="after")
    def _has_address(self) -> PersonEntry:
        if not (self.email or self.emails):
            raise ValueError(f"{self.name} has no email address")
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return all addresses, the one for notices first."""
        return tuple(dict.fromkeys((*([self.email] if self.email else ()), *self.emails)))


class DepartmentEntry(Part):
    """A department as config.toml has it."""

    name: str
    email: MailAddress
    manager: PersonEntry
    members: tuple[PersonEntry, ...] = ()
    aliases: tuple[str, ...] = ()
    calendar: str = ""


class RouteEntry(Part):
    """A line of the routing rules."""

    department: str
    when: tuple[str, ...]


class Escalation(Part):
    """The people above the departments."""

    order: tuple[str, ...] = ()
    quality_director: PersonEntry | None = None
    general_manager: PersonEntry | None = None


class People(Part):
    """The directory part of config.toml; `roles` maps a role to people or departments that stand elsewhere in it."""

    company: Company
    escalation: Escalation = Escalation()
    departments: tuple[DepartmentEntry, ...] = Field(min_length=1)
    routing: tuple[RouteEntry, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)
    triage: WordTables = NO_WORDS


def load_directory(text: str, file: str) -> Directory:
    """Read a directory.toml (the directory part of config.toml alone).  Raises BadConfig."""
    return directory_of(validated(People, text, file))


def directory_of(people: People) -> Directory:
    """Return the directory that config describes, with the roles it leaves out filled in from the departments."""
    known: dict[str, Person] = {}
    departments = tuple(_department(entry, known, people.company) for entry in people.departments)
    roles: dict[str, tuple[str, ...]] = {}
    for role in ("quality_director", "general_manager"):
        entry = getattr(people.escalation, role)
        if entry:
            roles[role] = (_person(entry, known, people.company),)
    company = people.company
    for person in tuple(known.values()):
        deputy = next(_ids((person.deputy or "",), known), None)
        known[person.id] = replace(person, deputy=deputy)
    directory = Directory(
        company=company.name,
        company_en=company.name_en or company.name,
        domain=company.domain,
        mailbox=company.complaint_mailbox,
        people=known,
        departments=departments,
        roles=roles,
        routing=tuple(Route(entry.department, entry.when) for entry in people.routing),
        authserv_id=company.authserv_id,
        sender_proof=company.sender_proof,
        language=company.language,
        words=shipped_triage().with_own(people.triage, "config.toml"),
    )
    roles.update(_default_roles(directory))
    roles.update({role: tuple(_ids(names, known)) for role, names in people.roles.items()})
    offices = {
        role: tuple(name for name in names if directory.department(name)) for role, names in people.roles.items()
    }
    return replace(directory, offices={role: names for role, names in offices.items() if names})


def entries(people: People) -> Iterator[tuple[tuple[str | int, ...], PersonEntry]]:
    """Yield every person with the place where he or she stands."""
    for index, dept in enumerate(people.departments):
        yield ("departments", index, "manager"), dept.manager
        yield from ((("departments", index, "members", n), member) for n, member in enumerate(dept.members))
    for role in ("quality_director", "general_manager"):
        entry = getattr(people.escalation, role)
        if entry:
            yield ("escalation", role), entry


def _department(entry: DepartmentEntry, known: dict[str, Person], company: Company) -> Department:
    manager = _person(entry.manager, known, company)
    members = tuple(_person(member, known, company) for member in entry.members)
    return Department(entry.name, entry.email, manager, members, entry.aliases, company.language)


def _person(entry: PersonEntry, known: dict[str, Person], company: Company) -> str:
    """Add a person to `known`, or what this entry says more of one who is; return the id."""
    person_id = id_of(entry, company.domain)
    before = known.get(person_id)
    known_by = {one.lower(): one for one in reversed((*(before.emails if before else ()), *entry.addresses))}
    addresses = tuple(reversed(known_by.values()))
    deputy = entry.deputy or (before.deputy if before else None) or None
    known[person_id] = Person(person_id, entry.name, addresses, deputy, entry.language or company.language)
    return person_id


def id_of(entry: PersonEntry, domain: str) -> str:
    """Return a person's id: as given, or the local part of an address of the company, in small letters."""
    address = entry.addresses[0].lower()
    local, _, host = address.rpartition("@")
    return entry.id or (local if host == domain else address)


def _default_roles(directory: Directory) -> Iterator[tuple[str, tuple[str, ...]]]:
    quality, sales = directory.quality, directory.sales
    if quality:
        yield "quality_engineer", (quality.members or (quality.manager,))[:1]
        yield "quality_manager", (quality.manager,)
        yield "quality_director", directory.roles.get("quality_director", (quality.manager,))
    if sales:
        yield "sales", (sales.manager,)


def _ids(names: tuple[str, ...], known: Mapping[str, Person]) -> Iterator[str]:
    for name in names:
        yield from (person.id for person in known.values() if name in (person.name, person.id))
