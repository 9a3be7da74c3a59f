"""How a sweep is run: all its jobs, two side by side, with what they came to; for `make crash` and `make faults`."""

from __future__ import annotations

import argparse
import logging
import multiprocessing
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.crash.promises import broken_promises, counted
from tests.crash.world import Beginning, first_start, ground, second_day

WORKERS = 2
TOLD_EVERY = 50  # runs
Tell = Callable[[str], object]
Choose = Callable[[Sequence[Any]], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run and the recovery after it came to; `hit` is false when the disturbance did not come about."""

    job: Any  # told by str()
    problems: tuple[str, ...]
    hit: bool
    repeats: int  # mails that were sent more than once
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sweep:
    """The jobs of a beginning, what carrying one out comes to, and the table of what all came to."""

    jobs_of: Callable[[Beginning], Iterable[Any]]
    carry_out: Callable[[Any], Result]
    table: Callable[[Sequence[Result]], str]

    def run(self, choose: Choose, tell: Tell) -> tuple[Result, ...]:
        """Carry out the jobs that are chosen from all, two side by side, and return what they came to."""
        with ground() as there:
            first = first_start(there)
            begins = (first, second_day(there, first, broken_promises))
            jobs = choose([job for begin in begins for job in self.jobs_of(begin)])
            results: list[Result] = []
            started = time.monotonic()
            apart = multiprocessing.get_context("spawn")
            with ProcessPoolExecutor(WORKERS, mp_context=apart, initializer=_quiet) as pool:
                for done in as_completed([pool.submit(self.carry_out, job) for job in jobs]):
                    results.append(done.result())
                    _tell_progress(results, len(jobs), time.monotonic() - started, tell)
            return tuple(results)

    def main(self, description: str | None, arguments: Sequence[str] | None = None) -> int:
        """Sweep, print the counts, and return 0 when every promise held."""
        parser = argparse.ArgumentParser(description=description)
        parser.add_argument("--every", type=int, default=1, help="only every nth")
        parser.add_argument("--only", default="", help="only those whose name holds this")
        parser.add_argument("--logs", type=Path, help="write what failing runs said into this folder")
        said = parser.parse_args(arguments)
        _quiet()
        results = self.run(lambda jobs: [job for job in jobs if said.only in str(job)][:: said.every], _say)
        _say(self.table(results))
        failed = [one for one in results if one.problems]
        for problem, times in counted(problem for one in failed for problem in one.problems).items():
            _say(f"{times} × {problem}")
        if said.logs:
            _write(said.logs, failed)
        return 1 if failed else 0


def _quiet() -> None:
    """Keep the SMTP server's words on what is done to it to itself."""
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)


def _tell_progress(results: Sequence[Result], total: int, seconds: float, tell: Tell) -> None:
    result = results[-1]
    for problem in result.problems:
        tell(f"  {result.job}: {problem}")
    if len(results) % TOLD_EVERY == 0 or len(results) == total:
        failed = sum(1 for one in results if one.problems)
        tell(f"{len(results)} of {total} runs, {failed} failed, {seconds:.0f} s")


def _write(folder: Path, failed: Sequence[Result]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for number, one in enumerate(failed):
        (folder / f"{number:03}.log").write_text("\n".join((str(one.job), *one.problems, one.said)), "utf-8")


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
