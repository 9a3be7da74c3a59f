"""The verb that shows a process: in words, and drawn."""

from __future__ import annotations

import argparse

from daemon.cli.codes import FINE


def process(said: argparse.Namespace) -> int:
    """Show a profile: one that ships with kesu, a file, or the one that config.toml chooses and overrides."""
    from daemon.config import load_config
    from daemon.core.process import described, load_process, mermaid
    from daemon.processes import profile_text
    from daemon.wiring import process_text

    found = profile_text(said.profile) if said.profile else process_text(load_config(said.config))
    shown = load_process(*found)
    print((mermaid if said.mermaid else described)(shown, said.language), end="")
    return FINE
