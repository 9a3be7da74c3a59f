"""Made-up evidence: small pictures of a metal part with a flaw, drawn without any library."""

from __future__ import annotations

import struct
import zlib
from random import Random

WIDTH, HEIGHT = 320, 220


def photo(seed: int) -> bytes:
    """Return a PNG of a turned metal face with a bright scratch; the same seed gives the same picture."""
    random = Random(seed)  # noqa: S311  # a drawing, no secret
    angle, offset = random.uniform(-0.6, 0.6), random.randint(60, 150)
    rows = (bytes(_row(y, angle, offset, random)) for y in range(HEIGHT))
    return _png(b"".join(b"\0" + row for row in rows))


def _row(y: int, angle: float, offset: int, random: Random) -> list[int]:
    pixels: list[int] = []
    for x in range(WIDTH):
        radius = ((x - WIDTH / 2) ** 2 + (y - HEIGHT / 2) ** 2) ** 0.5
        shade = 40 if radius < 34 else 150 + int(radius) % 7 * 5 if radius < 104 else 205
        scratch = radius >= 34 and abs(y - offset - angle * (x - WIDTH / 2)) < 2.2 and 90 < x < 270
        value = 245 if scratch else shade + random.randint(-6, 6)
        pixels += (value, max(0, value - 4), max(0, value - 10)) if not scratch else (214, 92, 58)
    return pixels


def _png(raw: bytes) -> bytes:
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", head) + _chunk(b"IDAT", zlib.compress(raw, 9)) + _chunk(b"IEND", b"")


def _chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
