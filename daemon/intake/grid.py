"""A table as people fill it in, to lines `label：value`: values beside or below, merged cells.  Reads no file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import islice, pairwise

from daemon.intake.body import LONG_KEYS, without_bullet
from daemon.intake.labels import PARENTHESIS, key_of, labelled

MOST_ROWS, MOST_COLUMNS, MOST_CELLS = 200, 60, 3000
MOST_ITEMS = 30  # rows below headings: a longer table is a list of measurements and no complaint
MAX_CELL = 4000
LONGEST_LABEL = 40
TICKED, OPEN = "☑☒■✔✅√", "□☐◻"
CHOICE = re.compile(rf"([{TICKED}{OPEN}])\s*([^{TICKED}{OPEN}]*)")
SEVERAL = re.compile(r"(?:\t|[ \u3000]{2,})(?=[^:：\s]{1,16}\s?[:：])")  # 客户：甲    联系人：乙
SHORT = re.compile(r"[^\d\n。，,；;]{1,16}")  # what may be a label that no table of ours knows
COUNTED = re.compile(r"(?i)%|％|‰|ppm|pcs|ea|件|只|个|套|支|台|kg|m")
SLASH = re.compile(r"\s*[/／]\s*")
TOTAL = re.compile(r"(?i)\s*(?:[合总總小]\s*[计計]|total|sum|subtotal)\b")
FIRST = ("product_name", "part_no")  # items are told apart by what begins each block of lines


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell with text, and the rows and columns that it covers, counted from 0, the last ones included."""

    text: str
    row: int
    left: int
    bottom: int
    right: int


def rows_of(cells: Iterable[Cell]) -> list[list[Cell]]:
    """Return the cells that hold something, row by row, each from left to right."""
    rows: dict[int, list[Cell]] = {}
    for cell in islice(cells, MOST_CELLS):
        if cell.text.strip() and cell.row < MOST_ROWS and cell.left < MOST_COLUMNS:
            rows.setdefault(cell.row, []).append(cell)
    return [sorted(rows[row], key=lambda cell: cell.left) for row in sorted(rows)]


def lines_of(cells: Iterable[Cell]) -> list[str]:
    """Return the rows as lines, the cells of each parted by tabs."""
    return [line for row in rows_of(cells) for line in "\t".join(cell.text.strip() for cell in row).split("\n")]


def pairs_of(cells: Iterable[Cell]) -> list[str]:
    """Return what the table states as lines `label：value`; what has no label is left out."""
    return list(_Table(rows_of(cells)).pairs())


def is_label(text: str) -> bool:
    """Tell whether a cell holds nothing but a label; `ABC公司` names a company, though 公司 is a label."""
    plain = _plain(text) if len(text) <= 2 * LONGEST_LABEL else ""
    return 0 < len(plain) <= LONGEST_LABEL and _names(plain)


@lru_cache(1000)
def _names(plain: str) -> bool:
    first, slash = SLASH.split(plain)[0], SLASH.search(plain)
    if key_of(plain) is None:
        return bool(slash) and key_of(first) is not None  # 零件名称/图号, 批次/数量
    asian, latin = re.sub(r"[\x00-\x7f]+", "", plain), re.sub(r"[^\x00-\x7f]+", " ", plain)
    return not asian or len(asian) > 3 or not re.search(r"[A-Za-z0-9]", latin) or key_of(latin) is not None


def _plain(text: str) -> str:
    plain = " ".join(without_bullet(" ".join(text.split())).strip(" :：*").split())
    return PARENTHESIS.sub("", plain).strip(" :：") or plain


