"""Wishes of an administrator, queued by verbs beside the running daemon and carried out first in a tick."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from daemon.passes.book.orders import ADOPT, REBUILD, SYNC, adopt, rebuild, sync
from daemon.passes.desk import Desk, Happening
from daemon.passes.duplicates import SHELVES
from daemon.passes.migrations import MIGRATE, migrate
from daemon.passes.reach import Doing, in_reach
from daemon.seams import MailboxUnreachable, MailOutcome, MailRecord, Shelf, Store

log = logging.getLogger(__name__)

REQUEUE = "requeue"
BRING_FORWARD = "bring_forward"  # follows a requeue: the mail lies in 待人工 and may have become a case
NOTHING = sha256(b"").hexdigest()


def commands_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Carry out what is queued, oldest first; a wish that cannot be granted is done with a word why.

    One whose time has not come says nothing, and is asked for again at the next tick.
    """
    for command, verb, data in desk.store.take_commands(desk.config.service.batch):
        carry_out = VERBS.get(verb)
        says = carry_out(desk, data, now) if carry_out else f"this kesu has no command {verb}"
        if says:
            desk.store.finish_command(command, says, now)
            yield Happening("command.done", says)


def why_not(mail: MailRecord | None, number: int) -> str:
    """Return why a mail cannot be read anew, nothing when it can."""
    if mail is None:
        return f"there is no mail {number}; `kesu requeue` lists those that were set aside"
    if mail.outcome not in (MailOutcome.ASIDE, MailOutcome.HELD, MailOutcome.IGNORED):
        return f"mail {number} was not set aside (it is {mail.outcome}); only mails set aside are read anew"
    if mail.sha256 == NOTHING:
        return f"the server never handed mail {number} out; move it back into the inbox instead"
    return ""


def requeue(store: Store, data: Mapping[str, str], now: datetime) -> str:
    """Let a mail be read anew from its stored bytes; say what came of it."""
    number = int(data["mail"])
    mail = store.mail(number)
    refusal = why_not(mail, number)
    if refusal:
        return refusal
    store.requeue_mail(number)
    if mail and mail.shelved:
        store.queue_command(BRING_FORWARD, {"mail": str(number)}, now)
    return f"mail {number} is read anew"


def bring_forward(desk: Desk, data: Mapping[str, str], now: datetime) -> str:
    """Move a mail that was read anew, and became or joined a case, out of 待人工; say what came of it."""
    number = int(data["mail"])
    mail = desk.store.mail(number)
    mailbox = next((one for one in desk.mailboxes if mail and one.account == mail.key.account), None)
    if mail is None or mailbox is None:
        return f"mail {number} stays where it lies: its mailbox is not in config.toml any more"
    if mail.outcome is not MailOutcome.NEW and SHELVES[mail.outcome] is Shelf.ASIDE:
        return f"mail {number} stays set aside"
    if mail.outcome is MailOutcome.NEW or not in_reach(desk, mailbox, Doing.MOVING, now):
        return ""
    try:
        desk.store.confirm_lease()
        moved = mailbox.bring_forward(desk.store.blob(mail.sha256))
    except MailboxUnreachable as fault:
        log.warning("mail %s cannot be moved out of 待人工, it is tried again: %s", number, fault)
        return ""
    return f"mail {number} lies with those dealt with" if moved else f"mail {number} was moved by somebody already"


VERBS: Mapping[str, Callable[[Desk, Mapping[str, str], datetime], str]] = {
    REQUEUE: lambda desk, data, now: requeue(desk.store, data, now),
    BRING_FORWARD: bring_forward,
    MIGRATE: migrate,
    SYNC: sync,
    REBUILD: rebuild,
    ADOPT: adopt,
}
