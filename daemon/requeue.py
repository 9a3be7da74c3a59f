"""`kesu requeue`: mails set aside, listed and read anew by the running daemon, or at once when none runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

from daemon.adapters.files import StateInUse, StateLock
from daemon.adapters.store import open_store
from daemon.adapters.tenure import new_owner, tenure
from daemon.config import Config
from daemon.intake.headers import HEAD_BYTES, decode_words
from daemon.passes.commands import REQUEUE, requeue, why_not
from daemon.seams import MailOutcome, MailRecord, Store
from daemon.wiring import make_folders, store_address

LISTED = 200
LONGEST = 900  # bytes of a header that are shown


@dataclass(frozen=True, slots=True)
class Aside:
    """A mail that was set aside, as it is listed."""

    number: int
    seen_at: datetime
    sender: str
    subject: str
    why: str


def listed(config: Config) -> tuple[Aside, ...]:
    """Return the latest mails that were set aside or ignored, oldest first.  Raises the store's own faults."""
    with closing(open_store(store_address(config), read_only=True)) as store:
        return tuple(_aside(store, mail) for mail in store.mails_aside(LISTED))


def set_aside(config: Config) -> tuple[int, ...]:
    """Return the numbers of the mails that were set aside; not of those that are noise."""
    with closing(open_store(store_address(config), read_only=True)) as store:
        return tuple(mail.id for mail in store.mails_aside(LISTED) if mail.outcome is not MailOutcome.IGNORED)


def refusals(config: Config, numbers: Sequence[int]) -> tuple[str, ...]:
    """Return why mails cannot be read anew; nothing when all can."""
    with closing(open_store(store_address(config), read_only=True)) as store:
        return tuple(why for number in numbers if (why := why_not(store.mail(number), number)))


def read_anew(config: Config, numbers: Sequence[int], now: datetime) -> Iterator[str]:
    """Let these mails be read anew: now when no daemon runs, else by the one that does; yield what was done."""
    make_folders(config)
    if config.service.database:
        with closing(open_store(store_address(config), upgrade=False)) as store:
            owner = new_owner()
            if store.take_lease(owner, config.service.lease_seconds) is None:
                yield from _queue(store, numbers, now)
                return
            with tenure(store, owner, config.service.lease_seconds):
                yield from (requeue(store, {"mail": str(number)}, now) for number in numbers)
        return
    with closing(open_store(store_address(config), upgrade=False)) as store:
        try:
            with StateLock(config.path(config.service.state) / "kesu.lock").held(now):
                yield from (requeue(store, {"mail": str(number)}, now) for number in numbers)
        except StateInUse:
            yield from _queue(store, numbers, now)


def _queue(store: Store, numbers: Sequence[int], now: datetime) -> Iterator[str]:
    for number in numbers:
        store.queue_command(REQUEUE, {"mail": str(number)}, now)
        yield f"mail {number} is read anew by the running daemon at its next tick"


def _aside(store: Store, mail: MailRecord) -> Aside:
    head = re.split(rb"\r?\n\r?\n", store.blob(mail.sha256)[:HEAD_BYTES], maxsplit=1)[0]
    return Aside(mail.id, mail.seen_at, _header(head, b"From"), _header(head, b"Subject"), mail.detail)


def _header(head: bytes, name: bytes) -> str:
    found = re.search(rb"^" + name + rb":([^\r\n]*(?:\r?\n[ \t][^\r\n]*){0,9})", head, re.IGNORECASE | re.MULTILINE)
    return decode_words(found[1][:LONGEST]) if found else ""
