"""The verb that looks after the shared workbook: ledger sync, rebuild, adopt, verify."""

from __future__ import annotations

import argparse

from daemon.cli.codes import FINE, TO_MEND


def ledger(said: argparse.Namespace) -> int:
    """Read and write the workbook, make it anew, or compare it with the journal."""
    from daemon.adapters.clock import SystemClock
    from daemon.config import load_config
    from daemon.ledgering import ordered, verified

    config, now = load_config(said.config), SystemClock().now()
    if said.action == "verify":
        found = verified(config, now)
        for line in found:
            print(line)
        print(f"{len(found)} differences" if found else "the workbook shows what the journal says")
        return TO_MEND if found else FINE
    for line in ordered(config, f"ledger.{said.action}", now, deleted=said.deleted):
        print(line)
    return FINE
