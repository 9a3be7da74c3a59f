"""Tells the service manager how the daemon does: sd_notify(3) over a datagram socket; silent where nobody listens."""

from __future__ import annotations

import os
import socket
from contextlib import suppress
from time import monotonic
from typing import Self

from daemon.adapters.findings import one_line

_CLOEXEC = getattr(socket, "SOCK_CLOEXEC", 0)
SPARE = 1.0  # seconds between two signs of life at the least; a pass may make progress a thousand times a second


class Supervisor:
    """The service manager at the other end of NOTIFY_SOCKET; without an address every word goes nowhere."""

    def __init__(self, address: str = "") -> None:
        self._address = f"\0{address[1:]}" if address.startswith("@") else address  # Linux: a socket without a file
        self._next_sign = 0.0
        self._is_ready = False

    @classmethod
    def of_environment(cls) -> Self:
        """Return the manager that started this process, as far as there is one."""
        return cls(os.environ.get("NOTIFY_SOCKET", ""))

    def ticked(self, status: str) -> None:
        """Say that a tick is over and how things stand."""
        self._sign(f"STATUS={one_line(status)}")

    def progress(self) -> None:
        """Give a sign of life from within a tick; what hangs gives none, so that the watchdog ends it."""
        if self._address and monotonic() >= self._next_sign:
            self._sign()

    def stopping(self) -> None:
        """Say that the service goes down because it was asked to."""
        self._say("STOPPING=1")

    def _sign(self, *more: str) -> None:
        """Give a sign of life; the first says that the service is ready, for a pass of the first tick went well."""
        first = () if self._is_ready else ("READY=1",)
        self._is_ready = True
        self._next_sign = monotonic() + SPARE
        self._say("\n".join((*first, "WATCHDOG=1", *more)))

    def _say(self, words: str) -> None:
        """Send one datagram; a manager that does not listen is none of our troubles."""
        if not self._address:
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM | _CLOEXEC) as line:
            line.sendto(words.encode(), self._address)
