"""`make fuzz`: the machine of tests/ledger/sharing.py from many seeds; prints how many examples, steps and ticks ran.

FUZZ_EXAMPLES and FUZZ_SEED choose how many and from which seed on; the same seed does the same.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, as_completed

from tests.fuzz.seeds import run_seed

AT_ONCE = 100  # examples of a seed
WORKERS = 2


def main() -> int:
    """Run all seeds, two side by side, and tell how it goes; return 0 when nothing was lost."""
    wanted, first = int(os.environ.get("FUZZ_EXAMPLES", "10000")), int(os.environ.get("FUZZ_SEED", "1"))
    total, failures = Counter[str](), 0
    seeds = range(first, first + -(-wanted // AT_ONCE))
    with ProcessPoolExecutor(WORKERS, mp_context=multiprocessing.get_context("spawn")) as pool:
        jobs = [pool.submit(run_seed, number, min(AT_ONCE, wanted)) for number in seeds]
        for job in as_completed(jobs):
            number, counted, failed = job.result()
            total += counted
            failures += bool(failed)
            _say(f"seed {number}: {'FAILED' if failed else 'held'}; {_counts(total)} so far")
            if failed:
                _say(failed)
    _say(f"{_counts(total)}; seeds {seeds[0]}–{seeds[-1]}, {failures} failed")
    return 1 if failures else 0


def _counts(counted: Counter[str]) -> str:
    kinds = ("examples", "steps", "ticks", "saves by LibreOffice")
    return ", ".join(f"{counted[kind]:,} {kind}" for kind in kinds)


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
