"""The reader of the shared workbook: its sheets, the ledger among them, its rows as people see them.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import takewhile

from daemon.ledger.cell_values import Values
from daemon.ledger.cells_xml import SheetXml, column_of, letters_of
from daemon.ledger.container import Container
from daemon.ledger.formulas import Formulas
from daemon.ledger.headers import ROWS_LOOKED_AT, Found, header_of, is_enough
from daemon.ledger.parts_xml import Book, Tab, read_book
from daemon.ledger.sheet import BadWorkbook, Flaw, Seen, SeenRow, Sheet, Wanted
from daemon.ledger.strings import Strings

MOST_CELLS = 10_000_000  # cells of our columns that have something in them
MOST_TEXT = 2**28  # characters of long texts
NEARLY = 0.8  # a sheet that has so many of the best one's headers is as good, and its title decides


def open_workbook(data: bytes) -> Workbook:
    """Return the workbook in these bytes; raise BadWorkbook when it cannot be used as the ledger."""
    container = Container.of(data)
    book = read_book(container)
    return Workbook(container, book, Strings(lambda: container.chunks(book.strings) if book.strings else ()))


@dataclass(frozen=True, slots=True)
class Workbook:
    """A workbook that is read where it is asked; every question may raise BadWorkbook."""

    container: Container
    book: Book
    strings: Strings

    @property
    def sheets(self) -> tuple[Tab, ...]:
        """Return the sheets that have cells, in the order of their tabs."""
        return self.book.tabs

    def find(self, wanted: Sequence[Wanted], titles: Sequence[str] = ()) -> Sheet:
        """Return the sheet that has the wanted headers, the first of them by all means.

        Of several it is one of those with (nearly) most of the headers: the one with such a title, else the visible
        one, else the one with more, else the first.  Raise BadWorkbook(FOREIGN) when there is none.
        """
        found = [(tab, self._header(tab, wanted)) for tab in self.sheets]
        usable = [(tab, header) for tab, header in found if is_enough(header, wanted)]
        if not usable:
            raise BadWorkbook(Flaw.FOREIGN, _nowhere(wanted, found))
        most = max(len(header.columns) for _, header in usable)
        tab, header = max(usable, key=lambda one: _merit(one[0], one[1], most, titles))
        missing = tuple(one.key for one in wanted if one.key not in header.columns)
        return Sheet(tab.title, tab.part, header.row, header.columns, missing, header.doubled)

    def rows(
        self, sheet: Sheet, only: Collection[str] | None = None, where: Callable[[int], bool] | None = None
    ) -> Iterator[SeenRow]:
        """Yield the rows below the header that have anything in our columns, in the order of the file.

        `only` are the keys of the columns that are read, None for all of them; `where` tells of which numbers the
        rows are read, beside those whose formulas reach into others.  What cannot be read safely raises
        BadWorkbook when it is come to, at the latest after the last row: rows are to be believed when all are read.
        """
        keys = {letters_of(at): key for key, at in sheet.columns.items() if only is None or key in only}
        budget = MOST_CELLS
        with _named(sheet.title):
            reader = self._reader(sheet.part)
            for number, row in reader.xml.rows():
                if where and not where(number) and not reader.xml.has_far_formulas(row):
                    continue
                cells = reader.cells(number, row, keys)
                if cells and number > sheet.header_row:
                    budget -= len(cells)
                    if budget < 0:
                        raise BadWorkbook(Flaw.TOO_LARGE, f"more than {MOST_CELLS} cells")
                    yield SeenRow(number, cells)

    def titles(self, sheet: Sheet) -> Mapping[int, str]:
        """Return all the headers of a sheet by column, those of nobody's columns too."""
        with _named(sheet.title):
            reader = self._reader(sheet.part)
            above = takewhile(lambda row: row[0] <= sheet.header_row, reader.xml.rows())
            return next((reader.texts(*row) for row in above if row[0] == sheet.header_row), {})

    def _header(self, tab: Tab, wanted: Sequence[Wanted]) -> Found:
        with _named(tab.title):
            reader = self._reader(tab.part)
            above = takewhile(lambda row: row[0] <= ROWS_LOOKED_AT, reader.xml.rows())
            return header_of({number: reader.texts(number, row) for number, row in above}, wanted)

    def _reader(self, part: str) -> _Reader:
        xml = SheetXml(self.container.chunks(part))
        return _Reader(xml, Values(self.book, self.strings, xml.grammar, MOST_TEXT), Formulas())


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is needed to read the cells of a sheet, row by row from the first."""

    xml: SheetXml
    values: Values
    formulas: Formulas

    def cells(self, number: int, row: bytes, keys: Mapping[bytes, str]) -> dict[str, Seen]:
        """Return the cells of some columns by key; empty ones are left out."""
        found = self._plain(number, row)
        if found is None:
            return {keys[at]: seen for at, seen in self._careful(number, row) if at in keys}
        known = self.values
        return {keys[at]: seen for at, cell in found if at in keys and (seen := known[cell])}

    def texts(self, number: int, row: bytes) -> dict[int, str]:
        """Return the texts of a row by column."""
        known, found = self.values, self._plain(number, row)
        cells = self._careful(number, row) if found is None else ((at, known[cell]) for at, cell in found)
        return {column_of(at): seen.value for at, seen in cells if seen and isinstance(seen.value, str)}

    def _plain(self, number: int, row: bytes) -> list[tuple[bytes, bytes]] | None:
        """Return letters and XML of the cells, None for a row that the quick pattern does not wholly explain."""
        tags = self.xml.grammar
        found = tags.plain_cell.findall(row)
        return found if len(found) == row.count(tags.cell_end) and number > self.formulas.until else None

    def _careful(self, number: int, row: bytes) -> Iterator[tuple[bytes, Seen]]:
        """Yield letters and content of the cells that are not empty."""
        for column, attributes, content in self.xml.cells(row):
            if seen := self.values.seen(number, column, attributes, content, self.formulas):
                yield letters_of(column), seen


def _merit(tab: Tab, header: Found, most: int, titles: Sequence[str]) -> tuple[bool, bool, bool, int]:
    """Return by what one of several sheets is chosen: headers, title, whether it is seen, headers again."""
    count = len(header.columns)
    return count >= NEARLY * most, tab.title.strip() in titles, not tab.hidden, count


def _nowhere(wanted: Sequence[Wanted], found: Sequence[tuple[Tab, Found]]) -> str:
    """Say which headers were looked for, and which sheets were looked at."""
    first = wanted[0] if wanted else Wanted("", "")
    names = " / ".join(dict.fromkeys((first.title, *first.synonyms)))
    sheets = "、".join(f"{tab.title}（{len(header.columns)}）" for tab, header in found[:10]) or "—"
    return (
        f"没有一张工作表在前 {ROWS_LOOKED_AT} 行里有表头“{names}”以及其他台账列；各表认出的列数：{sheets}。"
        f"No sheet has the header {first.title} (or a synonym) and some others in its first {ROWS_LOOKED_AT} rows."
    )


@contextmanager
def _named(title: str) -> Iterator[None]:
    """Say in which sheet it was that could not be read."""
    try:
        yield
    except BadWorkbook as fault:
        raise BadWorkbook(fault.flaw, f"{title[:40]}: {fault}") from fault
