"""The directory of a zip file: where its members lie, and that they lie apart.  Pure; nothing is inflated here.

By the zip specification (APPNOTE 6.3): end record 4.3.16, zip64 4.3.14 and 4.5.3, directory 4.3.12, local header 4.3.7.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from daemon.ledger.sheet import BadWorkbook, Flaw

MOST_MEMBERS = 50_000
UTF8, STREAMED, ENCRYPTED = 0x0800, 0x0008, 0x0001  # flags

_END = struct.Struct("<4s4H2LH")
_END64 = struct.Struct("<4sQ2H2L4Q")
_LOCATOR = struct.Struct("<4sLQL")
_ENTRY = struct.Struct("<4s2B5H3L5H2L")
_LOCAL = struct.Struct("<4s2B4H3L2H")
_END_MARK, _END64_MARK, _LOCATOR_MARK = b"PK\x05\x06", b"PK\x06\x06", b"PK\x06\x07"
_ENTRY_MARK, LOCAL_MARK = b"PK\x01\x02", b"PK\x03\x04"
_LONGEST_COMMENT = 0xFFFF
_ZIP64 = 1  # id of the extra field with long sizes
_IN_ZIP64 = 0xFFFFFFFF
_VERSION = 20  # needed to inflate


@dataclass(frozen=True, slots=True)
class Member:
    """A member as the directory has it; `start` is its local header, `data` its bytes, `end` where the next begins."""

    raw_name: bytes
    made_by: tuple[int, int]
    flags: int
    method: int
    moment: tuple[int, int]
    crc: int
    packed: int
    size: int
    attributes: tuple[int, int]
    comment: bytes
    start: int
    entry: bytes  # of the directory, as it is written
    data: int = 0
    end: int = 0

    @property
    def name(self) -> str:
        """Return the part's name, as paths are written."""
        try:
            name = self.raw_name.decode("utf-8" if self.flags & UTF8 else "cp437")
        except UnicodeDecodeError:
            name = self.raw_name.decode("cp437")
        return name.replace("\\", "/")


@dataclass(frozen=True, slots=True)
class Directory:
    """The members in the order of the directory, and the comment of the file."""

    members: tuple[Member, ...]
    comment: bytes


def read_directory(data: bytes) -> Directory:
    """Return the directory of a zip file; raise BadWorkbook where it does not tell a whole file."""
    try:
        end, comment = _end_of(data)
        begin, stop, count = _bounds(data, end)
        entries = tuple(_entries(data, begin, stop, count))
        return Directory(_placed(data, entries, begin), comment)
    except struct.error as fault:
        raise _torn(f"its directory breaks off ({fault})") from fault


def _torn(what: str) -> BadWorkbook:
    return BadWorkbook(Flaw.TRUNCATED, f"the file is not whole: {what}")


def _end_of(data: bytes) -> tuple[int, bytes]:
    """Return where the end record begins and the file's comment, with which the file ends."""
    at = len(data)
    while (at := data.rfind(_END_MARK, max(0, len(data) - _LONGEST_COMMENT - _END.size), at)) >= 0:
        if len(data) - at >= _END.size and at + _END.size + _END.unpack_from(data, at)[-1] == len(data):
            return at, data[at + _END.size :]
    raise _torn("it has no end")


def _bounds(data: bytes, end: int) -> tuple[int, int, int]:
    """Return where the directory begins and stops, and how many members it names."""
    _, disk, _, here, count, size, begin, _ = _END.unpack_from(data, end)
    locator = end - _LOCATOR.size
    if locator >= 0 and data.startswith(_LOCATOR_MARK, locator):
        end = _LOCATOR.unpack_from(data, locator)[2]
        if not data.startswith(_END64_MARK, end):
            raise _torn("its long end record is not where it should be")
        _, _, _, _, disk, _, here, count, size, begin = _END64.unpack_from(data, end)
    if disk or here != count:
        raise BadWorkbook(Flaw.UNUSUAL, "a zip file in several pieces")
    if begin + size != end:
        raise _torn("its directory is not where it should be")
    if count > MOST_MEMBERS:
        raise BadWorkbook(Flaw.TOO_LARGE, f"{count} parts; a workbook may have {MOST_MEMBERS}")
    return begin, end, count


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entries(data: bytes, at: int, stop: int, count: int) -> Iterator[Member]:
    for _ in range(count):
        fixed = _ENTRY.unpack_from(data, at)
        mark, made, system, _, flags, method, time, day, crc, packed, size, name, extra, comment, _, *last = fixed
        inner, outer, start = last
        texts = at + _ENTRY.size
        following = texts + name + extra + comment
        if mark != _ENTRY_MARK or following > stop:
            raise _torn("its directory breaks off")
        entry = data[at:following]
        size, packed, start = _long(entry[_ENTRY.size + name :][:extra], (size, packed, start))
        yield Member(
            entry[_ENTRY.size :][:name],
            (made, system),
            flags,
            method,
            (time, day),
            crc,
            packed,
            size,
            (inner, outer),
            entry[len(entry) - comment :],
            start,
            entry,
        )
        at = following
    if at != stop:
        raise _torn("its directory has more than it says")


