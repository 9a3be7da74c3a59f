"""What stands in a cell, from its XML: value, formula or error, as people see it (ECMA-376 18.3.1.4).  Pure."""

from __future__ import annotations

from datetime import datetime

from daemon.core.fields import CellValue
from daemon.ledger.cells_xml import Grammar, attributes_of
from daemon.ledger.formats import GENERAL, Format, number_of, shown
from daemon.ledger.formulas import Formulas
from daemon.ledger.parts_xml import Book
from daemon.ledger.sheet import BadWorkbook, Flaw, Seen
from daemon.ledger.strings import Strings
from daemon.ledger.xml_text import rich_text, text_of

REMEMBERED = 16_384  # cells that look alike are read once
LONG = 200  # bytes; what is longer is seldom there twice
SHORT = 50  # characters
EARLY = 4  # digits of a shared text's number: what stands there often came early, what came late stands there once

_ENDS = b"</v></c>"
_BOOLEANS = {"0": "FALSE", "1": "TRUE", "false": "FALSE", "true": "TRUE"}


class Values(dict[bytes, Seen | None]):
    """The reader of a sheet's cells: with the workbook's texts, formats and calendar, up to `most` of long text.

    It maps the XML of a cell without formula, after its reference, to what it holds, None for an empty one.  Cells
    that look alike are read once; how many of them are remembered is bounded.
    """

    def __init__(self, book: Book, strings: Strings, tags: Grammar, most: int) -> None:
        super().__init__()
        self._book, self._strings, self._tags = book, strings, tags
        self._most = self._left = most
        self._looks: dict[bytes, tuple[bytes, Format]] = {}
        self._shared = set[bytes]()  # attributes of cells that show a shared text

    def __missing__(self, cell: bytes) -> Seen | None:
        """Read a cell that was not seen before: mostly it shows one of the shared texts, and those are read at once."""
        attributes, _, content = cell.partition(b"><v>")
        if attributes in self._shared and content[-8:] == _ENDS and (number := content[:-8]).isdigit():
            text = self._strings.numbered(number)
            if len(text) > SHORT:
                return Seen(self._counted(text))
            seen = Seen(text) if text else None
            if len(number) > EARLY:
                return seen
        else:
            seen = self._strictly(cell)
            if seen and isinstance(seen.value, str) and len(seen.value) > SHORT:
                return seen
        if len(cell) <= LONG:
            if len(self) >= REMEMBERED:
                self.clear()
            self[cell] = seen
        return seen

    def seen(self, row: int, column: int, attributes: bytes, content: bytes, formulas: Formulas) -> Seen | None:
        """Return what a cell holds, None when it is empty."""
        tag, formula, value, inline = self._parts(content)
        told = formulas.at(row, column) if tag is None else formulas.read(row, column, tag, formula or b"")
        return self._seen(self._look(attributes), value, inline, told)

    def _strictly(self, cell: bytes) -> Seen | None:
        attributes, _, content = cell.partition(b">")
        _, _, value, inline = self._parts(content[: content.rfind(b"<")])  # without the end tag
        return self._seen(self._look(attributes), value, inline, "")

    def _look(self, attributes: bytes) -> tuple[bytes, Format]:
        """Return a cell's type and number format."""
        if look := self._looks.get(attributes):
            return look
        written, formats = attributes_of(attributes), self._book.formats
        style = written.get(b"s", b"0")
        at = int(style) if style.isdigit() and len(style) < 8 else 0
        look = written.get(b"t", b"n"), formats[at] if at < len(formats) else GENERAL
        if len(self._looks) < REMEMBERED:
            self._looks[attributes] = look
            if look[0] == b"s":
                self._shared.add(attributes)
        return look

    def _parts(self, content: bytes) -> tuple[bytes | None, bytes | None, bytes | None, bytes | None]:
        """Return attributes and text of the formula, the value, and the text that stands in the cell itself."""
        found = self._tags.content.fullmatch(content)
        if not found:
            raise BadWorkbook(Flaw.TRUNCATED, f"a cell that is not well-formed: {content[:60]!r}")
        return found[1], found[2], found[3], found[4]

    def _seen(self, look: tuple[bytes, Format], value: bytes | None, inline: bytes | None, formula: str) -> Seen | None:
        kind, form = look
        if kind == b"inlineStr":
            seen = Seen(rich_text(inline or b"") or None, formula)
        elif kind == b"e":
            seen = Seen(None, formula, text_of(value or b"") or "#?")
        else:
            seen = Seen(self._value(kind, form, text_of(value or b"")), formula)
        if isinstance(seen.value, str) and len(seen.value) > SHORT:
            self._counted(seen.value)
        return None if seen.is_empty else seen

    def _counted(self, text: str) -> str:
        """Keep count of the long texts; the short ones are bounded by the number of the cells."""
        self._left -= len(text)
        if self._left < 0:
            raise BadWorkbook(Flaw.TOO_LARGE, f"more than {self._most} characters of long text")
        return text

    def _value(self, kind: bytes, form: Format, text: str) -> CellValue:
        if not text:
            return None
        if kind == b"n":
            number = number_of(text.strip())
            return text if number is None else shown(number, form, date1904=self._book.date1904)
        if kind == b"s":
            return self._strings.numbered(text.strip().encode()) or None
        if kind == b"d":
            return _iso(text)
        return _BOOLEANS.get(text.strip(), text) if kind == b"b" else text


def _iso(text: str) -> CellValue:
    """Return an instant as the cell's wall time, a time of day or what is neither as its text (ISO 8601)."""
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=None, microsecond=0)
    except ValueError:
        return text
