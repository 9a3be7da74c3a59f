"""The parts around a sheet: its relations, its own table, and whatever stands below its last case.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from daemon.ledger.container import Container
from daemon.ledger.following import KNOWN, Follower, areas
from daemon.ledger.markup import quoted, refuse_unusual, tags
from daemon.ledger.references import Area, Change
from daemon.ledger.relations import Relation, relations
from daemon.ledger.sheet import BadWorkbook, Flaw, Sheet

_OWN = ("comments", "threadedComment", "vmlDrawing", "drawing", "table", "pivotTable", "ctrlProp", "namedSheetView",
        "tableSingleCells")  # fmt: skip
_NEVER = ("docProps/", "xl/theme/", "customXml/", "xl/media/", "_rels/")
_NEVER_NAMED = ("sharedstrings.xml", "styles.xml", "[content_types].xml", "calcchain.xml", "metadata.xml")


@dataclass(frozen=True, slots=True)
class Neighbours:
    """What belongs to a sheet: its relations, and the table that the ledger is."""

    sheet: Sheet
    relations: tuple[Relation, ...]
    table: tuple[str, bytes] | None
    book: str

    def own(self) -> Mapping[str, str]:
        """Return the parts whose references are of this sheet, with their kind."""
        return {one.part: one.kind for one in self.relations if one.part and one.kind in _OWN}

    def refuse_strangers(self) -> None:
        """Raise BadWorkbook for a part of the sheet of which nobody knows whether it refers to cells."""
        strange = next((one for one in self.relations if one.kind not in KNOWN), None)
        if strange:
            what = strange.part or strange.target
            raise BadWorkbook(Flaw.UNUSUAL, f"rows have to move, and {what} ({strange.kind}) may refer to them")


def neighbours_of(container: Container, book: str, sheet: Sheet) -> Neighbours:
    """Return what belongs to a sheet."""
    links = tuple(relations(container, sheet.part))
    return Neighbours(sheet, links, _table(container, links, sheet), book)


def _table(container: Container, links: tuple[Relation, ...], sheet: Sheet) -> tuple[str, bytes] | None:
    """Return the table whose header is the ledger's."""
    mine = set(sheet.columns.values())
    for one in links:
        if one.kind == "table" and one.part:
            xml = container.read(one.part)
            refuse_unusual(xml, one.part)
            area = area_of_table(xml, one.part)
            if area.top == sheet.header_row and mine & set(range(area.left, area.right + 1)):
                return one.part, xml
    return None


def area_of_table(xml: bytes, part: str) -> Area:
    """Return the cells of a table."""
    root = next(tags(xml), None)
    if root is None or "ref" not in root.attributes:
        raise BadWorkbook(Flaw.TRUNCATED, f"{part}: a table without cells")
    return Area.of(root.attributes["ref"])


def standing_below(container: Container, near: Neighbours, tail: bytes, after: int, columns: range) -> int | None:
    """Return the first row below the last case, in the ledger's columns, in which something begins that is no cell."""
    found = [(what, area) for what, area in areas(tail, near.sheet.title, own=True) if what in _IN_THE_WAY]
    for part, kind in near.own().items():
        if kind in ("drawing", "vmlDrawing", "comments", "pivotTable", "table"):
            wanted = ("anchor", "comment", "location", "table")
            found += [one for one in areas(container.read(part), near.sheet.title, own=True) if one[0] in wanted]
    rows = [
        area.top for _, area in found if area.top > after and area.left < columns.stop and area.right >= columns.start
    ]
    return min(rows, default=None)


_IN_THE_WAY = ("mergeCell",)


def followed(container: Container, near: Neighbours, change: Change) -> dict[str, bytes]:
    """Return the other parts that refer to the sheet, as they have to be now."""
    if change.by:
        near.refuse_strangers()
    out, own = {}, near.own()
    for part, kind in own.items():
        if change.by or kind in ("table", "namedSheetView", "drawing", "ctrlProp"):
            out[part] = _follow(container, part, change, own=True)
    title = near.sheet.title.replace("'", "''")
    plain = quoted(title)
    ways = {plain, plain.decode().encode("ascii", "xmlcharrefreplace"), _in_hexadecimals(plain.decode())}
    names = [way + mark for way in sorted(ways) for mark in (b"!", b"'!", b"&apos;!")]
    for part in container.names:
        if part not in own and part != near.sheet.part and _may_refer(part) and _mentions(container, part, names):
            out[part] = _follow(container, part, change, own=False)
    return {part: xml for part, xml in out.items() if xml != container.read(part)}


def _in_hexadecimals(text: str) -> bytes:
    return "".join(char if char.isascii() else f"&#x{ord(char):X};" for char in text).encode()


def _may_refer(part: str) -> bool:
    low = part.lower()
    return low.endswith((".xml", ".vml")) and not low.startswith(_NEVER) and not low.endswith(_NEVER_NAMED)


def _mentions(container: Container, part: str, names: list[bytes]) -> bool:
    """Tell whether a part has a reference with the sheet's name, or is the source of a pivot table."""
    rest = b""
    for chunk in container.chunks(part):
        piece = rest + chunk
        if b"<worksheetSource" in piece or any(name in piece for name in names):
            return True
        rest = piece[-200:]
    return False


def _follow(container: Container, part: str, change: Change, *, own: bool) -> bytes:
    xml = container.read(part)
    refuse_unusual(xml, part)
    return Follower(change, part, own).rewritten(xml)
