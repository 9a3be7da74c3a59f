"""The whole of config.toml, and what its schema cannot see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from daemon.adapters.calendars import CalendarSettings, build_calendar
from daemon.config.faults import BadConfig, text_of, validated
from daemon.config.parts import (
    DEFAULT,
    WEEKDAYS,
    Calendar,
    CustomerEntry,
    Ledger,
    Limits,
    MailIn,
    MailOut,
    OAuth,
    Service,
    Summary,
    Watch,
)
from daemon.config.people import People, entries, id_of
from daemon.core.directory import SenderProof
from daemon.core.fields import FIELDS, Who
from daemon.core.process import Fault
from daemon.core.toml_places import line_of


def _several(value: object) -> object:
    """Accept one mailbox, `[mail_in]`, or several, `[[mail_in]]`."""
    return [value] if isinstance(value, Mapping) else value


class Config(People):
    """Everything that config.toml says; relative paths count from its folder, `base`."""

    base: Path = Field(default=Path(), exclude=True)
    written_in: str = Field(default="", exclude=True)
    written: str = Field(default="", exclude=True, repr=False)
    service: Service = Service()
    mail_in: Annotated[tuple[MailIn, ...], BeforeValidator(_several), Field(min_length=1)] = (MailIn(),)
    mail_out: MailOut = MailOut()
    oauth: OAuth | None = None
    calendar: Calendar = Calendar()
    calendars: Mapping[str, Calendar] = Field(default_factory=dict)
    summary: Summary = Summary()
    override: dict[str, Any] = Field(default_factory=dict)
    customers: tuple[CustomerEntry, ...] = ()
    watch: Watch = Watch()
    limits: Limits = Limits()
    ledger: Ledger = Ledger()

    def path(self, name: str) -> Path:
        """Return a path of config.toml as a whole path."""
        return (self.base / name).resolve()


def load_config(path: Path) -> Config:
    """Read config.toml.  Raises BadConfig with every fault, its line and what to do."""
    text = text_of(path)
    config = validated(Config, text, str(path), base=path.resolve().parent, written_in=str(path), written=text)
    faults = tuple(Fault(str(path), line_of(text, place), say) for place, say in _unsound(config))
    if faults:
        raise BadConfig(faults)
    return config


def settings_of(config: Config) -> CalendarSettings:
    """Return what config says about working time, as the calendar takes it."""
    return _settings(config.calendar)


def named_settings_of(config: Config) -> dict[str, CalendarSettings]:
    """Return the calendars that have a name; what one leaves out is as in [calendar]."""
    usual, named = config.calendar, config.calendars.items()
    own = ((name, {key: getattr(said, key) for key in said.model_fields_set}) for name, said in named)
    return {name: _settings(usual.model_copy(update=keys)) for name, keys in own}


def _settings(said: Calendar) -> CalendarSettings:
    days = {WEEKDAYS.index(day): windows for day, windows in said.hours.items() if day != DEFAULT}
    usual = said.hours.get(DEFAULT)
    week = {**(dict.fromkeys(said.workdays, usual) if usual else {}), **days}
    return CalendarSettings(said.zone, said.country, usual or (), week, said.days_off, said.work_on)


def _unsound(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    """Yield what a schema cannot see: names that stand nowhere else or are two people's, days that contradict."""
    names = {entry.name for entry in config.departments}
    for index, route in enumerate(config.routing):
        if route.department not in names:
            yield ("routing", index, "department"), f"{route.department} is not among [[departments]]"
    for index, row in enumerate(config.triage.matter):
        if not any(row.is_called(line) for route in config.routing for line in route.when):
            say = f"no line of [[routing]] speaks of {row.name}, so its words send nothing anywhere"
            yield ("triage", "matter", index, "name"), f"{say}; write it into a `when`"
    yield from _unsound_people(config)
    yield from _unsound_addresses(config)
    yield from _unsound_calendars(config)
    yield from _unsound_mailboxes(config)
    yield from _unsound_oauth(config)
    yield from _unsound_ledger(config)
    if config.company.sender_proof is SenderProof.RESULTS and not config.company.authserv_id:
        yield (
            ("company", "sender_proof"),
            "whose Authentication-Results count? name your own mail server in authserv_id, as it writes itself there",
        )
    if config.service.database_schema and not config.service.database:
        yield (
            ("service", "schema"),
            "a schema lies in a PostgreSQL: name that in [service] database",
        )


