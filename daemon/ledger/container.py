"""The workbook's file: a zip of parts, of which few are read and fewer written anew; all others are copied as they are.

Pure: bytes in, bytes out.  Whatever is wrong with the bytes raises BadWorkbook and nothing else.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from io import BytesIO
from typing import IO

from daemon.ledger.deflate import quickest
from daemon.ledger.sheet import BadWorkbook, Flaw
from daemon.ledger.zip_directory import (
    ENCRYPTED,
    LOCAL_MARK,
    STREAMED,
    Member,
    end_record,
    entry_of,
    fresh_member,
    in_order,
    local_header,
    moved_entry,
    read_directory,
)

MOST_FILE = 2**29  # bytes of the file
MOST_INFLATED = 2**30  # bytes of all parts that may be read; 100,000 rows of 55 columns are a sixth of it
MOST_PART = 2**26  # bytes of a part that is read whole
WORST_RATIO = 200  # inflated to packed; rows that are all alike reach 40
SMALL = 2**22  # bytes up to which a ratio does not matter
PIECE = 2**14  # packed bytes at a time, so that a bomb never has more than 16 MB at once

STORED, DEFLATED = 0, 8
_READ = (".xml", ".rels", ".vml")
_TYPES = "[content_types].xml"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_OLD_STREAMS = (b"\x09\x08\x08\x00", b"\x09\x08\x10\x00", b"\x09\x04\x06\x00", b"\x09\x02\x06\x00", b"\x09\x00\x04\x00")
_ENCRYPTED_PACKAGE = "EncryptedPackage".encode("utf-16-le")


@dataclass(frozen=True, slots=True)
class Container:
    """The parts of a workbook in the bytes of its file."""

    data: bytes
    comment: bytes
    members: Mapping[str, Member]  # in the order of the directory

    @staticmethod
    def of(data: bytes) -> Container:
        """Return the parts; raise BadWorkbook when these are not the bytes of a whole, harmless package."""
        _refuse_other_kinds(data)
        directory = read_directory(data)
        members = {member.name: member for member in directory.members}
        if not any(name.lower() == _TYPES for name in members):
            raise BadWorkbook(Flaw.FOREIGN, "a zip file, but no workbook: it has no [Content_Types].xml")
        _refuse_bombs(members)
        return Container(data, directory.comment, members)

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the parts, in the order of the directory."""
        return tuple(self.members)

    def read(self, name: str) -> bytes:
        """Return a part; raise BadWorkbook when it is broken or too large to be read whole."""
        if self._member(name).size > MOST_PART:
            raise BadWorkbook(Flaw.TOO_LARGE, f"{name}: {self.members[name].size} bytes; at most {MOST_PART} are read")
        return b"".join(self.chunks(name))

    def chunks(self, name: str) -> Iterator[bytes]:
        """Yield a part in pieces; raise BadWorkbook when it is broken, at the latest after the last piece."""
        member = self._member(name)
        size, crc, crc32 = 0, 0, quickest().crc32
        for piece in _inflated(self.data, member):
            size += len(piece)
            if size > member.size:
                raise BadWorkbook(Flaw.TRUNCATED, f"{name}: larger than its directory says")
            crc = crc32(piece, crc)
            yield piece
        if size != member.size or crc != member.crc:
            raise BadWorkbook(Flaw.TRUNCATED, f"{name}: not what its checksum says")

    def rewritten(
        self,
        changed: Mapping[str, Iterable[bytes]],
        added: Mapping[str, bytes] | None = None,
        dropped: Collection[str] = (),
    ) -> bytes:
        """Return the file with some parts written anew at their old places, some added at the end, some left out.

        Every other member is copied as it lies there, with its header, and so are order, times and comment.
        """
        assert changed.keys() | set(dropped) <= self.members.keys()
        out, written = BytesIO(), dict[str, bytes]()
        for member in in_order(self.members.values()):
            name = member.name
            if name in changed:
                written[name] = entry_of(_deflated(out, member, changed[name]))
            elif name not in dropped:
                written[name] = moved_entry(member, out.tell())
                out.write(memoryview(self.data)[member.start : member.end])
        entries = [written[name] for name in self.members if name in written]
        entries += [entry_of(_deflated(out, fresh_member(name), (part,))) for name, part in (added or {}).items()]
        _close(out, entries, self.comment)
        return out.getvalue()

    def _member(self, name: str) -> Member:
        if name not in self.members:
            raise BadWorkbook(Flaw.TRUNCATED, f"{name} is missing in the workbook")
        return self.members[name]


