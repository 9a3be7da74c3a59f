"""The rows of a sheet, found in its XML while it streams by: where they are, what stands below the last case.  Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from daemon.ledger.markup import plain, refuse_unusual, root_of
from daemon.ledger.references import LAST_ROW, column_of
from daemon.ledger.sheet import BadWorkbook, Flaw

LONGEST_HEAD = 2**22
LONGEST_TAIL = 2**26  # a link and a colour for each of 100,000 rows are a third of it
LONGEST_ROW = 2**24


@dataclass(frozen=True, slots=True)
class Grammar:
    """How a sheet writes its rows and cells, under its prefix (`x:`, mostly none)."""

    prefix: bytes
    row: re.Pattern[bytes]  # attributes, content
    cell: re.Pattern[bytes]  # attributes, content
    formula: re.Pattern[bytes]  # attributes, text
    row_start: bytes
    data: re.Pattern[bytes]
    data_end: bytes
    filled: re.Pattern[bytes]  # a cell with something in it


@cache
def grammar(prefix: bytes) -> Grammar:
    """Return how rows and cells look under a prefix, which ends with a colon or is empty."""
    p = re.escape(prefix)
    element = rb"<%(p)s%(n)s(?=[\s/>])([^<>]*?)(?:/>|>([^<]*+(?:<(?!/%(p)s%(n)s[\s>])[^<]*+)*+)</%(p)s%(n)s\s*>)"
    return Grammar(
        prefix=prefix,
        row=re.compile(element % {b"p": p, b"n": b"row"}, re.DOTALL),
        cell=re.compile(element % {b"p": p, b"n": b"c"}, re.DOTALL),
        formula=re.compile(element % {b"p": p, b"n": b"f"}, re.DOTALL),
        row_start=b"<%srow" % prefix,
        data=re.compile(rb"<%ssheetData(?=[\s/>])[^<>]*?(/?)>" % p),
        data_end=b"</%ssheetData" % prefix,
        filled=re.compile(rb"<%s(?:v|is|f)[\s/>]" % p),
    )


_NUMBER = re.compile(rb"""\sr\s*=\s*["']([0-9]{1,7})["']""")
_PLACE = re.compile(rb"""\sr\s*=\s*["']([A-Z]{1,3})([0-9]{1,7})["']""")
_STYLE = re.compile(rb"""\ss\s*=\s*["']([0-9]{1,6})["']""")


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell as it is written: its column, its attributes, what is between its tags, and all of it."""

    column: int
    attributes: bytes
    content: bytes
    raw: bytes

    @property
    def style(self) -> bytes | None:
        """Return the number of its style."""
        return style_of(self.attributes)


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is written: its number, attributes, and what is between its tags."""

    number: int
    attributes: bytes
    content: bytes
    raw: bytes

    def cells(self, tags: Grammar) -> tuple[list[Cell], bytes]:
        """Return its cells, and what follows them (an extension list); raise BadWorkbook where they are none."""
        found, at, column = [], 0, 0
        while (match := tags.cell.search(self.content, at)) and not self.content[at : match.start()].strip():
            place = _PLACE.search(match[1])
            column = column_of(place[1].decode()) if place else column + 1
            found.append(Cell(column, match[1], match[2] or b"", match[0]))
            at = match.end()
        rest = self.content[at:]
        if b"<%sc " % tags.prefix in rest or [one.column for one in found] != sorted({one.column for one in found}):
            raise BadWorkbook(Flaw.UNUSUAL, f"row {self.number}: its cells are not in their order")
        return found, rest


def style_of(attributes: bytes) -> bytes | None:
    """Return the number of the style that attributes of a cell, row or column name."""
    found = _STYLE.search(attributes)
    return found[1] if found else None


@dataclass(frozen=True, slots=True)
class Region:
    """Some whole rows that stand together: the numbers of the first and the last, and their XML."""

    first: int
    last: int
    xml: bytes


@dataclass(slots=True)
class Stream:
    """A sheet's XML in one pass: `head` up to its rows, the rows by `regions`, then `tail` from their end on."""

    chunks: Iterator[bytes]
    head: bytes = b""
    tail: bytes = b""
    tags: Grammar = field(default_factory=lambda: grammar(b""))
    _rest: bytes = b""

    @staticmethod
    def of(chunks: Iterable[bytes]) -> Stream:
        """Read the head of a sheet; raise BadWorkbook when there is none."""
        stream = Stream(iter(chunks))
        raw = b""
        for chunk in stream.chunks:
            raw += chunk
            if b"<" in raw and (found := stream._opening(raw)):
                stream.head, stream._rest = raw[: found.end()], raw[found.end() :]
                if found[1]:
                    stream.head = raw[: found.start()] + found[0][:-2] + b">"
                    stream._rest = stream.tags.data_end + b">" + raw[found.end() :]
                return stream
            if len(raw) > LONGEST_HEAD:
                raise BadWorkbook(Flaw.TOO_LARGE, f"no rows among the first {LONGEST_HEAD} bytes of the sheet")
        raise BadWorkbook(Flaw.TRUNCATED, "the sheet ends before its rows")

    def _opening(self, raw: bytes) -> re.Match[bytes] | None:
        refuse_unusual(raw, "the sheet")
        if not re.search(rb"<(?:[\w.-]+:)?worksheet[\s>][^<>]*>", raw):
            return None
        self.tags = grammar(root_of(raw, "the sheet")[0])
        return self.tags.data.search(raw)

    def regions(self) -> Iterator[Region]:
        """Yield the rows, some at a time, in their order; afterwards `tail` holds the rest."""
        last = 0
        for xml in self._pieces():
            if (b"!" in xml and b"<!" in xml) or (b"?" in xml and b"<?" in xml):  # the single byte is rare, and quick
                raise BadWorkbook(Flaw.UNUSUAL, "comments or instructions among the rows of the sheet")
            first, end = (
                self._number(xml, xml.find(self.tags.row_start)),
                self._number(xml, xml.rfind(self.tags.row_start)),
            )
            if not last < first <= end <= LAST_ROW:
                raise BadWorkbook(Flaw.UNUSUAL, f"row {first} after row {last}: the rows are not in their order")
            last = end
            yield Region(first, end, xml)

    def rows(self, region: Region) -> Iterator[Row]:
        """Yield the rows of a region, one by one."""
        before = region.first - 1
        for found in self.tags.row.finditer(region.xml):
            number = _numbered(found[1])
            if number <= before:
                raise BadWorkbook(Flaw.UNUSUAL, f"row {number} after row {before}: the rows are not in their order")
            before = number
            yield Row(number, found[1], found[2] or b"", found[0])

    def last_row(self, region: Region) -> Row:
        """Return the last row of a region."""
        found = self.tags.row.match(region.xml, region.xml.rfind(self.tags.row_start))
        if not found:
            raise BadWorkbook(Flaw.TRUNCATED, f"row {region.last} breaks off")
        return Row(region.last, found[1], found[2] or b"", found[0])

    def _pieces(self) -> Iterator[bytes]:
        rest = self._rest
        while (end := rest.find(self.tags.data_end)) < 0:
            cut = rest.rfind(self.tags.row_start)
            if cut > 0 and rest[:cut].strip():
                yield rest[:cut]
                rest = rest[cut:]
            if len(rest) > LONGEST_ROW:
                raise BadWorkbook(Flaw.TOO_LARGE, f"a row of more than {LONGEST_ROW} bytes")
            chunk = next(self.chunks, None)
            if chunk is None:
                raise BadWorkbook(Flaw.TRUNCATED, "the rows of the sheet break off")
            rest += chunk
        if rest[:end].strip():
            yield rest[:end]
        self.tail = self._finish(rest[end:])

    def _finish(self, tail: bytes) -> bytes:
        pieces, size = [tail], len(tail)
        for chunk in self.chunks:
            pieces.append(chunk)
            size += len(chunk)
            if size > LONGEST_TAIL:
                raise BadWorkbook(Flaw.TOO_LARGE, f"more than {LONGEST_TAIL} bytes after the rows of the sheet")
        tail = b"".join(pieces)
        if b"</%sworksheet" % self.tags.prefix not in tail[-1024:]:
            raise BadWorkbook(Flaw.TRUNCATED, "the sheet breaks off after its rows")
        return tail

    def _number(self, xml: bytes, at: int) -> int:
        return _numbered(xml[at : max(xml.find(b">", at), 0)]) if at >= 0 else _numbered(b"")


def _numbered(attributes: bytes) -> int:
    found = _NUMBER.search(attributes)
    if not found:
        raise BadWorkbook(
            Flaw.UNUSUAL, "rows without numbers: save the workbook once more with Excel, WPS or LibreOffice"
        )
    return int(found[1])


# ── what a sheet has, before anything in it changes ──────────────────────────────────────────────────────────────────


@dataclass(slots=True)
class Survey:
    """What was found in a sheet: its header, the last case's row, the first row below that is in use, its columns."""

    head: bytes
    tail: bytes
    tags: Grammar
    header: Row
    model: Row
    used_below: int
    last_row: int
    has_formulas: bool
    letters: frozenset[bytes]


Extent = Callable[[Row, Grammar], range]


def survey(chunks: Iterable[bytes], header: int, after: int, extent: Extent, *, columns: bool) -> Survey:
    """Look through a sheet once; `extent` tells from the header which columns are the ledger's.

    Raise BadWorkbook where it cannot be patched safely.
    """
    stream, found = Stream.of(chunks), dict[int, Row]()
    formulas, letters, used, last = False, set[bytes](), LAST_ROW + 1, 0
    mark, letter = b"<%sf" % stream.tags.prefix, re.compile(rb"<%sc r=\"([A-Z]+)" % re.escape(stream.tags.prefix))
    for region in stream.regions():
        formulas = formulas or (b"f" in region.xml and mark in region.xml)
        last = region.last
        if columns:
            letters.update(letter.findall(region.xml))
        wanted = [number for number in (header, after) if region.first <= number <= region.last]
        below = used > LAST_ROW and region.last > after and stream.tags.filled.search(region.xml)
        if not wanted and not below:
            continue
        for row in stream.rows(region):
            if row.number in wanted:
                found[row.number] = row
            if (
                below
                and row.number > after
                and used > LAST_ROW
                and _is_used(row, stream.tags, extent(found[header], stream.tags))
            ):
                used = row.number
    if header not in found:
        raise BadWorkbook(Flaw.FOREIGN, f"the sheet has no row {header}, where its header was")
    blank = Row(after, b"", b"", b"")  # no case yet: the styles of the columns count, not those of the header
    model = blank if after == header else found.get(after, blank)
    return Survey(
        stream.head, stream.tail, stream.tags, found[header], model, used, last, formulas, frozenset(letters)
    )  # fmt: skip


def _is_used(row: Row, tags: Grammar, columns: range) -> bool:
    if not tags.filled.search(row.content):
        return False
    return any(cell.column in columns and tags.filled.search(cell.content) for cell in row.cells(tags)[0])


def attribute_in(raw: bytes, name: bytes) -> str | None:
    """Return an attribute out of a start tag's attributes."""
    found = re.search(rb"""(?:^|\s)%s\s*=\s*(?:"([^"]*)"|'([^']*)')""" % re.escape(name), raw)
    return plain(found[1] if found[1] is not None else found[2]) if found else None
