"""The bench: `python -m tests.bench`, or `make bench`; BENCH_MAILS and BENCH_ROWS make it smaller.  Prints tables."""

from __future__ import annotations

import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from openpyxl import load_workbook

from daemon.ledger.columns import MAIN_SHEET
from tests.bench.company import ROOT, Sink, deliver, sink, write_config
from tests.bench.grown import grow
from tests.bench.letters import letters
from tests.bench.measured import memory_of
from tests.bench.tables import Bench, Run, report
from tests.real.process import looking, running
from tests.servers.certificates import make_authority
from tests.servers.dovecot import PASSWORD, Dovecot, missing
from tests.servers.dovecot import running as dovecot_running

MAILS = int(os.environ.get("BENCH_MAILS", "1000"))
ROWS = int(os.environ.get("BENCH_ROWS", "10000"))
SCRIPT_MAILS, SCRIPT_MAILS_GROWN = 20, 3
REPEATED = 3
HELPED = 5


@dataclass(frozen=True)
class Place:
    """The servers and the folder of one bench."""

    folder: Path
    dovecot: Dovecot
    sink: Sink

    def company(self, name: str) -> Path:
        """Make a company of its own, its mailbox with all the mails, and return its config.toml."""
        config = write_config(self.folder / name, self.dovecot, self.sink.port, name)
        self.mailbox(name)
        return config

    def mailbox(self, name: str, count: int = MAILS) -> None:
        """Make a mailbox with so many of the mails."""
        deliver(self.dovecot, name, (one.bytes() for one in letters(count)))

    def plan(self, name: str, **more: object) -> Path:
        """Write down for another program where everything is."""
        folder = self.folder / name
        folder.mkdir()
        told = {
            "imap_port": self.dovecot.tls_port,
            "smtp_port": self.sink.port,
            "ca_file": str(self.dovecot.ca_file),
            "user": name,
            "password": PASSWORD,
            "folder": str(folder),
        }
        path = folder / "plan.json"
        path.write_text(json.dumps(told | more), "utf-8")
        return path


@contextmanager
def place() -> Iterator[Place]:
    """Start the servers in a folder that is gone at the end."""
    folder = Path(tempfile.mkdtemp(prefix="kesu-bench-"))
    try:
        authority = make_authority(folder / "authority", "kesu bench CA")
        with dovecot_running(authority) as dovecot, sink(authority) as smtp:
            yield Place(folder, dovecot, smtp)
    finally:
        shutil.rmtree(folder)


def say(words: str) -> None:
    """Tell on stderr how far it is, so that the tables on stdout can be redirected."""
    print(words, file=sys.stderr, flush=True)


def program(module: str, *arguments: object) -> Any:
    """Run another program of the bench and return what it says."""
    command = [sys.executable, "-m", f"tests.bench.{module}", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE)
    return json.loads(done.stdout)


def run_once(place: Place, config: Path) -> Run:
    """Let the daemon work until all is quiet, in a process of its own, and count what came out of it."""
    place.sink.taken()
    out, log = config.with_name("measured.json"), config.with_name("kesu.log")
    before = _made(config)
    since = perf_counter()
    with log.open("wb") as stderr:
        command = [sys.executable, "-m", "tests.bench.measured", out, "run", "--once", "--config", config]
        subprocess.run(list(map(str, command)), cwd=ROOT, check=True, stderr=stderr)
    seconds, after, told = perf_counter() - since, _made(config), json.loads(out.read_text("utf-8"))
    made = {name: after[name] - before[name] for name in after} | {"sent": place.sink.taken()["ids"]}
    assert "ERROR" not in log.read_text("utf-8"), f"the daemon had faults: {log.read_text('utf-8')[-3000:]}"
    return Run(seconds, told["cpu"], told["peak"], told["stages"], made)


def _made(config: Path) -> dict[str, int]:
    """Return how many cases, ledger rows and 8D files there are."""
    if not (config.parent / "state" / "kesu.db").exists():
        return {"cases": 0, "rows": 0, "files": 0}
    with looking(config) as store:
        cases = sum(1 for _ in store.cases())
    files = len(list((config.parent / "ledger" / "8D").rglob("*.docx")))
    return {"cases": cases, "rows": len(_rows(config)), "files": files}


