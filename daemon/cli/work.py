"""The verbs that work: run, demo."""

from __future__ import annotations

import argparse
import logging
import sys

from daemon.cli.codes import FINE


def run(said: argparse.Namespace) -> int:
    """Run the daemon."""
    from daemon.adapters.clock import SystemClock
    from daemon.config import load_config
    from daemon.service import run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s", stream=sys.stderr)
    for noisy in ("alembic", "mail.log", "asyncio"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    run(load_config(said.config), SystemClock(), once=said.once)
    return FINE


def demo(said: argparse.Namespace) -> int:
    """Play the demo."""
    from rich.console import Console

    from daemon.demo.story import play

    console = Console(highlight=False)
    return play(said.folder, console.print)
