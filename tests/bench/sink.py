"""An SMTP server in a process of its own that takes every mail and keeps none: it must not cost what is measured.

Started as `python -m tests.bench.sink CERTIFICATE KEY`: it says its port, and when its input ends what it took.
"""

from __future__ import annotations

import asyncio
import json
import ssl
import sys
from dataclasses import dataclass, field

OFFERS = b"250-sink\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n"
END = b"\r\n.\r\n"


@dataclass
class Taken:
    """What came in."""

    connections: int = 0
    mails: int = 0
    bytes: int = 0
    ids: set[bytes] = field(default_factory=set)

    def take(self, mail: bytes) -> None:
        self.mails += 1
        self.bytes += len(mail)
        at = mail.find(b"\r\nMessage-ID: ")
        self.ids.add(mail[at + 14 : mail.find(b"\r\n", at + 14)])

    def forget(self) -> None:
        self.connections = self.mails = self.bytes = 0
        self.ids.clear()


class Session(asyncio.Protocol):
    """One connection, taken line by line."""

    def __init__(self, taken: Taken) -> None:
        self._taken, self._buffer, self._in_data, self._seen = taken, bytearray(), False, 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._taken.connections += 1
        self._transport = transport
        self._say(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while self._take_mail() if self._in_data else self._take_line():
            pass

    def _take_mail(self) -> bool:
        end = self._buffer.find(END, max(0, self._seen - len(END)))
        if end < 0:
            self._seen = len(self._buffer)
            return False
        self._taken.take(bytes(self._buffer[:end]))
        del self._buffer[: end + len(END)]
        self._in_data = False
        self._say(b"250 2.0.0 taken\r\n")
        return True

    def _take_line(self) -> bool:
        line, end, rest = self._buffer.partition(b"\r\n")
        if not end:
            return False
        self._buffer, self._seen = rest, 0
        verb = bytes(line[:4]).upper()
        self._in_data = verb == b"DATA"
        self._say({b"EHLO": OFFERS, b"DATA": b"354 go on\r\n", b"QUIT": b"221 bye\r\n"}.get(verb, b"250 2.0.0 OK\r\n"))
        if verb == b"QUIT":
            self._transport.close()
        return True

    def _say(self, words: bytes) -> None:
        self._transport.write(words)


async def serve(certificate: str, key: str) -> None:
    """Serve until the input ends; say the port first and what was taken last."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    taken, loop = Taken(), asyncio.get_running_loop()
    server = await loop.create_server(lambda: Session(taken), "127.0.0.1", 0, ssl=context)
    print(server.sockets[0].getsockname()[1], flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        assert line
        told = {"connections": taken.connections, "mails": taken.mails, "bytes": taken.bytes, "ids": len(taken.ids)}
        print(json.dumps(told), flush=True)
        taken.forget()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:]))
