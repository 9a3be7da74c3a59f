"""A Word file as its parts: read within bounds, written so that the same parts always give the same bytes."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

import docx
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.exceptions import OpcError
from lxml import etree

from daemon.documents.errors import BadForm

MOST_BYTES = 20 * 1024 * 1024
MOST_BYTES_UNPACKED = 80 * 1024 * 1024
MOST_PARTS = 2_000
EPOCH = (1980, 1, 1, 0, 0, 0)
LEVEL = 3  # twice as fast as the usual 6; a report is 2 kB larger
PACKED = (".png", ".jpeg", ".jpg", ".gif")
CONTENT_TYPES = "[Content_Types].xml"
EXTERNAL = re.compile(rb'<(?:\w+:)?Relationship\s[^>]*TargetMode="External"[^>]*>')
REMEDY = "save it again in Word as .docx, or delete it and let kesu make a new one"
UNREADABLE = (OpcError, zipfile.BadZipFile, zlib.error, etree.XMLSyntaxError, KeyError, ValueError, OSError)


def unpack(data: bytes) -> tuple[dict[str, bytes], str, str]:
    """Return the parts of a Word file by name, and the names of its main part and of its core properties.

    Raises BadForm for what is no sound .docx, is larger than a form can be, or loads something from elsewhere.
    """
    _refuse_large(data)
    try:
        document = docx.Document(io.BytesIO(data))
        core = document.core_properties.identifier is not None and document.part.package
        again = io.BytesIO()
        document.save(again)
    except (*UNREADABLE, AttributeError, NotImplementedError) as fault:
        raise BadForm("the file", f"this is not a Word document ({fault})", REMEDY) from fault
    assert core
    properties = core.part_related_by(RELATIONSHIP_TYPE.CORE_PROPERTIES).partname
    with zipfile.ZipFile(again) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    _refuse_external(parts)
    return parts, str(document.part.partname).lstrip("/"), str(properties).lstrip("/")


def pack(parts: Mapping[str, bytes], begun: bytes = b"") -> bytes:
    """Return the parts as a zip file with fixed times; the content types come first (OPC, ECMA-376 part 2).

    `begun` is a file that was packed before, with other parts; these parts come behind its own.
    """
    out = io.BytesIO(begun)
    names = sorted(parts, key=lambda name: (name != CONTENT_TYPES, not name.startswith("_rels"), name))
    with zipfile.ZipFile(out, "a" if begun else "w") as package:
        for name in names:
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.create_system = 0
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(PACKED) else zipfile.ZIP_DEFLATED
            package.writestr(entry, parts[name], compresslevel=LEVEL)
    return out.getvalue()


def relations_of(part: str) -> str:
    """Return the name of the part that holds a part's relations."""
    folder, _, name = part.rpartition("/")
    return f"{folder}/_rels/{name}.rels".lstrip("/")


def with_default_types(types: bytes, endings: Mapping[str, str]) -> bytes:
    """Return the list of content types, knowing these file endings too."""
    known = {found.lower() for found in re.findall(rb'Extension="([^"]+)"', types)}
    new = "".join(
        f"<Default Extension={quoteattr(ending)} ContentType={quoteattr(kind)}/>"
        for ending, kind in endings.items()
        if ending.encode() not in known
    )
    return re.sub(rb"(<Types\b[^>]*>)", lambda found: found[1] + new.encode(), types, count=1)


def _refuse_large(data: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            entries = package.infolist()
    except UNREADABLE as fault:
        raise BadForm("the file", f"this is not a Word document ({fault})", REMEDY) from fault
    unpacked = sum(entry.file_size for entry in entries)
    if len(data) > MOST_BYTES or unpacked > MOST_BYTES_UNPACKED or len(entries) > MOST_PARTS:
        raise BadForm("the file", "it is too large for a form", "take large pictures out of it")


def _refuse_external(parts: Mapping[str, bytes]) -> None:
    for name, data in parts.items():
        for found in EXTERNAL.findall(data) if name.endswith(".rels") else ():
            if b"/hyperlink" not in found:
                raise BadForm(
                    name, "the form loads a part from outside", "embed pictures, and detach a remote template"
                )
