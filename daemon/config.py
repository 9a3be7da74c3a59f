"""config.toml: frozen settings, with every fault listed at once and its line.  Reads the file, opens nothing else."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from daemon.adapters.calendars import CalendarSettings, build_calendar
from daemon.adapters.tls import Security
from daemon.core.directory import Department, Directory, Person, Route
from daemon.core.process import Fault
from daemon.core.toml_places import line_of, line_of_fault

ADDRESS = re.compile(r"[!-~]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")  # what can stand in a header
SPECIAL = re.compile(r'[\s<>()\[\],;:"\\]|@.*@')
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


Model = TypeVar("Model", bound=BaseModel)


class BadConfig(Exception):
    """A config.toml with faults, all of them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class NoPassword(KeyError):
    """The environment lacks the password that config.toml names."""

    def __init__(self, variable: str) -> None:
        self.variable = variable
        super().__init__(variable)

    def __str__(self) -> str:
        return f"the environment has no {self.variable}, which password_env names"


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


def _hours(value: object) -> object:
    """Read "08:00-12:00" as two times."""
    if not isinstance(value, str):
        return value
    start, dash, end = value.partition("-")
    if not dash:
        raise ValueError('write working hours like "08:00-12:00"')
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


def _weekday(value: object) -> object:
    return WEEKDAYS.index(value) if value in WEEKDAYS else value


def _address(value: str) -> str:
    """Accept one plain mail address, as it is written between < and >."""
    if not ADDRESS.fullmatch(value) or SPECIAL.search(value):
        raise ValueError(f"{value!r} is not a mail address; write it like name@company.example, without blanks")
    return value


