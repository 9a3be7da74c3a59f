"""`kesu run --once` under strace: where its boundaries are, and how it is killed or refused at one of them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tests.real.process import ROOT

CALLS = (
    "pwrite64", "fdatasync", "fsync", "ftruncate", "openat", "write", "rename", "renameat", "renameat2",
    "link", "linkat", "unlink", "unlinkat", "mkdir", "mkdirat", "connect", "read",
)  # fmt: skip
DAEMON = (sys.executable, "-m", "daemon", "run", "--once", "--config")
LONGEST = 120.0  # seconds; one or two are the rule, and a full disk goes through a hundred ticks
DELAY = "100s"  # how long strace holds the call at which we kill
BODY = 4096  # bytes; nothing but a mail's body is written in larger pieces
_LINE = re.compile(r"^(\d+) +(\w+)\((.*)$")
_RESULT = re.compile(r"= (-?\d+|\?)")
_PEER = re.compile(r"TCP(?:v6)?:\[.*?->.*?:(\d+)\]")


class NotReached(Exception):
    """The daemon ended before it came to the boundary at which it was to be killed."""


@dataclass(frozen=True, slots=True)
class Boundary:
    """The `nth` call of one kind; `early` says that it came before the daemon was at work (it may refuse to start)."""

    call: str
    nth: int
    kind: str
    early: bool
    fails: bool  # a disk may refuse it


@dataclass(frozen=True, slots=True)
class Call:
    """A line of strace."""

    name: str
    said: str
    nth: int

    @property
    def result(self) -> int:
        found = _RESULT.findall(self.said)
        return int(found[-1]) if found and found[-1] != "?" else -1


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run ended, and what it said."""

    code: int
    said: str
    hit: str = ""  # the call at which it was killed, or that was refused

    @property
    def crashed(self) -> bool:
        """Tell whether an exception came out at the top."""
        return self.code not in (0, -signal.SIGKILL) and not re.search(r"^kesu: ", self.said, re.MULTILINE)


def boundaries(config: Path, ports: Mapping[int, str]) -> tuple[tuple[Boundary, ...], Ended]:
    """Run undisturbed and return every boundary in order; `ports` names the servers."""
    log = config.with_name("strace.log")
    ended = _finish(_strace(config, log, ["-e", f"trace={','.join(CALLS)}"]))
    return tuple(_boundaries(_calls(log), ports)), ended


def killed_at(config: Path, boundary: Boundary) -> Ended:
    """Run until this call is asked of the system, and kill the daemon before it is carried out.

    strace can send no signal with its fast filter, so it holds the call and we kill.  Raises NotReached.
    """
    log = config.with_name("strace.log")
    held = f"inject={boundary.call}:delay_enter={DELAY}:when={boundary.nth}"
    process = _strace(config, log, ["-e", f"trace={boundary.call}", "-e", held])
    try:
        line = _held(process, log, boundary.nth)
        daemon = int(line.split()[0])
        os.kill(daemon, signal.SIGKILL)
    finally:
        process.kill()  # it would hold on to the killed one until its delay is over
        said = process.communicate()[0]
    _await_end(daemon)
    return Ended(-signal.SIGKILL, said, line)


def refused_at(config: Path, boundaries: Sequence[Boundary], error: str, *, onwards: bool = False) -> Ended:
    """Run with these calls refused by the system, once each or from then on."""
    log = config.with_name("strace.log")
    options = ["-e", f"trace={','.join(one.call for one in boundaries)}"]
    for one in boundaries:
        options += ["-e", f"inject={one.call}:error={error}:when={one.nth}{'+' if onwards else ''}"]
    ended = _finish(_strace(config, log, options))
    hits = [line for line in log.read_text("utf-8", "replace").splitlines() if line.endswith("(INJECTED)")]
    return Ended(ended.code, ended.said, hits[0] if hits else "")


def _strace(config: Path, log: Path, options: Sequence[str]) -> subprocess.Popen[str]:
    log.unlink(missing_ok=True)
    command = ["strace", "-f", "--seccomp-bpf", "-qq", "-yy", "-s", "0", "-o", str(log), *options, *DAEMON, str(config)]
    return subprocess.Popen(
        command,
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1", "PYTHONHASHSEED": "0", "PYTHONUNBUFFERED": "1"},
    )


