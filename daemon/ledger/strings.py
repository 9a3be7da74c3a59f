"""The texts that the cells of a workbook share: kept as the bytes they are in the file, read one by one.  Pure."""

from __future__ import annotations

import re
from array import array
from collections.abc import Callable, Iterable, Iterator, Sequence

from daemon.ledger.sheet import BadWorkbook, Flaw
from daemon.ledger.xml_text import rich_text

LARGEST = 2**29  # bytes of XML
TOGETHER = 32  # texts are read by so many: cells in a row mostly show neighbours, and few are lost where they do not
BLOCKS = 512  # that are kept
LONGEST_TAG = 1000  # bytes, of which some may stand in one piece of the part and some in the next
_END = re.compile(rb"(?:</(?:[\w.-]+:)?sst\s*|<(?:[\w.-]+:)?sst(?:\s[^<>]*)?/)>\s*\Z")
_ITEM = re.compile(rb"<(?:[\w.-]+:)?si(?=[\s/>])")


class Strings:
    """The shared texts by number; their part is read as far as it is asked for: headers stand among the first."""

    def __init__(self, chunks: Callable[[], Iterable[bytes]]) -> None:
        self._chunks = chunks
        self._raw = bytearray()
        self._blocks: dict[int, Sequence[str]] = {}
        self._starts: array[int] = array("L")
        self._more: Iterator[bytes] | None = None
        self._ended = False

    def numbered(self, written: bytes) -> str:
        """Return a text; raise BadWorkbook when there is none of this number, or the part cannot be read safely."""
        number = int(written) if written.isdigit() and len(written) < 12 else LARGEST
        at, place = divmod(number, TOGETHER)
        block = self._blocks.get(at)
        if block is None:
            block = self._block(at)
        return block[place] if place < len(block) else self._alone(number, written)

    def _block(self, at: int) -> Sequence[str]:
        """Return texts that stand together, none where one of them is not plain: those are read one by one."""
        self._reach((at + 1) * TOGETHER)
        starts, first = self._starts, at * TOGETHER
        last = min(first + TOGETHER, len(starts) - 1)
        texts = plain_texts(self._raw[starts[first] : starts[last]], last - first) if first < last else ()
        if len(self._blocks) >= BLOCKS:
            self._blocks.clear()
        self._blocks[at] = texts
        return texts

    def _alone(self, number: int, written: bytes) -> str:
        if number >= len(self._starts) - 1:
            raise BadWorkbook(Flaw.TRUNCATED, f"shared text {written[:20]!r} of {len(self._starts) - 1}")
        return rich_text(self._raw[self._starts[number] : self._starts[number + 1]])

    def _reach(self, count: int) -> None:
        """Read on until so many texts and the beginning of the next one are there, or all of them and the end."""
        if self._more is None:
            self._more = iter(self._chunks())
        while len(self._starts) <= count and not self._ended:
            chunk = next(self._more, None)
            if chunk is None:
                self._end()
            else:
                self._add(chunk)

    def _add(self, chunk: bytes) -> None:
        raw, starts = self._raw, self._starts
        before = len(raw)
        raw += chunk
        if len(raw) > LARGEST:
            raise BadWorkbook(Flaw.TOO_LARGE, f"more than {LARGEST} bytes of shared texts")
        if b"\0" in raw[:4] or raw.startswith((b"\xff\xfe", b"\xfe\xff")) or raw.find(b"<!", max(before - 1, 0)) >= 0:
            raise BadWorkbook(Flaw.UNUSUAL, "shared texts in another encoding, with comments, CDATA or a document type")
        since = max(before - LONGEST_TAG, starts[-1] + 1 if starts else 0)
        starts.extend(found.start() for found in _ITEM.finditer(raw, since))

    def _end(self) -> None:
        if not _END.search(self._raw, max(len(self._raw) - 1000, 0)):
            raise BadWorkbook(Flaw.TRUNCATED, "shared texts that break off")
        self._starts.append(len(self._raw))
        self._ended = True


def plain_texts(raw: bytes | bytearray, count: int) -> Sequence[str]:
    """Return so many texts that stand here without any run, reference or escape, or nothing."""
    text = raw.decode("utf-8", "replace")
    texts = text.removeprefix("<si><t>").removesuffix("</sst>").removesuffix("</t></si>").split("</t></si><si><t>")
    is_plain = len(texts) == count and raw.count(b"<") - raw.endswith(b"</sst>") == 4 * count
    return texts if is_plain and text.isprintable() and not ("&" in text or "_x" in text or "\ufffd" in text) else ()
