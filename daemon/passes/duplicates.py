"""The same mail again: delivered twice, to two folders or accounts, or moved back into the inbox by a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from daemon.intake.sameness import way_key
from daemon.passes.desk import Desk
from daemon.seams import MailOutcome, MailRecord, Shelf, Store

MOST_COMPARED = 50  # mails with one Message-ID; who sends more under the same one sends other mails
MOST_BYTES = 100 * 1024 * 1024  # of them all

SHELVES: Mapping[MailOutcome, Shelf] = {
    MailOutcome.CASE: Shelf.DONE,
    MailOutcome.THREAD: Shelf.DONE,
    MailOutcome.DUPLICATE: Shelf.DONE,
    MailOutcome.IGNORED: Shelf.ASIDE,  # what is no complaint is set aside where people see it
    MailOutcome.ASIDE: Shelf.ASIDE,
    MailOutcome.HELD: Shelf.ASIDE,
}


def copies_of(desk: Desk, record: MailRecord) -> tuple[MailRecord, ...]:
    """Return the finished mails that this one is a copy of, oldest first: the same bytes, or the same content."""
    likely = desk.store.mails_like(record.message_id, record.sha256, MOST_COMPARED)
    others = [one for one in likely if one.sha256 != record.sha256]
    key = desk.reader.content_key(desk.store.blob(record.sha256)) if others else ""
    same = {one.id for one, content in _read(desk, others) if content == key}
    return tuple(one for one in likely if one.sha256 == record.sha256 or one.id in same)


def _read(desk: Desk, others: Sequence[MailRecord]) -> Iterator[tuple[MailRecord, str]]:
    """Yield the content of mails, until so much was read that who goes on sending under one name sends no copies."""
    read = 0
    for one in others:
        raw = desk.store.blob(one.sha256)
        yield one, desk.reader.content_key(raw)
        read += len(raw)
        if read > MOST_BYTES:
            return


def first_of(copies: Sequence[MailRecord]) -> MailRecord:
    """Return the copy that counts: the one that became or joined a case, else the oldest."""
    return next((one for one in copies if SHELVES[one.outcome] is Shelf.DONE), copies[0])


def moved_back(store: Store, record: MailRecord, copies: Sequence[MailRecord]) -> bool:
    """Tell whether a person moved this mail from 待人工 back into its inbox.

    A second delivery looks like it, but has come another way: its Received headers differ, or it lies elsewhere.
    """
    if not copies or SHELVES[first_of(copies).outcome] is Shelf.DONE:
        return False
    aside = [one for one in copies if one.shelved and _place(one) == _place(record)]
    if any(one.sha256 == record.sha256 for one in aside):
        return True
    way = way_key(store.blob(record.sha256)) if aside else ()
    return bool(way) and any(way_key(store.blob(one.sha256)) == way for one in aside)


def _place(record: MailRecord) -> tuple[str, str]:
    return record.key.account, record.key.folder
