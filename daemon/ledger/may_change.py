"""The printed list: in which parts of people's workbook anything may change, what, and when.  A table."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class May:
    """A kind of part, what in it may change, and when it does."""

    parts: str
    what: str
    when: str


MAY_CHANGE = (
    May("the ledger's sheet", "our cells, new rows, `dimension`, `spans` of those rows", "at every patch"),
    May("the ledger's sheet", "`hyperlinks` of our cells", "a cell of ours gets, changes or loses a link"),
    May("the ledger's sheet", "ranges of filters, lists, colours, protection that end at the last case", "new rows"),
    May("the ledger's sheet", "row numbers, formulas and all references below the last case", "rows have to move"),
    May("its `_rels`", "relations of our links", "a cell of ours gets, changes or loses a link"),
    May("its table", "`ref`, `autoFilter`", "new rows, or a column put back"),
    May("its table", "`tableColumn`s at the end", "a column put back"),
    May("xl/workbook.xml", "`definedName`s that cover all rows (print area, filter)", "new rows"),
    May("xl/workbook.xml", "a `sheet` behind people's", "措施跟踪, 变更记录 or `kesu` put in, once"),
    May("the sheet `kesu`, which no program shows", "the number of our writing", "at every patch"),
    May("xl/workbook.xml", "`fullCalcOnLoad`", "once, when the workbook has formulas"),
    May("xl/calcChain.xml", "entries of our cells; the part, when none is left", "a formula was in one of our cells"),
    May("other sheets, charts, pivot caches", "references that cover all rows, or rows that move", "new rows"),
    May("its comments, drawings, pivots, controls", "references, anchors below the last case", "rows have to move"),
    May("[Content_Types].xml, xl/_rels/workbook.xml.rels", "entries of a part put in or left out", "a sheet put in; "
        "the first link; the calculation chain left out"),
)  # fmt: skip


def may_change() -> str:
    """Return the list as a table in Markdown; everything that is not in it stays byte by byte."""
    lines = ["| part | what | when |", "|---|---|---|"]
    return "\n".join((*lines, *(f"| {one.parts} | {one.what} | {one.when} |" for one in MAY_CHANGE)))