def _rows(config: Path) -> list[Any]:
    path = config.parent / "ledger" / "客诉台账.xlsx"
    if not path.exists():
        return []
    workbook = load_workbook(path, read_only=True)
    rows = [row for row in workbook[MAIN_SHEET].iter_rows(min_row=2, max_col=1, values_only=True) if row[0]]
    workbook.close()
    return rows


def check(run: Run) -> None:
    """Raise unless every mail became a case, a row, an 8D and at least two mails."""
    wanted = {"cases": MAILS, "rows": MAILS, "files": MAILS}
    assert {name: run.made[name] for name in wanted} == wanted, run.made
    assert run.made["sent"] >= 2 * MAILS, run.made


def floors(place: Place, config: Path) -> dict[str, dict[str, float]]:
    """Return the seconds of each floor, wall and CPU: the median of several runs."""
    form = next((config.parent / "ledger" / "8D").rglob("*.docx"))
    workbook = load_workbook(config.parent / "ledger" / "客诉台账.xlsx", read_only=True)
    columns = workbook[MAIN_SHEET].max_column
    workbook.close()
    found = []
    for number in range(REPEATED):
        place.mailbox(name := f"floor{number}")
        more = {"count": MAILS, "grown": MAILS + ROWS, "form": str(form), "columns": columns}
        found.append(program("floors", place.plan(name, **more)))
    return {
        stage: {kind: statistics.median(one[stage][kind] for one in found) for kind in ("wall", "cpu")}
        for stage in found[0]
    }


def script(place: Place, name: str, mails: int, workbook: Path | None = None) -> dict[str, float]:
    """Return the seconds that the script needs for a mail, by stage."""
    place.mailbox(name, mails)
    ledger = place.folder / f"{name}.xlsx"
    if workbook:
        shutil.copyfile(workbook, ledger)
    told = program("script", place.plan(name, workbook=str(ledger)), mails)
    return {stage: seconds / told["mails"] for stage, seconds in told["stages"].items()}


def at_rest(config: Path) -> int:
    """Return the memory of a daemon that has nothing to do, in bytes."""
    with running(config) as daemon:
        for _ in range(2):
            daemon.settle(tuple)
        return memory_of(daemon.pid, "VmRSS")


def median_of(times: int, work: Callable[[], object]) -> float:
    """Return the median of the seconds that some work takes."""
    found = []
    for _ in range(times):
        since = perf_counter()
        work()
        found.append(perf_counter() - since)
    return statistics.median(found)


def help_seconds() -> float:
    """Return how long `kesu --help` takes."""
    command = [sys.executable, "-m", "daemon", "--help"]
    return median_of(HELPED, lambda: subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL))


def machine() -> str:
    """Return what the figures were measured on."""
    model = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text("utf-8").splitlines()
            if "model name" in line
        ),
        platform.machine(),
    )
    return f"{os.cpu_count()} cores ({model}), Python {platform.python_version()}"


def bench(place: Place) -> Bench:
    """Measure everything."""
    say("`kesu --help` …")
    helped = help_seconds()
    say(f"{MAILS} mails into an empty ledger …")
    empty = run_once(place, config := place.company("empty"))
    check(empty)
    rest = at_rest(config)
    say("the floors …")
    least = floors(place, config)
    say(f"the script, {SCRIPT_MAILS} mails …")
    by_hand = script(place, "script", SCRIPT_MAILS)
    say(f"a store of {ROWS} cases …")
    config = write_config(place.folder / "grown", place.dovecot, place.sink.port, "grown")
    grow(config, ROWS)
    settled = run_once(place, config)
    say(f"{MAILS} mails into a ledger of {ROWS} rows …")
    place.mailbox("grown")
    grown = run_once(place, config)
    check(grown)
    say(f"the script with a ledger of {ROWS} rows, {SCRIPT_MAILS_GROWN} mails …")
    by_hand_grown = script(place, "scriptgrown", SCRIPT_MAILS_GROWN, config.parent / "ledger" / "客诉台账.xlsx")
    return Bench(MAILS, ROWS, machine(), helped, rest, empty, settled, grown, least, by_hand, by_hand_grown)


def main() -> None:
    """Measure, and print the tables."""
    if gone := missing("dovecot", "openssl"):
        raise SystemExit(gone)
    with place() as here:
        print(report(bench(here)))


if __name__ == "__main__":
    main()
