"""Choose the pictures that a document may show, by their headers alone; decodes no image.  Pure."""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass

MOST_PICTURES = 6
MOST_BYTES = 10 * 1024 * 1024
MOST_BYTES_TOGETHER = 15 * 1024 * 1024
MOST_PIXELS = 50_000_000
LONGEST_SIDE = 20_000
START_OF_FRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
BARE_MARKERS = frozenset({0x01, *range(0xD0, 0xD8)})


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that came with a case: its file name, bytes and a caption."""

    name: str
    data: bytes
    caption: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture that can be shown: its kind (also the file ending) and its size in pixels."""

    picture: Picture
    kind: str
    width: int
    height: int


def choose(pictures: tuple[Picture, ...]) -> tuple[tuple[Shown, ...], tuple[str, ...]]:
    """Return the pictures to show and the names of the others, in the order given."""
    shown: list[Shown] = []
    unshown: list[str] = []
    size = 0
    for picture in pictures:
        found = look_at(picture)
        if found and len(shown) < MOST_PICTURES and size + len(picture.data) <= MOST_BYTES_TOGETHER:
            shown.append(found)
            size += len(picture.data)
        else:
            unshown.append(picture.name)
    return tuple(shown), tuple(unshown)


def look_at(picture: Picture) -> Shown | None:
    """Return what the header says of a whole PNG, JPEG, GIF or BMP of bearable size; None for all else."""
    data = picture.data
    if len(data) > MOST_BYTES:
        return None
    for kind, (magic, end, size_of) in KINDS.items():
        if data.startswith(magic) and end in data[-4096:]:
            width, height = _size(size_of, data)
            return Shown(picture, kind, width, height) if _is_bearable(width, height) else None
    return None


def _is_bearable(width: int, height: int) -> bool:
    return 0 < width <= LONGEST_SIDE and 0 < height <= LONGEST_SIDE and width * height <= MOST_PIXELS


def _size(size_of: Callable[[bytes], tuple[int, int]], data: bytes) -> tuple[int, int]:
    try:
        return size_of(data)
    except (struct.error, IndexError):
        return 0, 0


def _png_size(data: bytes) -> tuple[int, int]:
    if data[12:16] != b"IHDR":
        return 0, 0
    width, height = struct.unpack_from(">II", data, 16)
    return width, height


def _gif_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<HH", data, 6)
    return width, height


def _bmp_size(data: bytes) -> tuple[int, int]:
    width, height = struct.unpack_from("<ii", data, 18)
    return width, abs(height)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    for marker, at in _jpeg_segments(data):
        if marker in START_OF_FRAME:
            height, width = struct.unpack_from(">HH", data, at + 3)
            return width, height
    return 0, 0


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, int]]:
    """Yield marker and place of each segment up to the picture's data (ITU T.81, B.1.1)."""
    at = 2
    while data[at] == 0xFF:
        marker = data[at + 1]
        if marker == 0xFF or marker in BARE_MARKERS:
            at += 1 if marker == 0xFF else 2
            continue
        if marker in (0xD9, 0xDA):
            return
        yield marker, at + 2
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))


# kind: how the file starts, what stands near its end, and where its size is written
KINDS: dict[str, tuple[bytes, bytes, Callable[[bytes], tuple[int, int]]]] = {
    "png": (b"\x89PNG\r\n\x1a\n", b"IEND", _png_size),
    "jpeg": (b"\xff\xd8\xff", b"\xff\xd9", _jpeg_size),
    "gif": (b"GIF8", b";", _gif_size),
    "bmp": (b"BM", b"", _bmp_size),
}
