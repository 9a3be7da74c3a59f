"""A winmail.dat, in which Exchange wraps a mail's files and text (MS-OXTNEF), bounded by its own length."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from email.message import Message as Mime

from daemon.intake.mapi import BODY, DATA, KEPT, NAME, SHORT_NAME, SUBJECT, Item, NotOutlook, mime_of

SIGNATURE = 0x223E9F78
MOST_FILES = 200
MOST_NESTED = 8
MOST_PROPERTIES, MOST_ATTRIBUTES = 5000, 5000
ATTACHED = 2  # the level of what belongs to an attached file
RENDERING, TITLE, CONTENT, PROPERTIES_OF_FILE = 0x9002, 0x8010, 0x800F, 0x9005
TOPIC, TEXT, PROPERTIES, CODEPAGE = 0x8004, 0x800C, 0x9003, 0x9007
WIDTH = {1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 10: 4, 11: 4, 20: 8, 64: 8, 72: 16}  # bytes of a value by its type
LONG, STRING8, UNICODE, BINARY, OBJECT = 3, 0x1E, 0x1F, 0x102, 0x0D
KIND = 16  # bytes before an object that say what it is
SEVERAL, FIRST_NAMED = 0x1000, 0x8000


def mail_of(data: bytes) -> Mime:
    """Return what is wrapped as a mail; raise NotOutlook for what is no TNEF or a damaged one."""
    try:
        return mime_of(_message(data, 0))
    except (struct.error, UnicodeError, IndexError) as fault:
        raise NotOutlook("winmail.dat is cut short") from fault


def _message(data: bytes, depth: int) -> Item:
    if len(data) < 6 or struct.unpack_from("<I", data)[0] != SIGNATURE or depth > MOST_NESTED:
        raise NotOutlook("this is no winmail.dat")
    values: dict[int, bytes | str | int] = {}
    files: list[dict[int, bytes | str | int]] = []
    codepage = 0
    for level, name, content in _attributes(data):
        if name == CODEPAGE:
            codepage = struct.unpack_from("<I", content)[0]
        elif level != ATTACHED:
            values |= _values(name, content, {TOPIC: SUBJECT, TEXT: BODY}, PROPERTIES)
        elif name == RENDERING and len(files) < MOST_FILES:
            files.append({})
        elif files:
            found = _values(name, content, {TITLE: SHORT_NAME, CONTENT: DATA}, PROPERTIES_OF_FILE)
            files[-1] |= {key: value for key, value in found.items() if key != NAME or key not in files[-1]}
    return Item(values, tuple(_file(one, codepage, depth) for one in files), codepage=codepage)


def _file(values: dict[int, bytes | str | int], codepage: int, depth: int) -> Item:
    data = values.get(DATA)
    if isinstance(data, bytes) and data.startswith(struct.pack("<I", SIGNATURE)):
        return Item(values, mail=_message(data, depth + 1))
    return Item(values, codepage=codepage)


def _attributes(data: bytes) -> Iterator[tuple[int, int, bytes]]:
    """Yield level, name and content of each attribute (MS-OXTNEF 2.1.3)."""
    at = 6
    for _ in range(MOST_ATTRIBUTES):
        if at + 9 > len(data):
            return
        level, name, _, length = struct.unpack_from("<BHHI", data, at)
        if at + 9 + length > len(data):
            raise NotOutlook("winmail.dat is cut short")
        yield level, name, data[at + 9 : at + 9 + length]
        at += 9 + length + 2
    raise NotOutlook("winmail.dat holds more than Exchange wraps")


def _values(name: int, content: bytes, plain: dict[int, int], properties: int) -> dict[int, bytes | str | int]:
    if name == properties:
        return dict(_properties(content))
    return {plain[name]: content} if name in plain else {}


def _properties(data: bytes) -> Iterator[tuple[int, bytes | str | int]]:
    """Yield the properties that count, by number (MS-OXTNEF 2.1.3.4)."""
    (count,), at = struct.unpack_from("<I", data), 4
    for _ in range(min(count, MOST_PROPERTIES)):
        kind, key = struct.unpack_from("<HH", data, at)
        at += 4
        if key >= FIRST_NAMED:
            at = _after_name(data, at)
        several, kind = bool(kind & SEVERAL), kind & ~SEVERAL
        counted = several or kind not in WIDTH
        number, at = (struct.unpack_from("<I", data, at)[0], at + 4) if counted else (1, at)
        for _ in range(min(number, MOST_PROPERTIES)):
            value, at = _value(data, at, kind)
            if key in KEPT and not several:
                yield key, value


def _after_name(data: bytes, at: int) -> int:
    (by_text,) = struct.unpack_from("<I", data, at + 16)
    if not by_text:
        return at + 24
    (length,) = struct.unpack_from("<I", data, at + 20)
    return at + 24 + _padded(length)


def _value(data: bytes, at: int, kind: int) -> tuple[bytes | str | int, int]:
    if kind in WIDTH:
        raw = data[at : at + WIDTH[kind]]
        return (int.from_bytes(raw, "little") if kind == LONG else raw), at + WIDTH[kind]
    if kind not in {STRING8, UNICODE, BINARY, OBJECT}:
        raise NotOutlook(f"winmail.dat holds a property of an unknown kind ({kind:#x})")
    (length,) = struct.unpack_from("<I", data, at)
    raw, end = data[at + 4 : at + 4 + length], at + 4 + _padded(length)
    if at + 4 + length > len(data):
        raise NotOutlook("winmail.dat is cut short")
    if kind == UNICODE:
        return raw.decode("utf-16-le", "replace").rstrip("\x00"), end
    return raw[KIND:] if kind == OBJECT else raw, end


def _padded(length: int) -> int:
    return length + -length % 4
