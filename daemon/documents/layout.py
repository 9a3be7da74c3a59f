"""The building blocks of a Word form: page, headings, tables, cells with tags and bookmarks.  Knows no 8D."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import count
from typing import Any

import docx
from docx.enum.table import WD_ROW_HEIGHT_RULE, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Emu, Mm, Pt, RGBColor

ACCENT, INK, GREY, LINE = "1F4E79", "262626", "7F7F7F", "BFBFBF"
LATIN, CHINESE = "Arial", "微软雅黑"
WIDTH = 176  # millimetres between the margins of A4

# What python-docx's own template brings along, and no form of ours uses: lists, and all its 164 styles once more.
BALLAST = ("/stylesWithEffects", "/numbering")
STYLES = frozenset({
    "Normal", "DefaultParagraphFont", "TableNormal", "NoList", "Heading1", "Heading1Char", "Header", "HeaderChar",
    "Footer", "FooterChar",
})  # fmt: skip


class Look(Enum):
    """How a cell looks: fill, bold, size in points."""

    HEAD = ("E4EBF3", True, 8.5)
    LABEL = ("F4F6F9", False, 8.5)
    VALUE = ("", False, 9)
    TAG = ("", False, 7)


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a row: its text with tags, the small English beside it, and the bookmark around its place."""

    text: str = ""
    small: str = ""
    look: Look = Look.VALUE
    span: int = 1
    bookmark: str = ""
    picture: bool = False


def label(name: str, kind: str = "word", look: Look = Look.LABEL, span: int = 1) -> Cell:
    """Return a cell that shows a word of the form in the reader's language with the small English beside it."""
    return Cell(f"{{{{ {kind}.{name} }}}}", f"{{{{ {kind}_en.{name} }}}}", look, span)


def head(name: str, span: int = 1) -> Cell:
    """Return a cell of a table's head."""
    return label(name, look=Look.HEAD, span=span)


def value(tag: str = "", bookmark: str = "", span: int = 1) -> Cell:
    """Return a cell to be filled in, by a tag or by hand."""
    return Cell(f"{{{{ {tag} }}}}" if tag else "", span=span, bookmark=bookmark)


class Sheet:
    """A Word document under construction."""

    def __init__(self) -> None:
        self.document = docx.Document()
        self._bookmarks = count(1)
        package = self.document.part.package
        for key in [key for key, rel in package.rels.items() if rel.reltype.endswith("/thumbnail")]:
            package.rels.pop(key)
        _drop_ballast(self.document)
        _set_fonts(self.document)
        _set_page(self.document.sections[0])

    def heading(self, text: str, small: str) -> None:
        """Add a heading with a fine line below it."""
        paragraph = self.document.add_paragraph(style="Heading 1")
        _run(paragraph, text, size=11, bold=True, colour=ACCENT)
        _run(paragraph, f"  {small}", size=8, colour=GREY)
        _border(paragraph, "bottom", ACCENT, 6)

    def line(self, text: str, *, size: float = 8, space: float = 1, keep: bool = False) -> None:
        """Add a paragraph of small text."""
        paragraph = self.document.add_paragraph()
        paragraph.paragraph_format.keep_with_next = keep
        paragraph.paragraph_format.space_before = Pt(space)
        _run(paragraph, text, size=size, colour=GREY)

    def gap(self, points: float, *, keep: bool = False) -> None:
        """Add an empty paragraph of this height."""
        shape = self.document.add_paragraph().paragraph_format
        shape.keep_with_next = keep
        shape.line_spacing, shape.space_before, shape.space_after = Pt(points), Pt(0), Pt(0)

    def tag(self, text: str) -> None:
        """Add a paragraph that holds a tag only, and goes away when the form is filled."""
        self.line(text, size=7)

    def table(self, widths: Sequence[float], *, bordered: bool = True) -> Any:
        """Add an empty table whose columns have these widths in millimetres."""
        table = self.document.add_table(rows=0, cols=len(widths))
        table.autofit = False
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for column, width in zip(table.columns, widths, strict=True):
            column.width = Mm(width)
        _table_borders(table, bordered=bordered)
        return table

    def row(self, table: Any, cells: Sequence[Cell], *, height: float = 6.5, keep: bool = False) -> None:
        """Add a row; `keep` holds it on the page of the next one."""
        row = table.add_row()
        row.height, row.height_rule = Mm(height), WD_ROW_HEIGHT_RULE.AT_LEAST
        at = 0
        for cell in cells:
            self._cell(_spanned(row, at, cell.span), cell)
            at += cell.span
        if not any(cell.look is Look.VALUE and cell.text for cell in cells):  # a long text may go on over the page
            row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))  # noqa: SLF001 - python-docx has no word for it
        for cell in row.cells if keep else ():
            cell.paragraphs[0].paragraph_format.keep_with_next = True

    def tag_row(self, table: Any, text: str) -> None:
        """Add a row that holds a tag only, and goes away when the form is filled."""
        self.row(table, [Cell(text, look=Look.TAG, span=len(table.columns))], height=4)

    def write(self, paragraph: Any, text: str, *, size: float, bold: bool = False) -> None:
        """Add large text in the accent colour to a paragraph."""
        _run(paragraph, text, size=size, bold=bold, colour=ACCENT if bold else GREY)

    def bookmark(self, paragraph: Any, name: str) -> None:
        """Put a bookmark around what a paragraph holds."""
        number = str(next(self._bookmarks))
        start, end = OxmlElement("w:bookmarkStart"), OxmlElement("w:bookmarkEnd")
        for element in (start, end):
            element.set(qn("w:id"), number)
        start.set(qn("w:name"), name)
        properties = paragraph._p.pPr  # noqa: SLF001 - python-docx has no word for bookmarks
        paragraph._p.insert(0 if properties is None else 1, start)  # noqa: SLF001
        paragraph._p.append(end)  # noqa: SLF001

    def _cell(self, cell: Any, content: Cell) -> None:
        fill, bold, size = content.look.value
        paragraph = cell.paragraphs[0]
        if content.picture:
            paragraph.alignment, paragraph.paragraph_format.keep_with_next = WD_ALIGN_PARAGRAPH.CENTER, True
        _run(paragraph, content.text, size=size, bold=bold, colour=ACCENT if content.look is Look.HEAD else INK)
        if content.small:
            _run(paragraph, f" {content.small}", size=7, colour=GREY)
        if content.bookmark:
            self.bookmark(paragraph, content.bookmark)
        _fill(cell, fill)


