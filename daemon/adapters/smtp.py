"""Hands finished mails to the SMTP server, or writes them into a folder; never changes a byte of them."""

from __future__ import annotations

import hashlib
import re
import smtplib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from email.utils import parseaddr
from pathlib import Path
from time import monotonic

from daemon.adapters.files import write_atomically
from daemon.adapters.findings import one_line, server_words
from daemon.adapters.smtp_connection import FAULTS, SmtpServer, check, connect, finding, hang_up
from daemon.adapters.tls import valid_until
from daemon.notices.mime import quoted_local
from daemon.seams import Delivery, SendResult

__all__ = ["FolderSender", "NotAnAddress", "SmtpSender", "SmtpServer", "check", "wire_address"]

PAUSE = timedelta(seconds=30)  # an unreachable server is not tried for every mail of a pass
_OUR_FAULT = frozenset({530, 534, 535, 538})  # login wanted or wrong (RFC 4954): no word on the recipient
_GO_ON = 354
_CLOSING = 421
_TOO_LARGE = 552
_ABOUT_SIZE = re.compile(rb"5\.(?:2\.3|3\.4)\b")  # RFC 3463: the message, not the mailbox


class SmtpSender:
    """Sends over one connection, opened for the first mail and kept until `close` or a failure."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server
        self._client: smtplib.SMTP | None = None
        self.certificate_until: datetime | None = None  # of the server, as the last connection showed it
        self._fault = ""
        self._faulty_until = 0.0
        self._begun = False  # a mail that was refused half-way; RSET clears what is left of it

    def send(self, raw: bytes, sender: str, recipient: str) -> SendResult:
        """Send these bytes to one recipient and tell what came of it; never raises.

        A connection that breaks after DATA counts as LATER: the mail is sent at least once, with the same bytes.
        """
        try:
            address = wire_address(recipient)
        except ValueError as error:
            return SendResult(Delivery.REFUSED, str(error))
        kept = self._client is not None
        result = self._attempt(raw, sender, address)
        if kept and self._client is None and not self._begun:  # it had ended meanwhile; nothing of the mail was taken
            return self._attempt(raw, sender, address)
        return result

    def close(self) -> None:
        """End the connection and forget that the server could not be reached; never raises."""
        client, self._client, self._faulty_until = self._client, None, 0.0
        if client is not None:
            hang_up(client)

    def _attempt(self, raw: bytes, sender: str, address: str) -> SendResult:
        client = self._connected()
        if client is None:
            return SendResult(Delivery.LATER, self._fault)
        try:
            return self._converse(client, raw, sender, address)
        except FAULTS as error:
            self._hang_up()
            return SendResult(Delivery.LATER, finding(self._server, error).what)

    def _connected(self) -> smtplib.SMTP | None:
        """Return the connection, or a new one; None with `_fault` set when there is none."""
        if self._client is not None and self._begun and not _clears(self._client):
            self._hang_up()
        self._begun = False
        if self._client is None and monotonic() >= self._faulty_until:
            try:
                self._client = connect(self._server)
                self.certificate_until = valid_until(self._client.sock)
            except FAULTS as error:
                self._fault = str(finding(self._server, error))
                self._faulty_until = monotonic() + PAUSE.total_seconds()
        return self._client

    def _hang_up(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()

    def _converse(self, client: smtplib.SMTP, raw: bytes, sender: str, recipient: str) -> SendResult:
        unsuitable = _unsuitable(client, raw, recipient)
        if unsuitable:
            return unsuitable
        steps: tuple[tuple[str, Callable[[], tuple[int, bytes]]], ...] = (
            ("MAIL", lambda: client.mail(sender, _options(client, raw, sender + recipient))),
            ("RCPT", lambda: client.rcpt(recipient)),
            ("DATA", lambda: _data(client, raw)),
        )
        for name, step in steps:
            code, words = step()
            if code // 100 != 2:
                return self._refusal(name, code, words)
            self._begun = name != "DATA"
        return SendResult(Delivery.SENT, f"{code} {server_words(words)}")

    def _refusal(self, step: str, code: int, words: bytes) -> SendResult:
        """Tell a permanent answer about the address or the mail from one that passes or is about ourselves."""
        if code == _CLOSING:
            self._hang_up()
        detail = f"{step}: {code} {server_words(words)}"
        if code // 100 != 5 or code in _OUR_FAULT:
            return SendResult(Delivery.LATER, detail)
        if step == "MAIL" and code != _TOO_LARGE:
            return SendResult(Delivery.LATER, f"{detail}; check that the sender's address belongs to the SMTP user")
        of_address = step == "RCPT" and not _ABOUT_SIZE.match(words.strip())
        return SendResult(Delivery.REFUSED if of_address else Delivery.UNWANTED, detail)


class FolderSender:
    """Writes every mail as an .eml file, for trying out without an SMTP server."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def send(self, raw: bytes, sender: str, recipient: str) -> SendResult:
        """Write these bytes; the same mail to the same recipient again is the same file.  Never raises."""
        digest = hashlib.sha256(f"{sender}\n{recipient}\n".encode() + raw).hexdigest()[:12]
        try:
            return SendResult(Delivery.SENT, f"written as {self._write(raw, recipient, digest)}")
        except OSError as error:
            return SendResult(Delivery.LATER, f"{self._folder} cannot be written: {one_line(str(error))}")

    def close(self) -> None:
        """Do nothing: a folder needs no farewell."""

    def _write(self, raw: bytes, recipient: str, digest: str) -> str:
        self._folder.mkdir(parents=True, exist_ok=True)
        names = sorted(path.name for path in self._folder.glob("*.eml"))
        known = [name for name in names if name.endswith(f"-{digest}.eml")]
        readable = re.sub(r"[^\w.@+-]", "_", recipient)[:60]
        name = known[0] if known else f"{len(names) + 1:05d}-{readable}-{digest}.eml"
        write_atomically(self._folder / name, raw)
        return name


