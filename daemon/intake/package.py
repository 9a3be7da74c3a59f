"""The parts of an Office file (OOXML, ECMA-376 part 2), bounded before anything is unpacked.  Follows no link."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from xml.etree import ElementTree as ET

MOST_BYTES = 20 * 1024 * 1024
MOST_DIRECTORY = 128 * 1024  # bytes of the zip directory: some 2,000 members
MAX_XML = 8_000_000
MAX_CORE = 100_000
BLOCK = 64 * 1024
MOST_ELEMENTS, DEEPEST, DEEPEST_TABLE = 30_000, 100, 3  # of a part; a form of ten pages has 10,000
TABLE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}tbl"
END, LOCATOR64 = b"PK\x05\x06", b"PK\x06\x07"
OURS = re.compile(r"<dc:identifier>\s*[0-9a-f-]{36}/(?:internal|external)/\d+\s*</dc:identifier>", re.IGNORECASE)
BROKEN = (zipfile.BadZipFile, zlib.error, ET.ParseError, LookupError, RuntimeError, ValueError, EOFError, OSError,
          NotImplementedError, struct.error)  # fmt: skip


class BadPackage(ValueError):
    """An Office file that is larger, or built otherwise, than one that people fill in."""


class Package:
    """An opened Office file; each part is read when it is asked for, and no further than its bound."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._archive = archive

    def xml(self, name: str, most: int = MAX_XML) -> ET.Element:
        """Return a part's XML, of a very long one the beginning.

        Raises KeyError for one that is not there, BadPackage for one that is larger than `most` bytes, that nests as
        nobody's file does, or declares a document type, which alone could define entities.
        """
        text = self.text(name, most + 1)
        if len(text) > most:
            raise BadPackage(f"{name} is larger than {most} bytes")
        if b"\x00" in text or b"<!DOCTYPE" in text or b"<!ENTITY" in text:
            raise BadPackage(f"{name} declares a document type")
        return _tree(text)

    def text(self, name: str, most: int) -> bytes:
        """Return the first bytes of a part; raise KeyError for one that is not there."""
        with self._archive.open(name) as stream:
            return stream.read(most)


class _Enough(Exception):
    """As much of a part was read as people read."""


class _Bounded(ET.TreeBuilder):
    """Builds a tree no larger and no deeper than that of a form: who reads its tables looks into those within them."""

    def __init__(self) -> None:
        super().__init__()
        self._elements = self._depth = self._tables = 0

    def start(self, tag: str, attrs: dict[str, str], /) -> ET.Element:
        """Begin an element."""
        self._elements += 1
        self._depth += 1
        self._tables += tag == TABLE
        if self._depth > DEEPEST or self._tables > DEEPEST_TABLE:
            raise BadPackage(f"{self._depth} elements deep, {self._tables} tables in tables")
        if self._elements > MOST_ELEMENTS:
            raise _Enough
        return super().start(tag, attrs)

    def end(self, tag: str, /) -> ET.Element:
        """End an element."""
        self._depth -= 1
        self._tables -= tag == TABLE
        return super().end(tag)


def _tree(text: bytes) -> ET.Element:
    """Build the tree block by block: the parser would look at all that it is given, wanted or not."""
    tree = _Bounded()
    parser = ET.XMLParser(target=tree)  # noqa: S314  no document type, so no entities
    try:
        for at in range(0, len(text), BLOCK):
            parser.feed(text[at : at + BLOCK])
        return parser.close()
    except _Enough:
        return tree.close()


@contextmanager
def opened(data: bytes) -> Iterator[Package]:
    """Open an Office file; raise BadPackage, or one of BROKEN, for what is none."""
    if len(data) > MOST_BYTES:
        raise BadPackage(f"larger than {MOST_BYTES} bytes")
    at = data.rfind(END)
    if at < 0 or struct.unpack_from("<I", data, at + 12)[0] > MOST_DIRECTORY or LOCATOR64 in data[max(0, at - 20) : at]:
        raise BadPackage("its directory is larger than that of a form")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        yield Package(archive)


def is_our_form(data: bytes) -> bool:
    """Tell whether a file is a revision of ours, by its dc:identifier: its printed headings are no answer."""
    try:
        with opened(data) as package:
            return bool(OURS.search(package.text("docProps/core.xml", MAX_CORE).decode("utf-8", "replace")))
    except BROKEN:
        return False
