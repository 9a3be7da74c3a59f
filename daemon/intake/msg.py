"""A mail saved from Outlook, a .msg (MS-OXMSG in MS-CFB), opened by olefile, the extra `[outlook]`."""

from __future__ import annotations

import io
import re
from collections.abc import Mapping, Sequence
from email.message import Message as Mime
from typing import TYPE_CHECKING

from daemon.intake.mapi import KEPT, Item, NotOutlook, mime_of

if TYPE_CHECKING:
    from olefile import OleFileIO

MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MOST_STREAMS = 5000
MOST_FILES = 200
MOST_NESTED = 8
STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})", re.IGNORECASE)
FILE = "__attach_version1.0_#"
MAIL = "__substg1.0_3701000d"
FIXED = "__properties_version1.0"
UNICODE, LONG = 0x1F, 3
READ = {0x1E, UNICODE, 0x102}
HEADS = (32, 24, 8)  # bytes before the fixed properties: of a mail, of a mail within it, of a file

Path = tuple[str, ...]


class NoReader(Exception):
    """A .msg where the extra `[outlook]` is not installed."""


def mail_of(data: bytes) -> Mime:
    """Return the mail that a .msg holds; raise NotOutlook for a damaged one, NoReader without the extra."""
    try:
        from olefile import OleFileIO  # noqa: PLC0415  an extra, and loaded when it is needed only
    except ImportError as fault:
        raise NoReader from fault
    try:
        with OleFileIO(io.BytesIO(data)) as ole:
            item = _Saved(ole, len(data)).item((), 0)
            mail = mime_of(item)
    except Exception as fault:  # olefile fails in many ways on a damaged or hostile file
        raise NotOutlook(f"this .msg is damaged ({type(fault).__name__})") from fault
    if not item.values and not item.files:
        raise NotOutlook("this .msg holds no mail")
    return mail


class _Saved:
    """The streams of a .msg by the folder in which they lie; all together are read once over at most."""

    def __init__(self, ole: OleFileIO, size: int) -> None:
        self._ole, self._room = ole, 2 * size
        self._inside: dict[Path, list[Path]] = {}
        for one in ole.listdir(streams=True, storages=True)[:MOST_STREAMS]:
            self._inside.setdefault(tuple(one[:-1]), []).append(tuple(one))

    def item(self, place: Path, depth: int, head: int = HEADS[0]) -> Item:
        """Return the mail or file that lies in a folder."""
        if depth > MOST_NESTED:
            raise NotOutlook("mails lie in mails without end")
        within = self._inside.get(place, ())
        folders = [one for one in within if one[-1].lower().startswith(FILE)][:MOST_FILES]
        files = tuple(self.item(one, depth + 1, HEADS[2]) for one in folders)
        mail = next((self.item(one, depth + 1, HEADS[1]) for one in within if one[-1].lower() == MAIL), None)
        return Item({**self._fixed(within, head), **self._streams(within)}, files, mail)

    def _streams(self, within: Sequence[Path]) -> Mapping[int, bytes | str]:
        values: dict[int, bytes | str] = {}
        for one in within:
            found = STREAM.fullmatch(one[-1])
            key, kind = (int(found[1], 16), int(found[2], 16)) if found else (0, 0)
            if key in KEPT and kind in READ:
                raw = self._read(one)
                values[key] = raw.decode("utf-16-le", "replace").rstrip("\x00") if kind == UNICODE else raw
        return values

    def _fixed(self, within: Sequence[Path], head: int) -> Mapping[int, int]:
        """Return the numbers among the properties, which lie in one stream (MS-OXMSG 2.4)."""
        raw = b"".join(self._read(one) for one in within if one[-1].lower() == FIXED)
        rows = (raw[at : at + 16] for at in range(head, len(raw) - 15, 16))
        tagged = ((int.from_bytes(row[2:4], "little"), int.from_bytes(row[:2], "little"), row[8:12]) for row in rows)
        return {key: int.from_bytes(value, "little") for key, kind, value in tagged if kind == LONG and key in KEPT}

    def _read(self, path: Path) -> bytes:
        self._room -= self._ole.get_size(list(path))
        if self._room < 0:
            raise NotOutlook("its parts are larger than the file")
        data = self._ole.openstream(list(path)).read()
        assert isinstance(data, bytes)
        return data