MailAddress = Annotated[str, AfterValidator(_address)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
Weekday = Annotated[int, BeforeValidator(_weekday), Field(ge=0, le=6)]


class Secret(_Part):
    """Where a password is found; never in config.toml itself."""

    password_env: str = ""
    password_file: str = ""

    def password(self, base: Path) -> str:
        """Return the password, empty when none is named.  Raises NoPassword or OSError, which name the place."""
        if self.password_file:
            return (base / self.password_file).read_text(encoding="utf-8").strip()
        if self.password_env and self.password_env not in os.environ:
            raise NoPassword(self.password_env)
        return os.environ[self.password_env] if self.password_env else ""


class MailIn(Secret):
    """The complaint mailbox."""

    kind: Literal["embedded", "imap"] = "embedded"
    host: str = "127.0.0.1"
    port: int = 0
    security: Security = Security.TLS
    user: str = ""
    ca_file: str = ""
    inbox: str = "INBOX"
    done_folder: str = "已处理"
    aside_folder: str = "待人工"
    timeout_seconds: int = 30
    batch: int = Field(default=50, ge=1, le=1000)
    maildir: str = "state/mail"
    listen: str = "127.0.0.1"
    listen_port: int = 2525


class MailOut(Secret):
    """The server that takes our mails; `folder` writes them as files instead, to try things out."""

    kind: Literal["folder", "smtp"] = "folder"
    host: str = "127.0.0.1"
    port: int = 465
    security: Security = Security.TLS
    user: str = ""
    ca_file: str = ""
    timeout_seconds: int = 30
    folder: str = "state/sent"


class Calendar(_Part):
    """Working time: the zone, the country whose holidays and 调休 count, hours and weekdays, days of one's own."""

    zone: str = "Asia/Shanghai"
    country: str = "CN"
    hours: tuple[Hours, ...] = ((time(8), time(12)), (time(13), time(17, 30)))
    workdays: tuple[Weekday, ...] = (0, 1, 2, 3, 4)
    days_off: tuple[date, ...] = ()
    work_on: tuple[date, ...] = ()


class Summary(_Part):
    """When the weekly summary goes out, and to which roles."""

    weekday: Weekday = 3
    at: time = time(16)
    to: tuple[str, ...] = ("quality_manager", "quality_director", "general_manager")


class Service(_Part):
    """The daemon itself."""

    state: str = "state"
    ledger: str = "ledger"
    ledger_shown: str = ""
    templates: str = "mail_templates"
    tick_seconds: int = Field(default=30, ge=1, le=3600)
    process: str = "8d"
    headers: Literal["zh", "en"] = "zh"


class Company(_Part):
    """Who the company is; `complaint_mailbox` is the address that complaints are sent to."""

    name: str
    name_en: str = ""
    domain: Annotated[str, AfterValidator(str.lower)]
    complaint_mailbox: MailAddress
    authserv_id: str = ""


class PersonEntry(_Part):
    """A colleague as config.toml has him or her."""

    name: str
    email: MailAddress = ""
    emails: tuple[MailAddress, ...] = ()
    id: str = ""
    deputy: str = ""
    language: str = "zh-CN"

    @model_validator(mode="after")
    def _has_address(self) -> PersonEntry:
        if not (self.email or self.emails):
            raise ValueError(f"{self.name} has no email address")
        return self

    @property
    def addresses(self) -> tuple[str, ...]:
        """Return all addresses, the one for notices first."""
        return tuple(dict.fromkeys((*([self.email] if self.email else ()), *self.emails)))


class DepartmentEntry(_Part):
    """A department as config.toml has it."""

    name: str
    email: MailAddress
    manager: PersonEntry
    members: tuple[PersonEntry, ...] = ()
    aliases: tuple[str, ...] = ()


class RouteEntry(_Part):
    """A line of the routing rules."""

    department: str
    when: tuple[str, ...]


class Escalation(_Part):
    """The people above the departments."""

    order: tuple[str, ...] = ()
    quality_director: PersonEntry | None = None
    general_manager: PersonEntry | None = None


class People(_Part):
    """The directory part of config.toml; `roles` maps a role to names of people that stand elsewhere in it."""

    company: Company
    escalation: Escalation = Escalation()
    departments: tuple[DepartmentEntry, ...] = Field(min_length=1)
    routing: tuple[RouteEntry, ...] = ()
    roles: Mapping[str, tuple[str, ...]] = Field(default_factory=dict)


class Config(People):
    """Everything that config.toml says; relative paths count from its folder, `base`."""

    base: Path = Field(default=Path(), exclude=True)
    service: Service = Service()
    mail_in: MailIn = MailIn()
    mail_out: MailOut = MailOut()
    calendar: Calendar = Calendar()
    summary: Summary = Summary()

    def path(self, name: str) -> Path:
        """Return a path of config.toml as a whole path."""
        return (self.base / name).resolve()


def load_config(path: Path) -> Config:
    """Read config.toml.  Raises BadConfig with every fault, its line and what to do."""
    text = text_of(path)
    config = _validated(Config, text, str(path), base=path.resolve().parent)
    faults = tuple(Fault(str(path), line_of(text, place), say) for place, say in _unsound(config))
    if faults:
        raise BadConfig(faults)
    return config


def text_of(path: Path) -> str:
    """Return the text of a file that people wrote.  Raises BadConfig when it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")  # Notepad marks its files
    except OSError as fault:
        raise BadConfig((Fault(str(path), 1, f"cannot be read: {fault}"),)) from fault
    except UnicodeDecodeError as fault:
        raise BadConfig((Fault(str(path), 1, f"is not UTF-8; save it as UTF-8 ({fault})"),)) from fault


def load_directory(text: str, file: str) -> Directory:
    """Read a directory.toml (the directory part of config.toml alone).  Raises BadConfig."""
    return directory_of(_validated(People, text, file))


def directory_of(people: People) -> Directory:
    """Return the directory that config describes, with the roles it leaves out filled in from the departments."""
    known: dict[str, Person] = {}
    departments = tuple(_department(entry, known, people.company.domain) for entry in people.departments)
    roles: dict[str, tuple[str, ...]] = {}
    for role in ("quality_director", "general_manager"):
        entry = getattr(people.escalation, role)
        if entry:
            roles[role] = (_person(entry, known, people.company.domain),)
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
    )
    roles.update(_default_roles(directory))
    roles.update({role: tuple(_ids(names, known)) for role, names in people.roles.items()})
    return directory


def _validated(model: type[Model], text: str, file: str, **more: Any) -> Model:
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadConfig((Fault(file, line_of_fault(text, fault), f"this is not TOML: {fault}"),)) from fault
    try:
        return model.model_validate({**data, **more})
    except ValidationError as errors:
        raise BadConfig(tuple(_faults(errors, text, file))) from errors


def _faults(errors: ValidationError, text: str, file: str) -> Iterator[Fault]:
    for error in errors.errors():
        place = ".".join(map(str, error["loc"]))
        say = "there is no such key; see the table in README.md" if error["type"] == "extra_forbidden" else error["msg"]
        yield Fault(file, line_of(text, error["loc"]), f"{place}: {say}")


def _unsound(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what a schema cannot see: names that stand nowhere else or are two people's, days that contradict."""
    names = {entry.name for entry in config.departments}
    for index, route in enumerate(config.routing):
        if route.department not in names:
            yield ("routing", index, "department"), f"{route.department} is not among [[departments]]"
    yield from _unsound_people(config)
    yield from _unsound_addresses(config)
    try:
        build_calendar(replace(settings_of(config), years=range(0)))  # without the holidays it is quick
    except ValueError as fault:
        yield ("calendar",), str(fault)
    if config.mail_in.kind == "imap" and not config.mail_in.user:
        yield ("mail_in",), "an imap mailbox needs `user`, and `password_env` or `password_file`"


def _unsound_people(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    domain, ids, owners = config.company.domain, dict[str, set[str]](), dict[str, set[str]]()
    for _, entry in _entries(config):
        person = _id_of(entry, domain)
        owners.setdefault(person, set()).add(entry.name)
        for name in {entry.name, person}:
            ids.setdefault(name, set()).add(person)
    for role, holders in config.roles.items():
        for holder in holders:
            yield from ((("roles", role), say) for say in _not_one(holder, ids))
    for place, entry in _entries(config):
        if entry.deputy:
            yield from ((place, f"deputy of {entry.name}: {say}") for say in _not_one(entry.deputy, ids))
        person = _id_of(entry, domain)
        if len(owners[person]) > 1:
            yield place, f"{'、'.join(sorted(owners[person]))} share the id {person}; give each an `id` of their own"


def _unsound_addresses(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield addresses by which nobody could tell who is meant; capital and small letters are the same."""
    own, departments = config.company.complaint_mailbox.lower(), dict[str, str]()
    of_own = "is the complaint mailbox itself; mail to it would come back as mail to read, so give another address"
    for index, dept in enumerate(config.departments):
        mailbox = ("departments", index, "email")
        other = departments.setdefault(dept.email.lower(), dept.name)
        if other != dept.name:
            yield mailbox, f"{dept.email} is the mailbox of both {other} and {dept.name}; give each its own"
        if dept.email.lower() == own:
            yield mailbox, f"{dept.email} of {dept.name} {of_own}"
    owners: dict[str, str] = {}
    for place, entry in _entries(config):
        person = _id_of(entry, config.company.domain)
        for address in entry.addresses:
            other = owners.setdefault(address.lower(), person)
            if other != person:
                yield place, f"{address} belongs to both {other} and {person}; give it to one, or both the same `id`"
            if address.lower() == own:
                yield place, f"{address} of {entry.name} {of_own}"


def _not_one(name: str, ids: Mapping[str, set[str]]) -> Iterator[str]:
    if name not in ids:
        yield f"{name} stands nowhere in the directory; add the person to a department"
    elif len(ids[name]) > 1:
        yield f"{name} is the name of {' and '.join(sorted(ids[name]))}; write the id instead"


def _entries(people: People) -> Iterator[tuple[tuple[str | int, ...], PersonEntry]]:
    """Yield every person with the place where he or she stands."""
    for index, dept in enumerate(people.departments):
        yield ("departments", index, "manager"), dept.manager
        yield from ((("departments", index, "members", n), member) for n, member in enumerate(dept.members))
    for role in ("quality_director", "general_manager"):
        entry = getattr(people.escalation, role)
        if entry:
            yield ("escalation", role), entry


def settings_of(config: Config) -> CalendarSettings:
    """Return what config says about working time, as the calendar takes it."""
    said = config.calendar
    return CalendarSettings(said.zone, said.country, said.hours, said.workdays, said.days_off, said.work_on)


def _department(entry: DepartmentEntry, known: dict[str, Person], domain: str) -> Department:
    manager = _person(entry.manager, known, domain)
    members = tuple(_person(member, known, domain) for member in entry.members)
    return Department(entry.name, entry.email, manager, members, entry.aliases)


def _person(entry: PersonEntry, known: dict[str, Person], domain: str) -> str:
    """Add a person to `known`, or what this entry says more of one who is; return the id."""
    person_id = _id_of(entry, domain)
    before = known.get(person_id)
    known_by = {one.lower(): one for one in reversed((*(before.emails if before else ()), *entry.addresses))}
    addresses = tuple(reversed(known_by.values()))
    deputy = entry.deputy or (before.deputy if before else None) or None
    known[person_id] = Person(person_id, entry.name, addresses, deputy, entry.language)
    return person_id


def _id_of(entry: PersonEntry, domain: str) -> str:
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
