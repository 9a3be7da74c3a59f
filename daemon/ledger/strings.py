"""The texts that the cells of a workbook share: kept as the bytes they are in the file, read one by one.  Pure."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Sequence

from daemon.ledger.sheet import BadWorkbook, Flaw
from daemon.ledger.xml_text import rich_text

LARGEST = 2**29  # bytes of XML
TOGETHER = 32  # texts are read by so many: cells in a row mostly show neighbours, and few are lost where they do not
BLOCKS = 512  # that are kept
_END = re.compile(rb"(?:</(?:[\w.-]+:)?sst\s*|<(?:[\w.-]+:)?sst(?:\s[^<>]*)?/)>\s*\Z")
_ITEM = re.compile(rb"<(?:[\w.-]+:)?si(?=[\s/>])")


class Strings:
    """The shared texts by number; their part is read when the first one is asked for."""

    def __init__(self, chunks: Callable[[], Iterable[bytes]]) -> None:
        self._chunks = chunks
        self._raw = bytearray()
        self._blocks: dict[int, Sequence[str]] = {}
        self._starts: array[int] = array("L")

    def numbered(self, written: bytes) -> str:
        """Return a text; raise BadWorkbook when there is none of this number, or the part cannot be read safely."""
        starts = self._starts or self._loaded()
        number = int(written) if written.isdigit() and len(written) < 12 else LARGEST
        if number >= len(starts) - 1:
            raise BadWorkbook(Flaw.TRUNCATED, f"shared text {written[:20]!r} of {len(starts) - 1}")
        at, place = divmod(number, TOGETHER)
        block = self._blocks.get(at)
        if block is None:
            block = self._block(starts, at)
        return block[place] if block else rich_text(self._raw[starts[number] : starts[number + 1]])

    def _block(self, starts: array[int], at: int) -> Sequence[str]:
        """Return texts that stand together, none where one of them is not plain: those are read one by one."""
        first, last = at * TOGETHER, min((at + 1) * TOGETHER, len(starts) - 1)
        texts = plain_texts(self._raw[starts[first] : starts[last]], last - first)
        if len(self._blocks) >= BLOCKS:
            self._blocks.clear()
        self._blocks[at] = texts
        return texts

    def _loaded(self) -> array[int]:
        raw = self._raw
        for chunk in self._chunks():
            raw += chunk
            if len(raw) > LARGEST:
                raise BadWorkbook(Flaw.TOO_LARGE, f"more than {LARGEST} bytes of shared texts")
        _check(raw)
        self._starts = array("L", (found.start() for found in _ITEM.finditer(raw)))
        self._starts.append(len(raw))
        return self._starts


def _check(raw: bytearray) -> None:
    if b"\0" in raw[:4] or raw.startswith((b"\xff\xfe", b"\xfe\xff")) or b"<!" in raw:
        raise BadWorkbook(Flaw.UNUSUAL, "shared texts in another encoding, with comments, CDATA or a document type")
    if not _END.search(raw, max(len(raw) - 1000, 0)):
        raise BadWorkbook(Flaw.TRUNCATED, "shared texts that break off")


def plain_texts(raw: bytes | bytearray, count: int) -> Sequence[str]:
    """Return so many texts that stand here without any run, reference or escape, or nothing."""
    text = raw.decode("utf-8", "replace")
    texts = text.removeprefix("<si><t>").removesuffix("</sst>").removesuffix("</t></si>").split("</t></si><si><t>")
    is_plain = len(texts) == count and raw.count(b"<") - raw.endswith(b"</sst>") == 4 * count
    return texts if is_plain and text.isprintable() and not ("&" in text or "_x" in text or "\ufffd" in text) else ()
