"""`kesu check`: every fault of config, profile, templates, forms, folders, calendar and servers, all at once."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from difflib import get_close_matches
from functools import partial
from ipaddress import ip_address
from pathlib import Path

from daemon.adapters import imap, smtp_connection
from daemon.adapters.calendars import guesses
from daemon.adapters.findings import Finding
from daemon.adapters.providers import by_host
from daemon.adapters.store.check import check_database
from daemon.config import (
    BadConfig,
    Config,
    MailIn,
    NoPassword,
    directory_of,
    load_config,
    named_settings_of,
    settings_of,
)
from daemon.core.directory import SenderProof
from daemon.core.fields import CUSTOMER_CLASS
from daemon.core.process import BadProfile, Process, in_language, load_process
from daemon.documents.check import check_form, sample_reports
from daemon.documents.form import build_form
from daemon.documents.letter import letter_fault, template_name
from daemon.wiring import FORM_NAME, opened_profiles, process_text, renderer_of, store_address
from daemon.wiring.mail import imap_account, smtp_server

NETWORK_FILE_SYSTEMS = {"nfs", "nfs4", "cifs", "smb3", "smbfs", "fuse.sshfs", "9p", "afs", "ncpfs"}


def check_all(path: Path, now: datetime) -> Iterator[Finding]:
    """Yield what was looked at; a fault never keeps the rest from being looked at."""
    try:
        config = load_config(path)
    except BadConfig as wrong:
        yield from (
            Finding(ok=False, what=str(fault), advice="mend this line of config.toml") for fault in wrong.faults
        )
        return
    yield Finding(ok=True, what=str(path))
    process = None
    for one, found in _profile(config):
        process = found or process
        yield one
    yield _administrator(config)
    yield from _open_to_all(config)
    yield from _guarded(lambda: _calendar(config, now))
    yield from _guarded(lambda: _folders(config))
    if config.service.database:
        yield from _secret("service", lambda: check_database(store_address(config)))
    yield from _guarded(lambda: _servers(config))
    if process:
        yield from _guarded(lambda: _templates(config, process))
        yield from _guarded(lambda: _form(config, process))
        yield from _guarded(lambda: _letters(config, process))


def _administrator(config: Config) -> Finding:
    if config.service.administrator:
        return Finding(ok=True, what=f"administrator: {config.service.administrator}")
    what = "administrator: nobody would get a mail when something is wrong for long (mailbox, SMTP, ledger, disk …)"
    return Finding(ok=True, what=what, advice='write administrator = "name@company.example" into [service]')


def _open_to_all(config: Config) -> Iterator[Finding]:
    """Warn of a mailbox that the world can write to where the address of a mail is believed as it stands."""
    if config.company.sender_proof is not SenderProof.ADDRESS:
        return
    for mail in config.mail_in:
        why = _from_outside(mail)
        if why:
            what = f'[company] sender_proof = "address": {mail.account} {why}, and anybody can write any address'
            advice = 'write sender_proof = "authentication_results" with authserv_id, or leave it out'
            yield Finding(ok=False, what=what, advice=advice)


def _from_outside(mail: MailIn) -> str:
    """Return why a mailbox can be reached from outside, as far as its settings show; empty where they do not."""
    if mail.kind == "imap":
        provider = by_host(mail.host)
        return f"lies at {provider.en}, which takes mail from everywhere" if provider else ""
    with suppress(ValueError):
        address = ip_address(mail.listen)
        if address.is_unspecified or address.is_global:
            return f"listens on {mail.listen}, which other machines reach"
    return ""


def _guarded(look: Callable[[], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from look()
    except (OSError, KeyError, ValueError) as fault:
        what = f"{type(fault).__name__}: {fault}"
        yield Finding(ok=False, what=what, advice="see the table of config.toml in README.md")


def _profile(config: Config) -> Iterator[tuple[Finding, Process | None]]:
    try:
        text, file = process_text(config)
        process = load_process(text, file)
        opened_profiles(config, (process,))
    except OSError as missing:
        say = f"the profile {config.service.process!r} cannot be read: {missing}"
        yield Finding(ok=False, what=say, advice="name a shipped profile (8d) or a file in [service] process"), None
    except BadProfile as wrong:
        for fault in wrong.faults:
            yield Finding(ok=False, what=str(fault), advice="mend this line of the profile"), None
    else:
        yield Finding(ok=True, what=f"profile {process.id}: {len(process.step)} steps"), process
        found = (*_roles(config, process), *_step_calendars(config, process), *_classes(config, process))
        yield from ((one, None) for one in found)


def _roles(config: Config, process: Process) -> Iterator[Finding]:
    directory = directory_of(config)
    for role in config.summary.to:
        if role not in process.roles:
            advice = f"write one of: {', '.join(process.roles)}"
            yield Finding(ok=False, what=f"[summary] to: there is no role {role!r}", advice=advice)
    for role in config.roles:
        if role not in process.roles:
            what = f"[roles] {role}: the profile {process.id} has no such role, so nobody would get its mail"
            meant = get_close_matches(role, process.roles, 1)
            advice = f"did you mean {meant[0]}?" if meant else f"write one of: {', '.join(process.roles)}"
            yield Finding(ok=False, what=what, advice=advice)
    for role in ("quality_engineer", "quality_manager", "quality_director", "general_manager", "sales"):
        if role in process.roles and not directory.roles.get(role):
            what = f"nobody holds the role {role} ({process.role_title(role, 'zh-CN')})"
            yield Finding(ok=False, what=what, advice=f'add {role} = ["name"] to [roles] in config.toml')


def _step_calendars(config: Config, process: Process) -> Iterator[Finding]:
    for step in process.step:
        if step.calendar and step.calendar not in config.calendars:
            what = f"step {step.id!r} counts by the calendar {step.calendar!r}, which config.toml does not have"
            yield Finding(ok=False, what=what, advice=f"add [calendars.{step.calendar}], or take it out of the profile")


def _classes(config: Config, process: Process) -> Iterator[Finding]:
    """Tell of classes of customers that no condition of the profile asks for."""
    conditions = [*(rule.when for rule in process.raise_), *(grade.when for grade in process.grades.values())]
    tests = [table[CUSTOMER_CLASS] for when in conditions for table in when if CUSTOMER_CLASS in table]
    asked = {name for test in tests if isinstance(test, tuple) for name in test}
    for name in sorted({one.class_ for one in config.customers if one.class_} - asked):
        what = f"[[customers]] class = {name!r}: no rule of the profile {process.id} asks for it, so it raises no grade"
        advice = f'add [[override.raise]] with when = {{ customer_class = "{name}" }} (docs/understanding.md)'
        yield Finding(ok=True, what=what, advice=advice)


def _calendar(config: Config, now: datetime) -> Iterator[Finding]:
    guessed = guesses((settings_of(config), *named_settings_of(config).values()), now)
    for one in guessed:  # next year's are announced in November and shipped a little later
        yield Finding(ok=not one.begun, what=one.says("en"), advice="look again before the year ends")
    if not guessed:
        yield Finding(ok=True, what="calendar: holidays and 调休 are known")


def _folders(config: Config) -> Iterator[Finding]:
    for name in (config.service.state, config.service.ledger):
        folder = config.path(name)
        there = next(one for one in (folder, *folder.parents) if one.exists())
        if os.access(there, os.W_OK | os.X_OK):
            yield Finding(ok=True, what=f"folder {folder}")
        else:
            yield Finding(
                ok=False, what=f"{there} cannot be written", advice="give the user of the daemon the right to"
            )
    state = config.path(config.service.state)
    kind = file_system(state)
    if kind in NETWORK_FILE_SYSTEMS:
        what = f"the state folder {state} lies on a network share ({kind}); a database there gets damaged"
        yield Finding(ok=False, what=what, advice="put [service] state on a local disk; the ledger may be on the share")


def file_system(path: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """Return the type of the file system that a path lies on, empty where the machine does not tell."""
    try:
        lines = [line.split(" ") for line in mounts.read_text(encoding="utf-8").splitlines()]
    except OSError:
        return ""
    whole = str(path.resolve())
    points = [(_plain(fields[1]), fields[2]) for fields in lines if len(fields) > 2]
    under = [one for one in points if whole == one[0] or whole.startswith(one[0].rstrip("/") + "/")]
    return max(reversed(under), key=lambda one: len(one[0]), default=("", ""))[1]  # the last mount covers the others


def _plain(field: str) -> str:
    """Return a field of fstab(5), in which a blank is written as an octal number."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)


