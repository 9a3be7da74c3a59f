from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.core.dates import latest_date

TODAY = date(2026, 11, 3)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("11月12日完成", date(2026, 11, 12)),
        ("11 月 12 号", date(2026, 11, 12)),
        ("11/12 完成", date(2026, 11, 12)),
        ("2026-11-12", date(2026, 11, 12)),
        ("2026/11/12", date(2026, 11, 12)),
        ("2026.11.12", date(2026, 11, 12)),
        ("2026年11月12日", date(2026, 11, 12)),
        ("by 12 Nov", date(2026, 11, 12)),
        ("by 12th November 2027", date(2027, 11, 12)),
        ("11月10日试产，11月20日量产，11月15日评审", date(2026, 11, 20)),
        ("2026年11月12日、12月1日", date(2026, 12, 1)),
        ("1月8日", date(2027, 1, 8)),  # the nearest one
        ("10月30日", date(2026, 10, 30)),
        ("2月29日", None),
        ("13月1日", None),
        ("31/31", None),
        ("2026-02-30", None),
        ("3/1500 件不良", None),
        ("不良率 1/12%", None),
        ("抽检 5 marked parts, 12 separate lots, 3 decent ones", None),
        ("112 Nov", None),
        ("", None),
    ],
)
def test_the_latest_date_in_a_text(text, found):
    assert latest_date(text, TODAY) == found


@given(st.dates(date(2001, 1, 1), date(2099, 12, 31)))
def test_a_full_date_is_found_however_it_is_written(day):
    for text in (day.isoformat(), f"{day:%Y/%m/%d}", f"{day.year}年{day.month}月{day.day}日"):
        assert latest_date(f"完成：{text}。", TODAY) == day


@given(st.dates(date(2001, 1, 1), date(2098, 12, 31)), st.integers(-150, 150))
def test_a_date_without_a_year_is_the_nearest(today, days):
    day = today + timedelta(days=days)
    if (day.month, day.day) != (2, 29):
        assert latest_date(f"{day.month}月{day.day}日", today) == day


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text):
    latest_date(text, TODAY)
