"""Mail out: hand every finished mail to the server, over one connection, until it was taken or refused for good."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from daemon.core.commands import FailAddress
from daemon.core.events import Via
from daemon.passes.backoff import wait_after
from daemon.passes.desk import Desk, Happening, carry_out, decision
from daemon.seams import Delivery, OutboxRow, OutboxState

BATCH = 500
GIVE_UP_AFTER = timedelta(days=5)  # RFC 5321 §4.5.4.1: at least 4–5 days


def outbox_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Send what is ready; a temporary refusal is tried again, a permanent one is told to quality."""
    rows = desk.store.outbox(OutboxState.READY, now, BATCH)
    try:
        for row in rows:
            yield from _send(desk, row, now)
    finally:
        if rows:
            desk.sender.close()


def _send(desk: Desk, row: OutboxRow, now: datetime) -> Iterator[Happening]:
    assert row.sha256 is not None
    result = desk.sender.send(desk.store.blob(row.sha256), desk.directory.mailbox, row.recipient)
    number = desk.store.case(row.case).number if row.case else ""
    if result.delivery is Delivery.SENT:
        desk.store.record_send(row.id, OutboxState.SENT, now, None, result.detail)
        yield Happening("mail.sent", f"{row.notice.template} → {row.notice.name or ''} <{row.recipient}>", number)
    elif result.delivery is Delivery.LATER and now - row.planned_at < GIVE_UP_AFTER:
        desk.store.record_send(row.id, OutboxState.READY, now, now + wait_after(row.attempts), result.detail)
        yield Happening("mail.later", f"{row.recipient}: {result.detail}", number)
    else:
        desk.store.record_send(row.id, OutboxState.REFUSED, now, None, result.detail)
        _tell(desk, row, now, result.detail)
        yield Happening("mail.refused", f"{row.recipient}: {result.detail}", number)


def _tell(desk: Desk, row: OutboxRow, now: datetime, detail: str) -> None:
    """Tell quality; for a case the address counts as dead and the next in the chain is told instead."""
    if row.case is None:
        if row.notice.template != "undeliverable":
            values = {"address": row.recipient, "detail": detail, "template": row.notice.template}
            desk.store.plan(desk.envelopes(desk.to_quality("undeliverable", values), None, now), now)
        return
    case = desk.store.case(row.case)
    context = desk.context(case, now, via=Via.MAIL, cause=f"outbox:{row.id}")
    failed = FailAddress(row.recipient, permanent=True, detail=detail)
    desk.store.commit(decision(desk, case, carry_out(case, [failed], context), context), now)
