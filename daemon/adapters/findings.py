"""What `kesu check` finds, and why a mail server cannot be used, in words; talks to no server itself."""

from __future__ import annotations

import socket
import ssl
from dataclasses import dataclass
from datetime import timedelta

from daemon.adapters.pace import TooSlow
from daemon.adapters.tls import CaFileUnusable, Security


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at: whether it is well, what it is, and what to do about it."""

    ok: bool
    what: str
    advice: str = ""

    def __str__(self) -> str:
        return f"{self.what.rstrip('.;')}; {self.advice}" if self.advice else self.what


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A server as messages name it."""

    kind: str  # IMAP or SMTP
    host: str
    port: int
    security: Security
    timeout: timedelta

    def __str__(self) -> str:
        return f"{self.kind} {self.host}:{self.port} ({self.security})"


class NoToken(OSError):
    """No access token is to be had for a mailbox; the message says why and what to do."""


# What is wrong with a certificate, by OpenSSL's number (X509_V_ERR_*).
_CERTIFICATES = {
    9: "the date of this machine or of the certificate is wrong: compare the clock with the true time",
    10: "the certificate of the mail server is past its date: whoever runs the server has to renew it; "
    "check also that the clock of this machine is right",
    62: "the certificate is for another name: write host exactly as the provider gives it, not an IP address",
    64: "the certificate is for a name: write the name of the server in host, not its IP address",
}

# The first row whose class fits is taken, so the special ones stand above OSError.
_FAULTS: tuple[tuple[type[Exception], str, str], ...] = (
    (CaFileUnusable, "{error}", ""),
    (NoToken, "{error}", ""),
    (
        ssl.SSLCertVerificationError,
        "its certificate is not trusted ({verify})",
        "check host; with a certificate authority of your own name its PEM file in ca_file",
    ),
    (
        ssl.SSLError,
        "no TLS could be agreed on ({reason})",
        "check port and security: 993 and 465 go with tls, 143 and 587 with starttls",
    ),
    (ConnectionRefusedError, "it refuses the connection", "check port, and that the server runs"),
    (socket.gaierror, "this host name is not known", "check host, and the name service of this machine"),
    (TooSlow, "it answers too slowly ({error})", "it is tried again; if it stays so, check the network, and its load"),
    (TimeoutError, "it did not answer within {seconds:g} s", "check host and port, and the firewall between"),
    (OSError, "the connection failed ({error})", "it is tried again; if it stays so, check the network"),
    (UnicodeError, "it answered with bytes that are no text", "check that this port belongs to this kind of server"),
    (Exception, "the connection failed ({error})", "it is tried again; if it stays so, ask who runs the server"),
)


def connection_fault(endpoint: Endpoint, error: Exception) -> Finding:
    """Tell why a server cannot be used, with what to do about it."""
    what, advice = next((what, advice) for kind, what, advice in _FAULTS if isinstance(error, kind))
    advice = _CERTIFICATES.get(getattr(error, "verify_code", 0), advice)
    facts = {
        "error": one_line(str(error)) or type(error).__name__,
        "verify": getattr(error, "verify_message", ""),
        "reason": getattr(error, "reason", "") or "broken off",
        "seconds": endpoint.timeout.total_seconds(),
    }
    return Finding(ok=False, what=f"{endpoint}: {what.format(**facts)}", advice=advice)


def server_words(answer: object) -> str:
    """Return a server's answer as one short line; Chinese servers answer in UTF-8 or GB 18030."""
    if isinstance(answer, bytes):
        try:
            return one_line(answer.decode())
        except UnicodeDecodeError:
            return one_line(answer.decode("gb18030", "replace"))
    if isinstance(answer, (list, tuple)):
        return one_line(" ".join(server_words(part) for part in answer if part))
    return one_line(str(answer))


def hide(text: str, secret: str) -> str:
    """Return the text without a secret that a server repeated; very short ones would maim the text."""
    return text.replace(secret, "***") if len(secret) >= 6 else text


def one_line(text: str, length: int = 300) -> str:
    """Return the text on one line without control characters, cut to `length`."""
    text = " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())
    return text if len(text) <= length else f"{text[: length - 1]}…"
