"""Who is who: the company, its departments, its people and their roles.  Knows no mail and no file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property

from daemon.core.triage import NO_WORDS, WordTables

QUALITY_WORDS = ("质量", "品质", "品管", "质控", "品質", "質量", "品保", "quality")
SALES_WORDS = ("销售", "营销", "市场", "业务", "营业", "銷售", "行銷", "市場", "業務", "營業", "sales")


class SenderProof(StrEnum):
    """What proves that a mail is from the colleague of its From, besides that it answers what we sent there."""

    ANSWER = "answer"  # nothing else does
    RESULTS = "authentication_results"  # our own mail server's finding
    ADDRESS = "address"  # the address alone: nobody outside can write to a closed network


@dataclass(frozen=True, slots=True)
class Person:
    """A colleague, known by `id`: the addresses, the deputy and the language of his or her mails."""

    id: str
    name: str
    emails: tuple[str, ...]
    deputy: str | None = None
    language: str = "zh-CN"

    @property
    def email(self) -> str:
        """Return the address that notices go to."""
        return self.emails[0]


@dataclass(frozen=True, slots=True)
class Department:
    """A department with its mailbox, its manager and its members (ids of the directory)."""

    name: str
    email: str
    manager: str
    members: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    language: str = "zh-CN"

    @property
    def people(self) -> tuple[str, ...]:
        """Return the ids of the members and the manager, members first."""
        return (*self.members, self.manager)


@dataclass(frozen=True, slots=True)
class Route:
    """One line of the routing rules: any of these words sends a complaint to `department`."""

    department: str
    when: tuple[str, ...]


@dataclass(frozen=True)
class Directory:
    """The company as the daemon knows it.

    `roles` maps a role of the process (quality_engineer, general_manager …) to the ids of the people who hold it;
    a role that config leaves out is filled from the departments (see `config.load_directory`).  `offices` maps a role
    that whole departments hold to their names: 生产部 in one company is 制造部 in the next.  `away` are the addresses,
    in lower case, of those who are not there at present.  By `words` complaints are judged.
    """

    company: str
    company_en: str
    domain: str
    mailbox: str
    people: Mapping[str, Person]
    departments: tuple[Department, ...]
    roles: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    offices: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    routing: tuple[Route, ...] = ()
    authserv_id: str = ""
    sender_proof: SenderProof = SenderProof.ANSWER
    language: str = "zh-CN"
    away: frozenset[str] = frozenset()
    words: WordTables = NO_WORDS

    @cached_property
    def _by_email(self) -> dict[str, Person]:
        return {address.lower(): person for person in self.people.values() for address in person.emails}

    @cached_property
    def _departments_by_name(self) -> dict[str, Department]:
        return {name: dept for dept in self.departments for name in (dept.name, *dept.aliases)}

    def person(self, email: str) -> Person | None:
        """Return the colleague who owns this address."""
        return self._by_email.get(email.lower())

    def named(self, name: str) -> tuple[Person, ...]:
        """Return everybody with this name; more than one must be asked about."""
        return tuple(p for p in self.people.values() if p.name == name)

    def department(self, name: str) -> Department | None:
        """Return the department with this name or alias."""
        return self._departments_by_name.get(name)

    def offices_of(self, role: str) -> tuple[Department, ...]:
        """Return the departments that hold a role."""
        found = (self.department(name) for name in self.offices.get(role, ()))
        return tuple(dept for dept in found if dept)

    def department_of(self, email: str) -> Department | None:
        """Return the department whose mailbox, member or manager has this address; the complaint mailbox: quality."""
        address, person = email.lower(), self.person(email)
        if address == self.mailbox.lower():
            return self.quality
        for dept in self.departments:
            if dept.email.lower() == address or (person and person.id in dept.people):
                return dept
        return None

    def is_colleague(self, email: str) -> bool:
        """Tell whether the address is in the directory or in the company's own domain."""
        return bool(self.department_of(email) or self.person(email)) or email.lower().endswith("@" + self.domain)

    def _first_like(self, words: tuple[str, ...]) -> Department | None:
        return next((d for d in self.departments for w in words if w in d.name.lower()), None)

    @property
    def quality(self) -> Department | None:
        """Return the department that keeps the complaints: by its name, or the one that holds quality's role."""
        holders = (self.people[one] for one in self.roles.get("quality_engineer", ()) if one in self.people)
        named = (*self.offices_of("quality_engineer"), *(self.department_of(one.email) for one in holders))
        return self._first_like(QUALITY_WORDS) or next((dept for dept in named if dept), None)

    @property
    def sales(self) -> Department | None:
        """Return the department that speaks with customers."""
        return self._first_like(SALES_WORDS)

    def addresses_of(self, department: Department) -> Iterator[str]:
        """Yield every address from which this department may answer."""
        yield department.email
        if department == self.quality:
            yield self.mailbox
        for person_id in department.people:
            yield from self.people[person_id].emails
