"""The table that the ledger is: its columns, those it computes, and columns put back at its right.  Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from daemon.ledger.markup import Edits, Tag, plain, quoted, root_of, tags
from daemon.ledger.references import Area, Change, refers_to
from daemon.ledger.sheet import BadWorkbook, Flaw

_ANYWHERE = Change("", 0, 0, 0, 0, 0)


def computed(xml: bytes, left: int) -> dict[int, str]:
    """Return the formulas of the columns that a table computes, by column; `left` is its first one."""
    return {
        column: plain(xml[slice(*tag.text)])
        for column, tag in _columns(xml, left)
        if tag.name == "calculatedColumnFormula" and tag.attributes.get("array") not in ("1", "true")
    }


def is_alike(formula: str) -> bool:
    """Tell whether a formula reads the same in every row: it has no reference that goes along."""
    return all("$" in ref for ref in refers_to(formula, _ANYWHERE, own=True))


def with_columns(xml: bytes, titles: Sequence[str], part: str) -> bytes:
    """Add columns at the right of a table, under their titles."""
    edits, prefix = Edits(xml), root_of(xml, part)[0]
    found = list(tags(xml))
    columns = [tag for tag in found if tag.path[-2:] == ("tableColumns", "tableColumn")]
    number = max((int(tag.attributes.get("id", "0")) for tag in columns), default=0)
    for tag in found:
        if "ref" in tag.attributes and tag.path in (("table",), ("table", "autoFilter")):
            area = Area.of(tag.attributes["ref"])
            edits.attribute(tag, "ref", replace(area, right=area.right + len(titles)).ref)
        if tag.name == "tableColumns":
            edits.attribute(tag, "count", str(len(columns) + len(titles)))
    end = xml.find(b"</%stableColumns" % prefix)
    if end < 0:
        raise BadWorkbook(Flaw.UNUSUAL, f"{part}: a table without columns")
    new = [
        b'<%stableColumn id="%d" name="%s"/>' % (prefix, number + at, quoted(title).replace(b"\n", b"_x000a_"))
        for at, title in enumerate(titles, 1)
    ]
    edits.replace(end, end, b"".join(new))
    return edits.done()


def names_of(xml: bytes) -> set[str]:
    """Return the titles of a table's columns, in small letters."""
    return {tag.attributes.get("name", "").casefold() for tag in tags(xml) if tag.name == "tableColumn"}


def _columns(xml: bytes, left: int) -> Iterator[tuple[int, Tag]]:
    """Yield the tags within the table's columns, with the column they belong to."""
    column = left - 1
    for tag in tags(xml):
        if tag.name == "tableColumn":
            column += 1
        yield column, tag
