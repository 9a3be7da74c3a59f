"""The text of a Word file sent back as an answer, as lines; reading by bookmark is the documents room's work."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from xml.etree import ElementTree as ET

MAX_XML = 8_000_000
MAX_CORE = 100_000
OURS = re.compile(r"<dc:identifier>\s*[0-9a-f-]{36}/(?:internal|external)/\d+\s*</dc:identifier>", re.IGNORECASE)
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


def is_our_form(data: bytes) -> bool:
    """Tell whether a .docx is a revision of ours, by its dc:identifier: its printed headings are no answer."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("docProps/core.xml") as stream:
            return bool(OURS.search(stream.read(MAX_CORE).decode("utf-8", "replace")))
    except (zipfile.BadZipFile, KeyError, RuntimeError, ValueError, EOFError, NotImplementedError, OSError):
        return False


def lines_of(data: bytes) -> list[str]:
    """Return paragraphs and table rows of a .docx as lines, cells parted by tabs; nothing for a damaged file."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive, archive.open("word/document.xml") as stream:
            xml = stream.read(MAX_XML + 1)
        if len(xml) > MAX_XML or b"<!DOCTYPE" in xml[:2000] or b"<!ENTITY" in xml:
            return []
        body = ET.fromstring(xml).find(f"{W}body")  # noqa: S314  no document type, so no entities
        return list(_lines(body)) if body is not None else []
    except (
        zipfile.BadZipFile,
        KeyError,
        ET.ParseError,
        RuntimeError,
        ValueError,
        EOFError,
        NotImplementedError,
        OSError,
    ):
        return []


def _lines(parent: ET.Element) -> Iterator[str]:
    for block in parent:
        if block.tag == f"{W}p":
            yield _text(block)
        elif block.tag == f"{W}tbl":
            for row in block.iter(f"{W}tr"):
                cells = ["\n".join(_text(p) for p in cell.iter(f"{W}p")).strip() for cell in row.iter(f"{W}tc")]
                yield from "\t".join(cells).split("\n")
        elif block.tag == f"{W}sdt":
            yield from _lines(next(block.iter(f"{W}sdtContent"), ET.Element("none")))


def _text(paragraph: ET.Element) -> str:
    return "".join(_run(node) for node in paragraph.iter())


def _run(node: ET.Element) -> str:
    if node.tag == f"{W}t":
        return node.text or ""
    return "\n" if node.tag == f"{W}br" else "\t" if node.tag == f"{W}tab" else ""