class NotAnAddress(ValueError):
    """An address that cannot be used in SMTP."""

    def __init__(self, address: str) -> None:
        super().__init__(f"{one_line(address)!r} is not a plain mail address; correct it where it is written down")


def wire_address(address: str) -> str:
    """Return the address as SMTP takes it, its domain in ASCII (RFC 5890), a local part like `li..na` quoted.

    Raises NotAnAddress.
    """
    local, at, domain = address.rpartition("@")
    bare = f"{local[1:-1] if local == quoted_local(local[1:-1]) else local}@{domain}"
    bad = not (local and at and domain) or not bare.isprintable() or re.search(r'[\s<>()\[\],;:"\\]', bare)
    if bad or parseaddr(address)[1] != address:
        raise NotAnAddress(address)
    try:
        return f"{quoted_local(local)}@{domain if domain.isascii() else domain.encode('idna').decode('ascii')}"
    except UnicodeError:
        raise NotAnAddress(address) from None


def _clears(client: smtplib.SMTP) -> bool:
    """Have the server forget what the last mail left, and tell whether it still serves."""
    try:
        return client.rset()[0] == 250
    except FAULTS:
        return False


def _unsuitable(client: smtplib.SMTP, raw: bytes, recipient: str) -> SendResult | None:
    """Return what the server would say, as far as its greeting tells; None when it may take the mail."""
    if not recipient.isascii() and not client.has_extn("smtputf8"):
        say = f"{recipient} holds letters beyond ASCII and this server has no SMTPUTF8; give an address without them"
        return SendResult(Delivery.REFUSED, say)
    limit = client.esmtp_features.get("size", "")
    if limit.isdigit() and 0 < int(limit) < len(raw):
        say = f"the mail has {len(raw)} bytes and this server takes {limit}; send fewer or smaller attachments"
        return SendResult(Delivery.UNWANTED, say)
    return None


def _options(client: smtplib.SMTP, raw: bytes, addresses: str) -> list[str]:
    offers: Mapping[str, tuple[str, bool]] = {
        "size": (f"SIZE={len(raw)}", True),
        "8bitmime": ("BODY=8BITMIME", not raw.isascii()),
        "smtputf8": ("SMTPUTF8", not addresses.isascii()),
    }
    return [option for name, (option, wanted) in offers.items() if wanted and client.has_extn(name)]


def _data(client: smtplib.SMTP, raw: bytes) -> tuple[int, bytes]:
    """Hand over the mail; smtplib's own way looks for dots line by line, which takes as long as all the rest."""
    code, words = client.docmd("data")
    if code == _GO_ON:
        client.send(_as_said(_with_whole_ends(raw)))
        return client.getreply()
    if code // 100 == 2:
        raise smtplib.SMTPServerDisconnected(f"DATA was answered {code}, before anything of the mail was said")
    return code, words


def _as_said(raw: bytes) -> bytes:
    """Return a mail as DATA wants it: a dot before each line that begins with one, a dot as its end (RFC 5321)."""
    first, end = b"." * raw.startswith(b"."), b"" if raw.endswith(b"\r\n") else b"\r\n"
    return b"".join((first, raw.replace(b"\r\n.", b"\r\n.."), end, b".\r\n"))


def _with_whole_ends(raw: bytes) -> bytes:
    """Return the mail with CRLF for each lone CR or LF, because servers refuse them (SMTP smuggling)."""
    if raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n"):
        return raw
    return re.sub(rb"\r\n|\r|\n", b"\r\n", raw)