def _servers(config: Config) -> Iterator[Finding]:
    for mail in config.mail_in:
        if mail.kind == "imap":
            yield from _secret("mail_in", partial(_imap, config, mail))
        else:
            yield Finding(ok=True, what=f"mail in: embedded, SMTP on {mail.listen}:{mail.listen_port}")
    if config.mail_out.kind == "smtp":
        yield from _secret(
            "mail_out", lambda: smtp_connection.check(smtp_server(config), config.company.complaint_mailbox)
        )
    else:
        yield Finding(ok=True, what=f"mail out: files in {config.path(config.mail_out.folder)}; nothing is really sent")


def _imap(config: Config, mail: MailIn) -> tuple[Finding, ...]:
    return imap.check(imap_account(config, mail))


def _secret(section: str, look: Callable[[], tuple[Finding, ...]]) -> Iterator[Finding]:
    try:
        findings = look()
    except NoPassword as missing:
        what = f"[{section}] {missing}"
        yield Finding(ok=False, what=what, advice="set it for the daemon's user, or use password_file")
    except OSError as fault:
        what = f"[{section}] the password file cannot be read: {fault.strerror} ({fault.filename})"
        yield Finding(ok=False, what=what, advice="give the daemon's user the right to read it, or mend the path")
    else:
        yield from findings


def _templates(config: Config, process: Process) -> Iterator[Finding]:
    faults = renderer_of(config, directory_of(config)).check(process)
    for fault in faults:
        yield Finding(ok=False, what=str(fault), advice="mend this line, or remove the file to use the shipped one")
    if not faults:
        yield Finding(ok=True, what="mail templates")


def _form(config: Config, process: Process) -> Iterator[Finding]:
    path = config.path(config.service.ledger) / "模板" / FORM_NAME
    form = path.read_bytes() if path.exists() else build_form()
    faults = check_form(form, str(path), sample_reports(process, directory_of(config)))
    for fault in faults:
        yield Finding(ok=False, what=str(fault), advice="mend it in Word, or remove the file to get the shipped one")
    if not faults:
        yield Finding(ok=True, what=f"8D form {path.name}")


def _letters(config: Config, process: Process) -> Iterator[Finding]:
    """Look at the templates that the company laid down for the letters of its process."""
    for letter in (one for one in process.letters.values() if one.word):
        title = in_language(letter.title, process.language)
        path = config.path(config.service.ledger) / "模板" / template_name(title)
        fault = letter_fault(path.read_bytes(), title, letter.shows) if path.is_file() else None
        if fault:
            advice = "mend it in Word, or remove the file to get a plain letter"
            yield Finding(ok=False, what=f"{path}: {fault}", advice=advice)