@dataclass(slots=True)
class _Table:
    rows: Sequence[Sequence[Cell]]
    beginning: dict[int, Sequence[Cell]] = field(default_factory=dict)  # by the row in which they begin
    at: dict[tuple[int, int], Cell] = field(default_factory=dict)
    used: set[Cell] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.beginning = {row[0].row: row for row in self.rows}
        for cell in (cell for row in self.rows for cell in row):
            for row in range(cell.row, min(cell.bottom, MOST_ROWS) + 1):
                for column in range(cell.left, min(cell.right, MOST_COLUMNS) + 1):
                    self.at.setdefault((row, column), cell)

    def pairs(self) -> Iterator[str]:
        for number, row in enumerate(self.rows):
            below = self._columns(number)
            if below:
                yield from below
            else:
                for cell in row:
                    yield from self._of(cell, row) if cell not in self.used else ()

    def _of(self, cell: Cell, row: Sequence[Cell]) -> Iterator[str]:
        """Yield what a cell states: as a label with its value beside or below, or by lines of its own."""
        self.used.add(cell)
        beside = self.at.get((cell.row, cell.right + 1))
        if is_label(cell.text):
            value = beside if beside and not is_label(beside.text) else None if beside else self._below(cell, row)
            yield from self._pair(cell, value) if value and value not in self.used else ()
        elif any(labelled(line) for line in cell.text.split("\n")):
            yield from (ticked(one) for line in cell.text.split("\n") for one in SEVERAL.split(line))
        elif beside and SHORT.fullmatch(_plain(cell.text)) and not is_label(beside.text) and beside not in self.used:
            yield from self._pair(cell, beside)

    def _pair(self, label: Cell, value: Cell) -> Iterator[str]:
        self.used.add(value)
        unit = self.at.get((label.row, value.right + 1))
        counted = bool(unit and re.fullmatch(r"[\d.,]+", value.text.strip()) and COUNTED.fullmatch(unit.text.strip()))
        yield from said(label.text, value.text + (unit.text.strip() if counted and unit else ""))

    def _below(self, label: Cell, row: Sequence[Cell]) -> Cell | None:
        """Return the text below a label, where each stands in a row of its own."""
        below = self.beginning.get(label.bottom + 1, ())
        if len(row) != 1 or len(below) != 1 or below[0].left != label.left or is_label(below[0].text):
            return None
        wide = label.right > label.left
        return below[0] if wide or not SHORT.fullmatch(below[0].text.strip()) else None

    def _columns(self, number: int) -> list[str]:
        """Return what a row of headings states with the rows below it, a block of lines for each."""
        heads = self.rows[number]
        known = [cell for cell in heads if is_label(cell.text)]
        side_by_side = all(a.right + 1 == b.left for a, b in pairwise(heads))
        two_labels = any(a in known and b in known for a, b in pairwise(heads))
        if not side_by_side or not two_labels or len(known) * 2 <= len(heads):
            return []
        if not all(_may_head(cell.text) for cell in heads):
            return []
        rows = list(self._rows_below(heads, number))
        if not rows:
            return []
        self.used |= {cell for row in self.rows[number + 1 : number + 1 + len(rows)] for cell in row} | set(heads)
        heads = sorted(heads, key=lambda cell: _rank(cell.text))
        blocks = ([(head, self.at.get((row, head.left))) for head in heads] for row in rows)
        lines = [line for row in blocks for head, cell in row if cell for line in said(head.text, cell.text)]
        return lines if len(rows) <= MOST_ITEMS else []

    def _rows_below(self, heads: Sequence[Cell], number: int) -> Iterator[int]:
        """Yield the rows that continue a table of these headings."""
        expected = max(cell.bottom for cell in heads) + 1
        for row in self.rows[number + 1 :]:
            standing = sum((expected, head.left) in self.at for head in heads)
            begins = (expected, heads[0].left) in self.at and not any(TOTAL.match(cell.text) for cell in row)
            if row[0].row != expected or not begins or standing * 2 < len(heads) or any(map(_is_label_cell, row)):
                return
            yield expected
            expected += 1


def _is_label_cell(cell: Cell) -> bool:
    return is_label(cell.text)


def _may_head(text: str) -> bool:
    return is_label(text) or (len(text.strip()) <= LONGEST_LABEL and not re.search(r"\d|[:：。]", text))


def _rank(text: str) -> int:
    key = key_of(_plain(text))
    return FIRST.index(key) if key in FIRST else len(FIRST)


def said(label: str, value: str) -> list[str]:
    """Return a label and its value as lines; only what is wrong and what is asked for run over several."""
    plain, value = _plain(label), ticked(value[:MAX_CELL].strip())
    if key_of(plain) is None and SLASH.search(plain):
        return _of_two(SLASH.split(plain), SLASH.split(value), value)
    if key_of(plain) not in LONG_KEYS:
        value = " ".join(value.split())
    lines = [line.strip() for line in value.split("\n") if line.strip()]
    return [f"{plain}：{lines[0]}", *lines[1:]] if lines else []


def _of_two(labels: Sequence[str], values: Sequence[str], whole: str) -> list[str]:
    """Return what `零件名称/图号` and `前端盖/BF-2207` state; a value that has no two parts is the first label's."""
    if len(labels) == len(values) == 2 and all(len(one) > 1 for one in values):
        return [line for pair in zip(labels, values, strict=True) for line in said(*pair)]
    return said(labels[0], whole)


def ticked(text: str) -> str:
    """Return what is ticked where a form gives choices; nothing when none is."""
    found = CHOICE.findall(text)
    if not any(box in OPEN for box, _ in found):
        return text
    chosen = "、".join(" ".join(said.split()).strip(" ,，、;；") for box, said in found if box in TICKED)
    return f"{text[: CHOICE.search(text).start()]}{chosen}"  # type: ignore[union-attr]
