"""The sheets of an attached Excel form as tables of cells (ECMA-376 part 1, 18): values as shown, no formulas."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice
from xml.etree import ElementTree as ET

from daemon.intake.grid import MAX_CELL, MOST_COLUMNS, MOST_ROWS, Cell
from daemon.intake.package import BROKEN, Package, opened

MOST_SHEETS = 3
MOST_MERGED = 3000  # ranges
MAX_SHEET = 2_000_000  # bytes of XML; a form has some ten thousand
M = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
R = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
RELATION = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"
REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})")
DAY_ZERO = {False: date(1899, 12, 30), True: date(1904, 1, 1)}
LAST_DAY = 2_900_000
DATES = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}  # built-in number formats, 18.8.30
PERCENTS = {9, 10}
LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.|_.')
NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")


@dataclass(frozen=True, slots=True)
class _Book:
    texts: Sequence[str]
    formats: Sequence[str]  # of each cell style: a format code
    from_1904: bool


def tables_of(data: bytes) -> list[list[Cell]]:
    """Return the cells of each visible sheet; nothing for a file that is damaged or too large for a form."""
    try:
        with opened(data) as package:
            book = package.xml("xl/workbook.xml", MAX_SHEET)
            known = _Book(_texts(package), _formats(package), _is_1904(book))
            return [list(_cells(package.xml(name, MAX_SHEET), known)) for name in _sheets(book, package)]
    except BROKEN:
        return []


def _is_1904(book: ET.Element) -> bool:
    found = book.find(f"{M}workbookPr")
    return found is not None and found.get("date1904", "") in {"1", "true"}


def _sheets(book: ET.Element, package: Package) -> list[str]:
    relations = package.xml("xl/_rels/workbook.xml.rels", MAX_SHEET)
    targets = {one.get("Id"): one.get("Target", "") for one in relations.iter(RELATION)}
    shown = (one for one in book.iter(f"{M}sheet") if one.get("state", "visible") == "visible")
    names = (posixpath.normpath(posixpath.join("/xl", targets.get(one.get(R), ""))).lstrip("/") for one in shown)
    return list(islice(names, MOST_SHEETS))


def _texts(package: Package) -> list[str]:
    try:
        found = package.xml("xl/sharedStrings.xml", MAX_SHEET)
    except KeyError:
        return []
    return [_text(one) for one in found.iter(f"{M}si")]


def _text(item: ET.Element) -> str:
    """Return the text of a string in pieces, without what only says how it is spoken (phonetic runs)."""
    runs = [item, *item.findall(f"{M}r")]
    return "".join(one.text or "" for run in runs for one in run.findall(f"{M}t"))[:MAX_CELL]


def _formats(package: Package) -> list[str]:
    try:
        styles = package.xml("xl/styles.xml", MAX_SHEET)
    except KeyError:
        return []
    named = {one.get("numFmtId", ""): one.get("formatCode", "") for one in styles.iter(f"{M}numFmt")}
    styled = styles.find(f"{M}cellXfs")
    ids = [one.get("numFmtId", "0") for one in styled.iter(f"{M}xf")] if styled is not None else []
    return [named.get(one) or _built_in(one) for one in ids]


def _built_in(number: str) -> str:
    known = int(number) if number.isdecimal() else 0
    return "y" if known in DATES else "%" if known in PERCENTS else ""


def _cells(sheet: ET.Element, book: _Book) -> Iterator[Cell]:
    ends = _merged(sheet)
    row = -1
    for line in islice(sheet.iter(f"{M}row"), MOST_ROWS):
        row = int(line.get("r", row + 2)) - 1
        column = -1
        for one in islice(line.iter(f"{M}c"), MOST_COLUMNS):
            found = REFERENCE.fullmatch(one.get("r", ""))
            column = _column(found[1]) if found else column + 1
            text = _shown(one, book)
            if text:
                bottom, right = ends.get((row, column), (row, column))
                yield Cell(text, row, column, bottom, right)


def _merged(sheet: ET.Element) -> Mapping[tuple[int, int], tuple[int, int]]:
    """Return the last row and column of each merged range by its first."""
    ends: dict[tuple[int, int], tuple[int, int]] = {}
    for one in islice(sheet.iter(f"{M}mergeCell"), MOST_MERGED):
        found = REFERENCE.findall(one.get("ref", ""))
        if len(found) == 2:
            first, last = ((int(row) - 1, _column(column)) for column, row in found)
            ends[first] = last
    return ends


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number - 1


def _shown(cell: ET.Element, book: _Book) -> str:
    """Return a cell's text as people see it; errors and formulas without a value show nothing."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        inline = cell.find(f"{M}is")
        return _text(inline) if inline is not None else ""
    raw = cell.findtext(f"{M}v") or ""
    if kind == "s":
        return book.texts[int(raw)] if raw.isdecimal() and int(raw) < len(book.texts) else ""
    if kind == "n" and NUMBER.fullmatch(raw):
        style = int(cell.get("s", "0"))
        return _number(raw, book.formats[style] if style < len(book.formats) else "", from_1904=book.from_1904)
    return raw[:MAX_CELL] if kind in {"str", "d"} else ""


def _number(raw: str, code: str, *, from_1904: bool) -> str:
    value, code = float(raw), LITERAL.sub("", code).lower()
    if re.search(r"[ymdh]", code) and 1 <= value < LAST_DAY:
        minutes = round((value - int(value)) * 1440)
        day = DAY_ZERO[from_1904] + timedelta(days=int(value))
        return f"{day}" + (f" {minutes // 60:02}:{minutes % 60:02}" if 0 < minutes < 1440 else "")
    if "%" in code:
        return f"{value * 100:.10g}%"
    if re.fullmatch(r"0+", code) and raw.isdecimal():
        return raw.zfill(len(code))
    return raw if raw.lstrip("-").isdecimal() else f"{value:.10g}"
