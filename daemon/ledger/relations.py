"""The relations of parts and what kind of content they hold: read, added to, taken from.  Pure."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from urllib.parse import unquote

from daemon.ledger.container import Container
from daemon.ledger.markup import Edits, closing_of, quoted, root_of, tags

TYPES = "[Content_Types].xml"
STRICT = "http://purl.oclc.org/ooxml/officeDocument"
TRANSITIONAL = "http://schemas.openxmlformats.org/officeDocument/2006"
NO_RELATIONS = (
    b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
    b'<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"></Relationships>'
)
RELATIONS_TYPE = "application/vnd.openxmlformats-package.relationships+xml"

_IDS = re.compile(rb"""\sId\s*=\s*["']rId([0-9]{1,9})["']""")


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation: its id, the last word of its type, its target as written, and the part that it leads to, if any."""

    id: str
    kind: str
    target: str
    part: str | None


def relations_part(part: str) -> str:
    """Return the name of the part that holds another one's relations."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def actual(container: Container, name: str) -> str | None:
    """Return a part's name as the file writes it; None when there is no such part."""
    if name in container.members:
        return name
    return next((one for one in container.names if one.lower() == name.lower()), None)


def relations(container: Container, part: str) -> Iterator[Relation]:
    """Yield the relations of a part to other parts and to the outside, but for links of cells."""
    at = actual(container, relations_part(part))
    xml = container.read(at) if at else b""
    skipped = re.sub(rb"<[^<>]*/hyperlink[\"'][^<>]*/>", b"", xml)  # there may be 200,000 of them
    for tag in tags(skipped):
        if tag.name == "Relationship":
            target = tag.attributes.get("Target", "")
            path = posixpath.normpath(posixpath.join("/", posixpath.dirname(part), unquote(target))).lstrip("/")
            leads = None if tag.attributes.get("TargetMode") == "External" else actual(container, path)
            kind = tag.attributes.get("Type", "").rpartition("/")[2]
            yield Relation(tag.attributes.get("Id", ""), kind, target, leads)


def fresh_id(xml: bytes) -> int:
    """Return the number of a relation's id that is not in use yet."""
    return max((int(number) for number in _IDS.findall(xml)), default=0) + 1


def with_relations(xml: bytes, new: Sequence[tuple[str, str, str, bool]]) -> bytes:
    """Add relations: id, type, target, whether it leads outside."""
    if not new:
        return xml
    prefix = root_of(xml, "relations")[0]
    pieces = [
        b'<%sRelationship Id="%s" Type="%s" Target="%s"%s/>'
        % (prefix, quoted(id_), kind.encode(), quoted(target), b' TargetMode="External"' if outside else b"")
        for id_, kind, target, outside in new
    ]
    return before_end(xml, b"".join(pieces))


def without_relations(xml: bytes, ids: Sequence[str]) -> bytes:
    """Take relations away."""
    for one in ids:
        xml = re.sub(rb"""<[^<>]*\sId\s*=\s*["']%s["'][^<>]*/>""" % re.escape(one.encode()), b"", xml, count=1)
    return xml


def with_override(types: bytes, part: str, content_type: str) -> bytes:
    """Say what kind of content a new part holds."""
    prefix = root_of(types, TYPES)[0]
    piece = b'<%sOverride PartName="/%s" ContentType="%s"/>' % (prefix, quoted(part), content_type.encode())
    return before_end(types, piece)


def with_default(types: bytes, extension: str, content_type: str) -> bytes:
    """Say what kind of content all parts of an extension hold, where that is not said yet."""
    known = [tag for tag in tags(types) if tag.name == "Default"]
    if any(tag.attributes.get("Extension", "").lower() == extension for tag in known):
        return types
    prefix = root_of(types, TYPES)[0]
    piece = b'<%sDefault Extension="%s" ContentType="%s"/>' % (prefix, extension.encode(), content_type.encode())
    first = next((tag.start for tag in tags(types) if tag.name in ("Default", "Override")), None)
    at = closing_of(types, TYPES) if first is None else first
    return types[:at] + piece + types[at:]


def without_override(types: bytes, part: str) -> bytes:
    """Forget a part that is left out."""
    edits = Edits(types)
    for tag in tags(types):
        if tag.name == "Override" and tag.attributes.get("PartName", "").lower() == f"/{part}".lower():
            edits.replace(tag.start, tag.end, b"")
    return edits.done()


def before_end(xml: bytes, piece: bytes) -> bytes:
    """Put a piece before the end of the first element; one that is empty is opened."""
    last = None
    for tag in tags(xml):
        last = last or tag
        break
    if last and last.is_empty:
        at = xml.rfind(b"/", last.start, last.end)
        name = xml[last.start + 1 : last.end].split()[0].rstrip(b"/>")
        return xml[:at] + b">" + piece + b"</" + name + b">" + xml[last.end :]
    at = closing_of(xml, "a part")
    return xml[:at] + piece + xml[at:]