def _long(extra: bytes, numbers: tuple[int, int, int]) -> Sequence[int]:
    """Return size, packed size and place, those that do not fit the entry from its extra field."""
    if _IN_ZIP64 not in numbers:
        return numbers
    values = iter(
        struct.unpack(f"<{len(found) // 8}Q", found[: len(found) // 8 * 8]) if (found := _zip64(extra)) else ()
    )
    try:
        return [next(values) if number == _IN_ZIP64 else number for number in numbers]
    except StopIteration:
        raise _torn("a long size is missing in its directory") from None


def _zip64(extra: bytes) -> bytes:
    while len(extra) >= 4:
        kind, length = struct.unpack_from("<2H", extra)
        if kind == _ZIP64:
            return extra[4 : 4 + length]
        extra = extra[4 + length :]
    return b""


def _placed(data: bytes, members: Sequence[Member], stop: int) -> tuple[Member, ...]:
    """Return the members with their places in the file; raise BadWorkbook where two of them share bytes."""
    names = {member.name.lower() for member in members}
    if len(names) != len(members):
        raise BadWorkbook(Flaw.UNUSUAL, "two parts of the same name")
    starts = sorted(member.start for member in members)
    ends = dict(pairwise((*starts, stop)))
    return tuple(_at_its_place(data, member, ends[member.start]) for member in members)


def _at_its_place(data: bytes, member: Member, end: int) -> Member:
    mark, *_, name, extra = _LOCAL.unpack_from(data, member.start)
    begin = member.start + _LOCAL.size + name + extra
    written = data[member.start + _LOCAL.size :][:name] if name == len(member.raw_name) else b""
    if mark != LOCAL_MARK or written != member.raw_name or begin + member.packed > end:
        raise _torn(f"{member.name[:100]} is not where its directory says")
    if member.size >= _IN_ZIP64:
        raise BadWorkbook(Flaw.TOO_LARGE, f"{member.name[:100]} is larger than 4 GB when unpacked")
    return replace(member, data=begin, end=end)


# ── writing ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def local_header(member: Member) -> bytes:
    """Return the header that stands before a member's bytes, without extra field."""
    sizes = member.crc, member.packed, member.size
    fixed = (_VERSION, 0, member.flags, member.method, *member.moment, *sizes, len(member.raw_name), 0)
    return _LOCAL.pack(LOCAL_MARK, *fixed) + member.raw_name


def entry_of(member: Member) -> bytes:
    """Return the entry of a member that was written anew."""
    sizes = member.crc, member.packed, member.size
    lengths = len(member.raw_name), 0, len(member.comment)
    fixed = (*member.made_by, _VERSION, member.flags, member.method, *member.moment, *sizes, *lengths, 0)
    return _ENTRY.pack(_ENTRY_MARK, *fixed, *member.attributes, member.start) + member.raw_name + member.comment


def moved_entry(member: Member, start: int) -> bytes:
    """Return the entry of a member that was copied: as it was but for its place."""
    place = slice(_ENTRY.size - 4, _ENTRY.size)
    if member.entry[place] == _IN_ZIP64.to_bytes(4, "little"):  # its place is in the extra field, which is not needed
        return entry_of(replace(member, start=start))
    return member.entry[: place.start] + start.to_bytes(4, "little") + member.entry[place.stop :]


def end_record(count: int, begin: int, size: int, comment: bytes) -> bytes:
    """Return the record with which the file ends."""
    return _END.pack(_END_MARK, 0, 0, count, count, size, begin, len(comment)) + comment


def fresh_member(name: str) -> Member:
    """Return a member that is not there yet: deflated, of the first day that a zip file knows."""
    raw = name.encode()
    flags = 0 if raw.isascii() else UTF8
    return Member(raw, (_VERSION, 0), flags, 8, (0, 0x21), 0, 0, 0, (0, 0), b"", 0, b"")


def in_order(members: Iterable[Member]) -> list[Member]:
    """Return the members as they lie in the file."""
    return sorted(members, key=lambda member: member.start)
