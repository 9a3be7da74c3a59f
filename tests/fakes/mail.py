"""A mailbox and a sender in memory, for simulations; they keep the same contract as the real ones (tests/adapters)."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from daemon.seams import (
    Delivery,
    IncomingMail,
    Known,
    MailboxUnreachable,
    MailKey,
    NotFiled,
    SendResult,
    Shelf,
    nothing_known,
)


@dataclass
class FakeMailbox:
    """Mails by UID; `broken` makes every verb fail, `unreadable` refuses single mails, `break_after` breaks midway."""

    account: str = "complaints"
    uidvalidity: int = 1
    inbox: dict[int, bytes] = field(default_factory=dict)
    shelves: dict[Shelf, list[bytes]] = field(default_factory=lambda: {shelf: [] for shelf in Shelf})
    broken: str = ""
    unreadable: set[int] = field(default_factory=set)
    passing: bool = False  # what is unreadable is so only for now
    stuck: bool = False  # no mail can be moved
    break_after: int | None = None  # mails handed out by one fetch before the connection breaks; used once
    closed: int = 0
    filed: list[tuple[bytes, datetime]] = field(default_factory=list)
    unfilable: set[bytes] = field(default_factory=set)
    lost_answers: int = 0  # so many copies are filed without the caller learning of it
    _last: int = 0

    def put(self, raw: bytes) -> MailKey:
        """Let a mail arrive."""
        self._last += 1
        self.inbox[self._last] = raw
        return self._key(self._last)

    def take_away(self, raw: bytes) -> None:
        """Let a person move a mail elsewhere."""
        self.inbox = {uid: mail for uid, mail in self.inbox.items() if mail != raw}

    def renumber(self) -> None:
        """Let the server give every mail a new UID under a new UIDVALIDITY."""
        self.uidvalidity += 1
        self.inbox = dict(enumerate(self.inbox.values(), 1))
        self._last = len(self.inbox)

    def fetch(self, limit: int, known: Known = nothing_known) -> Iterator[IncomingMail]:
        self._reach()
        stored = known([self._key(uid) for uid in self.inbox])
        for number, uid in enumerate([uid for uid in sorted(self.inbox) if self._key(uid) not in stored][:limit]):
            if number == self.break_after:
                self.break_after = None
                raise MailboxUnreachable("the connection broke")
            if uid in self.unreadable:
                yield IncomingMail(self._key(uid), None, "the server hands out nothing", self.passing)
            elif uid in self.inbox:
                yield IncomingMail(self._key(uid), self.inbox[uid])

    def shelve(self, keys: Sequence[MailKey], shelf: Shelf) -> Collection[MailKey]:
        self._reach()
        if self.stuck:
            raise MailboxUnreachable("moving mails was refused: [OVERQUOTA] the mailbox is full")
        for key in keys:
            raw = self.inbox.pop(int(key.uid), None) if key.uidvalidity == self.uidvalidity else None
            if raw is not None:
                self.shelves[shelf].append(raw)
        return [key for key in keys if key.uidvalidity == self.uidvalidity]

    def bring_forward(self, raw: bytes) -> bool:
        self._reach()
        there = raw in self.shelves[Shelf.ASIDE]
        if there:
            self.shelves[Shelf.ASIDE].remove(raw)
            self.shelves[Shelf.DONE].append(raw)
        return there

    def append(self, raw: bytes, at: datetime, message_id: str = "") -> None:
        self._reach()
        if raw in self.unfilable:
            raise NotFiled("too large")
        if not (message_id and any(message_id.encode() in one for one, _ in self.filed)):
            self.filed.append((raw, at))
        if self.lost_answers:
            self.lost_answers -= 1
            raise MailboxUnreachable("the connection broke")

    def close(self) -> None:
        self.closed += 1

    def _reach(self) -> None:
        if self.broken:
            raise MailboxUnreachable(self.broken)

    def _key(self, uid: int) -> MailKey:
        return MailKey(self.account, "INBOX", self.uidvalidity, str(uid))


@dataclass(frozen=True)
class SentMail:
    """A mail that the fake took."""

    raw: bytes
    sender: str
    recipient: str


class FakeSender:
    """Records what is sent; answers can be scripted per recipient, each used once in order.

    `broken` makes every send LATER.  A recipient in `lost_answers` gets the mail, but the sender does not learn of it.
    """

    def __init__(self, answers: Mapping[str, Sequence[SendResult]] | None = None) -> None:
        self.sent: list[SentMail] = []
        self.attempts: list[SentMail] = []
        self.broken = ""
        self.lost_answers: set[str] = set()
        self.closed = 0
        self._answers = {recipient: list(script) for recipient, script in (answers or {}).items()}

    def script(self, recipient: str, *answers: SendResult) -> None:
        self._answers.setdefault(recipient, []).extend(answers)

    def to(self, recipient: str) -> list[bytes]:
        """Return what a recipient has got, oldest first."""
        return [mail.raw for mail in self.sent if mail.recipient == recipient]

    def send(self, raw: bytes, sender: str, recipient: str) -> SendResult:
        mail = SentMail(raw, sender, recipient)
        self.attempts.append(mail)
        if self.broken:
            return SendResult(Delivery.LATER, self.broken)
        script = self._answers.get(recipient)
        answer = script.pop(0) if script else SendResult(Delivery.SENT, "250 OK")
        lost = recipient in self.lost_answers
        if lost or answer.delivery is Delivery.SENT:
            self.sent.append(mail)
        self.lost_answers.discard(recipient)
        return SendResult(Delivery.LATER, "the connection broke after DATA") if lost else answer

    def close(self) -> None:
        self.closed += 1
