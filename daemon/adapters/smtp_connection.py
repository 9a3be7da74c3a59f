"""One SMTP connection: dial, secure, log in, and say in words why that failed.  Sends no mail."""

from __future__ import annotations

import re
import smtplib
import socket
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from daemon.adapters.findings import Endpoint, Finding, connection_fault, hide, one_line, server_words
from daemon.adapters.pace import Pace, heard
from daemon.adapters.providers import advised
from daemon.adapters.tls import Security, context
from daemon.adapters.xoauth2 import TokenSource, Xoauth2

FAULTS: Final = (OSError, ValueError)  # smtplib's exceptions are OSErrors
LONGEST_REPLY = 256 * 1024  # bytes; EHLO is answered with a few dozen lines (RFC 5321, 4.5.3.1)
_LOGIN_ADVICE = (
    "check user and password; QQ, 163, 126 and Tencent/NetEase company mail want an authorization code (授权码) "
    "made in the web mail's settings where SMTP is switched on, not the password"
)
_OAUTH_ADVICE = (
    "run `kesu login` again, and have SMTP AUTH switched on for this mailbox; with an app of its own (flow = app) "
    "check SMTP.SendAsApp with admin consent, New-ServicePrincipal and Add-MailboxPermission in Exchange Online"
)


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """An SMTP server; without a user there is no login."""

    host: str
    port: int
    security: Security
    user: str = ""
    password: str = field(default="", repr=False)
    ca_file: Path | None = None
    timeout: timedelta = timedelta(seconds=60)
    helo: str = ""  # the name to greet with; this machine's when empty
    tokens: TokenSource | None = field(default=None, repr=False)  # login by OAuth, in place of the password

    @property
    def endpoint(self) -> Endpoint:
        """Return the server as messages name it."""
        return Endpoint("SMTP", self.host, self.port, self.security, self.timeout)


def check(server: SmtpServer, sender: str = "") -> tuple[Finding, ...]:
    """Try a server out without sending anything: connection, certificate, login, and whether it takes the sender."""
    try:
        client = connect(server)
        try:
            refused = _sender_refused(server, client, sender) if sender else ()
        finally:
            hang_up(client)
    except FAULTS as error:
        return (finding(server, error),)
    who = f"logged in as {server.user}" if server.user else "reached, without a login"
    return refused or (Finding(ok=True, what=f"{server.endpoint}: {who}"),)


def _sender_refused(server: SmtpServer, client: smtplib.SMTP, sender: str) -> tuple[Finding, ...]:
    """Name the sender as for a mail and take it back at once."""
    code, words = client.mail(sender)
    client.rset()
    if code // 100 == 2:
        return ()
    what = f"{server.endpoint}: it takes no mail from {sender}: {code} {server_words(as_bytes(words))}"
    advice = "the sender is complaint_mailbox in [company]: make it the address of `user`, or let `user` send as it"
    return (Finding(ok=False, what=what, advice=advice),)


class TokenRefused(smtplib.SMTPAuthenticationError):
    """The server does not take our token."""


class LoginUnsayable(ValueError):
    """User or password cannot be said in an SMTP login; the message does not repeat them."""

    def __init__(self) -> None:
        super().__init__("user or password holds a letter beyond ASCII or a line break, which SMTP login cannot carry")


def connect(server: SmtpServer) -> smtplib.SMTP:
    """Open a connection, secured and logged in as the configuration says.

    Raises one of FAULTS.
    """
    client = _dial(server)
    try:
        _send_at_once(client)
        client.ehlo_or_helo_if_needed()
        if server.security is Security.STARTTLS:
            client.starttls(context=context(server.ca_file))
            client.ehlo()
        if server.tokens:
            _show_token(client, server.user, server.tokens)
        elif server.user:
            _log_in(client, server)
    except BaseException:
        client.close()
        raise
    return client


