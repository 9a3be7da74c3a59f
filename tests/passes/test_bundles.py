from hypothesis import given
from hypothesis import strategies as st

from daemon.passes.bundles import MOST_BYTES, MOST_FILES, MOST_MAILS, Bundle, Enclosed, packed


def file(n, size):
    return Enclosed(f"{n}.docx", "application/x", f"{n:064}", size, f"8D/{n}.docx")


@given(st.lists(st.integers(0, MOST_BYTES * 2), max_size=60))
def test_every_file_is_in_one_mail_or_named_and_no_mail_is_too_large(sizes):
    files = [file(n, size) for n, size in enumerate(sizes)]
    made = packed(files)
    told = [one.place for mail in made.mails for one in mail] + list(made.left)
    assert sorted(told) == sorted(one.place for one in files)
    assert len(made.mails) <= MOST_MAILS
    for mail in made.mails:
        assert 0 < len(mail) <= MOST_FILES
        assert sum(one.size for one in mail) <= MOST_BYTES


def test_what_fits_goes_in_one_mail_in_its_order():
    files = [file(n, 1000) for n in range(MOST_FILES)]
    assert packed(files).mails == (tuple(files),)
    assert [len(mail) for mail in packed([*files, file(99, 1)]).mails] == [MOST_FILES, 1]
    assert packed([]) == Bundle()
