"""The verbs that look and change nothing: check, status, case, parse, preview."""

from __future__ import annotations

import argparse
import json
import sys

from daemon.cli.codes import FINE, TO_MEND


def check(said: argparse.Namespace) -> int:
    """Look at everything and say what to mend."""
    from daemon.adapters.clock import SystemClock
    from daemon.checks import check_all

    wrong = 0
    for one in check_all(said.config, SystemClock().now()):
        print(f"{'ok  ' if one.ok else 'MEND'}  {one.what}")
        wrong += not one.ok
        if one.advice or not one.ok:
            print(f"      → {one.advice}" if one.advice else "")
    print(f"\n{wrong} to mend" if wrong else "\nall is well")
    return TO_MEND if wrong else FINE


def status(said: argparse.Namespace) -> int:
    """Say how the daemon and its cases stand."""
    from rich.console import Console
    from rich.table import Table

    from daemon.adapters.clock import SystemClock
    from daemon.adapters.store import open_store
    from daemon.config import load_config
    from daemon.status import health_of, reported, status_of
    from daemon.wiring import health_file, store_address

    config, now = load_config(said.config), SystemClock().now()
    if said.health:
        line = reported(health_file(config).read_text(encoding="utf-8"), now)
        print(f"{line.what}: {line.says}")
        return FINE if line.ok else TO_MEND
    store = open_store(store_address(config), read_only=True)
    try:
        lines = status_of(config, store, now)
        as_json = health_of(config, store, now).as_json() if said.json else None
    finally:
        store.close()
    if as_json:
        print(json.dumps(as_json, ensure_ascii=False, indent=1))
    else:
        table = Table(show_header=False, box=None, pad_edge=False)
        for line in lines:
            table.add_row(line.what, line.says, style=None if line.ok else "bold red")
        Console().print(table)
    return FINE if all(line.ok for line in lines) else TO_MEND


def case(said: argparse.Namespace) -> int:
    """Tell a case's journal in sentences."""
    from daemon.adapters.store import open_store
    from daemon.config import directory_of, load_config
    from daemon.core.process import load_pinned
    from daemon.telling import Teller
    from daemon.wiring import calendar_of, store_address

    config = load_config(said.config)
    store = open_store(store_address(config), read_only=True)
    try:
        case = store.case_numbered(said.number)
        if case is None:
            print(f"kesu: there is no case {said.number}; the ledger lists them all", file=sys.stderr)
            return TO_MEND
        process = load_pinned(store.profile(case.profile), "the case's profile")
        events, broken = store.events(case.id), store.broken_chain(case.id)
    finally:
        store.close()
    teller = Teller(process, directory_of(config), calendar_of(config).zone, said.language)
    for line in teller.tell(events):
        print(f"{line.at}  {line.who}（{line.via}）  {line.text}")
    if broken is not None:
        print(f"kesu: the journal was changed from outside at its row {broken}; restore a backup", file=sys.stderr)
    return FINE if broken is None else TO_MEND


def explain(said: argparse.Namespace) -> int:
    """Say how a mail is understood, or why each open step of a case is due when it is, and what comes next."""
    return _explain_mail(said) if said.number.lower().endswith(".eml") else _explain_case(said)


def _explain_mail(said: argparse.Namespace) -> int:
    from pathlib import Path

    from daemon.intake.limits import UnreadableMail
    from daemon.intake.read import read
    from daemon.parsing import directory_for, known_for
    from daemon.understanding import explained

    path, known = Path(said.number), known_for(said.known, said.config)
    try:
        reading = read(path.read_bytes(), directory_for(said.directory, said.config), known)
    except (UnreadableMail, OSError) as fault:
        print(f"kesu: {path}: {fault}", file=sys.stderr)
        return TO_MEND
    for line in explained(reading, said.language):
        print(line)
    return FINE


def _explain_case(said: argparse.Namespace) -> int:
    from daemon.adapters.clock import SystemClock
    from daemon.adapters.store import open_store
    from daemon.config import directory_of, load_config
    from daemon.core.process import load_pinned
    from daemon.explaining import Explainer
    from daemon.wiring import calendars_of, store_address

    config = load_config(said.config)
    store = open_store(store_address(config), read_only=True)
    try:
        case = store.case_numbered(said.number)
        if case is None:
            print(f"kesu: there is no case {said.number}; the ledger lists them all", file=sys.stderr)
            return TO_MEND
        text = store.profile(case.profile)
    finally:
        store.close()
    process, directory = load_pinned(text, "the case's profile"), directory_of(config)
    explainer = Explainer(process, text, directory, calendars_of(config, directory), said.language)
    for line in explainer.explain(case, SystemClock().now()):
        print(line)
    return FINE


def parse(said: argparse.Namespace) -> int:
    """Show what is read in mails."""
    from rich.console import Console
    from rich.progress import track

    from daemon.parsing import directory_for, known_for, parse_files

    wrong, screen = 0, Console(stderr=True)
    found = parse_files(said.files, directory_for(said.directory, said.config), known_for(said.known, said.config))
    quiet = not screen.is_terminal
    for path, answer in track(found, "reading", len(said.files), console=screen, transient=True, disable=quiet):
        wrong += "error" in answer
        if said.json:
            print(json.dumps(answer, ensure_ascii=False, default=str))
        else:
            print(f"── {path.name}")
            for key, value in answer.items():
                if value not in (None, "", [], {}):
                    print(f"{key:22}{value}")
    return TO_MEND if wrong else FINE


def preview(said: argparse.Namespace) -> int:
    """Show a notice about a made-up case."""
    from daemon.config import directory_of, load_config
    from daemon.core.process import load_process
    from daemon.wiring import process_text, renderer_of

    config = load_config(said.config)
    process = load_process(*process_text(config))
    mail = renderer_of(config, directory_of(config)).preview(said.notice, said.language, process)
    print(mail.subject, mail.text, sep="\n\n")
    if said.html:
        said.html.write_text(mail.html, encoding="utf-8")
    return FINE
