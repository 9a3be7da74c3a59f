"""People's formulas after a patch: computed anew on opening, and the list of cells with formulas kept true.  Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from daemon.ledger.container import Container
from daemon.ledger.markup import Edits, root_of, tags
from daemon.ledger.neighbours import Neighbours
from daemon.ledger.references import Change, Grow, moved_list
from daemon.ledger.relations import (
    TYPES,
    Relation,
    actual,
    relations,
    relations_part,
    without_override,
    without_relations,
)

# The elements of a workbook that come before the one which says how it is computed (ECMA-376 part 1, 18.2.27).
_BEFORE = ("sheets", "functionGroups", "externalReferences", "definedNames")


@dataclass(slots=True)
class Recalculated:
    """Parts as they have to be now, and parts that are left out."""

    parts: dict[str, bytes] = field(default_factory=dict)
    dropped: list[str] = field(default_factory=list)


def recalculated(
    container: Container,
    near: Neighbours,
    change: Change,
    cells: Collection[str],
    parts: Mapping[str, bytes],
    *,
    has_formulas: bool,
) -> Recalculated:
    """Return workbook and calculation chain as they have to be when these cells of the sheet hold values.

    A workbook without formulas stays as it is: people are not asked to save what they did not change.
    """
    out = Recalculated()
    chain = next((one for one in relations(container, near.book) if one.kind == "calcChain" and one.part), None)
    if chain and chain.part:
        kept = _shortened(container, near, change, cells, chain.part)
        if kept:
            out.parts[chain.part] = kept
        else:
            _drop(container, near, chain, parts, out)
    if chain or has_formulas or _elsewhere(container, near):
        book = out.parts.get(near.book) or parts.get(near.book) or container.read(near.book)
        if (fresh := computed_on_opening(book, near.book)) != book:
            out.parts[near.book] = fresh
    return out


def computed_on_opening(book: bytes, part: str) -> bytes:
    """Say that all formulas are to be computed when the workbook is opened: their values may have become old."""
    edits, after = Edits(book), 0
    for tag in tags(book):
        if tag.path == ("workbook", "calcPr"):
            edits.attribute(tag, "fullCalcOnLoad", "1")
            return edits.done() if tag.attributes.get("fullCalcOnLoad") not in ("1", "true") else book
    prefix = root_of(book, part)[0]
    for name in _BEFORE:
        end = book.rfind(b"</%s%s" % (prefix, name.encode()))
        after = max(after, book.find(b">", end) + 1 if end >= 0 else 0)
    return book[:after] + b'<%scalcPr fullCalcOnLoad="1"/>' % prefix + book[after:]


def _elsewhere(container: Container, near: Neighbours) -> bool:
    """Tell whether another sheet has a formula."""
    return any(
        b"<f>" in chunk or b"<f " in chunk or b":f>" in chunk
        for one in relations(container, near.book)
        if one.kind == "worksheet" and one.part and one.part != near.sheet.part
        for chunk in container.chunks(one.part)
    )


def _shortened(
    container: Container, near: Neighbours, change: Change, cells: Collection[str], part: str
) -> bytes | None:
    """Return the calculation chain without the cells, moved as the sheet is; None when nothing is left of it."""
    xml, sheet = container.read(part), _number(container, near)
    edits, current, told, left = Edits(xml), "", "", 0
    for tag in tags(xml):
        if tag.name != "c":
            continue
        current = tag.attributes.get("i", current)
        ref = tag.attributes.get("r", "")
        if current == sheet and ref in cells:
            edits.replace(tag.start, tag.end, b"")
            continue
        left += 1
        if current == sheet and (moved := moved_list(ref, change, Grow.NONE)) != ref:
            edits.attribute(tag, "r", moved)
        if "i" not in tag.attributes and told != current:
            edits.attribute(tag, "i", current)
        told = current
    return edits.done() if left else None


def _drop(
    container: Container, near: Neighbours, chain: Relation, parts: Mapping[str, bytes], out: Recalculated
) -> None:
    """Leave the calculation chain out: an empty one is no part."""
    part = chain.part or ""
    types = actual(container, TYPES) or TYPES
    links = actual(container, relations_part(near.book)) or ""
    out.dropped.append(part)
    out.parts[types] = without_override(parts.get(types) or container.read(types), part)
    out.parts[links] = without_relations(parts.get(links) or container.read(links), [chain.id])


def _number(container: Container, near: Neighbours) -> str:
    """Return the number by which the calculation chain knows the sheet."""
    ids = {one.id for one in relations(container, near.book) if one.part == near.sheet.part}
    for tag in tags(container.read(near.book)):
        if tag.name == "sheet" and any(value in ids for name, value in tag.attributes.items() if name.endswith(":id")):
            return tag.attributes.get("sheetId", "")
    return ""
