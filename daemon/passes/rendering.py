"""From planned notices to finished mails: documents are made, the bytes are fixed, and never change again."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from itertools import groupby
from uuid import UUID

from daemon.core.case import Case
from daemon.core.hiding import behind
from daemon.documents.errors import BadForm
from daemon.documents.report import Audience
from daemon.notices.compose import Address, AttachedFile, Outgoing, UnsafeHeader, compose
from daemon.notices.render import Item
from daemon.notices.threading import thread_of
from daemon.passes.backoff import wait_after
from daemon.passes.bundles import enclosed
from daemon.passes.desk import Desk, Happening
from daemon.passes.filing import evidence_files, file_summary, report_file
from daemon.passes.floods import put_off, within_limits
from daemon.passes.letter_files import letter_file
from daemon.passes.outbox import tell_quality, tell_refused
from daemon.passes.recurrences import earlier_with_report
from daemon.seams import OutboxRow, OutboxState

log = logging.getLogger(__name__)

CaseOf = Callable[[UUID], Case]
Written = tuple[Sequence[OutboxRow], bytes]
BATCH = 500
AT_ONCE, AT_ONCE_BYTES = 20, 4 * 1024 * 1024  # mails kept in one commit
MOST_EVIDENCE_BYTES = 15_000_000
TOLD_AFTER = 5  # attempts at writing a mail, half an hour after the first


def rendering_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Make every planned mail ready whose hour has come; several reminders to one person become one mail."""
    rows, later = within_limits(desk, desk.store.outbox(OutboxState.PLANNED, now, BATCH), now)
    yield from put_off(desk, later, now)
    groups = list(_groups(rows))
    for at in range(0, len(groups), AT_ONCE):
        yield from _some(desk, groups[at : at + AT_ONCE], now)


def _some(desk: Desk, groups: Sequence[Sequence[OutboxRow]], now: datetime) -> Iterator[Happening]:
    case_of = cache(desk.store.case)  # the mails of a case stand together
    written: list[Written] = []
    for group in groups:
        try:
            written.append((group, _finished(desk, group, case_of, now)))
        except UnsafeHeader as fault:
            yield _unsafe(desk, group, now, fault)
        except Exception as fault:
            log.exception("mail %s could not be written", group[0].message_id)
            yield _later(desk, group, now, fault)
        if sum(len(raw) for _, raw in written) > AT_ONCE_BYTES:
            yield from _fixed(desk, written, now)
            written.clear()
    yield from _fixed(desk, written, now)


def _fixed(desk: Desk, written: Sequence[Written], now: datetime) -> Iterator[Happening]:
    """Fix the bytes of these mails in one commit, before which none is sent; when that fails, of each by itself."""
    try:
        with desk.store.together():
            for group, raw in written:
                _fix(desk, group, raw)
    except Exception:
        log.exception("%s mails could not be kept together", len(written))
        for group, raw in written:
            try:
                _fix(desk, group, raw)
            except Exception as fault:
                log.exception("mail %s could not be kept", group[0].message_id)
                yield _later(desk, group, now, fault)


def _fix(desk: Desk, group: Sequence[OutboxRow], raw: bytes) -> None:
    desk.store.make_ready(group[0].id, raw, [row.id for row in group[1:]])


def _unsafe(desk: Desk, group: Sequence[OutboxRow], now: datetime, fault: UnsafeHeader) -> Happening:
    log.warning("mail %s cannot be written: %s", group[0].message_id, fault)
    return _unaddressable(desk, group, now, fault) if fault.header == "To" else _later(desk, group, now, fault)


def _unaddressable(desk: Desk, group: Sequence[OutboxRow], now: datetime, fault: UnsafeHeader) -> Happening:
    """Give up mails to what is no address: that never gets better by itself."""
    for row in group:
        desk.store.record_send(row.id, OutboxState.REFUSED, now, None, str(fault))
        tell_refused(desk, row, now, str(fault))
    return Happening("mail.refused", f"{group[0].recipient}: {fault}")