# ── refusing ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _refuse_other_kinds(data: bytes) -> None:
    if not data:
        raise BadWorkbook(Flaw.EMPTY, "the file is empty")
    if len(data) > MOST_FILE:
        raise BadWorkbook(Flaw.TOO_LARGE, f"the file has {len(data)} bytes; at most {MOST_FILE} are read")
    if data.startswith(_OLE):
        if _ENCRYPTED_PACKAGE in data:
            raise BadWorkbook(Flaw.ENCRYPTED, "the workbook has a password: take it off, and save it again")
        raise BadWorkbook(Flaw.OLD_FORMAT, "a workbook of Excel 97-2003 (.xls): save it as .xlsx")
    if data.startswith(_OLD_STREAMS):
        raise BadWorkbook(Flaw.OLD_FORMAT, "a workbook of an old Excel (.xls): save it as .xlsx")
    if not data.strip(b"\0"):
        raise BadWorkbook(Flaw.TRUNCATED, "the file holds zeros only: it was not saved to its end")
    if not data.startswith((LOCAL_MARK, b"PK\x05\x06")):
        if LOCAL_MARK.startswith(data[:4]):
            raise BadWorkbook(Flaw.TRUNCATED, "the file is not whole: it has no end")
        raise BadWorkbook(Flaw.FOREIGN, f"no workbook: the file begins with {data[:16]!r}")


def _refuse_bombs(members: Mapping[str, Member]) -> None:
    """Refuse what would fill the memory; pictures and the like are never inflated, and may be of any kind."""
    read = [member for name, member in members.items() if name.lower().endswith(_READ)]
    if (whole := sum(member.size for member in read)) > MOST_INFLATED:
        raise BadWorkbook(
            Flaw.TOO_LARGE, f"its parts are {whole} bytes when unpacked; at most {MOST_INFLATED} are read"
        )
    for member in read:
        if member.size > SMALL and member.size > WORST_RATIO * member.packed:
            raise BadWorkbook(Flaw.TOO_LARGE, f"{member.name[:100]} unpacks to {member.size} bytes: a zip bomb")


# ── members ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _inflated(data: bytes, member: Member) -> Iterator[bytes]:
    """Yield a member's bytes in pieces, unchecked."""
    if member.flags & ENCRYPTED:
        raise BadWorkbook(Flaw.ENCRYPTED, f"{member.name} has a password: take it off, and save it again")
    if member.method not in (STORED, DEFLATED):
        raise BadWorkbook(Flaw.UNUSUAL, f"{member.name} is packed in an unusual way (method {member.method})")
    stop = member.data + member.packed
    pieces = (data[at : min(at + PIECE, stop)] for at in range(member.data, stop, PIECE))
    if member.method == STORED:
        yield from pieces
        return
    codec = quickest()
    inflating = codec.inflating()
    try:
        for piece in pieces:
            if plain := inflating.decompress(piece):
                yield plain
    except codec.faults as fault:
        raise BadWorkbook(Flaw.TRUNCATED, f"{member.name} cannot be unpacked: {fault}") from fault
    if not inflating.eof or inflating.unused_data:
        raise BadWorkbook(Flaw.TRUNCATED, f"{member.name} breaks off, or has more than it says")


def _deflated(out: IO[bytes], member: Member, pieces: Iterable[bytes]) -> Member:
    """Write a member's header and bytes at the end; return it as it lies there."""
    start = out.tell()
    header = local_header(replace(member, flags=member.flags & ~STREAMED))
    out.write(header)  # once more below, when the sizes are known
    codec, size, crc = quickest(), 0, 0
    deflating = codec.deflating()
    for piece in pieces:
        size += len(piece)
        crc = codec.crc32(piece, crc)
        out.write(deflating.compress(piece))
    out.write(deflating.flush())
    if size > MOST_INFLATED:
        raise BadWorkbook(Flaw.TOO_LARGE, f"{member.name} would have {size} bytes; at most {MOST_INFLATED} are read")
    end = out.tell()
    flags, packed = member.flags & ~STREAMED, end - start - len(header)
    written = replace(member, flags=flags, method=DEFLATED, crc=crc, packed=packed, size=size, start=start)
    out.seek(start)
    out.write(local_header(written))
    out.seek(end)
    return written


def _close(out: IO[bytes], entries: Sequence[bytes], comment: bytes) -> None:
    begin = out.tell()
    out.writelines(entries)
    out.write(end_record(len(entries), begin, out.tell() - begin, comment))
