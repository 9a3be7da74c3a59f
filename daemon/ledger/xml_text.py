"""Text as a workbook's XML writes it: references, escapes, rich text.  Pure; its markup is read by patterns only."""

from __future__ import annotations

import re

from daemon.ledger.sheet import BadWorkbook, Flaw
from daemon.ledger.text import legal

_REFERENCE = re.compile(r"&(?:#([0-9]{1,8})|#x([0-9A-Fa-f]{1,7})|(\w{1,8}));|&", re.ASCII)
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'"}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_SURROGATES = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_TAG = re.compile(rb"<(/?)(?:[\w.-]+:)?(rPh|t)(\s[^<>]*|/)?>([^<]*)")


def text_of(raw: bytes | bytearray) -> str:
    """Return the text of an element without children; raise BadWorkbook where it is no legal one."""
    try:
        text = raw.decode()
    except UnicodeDecodeError as fault:
        raise BadWorkbook(Flaw.UNUSUAL, f"text that is not UTF-8: {raw[:40]!r}") from fault
    if text.isprintable() and "&" not in text and "_x" not in text:
        return text
    if "&" in text:
        text = _REFERENCE.sub(_referred, text)
    return legal(_unescaped(text) if "_x" in text else text)


def rich_text(raw: bytes | bytearray) -> str:
    """Return the text of a string with its runs joined, without what is said of its pronunciation (18.4.8)."""
    texts, spoken = [], False
    for closes, name, more, text in _TAG.findall(raw):
        if name == b"rPh":
            spoken = not closes and not more.endswith(b"/")
        elif not (closes or spoken or more.endswith(b"/")):
            texts.append(text_of(text))
    return "".join(texts)


def _referred(found: re.Match[str]) -> str:
    decimal, hexadecimal, name = found.groups()
    if name in _NAMED:
        return _NAMED[name]
    code = int(decimal) if decimal else int(hexadecimal, 16) if hexadecimal else -1
    if not 0 <= code <= 0x10FFFF:
        raise BadWorkbook(Flaw.UNUSUAL, f"a reference to an unknown character: {found[0]}")
    return chr(code)


def _unescaped(text: str) -> str:
    """Return the text with `_x0041_` read as the letter A, and two halves of a character put together."""
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return _SURROGATES.sub(lambda pair: pair[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le"), plain)
