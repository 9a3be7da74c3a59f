"""A tick of the ledger in a process of its own: `python -m tests.bench.ledger_tick FOLDER`.

The folder holds a company whose cases all stand in its ledger (`companies` makes it).  Ten cases move on, and the
pass that brings the ledger up to date is timed as in a daemon that has been running: it has looked at the file before.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time

from daemon.adapters.clock import SystemClock
from daemon.config import load_config
from daemon.core.batch import carry_out
from daemon.core.commands import Actor, Correct
from daemon.core.events import Via
from daemon.core.roles import holders
from daemon.passes.desk import Desk, Happening, decision
from daemon.passes.ledger import ledger_pass
from daemon.seams import LedgerNotWritable
from daemon.wiring import open_desk
from tests.bench.decorated import write_decorated
from tests.bench.measured import peak_memory
from tests.cast import CONFIG

CHANGED = 10  # cases
LEDGER = "客诉台账.xlsx"


@dataclass(frozen=True)
class Took:
    """What some work took: CPU and wall seconds, and what was said."""

    cpu: float
    wall: float
    told: list[Happening]


def adopted(folder: Path, rows: int) -> Took:
    """Make a company that begins with a ledger of so many rows; return what its first tick took."""
    (folder / "ledger").mkdir(parents=True)
    (folder / "config.toml").write_bytes(CONFIG.read_bytes())
    write_decorated(folder / "ledger" / LEDGER, rows)
    with open_desk(load_config(folder / "config.toml")) as desk:
        took = timed(desk)
        _settle(desk)
        assert sum(1 for _ in desk.store.cases()) == rows
    return took


def timed(desk: Desk) -> Took:
    """Let the pass work once."""
    cpu, wall = process_time(), perf_counter()
    told = list(ledger_pass(desk, SystemClock().now()))
    took = Took(process_time() - cpu, perf_counter() - wall, told)
    assert not desk.store.recall("ledger.error"), desk.store.recall("ledger.error")
    return took


def _settle(desk: Desk) -> None:
    for _ in range(3):
        if not timed(desk).told:
            return
    raise LedgerNotWritable(f"the pass finds no end: {timed(desk).told}")


def move_on(desk: Desk, count: int) -> None:
    """Let something happen to so many cases, all over the ledger."""
    cases = [case for case in desk.store.cases() if case.is_open]
    role = desk.config.ledger.role
    quality = Actor(role, holders(role, desk.directory)[0].address)
    for case in cases[:: max(len(cases) // count, 1)][:count]:
        context = desk.context(case, SystemClock().now(), quality, Via.CLI, "bench")
        outcome = carry_out(case, [Correct({"batch_no": f"B{case.seq:04}"})], context)
        assert outcome.events, outcome.refusals
        desk.store.commit(decision(desk, case, outcome, context), context.now)


def main(folder: str) -> None:
    """Settle, let ten cases move on, and time the pass; then once more with nothing to do."""
    with open_desk(load_config(Path(folder) / "config.toml")) as desk:
        _settle(desk)
        before = peak_memory()
        move_on(desk, CHANGED)
        took = timed(desk)
        (written,) = (one for one in took.told if one.event == "ledger.written")
        quiet = timed(desk)
        told = {"cpu": took.cpu, "wall": took.wall, "peak": peak_memory(), "before": before, "quiet": quiet.cpu}
        print(json.dumps(told | {"made": written.text}))


if __name__ == "__main__":
    main(*sys.argv[1:])
