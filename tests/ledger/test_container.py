"""The workbook's file: what is not changed is copied byte by byte, and whatever is broken is a BadWorkbook."""

from __future__ import annotations

import struct
import sys
import zlib
from io import BytesIO
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from daemon.ledger import container, deflate
from daemon.ledger.container import Container
from daemon.ledger.deflate import ZLIB, quickest
from daemon.ledger.sheet import BadWorkbook, Flaw

DECORATED = (Path(__file__).parent / "decorated.xlsx").read_bytes()
TYPES = "[Content_Types].xml"
SHEET = "xl/worksheets/sheet1.xml"


def zipped(parts, comment=b"", method=ZIP_DEFLATED):
    out = BytesIO()
    with ZipFile(out, "w", method) as archive:
        archive.comment = comment
        for name, data in parts.items():
            archive.writestr(ZipInfo(name, (2026, 1, 2, 3, 4, 6)), data, method)
    return out.getvalue()


def streamed(parts):
    """Written to a pipe: sizes stand behind the data, in a data descriptor."""

    class Pipe(BytesIO):
        def seekable(self):
            return False

        def seek(self, *_):
            raise OSError

        def tell(self):
            raise OSError

    out = Pipe()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return out.getvalue()


def spans(data):
    """Each member's bytes in the file, headers and descriptors with them, by an independent reading."""
    with ZipFile(BytesIO(data)) as archive:
        infos = sorted(archive.infolist(), key=lambda one: one.header_offset)
        ends = [*(one.header_offset for one in infos[1:]), archive.start_dir]
        return {one.filename: data[one.header_offset : end] for one, end in zip(infos, ends, strict=True)}


def read_whole(data):
    parts = Container.of(data)
    return {name: b"".join(parts.chunks(name)) for name in parts.names}


def flaw_of(data):
    with pytest.raises(BadWorkbook) as fault:
        read_whole(data)
    assert str(fault.value)
    return fault.value.flaw


PARTS = {TYPES: b"<Types/>", "xl/workbook.xml": b"<workbook/>" * 200, "xl/media/1.png": bytes(range(256))}


