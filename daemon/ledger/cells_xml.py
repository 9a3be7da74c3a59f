"""Rows and cells out of a worksheet's XML, by patterns over its chunks: no tree, and no row is kept.

Every `<` of a sheet's data begins a tag, once comments and CDATA are refused: that makes patterns safe (XML 1.0, 2.4).
A row that the quick pattern does not wholly explain is read by the strict one, which refuses what is not well-formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import chain

from daemon.ledger.sheet import BadWorkbook, Flaw

LAST_ROW, LAST_COLUMN = 1_048_576, 16_384
LONGEST_ROW = 16 * 2**20  # bytes of XML; Excel's longest texts in all of our columns are a third of it
LONGEST_HEAD = 2**22  # bytes before the rows: views, and at most 16,384 columns
NAMESPACES = (  # ECMA-376 transitional and strict
    "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
    "http://purl.oclc.org/ooxml/spreadsheetml/main",
)

_ATTRIBUTES = rb"""(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*"""
_ATTRIBUTE = re.compile(rb"""([^\s=<>"'/]+)\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_DECLARED = re.compile(rb"""\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)["']""")
_ROOT = re.compile(rb"<((?:[\w.-]+:)?)worksheet(" + _ATTRIBUTES + rb")\s*>")
_COMMENT = re.compile(rb"<!--.*?(?:-->|\Z)", re.DOTALL)
LONGEST_END = 1024  # bytes, in which the last tag is looked for
_REFERENCE = re.compile(rb"([A-Za-z]{1,3})([0-9]{1,7})")
_UTF8 = (b"utf-8", b"us-ascii", b"ascii")


@dataclass(frozen=True, slots=True)
class Grammar:
    """How the tags of a worksheet look under its namespace prefix (`x:`, mostly none)."""

    row_end: bytes
    cell_end: bytes  # without `>`
    formula: bytes  # without attributes and `>`
    data_end: bytes
    root_end: bytes
    data: re.Pattern[bytes]  # sheetData's start tag
    plain_row: re.Pattern[bytes]  # number, `/` of an empty one
    row: re.Pattern[bytes]  # attributes, `/` of an empty one
    plain_cell: re.Pattern[bytes]  # letters; attributes, `>`, content without formula and end tag
    cell: re.Pattern[bytes]  # attributes, content; or neither: the end
    content: re.Pattern[bytes]  # attributes of f, text of f, text of v, content of is


@cache
def grammar(prefix: bytes) -> Grammar:
    """Return how tags look under a prefix, which ends with a colon or is empty."""
    p = re.escape(prefix)
    attributes, dot = _ATTRIBUTES, re.DOTALL
    element = rb"(?:/>|>([^<]*)</%s%s\s*>)"
    formula = rb"<%sf(%s)\s*" % (p, attributes) + element % (p, b"f")
    value = rb"<%sv%s\s*" % (p, attributes) + element % (p, b"v")
    inline = rb"<%sis%s\s*(?:/>|>(.*?)</%sis\s*>)" % (p, attributes, p)
    more = rb"<%sextLst[\s>].*" % p
    return Grammar(
        row_end=b"</%srow>" % prefix,
        cell_end=b"</%sc" % prefix,
        formula=b"<%sf" % prefix,
        data_end=b"</%ssheetData" % prefix,
        root_end=b"</%sworksheet" % prefix,
        data=re.compile(rb"<%ssheetData%s\s*(/?)>" % (p, attributes)),
        plain_row=re.compile(rb'\s*<%srow r="([0-9]{1,7})"[^>/]*(/?)>' % p),
        row=re.compile(rb"\s*<%srow(%s)\s*(/?)>" % (p, attributes)),
        plain_cell=re.compile(  # one that is not closed is matched too, lest it be overlooked: it counts as strange
            rb'<%sc r="([A-Z]++)[0-9]++"([^<>/]*+(?<=")>(?:<%sv>[^<]*+</%sv></%sc>'
            rb"|[^<]*+(?:<(?!/?%s[cf][\s>/])[^<]*+)*+(?:</%sc>|(?=<%sc[\s>/])|\Z)))" % ((p,) * 7)
        ),
        cell=re.compile(rb"\s*(?:<%sc(%s)\s*(?:/>|>(.*?)</%sc\s*>)|(?:%s)?\Z)" % (p, attributes, p, more), dot),
        content=re.compile(rb"\s*(?:%s)?\s*(?:%s)?\s*(?:%s)?\s*(?:%s)?" % (formula, value, inline, more), dot),
    )


def attributes_of(raw: bytes) -> dict[bytes, bytes]:
    """Return the attributes of a start tag as they are written."""
    return {name: double or single for name, double, single in _ATTRIBUTE.findall(raw)}


def letters_of(column: int) -> bytes:
    """Return the letters of a column, from 1."""
    letters = b""
    while column:
        column, last = divmod(column - 1, 26)
        letters = bytes((65 + last,)) + letters
    return letters


def column_of(letters: bytes) -> int:
    """Return the number of a column, from 1."""
    number = 0
    for letter in letters.upper():
        number = number * 26 + letter - 64
    return number


def place_of(reference: bytes) -> tuple[int, int] | None:
    """Return row and column of a reference like B7, None when it is none."""
    found = _REFERENCE.fullmatch(reference)
    return (int(found[2]), column_of(found[1])) if found else None


class SheetXml:
    """A worksheet's XML that is read once, from its beginning; raises BadWorkbook where it cannot be read safely."""

    def __init__(self, chunks: Iterable[bytes]) -> None:
        self._chunks = iter(chunks)
        self.grammar, self._rest = self._after_head()

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Yield number and XML of each row that has a cell with anything in it, from the first to the last."""
        tags, number, rest, end = self.grammar, 0, self._rest, -1
        quick = tags.plain_row.match
        for chunk in chain((b"",), self._chunks):
            buffer = rest + chunk
            end = buffer.find(tags.data_end)
            *whole, rest = _without_markup(buffer if end < 0 else buffer[:end]).split(tags.row_end)
            for row in whole:
                opened = quick(row)
                if opened and not opened[2] and number < (own := int(opened[1])) <= LAST_ROW:
                    number = own
                else:
                    number, _ = _opened(tags, row, number)
                if b"</" in row:
                    yield number, row
            number, at, _ = _past_empty(tags, rest, number)  # a million of them must not be kept
            rest = rest[at:]
            if end >= 0:
                break
            if len(rest) > LONGEST_ROW:
                raise BadWorkbook(Flaw.TOO_LARGE, f"the row after row {number} is longer than {LONGEST_ROW} bytes")
        if rest.strip() or end < 0:
            raise _malformed(number)
        self._finish(buffer[end:])

    def cells(self, row: bytes) -> Iterator[tuple[int, bytes, bytes]]:
        """Yield column, attributes and content of each cell that has any; one that tells no place is the next."""
        at, column = _opened(self.grammar, row, 0)[1].end(), 0
        while found := self.grammar.cell.match(row, at):
            at = found.end()
            if found[1] is None:
                return
            column = _column(found[1], column)
            if found[2]:
                yield column, found[1], found[2]
        raise BadWorkbook(Flaw.TRUNCATED, f"a row with what is no cell: {row[at : at + 60]!r}")

    def has_far_formulas(self, row: bytes) -> bool:
        """Tell whether a row may have a formula that other rows share, or that reaches over them."""
        tag = self.grammar.formula
        return tag in row and row.count(tag) != row.count(tag + b">")

    def _after_head(self) -> tuple[Grammar, bytes]:
        """Return how this sheet writes its tags, and what was read after the tag that its rows follow."""
        raw = b""
        for chunk in self._chunks:
            raw = _utf8(raw + chunk)
            head = _COMMENT.sub(lambda comment: b" " * len(comment[0]), raw)
            tags = _grammar_of(head)
            if tags and (data := tags.data.search(head)):
                if b"<!" in head[: data.start()]:
                    raise BadWorkbook(Flaw.UNUSUAL, "a sheet with a document type")
                return tags, (tags.data_end if data[1] else b"") + raw[data.end() :]
            if len(raw) > LONGEST_HEAD:
                raise BadWorkbook(Flaw.TOO_LARGE, f"no rows among the first {LONGEST_HEAD} bytes of a sheet")
        raise BadWorkbook(Flaw.TRUNCATED, "a sheet that ends before its rows")

    def _finish(self, last: bytes) -> None:
        """Read on to the end, where a sheet that was saved whole closes its first element."""
        for chunk in self._chunks:
            last = last[-LONGEST_END:] + chunk
        if self.grammar.root_end not in last[-LONGEST_END:]:
            raise BadWorkbook(Flaw.TRUNCATED, "a sheet that ends after its rows, before its end")


# ── heads ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _utf8(raw: bytes) -> bytes:
    """Return XML without the mark of its encoding; raise BadWorkbook for another encoding than UTF-8."""
    declared = _DECLARED.match(raw)
    if b"\0" in raw[:4] or raw[:2] in (b"\xff\xfe", b"\xfe\xff") or (declared and declared[1].lower() not in _UTF8):
        raise BadWorkbook(Flaw.UNUSUAL, f"a sheet that is not in UTF-8: {raw[:60]!r}")
    return raw.removeprefix(b"\xef\xbb\xbf")


def _grammar_of(head: bytes) -> Grammar | None:
    """Return how the tags look, by the namespace of the first element; None when that is not whole yet."""
    root = _ROOT.search(head)
    if not root:
        return None
    spaces = {name: value.decode("utf-8", "replace") for name, value in attributes_of(root[2]).items()}
    ours = [name for name, space in spaces.items() if space in NAMESPACES and name.split(b":")[0] == b"xmlns"]
    if ours != [b"xmlns:" + root[1][:-1] if root[1] else b"xmlns"]:
        raise BadWorkbook(Flaw.UNUSUAL, f"a sheet in other namespaces: {head[root.start() :][:300]!r}")
    return grammar(root[1])


# ── rows and cells ───────────────────────────────────────────────────────────────────────────────────────────────────


def _without_markup(data: bytes) -> bytes:
    if (b"!" in data and b"<!" in data) or (b"?" in data and b"<?" in data):  # these two are rare, and quick to find
        raise BadWorkbook(Flaw.UNUSUAL, "a sheet with comments, CDATA or instructions among its rows")
    return data


def _opened(tags: Grammar, data: bytes, before: int) -> tuple[int, re.Match[bytes]]:
    """Return the number of the row that stands here after rows without cells, and its tag."""
    number, _, opened = _past_empty(tags, data, before)
    if not opened:
        raise _malformed(number)
    return _numbered(opened, number), opened


def _past_empty(tags: Grammar, data: bytes, number: int) -> tuple[int, int, re.Match[bytes] | None]:
    """Go past rows without cells: return the number of the last one, where it ends, and the open tag that follows."""
    at = 0
    while row := tags.plain_row.match(data, at) or tags.row.match(data, at):
        if not row[2]:
            return number, at, row
        number, at = _numbered(row, number), row.end()
    return number, at, None


def _numbered(row: re.Match[bytes], before: int) -> int:
    """Return the number of a row: its own, or the next one."""
    written = row[1] if row[1].isdigit() else attributes_of(row[1]).get(b"r", b"%d" % (before + 1))
    if not re.fullmatch(b"[0-9]{1,7}", written) or not before < int(written) <= LAST_ROW:
        raise BadWorkbook(Flaw.UNUSUAL, f"a row numbered {written[:20]!r} after row {before}")
    return int(written)


def _column(attributes: bytes, before: int) -> int:
    """Return the column of a cell: by its reference, or the next one."""
    written = attributes_of(attributes).get(b"r")
    place = place_of(written) if written is not None else (0, before + 1)
    column = place[1] if place else 0
    if not 1 <= column <= LAST_COLUMN:
        raise BadWorkbook(Flaw.UNUSUAL, f"a cell at {(written or b'')[:20]!r}")
    return column


def _malformed(number: int) -> BadWorkbook:
    return BadWorkbook(Flaw.TRUNCATED, f"the rows break off after row {number}")
