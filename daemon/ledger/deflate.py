"""Deflate (RFC 1951) and CRC-32: by ISA-L, three times as quick as zlib, and by zlib where there is none.  Pure."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, cast

RAW = -zlib.MAX_WBITS  # without a header, as in a zip
QUICKEST = 1  # of the levels; files are a third larger than with zlib's 6, by ISA-L a fifth


@dataclass(frozen=True, slots=True)
class Codec:
    """What packs and unpacks: `inflating` and `deflating` make objects as zlib's, `faults` are what they raise."""

    inflating: Callable[[], Any]
    deflating: Callable[[], Any]
    crc32: Callable[[bytes, int], int]
    faults: tuple[type[Exception], ...]


ZLIB = Codec(
    lambda: zlib.decompressobj(RAW), lambda: zlib.compressobj(QUICKEST, zlib.DEFLATED, RAW), zlib.crc32, (zlib.error,)
)


@cache
def quickest() -> Codec:
    """Return ISA-L, zlib where it is not installed: there are no wheels for some machines."""
    try:
        from isal import isal_zlib as isal  # noqa: PLC0415 - may be missing
    except ImportError:
        return ZLIB
    return Codec(
        lambda: isal.decompressobj(RAW),
        lambda: isal.compressobj(QUICKEST, isal.DEFLATED, RAW),
        isal.crc32,
        (cast("type[Exception]", isal.error), zlib.error),
    )
