"""The connection under an IMAP session: opened, secured, and never waited for longer than the account says."""

from __future__ import annotations

import imaplib
import io
from contextlib import suppress
from typing import Any

from imap_tools import BaseMailBox

from daemon.adapters.findings import server_words
from daemon.adapters.imap_account import ImapAccount, Refused, Step, asking
from daemon.adapters.pace import Pace, heard
from daemon.adapters.tls import Security, context
from daemon.adapters.xoauth2 import TokenSource, Xoauth2

BATCH_BYTES = 16 * 1024 * 1024  # of the mails that are asked for at once
LONGEST_LINE = 8 * 1024 * 1024  # bytes; a SEARCH that finds a million mails
SPARE = 1024 * 1024  # bytes; sizes that servers tell are not exact, and some answer other things in literals


class Bounded(imaplib.IMAP4):
    """A connection that waits for no answer longer, and reads of none more, than an honest server needs.

    A literal (RFC 3501, 4.3) far longer than the largest mail is not begun: its length is the server's word, and
    Python sets that much memory aside before a byte has come.
    """

    def __init__(self, max_size: int, host: str, port: int, *, timeout: float, **options: Any) -> None:
        self._longest = 2 * max_size + SPARE  # before the greeting is read
        self._max_size = max_size
        self._pace = Pace(timeout, 2 * max(max_size, BATCH_BYTES) + SPARE)
        self._ear: tuple[Any, io.BufferedReader] | None = None  # a socket (STARTTLS makes another) and what it says
        super().__init__(host, port, timeout=timeout, **options)

    def read(self, size: int) -> bytes:
        """Return the bytes of a literal.  Raises imaplib's abort for one that is too long."""
        if size > self._longest:
            allowed = f"max_size is {self._max_size} bytes"
            raise self.abort(f"the server announced {size} bytes in one piece and {allowed}")
        return self._heard().read(size)

    def readline(self) -> bytes:
        """Return a line of an answer.  Raises imaplib's abort for one that is too long."""
        line = self._heard().readline(LONGEST_LINE + 1)
        if len(line) > LONGEST_LINE:
            raise self.abort(f"the server sent a line of more than {LONGEST_LINE} bytes")
        return line

    def send(self, data: bytes) -> None:  # type: ignore[override]
        """Say a command, or a part of it."""
        self._pace.say(self.socket(), data, super().send)

    def _heard(self) -> io.BufferedReader:
        if self._ear is None or self._ear[0] is not self.socket():
            self._ear = (self.socket(), heard(self.socket(), self._pace))
        return self._ear[1]


class BoundedTls(Bounded, imaplib.IMAP4_SSL):
    """The same from the first byte on over TLS."""


class Box(BaseMailBox):
    """imap-tools' mailbox over a connection that we open, so that a failed STARTTLS leaves no socket behind."""

    def __init__(self, account: ImapAccount) -> None:
        self._account = account
        super().__init__()

    def _get_mailbox_client(self) -> imaplib.IMAP4:
        account, timeout = self._account, self._account.timeout.total_seconds()
        if account.security is Security.TLS:
            verified = context(account.ca_file)
            return BoundedTls(account.max_size, account.host, account.port, ssl_context=verified, timeout=timeout)
        client = Bounded(account.max_size, account.host, account.port, timeout=timeout)
        if account.security is Security.STARTTLS:
            _start_tls(client, account)
        return client


def _start_tls(client: imaplib.IMAP4, account: ImapAccount) -> None:
    try:
        with asking(Step.STARTTLS):
            if "STARTTLS" not in client.capabilities:
                raise Refused(Step.STARTTLS, "the server does not offer it")  # noqa: TRY301
            client.starttls(context(account.ca_file))
    except BaseException:
        shut(client)
        raise


def show_token(client: imaplib.IMAP4, user: str, tokens: TokenSource) -> None:
    """Log in by an access token (XOAUTH2).  Raises Refused; imaplib's abort goes out as it is."""
    if "AUTH=XOAUTH2" not in client.capabilities:
        raise Refused(Step.OAUTH, "the server does not offer XOAUTH2")
    said = Xoauth2(user, tokens.token())
    try:
        client.authenticate("XOAUTH2", lambda challenge: said(challenge).encode())
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        tokens.forget()
        raise Refused(Step.OAUTH, said.explained(server_words(str(error)))) from None


def shut(client: imaplib.IMAP4) -> None:
    """Close the socket; never raises."""
    with suppress(OSError):  # the connection may be gone already, as after a failed handshake
        client.shutdown()
