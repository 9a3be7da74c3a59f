"""The small parts of a workbook: which sheets it has and where they lie, its calendar, its number formats.  Pure."""

from __future__ import annotations

import posixpath
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol
from urllib.parse import unquote
from xml.parsers.expat import ExpatError, ParserCreate

from daemon.ledger.cells_xml import NAMESPACES
from daemon.ledger.formats import BUILTIN, GENERAL, Format, format_of
from daemon.ledger.sheet import BadWorkbook, Flaw

MOST_ELEMENTS = 200_000  # Excel allows 65,490 cell formats and as many sheets as memory holds
DEEPEST = 200

_TRUE = ("1", "true", "on")
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_RELATIONSHIP = f"{_PACKAGE}|Relationships/{_PACKAGE}|Relationship"
_SHEET_ID = tuple(
    f"http://{at}/relationships|id"
    for at in ("schemas.openxmlformats.org/officeDocument/2006", "purl.oclc.org/ooxml/officeDocument")
)

Attributes = Mapping[str, str]


class Parts(Protocol):
    """Where the parts are read from: a container of them."""

    @property
    def names(self) -> Collection[str]:
        """The names of the parts."""

    def chunks(self, name: str) -> Iterable[bytes]:
        """Return a part's bytes in pieces."""


@dataclass(frozen=True, slots=True)
class Tab:
    """A sheet with cells, as the workbook lists it: `state` is visible, hidden or veryHidden."""

    title: str
    part: str
    state: str = "visible"

    @property
    def hidden(self) -> bool:
        """Tell whether people do not see its tab."""
        return self.state != "visible"


@dataclass(frozen=True, slots=True)
class Book:
    """What a workbook says of itself; `strings` is the part of the shared texts, `formats` stand by style number."""

    part: str
    tabs: tuple[Tab, ...]
    strings: str | None
    styles: str | None
    formats: tuple[Format, ...]
    date1904: bool


def read_book(parts: Parts) -> Book:
    """Return what a workbook says of itself; raise BadWorkbook where it is none or cannot be read."""
    names = {name.lower(): name for name in parts.names}
    main = _main_part(parts, names)
    if main.lower().endswith(".bin"):
        raise BadWorkbook(Flaw.UNUSUAL, "a binary workbook (.xlsb): save it as .xlsx")
    found = elements(parts.chunks(main), ("workbook/workbookPr", "workbook/sheets/sheet"), main)
    if found.root != "workbook":
        raise BadWorkbook(Flaw.FOREIGN, f"{main} holds no workbook but {found.root[:60]!r}")
    links = _links(parts, names, main)
    styles = links.first("styles")
    return Book(
        part=main,
        tabs=tuple(_tabs(found.of("workbook/sheets/sheet"), links)),
        strings=links.first("sharedStrings"),
        styles=styles,
        formats=_formats(parts, styles) if styles else (),
        date1904=any(one.get("date1904", "").lower() in _TRUE for one in found.of("workbook/workbookPr")),
    )


# ── elements ─────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Elements:
    """The first element of a part and the attributes of those that were asked for, in their order."""

    root: str
    found: Sequence[tuple[str, Attributes]]

    def of(self, path: str) -> list[Attributes]:
        """Return the attributes of the elements at a path."""
        return [attributes for at, attributes in self.found if at == path]


def elements(chunks: Iterable[bytes], wanted: Collection[str], part: str) -> Elements:
    """Return the elements at the wanted paths; names of the main namespace stand bare, others as `namespace|name`."""
    path: list[str] = []
    found: list[tuple[str, Attributes]] = []
    root = ""

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal root
        space, _, local = name.rpartition("|")
        path.append(local if space in NAMESPACES else name)
        root = root or path[0]
        if len(path) <= DEEPEST and (at := "/".join(path)) in wanted:
            found.append((at, attributes))
        if len(path) > DEEPEST or len(found) > MOST_ELEMENTS:
            raise BadWorkbook(Flaw.TOO_LARGE, f"{part}: more than {MOST_ELEMENTS} elements, or {DEEPEST} in each other")

    def refuse(*_: object) -> None:
        raise BadWorkbook(Flaw.UNUSUAL, f"{part}: a document type")

    parser = ParserCreate(namespace_separator="|")
    parser.StartElementHandler = start
    parser.EndElementHandler = lambda _: path.pop()
    parser.StartDoctypeDeclHandler = refuse
    try:
        for chunk in chunks:
            parser.Parse(chunk, False)  # noqa: FBT003 - the name of that argument cannot be given
        parser.Parse(b"", True)  # noqa: FBT003 - likewise
    except ExpatError as fault:
        raise BadWorkbook(Flaw.TRUNCATED, f"{part}: {fault}") from fault
    except (LookupError, ValueError) as fault:  # an encoding that Python does not have, or has by several bytes only
        raise BadWorkbook(Flaw.UNUSUAL, f"{part}: {fault}") from fault
    return Elements(root, found)


# ── parts ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class _Links:
    """The relationships of a part: kind (the last word of its type) and target by id."""

    by_id: Mapping[str, tuple[str, str]]

    def first(self, kind: str) -> str | None:
        return next((target for is_kind, target in self.by_id.values() if is_kind == kind), None)


def _main_part(parts: Parts, names: Mapping[str, str]) -> str:
    found = _links(parts, names, "").first("officeDocument") or names.get("xl/workbook.xml")
    if not found:
        raise BadWorkbook(Flaw.FOREIGN, "no workbook in this file")
    return found


def _links(parts: Parts, names: Mapping[str, str], part: str) -> _Links:
    """Return where the links of a part lead that lead to a part of this file (ECMA-376 part 2, 9.3)."""
    folder, name = posixpath.split(part)
    at = names.get(posixpath.join(folder, "_rels", f"{name}.rels").lower())
    found = elements(parts.chunks(at), (_RELATIONSHIP,), at).of(_RELATIONSHIP) if at else []
    return _Links(
        {
            one["Id"]: (one["Type"].rpartition("/")[2], target)
            for one in found
            if {"Id", "Type", "Target"} <= one.keys() and (target := _target(one, folder, names))
        }
    )


def _target(link: Attributes, folder: str, names: Mapping[str, str]) -> str | None:
    written = unquote(link["Target"]).replace("\\", "/")
    path = posixpath.normpath(posixpath.join("/", folder, written)).lstrip("/")
    return None if link.get("TargetMode") == "External" else names.get(path.lower())


def _tabs(sheets: Iterable[Attributes], links: _Links) -> Iterator[Tab]:
    """Yield the sheets that have cells, in the order of their tabs: no charts, dialogs or macros."""
    for one in sheets:
        kind, part = links.by_id.get(next((one[name] for name in _SHEET_ID if name in one), ""), ("", ""))
        if kind == "worksheet":
            yield Tab(one.get("name", ""), part, one.get("state", "visible"))


def _formats(parts: Parts, styles: str) -> tuple[Format, ...]:
    """Return the number format of every cell style, by its number."""
    found = elements(parts.chunks(styles), ("styleSheet/numFmts/numFmt", "styleSheet/cellXfs/xf"), styles)
    own = {one.get("numFmtId"): format_of(one.get("formatCode", "")) for one in found.of("styleSheet/numFmts/numFmt")}
    known = {str(number): form for number, form in BUILTIN.items()} | own
    return tuple(known.get(one.get("numFmtId"), GENERAL) for one in found.of("styleSheet/cellXfs/xf"))
