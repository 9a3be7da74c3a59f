"""From config.toml to a complaint desk with real tools.  Builds; decides nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache, partial
from importlib.resources import files
from pathlib import Path

from daemon.adapters.calendars import build_calendar
from daemon.adapters.files import remove_leftovers, replace_quickly, write_atomically
from daemon.adapters.half_saved import Reader
from daemon.adapters.ledger_copies import WorkbookCopies
from daemon.adapters.mint import RandomMint
from daemon.adapters.reading_apart import ReadApart
from daemon.adapters.shared_file import SharedWorkbook
from daemon.adapters.store import Address, address_of, open_store, sqlite_file
from daemon.config import Config, directory_of, named_settings_of, settings_of
from daemon.core.calendars import Calendars
from daemon.core.directory import Directory
from daemon.core.fields import CATEGORIES
from daemon.core.process import BadProfile, Fault, Process, Source, fingerprint, load_pinned, load_process
from daemon.core.worktime import WorkCalendar
from daemon.ledger.columns import Headers, Layout
from daemon.ledger.names import LEDGER_NAME
from daemon.ledger.wholeness import is_whole
from daemon.notices.render import Renderer
from daemon.passes.desk import CustomerProfile, Desk
from daemon.passes.health import Health, Role
from daemon.processes import profile_path, profile_text
from daemon.seams import Mint, Store
from daemon.wiring.mail import mailbox_of, sender_of

FORM_NAME = "8D报告.docx"
FOLDERS = ("8D", "附件", "模板", "周报")


def store_address(config: Config) -> Address:
    """Return where the store lies: an SQLite file in the state folder, or the database that config names.

    Raises NoPassword or OSError when the database's password is not to be had.
    """
    service = config.service
    if not service.database:
        return sqlite_file(config.path(service.state) / "kesu.db")
    return address_of(service.database, service.database_schema, service.database_password(config.base))


def health_file(config: Config) -> Path:
    """Return where the report on the daemon's health lies."""
    return config.path(config.service.state) / "health.json"


def leave_report(config: Config, seen: Health, role: Role) -> None:
    """Leave the report on the daemon's health for monitoring.  Raises OSError."""
    replace_quickly(health_file(config), seen.as_bytes(role))


def process_text(config: Config) -> tuple[str, str]:
    """Return the profile as cases pin it, and its file: one that ships with kesu, or a path of config.toml.

    Raises OSError, and BadProfile with every fault of the profile, of what it extends and of what config overrides.
    """
    return profile_text(config.service.process, config.base, *overrides(config))


def overrides(config: Config, customer: int | None = None) -> tuple[Source, ...]:
    """Return what config.toml says over the profile: for all, and for this customer of `customers`."""
    found = [Source(config.written_in, config.written, config.override, ("override",))] if config.override else []
    if customer is not None:
        place = ("customers", customer, "override")
        found.append(Source(config.written_in, config.written, config.customers[customer].override, place))
    return tuple(found)


def customer_profiles(config: Config) -> Iterator[CustomerProfile]:
    """Yield the profile of each customer that has one of its own.  Raises OSError and BadProfile."""
    for number, entry in enumerate(config.customers):
        if entry.override:
            text, file = profile_text(config.service.process, config.base, *overrides(config, number))
            yield CustomerProfile(entry, text, fingerprint(text), load_process(text, file))


def opened_profiles(config: Config, processes: Iterable[Process]) -> dict[str, str]:
    """Return the texts of the profiles by which steps open cases of their own, by the names that steps give them.

    Raises OSError, and BadProfile with the place of the name when there is no such profile.
    """
    names = {step.opens.profile for one in processes for step in one.step if step.opens and step.opens.profile}
    return {name: _opened(name, config) for name in sorted(names)}


def _opened(name: str, config: Config) -> str:
    try:
        return profile_text(name, config.base)[0]
    except OSError as fault:
        place = profile_path(config.service.process, config.base)
        lines = place.read_text(encoding="utf-8-sig").splitlines()
        line = next((at for at, words in enumerate(lines, 1) if "opens" in words and name in words), 1)
        say = f"a step opens cases by the profile {name!r}, which cannot be read: {fault}"
        raise BadProfile((Fault(str(place), line, say),)) from fault


def shipped_config() -> Path:
    """Return the config.toml that ships with kesu."""
    inside = Path(str(files("daemon")))
    return next(one for one in (inside / "config.toml", inside.parent / "config.toml") if one.is_file())


def template_folders(config: Config) -> tuple[Path, ...]:
    """Return where templates of mails are looked for: the company's own folder first, then the shipped ones."""
    inside = Path(str(files("daemon"))) / "mail_templates"
    beside = Path(str(files("daemon"))).parent / "mail_templates"
    return tuple(dict.fromkeys(one for one in (config.path(config.service.templates), inside, beside) if one.is_dir()))


