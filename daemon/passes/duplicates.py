"""The same mail again: delivered twice, to two folders or accounts, or moved back into the inbox by a person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from daemon.intake.sameness import content_key, way_key
from daemon.seams import MailOutcome, MailRecord, Shelf, Store

MOST_COMPARED = 50  # mails with one Message-ID; who sends more under the same one sends other mails

SHELVES: Mapping[MailOutcome, Shelf] = {
    MailOutcome.CASE: Shelf.DONE,
    MailOutcome.THREAD: Shelf.DONE,
    MailOutcome.DUPLICATE: Shelf.DONE,
    MailOutcome.IGNORED: Shelf.ASIDE,  # what is no complaint is set aside where people see it
    MailOutcome.ASIDE: Shelf.ASIDE,
    MailOutcome.HELD: Shelf.ASIDE,
}


def copies_of(store: Store, record: MailRecord) -> tuple[MailRecord, ...]:
    """Return the finished mails that this one is a copy of, oldest first: the same bytes, or the same content."""
    likely = store.mails_like(record.message_id, record.sha256, MOST_COMPARED)
    others = [one for one in likely if one.sha256 != record.sha256]
    key = content_key(store.blob(record.sha256)) if others else ""
    same = {one.id for one in others if content_key(store.blob(one.sha256)) == key}
    return tuple(one for one in likely if one.sha256 == record.sha256 or one.id in same)


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
