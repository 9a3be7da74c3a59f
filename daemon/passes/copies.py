"""Copies of sent mails into the sent folder, where the mail server makes none; sending never waits for them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from daemon.passes.desk import Desk, Happening
from daemon.passes.reach import Doing, in_reach, lost, reached
from daemon.seams import Copy, Mailbox, MailboxUnreachable, NotFiled, OutboxRow

BATCH = 50
GIVE_UP_AFTER = timedelta(days=5)


def want_copies(desk: Desk, rows: Sequence[OutboxRow]) -> None:
    """Note, before they are sent, that mails want a copy; then none is forgotten whatever happens after."""
    if _folder(desk) and (new := [row.id for row in rows if row.copy is None]):
        desk.store.mark_copies(new, Copy.WANTED)


def copies_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """File copies of what was sent: at least once, and looked for first where an attempt was broken off."""
    mailbox = _folder(desk)
    rows = desk.store.copies(BATCH) if mailbox and in_reach(desk, mailbox, Doing.FILING, now) else ()
    if not mailbox or not rows:
        return
    desk.store.mark_copies([row.id for row in rows], Copy.TRYING)
    filed: list[OutboxRow] = []
    refused: list[tuple[OutboxRow, str]] = []
    try:
        for row in rows:
            try:
                _file(desk, mailbox, row)
                filed.append(row)
            except NotFiled as fault:
                refused.append((row, str(fault)))
    except MailboxUnreachable as fault:
        yield from lost(desk, mailbox, Doing.FILING, fault, now, progress=bool(filed))
    else:
        yield from reached(desk, mailbox, Doing.FILING, now)
    if filed:
        desk.store.mark_copies([row.id for row in filed], Copy.FILED)
    yield from _given_up(desk, now, refused, others_taken=bool(filed))


def _file(desk: Desk, mailbox: Mailbox, row: OutboxRow) -> None:
    assert row.sha256 is not None
    assert row.sent_at is not None
    in_doubt = row.message_id if row.copy is Copy.TRYING else ""
    mailbox.append(desk.store.blob(row.sha256), row.sent_at, in_doubt)


def _given_up(
    desk: Desk, now: datetime, refused: Sequence[tuple[OutboxRow, str]], *, others_taken: bool
) -> Iterator[Happening]:
    """Give up a copy that is refused while others are taken, or for days; otherwise the trouble is the server's."""
    for row, why in refused:
        old = row.sent_at is not None and now - row.sent_at > GIVE_UP_AFTER
        if others_taken or old:
            desk.store.mark_copies([row.id], Copy.REFUSED)
            yield Happening("copy.refused", f"{row.message_id}: {why}")
        else:
            yield Happening("copy.later", f"{row.message_id}: {why}")


def _folder(desk: Desk) -> Mailbox | None:
    """Return the first mailbox that config gives a sent folder."""
    return next((box for box, mail in zip(desk.mailboxes, desk.config.mail_in, strict=False) if mail.sent_folder), None)