def add_field(paragraph: Any, instruction: str, before: str = "") -> None:
    """Add a field of Word (PAGE, NUMPAGES) to a paragraph of small grey text."""
    _run(paragraph, before, size=7.5, colour=GREY)
    for kind in ("begin", "", "separate", "1", "end"):
        run = _run(paragraph, "1" if kind == "1" else "", size=7.5, colour=GREY)
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        else:
            element.text = f" {instruction} "
        if kind != "1":
            run._r.append(element)  # noqa: SLF001 - python-docx has no word for fields


def two_ends(paragraph: Any, left: str, right: str) -> None:
    """Write one text at the left margin and one at the right, in small grey."""
    paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(WIDTH), WD_TAB_ALIGNMENT.RIGHT)
    _run(paragraph, left, size=7.5, colour=GREY)
    _run(paragraph, "\t" + right, size=7.5, colour=GREY)


def _run(paragraph: Any, text: str, *, size: float, bold: bool = False, colour: str = INK) -> Any:
    run = paragraph.add_run(text)
    run.font.size, run.font.bold = Pt(size), bold
    run.font.color.rgb = RGBColor.from_string(colour)
    return run


def _spanned(row: Any, at: int, span: int) -> Any:
    return row.cells[at] if span == 1 else row.cells[at].merge(row.cells[at + span - 1])


def _drop_ballast(document: Any) -> None:
    """Leave out of the form, and so of every report and mail, what only makes it three times as large."""
    relations = document.part.rels
    for key in [key for key, one in relations.items() if one.reltype.endswith(BALLAST)]:
        relations.pop(key)
    styles = document.styles.element
    for style in [one for one in styles.style_lst if one.styleId not in STYLES]:
        styles.remove(style)


def _set_fonts(document: Any) -> None:
    for name in ("Normal", "Heading 1", "Header", "Footer"):
        style = document.styles[name]
        style.font.name, style.font.size = LATIN, Pt(9)
        fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
        for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
            fonts.attrib.pop(qn(f"w:{theme}"), None)
        for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", CHINESE)):
            fonts.set(qn(f"w:{script}"), font)
        style.paragraph_format.space_before = style.paragraph_format.space_after = Pt(1)
        style.paragraph_format.line_spacing = 1.0
    for name in ("Header", "Footer"):
        document.styles[name].paragraph_format.tab_stops.clear_all()
    for words in document.styles.element.iter(qn("w:lang")):
        words.set(qn("w:eastAsia"), "zh-CN")
    title = document.styles["Heading 1"].paragraph_format
    title.space_before, title.space_after, title.keep_with_next = Pt(9), Pt(3), True


def _set_page(section: Any) -> None:
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm((210 - WIDTH) / 2)
    section.top_margin, section.bottom_margin = Mm(20), Mm(17)
    section.header_distance, section.footer_distance = Mm(9), Mm(8)


def _border(paragraph: Any, side: str, colour: str, eighths: int) -> None:
    borders = OxmlElement("w:pBdr")
    borders.append(_line(side, colour, eighths, space=2))
    paragraph._p.get_or_add_pPr().insert_element_before(  # noqa: SLF001 - python-docx has no word for borders
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def _table_borders(table: Any, *, bordered: bool) -> None:
    properties = table._tbl.tblPr  # noqa: SLF001 - python-docx has no word for borders
    borders, margins = OxmlElement("w:tblBorders"), OxmlElement("w:tblCellMar")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_line(side, LINE, 4) if bordered else _line(side, "auto", 0, kind="nil"))
    for side, width in (("top", Mm(0.6)), ("left", Mm(1.6)), ("bottom", Mm(0.6)), ("right", Mm(1.6))):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), str(int(Emu(width).pt * 20)))
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    look = properties.find(qn("w:tblLook"))
    for element in (borders, margins):
        if element is borders and (layout := properties.find(qn("w:tblLayout"))) is not None:
            layout.addprevious(element)
        elif look is not None:
            look.addprevious(element)
        else:
            properties.append(element)


def _line(side: str, colour: str, eighths: int, *, space: int = 0, kind: str = "single") -> Any:
    element = OxmlElement(f"w:{side}")
    for name, content in (("val", kind), ("sz", eighths), ("space", space), ("color", colour)):
        element.set(qn(f"w:{name}"), str(content))
    return element


def _fill(cell: Any, colour: str) -> None:
    properties = cell._tc.get_or_add_tcPr()  # noqa: SLF001 - python-docx has no word for shading
    if colour:
        shade = OxmlElement("w:shd")
        for name, content in (("val", "clear"), ("color", "auto"), ("fill", colour)):
            shade.set(qn(f"w:{name}"), content)
        properties.append(shade)
    align = OxmlElement("w:vAlign")
    align.set(qn("w:val"), "center")
    properties.append(align)
