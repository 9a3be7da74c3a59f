"""Reads a large mail in a child process with bounded memory and time, so that no mail can end or swell the daemon.

One child a mail: it starts in a third of a second, where a mail of a megabyte takes as long to come in; nothing that
one mail does to it reaches the next, its memory is given back, and at rest there is none.
"""

from __future__ import annotations

import os
import pickle
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from threading import Timer
from typing import BinaryIO, Self, TypeVar

import daemon
from daemon.adapters.frames import BadFrame, receive, send
from daemon.adapters.reading_words import READY, Asks, How, Key, Question, Read, Refused, Said, Task, understood, whole
from daemon.core.directory import Directory
from daemon.intake.limits import UnreadableMail
from daemon.intake.reader import MailReader, ReadHere
from daemon.intake.reading import Known, Reading, SentNotice
from daemon.intake.sameness import content_key_of_bytes

Expected = TypeVar("Expected", Key, Read)
CHILD = "daemon.adapters.reading_child"
LARGE = 1024 * 1024  # bytes; up to here the costliest mails take the daemon 0.8 s and 40 MB (docs/understanding.md)
MOST_SAID = 8 * 1024 * 1024  # bytes of a message of the child's that is no file; a text has 60,000 characters
TIMES_OVER = 4  # what a file of Outlook holds comes beside it, and base64 is a quarter smaller decoded
MOST_QUESTIONS = 20_000  # a header of 16 KB holds 3,000 Message-IDs
MOST_REASON = 500  # characters
ENDING = 2.0  # seconds that a child may take to end once its pipe is closed
NEEDED = ("SYSTEMROOT", "LD_LIBRARY_PATH")  # without which the interpreter may not start
NO_WINDOW = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # a service of Windows opens none


