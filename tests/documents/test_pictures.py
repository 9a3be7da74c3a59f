import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.documents.pictures import MOST_BYTES, MOST_PICTURES, Picture, choose, look_at
from tests.documents.factory import png

JPEG = (
    b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0"
    b"\xff\xc2\0\x11\x08\0\x0a\0\x14\3\1\x22\0\2\x11\1\3\x11\1\xff\xda\0\2\xff\xd9"
)
GIF = b"GIF89a\x14\0\x0a\0\0\0\0;"
BMP = b"BM" + b"\0" * 16 + struct.pack("<ii", 20, -10) + b"\0" * 40


@pytest.mark.parametrize(("data", "kind"), [(png(20, 10), "png"), (JPEG, "jpeg"), (GIF, "gif"), (BMP, "bmp")])
def test_reads_kind_and_size(data, kind):
    shown = look_at(Picture("x", data))
    assert (shown.kind, shown.width, shown.height) == (kind, 20, 10)


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"GIF",
        b"BM",
        b"\xff\xd8\xff",
        JPEG[:20],
        png()[:-12],
        png(0, 5),
        png(60_000, 60_000),
        png(10_000, 10_000),
        b"<svg/>",
        b"II*\0",
        png() + b"\0" * MOST_BYTES,
    ],
)
def test_refuses_what_is_broken_or_unbearable(data):
    assert look_at(Picture("x", data)) is None


@given(st.sampled_from([b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"GIF8", b"BM"]), st.binary(max_size=200))
def test_never_fails(start, rest):
    look_at(Picture("x", start + rest + b"IEND\xff\xd9;"))


def test_shows_six_and_names_the_rest():
    shown, unshown = choose(tuple(Picture(f"{n}.png", png()) for n in range(8)))
    assert len(shown) == MOST_PICTURES
    assert unshown == ("6.png", "7.png")
