"""A small SMTP server on this machine: takes mails into a Maildir, or keeps them for the demo and the tests."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from daemon.adapters.files import write_atomically
from daemon.adapters.findings import one_line
from daemon.adapters.maildir import MaildirDrop
from daemon.adapters.tls import Security

SIZE_LIMIT = 50 * 1024 * 1024
BREAK = "break"  # as a scripted answer: close the connection without a word


class Handler(Protocol):
    """Decides on recipients and takes mails; aiosmtpd calls it by these names."""

    async def handle_RCPT(  # noqa: N802 — aiosmtpd's name
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str], /
    ) -> str:
        """Answer RCPT."""
        ...

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope, /) -> str:  # noqa: N802 — likewise
        """Answer the end of DATA."""
        ...


class MaildirDelivery:
    """Delivers to Maildirs by address; an address without one goes to `others`, or is refused when that is None."""

    def __init__(self, inboxes: Mapping[str, Path], others: Path | None = None) -> None:
        self._drops = {address.lower(): MaildirDrop(root) for address, root in inboxes.items()}
        self._others = MaildirDrop(others) if others else None

    def deliver(self, sender: str, recipient: str, raw: bytes) -> Path:
        """Lay a mail into the recipient's Maildir, with the Return-Path of RFC 5321, 4.4.

        Raises KeyError for an unknown recipient, and OSError.
        """
        drop = self._drop(recipient)
        if drop is None:
            raise KeyError(recipient)
        return drop.put(b"Return-Path: <%s>\r\n" % one_line(sender).encode() + raw)

    async def handle_RCPT(  # noqa: D102, N802 — aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str], /
    ) -> str:
        if self._drop(address) is None:
            return f"550 5.1.1 <{address}> has no mailbox here"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope, /) -> str:  # noqa: D102, N802
        try:
            for recipient in envelope.rcpt_tos:
                self.deliver(envelope.mail_from or "", recipient, _content(envelope))
        except OSError as error:
            return f"451 4.3.0 the mail could not be stored: {one_line(error.strerror or 'I/O error')}"
        return "250 2.0.0 stored"

    def _drop(self, address: str) -> MaildirDrop | None:
        return self._drops.get(address.lower(), self._others)


@dataclass(frozen=True, slots=True)
class Sent:
    """A mail that a sink took: envelope and bytes."""

    sender: str
    recipients: tuple[str, ...]
    raw: bytes


class Sink:
    """Keeps every mail, in `mails` and in `folder` if there is one.

    Answers can be scripted by address (the sender's at MAIL, else the recipient's), each used once in order:
    a reply line such as "451 4.3.0 later", or BREAK.
    """

    def __init__(
        self,
        folder: Path | None = None,
        at_mail: Mapping[str, Sequence[str]] | None = None,
        at_rcpt: Mapping[str, Sequence[str]] | None = None,
        at_data: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        self.mails: list[Sent] = []
        self._folder = folder
        self._at_mail, self._at_rcpt, self._at_data = map(_script, (at_mail, at_rcpt, at_data))

    async def handle_MAIL(  # noqa: D102, N802 — aiosmtpd's name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, options: list[str], /
    ) -> str:
        answer = _next(self._at_mail, address) or "250 2.1.0 OK"
        if answer.startswith("2"):
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer

    async def handle_RCPT(  # noqa: D102, N802 — aiosmtpd's name
        self, server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str], /
    ) -> str:
        answer = _next(self._at_rcpt, address)
        if answer == BREAK:
            _break(server)
        if answer and not answer.startswith("2"):
            return answer
        envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 OK"

    async def handle_DATA(self, server: SMTP, _session: Session, envelope: Envelope, /) -> str:  # noqa: D102, N802
        answers = [answer for address in envelope.rcpt_tos if (answer := _next(self._at_data, address))]
        answer = answers[0] if answers else "250 2.0.0 kept"
        if answer == BREAK or answer.startswith("2"):
            self._keep(Sent(envelope.mail_from or "", tuple(envelope.rcpt_tos), _content(envelope)))
        if answer == BREAK:  # the mail is kept, yet the sender cannot know
            _break(server)
        return answer

    def _keep(self, mail: Sent) -> None:
        self.mails.append(mail)
        if self._folder is not None:
            self._folder.mkdir(parents=True, exist_ok=True)
            digest = hashlib.sha256(mail.raw).hexdigest()[:12]
            write_atomically(self._folder / f"{len(self.mails):05d}-{digest}.eml", mail.raw)


@dataclass(frozen=True, slots=True)
class Protection:
    """What a listener asks of its clients; a login needs STARTTLS.  Loopback needs none of it."""

    security: Security = Security.NONE
    certificate: ssl.SSLContext | None = None
    login: tuple[str, str] | None = None  # user and password

    def options(self) -> dict[str, Any]:
        """Return aiosmtpd's words for it.

        Raises ValueError for what does not go together.
        """
        if (self.security is Security.NONE) != (self.certificate is None):
            raise ValueError("TLS and a certificate belong together")
        if self.login and self.security is not Security.STARTTLS:
            raise ValueError("the listener takes a login after STARTTLS only")
        if self.security is Security.TLS:
            return {"ssl_context": self.certificate}
        login = {"authenticator": _authenticator(*self.login), "auth_required": True} if self.login else {}
        return {"tls_context": self.certificate, "require_starttls": True, **login} if self.certificate else {}


class SmtpListener:
    """Listens on loopback in a thread of its own; port 0 takes a free one, which `start` returns."""

    def __init__(
        self,
        handler: Handler,
        host: str = "127.0.0.1",
        port: int = 0,
        protection: Protection | None = None,
        *,
        smtputf8: bool = True,
    ) -> None:
        self._handler = handler
        self.host = host
        self.port = port
        self._controller: _Controller | None = None
        self._options: dict[str, Any] = {"enable_SMTPUTF8": smtputf8, "data_size_limit": SIZE_LIMIT, "ident": "kesu"}
        self._options |= (protection or Protection()).options()

    def start(self) -> int:
        """Start listening and return the port.

        Raises OSError when the port is taken.
        """
        listening = socket.create_server((self.host, self.port))
        self.port = listening.getsockname()[1]
        self._controller = _Controller(self._handler, listening, self._options)
        try:
            self._controller.start()
        except BaseException:
            listening.close()
            raise
        return self.port

    def stop(self) -> None:
        """Stop listening and break off what is under way; never raises when it was not started."""
        controller, self._controller = self._controller, None
        if controller is not None:
            controller.end()

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


class _Controller(Controller):
    """aiosmtpd's controller on a socket that is bound already, so that port 0 works."""

    def __init__(self, handler: Handler, listening: socket.socket, options: Mapping[str, Any]) -> None:
        host, port = listening.getsockname()[:2]
        super().__init__(handler, hostname=host, port=port, server_hostname=host, **options)
        self._listening = listening
        self._sessions: list[SMTP] = []
        self._ending = threading.Event()

    def factory(self) -> SMTP:
        session = SMTP(self.handler, loop=self.loop, **self.SMTP_kwargs)
        self._sessions = [one for one in self._sessions if one.transport is not None]
        self._sessions.append(session)
        return session

    def end(self) -> None:
        """Break off open connections, then stop; otherwise their sockets would outlive the loop."""
        self.loop.call_soon_threadsafe(self._break_off)
        self.stop()

    def _break_off(self) -> None:
        for session in self._sessions:
            _break(session)

    def _create_server(self) -> Awaitable[asyncio.AbstractServer]:
        return self.loop.create_server(self._factory_invoker, sock=self._listening, ssl=self.ssl_context)


def _authenticator(user: str, password: str) -> Callable[..., AuthResult]:
    def authenticate(_server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, data: Any) -> AuthResult:
        expected = LoginPassword(user.encode(), password.encode())
        return AuthResult(success=data == expected, handled=False)

    return authenticate


def _content(envelope: Envelope) -> bytes:
    content = envelope.content
    return content.encode() if isinstance(content, str) else content or b""


def _script(answers: Mapping[str, Sequence[str]] | None) -> dict[str, list[str]]:
    return {address: list(lines) for address, lines in (answers or {}).items()}


def _next(script: dict[str, list[str]], address: str) -> str:
    answers = script.get(address)
    return answers.pop(0) if answers else ""


def _break(session: SMTP) -> None:
    transport = session.transport
    if isinstance(transport, asyncio.WriteTransport):
        transport.abort()
