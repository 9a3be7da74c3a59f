"""The links of cells, in the part of a sheet that follows its rows: added, changed, taken away; people's stay."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from daemon.ledger.markup import Edits, Tag, plain, tags
from daemon.ledger.relations import STRICT, TRANSITIONAL, fresh_id, with_relations, without_relations
from daemon.ledger.rows_xml import attribute_in

# The elements of a worksheet after its rows, in the order of the schema (ECMA-376 part 1, 18.3.1.99).
ORDER = (
    "sheetCalcPr", "sheetProtection", "protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate",
    "customSheetViews", "mergeCells", "phoneticPr", "conditionalFormatting", "dataValidations", "hyperlinks",
    "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks", "colBreaks", "customProperties",
    "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "legacyDrawingHF", "drawingHF", "picture",
    "oleObjects", "controls", "webPublishItems", "tableParts", "extLst",
)  # fmt: skip
FEW = 100  # references that are looked for one by one

_LINK = re.compile(rb"<(?:[\w.-]+:)?hyperlink(\s[^<>]*?)(?:/>|>\s*</(?:[\w.-]+:)?hyperlink\s*>)")
_LINK_ID = re.compile(rb"""\s[\w.-]+:id\s*=\s*["']([^"']*)["']""")
_OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:|//|\\\\", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Names:
    """How a sheet writes its names: its prefix, the namespace of relations, and the prefix bound to that, if any."""

    prefix: bytes
    relations: str
    bound: bytes | None

    @staticmethod
    def of(prefix: bytes, root: Mapping[str, str]) -> Names:
        """Tell it from the attributes of the sheet's first element."""
        strict = any(space.startswith("http://purl.oclc.org/") for space in root.values())
        relations = f"{STRICT if strict else TRANSITIONAL}/relationships"
        bound = (name[6:] for name, space in root.items() if space == relations and name.startswith("xmlns:"))
        return Names(prefix, relations, next((name.encode() for name in bound), None))


@dataclass(frozen=True, slots=True)
class Linked:
    """The end of a sheet and its relations, with the links in them."""

    tail: bytes
    relations: bytes


def with_links(tail: bytes, names: Names, rels: bytes, links: Mapping[str, str]) -> Linked:
    """Give cells their links; an empty one takes away a link of ours, which is a relative one.

    `links` are targets by cell.
    """
    start, end = _region(tail, names.prefix)
    region = tail[start:end]
    there = _links_in(region, links)
    targets = _targets(rels) if there else {}
    gone, new, number = Edits(region), list[tuple[str, str, str]](), 0
    ids: set[str] = set()
    for ref, link in links.items():
        place, id_ = there.get(ref, ((0, 0), ""))
        target = targets.get(id_, "")
        if target == link or (not link and not _is_ours(target)):
            continue
        if ref in there:
            gone.replace(*place, b"")
            ids.add(id_)
        if link:
            number = number or fresh_id(rels)
            new.append((ref, f"rId{number}", link))
            number += 1
    if not gone.pieces and not new:
        return Linked(tail, rels)
    region = gone.done()
    used = sorted(one for one in ids if one and b'"%s"' % one.encode() not in tail[:start] + region + tail[end:])
    kind = f"{names.relations}/hyperlink"
    rels = with_relations(without_relations(rels, used), [(id_, kind, link, True) for _, id_, link in new])
    added = b"".join(_link(names, ref, id_) for ref, id_, _ in new)
    return Linked(tail[:start] + _closed(region, added, names.prefix) + tail[end:], rels)


def _links_in(region: bytes, links: Mapping[str, str]) -> dict[str, tuple[tuple[int, int], str]]:
    """Return the links of the wanted cells: where they stand and the id of their relation."""
    if len(links) <= FEW and not any(b'"%s"' % ref.encode() in region for ref in links):
        return {}
    found = {}
    for element in _LINK.finditer(region):
        ref = (attribute_in(element[1], b"ref") or "").replace("$", "")
        if ref in links:
            raw = _LINK_ID.search(element[1])
            found[ref] = element.span(), plain(raw[1]) if raw else ""
    return found


def _targets(rels: bytes) -> dict[str, str]:
    """Return where the relations lead, by id."""
    tags = re.findall(rb"<(?:[\w.-]+:)?Relationship(\s[^<>]*)>", rels)
    return {attribute_in(one, b"Id") or "": attribute_in(one, b"Target") or "" for one in tags}


def _is_ours(target: str) -> bool:
    return bool(target) and not _OUTSIDE.match(target) and not target.startswith("#")


def _link(names: Names, ref: str, id_: str) -> bytes:
    declared = b"" if names.bound else b' xmlns:r="%s"' % names.relations.encode()
    to = b"%s:id" % (names.bound or b"r")
    return b'<%shyperlink%s ref="%s" %s="%s"/>' % (names.prefix, declared, ref.encode(), to, id_.encode())


def _region(tail: bytes, prefix: bytes) -> tuple[int, int]:
    """Return where the links of the sheet stand, or where they have to."""
    start = tail.find(b"<%shyperlinks" % prefix)
    if start >= 0:
        close = b"</%shyperlinks" % prefix
        end = tail.find(close, start)
        return start, tail.find(b">", start if end < 0 else end) + 1
    at = place_for(tail, "hyperlinks")
    return at, at


def _closed(region: bytes, added: bytes, prefix: bytes) -> bytes:
    opening = b"<%shyperlinks>" % prefix
    if region and not region.rstrip().endswith(b"/>"):
        cut = region.rfind(b"</")
        body = region[region.find(b">") + 1 : cut] + added
        return region[: region.find(b">") + 1] + body + region[cut:] if body.strip() else b""
    return opening + added + b"</%shyperlinks>" % prefix if added else b""


def place_for(tail: bytes, name: str) -> int:
    """Return where an element has to stand among those after the rows."""
    later = ORDER[ORDER.index(name) + 1 :]
    for tag in top_level(tail):
        if tag.name in later:
            return tag.start
    return tail.rfind(b"</")


def top_level(tail: bytes) -> list[Tag]:
    """Return the start tags of the elements after the rows; those within them are left out."""
    return [tag for tag in tags(tail) if len(tag.path) == 1]
