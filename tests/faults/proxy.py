"""A man in the middle on loopback: hands IMAP and SMTP on, line by line, and does harm at one command when asked to."""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from typing import BinaryIO, Self

HUGE = 2 * 1024 * 1024  # bytes of a line without end
RUBBISH = bytes(range(128, 256)) * 4
LITERAL = re.compile(rb"\{(\d+)\}\r\n$")
ANY_LITERAL = re.compile(rb"\{(\d+)\}\r\n")
ENORMOUS = 99_999_999_999  # bytes
DRIPS_EVERY = 0.3  # seconds; less than any patience
VALIDITY = re.compile(rb"UIDVALIDITY (\d+)")
PATIENCE = 30.0  # seconds; a client that is stalled gives up long before


class Over(Exception):
    """This connection ends here."""


@dataclass(frozen=True, slots=True)
class Command:
    """One line that the client said: the how manieth of all on this proxy (0 is the greeting), and its verb."""

    number: int
    verb: str

    def __str__(self) -> str:
        return f"{self.verb} ({self.number})"


Harm = Callable[["Talk", Command, bytes], bytes]
"""What becomes of the server's answer: the bytes to send on; it may also send some itself and raise Over."""


@dataclass
class Proxy:
    """Listens for one protocol; `harm` is done to the answer of the command with the number `at`."""

    kind: str  # IMAP or SMTP
    upstream: int
    context: ssl.SSLContext
    tls: bool  # from the first byte; else when the client says STARTTLS
    at: int = -1
    harm: Harm | None = None
    passed_on: bool = True  # else the server does not hear of the command that is harmed
    strip_starttls: bool = False
    renumber_from: int | None = None  # every UIDVALIDITY that is told from this command on
    commands: list[Command] = field(default_factory=list)
    in_clear: list[str] = field(default_factory=list)
    with_literal: list[Command] = field(default_factory=list)  # those whose answer holds one
    hit: bool = False  # the harm was done

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.stopped = threading.Event()
        self._thread = threading.Thread(target=self._accept)
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join()

    @property
    def _there(self) -> tuple[str, int]:
        return "127.0.0.1", self.upstream

    @property
    def port(self) -> int:
        return int(self._listening.getsockname()[1])

    def heard(self, verb: str) -> Command:
        command = Command(len(self.commands), verb)
        self.commands.append(command)
        return command

    def _accept(self) -> None:
        while True:
            try:
                client, _ = self._listening.accept()
            except OSError:
                return
            with suppress(Over, OSError, ValueError), client, socket.create_connection(self._there) as server:
                for one in (client, server):
                    one.settimeout(PATIENCE)
                Talk(self, client, server).carry()


