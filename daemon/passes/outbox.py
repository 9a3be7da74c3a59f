"""Mail out: hand every finished mail to the server, over one connection, until it was taken or refused for good."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from daemon.core.commands import FailAddress
from daemon.core.events import Via
from daemon.documents.naming import evidence_folder
from daemon.passes.backoff import wait_after
from daemon.passes.copies import want_copies
from daemon.passes.desk import Desk, Happening, carry_out, decision
from daemon.passes.troubles import follow_server
from daemon.seams import Delivery, OutboxRow, OutboxState

log = logging.getLogger(__name__)

BATCH = 500
GIVE_UP_AFTER = timedelta(days=5)  # RFC 5321 §4.5.4.1: at least 4–5 days


def outbox_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Send what is ready; a temporary refusal is tried again, one for good is told to quality."""
    rows = desk.store.outbox(OutboxState.READY, now, BATCH)
    want_copies(desk, rows)
    heard: list[Happening] = []
    try:
        for row in rows:
            try:
                for told in _send(desk, row, now):
                    heard.append(told)
                    yield told
            except Exception as fault:
                log.exception("mail %s could not be dealt with", row.message_id)
                desk.store.record_send(row.id, OutboxState.READY, now, now + wait_after(row.attempts), str(fault))
                yield Happening("mail.failed", f"{row.recipient}: {type(fault).__name__}: {fault}")
    finally:
        if rows:
            desk.sender.close()
            follow_server(desk.store, heard, now)


def _send(desk: Desk, row: OutboxRow, now: datetime) -> Iterator[Happening]:
    assert row.sha256 is not None
    desk.store.confirm_lease()
    result = desk.sender.send(desk.store.blob(row.sha256), desk.directory.mailbox, row.recipient)
    if result.delivery is Delivery.SENT:
        desk.store.record_send(row.id, OutboxState.SENT, now, None, result.detail)
        yield Happening("mail.sent", f"{row.notice.template} → {row.notice.name or ''} <{row.recipient}>", row.number)
    elif result.delivery is Delivery.LATER and now - row.planned_at < GIVE_UP_AFTER:
        desk.store.record_send(row.id, OutboxState.READY, now, now + wait_after(row.attempts), result.detail)
        yield Happening("mail.later", f"{row.recipient}: {result.detail}", row.number)
    else:
        desk.store.record_send(row.id, OutboxState.REFUSED, now, None, result.detail)
        tell = tell_unwanted if result.delivery is Delivery.UNWANTED else tell_refused
        tell(desk, row, now, result.detail)
        yield Happening("mail.refused", f"{row.recipient}: {result.detail}", row.number)


def tell_refused(desk: Desk, row: OutboxRow, now: datetime, detail: str) -> None:
    """Tell quality that an address takes no mail; for a case it counts as dead, and the next in the chain is told."""
    if row.case is None:
        tell_quality(desk, row, now, detail)
        return
    try:
        case = desk.store.case(row.case)
        context = desk.context(case, now, via=Via.MAIL, cause=f"outbox:{row.id}")
        failed = FailAddress(row.recipient, permanent=True, detail=detail)
        desk.store.commit(decision(desk, case, carry_out(case, [failed], context), context), now)
    except Exception:
        log.exception("the case of mail %s could not be changed; quality is told", row.message_id)
        tell_quality(desk, row, now, detail)


def tell_unwanted(desk: Desk, row: OutboxRow, now: datetime, detail: str) -> None:
    """Tell quality that a mail was not wanted, and send it once more without the evidence, which people have filed."""
    case = desk.store.case(row.case) if row.case else None
    again = bool(case and case.evidence and row.notice.evidence)
    tell_quality(desk, row, now, detail, why="mail", again=again)
    if case and again:
        values = {**row.notice.values, "filed": evidence_folder(case)}
        smaller = replace(row.notice, evidence=False, values=values)
        desk.store.plan(desk.envelopes([smaller], case, now), now)


def tell_quality(desk: Desk, row: OutboxRow, now: datetime, detail: str, *, why: str = "", again: bool = False) -> None:
    """Tell quality of a mail that did not get out; of that telling itself nobody is told, or it would never end."""
    if row.notice.template == "undeliverable":
        return
    values = {"address": row.recipient, "detail": detail, "template": row.notice.template, "why": why, "again": again}
    told = (replace(one, case=row.case) for one in desk.to_quality("undeliverable", values))
    desk.store.plan(desk.envelopes(told, None, now), now)
