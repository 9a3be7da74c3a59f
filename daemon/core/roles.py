"""Who holds a role in a case, who may speak for it, and to which address a mail for it goes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from daemon.core.case import Case
from daemon.core.directory import Department, Directory, Person

DEPARTMENT_ROLES = frozenset({"department", "leader"})


@dataclass(frozen=True, slots=True)
class Recipient:
    """An address that a notice goes to, with the name to greet and the language to write in."""

    address: str
    name: str = ""
    language: str = "zh-CN"


def recipients(role: str, case: Case, directory: Directory) -> tuple[Recipient, ...]:
    """Return who is told when this role is; a dead address is replaced by the next in the chain."""
    found = SPECIAL[role](case, directory) if role in SPECIAL else _held(role, case, directory)
    living = (_living(one, case, directory) for one in found)
    return tuple({one.address.lower(): one for one in living if one}.values())


def may_speak_as(address: str, roles: Iterable[str], case: Case, directory: Directory) -> bool:
    """Tell whether this address may answer for one of these roles: its holders, their deputies, their department.

    For roles that nobody holds, quality answers.
    """
    speakers = {one.lower() for role in roles for one in _speakers(role, case, directory)}
    return address.lower() in (speakers or {one.lower() for one in _speakers("quality_engineer", case, directory)})


def holds_role(address: str, role: str, case: Case, directory: Directory) -> bool:
    """Tell whether somebody holds a role in this case, as one of its people, a deputy or a department's mailbox.

    Nobody stands in for a role that nobody holds.
    """
    of_department = role in DEPARTMENT_ROLES or role == "department_manager"
    if of_department and responsible(case, directory) is None:
        return False
    return address.lower() in {one.lower() for one in _speakers(role, case, directory)}


def owners(roles: Iterable[str], case: Case, directory: Directory) -> tuple[Recipient, ...]:
    """Return the holders of the first of these roles that anybody holds; quality, when nobody does."""
    found = (recipients(role, case, directory) for role in (*roles, "quality_engineer"))
    return next((people for people in found if people), ())


def is_quality(address: str, directory: Directory) -> bool:
    """Tell whether this is somebody of the quality department."""
    dept = directory.quality
    return bool(dept and address.lower() in {one.lower() for one in directory.addresses_of(dept)})


def owner_manager(roles: Iterable[str], case: Case, directory: Directory) -> tuple[Recipient, ...]:
    """Return the managers above the owners of a step."""
    managers = []
    for role in roles:
        for owner in recipients(role, case, directory):
            dept = directory.department_of(owner.address)
            if dept:
                managers.append(_person(directory.people[dept.manager]))
    living = (_living(one, case, directory) for one in managers)
    return tuple(dict.fromkeys(one for one in living if one)) or recipients("quality_manager", case, directory)


def responsible(case: Case, directory: Directory) -> Department | None:
    """Return the department that the case lies with."""
    return directory.department(case.text("department"))


def _person(person: Person) -> Recipient:
    return Recipient(person.email, person.name, person.language)


def _mailbox(department: Department) -> Recipient:
    return Recipient(department.email, department.name, department.language)


def _held(role: str, case: Case, directory: Directory) -> tuple[Recipient, ...]:
    party = case.parties.get(role)
    if party:
        return (Recipient(party.address, party.name, party.language),)
    person = directory.people.get(case.assigned.get(role, ""))
    if person:
        return (_person(person),)
    named = directory.named(case.text("quality_engineer")) if role == "quality_engineer" else ()
    if len(named) == 1:  # a name that two people share names nobody; the holders of the role are told
        return (_person(named[0]),)
    return holders(role, directory)


def holders(role: str, directory: Directory) -> tuple[Recipient, ...]:
    """Return the people and departments that hold a role in the company, whatever the case."""
    ids = directory.roles.get(role, ())
    people = (_person(directory.people[person]) for person in ids if person in directory.people)
    return (*people, *map(_mailbox, directory.offices_of(role)))


def _department(case: Case, directory: Directory) -> tuple[Recipient, ...]:
    dept, named = responsible(case, directory), directory.people.get(case.assigned.get("department", ""))
    if named:
        return (_person(named),)
    return (_mailbox(dept),) if dept else _held("quality_engineer", case, directory)


def _manager(case: Case, directory: Directory) -> tuple[Recipient, ...]:
    dept = responsible(case, directory)
    return (_person(directory.people[dept.manager]),) if dept else _held("quality_manager", case, directory)


def _leader(case: Case, directory: Directory) -> tuple[Recipient, ...]:
    leader = directory.people.get(case.section("d1.leader"))
    return (_person(leader),) if leader else _department(case, directory)


def _sales(case: Case, directory: Directory) -> tuple[Recipient, ...]:
    """Return who speaks with the customer: who passed it on from sales, else the holders, else whoever passed it on."""
    forwarder, sellers = directory.person(case.forwarded_by), directory.sales
    named, held = case.assigned.get("sales"), _held("sales", case, directory)
    sells = forwarder and (not held or (sellers and forwarder.id in sellers.people))
    return (_person(forwarder),) if forwarder and sells and not named else held


def _reporter(case: Case, directory: Directory) -> tuple[Recipient, ...]:
    """Return who gets the answers: the customer, or the colleague who forwarded; never a forwarder nobody knows."""
    if case.forwarded_by:
        return _sales(case, directory) or _writer(case, directory)
    return _writer(case, directory)


def _writer(case: Case, directory: Directory) -> tuple[Recipient, ...]:
    """Return who wrote the mail, colleague or not."""
    forwarder = directory.person(case.forwarded_by)
    if forwarder:
        return (_person(forwarder),)
    if case.forwarded_by:  # somebody whom the directory does not know; the name that we have is the customer's
        return (Recipient(case.forwarded_by, "", case.language),)
    return (Recipient(case.reporter, case.reporter_name, case.language),) if case.reporter else ()


def _chain(case: Case, directory: Directory) -> tuple[Recipient, ...]:
    return (
        *_department(case, directory),
        *_manager(case, directory),
        *(one for role in ("quality_manager", "quality_director", "general_manager") for one in
          _held(role, case, directory)),
        *_sales(case, directory),
    )  # fmt: skip


SPECIAL: dict[str, Callable[[Case, Directory], tuple[Recipient, ...]]] = {
    "department": _department,
    "department_manager": _manager,
    "leader": _leader,
    "sales": _sales,
    "reporter": _reporter,
    "writer": _writer,
    "chain": _chain,
}


def _living(one: Recipient, case: Case, directory: Directory) -> Recipient | None:
    gone = {dead.lower() for dead in case.dead_addresses} | directory.away
    if one.address.lower() not in gone:
        return one
    person, dept = directory.person(one.address), directory.department_of(one.address)
    above = (
        person.deputy if person else None,
        dept.manager if dept else None,
        *directory.roles.get("quality_manager", ()),
    )
    heirs = above if person or dept else directory.roles.get("sales", ())  # for a customer, sales speaks
    for heir in heirs:
        other = directory.people.get(heir or "")
        if other and other.email.lower() not in gone:
            return _person(other)
    return one if one.address.lower() in directory.away else None  # better late than never


def _with_deputies(people: Iterable[str], directory: Directory) -> Iterator[str]:
    for person_id in people:
        person = directory.people.get(person_id)
        if person:
            yield from person.emails
            deputy = directory.people.get(person.deputy or "")
            yield from deputy.emails if deputy else ()


def _speakers(role: str, case: Case, directory: Directory) -> Iterator[str]:
    """Yield the addresses that may answer for a role."""
    quality, dept = directory.quality, responsible(case, directory)
    if role in ("department", "leader", "department_manager") and dept:
        yield dept.email
        yield from _with_deputies(dept.people, directory)
    elif role == "quality_engineer" and quality:
        yield from (quality.email, directory.mailbox)
        yield from _with_deputies(quality.people, directory)
    elif role == "sales" and directory.sales:
        yield from _with_deputies(directory.sales.people, directory)
    yield from _with_deputies(directory.roles.get(role, ()), directory)
    for office in directory.offices_of(role):
        yield office.email
        yield from _with_deputies(office.people, directory)
    if role == "reporter":
        yield from (case.reporter, case.forwarded_by)
    yield from (one.address for one in recipients(role, case, directory))
