"""The text of a Word file, as lines or as a form's labels; reading by bookmark is the documents room's work."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

from daemon.intake.grid import MOST_COLUMNS, MOST_ROWS, Cell, pairs_of
from daemon.intake.package import BROKEN, opened

W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
WRAPPERS = {f"{W}sdt", f"{W}sdtContent", f"{W}ins", f"{W}customXml", f"{W}smartTag"}


def lines_of(data: bytes) -> list[str]:
    """Return paragraphs and table rows of a .docx as lines, cells parted by tabs; nothing for a damaged file."""
    return [line for block in _blocks(data) for line in _rows(block)]


def form_of(data: bytes) -> list[str]:
    """Return paragraphs of a .docx as lines, and what its tables state as lines `label：value`."""
    found = _blocks(data)
    return [line for one in found for line in (pairs_of(_cells(one)) if one.tag == f"{W}tbl" else [_text(one)])]


def _blocks(data: bytes) -> list[ET.Element]:
    try:
        with opened(data) as package:
            body = package.xml("word/document.xml").find(f"{W}body")
    except BROKEN:
        return []
    return list(_inside(body, f"{W}p", f"{W}tbl")) if body is not None else []


def _inside(parent: ET.Element, *tags: str) -> Iterator[ET.Element]:
    """Yield the children of these tags, those in content controls and insertions too."""
    for child in parent:
        if child.tag in tags:
            yield child
        elif child.tag in WRAPPERS:
            yield from _inside(child, *tags)


def _rows(block: ET.Element) -> Iterator[str]:
    if block.tag == f"{W}p":
        yield _text(block)
    else:
        for row in block.iter(f"{W}tr"):
            yield from "\t".join(_content(cell) for cell in row.iter(f"{W}tc")).split("\n")


def _cells(table: ET.Element) -> Iterator[Cell]:
    """Yield the cells of a table; one that continues the cell above is left out (ECMA-376 part 1, 17.4.84)."""
    for number, row in zip(range(MOST_ROWS), _inside(table, f"{W}tr"), strict=False):
        column = 0
        for cell in _inside(row, f"{W}tc"):
            right = column + min(max(1, _span(cell)), MOST_COLUMNS) - 1
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            if merge is None or merge.get(f"{W}val") == "restart":
                yield Cell(_content(cell), number, column, number, right)
            column = right + 1


def _span(cell: ET.Element) -> int:
    found = cell.find(f"{W}tcPr/{W}gridSpan")
    value = found.get(f"{W}val", "") if found is not None else ""
    return int(value[:4]) if value.isdecimal() else 1


def _content(cell: ET.Element) -> str:
    return "\n".join(_text(p) for p in cell.iter(f"{W}p")).strip()


def _text(paragraph: ET.Element) -> str:
    return "".join(_run(node) for node in paragraph.iter())


def _run(node: ET.Element) -> str:
    if node.tag == f"{W}t":
        return node.text or ""
    return "\n" if node.tag == f"{W}br" else "\t" if node.tag == f"{W}tab" else ""
