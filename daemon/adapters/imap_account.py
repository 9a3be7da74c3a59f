"""A mailbox on an IMAP server as configuration names it, and what its server refuses.  Talks to no server."""

from __future__ import annotations

import imaplib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from pathlib import Path

from imap_tools import UnexpectedCommandStatusError

from daemon.adapters.findings import Endpoint, server_words
from daemon.adapters.tls import Security
from daemon.adapters.xoauth2 import TokenSource


@dataclass(frozen=True, slots=True)
class ImapAccount:
    """A mailbox on an IMAP server, and the folders that dealt-with mails go to."""

    name: str
    host: str
    port: int
    security: Security
    user: str
    password: str = field(repr=False)
    ca_file: Path | None = None
    inbox: str = "INBOX"
    done_folder: str = "已处理"
    aside_folder: str = "待人工"
    timeout: timedelta = timedelta(seconds=60)
    max_size: int = 50 * 1024 * 1024  # bytes; a larger mail is set aside unread
    sent_folder: str = ""  # where copies of what we send go; empty: none are made
    tokens: TokenSource | None = field(default=None, repr=False)  # login by OAuth, in place of the password
    since: date | None = None  # mails that arrived before are left alone

    @property
    def endpoint(self) -> Endpoint:
        """Return the server as messages name it."""
        return Endpoint("IMAP", self.host, self.port, self.security, self.timeout)


class Step(StrEnum):
    """What was asked of the server when it refused."""

    STARTTLS = "STARTTLS"
    LOGIN = "login"
    OAUTH = "login by OAuth"
    SELECT = "opening the folder"
    SEARCH = "listing the mails"
    FETCH = "reading mails"
    FOLDER = "making a folder"
    MOVE = "moving mails"
    APPEND = "filing a sent mail"


class Refused(Exception):
    """The server answered NO or BAD."""

    def __init__(self, step: Step, answer: str) -> None:
        super().__init__(f"{step} was refused: {answer}")
        self.step = step
        self.answer = answer

    @property
    def ours(self) -> bool:
        """Tell whether we did not ask at all, so that no setting at the provider is to blame."""
        return self.answer.startswith(("the server takes no password", "user or password holds", "the server does not"))

    @property
    def temporary(self) -> bool:
        """Tell whether the server says that this passes (RFC 5530)."""
        return any(code in self.answer.upper() for code in ("[UNAVAILABLE]", "[INUSE]", "[THROTTLED]"))

    @property
    def of_all(self) -> bool:
        """Tell whether another mail would be refused too: it passes, or the mailbox is full (RFC 5530, RFC 9208)."""
        return self.temporary or "[OVERQUOTA]" in self.answer.upper()


@contextmanager
def asking(step: Step) -> Iterator[None]:
    """Turn a NO or BAD inside into Refused; imaplib's abort goes out as it is."""
    try:
        yield
    except imaplib.IMAP4.readonly as error:
        raise Refused(step, "the server gives reading rights only") from error
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        raise Refused(step, server_words(str(error))) from error
    except UnexpectedCommandStatusError as error:
        raise Refused(step, server_words(error.command_result[1])) from error
