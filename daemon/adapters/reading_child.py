"""The child that reads one mail: `python -m daemon.adapters.reading_child`, spoken with by `reading_apart`.

It reads no file, and knows of the store what the daemon answers.  Its memory and its time are bounded by the system
where that can be asked for it.
"""

from __future__ import annotations

import pickle
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from typing import Any, BinaryIO

from daemon.adapters.frames import receive, send
from daemon.adapters.reading_words import READY, Asks, How, Key, Question, Refused, Task, words, words_of
from daemon.intake.limits import MAX_MAIL, TOO_MUCH, UnreadableMail
from daemon.intake.read import read, read_as_complaint
from daemon.intake.reading import Known, Reading, SentNotice
from daemon.intake.sameness import content_key

MOST_TOLD = 64 * 1024 * 1024  # bytes of a message of the daemon's


class _Asked(Mapping[str, SentNotice]):
    """A mapping that asks the daemon for each key; it cannot be walked."""

    def __init__(self, asks: Asks, daemon: Daemon) -> None:
        self._asks, self._daemon = asks, daemon

    def __getitem__(self, key: str) -> SentNotice:
        found: SentNotice | None = self._daemon.ask(self._asks, key)
        if found is None:
            raise KeyError(key)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


class Daemon:
    """The daemon, at the other end of the pipes."""

    def __init__(self, hears: BinaryIO, says: BinaryIO) -> None:
        self._hears, self._says = hears, says

    def say(self, data: bytes) -> None:
        """Say something."""
        send(self._says, data)

    def told(self) -> Any:
        """Return what the daemon says; that is trusted."""
        return pickle.loads(receive(self._hears, MOST_TOLD))  # noqa: S301 - from our own parent

    def mail(self) -> bytes:
        """Return the mail."""
        return receive(self._hears, MAX_MAIL)

    def ask(self, asks: Asks, key: str) -> Any:
        """Ask what the daemon knows of our own mails and cases."""
        self.say(words(Question(asks, key)))
        return self.told()


def _bound(memory: int, seconds: int) -> None:
    """Let the system hold this process to so many bytes and seconds of work; Windows knows no such bounds."""
    with suppress(ImportError, OSError, ValueError):
        import resource  # noqa: PLC0415 - not everywhere

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 1))  # the signal that says why, then the other
        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))


def _serve(daemon: Daemon) -> None:
    daemon.say(READY)
    task: Task = daemon.told()
    _bound(task.memory, task.work)
    try:
        _carry_out(task, daemon)
    except UnreadableMail as fault:
        daemon.say(words(Refused(fault.reason)))
    except MemoryError:
        daemon.say(words(Refused(TOO_MUCH)))


def _carry_out(task: Task, daemon: Daemon) -> None:
    raw = daemon.mail()
    if task.how is How.CONTENT_KEY or task.directory is None:
        daemon.say(words(Key(content_key(raw))))
    elif task.how is How.AS_COMPLAINT:
        _tell(daemon, read_as_complaint(raw, task.directory))
    else:
        numbers = _Asked(Asks.NUMBER, daemon)
        known = Known(_Asked(Asks.MESSAGE_ID, daemon), _Asked(Asks.CODE, daemon), is_number=numbers.__contains__)
        _tell(daemon, read(raw, task.directory, known))


def _tell(daemon: Daemon, reading: Reading) -> None:
    daemon.say(words_of(reading))
    for file in reading.attachments:
        daemon.say(file.data)


def main() -> None:
    """Read the mail that comes through stdin; what a terminal or a service manager tells the daemon is not for us."""
    for name in (signal.SIGINT, signal.SIGTERM):
        signal.signal(name, signal.SIG_IGN)
    with suppress(OSError):  # the daemon is gone
        _serve(Daemon(sys.stdin.buffer, sys.stdout.buffer))


if __name__ == "__main__":
    main()
