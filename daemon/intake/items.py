"""Tell several products in one complaint apart: numbered lines, table rows and repeated blocks of labels."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from daemon.core.directory import Directory
from daemon.intake import triage
from daemon.intake.body import BULLETED, Body, read_body
from daemon.intake.labels import key_of, labelled
from daemon.intake.products import codes, product
from daemon.intake.quantities import counts
from daemon.intake.reading import Item

COLUMN_KEYS = {"product_name", "part_no"}
MOST_ITEMS = 200  # of a complaint; who complains of more sends a list
BREAK = re.compile(r"[\t|]+")


def read_items(body: Body, directory: Directory) -> tuple[Item, ...]:
    """Return one item per product, or nothing for a complaint about one."""
    for texts in (_rows(body.main), _blocks(body.main), _numbered(body.free)):
        items = [_item(text, directory) for text in texts[:MOST_ITEMS]]
        parts = {item.part_no or item.product_name for item in items if item.part_no or item.product_name}
        if len(parts) > 1 and len(parts) == len(items):
            return tuple(items)
    return ()


def _item(text: str, directory: Directory) -> Item:
    body = read_body(text)
    found, counted = product(body.fields, body.text), counts(body.fields, body.text)
    return Item(
        product_name=found.product_name,
        part_no=found.part_no,
        batch_no=found.batch_no,
        quantity_delivered=counted.delivered,
        quantity_defective=counted.defective,
        defect_rate=counted.rate,
        phenomenon=body.fields.get("phenomenon") or text.strip(),
        department=triage.department(text, text, directory).value,
    )


def _numbered(lines: Iterable[str]) -> list[str]:
    """Return the list items that begin with a product: its number stands in the first words."""
    found = [BULLETED.sub("", line) for line in lines if BULLETED.match(line)]
    return [line for line in found if any(match.start() < 24 for match in codes(line))]


def _rows(lines: Sequence[str]) -> list[str]:
    """Read a table with a heading row: each further row becomes a text of labelled lines."""
    for at, line in enumerate(lines):
        heads = [key_of(cell) for cell in _cells(line)]
        if len([key for key in heads if key]) >= 3 and COLUMN_KEYS & set(heads):
            return [_as_lines(_cells(line), row) for row in map(_cells, lines[at + 1 :]) if len(row) >= 3]
    return []


def _cells(line: str) -> list[str]:
    return [cell.strip() for cell in BREAK.split(line.strip("| \t"))]


def _as_lines(heads: Sequence[str], row: Sequence[str]) -> str:
    return "\n".join(f"{head}：{cell}" for head, cell in zip(heads, row, strict=False) if cell)


def _blocks(lines: Sequence[str]) -> list[str]:
    """Cut the lines before every further label of a product's name (or number, when names are not given)."""
    for key in ("product_name", "part_no"):
        starts = [at for at, line in enumerate(lines) if (labelled(line) or ("", ""))[0] == key]
        if len(starts) > 1:
            return ["\n".join(lines[a:b]) for a, b in zip(starts, [*starts[1:], len(lines)], strict=True)]
    return []
