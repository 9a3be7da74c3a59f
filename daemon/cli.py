"""The command `kesu`: its verbs, and the only place that prints or exits."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Callable, Sequence
from importlib.metadata import version
from pathlib import Path

FINE, TO_MEND, WRONG_USAGE = 0, 1, 2
EXIT_CODES = "exit codes: 0 fine, 1 something to mend, 2 wrong usage"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    said = _parser().parse_args(arguments)
    try:
        return VERBS[said.verb](said)
    except KeyboardInterrupt:
        return TO_MEND
    except BrokenPipeError:
        sys.stderr.close()
        return FINE
    except Exception as fault:
        if not _expected(fault):
            raise
        print(f"kesu: {fault}", file=sys.stderr)
        return TO_MEND


def _expected(fault: Exception) -> bool:
    """Tell whether a fault speaks for itself; anything else is ours and shows its traceback."""
    from daemon.adapters.files import StateInUse
    from daemon.adapters.store import StoreMissing, StoreTooNew, StoreTooOld
    from daemon.config import BadConfig, NoPassword
    from daemon.core.process import BadProfile
    from daemon.notices.render import NotRenderable
    from daemon.parsing import BadKnown

    known = (
        BadConfig,
        BadKnown,
        BadProfile,
        NoPassword,
        StateInUse,
        StoreMissing,
        StoreTooNew,
        StoreTooOld,
        NotRenderable,
        OSError,
    )
    return isinstance(fault, known)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="kesu", description="客诉: complaints by mail, Excel and Word", epilog=EXIT_CODES
    )
    parser.add_argument("--version", action="version", version=f"kesu {version('kesu')}")
    verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
    for name, say in (
        ("run", "work: read mail, keep the ledger, send what is due"),
        ("check", "look at config, templates, profile, forms, folders and servers; say what to mend"),
        ("status", "say how the daemon and its cases stand"),
    ):
        _with_config(verbs.add_parser(name, help=say, description=say, epilog=EXIT_CODES))
    verbs.choices["run"].add_argument("--once", action="store_true", help="work until all is quiet, then stop")
    case = _with_config(verbs.add_parser("case", help="tell a case's journal in sentences"))
    case.add_argument("number", metavar="NO")
    case.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN")
    parse = _with_config(verbs.add_parser("parse", help="show what is read in mails, without doing anything"))
    parse.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parse.add_argument("--json", action="store_true", help="one JSON object a line")
    parse.add_argument("--directory", type=Path, help="a directory.toml in place of config.toml's directory")
    parse.add_argument("--known", type=Path, help="our Message-IDs in place of the store: a JSON object")
    preview = _with_config(verbs.add_parser("preview", help="show a notice, written about a made-up case"))
    preview.add_argument("notice", metavar="NOTICE")
    preview.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN")
    preview.add_argument("--html", type=Path, metavar="FILE", help="write the HTML there, to open in a browser")
    demo = verbs.add_parser("demo", help="play three weeks of a factory's complaints on a virtual clock")
    demo.add_argument("--folder", type=Path, default=Path("demo-output"), help="where everything is put")
    return parser


def _with_config(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--config", type=Path, default=Path("config.toml"), help="default: ./config.toml")
    return parser


def _run(said: argparse.Namespace) -> int:
    from daemon.adapters.clock import SystemClock
    from daemon.config import load_config
    from daemon.service import run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for noisy in ("alembic", "mail.log", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    run(load_config(said.config), SystemClock(), once=said.once)
    return FINE


def _check(said: argparse.Namespace) -> int:
    from daemon.adapters.clock import SystemClock
    from daemon.checks import check_all

    wrong = 0
    for one in check_all(said.config, SystemClock().now()):
        print(f"{'ok  ' if one.ok else 'MEND'}  {one.what}")
        if not one.ok:
            wrong += 1
            print(f"      → {one.advice}" if one.advice else "")
    print(f"\n{wrong} to mend" if wrong else "\nall is well")
    return TO_MEND if wrong else FINE


def _status(said: argparse.Namespace) -> int:
    from rich.console import Console
    from rich.table import Table

    from daemon.adapters.clock import SystemClock
    from daemon.adapters.store import open_store
    from daemon.config import load_config
    from daemon.status import status_of
    from daemon.wiring import store_url

    config = load_config(said.config)
    store = open_store(store_url(config), read_only=True)
    try:
        lines = status_of(config, store, SystemClock().now())
    finally:
        store.close()
    table = Table(show_header=False, box=None, pad_edge=False)
    for line in lines:
        table.add_row(line.what, line.says, style=None if line.ok else "bold red")
    Console().print(table)
    return FINE if all(line.ok for line in lines) else TO_MEND


def _case(said: argparse.Namespace) -> int:
    from daemon.adapters.store import open_store
    from daemon.config import directory_of, load_config
    from daemon.core.process import load_process
    from daemon.telling import Teller
    from daemon.wiring import calendar_of, store_url

    config = load_config(said.config)
    store = open_store(store_url(config), read_only=True)
    try:
        case = store.case_numbered(said.number)
        if case is None:
            print(f"kesu: there is no case {said.number}; the ledger lists them all", file=sys.stderr)
            return TO_MEND
        process = load_process(store.profile(case.profile), "the case's profile")
        events, broken = store.events(case.id), store.broken_chain(case.id)
    finally:
        store.close()
    teller = Teller(process, directory_of(config), calendar_of(config).zone, said.language)
    for line in teller.tell(events):
        print(f"{line.at}  {line.who}（{line.via}）  {line.text}")
    if broken is not None:
        print(f"kesu: the journal was changed from outside at its row {broken}; restore a backup", file=sys.stderr)
    return FINE if broken is None else TO_MEND


def _parse(said: argparse.Namespace) -> int:
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


def _preview(said: argparse.Namespace) -> int:
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


def _demo(said: argparse.Namespace) -> int:
    from rich.console import Console

    from daemon.demo.story import play

    console = Console(highlight=False)
    return play(said.folder, console.print)


VERBS: dict[str, Callable[[argparse.Namespace], int]] = {
    "run": _run,
    "check": _check,
    "status": _status,
    "case": _case,
    "parse": _parse,
    "preview": _preview,
    "demo": _demo,
}
