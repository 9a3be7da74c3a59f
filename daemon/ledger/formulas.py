"""The formulas of a sheet as they stand in its cells: of one cell, shared by many, or of a whole range.  Pure."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from daemon.ledger.cells_xml import LAST_ROW, attributes_of, letters_of, place_of
from daemon.ledger.xml_text import text_of

if TYPE_CHECKING:
    from openpyxl.formula.translate import Translator

MOST = 10_000  # groups of shared formulas, and ranges, that are remembered of one sheet
PATIENCE = 4_000_000  # characters that are told for other cells; later ones are left as their first cell has them
UNKNOWN = "…"  # a formula whose text stands nowhere
_GROUP, _RANGE, _KIND = b"si", b"ref", b"t"


@dataclass(frozen=True, slots=True)
class _Area:
    rows: range
    columns: range
    formula: str


@dataclass(slots=True)
class Formulas:
    """What was read of the formulas above: shared ones are told by their first cell, those of arrays too."""

    until: int = 0  # the last row that a range of an array reaches
    _groups: dict[bytes, tuple[str, str]] = field(default_factory=dict)  # the first cell's text, and its place
    _areas: list[_Area] = field(default_factory=list)
    _patience: int = PATIENCE

    def at(self, row: int, column: int) -> str:
        """Return the formula of the range that this cell is in, empty when it is in none."""
        return next((one.formula for one in self._areas if row in one.rows and column in one.columns), "")

    def read(self, row: int, column: int, tag: bytes, raw: bytes) -> str:
        """Return the formula of a cell from the attributes and text of its `f`, without the sign in front."""
        attributes, text = attributes_of(tag), text_of(raw)
        kind = attributes.get(_KIND, b"normal")
        if kind == b"shared":
            return self._shared(row, column, attributes.get(_GROUP, b""), text)
        if kind in (b"array", b"dataTable"):
            text = text or f"TABLE({text_of(attributes.get(b'r1', b''))})"
            self._cover(attributes.get(_RANGE, b""), text)
        return text or UNKNOWN

    def _shared(self, row: int, column: int, group: bytes, text: str) -> str:
        place = f"{letters_of(column).decode()}{row}"
        if text:
            if len(self._groups) < MOST:
                self._groups[group] = text, place
            return text
        first, origin = self._groups.get(group, ("", ""))
        self._patience -= len(first)
        return _told(first, origin, place) if first and self._patience > 0 else first or UNKNOWN

    def _cover(self, written: bytes, formula: str) -> None:
        first, _, last = written.partition(b":")
        start, end = place_of(first), place_of(last or first)
        if start and end and start != end and len(self._areas) < MOST:
            self._areas.append(_Area(range(start[0], end[0] + 1), range(start[1], end[1] + 1), formula))
            self.until = max(self.until, min(end[0], LAST_ROW))


@lru_cache(maxsize=64)
def _tokens(formula: str, origin: str) -> Translator:
    from openpyxl.formula.translate import Translator  # noqa: PLC0415 - 10 MB that a daemon at rest can spare

    return Translator(f"={formula}", origin)


def _told(formula: str, origin: str, place: str) -> str:
    """Return the formula as it is in another cell, or as it is in its first where it cannot be told of others."""
    try:
        return str(_tokens(formula, origin).translate_formula(place)).removeprefix("=")
    except Exception:  # noqa: BLE001  the tokenizer fails in many ways on what is no formula; its text still counts
        return formula