def _finish(process: subprocess.Popen[str]) -> Ended:
    try:
        said = process.communicate(timeout=LONGEST)[0]
    except subprocess.TimeoutExpired:
        process.terminate()  # strace lets its tracee go with it
        said = process.communicate()[0] + "\n(hung)"
        return Ended(-1, said)
    return Ended(process.returncode, said)


def _held(process: subprocess.Popen[str], log: Path, nth: int) -> str:
    """Wait until strace has begun to write about the nth call and not ended, and return what it wrote."""
    limit = time.monotonic() + LONGEST
    lines = 0
    rest = ""
    while not log.exists():
        _wait(process, limit)
    with log.open(encoding="utf-8", errors="replace") as file:
        while True:
            rest += file.read()
            *whole, rest = rest.split("\n")
            lines += sum(1 for line in whole if _LINE.match(line))
            if lines == nth - 1 and "(" in rest:
                return rest
            if lines >= nth:
                raise NotReached(f"the call {nth} went by")
            _wait(process, limit)


def _wait(process: subprocess.Popen[str], limit: float) -> None:
    with suppress(subprocess.TimeoutExpired):
        process.wait(timeout=0.01)
        raise NotReached(f"ended with {process.returncode} before")
    if time.monotonic() > limit:
        raise NotReached("hung")


def _await_end(pid: int) -> None:
    """Wait until a killed process has let go of its files: then it is a zombie, or gone."""
    pause = threading.Event()
    with suppress(FileNotFoundError, ProcessLookupError):
        while Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] not in "ZX":
            pause.wait(0.001)


def _calls(log: Path) -> Iterator[Call]:
    counts: dict[str, int] = {}
    for line in log.read_text("utf-8", "replace").splitlines():
        if found := _LINE.match(line):
            name = found[2]
            counts[name] = counts.get(name, 0) + 1
            yield Call(name, found[3], counts[name])


def _boundaries(calls: Iterable[Call], ports: Mapping[int, str]) -> Iterator[Boundary]:
    """Name the boundaries; of an answer the first bytes, of a transaction's pages the first and the last.

    Between those nothing is done that outlasts the process.
    """
    early, awaited = True, ""
    nothing = Call("", "", 0)
    seen = [nothing, *calls, nothing]
    for before, call, after in zip(seen, seen[1:], seen[2:], strict=False):
        kind = _kind(call, ports)
        early = early and kind != "connect"
        if kind.startswith("answer"):
            kind, awaited = (kind, "") if kind == awaited else ("", awaited)
        elif kind.split(" ")[0] in ports.values():
            awaited = f"answer of {kind.split(' ')[0]}"
        elif kind == "page" and before.name == call.name == after.name:
            kind = ""
        if kind:
            yield Boundary(call.name, call.nth, kind, early, fails=kind in DISK)


DISK = {"page", "commit", "sync", "cut", "make", "write", "rename", "link", "remove", "folder", "log"}
_OF_CALL = {"fdatasync": "commit", "fsync": "sync", "ftruncate": "cut", "pwrite64": "page"}
_OF_NAME = {"renam": "rename", "link": "link", "linka": "link", "unlin": "remove", "mkdir": "folder"}


def _kind(call: Call, ports: Mapping[int, str]) -> str:
    """Name the boundary that a call is; nothing when it is none."""
    if call.name in {"write", "read"}:
        return _spoken(call, ports)
    if call.name == "connect":
        return "connect" if "sin_port" in call.said or "sin6_port" in call.said else ""
    if call.name == "openat":
        return "make" if "O_CREAT" in call.said else ""
    return _OF_CALL.get(call.name) or _OF_NAME.get(call.name[:5], "")


def _spoken(call: Call, ports: Mapping[int, str]) -> str:
    peer = _PEER.search(call.said)
    server = ports.get(int(peer[1]), "") if peer else ""
    if call.name == "read":
        return f"answer of {server}" if server else ""
    if server:
        return f"{server} body" if call.result > BODY else server
    return "log" if call.said.startswith(("1<", "2<")) else "write"
