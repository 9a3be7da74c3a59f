"""What the store knows of our own mails, looked up one by one as intake asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime

from daemon.intake.headers import HEAD_BYTES, envelope_of
from daemon.intake.reading import Known, SentNotice
from daemon.passes.duplicates import MOST_COMPARED
from daemon.seams import OutboxRow, Store


class _Lookup(Mapping[str, SentNotice]):
    """A mapping that asks the store for each key; it cannot be walked."""

    def __init__(self, find: Callable[[str], OutboxRow | None]) -> None:
        self._find = find

    def __getitem__(self, key: str) -> SentNotice:
        row = self._find(key)
        if row is None:
            raise KeyError(key)
        return SentNotice(row.number, row.notice.about, (row.recipient,), row.code)

    def __iter__(self) -> Iterator[str]:
        return iter(())

    def __len__(self) -> int:
        return 0


def known_from(store: Store) -> Known:
    """Return what intake may ask of our own mails."""
    return Known(
        _Lookup(store.sent_to),
        _Lookup(store.with_code),
        is_number=lambda number: store.case_numbered(number) is not None,
        age=lambda number: _opened(store, number),
        subject_of=lambda message_id: _subject(store, message_id),
        case_of=lambda message_id: _case_of(store, message_id),
    )


def _opened(store: Store, number: str) -> datetime:
    case = store.case_numbered(number)
    return case.opened_at if case else datetime.min.replace(tzinfo=UTC)


def _case_of(store: Store, message_id: str) -> str | None:
    filed = (one.case for one in store.mails_like(message_id, "", MOST_COMPARED))
    return next((store.case(case).number for case in filed if case), None)


def _subject(store: Store, message_id: str) -> str | None:
    row = store.sent_to(message_id)
    return envelope_of(store.blob(row.sha256), HEAD_BYTES)[1] if row and row.sha256 else None
