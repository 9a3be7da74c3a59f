"""The shared ledger beside openpyxl, in the same run: `python -m tests.bench.ledger`, or `make bench`.  Prints tables.

Each action is done in processes of its own, the median counts.  BENCH_LEDGER_ROWS makes the smaller workbook smaller;
BENCH_SLOW=1 lets openpyxl load and save the large one too, which takes minutes and 1.7 GB.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.company import ROOT
from tests.bench.decorated import write_decorated
from tests.bench.ledger_tick import adopted

ROWS = int(os.environ.get("BENCH_LEDGER_ROWS", "10000"))
MORE_ROWS = 10 * ROWS
SLOW = os.environ.get("BENCH_SLOW", "") not in ("", "0")
REPEATED, REPEATED_SLOWLY = 5, 3
MB = 2**20


@dataclass(frozen=True)
class Figures:
    """The median CPU seconds of an action, and the most memory that any of its processes held, in bytes."""

    cpu: float
    peak: int


@dataclass(frozen=True)
class Action:
    """A line of the table: what is done, how many times as fast as openpyxl or how fast it is to be, in MB at most."""

    name: str
    told: str
    ratio: float = 0.0
    seconds: float = 0.0
    memory: int = 0


SMALLER = (
    Action("append", "append 10 rows", ratio=40),
    Action("change", "change 60 cells in 10 rows", ratio=40),
    Action("append many", "append 1,000 rows in one save", seconds=0.5),
    Action("read", "read all cells back", ratio=6),
)
LARGER = (
    Action("append", "append 10 rows", ratio=60, memory=80),
    Action("change", "change 60 cells in 10 rows", ratio=60, memory=80),
    Action("read", "read all cells back", ratio=6),
)


def main() -> None:
    """Measure, and print the tables."""
    with tempfile.TemporaryDirectory(prefix="kesu-bench-") as folder:
        print("| rows | what | CPU s | openpyxl, CPU s | times as fast | aim | peak MB | openpyxl, peak MB |")
        print("|---:|---|---:|---:|---:|---:|---:|---:|")
        for rows, actions in ((ROWS, SMALLER), (MORE_ROWS, LARGER)):
            path = Path(folder) / f"{rows}.xlsx"
            write_decorated(path, rows)
            for action in actions:
                print(_line(action, path, rows), flush=True)
        print("\n".join(_of_the_pass(Path(folder) / "company")))


def _line(action: Action, path: Path, rows: int) -> str:
    ours = measured("tests.bench.ledger_work", REPEATED, action.name, path, rows, path.with_name("ours.xlsx"))
    measures = rows == ROWS or SLOW or action.name == "read"
    theirs = _theirs(action.name, path, rows) if measures else None
    times = theirs.cpu / ours.cpu if theirs else 0.0
    by_them = (f"{theirs.cpu:.1f}", f"{times:.1f}", f"{theirs.peak / MB:.0f}") if theirs else ("", "", "")
    return (
        f"| {rows} | {action.told} | {ours.cpu:.3f} | {by_them[0]} | {by_them[1]} | {_aim(action)} "
        f"| {ours.peak / MB:.0f} | {by_them[2]} |"
    )


def _theirs(name: str, path: Path, rows: int) -> Figures:
    often = REPEATED_SLOWLY if rows == ROWS or name == "read" else 1
    return measured("tests.bench.ledger_work", often, f"openpyxl {name}", path, rows, path.with_name("theirs.xlsx"))


def _aim(action: Action) -> str:
    aims = (
        f"≥ {action.ratio:.0f} ×" if action.ratio else "",
        f"≤ {action.seconds} s" if action.seconds else "",
        f"≤ {action.memory} MB" if action.memory else "",
    )
    return ", ".join(filter(None, aims))


def _of_the_pass(folder: Path) -> Iterator[str]:
    took = adopted(folder, ROWS)
    found = [_run("tests.bench.ledger_tick", folder) for _ in range(REPEATED)]
    yield ""
    yield f"The whole pass beside {ROWS} rows: stale cases made anew, the workbook patched, swapped, published, noted."
    yield ""
    yield "| what | CPU s | aim | peak MB |"
    yield "|---|---:|---:|---:|"
    yield f"| take over the ledger that people kept, its rows as cases | {took.cpu:.1f} | | |"
    most = max(one["peak"] for one in found) / MB
    yield f"| a tick with 10 changed cases | {median(one['cpu'] for one in found):.2f} | ≤ 0.5 s | {most:.0f} |"
    yield f"| a tick with nothing to do | {median(one['quiet'] for one in found):.3f} | | |"


def measured(module: str, often: int, *arguments: object) -> Figures:
    """Return the figures of an action, done so often."""
    found = [_run(module, *arguments) for _ in range(often)]
    return Figures(median(one["cpu"] for one in found), max(one["peak"] for one in found))


def _run(module: str, *arguments: object) -> Any:
    command = [sys.executable, "-m", module, *map(str, arguments)]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE).stdout)


if __name__ == "__main__":
    main()
