"""What refers to cells of the sheet, anywhere in the workbook, follows when rows are put in.  Pure; rules as tables.

What is found to refer to a moving row and is in no table is refused by name: a workbook is never written half-moved.
"""

from __future__ import annotations

from dataclasses import dataclass

from daemon.ledger.markup import Tag, rewritten
from daemon.ledger.references import ONE_REF, Area, Change, Grow, moved_formula, moved_list, refers_to
from daemon.ledger.sheet import BadWorkbook, Flaw

# Attributes that are references of their own sheet.  ALL: they grow with the rows; NONE: they only move.
OWN = {
    #  element              attribute   grows
    ("autoFilter", "ref"): Grow.ALL,
    ("sortState", "ref"): Grow.ALL,
    ("sortCondition", "ref"): Grow.ALL,
    ("table", "ref"): Grow.ALL,
    ("nsvFilter", "ref"): Grow.ALL,
    ("conditionalFormatting", "sqref"): Grow.ALL,
    ("dataValidation", "sqref"): Grow.ALL,
    ("protectedRange", "sqref"): Grow.ALL,
    ("ignoredError", "sqref"): Grow.ALL,
    ("mergeCell", "ref"): Grow.NONE,
    ("hyperlink", "ref"): Grow.NONE,
    ("comment", "ref"): Grow.NONE,
    ("threadedComment", "ref"): Grow.NONE,
    ("location", "ref"): Grow.NONE,
    ("cellWatch", "r"): Grow.NONE,
    ("cellSmartTags", "r"): Grow.NONE,
    ("inputCells", "r"): Grow.NONE,
    ("singleXmlCell", "r"): Grow.NONE,
    ("webPublishItem", "sourceRef"): Grow.NONE,
}
# Attributes and elements that hold formulas.  FIXED: they stand for many cells, so that only $ means all rows.
FORMULAS = {
    ("hyperlink", "location"): Grow.NONE,
    ("sp", "textlink"): Grow.NONE,
    ("cxnSp", "textlink"): Grow.NONE,
    ("pic", "textlink"): Grow.NONE,
    ("controlPr", "linkedCell"): Grow.NONE,
    ("controlPr", "listFillRange"): Grow.DATA,
    ("oleObject", "link"): Grow.NONE,
    ("formControlPr", "fmlaLink"): Grow.NONE,
    ("formControlPr", "fmlaRange"): Grow.DATA,
    ("formControlPr", "fmlaGroup"): Grow.NONE,
    ("formControlPr", "fmlaTxbx"): Grow.NONE,
}
TEXTS = {
    "formula": Grow.FIXED,
    "formula1": Grow.FIXED,
    "formula2": Grow.FIXED,
    "f": Grow.DATA,
    "calculatedColumnFormula": Grow.FIXED,
    "totalsRowFormula": Grow.DATA,
    "definedName": Grow.DATA,
    "FmlaLink": Grow.NONE,
    "FmlaRange": Grow.DATA,
    "FmlaGroup": Grow.NONE,
    "FmlaTxbx": Grow.NONE,
    "FmlaPict": Grow.NONE,
}
# Where people look and what they have marked: a row further up or down is no harm, and not ours to change.
VIEWS = ("selection", "pane", "sheetView", "customSheetView", "pivotSelection", "pivotArea", "dimension", "c", "row")
# Relations of a sheet whose parts have no references to cells, or only such as the tables above know.
KNOWN = (
    "comments", "threadedComment", "vmlDrawing", "drawing", "table", "pivotTable", "hyperlink", "printerSettings",
    "slicer", "timeline", "image", "customProperty", "ctrlProp", "namedSheetView", "tableSingleCells", "oleObject",
    "package", "queryTable", "control", "customXml", "legacyDrawingHF",
)  # fmt: skip