@pytest.fixture(params=[quickest(), ZLIB], ids=["isal", "zlib"], autouse=True, scope="module")
def codec(request):
    """All of it holds whatever packs and unpacks."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(container, "quickest", lambda: request.param)
        yield request.param


def test_isal_does_the_work_where_it_is_installed(monkeypatch):
    assert quickest() is not ZLIB, "it is among the requirements of this machine"
    monkeypatch.setitem(sys.modules, "isal", None)
    assert deflate.quickest.__wrapped__() is ZLIB


def test_what_either_of_them_packs_the_other_unpacks(codec):
    texts = [b"", b"<c><v>1</v></c>" * 9_999, bytes(range(256)) * 300]
    for text in texts:
        packing = codec.deflating()
        packed = packing.compress(text) + packing.flush()
        for other in (quickest(), ZLIB):
            unpacking = other.inflating()
            assert (unpacking.decompress(packed), unpacking.eof) == (text, True)
            assert other.crc32(text, 0) == zlib.crc32(text)


def test_nothing_changed_gives_the_same_bytes():
    assert Container.of(DECORATED).rewritten({}) == DECORATED
    for data in (zipped(PARTS, b"a comment"), zipped(PARTS, method=ZIP_STORED), streamed(PARTS)):
        assert Container.of(data).rewritten({}) == data


def test_parts_are_read_whole_and_in_pieces():
    parts = Container.of(DECORATED)
    with ZipFile(BytesIO(DECORATED)) as archive:
        assert list(parts.names) == archive.namelist()
        for name in parts.names:
            assert parts.read(name) == archive.read(name)
    assert len(list(parts.chunks(SHEET))) > 1


@pytest.mark.parametrize("data", [DECORATED, streamed({**PARTS, SHEET: b"<old/>" * 500})], ids=["excel", "streamed"])
def test_a_changed_part_stands_at_its_old_place_and_all_others_are_the_same_bytes(data):
    parts = Container.of(data)
    out = parts.rewritten({SHEET: (b"<new>", b"text" * 1000, b"</new>")}, {"xl/comments9.xml": b"<comments/>"})
    before, after = spans(data), spans(out)
    assert list(after) == [*before, "xl/comments9.xml"]
    assert {name for name in before if before[name] != after[name]} == {SHEET}
    with ZipFile(BytesIO(out)) as archive, ZipFile(BytesIO(data)) as old:
        assert archive.testzip() is None
        assert archive.read(SHEET) == b"<new>" + b"text" * 1000 + b"</new>"
        assert archive.read("xl/comments9.xml") == b"<comments/>"
        assert [one.date_time for one in archive.infolist()[:-1]] == [one.date_time for one in old.infolist()]
        assert archive.namelist()[:-1] == old.namelist()
    assert Container.of(out).read(SHEET).startswith(b"<new>")


def test_a_part_is_left_out():
    out = Container.of(zipped(PARTS, "备注".encode())).rewritten({}, dropped=["xl/workbook.xml"])
    with ZipFile(BytesIO(out)) as archive:
        assert archive.namelist() == [TYPES, "xl/media/1.png"]
        assert archive.comment == "备注".encode()
        assert archive.testzip() is None


def test_a_zip64_file_is_read_and_written():
    out = BytesIO()
    with ZipFile(out, "w", ZIP_DEFLATED) as archive:
        for name, data in PARTS.items():
            with archive.open(name, "w", force_zip64=True) as part:
                part.write(data)
    parts = Container.of(out.getvalue())
    again = parts.rewritten({"xl/workbook.xml": [b"<new/>"]})
    with ZipFile(BytesIO(again)) as archive:
        assert archive.testzip() is None
        assert {name: archive.read(name) for name in PARTS} == {**PARTS, "xl/workbook.xml": b"<new/>"}


def test_places_in_a_zip64_directory_are_followed():
    plain = zipped(PARTS)
    end = plain.rindex(b"PK\x05\x06")
    count, _, begin = struct.unpack_from("<HLL", plain, end + 10)
    directory, at = bytearray(), begin
    while at < end:
        name, extra, comment = struct.unpack_from("<3H", plain, at + 28)
        entry = bytearray(plain[at : at + 46 + name + extra + comment])
        packed, whole = struct.unpack_from("<2L", entry, 20)
        place = struct.unpack_from("<L", entry, 42)[0]
        struct.pack_into("<2L", entry, 20, 0xFFFFFFFF, 0xFFFFFFFF)
        struct.pack_into("<H", entry, 30, 28)
        struct.pack_into("<L", entry, 42, 0xFFFFFFFF)
        directory += entry + struct.pack("<2H3Q", 1, 24, whole, packed, place)
        at += 46 + name + extra + comment
    head = plain[:begin] + directory
    long_end = struct.pack("<4sQ2H2L4Q", b"PK\x06\x06", 44, 45, 45, 0, 0, count, count, len(directory), begin)
    locator = struct.pack("<4sLQL", b"PK\x06\x07", 0, len(head), 1)
    data = (
        head + long_end + locator + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, 0xFFFF, 0xFFFF, *(0xFFFFFFFF,) * 2, 0)
    )
    with ZipFile(BytesIO(data)) as archive:
        assert archive.testzip() is None
    parts = Container.of(data)
    assert {name: parts.read(name) for name in PARTS} == PARTS
    with ZipFile(BytesIO(parts.rewritten({TYPES: [b"<Other/>"]}))) as archive:
        assert archive.testzip() is None
        assert archive.read("xl/media/1.png") == PARTS["xl/media/1.png"]


# ── what is refused ──────────────────────────────────────────────────────────────────────────────────────────────────

OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (b"", Flaw.EMPTY),
        (bytes(4096), Flaw.TRUNCATED),
        (b"PK", Flaw.TRUNCATED),
        (DECORATED[:-1], Flaw.TRUNCATED),
        (DECORATED[: len(DECORATED) // 2], Flaw.TRUNCATED),
        (DECORATED + b"\0", Flaw.TRUNCATED),
        (DECORATED[1000:], Flaw.FOREIGN),
        (OLE + bytes(512) + "EncryptedPackage".encode("utf-16-le") + bytes(512), Flaw.ENCRYPTED),
        (OLE + bytes(512) + "Workbook".encode("utf-16-le") + bytes(512), Flaw.OLD_FORMAT),
        (b"\x09\x08\x10\x00\x00\x06\x05\x00" + bytes(100), Flaw.OLD_FORMAT),
        (b"<html><table>", Flaw.FOREIGN),
        ("客诉编号,接收时间\n".encode("gb18030"), Flaw.FOREIGN),
        (zipped({"mimetype": b"application/vnd.oasis.opendocument.spreadsheet"}), Flaw.FOREIGN),
        (zipped({}), Flaw.FOREIGN),
        (zipped({**PARTS, "XL/Workbook.xml": b"<other/>"}), Flaw.UNUSUAL),
        (zipped({**PARTS, SHEET: bytes(2**23)}), Flaw.TOO_LARGE),
    ],
)
def test_what_is_no_whole_workbook_is_refused_and_says_why(data, flaw):
    assert flaw_of(data) is flaw


def test_the_same_name_twice_is_refused():
    data = zipped({TYPES: b"", "xl/one.xml": b"1", "xl/two.xml": b"2"}).replace(b"xl/two.xml", b"xl/one.xml")
    assert flaw_of(data) is Flaw.UNUSUAL


def test_too_many_parts_and_too_much_of_them_are_refused(monkeypatch):
    monkeypatch.setattr(container, "MOST_INFLATED", 1000)
    assert flaw_of(zipped(PARTS)) is Flaw.TOO_LARGE
    many = zipped({TYPES: b"", **{f"xl/media/{n}.png": b"" for n in range(50_001)}}, method=ZIP_STORED)
    assert flaw_of(many) is Flaw.TOO_LARGE


def test_a_part_that_is_too_large_to_be_read_whole_is_refused(monkeypatch):
    monkeypatch.setattr(container, "MOST_PART", 1000)
    with pytest.raises(BadWorkbook, match="at most 1000"):
        Container.of(zipped(PARTS)).read("xl/workbook.xml")


def test_a_picture_of_one_colour_is_no_bomb():
    data = zipped({**PARTS, "xl/media/white.bmp": bytes(2**23)})
    assert Container.of(data).rewritten({}) == data


def lying(size_delta=0, crc_delta=0, method=None):
    """A file whose directory says something else of its second part than what is there."""
    data = bytearray(zipped(PARTS))
    at = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    crc, packed, size = struct.unpack_from("<3L", data, at + 16)
    struct.pack_into("<3L", data, at + 16, crc + crc_delta & 0xFFFFFFFF, packed, size + size_delta)
    if method is not None:
        struct.pack_into("<H", data, at + 10, method)
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "flaw"),
    [
        (lying(size_delta=-1), Flaw.TRUNCATED),
        (lying(size_delta=1), Flaw.TRUNCATED),
        (lying(crc_delta=1), Flaw.TRUNCATED),
        (lying(method=12), Flaw.UNUSUAL),
        (lying(method=0), Flaw.TRUNCATED),
    ],
)
def test_a_directory_that_lies_is_found_out(data, flaw):
    assert flaw_of(data) is flaw


def test_two_members_that_share_their_bytes_are_refused():
    data = bytearray(zipped(PARTS))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    data[second + 42 : second + 46] = data[first + 42 : first + 46]
    assert flaw_of(bytes(data)) is Flaw.TRUNCATED


def test_a_part_with_a_zip_password_is_encrypted():
    data = bytearray(zipped(PARTS))
    data[data.index(b"PK\x01\x02") + 8] |= 1
    assert flaw_of(bytes(data)) is Flaw.ENCRYPTED


def test_a_missing_part_is_a_broken_workbook():
    with pytest.raises(BadWorkbook, match="missing"):
        Container.of(DECORATED).read("xl/other.xml")


SMALL = zipped({**PARTS, SHEET: b"<row/>" * 40}, b"comment")


def read_all(data):
    """Read every part; a BadWorkbook is an answer, any other exception is a failure."""
    try:
        parts = Container.of(data)
        whole = {name: b"".join(parts.chunks(name)) for name in parts.names}
        again = Container.of(parts.rewritten({name: [one] for name, one in whole.items()}))
        assert {name: again.read(name) for name in again.names} == whole
    except BadWorkbook:
        return


@settings(max_examples=300, deadline=None)
@given(st.integers(0, len(SMALL)), st.lists(st.tuples(st.integers(0, len(SMALL) - 1), st.integers(0, 255)), max_size=4))
@example(len(SMALL), [])
def test_any_truncation_and_any_flipped_bytes_are_a_workbook_or_a_bad_one(length, flips):
    data = bytearray(SMALL)
    for at, value in flips:
        data[at] = value
    read_all(bytes(data[:length]))
    read_all(bytes(data))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.sampled_from([b"", b"PK\x03\x04", b"PK\x05\x06", OLE]))
def test_any_bytes_are_a_bad_workbook(data, start):
    assert flaw_of(start + data)


def test_a_flip_in_the_directory_never_changes_what_is_read():
    begin = SMALL.index(b"PK\x01\x02")
    expected = {TYPES: PARTS[TYPES], "xl/workbook.xml": PARTS["xl/workbook.xml"]}
    for at in range(begin, len(SMALL) - len(b"comment")):
        data = bytearray(SMALL)
        data[at] ^= 0x10
        try:
            parts = Container.of(bytes(data))
            for name, whole in expected.items():
                if name in parts.names:
                    assert zlib.crc32(parts.read(name)) == zlib.crc32(whole)
        except BadWorkbook:
            continue
