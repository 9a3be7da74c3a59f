"""The command `kesu`: its verbs, and the only room that prints or exits."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Sequence
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import Any

from daemon.cli.codes import EXIT_CODES, FINE, TO_MEND, WRONG_USAGE

__all__ = ["FINE", "TO_MEND", "WRONG_USAGE", "is_expected", "main"]

# Each verb is a function of its own name in one of these modules, imported only when it is called.
VERBS = {
    "run": "work",
    "check": "look",
    "status": "look",
    "case": "look",
    "explain": "look",
    "parse": "look",
    "preview": "look",
    "demo": "work",
    "init": "setup",
    "login": "setup",
    "process": "process",
    "requeue": "work",
    "ledger": "ledger",
    "backup": "keep",
    "restore": "keep",
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit code."""
    said = _parser().parse_args(arguments)
    try:
        return _verb(said.verb)(said)
    except KeyboardInterrupt:
        return TO_MEND
    except BrokenPipeError:
        sys.stderr.close()
        return FINE
    except Exception as fault:  # noqa: BLE001 - its traceback is shown, without the secrets in it
        print(f"kesu: {fault}" if is_expected(fault) else _crash(), file=sys.stderr)
        return TO_MEND


def _crash() -> str:
    """Return the traceback of a fault of our own, which holds no secret that was read."""
    import traceback

    from daemon.adapters.secrets import without_secrets

    return without_secrets(traceback.format_exc())


def is_expected(fault: Exception) -> bool:
    """Tell whether a fault speaks for itself; anything else is ours and shows its traceback."""
    from daemon.adapters.files import StateInUse
    from daemon.adapters.store import StoreMissing, StoreTooNew, StoreTooOld, StoreUnreachable, UpgradeWaits
    from daemon.adapters.tenure import LeaseHeld
    from daemon.backup import AtWork, BadBackup, NotEmpty
    from daemon.config import BadConfig, NoPassword
    from daemon.core.process import BadProfile
    from daemon.notices.render import NotRenderable
    from daemon.parsing import BadKnown

    known = (
        AtWork,
        BadBackup,
        NotEmpty,
        BadConfig,
        BadKnown,
        BadProfile,
        NoPassword,
        LeaseHeld,
        StateInUse,
        StoreMissing,
        StoreTooNew,
        StoreTooOld,
        StoreUnreachable,
        UpgradeWaits,
        NotRenderable,
        OSError,
    )
    return isinstance(fault, known)


def _explain_parser(verbs: Any) -> None:
    explains = "say why a case's steps are due when, or how a mail is understood"
    parser = _with_config(verbs.add_parser("explain", help=explains))
    parser.add_argument("number", metavar="NO|MAIL.eml")
    parser.add_argument("--directory", type=Path, help="of a mail: a directory.toml in place of config.toml's")
    parser.add_argument("--known", type=Path, help="of a mail: our Message-IDs in place of the store, as for parse")
    parser.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN")


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
        ("init", "ask a few questions, try the mail servers out, and write config.toml"),
        ("login", "sign in to a mailbox that takes no password (OAuth), with a code in a browser"),
    ):
        _with_config(verbs.add_parser(name, help=say, description=say, epilog=EXIT_CODES))
    verbs.choices["status"].add_argument("--json", action="store_true", help="as health.json has it")
    verbs.choices["status"].add_argument("--health", action="store_true", help="look at health.json alone, in one line")
    verbs.choices["run"].add_argument("--once", action="store_true", help="work until all is quiet, then stop")
    case = _with_config(verbs.add_parser("case", help="tell a case's journal in sentences"))
    case.add_argument("number", metavar="NO")
    case.add_argument("--language", choices=("zh-CN", "en"), default="zh-CN")
    _explain_parser(verbs)
    parse = _with_config(verbs.add_parser("parse", help="show what is read in mails, without doing anything"))
    parse.add_argument("files", nargs="+", type=Path, metavar="FILE")
    parse.add_argument("--json", action="store_true", help="one JSON object a line")
    parse.add_argument("--directory", type=Path, help="a directory.toml in place of config.toml's directory")
    parse.add_argument("--known", type=Path, help="our Message-IDs in place of the store: a JSON object")
    preview = _with_config(verbs.add_parser("preview", help="show a notice, written about a made-up case"))
    preview.add_argument("notice", metavar="NOTICE")
    preview.add_argument("--language", choices=("zh-CN", "zh-TW", "en"), default="zh-CN")
    preview.add_argument("--html", type=Path, metavar="FILE", help="write the HTML there, to open in a browser")
    anew = _with_config(verbs.add_parser("requeue", help="read mails anew that were set aside; without MAIL list them"))
    anew.add_argument("mails", nargs="*", type=int, metavar="MAIL", help="a mail's number, as notices and the list say")
    anew.add_argument("--aside", action="store_true", help="all that were set aside")
    ledger = _with_config(verbs.add_parser("ledger", help="read and write the workbook, make it anew, check it"))
    ledger.add_argument("action", choices=("sync", "rebuild", "adopt", "verify"), metavar="sync|rebuild|adopt|verify")
    ledger.add_argument("--deleted", action="store_true", help="sync: the rows that are gone were meant to be deleted")
    backup = _with_config(verbs.add_parser("backup", help="put store, shared folder and config.toml into one file"))
    backup.add_argument("file", type=Path, metavar="FILE", help="the archive to write, such as kesu-2026-11-24.zip")
    restore = _with_config(verbs.add_parser("restore", help="put a backup in place; the daemon must not run"))
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--force", action="store_true", help="also over a store in use, which is kept beside")
    _process_keys(_with_config(verbs.add_parser("process", help="show a process; move open cases to it")))
    demo = verbs.add_parser("demo", help="play three weeks of a factory's complaints on a virtual clock")
    demo.add_argument("--folder", type=Path, default=Path("demo-output"), help="where everything is put")
    return parser


def _process_keys(process: argparse.ArgumentParser) -> None:
    process.add_argument("action", choices=("show", "migrate"), metavar="show|migrate")
    process.add_argument("names", nargs="*", help="show: a shipped profile or a file, else what config.toml says; "
                         "migrate: the numbers of cases")  # fmt: skip
    process.add_argument("--all", action="store_true", help="migrate: every open case that pins an older profile")
    process.add_argument("--to", metavar="PROFILE", default="", help="migrate: a profile, else the one in force")
    process.add_argument("--dry-run", action="store_true", help="migrate: only say what would change")
    process.add_argument("--mermaid", action="store_true", help="only the flow chart, as Mermaid")
    process.add_argument("--language", choices=("zh-CN", "zh-TW", "en"), default="zh-CN")


def _with_config(parser: argparse.ArgumentParser) -> argparse.ArgumentParser:
    parser.add_argument("--config", type=Path, default=Path("config.toml"), help="default: ./config.toml")
    return parser


def _verb(name: str) -> Callable[[argparse.Namespace], int]:
    module = import_module(f"daemon.cli.{VERBS[name]}")
    verb: Callable[[argparse.Namespace], int] = getattr(module, name)
    return verb
