"""The crash sweep: the daemon is killed, and refused by the disk, at every boundary of a whole cycle.

Run by `make crash`; tests/crash/test_share.py runs a share of it.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from tests.crash.promises import broken_promises
from tests.crash.strace import Boundary, Ended, NotReached, boundaries, killed_at, refused_at
from tests.crash.world import Beginning, World, world
from tests.sweeping import Result, Sweep

KILL = "killed"
ERRORS = ("ENOSPC", "EIO")
FULL = "disk full"
FULL_CALLS = ("pwrite64", "fsync", "ftruncate", "mkdir", "link", "rename")
FULL_EVERY = 8  # a full disk stays full: neighbouring boundaries lead to the same


@dataclass(frozen=True, slots=True)
class Job:
    """One disturbance of one run; `calls` are those that a full disk refuses from the boundary on."""

    beginning: Beginning
    boundary: Boundary
    fault: str
    calls: tuple[Boundary, ...]

    def __str__(self) -> str:
        return f"{self.beginning.name}: {self.fault} at {self.boundary.call} {self.boundary.nth} ({self.boundary.kind})"


def jobs_of(beginning: Beginning) -> tuple[Job, ...]:
    """Return all disturbances of this beginning's run, by its boundaries."""
    with world(beginning, f"look-{beginning.name}") as undisturbed:
        found, ended = boundaries(undisturbed.config, undisturbed.ports)
        problems = undisturbed.recover(broken_promises)
    if ended.code or problems:
        raise AssertionError(f"the undisturbed run is no measure: {ended.code} {problems}\n{ended.said}")
    return tuple(_jobs(beginning, found))


def _jobs(beginning: Beginning, found: Sequence[Boundary]) -> Iterator[Job]:
    yield from (Job(beginning, one, KILL, (one,)) for one in found)
    refusing = [one for one in found if one.fails]
    yield from (Job(beginning, one, error, (one,)) for one in refusing for error in ERRORS)
    for place in range(0, len(refusing), FULL_EVERY):
        firsts = {one.call: one for one in reversed(refusing[place:]) if one.call in FULL_CALLS}
        if firsts:
            yield Job(beginning, refusing[place], FULL, tuple(firsts.values()))


def carry_out(job: Job) -> Result:
    """Run disturbed, start again undisturbed, and look at what was promised."""
    with world(job.beginning, f"w{os.getpid()}-{time.monotonic_ns()}") as place:
        try:
            ended = _disturbed(job, place)
        except NotReached as fault:
            ended = Ended(0, str(fault))
        problems = list(_ending(job, ended))
        try:
            problems += place.recover(broken_promises)
        except Exception as fault:  # noqa: BLE001  # whatever it is, it is the finding
            problems.append(f"the daemon does not start again: {type(fault).__name__}: {fault}")
        repeats = len(place.sink.mails) - len({mail.raw for mail in place.sink.mails})
        said = "\n".join((ended.hit, ended.said, *place.said)) if problems else ""
        return Result(job, tuple(problems), bool(ended.hit), repeats, said)


def _disturbed(job: Job, place: World) -> Ended:
    if job.fault == KILL:
        return killed_at(place.config, job.boundary)
    if job.fault == FULL:
        return refused_at(place.config, job.calls, "ENOSPC", onwards=True)
    return refused_at(place.config, job.calls, job.fault)


def _ending(job: Job, ended: Ended) -> Iterator[str]:
    if job.fault != KILL and (ended.crashed or (ended.code and not job.boundary.early)):
        last = (ended.said.strip().splitlines() or ["nothing"])[-1]
        yield f"the daemon died of it, with {ended.code}, and said: {last[:200]}"


def table(results: Sequence[Result]) -> str:
    """Return the counts in Markdown: a row a kind of boundary."""
    heads = ("beginning", "boundary", "places", KILL, *ERRORS, FULL, "not reached", "mails repeated", "failed")
    lines = [f"| {' | '.join(heads)} |", f"|{'---|' * len(heads)}"]
    for beginning, kind in dict.fromkeys((one.job.beginning.name, one.job.boundary.kind) for one in sorted_(results)):
        some = [one for one in results if (one.job.beginning.name, one.job.boundary.kind) == (beginning, kind)]
        lines.append(f"| {beginning} | {kind} | {' | '.join(map(str, _counts(some)))} |")
    lines.append(f"| all | | {' | '.join(map(str, _counts(results)))} |")
    return "\n".join(lines)


def sorted_(results: Sequence[Result]) -> list[Result]:
    """Return the results by beginning and kind."""
    return sorted(results, key=lambda one: (one.job.beginning.name != "first", one.job.boundary.kind))


def _counts(results: Sequence[Result]) -> tuple[int, ...]:
    faults = Counter(one.job.fault for one in results)
    return (
        len({(one.job.beginning.name, one.job.boundary) for one in results}),
        *(faults[fault] for fault in (KILL, *ERRORS, FULL)),
        sum(1 for one in results if not one.hit),
        sum(one.repeats for one in results),
        sum(1 for one in results if one.problems),
    )


SWEEP = Sweep(jobs_of, carry_out, table)

if __name__ == "__main__":
    sys.exit(SWEEP.main(__doc__))
