"""The parts of config.toml that are not people: mail, calendar, summary, the daemon itself."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

from daemon.adapters.secrets import learn
from daemon.adapters.store.address import checked_database, checked_schema
from daemon.adapters.tls import Security
from daemon.config.faults import NoPassword
from daemon.core.alike import customer_key
from daemon.core.durations import Duration, Unit, parse_duration
from daemon.core.health import Patience

ADDRESS = re.compile(r"[!-~]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")  # what can stand in a header
SPECIAL = re.compile(r'[\s<>()\[\],;:"\\]|@.*@')
DEFAULT: Literal["default"] = "default"
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


class Part(BaseModel):
    """A part of config.toml: frozen, and a key that it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


def _hours(value: object) -> object:
    """Read "08:00-12:00" as two times."""
    if not isinstance(value, str):
        return value
    start, dash, end = value.partition("-")
    if not dash:
        raise ValueError('write working hours like "08:00-12:00"')
    return time.fromisoformat(start.strip()), time.fromisoformat(end.strip())


def _by_weekday(value: object) -> object:
    """Accept the hours of every workday, or a table of hours by weekday."""
    return value if isinstance(value, Mapping) else {DEFAULT: value}


def _weekday(value: object) -> object:
    return WEEKDAYS.index(value) if value in WEEKDAYS else value


def _address(value: str) -> str:
    """Accept one plain mail address, as it is written between < and >."""
    if not ADDRESS.fullmatch(value) or SPECIAL.search(value):
        raise ValueError(f"{value!r} is not a mail address; write it like name@company.example, without blanks")
    return value


