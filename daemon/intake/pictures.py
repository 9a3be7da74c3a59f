"""Tell photos of a defect from logos and signature pictures, by how they stand in the mail.  Decodes no image."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass
from html import unescape

ENDINGS = (".jpg", ".jpeg", ".png", ".gif", ".bmp", ".tif", ".tiff", ".heic", ".webp")
DECORATION = re.compile(
    r"(?i)logo|banner|signature|icon|qr_?code|wechat|facebook|linkedin|签名|簽名|二维码|公众号|徽标"
)
SIGNATURE_TEXT = re.compile(
    r"(?i)(tel|phone|mob|fax|www\.|电话|電話|手机|传真|邮箱|地址|regards|此致|顺颂|商祺)|(\+?\d[\d -]{8,}\d)\s*$"
)
TAG = re.compile(r"<[^<>]*>")
AROUND = 20_000  # characters of the HTML behind a picture, markup included
JPEG_SIZES = {0xC0, 0xC1, 0xC2, 0xC3}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture part: its name, bytes, Content-ID without brackets and Content-Disposition."""

    name: str
    data: bytes
    cid: str
    disposition: str | None


def is_picture(kind: str, name: str) -> bool:
    """Tell whether a part is an image by type or by name."""
    return kind.startswith("image/") or name.lower().endswith(ENDINGS)


def shows_something(picture: Picture, html: str) -> bool:
    """Tell whether the picture is evidence: attached on purpose, or placed in the text and not in the signature."""
    at = html.find(f"cid:{picture.cid}") if picture.cid else -1
    if at < 0 and picture.disposition == "attachment":
        return True
    if is_small(picture.data) or DECORATION.search(picture.name):
        return False
    if at < 0:
        return picture.disposition == "inline"
    return not _in_signature(html, at)


def _in_signature(html: str, at: int) -> bool:
    """Tell whether the picture stands behind a phone number or a closing line, with hardly a word after it."""
    before = unescape(TAG.sub("", html[max(0, at - 3000) : at])).split()
    after = unescape(TAG.sub("", html[at : at + AROUND].partition(">")[2])).strip()
    return bool(SIGNATURE_TEXT.search(" ".join(before)[-120:])) and len(after) < 200


def is_small(data: bytes) -> bool:
    """Tell whether a picture is too small or too flat to show a defect; unknown sizes count as large."""
    width, height = _size(data)
    if not width:
        return False
    return min(width, height) <= 40 or width * height < 6000 or (width >= 3 * height and height <= 120)


def _size(data: bytes) -> tuple[int, int]:
    if data[:8] == b"\x89PNG\r\n\x1a\n" and len(data) >= 24:
        return struct.unpack(">II", data[16:24])
    if data[:4] == b"GIF8" and len(data) >= 10:
        return struct.unpack("<HH", data[6:10])
    return _jpeg_size(data) if data[:2] == b"\xff\xd8" else (0, 0)


def _jpeg_size(data: bytes) -> tuple[int, int]:
    at = 2
    while at + 9 < len(data) and data[at] == 0xFF:
        if data[at + 1] in JPEG_SIZES:
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return width, height
        at += 2 + max(2, int.from_bytes(data[at + 2 : at + 4], "big"))
    return 0, 0