class Paced(smtplib.SMTP):
    """A connection that waits for no reply longer, and reads of none more, than an honest server needs."""

    def __init__(self, host: str, port: int, *, timeout: float, **options: Any) -> None:
        self._pace = Pace(timeout, LONGEST_REPLY)
        super().__init__(host, port, timeout=timeout, **options)

    def send(self, s: Any) -> None:
        """Say a command, or a mail."""
        data = s.encode(self.command_encoding) if isinstance(s, str) else bytes(s)
        if self.sock is None:
            raise smtplib.SMTPServerDisconnected("the connection is over already")
        self._pace.say(self.sock, data, super().send)

    def getreply(self) -> tuple[int, bytes]:
        """Return a whole reply.  Raises SMTPServerDisconnected when it does not end in time."""
        if self.file is None and self.sock is not None:
            self.file = heard(self.sock, self._pace)
        return super().getreply()


class PacedTls(Paced, smtplib.SMTP_SSL):
    """The same from the first byte on over TLS."""


def _dial(server: SmtpServer) -> smtplib.SMTP:
    seconds = server.timeout.total_seconds()
    name = server.helo or _own_name()
    if server.security is Security.TLS:
        verified = context(server.ca_file)
        return PacedTls(server.host, server.port, local_hostname=name, timeout=seconds, context=verified)
    return Paced(server.host, server.port, local_hostname=name, timeout=seconds)


def _send_at_once(client: smtplib.SMTP) -> None:
    """Let the end of a mail not wait for the server to confirm its beginning: Nagle's rule costs 40 ms a mail."""
    if client.sock is not None:
        client.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)


def _log_in(client: smtplib.SMTP, server: SmtpServer) -> None:
    both = server.user + server.password
    if not (both.isascii() and both.isprintable()):
        raise LoginUnsayable
    client.login(server.user, server.password)


def _show_token(client: smtplib.SMTP, user: str, tokens: TokenSource) -> None:
    if not (user.isascii() and user.isprintable()):
        raise LoginUnsayable
    if "XOAUTH2" not in client.esmtp_features.get("auth", "").upper().split():
        raise smtplib.SMTPNotSupportedError("the server does not offer AUTH XOAUTH2")
    said = Xoauth2(user, tokens.token())
    try:
        client.auth("XOAUTH2", said)
    except smtplib.SMTPAuthenticationError as error:
        tokens.forget()
        words = said.explained(server_words(as_bytes(error.smtp_error)))
        raise TokenRefused(error.smtp_code, words) from None


def _own_name() -> str:
    """Return this machine's name without asking a name server; a Chinese one cannot be said in EHLO."""
    name = socket.gethostname()
    return name if re.fullmatch(r"[A-Za-z0-9.-]+", name) else "localhost"


def hang_up(client: smtplib.SMTP) -> None:
    """Say goodbye and close; never raises."""
    with suppress(*FAULTS):
        client.quit()
    with suppress(*FAULTS):
        client.close()


def finding(server: SmtpServer, error: Exception) -> Finding:
    """Tell why the server cannot be used, without the password that some servers repeat."""
    found = _explained(server, error)
    return Finding(ok=False, what=hide(found.what, server.password), advice=found.advice)


def _explained(server: SmtpServer, error: Exception) -> Finding:
    where = f"{server.endpoint}: "
    match error:
        case LoginUnsayable():
            return Finding(ok=False, what=f"{where}{error}", advice="choose an authorization code or another password")
        case smtplib.SMTPAuthenticationError():
            words = server_words(as_bytes(error.smtp_error))
            advice = _OAUTH_ADVICE if isinstance(error, TokenRefused) else _LOGIN_ADVICE
            what = f"{where}login refused: {error.smtp_code} {words}"
            return Finding(ok=False, what=what, advice=advised(server.host, advice))
        case smtplib.SMTPNotSupportedError():
            advice = "set security (and user) to what the server offers; nothing weaker is tried by itself"
            return Finding(ok=False, what=f"{where}{one_line(str(error))}", advice=advice)
        case smtplib.SMTPResponseException():
            words = server_words(as_bytes(error.smtp_error))
            return Finding(ok=False, what=f"{where}answered {error.smtp_code} {words}", advice="it is tried again")
        case smtplib.SMTPServerDisconnected():
            advice = "the mail is sent again with the same bytes; if it stays so, check port and security"
            return Finding(ok=False, what=f"{where}the connection broke ({one_line(str(error))})", advice=advice)
        case _:
            return connection_fault(server.endpoint, error)


def as_bytes(words: bytes | str) -> bytes:
    """Return a reply's words as bytes; smtplib hands out both."""
    return words if isinstance(words, bytes) else words.encode()
