"""The daemon's own process, with a stopwatch on each stage: `python -m tests.bench.measured OUT VERB ARGUMENT…`.

It runs the verb as `kesu` does; when it ends it writes down the time of each stage and the peak of its memory.
"""

from __future__ import annotations

import functools
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

# Where each stage is entered; the time of a stage inside another one is the inner one's alone.
PASSES = {
    "fetch_pass": "fetch",
    "decide_pass": "decide and commit",
    "shelve_pass": "shelve",
    "rendering_pass": "write mails",
    "outbox_pass": "send",
    "ledger_pass": "ledger",
}
INNER = {
    ("daemon.intake.reader", "read"): "understand",
    ("daemon.passes.rendering", "report_file"): "8D files",
}
OTHER = "other passes"


@dataclass
class Lap:
    """The time of a stage so far, in seconds, and how often it was entered."""

    wall: float = 0.0
    cpu: float = 0.0
    calls: int = 0


@dataclass
class Stopwatch:
    """Gives every moment to the innermost stage that runs."""

    laps: dict[str, Lap] = field(default_factory=dict)
    running: list[str] = field(default_factory=list)
    since: tuple[float, float] = (0.0, 0.0)

    def enter(self, stage: str) -> None:
        self._note()
        self.running.append(stage)
        self.laps.setdefault(stage, Lap()).calls += 1

    def leave(self) -> None:
        self._note()
        self.running.pop()

    def _note(self) -> None:
        now = perf_counter(), process_time()
        if self.running:
            lap = self.laps[self.running[-1]]
            lap.wall += now[0] - self.since[0]
            lap.cpu += now[1] - self.since[1]
        self.since = now

    def timed(self, stage: str, work: Callable[..., Any], *, whole: bool = False) -> Callable[..., Any]:
        """Return the same work under this stage's name; `whole` for a generator, which is run to its end."""

        @functools.wraps(work)
        def run(*arguments: Any, **named: Any) -> Any:
            self.enter(stage)
            try:
                found = work(*arguments, **named)
                return list(found) if whole else found
            finally:
                self.leave()

        return run


def peak_memory() -> int:
    """Return the most memory that this process held, in bytes.

    The system keeps it per program; getrusage's ru_maxrss would count the parent's size at the fork as well.
    """
    return memory_of("self", "VmHWM")


def memory_of(process: int | str, what: str) -> int:
    """Return a figure of a process in bytes: VmRSS is its memory now, VmHWM the most that it held."""
    lines = Path(f"/proc/{process}/status").read_text(encoding="utf-8").splitlines()
    (line,) = (line for line in lines if line.startswith(f"{what}:"))
    return int(line.split()[1]) * 1024


def _watch(watch: Stopwatch) -> None:
    service = import_module("daemon.service")
    service.PASSES = tuple(_timed_pass(watch, one) for one in service.PASSES)  # type: ignore[attr-defined]
    for (module, name), stage in INNER.items():
        place = import_module(module)
        setattr(place, name, watch.timed(stage, getattr(place, name)))


def _timed_pass(watch: Stopwatch, one: Callable[..., Iterable[object]]) -> Callable[..., Any]:
    return watch.timed(PASSES.get(one.__name__, OTHER), one, whole=True)


def main(out: str, *command: str) -> int:
    """Run a verb under the stopwatch."""
    from daemon.cli import main as kesu  # noqa: PLC0415 - its time counts as the start

    watch = Stopwatch()
    _watch(watch)
    code = kesu(command)
    told = {
        "stages": {name: vars(lap) for name, lap in watch.laps.items()},
        "wall": perf_counter() - STARTED,
        "cpu": process_time(),
        "peak": peak_memory(),
    }
    Path(out).write_text(json.dumps(told), "utf-8")
    return code


STARTED = perf_counter()

if __name__ == "__main__":
    raise SystemExit(main(*sys.argv[1:]))
