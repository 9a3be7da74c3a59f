"""LibreOffice, for the tests that let it open our files, work in them and save them."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from threading import Timer
from typing import Any
from uuid import uuid4

import pytest

REQUIRED = "KESU_REQUIRE_SERVERS"
needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get(REQUIRED),
    reason="needs LibreOffice on this machine",
)
HANDS = Path(__file__).with_name("uno_hands.py")
PATIENCE = 120  # seconds for one piece of work, the first start among them; it takes one as a rule
PARTING = 30
Deed = tuple[Any, ...]


def missing() -> str:
    """Return what is not on this machine that it takes to work in LibreOffice, empty when all is."""
    if shutil.which("soffice") is None:
        return "soffice is not installed"
    return "" if _python() else "no python3 here has LibreOffice's module `uno` (Debian: python3-uno)"


def _python() -> str:
    """Return a Python that can speak to LibreOffice: its own, or the system's; empty when there is none."""
    program = Path(shutil.which("soffice") or "").resolve().parent
    own = [program / "python", program / "python.exe", program.parent / "Resources" / "python"]
    found = (*own, Path("/usr/bin/python3"), *(Path(at, "python3") for at in os.get_exec_path()))
    return next((str(one) for one in found if one.is_file() and _has_uno(one)), "")


def _has_uno(python: Path) -> bool:
    asked = subprocess.run([python, "-I", "-c", "import uno"], capture_output=True, timeout=PATIENCE, check=False)
    return asked.returncode == 0


@dataclass(frozen=True)
class LibreOffice:
    """A LibreOffice that runs, and the process that works in it."""

    hands: subprocess.Popen[str]
    folder: Path

    def worked(self, data: bytes, deeds: Sequence[Deed]) -> bytes:
        """Return a workbook as LibreOffice saves it after these deeds (uno_hands.py) in its first sheet."""
        before, after = self.folder / "before.xlsx", self.folder / "after.xlsx"
        before.write_bytes(data)
        after.unlink(missing_ok=True)
        assert self.hands.stdin
        assert self.hands.stdout
        self.hands.stdin.write(json.dumps({"open": str(before), "do": list(deeds), "save": str(after)}) + "\n")
        self.hands.stdin.flush()
        limit = Timer(PATIENCE, self.hands.kill)
        limit.start()
        answer = self.hands.stdout.readline()
        limit.cancel()
        fault = json.loads(answer) if answer else "LibreOffice gave no answer"
        assert not fault, fault
        return after.read_bytes()


def at_hand() -> AbstractContextManager[LibreOffice | None]:
    """Run a LibreOffice where there is one, and where there must be one."""
    return nullcontext() if missing() and not os.environ.get(REQUIRED) else running()


@contextmanager
def running() -> Iterator[LibreOffice]:
    """Run a LibreOffice with a profile of its own, and end it."""
    with tempfile.TemporaryDirectory() as folder:
        pipe = f"kesu-{uuid4().hex}"
        office = _started(pipe, Path(folder))
        hands = subprocess.Popen(
            [_python(), "-I", str(HANDS), pipe], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        try:
            yield LibreOffice(hands, Path(folder))
        finally:
            _ended(office, hands)


def _started(pipe: str, folder: Path) -> subprocess.Popen[bytes]:
    command = [
        shutil.which("soffice") or "soffice",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck"),
        f"--accept=pipe,name={pipe};urp;",
    ]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=quiet, stdout=quiet, stderr=quiet, start_new_session=True)


def _ended(office: subprocess.Popen[bytes], hands: subprocess.Popen[str]) -> None:
    """Let it end as it likes, and end it when it does not."""
    try:
        hands.communicate(timeout=PARTING)
        office.wait(PARTING)
    except subprocess.TimeoutExpired:
        hands.kill()
        hands.communicate()
        os.killpg(office.pid, signal.SIGKILL)  # it leads a group of its own, which has nobody else in it
        office.wait()
