"""How long, and how much, a mail server may talk: each answer has a time and a size as a whole, not each packet of it.

A socket's own timeout begins anew with every byte, so a server that drips its answer would hold a tick for ever.
"""

from __future__ import annotations

import io
import socket
from collections.abc import Callable
from time import monotonic
from typing import Final

SLOWEST = 32 * 1024  # bytes a second; whoever is slower is taken for one that drips
PIECE: Final = 64 * 1024  # bytes said at once


class TooSlow(TimeoutError):
    """An answer, or the taking of what we said, came too slowly as a whole."""


class TooMuch(OSError):
    """An answer that does not end."""


class Pace:
    """What is left to one exchange: `timeout` seconds, and more for each byte that has come or gone over.

    No pause within it may be longer than `timeout` either.  Once it is used up it stays so: nothing more is
    asked of that server over that connection, not even to say goodbye.
    """

    def __init__(self, timeout: float, most: int) -> None:
        self._timeout = timeout  # seconds
        self._most = most  # bytes of an answer
        self._over: OSError | None = None
        self._begin()

    def _begin(self) -> None:
        if self._over:
            raise self._over
        self._began, self._bytes = monotonic(), 0

    def grant(self, line: socket.socket) -> None:
        """Let the next call on this socket take what is left.  Raises TooSlow."""
        if self._over:
            raise self._over
        left = self._timeout + self._bytes / SLOWEST - self._taken()
        if left <= 0:
            raise self.ran_out()
        line.settimeout(min(left, self._timeout))

    def came(self, count: int) -> None:
        """Count bytes of an answer.  Raises TooMuch."""
        self._bytes += count
        if self._bytes > self._most:
            self._over = TooMuch(f"its answer has more than {self._most} bytes")
            raise self._over

    def ran_out(self) -> OSError:
        """Return what a pause that was too long is to be told as; from now on nothing is granted."""
        slow = TooSlow(f"only {self._bytes} bytes went over in {self._taken():.1f} s")
        self._over = self._over or (slow if self._bytes else TimeoutError("timed out"))
        return self._over

    def _taken(self) -> float:
        return monotonic() - self._began

    def say(self, line: socket.socket, data: bytes, send: Callable[[bytes], None]) -> None:
        """Send in pieces; then the time of the answer begins.  Raises OSError."""
        self._begin()
        for at in range(0, len(data), PIECE):
            self.grant(line)
            piece = data[at : at + PIECE]
            try:
                send(piece)
            except TimeoutError:
                raise self.ran_out() from None
            self._bytes += len(piece)
        self._begin()


class _Heard(io.RawIOBase):
    """A socket as a file to read from, at a pace."""

    def __init__(self, line: socket.socket, pace: Pace) -> None:
        self._line, self._pace = line, pace

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        self._pace.grant(self._line)
        try:
            count = self._line.recv_into(buffer)
        except TimeoutError:
            raise self._pace.ran_out() from None
        self._pace.came(count)
        return count


def heard(line: socket.socket, pace: Pace) -> io.BufferedReader:
    """Return what a server says over this socket, to be read as a file; it does not close the socket."""
    return io.BufferedReader(_Heard(line, pace), PIECE)
