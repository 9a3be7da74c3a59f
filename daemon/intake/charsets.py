"""Bytes to text as mail programs in China really write it.  Never fails, never guesses from statistics."""

from __future__ import annotations

import codecs
import re
from functools import cache

# What is declared → what is tried, first that decodes strictly wins.
READ_AS = {
    "gb2312": ("gb18030",),
    "gbk": ("gb18030",),
    "gb18030": ("gb18030",),
    "cp936": ("gb18030",),
    "euc-cn": ("gb18030",),
    "iso-gb2312": ("gb18030",),
    "x-gbk": ("gb18030",),
    "gb_2312-80": ("gb18030",),
    "hz-gb-2312": ("hz", "gb18030"),
    "hz": ("hz", "gb18030"),
    "big5": ("cp950", "big5hkscs"),
    "big5-hkscs": ("big5hkscs", "cp950"),
    "x-x-big5": ("cp950", "big5hkscs"),
    "iso-2022-jp": ("iso2022_jp", "iso2022_jp_ext", "iso2022_jp_2004"),
    "shift_jis": ("cp932", "shift_jis_2004"),
    "shift-jis": ("cp932", "shift_jis_2004"),
    "x-sjis": ("cp932",),
    "ks_c_5601-1987": ("cp949",),
    "euc-kr": ("cp949",),
    "iso-8859-1": ("cp1252",),
    "us-ascii": (),
    "ascii": (),
    "unknown-8bit": (),
    "x-unknown": (),
    "default": (),
}
FALLBACK = ("utf-8", "gb18030")
MANY_UTF8 = re.compile(rb"(?:[\xe3-\xe9\xef][\x80-\xbf]{2}[^\xc0-\xff]*){4}")
UNWANTED = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 127, 0xFEFF, *range(0xD800, 0xE000)])


def decode(data: bytes, declared: str | None = None, *, cut: bool = False) -> str:
    """Return the text of these bytes, which may be `cut` off inside a character; what no charset explains is U+FFFD."""
    name = (declared or "").strip().strip("\"'").lower()
    for codec in (*_codecs(name, data), *FALLBACK):
        text = _strictly(data, codec, cut=cut)
        if text is not None:
            return text
    return data.decode((*_codecs(name, b""), "gb18030")[0], "replace")


def clean(text: str) -> str:
    """Return the text with uniform line ends and without control characters."""
    return text.replace("\r\n", "\n").replace("\r", "\n").translate(UNWANTED).replace("\xa0", " ")


def _codecs(name: str, data: bytes) -> tuple[str, ...]:
    listed = READ_AS.get(name)
    if listed is None:
        listed = (name,) if _is_text_codec(name) else ()
    if listed and listed[0] in {"gb18030", "cp950"} and MANY_UTF8.search(data):
        return ("utf-8", *listed)  # text that says gb2312 and is valid UTF-8 throughout is UTF-8
    return listed


@cache
def _is_text_codec(name: str) -> bool:
    try:
        return bool(name) and getattr(codecs.lookup(name), "_is_text_encoding", True)
    except (LookupError, ValueError, UnicodeError):
        return False


def _strictly(data: bytes, codec: str, *, cut: bool) -> str | None:
    try:
        return codecs.getincrementaldecoder(codec)().decode(data) if cut else data.decode(codec)
    except (UnicodeError, LookupError, ValueError):
        return None
