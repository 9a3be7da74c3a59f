"""The mark of a writing: kept by other programs, shown by none."""

from io import BytesIO

from openpyxl import Workbook, load_workbook

from daemon.ledger.mark import mark_of, marked
from daemon.ledger.reading import open_workbook


def book_of(*titles: str) -> bytes:
    book, saved = Workbook(), BytesIO()
    book.active.append(titles)
    book.save(saved)
    return saved.getvalue()


def test_a_workbook_has_no_mark_until_it_gets_one_and_then_the_last():
    data = book_of("客诉编号")
    assert mark_of(open_workbook(data)) == ""
    assert mark_of(open_workbook(marked(marked(data, "7"), "8"))) == "8"


def test_another_program_keeps_the_mark_and_shows_it_to_nobody():
    book = load_workbook(BytesIO(marked(book_of("客诉编号"), "7")))
    saved = BytesIO()
    book.save(saved)
    assert (mark_of(open_workbook(saved.getvalue())), book["kesu"].sheet_state) == ("7", "veryHidden")


def test_a_mark_that_people_spoilt_is_another_one_and_an_emptied_one_none():
    book = load_workbook(BytesIO(marked(book_of("客诉编号"), "7")))
    for value, mark in (("=1+1", "1+1"), (None, "")):
        book["kesu"]["A2"] = value
        saved = BytesIO()
        book.save(saved)
        assert mark_of(open_workbook(saved.getvalue())) == mark
        assert mark_of(open_workbook(marked(saved.getvalue(), "9"))) == "9"
