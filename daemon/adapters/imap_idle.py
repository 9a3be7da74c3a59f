"""IDLE (RFC 2177) as a wake-up: a connection of its own hears that something came.  It reads no mail; the tick does.

Written over the socket, because imap-tools' IDLE breaks when a line is split over packets.
"""

from __future__ import annotations

import imaplib
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from time import monotonic
from typing import Final

from daemon.adapters.imap_session import ImapAccount, Session

BEGUN_ANEW_AFTER = 9 * 60.0  # seconds; some servers and firewalls drop a silent connection after ten minutes
LOOKS_UP_EVERY = 1.0  # seconds, to see whether it shall stop
RESTS_AFTER_WAKING = 3.0  # seconds, so that a flood of news does not make a tick without end
FIRST_PAUSE, LONGEST_PAUSE = 30.0, 600.0  # seconds, before the connection is tried again
LONGEST_FAREWELL = 3.0  # seconds
MOST_BYTES = 4096
_NEWS: Final = (b" EXISTS", b" RECENT")
_KEPT = max(map(len, _NEWS)) - 1  # so much of a packet may be the beginning of a word that the next one ends
_TAG = b"KESU"


class NoIdle(Exception):
    """The server does not offer IDLE, or refuses it; polling alone goes on."""


@contextmanager
def listening(accounts: Sequence[ImapAccount], wake: Callable[[], None]) -> Iterator[None]:
    """Call `wake`, from threads of their own, when something comes into one of these inboxes; never raises."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=_listen, args=(account, wake, stop), name=f"idle {account.name}", daemon=True)
        for account in accounts
    ]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        stop.set()
        for thread in threads:
            thread.join(LONGEST_FAREWELL)


def _listen(account: ImapAccount, wake: Callable[[], None], stop: threading.Event) -> None:
    """Listen until asked to stop; every fault costs a pause, which grows until it works again."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        began = monotonic()
        try:
            _listen_once(account, wake, stop)
        except NoIdle:
            return
        except Exception:  # noqa: BLE001 - it only rings; the tick meets the same server, and tells what is wrong with it
            pause = FIRST_PAUSE if monotonic() - began > LONGEST_PAUSE else pause
            stop.wait(pause)
            pause = min(2 * pause, LONGEST_PAUSE)


def _listen_once(account: ImapAccount, wake: Callable[[], None], stop: threading.Event) -> None:
    session = Session(account)
    try:
        session.select(readonly=True)
        client = session.box.client
        if "IDLE" not in client.capabilities:
            raise NoIdle
        ear = Ear(client)
        while not stop.is_set():
            ear.idle(wake, stop)
    finally:
        session.end()


class Ear:
    """The socket of a session, while it idles."""

    def __init__(self, client: imaplib.IMAP4) -> None:
        self._socket = client.socket()
        self._socket.settimeout(LOOKS_UP_EVERY)
        self._patience = 30.0  # seconds, for an answer
        self._number = 0

    def idle(self, wake: Callable[[], None], stop: threading.Event) -> None:
        """Idle once, for nine minutes at the longest; wake at its begin, for what came before, and at news.

        Raises NoIdle and OSError.
        """
        self._number += 1
        tag = _TAG + str(self._number).encode()
        self._socket.sendall(tag + b" IDLE\r\n")
        self._until(b"+", tag)
        wake()
        end, rest = monotonic() + BEGUN_ANEW_AFTER, b""
        while monotonic() < end and not stop.is_set():
            heard = rest + self._heard()
            rest = heard[-_KEPT:]
            if any(word in heard for word in _NEWS):
                rest = b""
                wake()
                stop.wait(RESTS_AFTER_WAKING)
        self._socket.sendall(b"DONE\r\n")
        self._until(tag + b" ", b"")

    def _until(self, wanted: bytes, refusal: bytes) -> None:
        """Wait for a line that begins so; another one of ours that begins with `refusal` says that there is no IDLE."""
        end, line = monotonic() + self._patience, b""
        while monotonic() < end:
            line += self._heard()
            for one in line.split(b"\r\n"):
                if one.startswith(wanted):
                    return
                if refusal and one.startswith(refusal):
                    raise NoIdle
            line = line[-MOST_BYTES:]
        raise TimeoutError("the server does not answer IDLE")

    def _heard(self) -> bytes:
        """Return what has come within a second, perhaps nothing.  Raises OSError when the connection is over."""
        try:
            data = self._socket.recv(MOST_BYTES)
        except TimeoutError:
            return b""
        if not data:
            raise ConnectionResetError("the server closed the connection")
        return data
