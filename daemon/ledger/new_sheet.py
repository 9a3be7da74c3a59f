"""A sheet of ours put into a workbook of people's: plain, behind theirs, in looks that are there.  Pure."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from itertools import count

from daemon.ledger.cells_out import Looks
from daemon.ledger.container import Container
from daemon.ledger.formats import Kind
from daemon.ledger.markup import quoted, refuse_unusual, root_of, tags
from daemon.ledger.parts_xml import Book, read_book
from daemon.ledger.references import letters_of
from daemon.ledger.relations import (
    NO_RELATIONS,
    STRICT,
    TRANSITIONAL,
    TYPES,
    actual,
    fresh_id,
    relations_part,
    with_override,
    with_relations,
)
from daemon.ledger.sheet import BadWorkbook, Flaw
from daemon.seams import CellValue

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
MAIN_STRICT = "http://purl.oclc.org/ooxml/spreadsheetml/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"


def with_new_sheet(
    data: bytes,
    title: str,
    headers: Sequence[str],
    rows: Sequence[Sequence[CellValue]],
    widths: Sequence[float],
    *,
    hidden: Collection[int] | None = (),
) -> bytes:
    """Return the workbook's file with one more sheet, the last one; `hidden` are numbers of columns, from 1.

    With None for them no program shows the sheet, or offers to show it.
    Nothing else changes but the lists of sheets, relations and content types.  Raise BadWorkbook when the workbook
    cannot be read, or has a sheet of this title.
    """
    container = Container.of(data)
    book = read_book(container)
    xml = container.read(book.part)
    refuse_unusual(xml, book.part)
    prefix, root = root_of(xml, book.part)
    strict = MAIN_STRICT in root.values()
    there = [tag for tag in tags(xml) if tag.path == ("workbook", "sheets", "sheet")]
    if any(tag.attributes.get("name", "").casefold() == title.casefold() for tag in there):
        raise BadWorkbook(Flaw.UNUSUAL, f"the workbook has a sheet {title} already")
    links_part = actual(container, relations_part(book.part))
    links = container.read(links_part) if links_part else NO_RELATIONS
    folder = book.part.rpartition("/")[0]
    target = next(name for n in count(1) if not actual(container, f"{folder}/{(name := f'worksheets/sheet{n}.xml')}"))
    part, link = f"{folder}/{target}".lstrip("/"), f"rId{fresh_id(links)}"
    number = max((int(tag.attributes.get("sheetId", "0")) for tag in there), default=0) + 1
    base = f"{STRICT if strict else TRANSITIONAL}/relationships"
    entry = b'<%ssheet xmlns:r="%s" name="%s" sheetId="%d"%s r:id="%s"/>' % (
        prefix, base.encode(), quoted(title), number, b' state="veryHidden"' if hidden is None else b"", link.encode(),
    )  # fmt: skip
    at = xml.find(b"</%ssheets" % prefix)
    if at < 0:
        raise BadWorkbook(Flaw.TRUNCATED, f"{book.part}: no list of sheets")
    types = actual(container, TYPES) or TYPES
    changed = {
        book.part: xml[:at] + entry + xml[at:],
        types: with_override(container.read(types), part, SHEET_TYPE),
    }
    added = {part: b"".join(_sheet(headers, rows, widths, hidden or (), _looks(book), MAIN_STRICT if strict else MAIN))}
    links = with_relations(links, [(link, f"{base}/worksheet", target, False)])
    (changed if links_part else added)[links_part or relations_part(book.part)] = links
    return container.rewritten({name: (one,) for name, one in changed.items()}, added)


def _looks(book: Book) -> Looks:
    moment = next((b"%d" % number for number, form in enumerate(book.formats) if form.kind is Kind.MOMENT), None)
    return Looks(book.formats, book.date1904, date_style=moment)


def _sheet(
    headers: Sequence[str],
    rows: Sequence[Sequence[CellValue]],
    widths: Sequence[float],
    hidden: Collection[int],
    looks: Looks,
    space: str,
) -> Iterator[bytes]:
    """Yield the sheet's XML."""
    yield b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="%s">' % space.encode()
    yield b'<sheetViews><sheetView workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" '
    yield b'state="frozen"/></sheetView></sheetViews><sheetFormatPr defaultRowHeight="15"/>'
    if widths:
        yield b"<cols>"
        for column, width in enumerate(widths, 1):
            concealed = b' hidden="1"' if column in hidden else b""
            yield b'<col min="%d" max="%d" width="%s" customWidth="1"%s/>' % (column, column, b"%g" % width, concealed)
        yield b"</cols>"
    yield b"<sheetData>"
    for number, values in enumerate((headers, *rows), 1):
        yield b'<row r="%d">' % number
        yield from (_cell(f"{letters_of(at)}{number}", value, looks) for at, value in enumerate(values, 1))
        yield b"</row>"
    yield b'</sheetData><pageMargins left="0.7" right="0.7" top="0.75" bottom="0.75" header="0.3" footer="0.3"/>'
    yield b"</worksheet>"


def _cell(ref: str, value: CellValue, looks: Looks) -> bytes:
    if value in (None, ""):
        return b""
    return looks.cell(ref, looks.date_style if isinstance(value, datetime) else None, value)
