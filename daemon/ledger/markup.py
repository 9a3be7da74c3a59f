"""Small parts of a workbook, changed where they must be: every other byte of their XML stays.  Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from daemon.ledger.sheet import BadWorkbook, Flaw

_ATTRIBUTES = rb"""(?:\s+[^\s=<>"'/]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*"""
_TAG = re.compile(
    rb"<!--.*?-->|<\?.*?\?>|<!\[CDATA\[.*?\]\]>|<(?P<close>/?)(?:[\w.-]+:)?(?P<name>[\w.-]+)"
    rb"(?P<attributes>" + _ATTRIBUTES + rb")\s*(?P<empty>/?)>",
    re.DOTALL,
)
_ATTRIBUTE = re.compile(rb"""(\s)([^\s=<>"'/]+)(\s*=\s*)("[^"<]*"|'[^'<]*')""")
_ROOT = re.compile(rb"<(?![?!])(?:([\w.-]+):)?([\w.-]+)(" + _ATTRIBUTES + rb")\s*(/?)>")


@dataclass(frozen=True, slots=True)
class Tag:
    """A start tag: name without prefix, attributes as they are written, and where it stands; `text` follows it."""

    path: tuple[str, ...]
    attributes: dict[str, str]
    start: int
    end: int
    text: tuple[int, int]
    is_empty: bool

    @property
    def name(self) -> str:
        """Return the name, without prefix."""
        return self.path[-1]


AttributeRule = Callable[[Tag, str, str], str]
TextRule = Callable[[Tag, str], str]


def tags(xml: bytes) -> Iterator[Tag]:
    """Yield the start tags of a part or of a whole piece of one."""
    path: list[str] = []
    for found in _TAG.finditer(xml):
        if found["name"] is None:
            continue
        if found["close"]:
            del path[-1:]
            continue
        path.append(found["name"].decode())
        following = xml.find(b"<", found.end())
        text = (found.end(), len(xml) if following < 0 else following)
        is_empty = bool(found["empty"])
        yield Tag(tuple(path), attributes_of(found["attributes"]), *found.span(), text, is_empty)
        if is_empty:
            path.pop()


def attributes_of(raw: bytes) -> dict[str, str]:
    """Return the attributes of a start tag, prefixes kept."""
    return {one[2].decode(): plain(one[4][1:-1]) for one in _ATTRIBUTE.finditer(raw)}


def plain(raw: bytes) -> str:
    """Return text or an attribute's value as it is meant."""
    text = raw.decode("utf-8", "replace")
    return html.unescape(text) if "&" in text else text


def quoted(text: str) -> bytes:
    """Return text for an element or for an attribute's value."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").encode()


@dataclass(slots=True)
class Edits:
    """Pieces of a part that are to be replaced."""

    xml: bytes
    pieces: list[tuple[int, int, bytes]] = field(default_factory=list)

    def replace(self, start: int, end: int, new: bytes) -> None:
        """Put `new` in place of a piece."""
        self.pieces.append((start, end, new))

    def attribute(self, tag: Tag, name: str, value: str) -> None:
        """Give a start tag an attribute, or another value of it."""
        raw = self.xml[tag.start : tag.end]
        for found in _ATTRIBUTE.finditer(raw):
            if found[2].decode() == name:
                start, end = found.span(4)
                self.replace(tag.start + start + 1, tag.start + end - 1, quoted(value))
                return
        at = tag.end - (2 if tag.is_empty else 1)
        self.replace(at, at, b' %s="%s"' % (name.encode(), quoted(value)))

    def done(self) -> bytes:
        """Return the part with its pieces replaced."""
        out, at = [], 0
        for start, end, new in sorted(self.pieces, key=lambda piece: piece[:2]):
            out += [self.xml[at:start], new]
            at = end
        return b"".join((*out, self.xml[at:])) if out else self.xml


def rewritten(xml: bytes, attribute: AttributeRule, text: TextRule) -> bytes:
    """Return a part with its attributes and texts as the rules say; the same bytes where they say the same."""
    edits = Edits(xml)
    for tag in tags(xml):
        for name, value in tag.attributes.items():
            if (new := attribute(tag, name, value)) != value:
                edits.attribute(tag, name, new)
        raw = xml[slice(*tag.text)]
        if not tag.is_empty and raw.strip():
            old = plain(raw)
            if (new := text(tag, old)) != old:
                edits.replace(*tag.text, quoted(new))
    return edits.done()


def refuse_unusual(xml: bytes, part: str) -> None:
    """Raise BadWorkbook for a part whose bytes cannot be spliced: not UTF-8, or with a document type."""
    declared = re.match(rb"""(?:\xef\xbb\xbf)?\s*<\?xml\s[^>]*?encoding\s*=\s*["']([^"']*)""", xml)
    foreign = declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii")
    if foreign or b"\0" in xml[:4] or xml[:2] in (b"\xff\xfe", b"\xfe\xff") or b"<!DOCTYPE" in xml[:4096]:
        raise BadWorkbook(Flaw.UNUSUAL, f"{part}: not in UTF-8, or with a document type")


def root_of(xml: bytes, part: str) -> tuple[bytes, dict[str, str]]:
    """Return prefix (with its colon) and attributes of the first element."""
    found = _ROOT.search(xml)
    if not found:
        raise BadWorkbook(Flaw.TRUNCATED, f"{part}: nothing in it")
    return found[1] + b":" if found[1] else b"", attributes_of(found[3])


def closing_of(xml: bytes, part: str) -> int:
    """Return where the last end tag begins."""
    at = xml.rfind(b"</")
    if at < 0:
        raise BadWorkbook(Flaw.TRUNCATED, f"{part}: it breaks off")
    return at