MailAddress = Annotated[str, AfterValidator(_address)]
Hours = Annotated[tuple[time, time], BeforeValidator(_hours)]
Login = Literal["password", "oauth"]
DayName = Literal["default", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WeekHours = Annotated[Mapping[DayName, tuple[Hours, ...]], BeforeValidator(_by_weekday)]
Weekday = Annotated[int, BeforeValidator(_weekday), Field(ge=0, le=6)]


def secret(base: Path, variable: str, file: str) -> str:
    """Return what stands in a file, or else in a variable of the environment; empty when neither is named.

    Raises NoPassword or OSError, which name the place.
    """
    if file:
        return learn((base / file).read_text(encoding="utf-8").strip())
    if variable and variable not in os.environ:
        raise NoPassword(variable)
    return learn(os.environ[variable]) if variable else ""


def _usual_hours() -> Mapping[DayName, tuple[Hours, ...]]:
    return {DEFAULT: ((time(8), time(12)), (time(13), time(17, 30)))}


class Secret(Part):
    """Where a password is found; never in config.toml itself."""

    password_env: str = ""
    password_file: str = ""

    def password(self, base: Path) -> str:
        """Return the password, empty when none is named.  Raises NoPassword or OSError, which name the place."""
        return secret(base, self.password_env, self.password_file)


class MailIn(Secret):
    """A complaint mailbox; `name` tells several apart in the store, in the log and in messages."""

    name: str = ""
    kind: Literal["embedded", "imap"] = "embedded"
    host: str = "127.0.0.1"
    port: int = 0
    security: Security = Security.TLS
    user: str = ""
    login: Login = "password"
    ca_file: str = ""
    inbox: str = "INBOX"
    done_folder: str = "已处理"
    aside_folder: str = "待人工"
    sent_folder: str = ""
    since: date | None = None
    idle: bool = True
    timeout_seconds: int = 30
    maildir: str = "state/mail"
    listen: str = "127.0.0.1"
    listen_port: int = 2525

    @property
    def account(self) -> str:
        """Return the name by which the store knows this mailbox."""
        return self.name or (self.user if self.kind == "imap" else "embedded")


class MailOut(Secret):
    """The server that takes our mails; `folder` writes them as files instead, to try things out."""

    kind: Literal["folder", "smtp"] = "folder"
    host: str = "127.0.0.1"
    port: int = 465
    security: Security = Security.TLS
    user: str = ""
    login: Login = "password"
    ca_file: str = ""
    timeout_seconds: int = 30
    folder: str = "state/sent"


class OAuth(Part):
    """Our registration at Microsoft's sign-in service, for mailboxes with `login = "oauth"`."""

    client_id: str
    tenant: str = "organizations"
    flow: Literal["app", "device"] = "device"
    cloud: Literal["global", "china"] = "global"
    client_secret_env: str = ""
    client_secret_file: str = ""
    client_secret_until: date | None = None
    token_file: str = "state/oauth.json"  # noqa: S105 — the name of a file
    authority: str = ""
    resource: str = ""
    ca_file: str = ""

    def secret(self, base: Path) -> str:
        """Return the client secret, empty when none is named.  Raises NoPassword or OSError, which name the place."""
        return Secret(password_env=self.client_secret_env, password_file=self.client_secret_file).password(base)


class Calendar(Part):
    """Working time: the zone, the country whose holidays and 调休 count, hours and weekdays, days of one's own.

    `hours` are those of every one of the `workdays`, or a table by weekday, in which `default` stands for the others.
    """

    zone: str = "Asia/Shanghai"
    country: str = "CN"
    hours: WeekHours = Field(default_factory=_usual_hours)
    workdays: tuple[Weekday, ...] = (0, 1, 2, 3, 4)
    days_off: tuple[date, ...] = ()
    work_on: tuple[date, ...] = ()


class Summary(Part):
    """When the weekly summary goes out, and to which roles."""

    weekday: Weekday = 3
    at: time = time(16)
    to: tuple[str, ...] = ("quality_manager", "quality_director", "general_manager")


class CustomerEntry(Part):
    """A customer of a class of its own, or for whom the process is another: `override` says what, as a profile does."""

    name: str
    aliases: tuple[str, ...] = ()
    domains: tuple[Annotated[str, AfterValidator(str.lower)], ...] = ()
    class_: Annotated[str, Field(alias="class", max_length=20)] = ""
    override: dict[str, Any] = Field(default_factory=dict)

    def is_for(self, customer: str, address: str) -> bool:
        """Tell whether a complaint by this customer, from this address, is this one's."""
        domain = address.rpartition("@")[2].lower()
        key = customer_key(customer)
        return (bool(key) and key in map(customer_key, (self.name, *self.aliases))) or any(
            domain == one or domain.endswith("." + one) for one in self.domains
        )


class Service(Part):
    """The daemon itself."""

    state: str = "state"
    ledger: str = "ledger"
    ledger_shown: str = ""
    templates: str = "mail_templates"
    tick_seconds: int = Field(default=30, ge=1, le=3600)
    batch: int = Field(default=200, ge=1, le=1000)
    process: str = "8d"
    headers: Literal["zh", "en"] = "zh"
    log: Literal["text", "json"] = "text"
    administrator: MailAddress | Literal[""] = ""
    database: Annotated[str, AfterValidator(checked_database)] = ""
    database_schema: Annotated[str, AfterValidator(checked_schema), Field(alias="schema")] = ""
    database_password_env: str = ""
    database_password_file: str = ""
    lease_seconds: int = Field(default=30, ge=2, le=600)

    def database_password(self, base: Path) -> str:
        """Return the database's password, empty when none is named.  Raises NoPassword or OSError."""
        return secret(base, self.database_password_env, self.database_password_file)


def _duration(value: object) -> object:
    return parse_duration(value) if isinstance(value, str) else value


Term = Annotated[Duration, BeforeValidator(_duration)]


def _clock_term(value: Duration) -> Duration:
    if value.is_working or value.unit is Unit.MO:
        raise ValueError(f'{value} counts working time or months; write hours or days, like "72h" or "3d"')
    return value


class Ledger(Part):
    """The workbook that people edit: backups, patience with those who have it open, and whose word a cell is.

    `trusted` are keys of columns whose cells need no confirmation by mail; `role` is the one that cells speak for.
    `required` are the keys of the columns that make a typed row a complaint; a bar divides alternatives.
    """

    backups: int = Field(default=14, ge=0, le=3660)
    open_reminder: Term = Duration(4, Unit.H)
    lock_stale: Annotated[Term, AfterValidator(_clock_term)] = Duration(3, Unit.D)
    trusted: tuple[str, ...] = ()
    role: str = Field(default="quality_engineer", min_length=1)
    required: Annotated[tuple[str, ...], Field(min_length=1)] = ("customer", "phenomenon", "product_name|part_no")

    def lock_stale_after(self) -> timedelta:
        """Return the age from which on a lock file counts as left behind."""
        unit = {Unit.MIN: timedelta(minutes=1), Unit.H: timedelta(hours=1), Unit.D: timedelta(days=1)}
        return self.lock_stale.amount * unit[self.lock_stale.unit]


class Limits(Part):
    """How much is too much: mails that come from one place, and automatic mails to one; 0 is no limit.

    `known` times as many may come from colleagues, and from customers who have had a case for more than a day.
    """

    sender_hour: int = Field(default=30, ge=0)
    sender_day: int = Field(default=100, ge=0)
    domain_hour: int = Field(default=100, ge=0)
    domain_day: int = Field(default=400, ge=0)
    known: int = Field(default=10, ge=1)
    answers_day: int = Field(default=20, ge=0)


class Watch(Part):
    """After how long a trouble is worth a mail to the administrator, and what is too little."""

    mailbox: Term = Duration(15, Unit.MIN)
    smtp: Term = Duration(30, Unit.MIN)
    ledger_locked: Term = Duration(1, Unit.WD)
    ledger_unwritable: Term = Duration(1, Unit.H)
    passes: Term = Duration(15, Unit.MIN)
    free_gb: float = Field(default=1.0, ge=0)
    free_percent: float = Field(default=5.0, ge=0, le=100)
    certificate: Term = Duration(14, Unit.D)
    token: Term = Duration(7, Unit.D)

    def patience(self) -> Patience:
        """Return the same as the core takes it."""
        return Patience(**dict(self))
