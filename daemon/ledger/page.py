"""How a sheet is shown and printed: no grid, landscape, as many pages wide as can be read."""

from __future__ import annotations

from openpyxl.worksheet.header_footer import HeaderFooterItem
from openpyxl.worksheet.properties import PageSetupProperties
from openpyxl.worksheet.worksheet import Worksheet

from daemon.ledger.columns import Layout

A3, A4 = 8, 9


def set_page(sheet: Worksheet, layout: Layout, title: str, *, paper: int = A4, pages_wide: int = 1) -> None:
    """Make the sheet landscape, `pages_wide` pages wide and as long as it needs, with company and title."""
    sheet.sheet_view.showGridLines = False
    sheet.sheet_view.zoomScale = 100
    sheet.page_setup.orientation = "landscape"
    sheet.page_setup.paperSize = paper
    sheet.sheet_properties.pageSetUpPr = PageSetupProperties(fitToPage=True)
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = pages_wide, 0
    _set_margins(sheet)
    _write(sheet.oddHeader, layout.company, title)
    _write(sheet.oddFooter, "", "&P / &N")


def _set_margins(sheet: Worksheet) -> None:
    margins = sheet.page_margins
    margins.left = margins.right = 0.4
    margins.top, margins.bottom = 0.7, 0.55
    margins.header = margins.footer = 0.3


def _write(place: HeaderFooterItem | None, left: str, right: str) -> None:
    assert place is not None
    place.left.text = left.replace("&", "&&")
    place.right.text = right
