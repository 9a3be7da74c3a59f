"""Wishes of an administrator, queued by verbs beside the running daemon and carried out first in a tick."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from hashlib import sha256

from daemon.passes.desk import Desk, Happening
from daemon.seams import MailOutcome, MailRecord, Store

REQUEUE = "requeue"
NOTHING = sha256(b"").hexdigest()


def commands_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Carry out what is queued, oldest first; a wish that cannot be granted is done with a word why."""
    for command, verb, data in desk.store.take_commands(desk.config.service.batch):
        carry_out = VERBS.get(verb)
        says = carry_out(desk.store, data) if carry_out else f"this kesu has no command {verb}"
        desk.store.finish_command(command, says, now)
        yield Happening("command.done", says)


def why_not(mail: MailRecord | None, number: int) -> str:
    """Return why a mail cannot be read anew, nothing when it can."""
    if mail is None:
        return f"there is no mail {number}; `kesu requeue` lists those that were set aside"
    if mail.outcome not in (MailOutcome.ASIDE, MailOutcome.IGNORED):
        return f"mail {number} was not set aside (it is {mail.outcome}); only mails set aside are read anew"
    if mail.sha256 == NOTHING:
        return f"the server never handed mail {number} out; move it back into the inbox instead"
    return ""


def requeue(store: Store, data: Mapping[str, str]) -> str:
    """Let a mail be read anew from its stored bytes; say what came of it."""
    number = int(data["mail"])
    refusal = why_not(store.mail(number), number)
    if refusal:
        return refusal
    store.requeue_mail(number)
    return f"mail {number} is read anew"


VERBS: Mapping[str, Callable[[Store, Mapping[str, str]], str]] = {REQUEUE: requeue}
