"""The verbs that keep and bring back everything: backup, restore."""

from __future__ import annotations

import argparse

from daemon.cli.codes import FINE


def backup(said: argparse.Namespace) -> int:
    """Write a backup, beside a running daemon too."""
    from daemon.adapters.clock import SystemClock
    from daemon.backup import back_up
    from daemon.config import load_config

    made = back_up(load_config(said.config), said.file, SystemClock().now())
    size = said.file.stat().st_size / 1024 / 1024
    print(f"{said.file}: {len(made.members)} files, {size:.1f} MB; passwords and tokens are not in it")
    return FINE


def restore(said: argparse.Namespace) -> int:
    """Put a backup in place."""
    from daemon.adapters.clock import SystemClock
    from daemon.backup import restore

    found = restore(said.config, said.file, SystemClock().now(), force=said.force)
    print(f"{said.file}, made at {found.made_at} by kesu {found.version}, is in place: {len(found.members)} files")
    print("mails that came after it lie in 已处理 and 待人工: move those back into the inbox (docs/running.md)")
    return FINE
