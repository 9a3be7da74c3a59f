"""The sheets beside the complaints as tables: their columns, and how they look when nothing stands in them yet."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from openpyxl.styles.cell_style import StyleArray
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.dimensions import ColumnDimension
from openpyxl.worksheet.table import Table
from openpyxl.worksheet.worksheet import Worksheet

from daemon.core.fields import Kind, Who
from daemon.ledger.cells import cell_at, put_text
from daemon.ledger.columns import Column, Layout, Look
from daemon.ledger.page import set_page
from daemon.ledger.sheet import Wanted
from daemon.ledger.styles import header_name, style_name

HEADER_HEIGHT = 36.0
FIRST_BODY_ROW = 2


@dataclass(frozen=True, slots=True)
class Heading:
    """A column of a further sheet: its key, its headers, whose it is, its look, width and list."""

    key: str
    zh: str
    en: str
    who: Who
    look: Look
    width: float
    values: tuple[str, ...] = ()
    values_en: tuple[str, ...] = ()
    synonyms: tuple[str, ...] = ()
    hidden: bool = False

    def wanted(self, layout: Layout) -> Wanted:
        """Return the column as it is looked for; the header of the other language finds it too."""
        title = layout.say(self.zh, self.en)
        others = dict.fromkeys((self.zh, self.en, *self.synonyms))
        return Wanted(self.key, title, tuple(one for one in others if one != title))

    def column(self, layout: Layout) -> Column:
        """Return the column as it is shown."""
        values = self.values_en if self.values_en and layout.say("", "en") else self.values
        kind = _KINDS.get(self.look, Kind.TEXT)
        return Column(self.key, layout.say(self.zh, self.en), self.who, kind, self.look, self.width, values)


_KINDS = {Look.DAY: Kind.MOMENT, Look.MOMENT: Kind.MOMENT, Look.CHOICE: Kind.LIST}


def columns_for(headings: Sequence[Heading], layout: Layout) -> tuple[Column, ...]:
    """Return the columns of a sheet as they are shown."""
    return tuple(one.column(layout) for one in headings)


def wanted_for(headings: Sequence[Heading], layout: Layout) -> tuple[Wanted, ...]:
    """Return the columns of a sheet as they are looked for."""
    return tuple(one.wanted(layout) for one in headings)


def write_header(sheet: Worksheet, columns: Sequence[Column], styles: Mapping[str, StyleArray]) -> None:
    """Write the header row, and give every column its width and the style of the rows that will stand below."""
    for index, column in enumerate(columns, 1):
        cell = cell_at(sheet, 1, index)
        put_text(cell, column.title)
        cell.style = header_name(column.who)
        letter, style = get_column_letter(index), styles[style_name(column.look, column.who)]
        sheet.column_dimensions[letter] = ColumnDimension(sheet, letter, column.width, style=style)
    sheet.row_dimensions[1].height = HEADER_HEIGHT


def write_table(
    sheet: Worksheet, headings: Sequence[Heading], layout: Layout, styles: Mapping[str, StyleArray], name: str
) -> None:
    """Make a sheet that holds no row yet: header, styles, a table with its filter, frozen panes, a page that prints."""
    columns = columns_for(headings, layout)
    write_header(sheet, columns, styles)
    last = get_column_letter(len(columns))
    sheet.add_table(Table(displayName=name, name=name, ref=f"A1:{last}{FIRST_BODY_ROW}"))
    for index, heading in enumerate(headings, 1):
        sheet.column_dimensions[get_column_letter(index)].hidden = heading.hidden
    sheet.freeze_panes = "B2"
    sheet.print_title_rows = "1:1"
    set_page(sheet, layout, f"{layout.say('客诉台账', 'Complaint ledger')} · {sheet.title}")