class ReaderNotStarted(Exception):
    """The child did not start; that is not the mail's fault, and it is tried again."""

    def __init__(self, why: object) -> None:
        super().__init__(f"no process to read a large mail in: {why}; look for memory and processes on this machine")


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a child may take: bytes of memory and seconds of work where the system holds it to them, and seconds."""

    memory: int = 1024 * 1024 * 1024
    work: int = 30
    seconds: float = 60.0


@dataclass(frozen=True)
class ReadApart:
    """Reads mails of more than `large` bytes in a child process, and all others here."""

    large: int = LARGE
    bounds: Bounds = Bounds()
    here: MailReader = field(default_factory=ReadHere)
    command: tuple[str, ...] = (sys.executable, "-P", "-m", CHILD)

    def read(self, raw: bytes, directory: Directory, known: Known) -> Reading:
        """Read a mail.  Raises UnreadableMail, and ReaderNotStarted."""
        if len(raw) <= self.large:
            return self.here.read(raw, directory, known)
        return self._reading(How.READ, raw, directory, known)

    def read_as_complaint(self, raw: bytes, directory: Directory) -> Reading:
        """Read a mail that people say is a complaint.  Raises UnreadableMail, and ReaderNotStarted."""
        if len(raw) <= self.large:
            return self.here.read_as_complaint(raw, directory)
        return self._reading(How.AS_COMPLAINT, raw, directory, Known())

    def content_key(self, raw: bytes) -> str:
        """Return what copies of the mail have in common.  Raises ReaderNotStarted."""
        if len(raw) <= self.large:
            return self.here.content_key(raw)
        try:
            with _Child(self.command, self.bounds) as child:
                said = child.answer(How.CONTENT_KEY, raw, None, Known())
                return child.expected(said, Key).content_key
        except UnreadableMail:
            return content_key_of_bytes(raw)

    def _reading(self, how: How, raw: bytes, directory: Directory, known: Known) -> Reading:
        with _Child(self.command, self.bounds) as child:
            said = child.expected(child.answer(how, raw, directory, known), Read)
            return child.with_files(said, TIMES_OVER * len(raw))


class _Child:
    """A process that reads one mail; it ends with the with block.

    What becomes of it once it has begun is the mail's fault: every verb but the start raises UnreadableMail then.
    """

    def __init__(self, command: tuple[str, ...], bounds: Bounds) -> None:
        self._bounds, self._late = bounds, False
        self._process = _started(command)
        assert self._process.stdin
        assert self._process.stdout
        self._says: BinaryIO = self._process.stdout  # type: ignore[assignment]
        self._hears: BinaryIO = self._process.stdin  # type: ignore[assignment]
        self._timer = Timer(bounds.seconds, self._end_late)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        try:
            receive(self._says, len(READY))
        except (OSError, BadFrame) as fault:
            self.__exit__()
            raise ReaderNotStarted(f"it ended at its start with {self._process.returncode}") from fault
        return self

    def __exit__(self, *_: object) -> None:
        self._timer.cancel()
        self._process.kill()
        self._process.wait()
        for pipe in (self._hears, self._says):
            with suppress(OSError):  # what was not taken of a message
                pipe.close()

    def answer(self, how: How, raw: bytes, directory: Directory | None, known: Known) -> Said:
        """Let it read a mail, tell it what it asks meanwhile, and return what it says in the end."""
        with self._faults():
            send(self._hears, pickle.dumps(Task(how, directory, self._bounds.memory, self._bounds.work)))
            send(self._hears, raw)
        for _ in range(MOST_QUESTIONS):
            said = self._said()
            if not isinstance(said, Question):
                return said
            found = _found(said, known)
            with self._faults():
                send(self._hears, pickle.dumps(found))
        raise UnreadableMail(f"it names more than {MOST_QUESTIONS} mails and cases")

    def expected(self, said: Said, kind: type[Expected]) -> Expected:
        """Return what it says when it is of this kind."""
        if isinstance(said, Refused):
            raise UnreadableMail(said.unreadable[:MOST_REASON])
        if not isinstance(said, kind):
            raise UnreadableMail(f"the process that reads it says something else ({type(said).__name__})")
        return said

    def with_files(self, said: Read, left: int) -> Reading:
        """Take the files that follow, so many bytes at the most."""
        files: list[bytes] = []
        with self._faults():
            for _ in said.files:
                files.append(receive(self._says, left))
                left -= len(files[-1])
            return whole(said, files)

    def _said(self) -> Said:
        with self._faults():
            return understood(receive(self._says, MOST_SAID))

    @contextmanager
    def _faults(self) -> Iterator[None]:
        try:
            yield
        except (OSError, BadFrame, ValueError) as fault:
            raise UnreadableMail(self._why(fault)) from fault

    def _end_late(self) -> None:
        self._late = True
        self._process.kill()

    def _why(self, fault: Exception) -> str:
        """Return why the child says no more."""
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(ENDING)
        code = self._process.returncode
        if self._late:
            return f"reading it takes longer than {self._bounds.seconds:g} s"
        if code == -getattr(signal, "SIGXCPU", 0):
            return f"reading it takes more than {self._bounds.work} s of work"
        ended = "goes on" if code is None else f"ended with {code}"
        return f"the process that reads it {ended} ({type(fault).__name__})"


def _found(said: Question, known: Known) -> SentNotice | bool | None:
    """Look up what the child asks; what is not there is None, a case that is there True."""
    if said.asks is Asks.NUMBER:
        return known.numbers_a_case(said.key) or None
    return (known.by_message_id if said.asks is Asks.MESSAGE_ID else known.by_code).get(said.key)


def _started(command: tuple[str, ...]) -> subprocess.Popen[bytes]:
    """Start a child that finds the same modules, and knows nothing else that this process knows."""
    root = str(Path(daemon.__file__).parent.parent)
    paths = (root, *(one for one in sys.path if one))
    kept = {name: os.environ[name] for name in NEEDED if name in os.environ}
    try:
        return subprocess.Popen(  # noqa: S603 - our own interpreter and module
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**kept, "PYTHONPATH": os.pathsep.join(paths)},
            creationflags=NO_WINDOW,
        )
    except OSError as fault:
        raise ReaderNotStarted(fault) from fault
