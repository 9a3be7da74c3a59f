"""The verbs that work: run, demo."""

from __future__ import annotations

import argparse
import logging
import sys

from daemon.cli.codes import FINE, TO_MEND

CRASHED = {"event": "service.crashed"}


def run(said: argparse.Namespace) -> int:
    """Run the daemon."""
    from daemon.adapters.clock import SystemClock
    from daemon.adapters.logs import set_up_log
    from daemon.adapters.supervisor import Supervisor
    from daemon.cli import is_expected
    from daemon.config import load_config
    from daemon.service import run

    config = load_config(said.config)
    set_up_log(config.service.log, sys.stderr)
    try:
        run(config, SystemClock(), supervisor=Supervisor.of_environment(), once=said.once)
    except Exception as fault:
        if is_expected(fault):
            raise
        logging.getLogger(__name__).critical("kesu ends by a fault of its own", exc_info=True, extra=CRASHED)
        return TO_MEND
    return FINE


def requeue(said: argparse.Namespace) -> int:
    """Read mails anew, or list those that were set aside."""
    from daemon.adapters.clock import SystemClock
    from daemon.config import load_config
    from daemon.requeue import listed, read_anew, refusals, set_aside

    config = load_config(said.config)
    if not said.mails and not said.aside:
        for one in listed(config):
            print(f"{one.number}  {one.seen_at:%Y-%m-%d %H:%M}Z  {one.sender}  {one.subject}  {one.why}")
        return FINE
    numbers = tuple(dict.fromkeys([*said.mails, *(set_aside(config) if said.aside else ())]))
    refused = refusals(config, said.mails)
    for why in refused:
        print(f"kesu: {why}", file=sys.stderr)
    if refused:
        return TO_MEND
    for line in read_anew(config, numbers, SystemClock().now()):
        print(line)
    return FINE


def demo(said: argparse.Namespace) -> int:
    """Play the demo."""
    from rich.console import Console

    from daemon.demo.story import play

    console = Console(highlight=False)
    return play(said.folder, console.print)
