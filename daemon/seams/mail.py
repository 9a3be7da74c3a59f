"""Mail in and mail out: the complaint mailboxes and the server that takes our mails."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MailKey:
    """Where a mail lies: (account, folder, UIDVALIDITY, UID); never flags or keywords."""

    account: str
    folder: str
    uidvalidity: int
    uid: str


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """One mail of the inbox, as bytes; `raw` is None when the server refused to hand it out (see `error`).

    `later` says that the refusal passes by itself: nothing is settled, and the next poll asks again.
    """

    key: MailKey
    raw: bytes | None
    error: str = ""
    later: bool = False


Known = Callable[[Sequence[MailKey]], Collection[MailKey]]
"""Tells which of some mails are stored already."""


def nothing_known(_keys: Sequence[MailKey]) -> Collection[MailKey]:
    """Know no mail yet."""
    return ()


class Shelf(StrEnum):
    """Where a mail goes once it is dealt with."""

    DONE = "done"  # 已处理
    ASIDE = "aside"  # 待人工


class Mailbox(Protocol):
    """The complaint mailbox of one account."""

    account: str

    def fetch(self, limit: int, known: Known = nothing_known) -> Iterable[IncomingMail]:
        """Yield at most `limit` mails that lie in the inbox and are not `known`, oldest first.

        Raises MailboxUnreachable.
        """
        ...

    def shelve(self, keys: Sequence[MailKey], shelf: Shelf) -> Collection[MailKey]:
        """Move the mails out of the inbox, and return those that are out of it; people may have moved some already.

        A key of another UIDVALIDITY is not among them: its mail may lie there still, under a new key.

        Raises MailboxUnreachable.
        """
        ...

    def bring_forward(self, raw: bytes) -> bool:
        """Move a mail that was set aside, known by its bytes, to those dealt with; return False when it is not there.

        Raises MailboxUnreachable.
        """
        ...

    def append(self, raw: bytes, at: datetime, message_id: str = "") -> None:
        """File a copy of a sent mail in the sent folder, as read; with a Message-ID only when it is not there yet.

        Raises NotFiled when this one mail is not taken, and MailboxUnreachable.
        """
        ...

    def close(self) -> None:
        """Log out; never raises."""
        ...


class NotFiled(Exception):
    """The mailbox does not take this one copy; the message says why."""


class MailboxUnreachable(Exception):
    """The mail server cannot be used now; the message says why and what to do."""


# ── mail out ─────────────────────────────────────────────────────────────────────────────────────────────────────────


class Delivery(StrEnum):
    """What the server said to one recipient."""

    SENT = "sent"
    LATER = "later"  # a temporary refusal, or the connection broke
    REFUSED = "refused"  # a permanent refusal of the address
    UNWANTED = "unwanted"  # a permanent refusal of this mail (too large, spam); the address may be well


@dataclass(frozen=True, slots=True)
class SendResult:
    """The answer for one recipient, in the server's words."""

    delivery: Delivery
    detail: str = ""


class MailSender(Protocol):
    """Hands finished mails to the SMTP server, over one connection for a whole pass."""

    def send(self, raw: bytes, sender: str, recipient: str) -> SendResult:
        """Send these bytes to one recipient; never raises for what the server says or does."""
        ...

    def close(self) -> None:
        """End the connection; never raises."""
        ...
