"""`kesu run` as a process of its own, and how a test waits for it: bounded, and never by sleeping."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.store import SqlStore, StoreMissing, open_store
from daemon.config import load_config
from daemon.wiring import store_address

ROOT = Path(__file__).parent.parent.parent
KESU = (sys.executable, "-m", "daemon")
LONGEST_WAIT = 60.0  # seconds; a few are the rule


@dataclass(frozen=True)
class Running:
    """A daemon at work; `log` is what it says on stderr."""

    process: subprocess.Popen[bytes]
    config: Path
    log: Path

    @property
    def pid(self) -> int:
        return self.process.pid

    def until(self, what: str, done: Callable[[], object]) -> None:
        """Wait until something is so; fail when it is not in time, or when the daemon ends before."""
        limit = time.monotonic() + LONGEST_WAIT
        while not done():
            assert time.monotonic() < limit, f"waited in vain until {what}:\n{self.said()}"
            try:
                code = self.process.wait(timeout=0.1)
            except subprocess.TimeoutExpired:
                continue
            raise AssertionError(f"the daemon ended with {code} before {what}:\n{self.said()}")

    def settle(self, inbox: Callable[[], object]) -> None:
        """Wait until the inbox is empty and all mails are out, then for the end of a tick: the ledger comes last."""
        self.until("all is dealt with", lambda: not inbox() and self._idle())
        seen = self._recall("tick")
        self.until("one tick more", lambda: self._recall("tick") != seen)

    def stop(self) -> int:
        """Ask it to stop, as the system does, and return its exit code."""
        self.process.terminate()
        return self.process.wait(timeout=LONGEST_WAIT)

    def kill(self) -> None:
        """End it at once, as a power cut does."""
        self.process.kill()
        self.process.wait(timeout=LONGEST_WAIT)

    def said(self) -> str:
        """Return the end of its log."""
        return self.log.read_text(encoding="utf-8")[-6000:]

    def _idle(self) -> bool:
        try:
            with looking(self.config) as store:
                counts = store.counts()
        except StoreMissing:
            return False
        return not any(counts.get(key) for key in ("mails.new", "outbox.planned", "outbox.ready"))

    def _recall(self, key: str) -> str | None:
        with looking(self.config) as store:
            return store.recall(key)


@contextmanager
def running(config: Path) -> Iterator[Running]:
    """Start the daemon; whatever happens, it is gone at the end."""
    log = config.with_name("kesu.log")
    with log.open("ab") as output:
        process = subprocess.Popen([*KESU, "run", "--config", str(config)], cwd=ROOT, stdout=output, stderr=output)
    try:
        yield Running(process, config, log)
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(timeout=LONGEST_WAIT)


def kesu(config: Path, verb: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run another verb to its end."""
    command = [*KESU, verb, "--config", str(config), *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=LONGEST_WAIT, check=False)


@contextmanager
def looking(config: Path) -> Iterator[SqlStore]:
    """Look into the store beside the daemon, as reading verbs do."""
    store = open_store(store_address(load_config(config)), read_only=True)
    try:
        yield store
    finally:
        store.close()
