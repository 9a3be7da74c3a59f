"""What hostile mails cost to read: `python -m tests.bench.costly`, or `make costly`.  Prints a table.

Mails of COSTLY_MB (5 and 50), of every shape of `hostile`.  Each is read in a process of its own that imports only what
reading needs: its CPU seconds for the mail, and the most memory that it held (VmHWM).  The large ones are read once
more as the daemon reads them, in a child process: the CPU seconds of both, the child's start included.
Words after the command choose the shapes whose names hold them all.
"""

from __future__ import annotations

import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from daemon.adapters.reading_apart import LARGE, ReadApart
from daemon.intake.limits import UnreadableMail
from tests.bench.company import ROOT
from tests.bench.hostile import SHAPES, made
from tests.intake.conftest import CORPUS, company_of
from tests.intake.conftest import known as our_mails

SIZES = tuple(float(one) for one in os.environ.get("COSTLY_MB", "5 50").split())
LONGEST = 60.0  # seconds after which a reading is given up, and told as such
MB = 1024 * 1024
AIMS = ((5.5, 1.0, 200), (51.0, 5.0, 0))  # up to so many MB: seconds, MB
DIRECTORY, KNOWN = company_of(CORPUS)[0], our_mails.__wrapped__()


def measured(path: Path) -> dict[str, Any]:
    """Read the mail in a process of its own and tell what it cost."""
    command = [sys.executable, "-m", "tests.bench.one_mail", str(path)]
    company = pickle.dumps((DIRECTORY, KNOWN))
    try:
        done = subprocess.run(command, cwd=ROOT, input=company, stdout=subprocess.PIPE, timeout=LONGEST, check=True)
    except subprocess.TimeoutExpired:
        return {"said": f"given up after {LONGEST:.0f} s", "cpu": LONGEST, "peak": 0}
    except subprocess.CalledProcessError as fault:
        return {"said": f"died: {fault.returncode}", "cpu": 0.0, "peak": 0}
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def apart(raw: bytes) -> float:
    """Return the CPU seconds of the daemon and its child for a mail."""
    since = sum(os.times()[:4])
    with suppress(UnreadableMail):
        ReadApart().read(raw, DIRECTORY, KNOWN)
    return sum(os.times()[:4]) - since


def line(name: str, path: Path) -> str:
    """Measure a mail, and return its line of the table."""
    size, one = path.stat().st_size, measured(path)
    both = apart(path.read_bytes()) if size > LARGE else one["cpu"]
    seconds, memory = next((aim[1:] for aim in AIMS if size <= aim[0] * MB), (0.0, 0))
    took = both if seconds > 1 else one["cpu"]
    missed = took > seconds or (memory and one["peak"] > memory * MB)
    told = f"{one['cpu']:.2f} | {one['peak'] / MB:.0f} | {both:.2f} | {'**missed** ' if missed else ''}{one['said']}"
    return f"| {name} | {size / MB:.0f} | {told} |"


def lines(words: list[str]) -> Iterator[str]:
    """Yield the table."""
    yield "| shape | MB | CPU s | peak MB | child, CPU s | what came of it |"
    yield "|---|---:|---:|---:|---:|---|"
    with tempfile.TemporaryDirectory(prefix="kesu-costly-") as folder:
        path = Path(folder) / "mail.eml"
        for size in SIZES:
            for name in SHAPES:
                if all(word in name for word in words):
                    path.write_bytes(made(name, int(size * MB)))
                    yield line(name, path)


def main(words: list[str]) -> None:
    """Print the table, a line as it is known."""
    for one in lines(words):
        print(one, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