@dataclass(slots=True)
class Follower:
    """Rewrites one part; `own` when it belongs to the sheet that changes, so that references may lack its name."""

    change: Change
    part: str
    own: bool
    _edit_as: str = "twoCell"
    _moved: int = 0

    def rewritten(self, xml: bytes) -> bytes:
        """Return the part with all references as they are now; raise BadWorkbook for what cannot follow."""
        return rewritten(xml, self._attribute, self._text)

    def _attribute(self, tag: Tag, name: str, value: str) -> str:
        local = name.rpartition(":")[2]
        if local == "editAs":
            self._edit_as = value
        if self.own and tag.name == "brk" and local == "id" and "rowBreaks" in tag.path:
            return str(self.change.row(int(value) + 1) - 1)
        if tag.name == "worksheetSource" and local == "ref":
            return self._source(tag, value)
        if (grow := FORMULAS.get((tag.name, local))) is not None:
            return moved_formula(value, self.change, grow, own=self.own)
        if not self.own:
            return value
        if (grow := OWN.get((tag.name, local))) is not None:
            self._refuse_torn(tag, value)
            return moved_list(value, self.change, grow)
        if tag.name not in VIEWS and local in ("ref", "sqref", "r", "cell") and self.change.moves(value):
            raise BadWorkbook(Flaw.UNUSUAL, f"{self.part}: <{tag.name}> refers to {value}, and cannot follow its row")
        return value

    def _refuse_torn(self, tag: Tag, value: str) -> None:
        """Refuse to put rows into the midst of a pivot table."""
        if tag.name == "location" and self.change.by and ONE_REF.fullmatch(value):
            area = Area.of(value)
            if area.top < self.change.first <= area.bottom:
                raise BadWorkbook(Flaw.UNUSUAL, f"{self.part}: the pivot table at {value} would be torn: move it")

    def _source(self, tag: Tag, value: str) -> str:
        """Return the cells that a pivot table counts."""
        mine = tag.attributes.get("sheet", "").casefold() == self.change.title.casefold()
        return moved_list(value, self.change, Grow.DATA) if mine else value

    def _text(self, tag: Tag, value: str) -> str:
        if (grow := TEXTS.get(tag.name)) is not None:
            return moved_formula(value, self.change, grow, own=self.own)
        if not self.own or not self.change.by:
            return moved_list(value, self.change, Grow.ALL) if self.own and tag.name == "sqref" else value
        if tag.name == "sqref":
            return moved_list(value, self.change, Grow.ALL)
        if tag.name == "row" and tag.path[-2:-1] in (("from",), ("to",)):
            return self._anchored(tag, value)
        if tag.name == "Row" and "ClientData" in tag.path:
            return str(self.change.row(int(value) + 1) - 1)
        return self._vml_anchor(value) if tag.name == "Anchor" else value

    def _anchored(self, tag: Tag, value: str) -> str:
        """Return the row of a picture's corner: it stretches, goes with its upper corner, or stays, as it was told."""
        row = int(value) + 1
        moved = self.change.row(row) - row
        if tag.path[-2] == "from":
            self._moved = moved
        how, by = self._edit_as, moved
        if tag.path[-2] == "to":
            by, self._edit_as = (moved if how == "twoCell" else self._moved), "twoCell"
        return str(row - 1 + (0 if how == "absolute" else by))

    def _vml_anchor(self, value: str) -> str:
        """Return the corners of a comment or a button: column, offset, row, offset, twice, rows from 0."""
        numbers = [one.strip() for one in value.split(",")]
        if len(numbers) != 8 or not all(one.isdigit() for one in (numbers[2], numbers[6])):
            return value
        by = self.change.row(int(numbers[2]) + 1) - int(numbers[2]) - 1
        if not by:
            return value
        numbers[2], numbers[6] = str(int(numbers[2]) + by), str(int(numbers[6]) + by)
        return ", ".join(numbers)


def areas(xml: bytes, title: str, *, own: bool) -> list[tuple[str, Area]]:
    """Return the cells that something in a part refers to or stands upon, with what it is."""
    found: list[tuple[str, Area]] = []
    nothing = Change(title, 0, 0, 0, 2**20 + 1, 0)
    corner: dict[tuple[str, ...], int] = {}

    def attribute(tag: Tag, name: str, value: str) -> str:
        local = name.rpartition(":")[2]
        if own and (tag.name, local) in OWN:
            found.extend((tag.name, Area.of(one)) for one in value.split() if ONE_REF.fullmatch(one))
        elif (tag.name, local) in FORMULAS:
            found.extend((tag.name, Area.of(one)) for one in refers_to(value, nothing, own=own))
        return value

    def text(tag: Tag, value: str) -> str:
        if own and tag.name == "sqref":
            found.extend((tag.name, Area.of(one)) for one in value.split() if ONE_REF.fullmatch(one))
        elif tag.name in TEXTS:
            found.extend((tag.name, Area.of(one)) for one in refers_to(value, nothing, own=own))
        elif own and tag.path[-2:-1] in (("from",), ("to",)) and value.isdigit():
            corner[tag.path[-2:]] = int(value) + 1
            if tag.path[-2:] == ("to", "row") and len(corner) >= 4:
                place = (corner["from", "row"], corner["from", "col"], corner["to", "row"], corner["to", "col"])
                found.append(("anchor", Area(*place)))
        elif own and tag.name == "Anchor" and len(numbers := value.replace(" ", "").split(",")) == 8:
            left, top, right, end = (int(numbers[at]) + 1 for at in (0, 2, 4, 6))
            found.append(("anchor", Area(top, left, end, right)))
        return value

    rewritten(xml, attribute, text)
    return found
