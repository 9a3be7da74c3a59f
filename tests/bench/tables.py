"""The tables of the bench, in Markdown, as docs/performance.md shows them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

MB = 1_000_000
GROWN_LEDGER = "ledger, grown"
STAGES = {
    "fetch": "one IMAP FETCH of all",
    "understand": "compat32 parsing",
    "decide and commit": "one SQLite FULL commit a mail",
    "shelve": "one IMAP MOVE of all",
    "8D files": "a template prepared once",
    "write mails": "bytes built by hand",
    "send": "one SMTP connection",
    "ledger": "openpyxl write-only, plain cells, once",
}


@dataclass(frozen=True)
class Run:
    """What one run of the daemon took and made."""

    seconds: float
    cpu: float
    peak: int
    stages: Mapping[str, Mapping[str, float]]
    made: Mapping[str, int]


@dataclass(frozen=True)
class Bench:
    """All that was measured; the scripts' seconds are those of one mail."""

    mails: int
    rows: int
    machine: str
    help: float
    rest: int
    empty: Run
    settled: Run
    grown: Run
    floors: Mapping[str, Mapping[str, float]]
    script: Mapping[str, float]
    script_grown: Mapping[str, float]


def report(bench: Bench) -> str:
    """Return the tables."""
    return "\n".join((*_head(bench), *_into_empty(bench), *_into_grown(bench)))


def _head(bench: Bench) -> Iterator[str]:
    yield f"{bench.machine}.  IMAP and SMTP over TLS on loopback; SQLite on disk, WAL, synchronous=FULL."
    yield ""
    yield "| what | measured | aim |"
    yield "|---|---:|---:|"
    yield f"| {bench.mails} mails into an empty ledger | {bench.empty.seconds:.1f} s | ≤ 12 s |"
    yield f"| {bench.mails} mails into a ledger of {bench.rows} rows | {bench.grown.seconds:.1f} s | |"
    yield f"| memory at its peak, empty ledger | {bench.empty.peak / MB:.0f} MB | ≤ 150 MB |"
    yield f"| memory at its peak, ledger of {bench.rows} rows | {bench.grown.peak / MB:.0f} MB | |"
    yield f"| memory at rest | {bench.rest / MB:.0f} MB | ≤ 90 MB |"
    yield f"| `kesu --help` | {bench.help:.2f} s | ≤ 0.4 s |"


def _into_empty(bench: Bench) -> Iterator[str]:
    made = bench.empty.made
    yield ""
    yield (
        f"{bench.mails} mails → {made['cases']} cases, {made['rows']} ledger rows, {made['files']} 8D files, "
        f"{made['sent']} sent mails, into an empty ledger:"
    )
    yield from _stages(bench, bench.empty, bench.script, "ledger")


def _into_grown(bench: Bench) -> Iterator[str]:
    yield ""
    yield f"The same into a ledger of {bench.rows} rows:"
    yield from _stages(bench, bench.grown, bench.script_grown, GROWN_LEDGER)


def _stages(bench: Bench, run: Run, script: Mapping[str, float], ledger: str) -> Iterator[str]:
    yield ""
    yield f"| stage | wall s | CPU s | mails/s | floor, wall s | × floor | script, s for {bench.mails} | floor is |"
    yield "|---|---:|---:|---:|---:|---:|---:|---|"
    for stage, what in STAGES.items():
        lap = run.stages.get(stage, {"wall": 0.0, "cpu": 0.0})
        floor = bench.floors[ledger if stage == "ledger" else stage]["wall"]
        by_hand = f"{script[stage] * bench.mails:.1f}" if stage in script else ""
        yield (
            f"| {stage} | {lap['wall']:.2f} | {lap['cpu']:.2f} | {bench.mails / max(lap['wall'], 1e-9):.0f} "
            f"| {floor:.2f} | {lap['wall'] / floor:.1f} | {by_hand} | {what} |"
        )
    yield from _sums(bench, run, script, ledger)


def _sums(bench: Bench, run: Run, script: Mapping[str, float], ledger: str) -> Iterator[str]:
    known = [lap for stage, lap in run.stages.items() if stage in STAGES]
    wall, cpu = (sum(lap[kind] for lap in known) for kind in ("wall", "cpu"))
    yield f"| start, log, other passes | {run.seconds - wall:.2f} | {run.cpu - cpu:.2f} | | | | | |"
    floor = sum(bench.floors[ledger if stage == "ledger" else stage]["wall"] for stage in STAGES)
    by_hand = sum(script.values()) * bench.mails
    yield (
        f"| **all** | **{run.seconds:.1f}** | **{run.cpu:.1f}** | **{bench.mails / run.seconds:.0f}** "
        f"| **{floor:.2f}** | **{run.seconds / floor:.1f}** | **{by_hand:.0f}** | |"
    )
