from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from daemon.ledger.text import MOST, clean, escaped, lines_needed, looks_like_formula


def test_what_xml_forbids_is_taken_out():
    assert clean("a\x00b\x0bc\ufffed\uffffe\ud800f") == "abcdef"
    assert clean("一\r\n二\r三\u2028四\t五") == "一\n二\n三\n四\t五"


@given(st.text())
def test_clean_text_can_be_written_and_cleaning_twice_changes_nothing(text):
    legal = clean(text)
    legal.encode("utf-8")
    assert clean(legal) == legal


def test_a_text_too_long_for_a_cell_is_shortened_and_says_so():
    short = clean("漏" * 40_000)
    assert len(short) == MOST
    assert "已截短" in short
    assert clean("漏" * MOST) == "漏" * MOST


def test_length_counts_as_excel_counts():
    short = clean("🔧" * 20_000)
    assert len(short.encode("utf-16-le")) // 2 <= MOST
    assert "已截短" in short


def test_formulas_are_recognised():
    assert all(map(looks_like_formula, ("=1+1", "+86 512", "-5", "@SUM(A1)", "\t=1", "＝1")))
    assert not looks_like_formula("漏油")


def test_what_looks_like_an_escape_is_escaped():
    assert escaped("a_x000D_b _x41_") == "a_x005F_x000D_b _x41_"


def test_lines_grow_with_the_text():
    assert lines_needed("短", 20) == 1
    assert lines_needed("一\n二", 20) == 2
    assert lines_needed("长" * 40, 20) == 5
