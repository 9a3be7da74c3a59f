"""The verb that shows a process: in words, and drawn."""

from __future__ import annotations

import argparse
import sys

from daemon.cli.codes import FINE, WRONG_USAGE


def process(said: argparse.Namespace) -> int:
    """Show a profile, or move open cases to another version of theirs."""
    return _migrate(said) if said.action == "migrate" else _show(said)


def _show(said: argparse.Namespace) -> int:
    """Show a profile: one that ships with kesu, a file, or the one that config.toml chooses and overrides."""
    from daemon.config import load_config
    from daemon.core.process import described, load_process, mermaid
    from daemon.processes import profile_text
    from daemon.wiring import process_text

    found = profile_text(said.names[0]) if said.names else process_text(load_config(said.config))
    shown = load_process(*found)
    print((mermaid if said.mermaid else described)(shown, said.language), end="")
    return FINE


def _migrate(said: argparse.Namespace) -> int:
    """Move the cases named, or all, to the profile in force or to the one named."""
    from daemon.adapters.clock import SystemClock
    from daemon.config import load_config
    from daemon.migrating import foreseen, migrated

    if bool(said.names) == said.all:
        print("kesu: name the cases to move, or --all", file=sys.stderr)
        return WRONG_USAGE
    work = foreseen if said.dry_run else migrated
    for line in work(load_config(said.config), said.names, said.to, SystemClock().now()):
        print(line)
    return FINE