def calendar_of(config: Config) -> WorkCalendar:
    """Return the working calendar.  Raises ValueError for a zone, country or days that cannot be."""
    return build_calendar(settings_of(config))


def calendars_of(config: Config, directory: Directory | None = None) -> Calendars:
    """Return all working calendars, with whose they are.  Raises ValueError as `calendar_of`."""
    directory = directory or directory_of(config)
    departments = {entry.name: entry.calendar for entry in config.departments if entry.calendar}
    found = {dept: departments[dept.name] for dept in directory.departments if dept.name in departments}
    roles = ((role, directory.people[holder].email) for role, ids in directory.roles.items() for holder in ids[:1])
    owners = ((role, directory.department_of(address)) for role, address in roles)
    return Calendars(
        usual=calendar_of(config),
        named={name: build_calendar(said) for name, said in named_settings_of(config).items()},
        of_department={name: found[dept] for dept in found for name in (dept.name, *dept.aliases)},
        of_role={role: found[dept] for role, dept in owners if dept in found},
        of_address={address.lower(): name for dept, name in found.items() for address in directory.addresses_of(dept)},
    )


def layout_of(config: Config, process: Process) -> Layout:
    """Return what the ledger looks like."""
    return Layout(
        zone=calendar_of(config).zone,
        departments=tuple(dept.name for dept in config.departments),
        categories=process.values_of("category") if process.kinds else CATEGORIES,
        extra=process.facts,
        headers=Headers(config.service.headers),
        company=config.company.name,
    )


def renderer_of(config: Config, directory: Directory) -> Renderer:
    """Return the writer of mails."""
    return Renderer(template_folders(config), directory, calendar_of(config).zone)


def form_of(config: Config) -> Callable[[], bytes]:
    """Return a reader of the 8D form; the shipped one is laid into the shared folder when there is none."""
    path = config.path(config.service.ledger) / "模板" / FORM_NAME

    def form() -> bytes:
        if not path.exists():
            from daemon.documents.form import build_form  # noqa: PLC0415 - a daemon at rest can spare python-docx

            write_atomically(path, build_form())
        return path.read_bytes()

    return form


def ledger_path(config: Config) -> Path:
    """Return where the workbook lies."""
    return config.path(config.service.ledger) / LEDGER_NAME


def ledger_of(config: Config, store: Store) -> SharedWorkbook:
    """Return the workbook on the share, which only the daemon that holds the lease writes."""
    zone, stale = calendar_of(config).zone, config.ledger.lock_stale_after()
    return SharedWorkbook(ledger_path(config), Reader(is_whole), stale, zone, store.holding_lease)


def make_folders(config: Config) -> None:
    """Make the state folder and the shared folder with what belongs in it.  Raises OSError."""
    config.path(config.service.state).mkdir(parents=True, exist_ok=True)
    for name in FOLDERS:
        (config.path(config.service.ledger) / name).mkdir(parents=True, exist_ok=True)


def sweep_folders(config: Config) -> None:
    """Take away the half-written files that a killed daemon left; call it only while the state is ours alone."""
    for folder in (config.service.state, config.service.ledger):
        remove_leftovers(config.path(folder))


@contextmanager
def open_desk(config: Config, mint: Mint | None = None) -> Iterator[Desk]:
    """Open the complaint desk that config describes, and close it at the end.

    Raises BadProfile, OSError, NoPassword and the store's own faults.
    """
    make_folders(config)
    directory = directory_of(config)
    text, file = process_text(config)
    process = load_process(text, file)
    store = open_store(store_address(config))
    mailboxes = tuple(mailbox_of(config, mail) for mail in config.mail_in)
    sender = sender_of(config)
    try:
        special = tuple(customer_profiles(config))
        opened = opened_profiles(config, (process, *(customer.process for customer in special)))
        for one in (text, *(customer.text for customer in special), *opened.values()):
            store.put_profile(one)
        yield Desk(
            config=config,
            directory=directory,
            calendars=calendars_of(config, directory),
            process=process,
            profile=fingerprint(text),
            processes=_profiles(store),
            store=store,
            mailboxes=mailboxes,
            sender=sender,
            ledger=ledger_of(config, store),
            copies=WorkbookCopies(ledger_path(config), config.path(config.service.state)),
            layout=layout_of(config, process),
            renderer=renderer_of(config, directory),
            mint=mint or RandomMint(),
            form=form_of(config),
            reader=ReadApart(),
            special=special,
            opened={name: fingerprint(one) for name, one in opened.items()},
            report=partial(replace_quickly, health_file(config)),
        )
    finally:
        for mailbox in mailboxes:
            mailbox.close()
        sender.close()
        store.close()


def _profiles(store: Store) -> Callable[[str], Process]:
    @cache
    def profile(sha256: str) -> Process:
        return load_pinned(store.profile(sha256), f"profile {sha256[:12]} in the store")

    return profile
