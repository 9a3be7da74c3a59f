"""A part of `make fuzz`: whatever bytes come, a mail is read or refused with a reason."""

from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.intake.read import read
from tests.fuzz.mails import run_seed
from tests.intake import files, outlook

MAILS = 400


def test_whatever_comes_is_read_or_refused():
    count, _, failed = run_seed(0, MAILS)
    assert not failed, failed
    assert count >= MAILS


WHOLE = (
    ("winmail.dat", outlook.tnef({outlook.BODY: "x", outlook.RTF: outlook.stored_rtf(rb"{\rtf1 \'c7\u24320?}")})),
    ("投诉.msg", outlook.msg({outlook.BODY: "x"}, {outlook.LONG_NAME: "a.txt", outlook.DATA: b"1"})),
    ("客诉单.xlsx", files.sheet(["产品名称", "前端盖"], ["问题描述", "开裂"])),
    ("客诉单.docx", files.word(["产品名称", "前端盖"], ["问题描述", "开裂"])),
    ("客诉单.pdf", files.pdf((50, 700, "产品名称"), (150, 700, "前端盖"))),
)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(WHOLE),
    st.lists(st.tuples(st.integers(0, 1 << 16), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6),
    st.booleans(),
)
def test_no_attached_file_ends_the_reading_of_its_mail(directory, known, whole, changes, cut):
    name, data = whole[0], bytearray(whole[1])
    for place, put in changes:
        data[place % len(data) : place % len(data) + (0 if cut else len(put))] = put
    found = read(files.letter("投诉", "前端盖有 30 件开裂", (name, bytes(data))).as_bytes(), directory, known)
    assert found.facts["quantity_defective"] == 30