def _unsound_calendars(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    places: dict[tuple[str | int, ...], CalendarSettings] = {("calendar",): settings_of(config)}
    places |= {("calendars", name): said for name, said in named_settings_of(config).items()}
    for place, said in places.items():
        try:
            build_calendar(replace(said, years=range(0)))  # without the holidays it is quick
        except ValueError as fault:
            yield place, str(fault)
        if not any(said.week.values()):
            yield place, "nobody ever works by this calendar; give it `hours` and `workdays`"
    for index, dept in enumerate(config.departments):
        if dept.calendar and dept.calendar not in config.calendars:
            say = f"{dept.name} works by the calendar {dept.calendar!r}; add [calendars.{dept.calendar}]"
            yield ("departments", index, "calendar"), say


def _unsound_people(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    domain, ids, owners = config.company.domain, dict[str, set[str]](), dict[str, set[str]]()
    for _, entry in entries(config):
        person = id_of(entry, domain)
        owners.setdefault(person, set()).add(entry.name)
        for name in {entry.name, person}:
            ids.setdefault(name, set()).add(person)
    departments = {name for entry in config.departments for name in (entry.name, *entry.aliases)}
    for role, holders in config.roles.items():
        for holder in holders:
            if holder not in departments:
                yield from ((("roles", role), say) for say in _not_one(holder, ids))
    for place, entry in entries(config):
        if entry.deputy:
            yield from ((place, f"deputy of {entry.name}: {say}") for say in _not_one(entry.deputy, ids))
        person = id_of(entry, domain)
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
    for place, entry in entries(config):
        person = id_of(entry, config.company.domain)
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


def _unsound_mailboxes(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    names: set[str] = set()
    for index, mail in enumerate(config.mail_in):
        place = ("mail_in", index)
        if mail.kind == "imap" and not mail.user:
            yield place, "an imap mailbox needs `user`, and `password_env` or `password_file`"
        if mail.account in names:
            yield place, f"two mailboxes are called {mail.account}; give one of them a `name` of its own"
        names.add(mail.account)


def _unsound_ledger(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    people = {fact.key for fact in FIELDS if fact.who is not Who.DAEMON}
    for key in config.ledger.trusted:
        if key not in people:
            say = f"{key} is no column in which people write; these are: {', '.join(sorted(people))}"
            yield ("ledger", "trusted"), say
    for key in dict.fromkeys(key for one in config.ledger.required for key in one.split("|")):
        if key not in people:
            say = f"{key} is no column in which people write; these are: {', '.join(sorted(people))}"
            yield ("ledger", "required"), f"{say} (docs/ledger.md tells them)"


def _unsound_oauth(config: Config) -> Iterator[tuple[tuple[str | int, ...], str]]:
    places: list[tuple[tuple[str | int, ...], MailIn | MailOut]] = [(("mail_out", "login"), config.mail_out)]
    places += [(("mail_in", n, "login"), one) for n, one in enumerate(config.mail_in)]
    for place, mail in places:
        if mail.login == "oauth" and config.oauth is None:
            yield place, 'login = "oauth" needs an [oauth] section with client_id and tenant'
        if mail.login == "oauth" and not mail.user:
            yield place, 'login = "oauth" needs `user`, the address of the mailbox'
    oauth = config.oauth
    if oauth and oauth.flow == "app" and not (oauth.client_secret_env or oauth.client_secret_file):
        yield ("oauth", "flow"), 'flow = "app" needs client_secret_file or client_secret_env'
    if oauth and oauth.flow == "app" and oauth.tenant in ("organizations", "common"):
        yield ("oauth", "tenant"), 'flow = "app" needs the tenant: its id or a domain such as contoso.onmicrosoft.com'
    if oauth and oauth.authority and not oauth.authority.startswith("https://"):
        yield ("oauth", "authority"), "write it like https://login.example.com/tenant"
