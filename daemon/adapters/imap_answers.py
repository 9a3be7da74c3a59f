"""What IMAP commands name and what their answers say: sets of UIDs, sizes, dates, bodies.  Pure; talks to no server."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

_UID = re.compile(rb"\bUID (\d+)")
_SIZE = re.compile(rb"\bRFC822\.SIZE (\d+)")
_DATE = re.compile(rb'\bINTERNALDATE "([ \d]\d-[A-Za-z]{3}-\d{4})')
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def uid_set(uids: Iterable[int]) -> str:
    """Return UIDs as a set with ranges, `1:4,9` (RFC 3501, sequence-set)."""
    ranges: list[list[int]] = []
    for uid in sorted(set(uids)):
        if ranges and uid == ranges[-1][-1] + 1:
            ranges[-1][1:] = [uid]
        else:
            ranges.append([uid])
    return ",".join(":".join(map(str, ends)) for ends in ranges)


def day(moment: date) -> str:
    """Return a day as SEARCH wants it, whatever the machine's language: `24-Nov-2026`."""
    return f"{moment.day}-{_MONTHS[moment.month - 1]}-{moment.year}"


def uids_in(answer: Iterable[Any]) -> list[int]:
    """Return the UIDs that a FETCH named, ascending."""
    return sorted(int(found[1]) for line in _lines(answer) if (found := _UID.search(line)))


def sizes_in(answer: Iterable[Any]) -> dict[int, int]:
    """Return the sizes in bytes that a FETCH named, by UID."""
    pairs = ((_UID.search(line), _SIZE.search(line)) for line in _lines(answer))
    return {int(uid[1]): int(size[1]) for uid, size in pairs if uid and size}


def days_in(answer: Iterable[Any]) -> dict[int, date]:
    """Return the days of arrival that a FETCH named, by UID, as the server writes them: its zone is left out."""
    pairs = ((_UID.search(line), _DATE.search(line)) for line in _lines(answer))
    found = {int(uid[1]): _day(stamp[1].decode()) for uid, stamp in pairs if uid and stamp}
    return {uid: moment for uid, moment in found.items() if moment}


def bodies_in(answer: list[Any]) -> Iterator[tuple[int, bytes]]:
    """Pair bodies with UIDs; a server may name the UID before the literal or after it."""
    for part, following in zip(answer, [*answer[1:], b""], strict=False):
        if isinstance(part, tuple):
            uid = _UID.search(part[0]) or (_UID.search(following) if isinstance(following, bytes) else None)
            if uid:
                yield int(uid[1]), part[1]


def _lines(answer: Iterable[Any]) -> Iterator[bytes]:
    return (line for line in answer if isinstance(line, bytes))


def _day(text: str) -> date | None:
    number, month, year = text.split("-")
    try:
        return date(int(year), _MONTHS.index(month.title()) + 1, int(number))
    except ValueError:
        return None