def _later(desk: Desk, group: Sequence[OutboxRow], now: datetime, fault: Exception) -> Happening:
    """Try again later, so that a broken template does not hold up the others; tell quality when it stays so."""
    for row in group:
        desk.store.record_send(row.id, OutboxState.PLANNED, now, now + wait_after(row.attempts), str(fault))
        if row.attempts + 1 == TOLD_AFTER:
            tell_quality(desk, row, now, str(fault), why="unwritten")
    return Happening("mail.unwritten", f"邮件写不出来，将再试: {fault}")


def _groups(rows: Sequence[OutboxRow]) -> Iterator[list[OutboxRow]]:
    """Yield the rows that become one mail each: alone, or all with one digest word to one person."""
    alone = [row for row in rows if not row.notice.digest]
    yield from ([row] for row in alone)
    merged = sorted((row for row in rows if row.notice.digest), key=_digest_key)
    for _, group in groupby(merged, key=_digest_key):
        yield list(group)


def _digest_key(row: OutboxRow) -> tuple[str, str]:
    return row.recipient.lower(), row.notice.digest


def _finished(desk: Desk, group: Sequence[OutboxRow], case_of: CaseOf, now: datetime) -> bytes:
    first = group[0]
    items = [_item(desk, row, case_of) for row in group]
    case = items[0].case if len(group) == 1 else None
    notice = first.notice
    outsider = not desk.directory.is_colleague(first.recipient)
    thread = thread_of(case, desk.directory.domain, outsider=outsider)
    name = desk.directory.company_en if notice.language == "en" else desk.directory.company
    desk_address = Address(desk.directory.mailbox, name)
    rendered = desk.renderer.render(items)
    files = notice.values.get("files", ())
    if week := notice.values.get("week"):
        file_summary(desk, str(week), rendered)
    return compose(
        rendered,
        Outgoing(
            sender=desk_address,
            recipient=Address(first.recipient, notice.name),
            message_id=first.message_id,
            date=now.astimezone(desk.zone),
            reply_to=desk_address,
            in_reply_to=thread.in_reply_to,
            references=thread.references,
            answers=notice.answers,
            attachments=tuple(_attachments(desk, case, first, now) if case else enclosed(desk, files)),
        ),
    )


def _item(desk: Desk, row: OutboxRow, case_of: CaseOf) -> Item:
    """Return a notice with its case, both as the reader may see them."""
    if row.case is None:
        return Item(row.notice, row.code, None, desk.process)
    case = case_of(row.case)
    veil = desk.veil(case, row.recipient)
    notice = replace(row.notice, values=veil.value(row.notice.values)) if veil.keys else row.notice
    earlier = earlier_with_report(desk, case, row)
    if earlier:
        notice = replace(notice, values={**notice.values, "earlier": earlier.number})
    return Item(notice, row.code, behind(veil, case), desk.process_of(case))


def _letter(desk: Desk, case: Case, row: OutboxRow, name: str, now: datetime) -> Iterator[AttachedFile]:
    letter = desk.process_of(case).letters.get(name)
    if letter and letter.word:
        try:
            yield letter_file(desk, case, row, now)
        except BadForm:
            log.exception("the template of the letter %s cannot be used; the mail goes without it", name)


def _attachments(desk: Desk, case: Case, row: OutboxRow, now: datetime) -> Iterator[AttachedFile]:
    if row.notice.form:
        try:
            yield report_file(desk, case, Audience(row.notice.form), now)
        except BadForm:
            log.exception("the 8D form cannot be used; the mail goes without it")
    if earlier := earlier_with_report(desk, case, row):
        try:
            yield report_file(desk, earlier, Audience.INTERNAL, now)
        except BadForm:
            log.exception("the 8D form cannot be used; the mail goes without the earlier case's")
    if name := str(row.notice.values.get("letter", "")):
        yield from _letter(desk, case, row, name, now)
    if row.notice.evidence:
        room = MOST_EVIDENCE_BYTES  # what does not fit lies in the shared folder
        for one in evidence_files(desk, case):
            room -= len(one.data)
            if room >= 0:
                yield one