class Talk:
    """One connection, handed on command by command."""

    def __init__(self, proxy: Proxy, client: socket.socket, server: socket.socket) -> None:
        self.proxy, self.client, self.server = proxy, client, server
        self.secure = False
        if proxy.tls:
            self._secure_client()
        self._open()

    def _open(self) -> None:
        self.hears: BinaryIO = self.client.makefile("rb")
        self.asks: BinaryIO = self.server.makefile("rb")

    def _secure_client(self) -> None:
        self.client = self.proxy.context.wrap_socket(self.client, server_side=True)
        self.secure = True

    def carry(self) -> None:
        """Hand on the greeting, then each command with its answer, until one side has enough."""
        try:
            self._answer(self.proxy.heard("greeting"), self._from_server(b""))
            while line := self.hears.readline():  # another file after STARTTLS
                self._one(line)
        finally:
            for one in (self.hears, self.asks, self.client, self.server):
                with suppress(OSError):
                    one.close()

    def _one(self, line: bytes) -> None:
        words = line.split()
        imap = self.proxy.kind == "IMAP"
        verb = b" ".join(words[1:3] if words[1:2] == [b"UID"] else words[1:2]) if imap else words[0]
        command = self.proxy.heard(verb.decode("ascii", "replace").upper())
        if not self.secure and command.verb in ("LOGIN", "AUTHENTICATE", "AUTH", "MAIL", "SELECT"):
            self.proxy.in_clear.append(command.verb)
        if self._keeps_back(command):
            self._answer(command, words[0] + b" OK\r\n" if imap else b"250 OK\r\n")
            return
        self.server.sendall(line)
        answer = self._from_server(words[0] if imap else b"")
        self._answer(command, answer)
        if command.verb == "STARTTLS" and answer.startswith((b"220", words[0] + b" OK")):
            self._both_secure()
        elif command.verb == "DATA" and answer.startswith(b"354"):
            self._body()
        elif command.verb in ("LOGOUT", "QUIT"):
            raise Over

    def _both_secure(self) -> None:
        self._secure_client()
        trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        self.server = trusting.wrap_socket(self.server)
        self._open()

    def _body(self) -> None:
        """Hand on a mail after DATA, before its answer is harmed; or half of it, and then no more."""
        body = bytearray()
        for line in self.hears:
            body += line
            if line == b".\r\n":
                break
        command = self.proxy.heard("BODY")
        if self._keeps_back(command):
            self.server.sendall(bytes(body[: len(body) // 2]))
            self._answer(command, b"250 OK\r\n")
            raise Over
        self.server.sendall(bytes(body))
        self._answer(command, self._from_server(b""))

    def _keeps_back(self, command: Command) -> bool:
        return command.number == self.proxy.at and not self.proxy.passed_on

    def _from_server(self, tag: bytes) -> bytes:
        """Return a whole answer: an SMTP reply, the greeting, or all up to the line with the tag."""
        answer = bytearray()
        for line in self.asks:
            answer += line
            literal = LITERAL.search(line)
            if tag and literal:
                answer += self.asks.read(int(literal[1]))
                continue
            done = line.startswith((tag + b" ", b"+ ")) if tag else line[3:4] != b"-"
            if done:
                return bytes(answer)
        raise Over

    def _answer(self, command: Command, answer: bytes) -> None:
        proxy = self.proxy
        if proxy.strip_starttls:
            answer = re.sub(rb"250[- ]STARTTLS\r\n", b"", answer).replace(b" STARTTLS", b"")
        if proxy.renumber_from is not None and command.number >= proxy.renumber_from:
            answer, times = VALIDITY.subn(lambda found: b"UIDVALIDITY %d" % (int(found[1]) + 1000), answer)
            proxy.hit = proxy.hit or times > 0
        if ANY_LITERAL.search(answer):
            proxy.with_literal.append(command)
        if proxy.harm and command.number == proxy.at:
            proxy.hit = proxy.harm not in IN_LITERALS or command in proxy.with_literal
            answer = proxy.harm(self, command, answer)
        self.client.sendall(answer)


# ── the harms ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _wait_for_the_client(talk: Talk) -> None:
    with suppress(OSError):
        while talk.client.recv(4096):
            pass
    raise Over


def stall(talk: Talk, _command: Command, _answer: bytes) -> bytes:
    """Say nothing until the client has gone."""
    _wait_for_the_client(talk)
    return b""


def stall_midway(talk: Talk, _command: Command, answer: bytes) -> bytes:
    """Say half of the answer, and nothing more until the client has gone."""
    talk.client.sendall(answer[: len(answer) // 2])
    _wait_for_the_client(talk)
    return b""


def cut(_talk: Talk, _command: Command, _answer: bytes) -> bytes:
    """Close without an answer; the server has done what it was asked to."""
    raise Over


def cut_midway(talk: Talk, _command: Command, answer: bytes) -> bytes:
    """Say half of the answer and close."""
    talk.client.sendall(answer[: len(answer) // 2])
    raise Over


def rubbish(_talk: Talk, _command: Command, _answer: bytes) -> bytes:
    """Answer with bytes that are no text."""
    return RUBBISH + b"\r\n"


def endless(talk: Talk, _command: Command, _answer: bytes) -> bytes:
    """Answer with a line that does not end, and close."""
    talk.client.sendall(b"* OK " + b"x" * HUGE)
    raise Over


def wrong_tag(_talk: Talk, _command: Command, answer: bytes) -> bytes:
    """Answer under a tag that nobody gave, and nothing else."""
    return re.sub(rb"(?m)^[A-Z]{4}\d+ ", b"ZZZZ9 ", answer) if b"* " in answer else b"ZZZZ9 OK done\r\n"


def drip(talk: Talk, _command: Command, answer: bytes) -> bytes:
    """Answer byte by byte, each of them in time."""
    for at in range(len(answer)):
        talk.client.sendall(answer[at : at + 1])
        if talk.proxy.stopped.wait(DRIPS_EVERY):
            break
    raise Over


def _lengths(change: Callable[[int], int]) -> Harm:
    def harm(_talk: Talk, _command: Command, answer: bytes) -> bytes:
        return ANY_LITERAL.sub(lambda found: b"{%d}\r\n" % change(int(found[1])), answer)

    return harm


too_long = _lengths(lambda length: length + 7)
too_short = _lengths(lambda length: max(0, length - 7))
enormous = _lengths(lambda _: ENORMOUS)


def _half_a_literal(answer: bytes) -> bytes:
    found = ANY_LITERAL.search(answer)
    return answer[: found.end() + int(found[1]) // 2] if found else answer


def cut_literal(talk: Talk, _command: Command, answer: bytes) -> bytes:
    """Say half of a literal and close."""
    talk.client.sendall(_half_a_literal(answer))
    raise Over


def stall_literal(talk: Talk, _command: Command, answer: bytes) -> bytes:
    """Say half of a literal, and nothing more until the client has gone."""
    talk.client.sendall(_half_a_literal(answer))
    _wait_for_the_client(talk)
    return b""


IN_LITERALS = (too_long, too_short, enormous, cut_literal, stall_literal)


def saying(words: bytes, *, last: bool = False) -> Harm:
    """Answer this instead, with the client's tag on IMAP; the server has done it all the same if it was passed on."""

    def harm(talk: Talk, _command: Command, answer: bytes) -> bytes:
        tag = answer.rpartition(b"\r\n")[0].rpartition(b"\r\n")[2].split(b" ")[0]
        said = words.replace(b"TAG", tag) + b"\r\n"
        if last:
            talk.client.sendall(said)
            raise Over
        return said

    return harm


@contextmanager
def proxies(imap: Proxy, smtp: Proxy) -> Iterator[tuple[Proxy, Proxy]]:
    """Start both."""
    with imap, smtp:
        yield imap, smtp
