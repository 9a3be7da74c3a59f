"""What people type into a cell, and what is read: tables of (column, cell) → value."""

from __future__ import annotations

from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.core.fields import Kind, Who
from daemon.ledger.columns import Column, Look
from daemon.ledger.sheet import Seen
from daemon.ledger.typed import Typed, read_cell

TODAY = date(2026, 11, 25)  # a Wednesday
LOOKS = {Kind.MOMENT: Look.MOMENT, Kind.COUNT: Look.COUNT}


def column(kind, key="x", *, values=(), open_list=False):
    return Column(key, key, Who.PEOPLE, kind, Look.TEXT, 10, tuple(values), open_list)


def read(value, kind, key="x", **more):
    return read_cell(Seen(value), column(kind, key, **more), TODAY)


def at(*parts):
    return datetime(*parts)  # noqa: DTZ001  # cells hold wall time


@pytest.mark.parametrize(
    ("key", "typed", "read_as"),
    [
        ("received_at", at(2026, 11, 3), at(2026, 11, 3)),
        ("received_at", at(2026, 11, 3, 9, 5), at(2026, 11, 3, 9, 5)),
        ("customer_due", at(2026, 12, 1), at(2026, 12, 1, 23, 59)),  # a mere day is met until its end
        ("customer_due", at(2026, 12, 1, 14), at(2026, 12, 1, 14)),
        ("customer_due", "12月1号", at(2026, 12, 1, 23, 59)),
        ("customer_due", "12月1日前", at(2026, 12, 1, 23, 59)),
        ("customer_due", "12/1", at(2026, 12, 1, 23, 59)),
        ("customer_due", "12/1（周二）", at(2026, 12, 1, 23, 59)),
        ("customer_due", "1/15", at(2027, 1, 15, 23, 59)),
        ("customer_due", "11月20日", at(2026, 11, 20, 23, 59)),  # over already
        ("received_at", "12月1号", at(2025, 12, 1)),
        ("received_at", "11/24", at(2026, 11, 24)),
        ("x", "12月31日", at(2026, 12, 31)),
        ("x", "3月1日", at(2027, 3, 1)),
        ("x", "7/1", at(2026, 7, 1)),
        ("x", "2026.12.1", at(2026, 12, 1)),
        ("x", "２０２６－１２－１", at(2026, 12, 1)),
        ("x", "2026-12-1 14:30", at(2026, 12, 1, 14, 30)),
        ("x", "2026-12-01T14:30:00", at(2026, 12, 1, 14, 30)),
        ("x", "2026年12月1日 下午2点半", at(2026, 12, 1, 14, 30)),
        ("x", "12月1日上午9时", at(2026, 12, 1, 9)),
        ("x", "12月1日 9:05 PM", at(2026, 12, 1, 21, 5)),
        ("x", "12月1日中午1点", at(2026, 12, 1, 13)),
        ("x", "12月1日 12:10 AM", at(2026, 12, 1, 0, 10)),
        ("x", "20261201", at(2026, 12, 1)),
        ("x", 20261201, at(2026, 12, 1)),
        ("x", 46357, at(2026, 12, 1)),  # the cell has lost its format
        ("x", 46357.604166666664, at(2026, 12, 1, 14, 30)),
        ("x", "26.12.1", at(2026, 12, 1)),
        ("customer_due", "明天", at(2026, 11, 26, 23, 59)),
        ("customer_due", "明天下班前", at(2026, 11, 26, 23, 59)),
        ("customer_due", "后天下午3点", at(2026, 11, 27, 15)),
        ("received_at", "昨天", at(2026, 11, 24)),
        ("customer_due", "下周三", at(2026, 12, 2, 23, 59)),
        ("customer_due", "周三", at(2026, 11, 25, 23, 59)),
        ("customer_due", "周一前", at(2026, 11, 30, 23, 59)),
        ("received_at", "周一", at(2026, 11, 23)),
        ("received_at", "上周五", at(2026, 11, 20)),
        ("customer_due", "月底", at(2026, 11, 30, 23, 59)),
        ("customer_due", "下个月底", at(2026, 12, 31, 23, 59)),
        ("customer_due", "年底", at(2026, 12, 31, 23, 59)),
        ("customer_due", "28号", at(2026, 11, 28, 23, 59)),
        ("customer_due", "3号", at(2026, 12, 3, 23, 59)),
        ("received_at", "28号", at(2026, 10, 28)),
        ("customer_due", "3天内", at(2026, 11, 28, 23, 59)),
        ("customer_due", "10日内", at(2026, 12, 5, 23, 59)),
        ("customer_due", "两周内", at(2026, 12, 9, 23, 59)),
        ("received_at", "3天前", at(2026, 11, 22)),
    ],
)
def test_days_are_read_as_people_write_them(key, typed, read_as):
    assert read(typed, Kind.MOMENT, key) == Typed(read_as)


def test_part_of_a_day_is_about_that_time():
    assert read("12月1日下午", Kind.MOMENT) == Typed(at(2026, 12, 1, 18), approximate=True)


@pytest.mark.parametrize(
    "typed",
    ["尽快", "12/500", "13月1日", "2月30日", "25/12/26", "12月1日或2日", "12月1日-3日", "月初", "30", 30, 3.5,
     "等客户通知", "2026-12-1 25:00", "2026", "x" * 500, "1900-01-01", float("inf")],
)  # fmt: skip
def test_what_is_no_day_stays_as_it_was_typed(typed):
    found = read(typed, Kind.MOMENT)
    assert not found.understood
    assert str(found.value) == str(typed)


@pytest.mark.parametrize(
    ("typed", "count", "about"),
    [
        (30, 30, False), (30.0, 30, False), ("30", 30, False), ("30件", 30, False), ("约30", 30, True),
        ("大约 30 个", 30, True), ("30个左右", 30, True), ("30多件", 30, True), ("1.2千", 1200, False),
        ("0.8万", 8000, False), ("0.57万", 5700, False), ("三十五", 35, False), ("两百件", 200, False),
        ("2,000pcs", 2000, False), ("２０００ＰＣＳ", 2000, False), ("2 000 只", 2000, False), ("0", 0, False),
        ("30。", 30, False),
    ],
)  # fmt: skip
def test_counts_are_read_as_people_write_them(typed, count, about):
    found = read(typed, Kind.COUNT)
    assert found == Typed(count, approximate=about)
    assert isinstance(found.value, int)


@pytest.mark.parametrize(
    "typed",
    ["20-30", "20~30件", "三四十", "十几个", "3箱", "30.5", 30.5, -3, "1,2", "12/500", "很多", "万", "30件/50件", True,
     at(2026, 12, 5)],
)  # fmt: skip
def test_what_is_no_count_stays_as_it_was_typed(typed):
    assert read(typed, Kind.COUNT) == Typed(typed, understood=False)


@pytest.mark.parametrize(
    ("typed", "rate", "about"),
    [
        ("3%", 0.03, False), ("３％", 0.03, False), ("3.5 %", 0.035, False), ("3,5%", 0.035, False),
        ("5‰", 0.005, False), ("500ppm", 0.0005, False), ("0.03", 0.03, False), (0.03, 0.03, False), (1, 1, False),
        ("12/500", 0.024, False), ("12件/500件", 0.024, False), ("约3%", 0.03, True), ("3%左右", 0.03, True),
        ("百分之三", 0.03, False), (3, 0.03, False), ("3", 0.03, False), ("0", 0, False),
    ],
)  # fmt: skip
def test_rates_are_read_as_people_write_them(typed, rate, about):
    assert read(typed, Kind.RATE) == Typed(pytest.approx(rate), approximate=about)


@pytest.mark.parametrize("typed", ["300%", 300, "3%-5%", "500/12", "12/0", "高", at(2026, 12, 5)])
def test_what_is_no_rate_stays_as_it_was_typed(typed):
    assert read(typed, Kind.RATE) == Typed(typed, understood=False)


@pytest.mark.parametrize(
    ("typed", "money"),
    [
        ("¥1,200.50元", 1200.5),
        ("￥1200", 1200),
        (1200.5, 1200.5),
        ("1.2万元", 12000),
        ("RMB 300", 300),
        ("三百元整", 300),
    ],
)
def test_money_is_read_as_people_write_it(typed, money):
    assert read(typed, Kind.MONEY) == Typed(money)


@pytest.mark.parametrize("typed", ["$300", "300 USD", "待定", "300-500"])
def test_what_is_no_money_of_ours_stays_as_it_was_typed(typed):
    assert read(typed, Kind.MONEY) == Typed(typed, understood=False)


def test_a_list_is_matched_whatever_the_width_case_and_blanks():
    grades = ("一般", "重要", "重大")
    assert read(" 重 大　", Kind.LIST, values=grades) == Typed("重大")
    assert read("ｐｃｂ", Kind.LIST, values=("PCB",)) == Typed("PCB")
    assert read(4, Kind.LIST, values=tuple("12345")) == Typed("4")
    assert read("4分", Kind.LIST, values=tuple("12345")) == Typed("4")


@pytest.mark.parametrize("typed", ["严重", "√", "ok", "6", 0])
def test_a_value_that_the_list_has_not_is_not_guessed(typed):
    assert read(typed, Kind.LIST, values=("一般", "重要")) == Typed(typed, understood=False)


def test_people_may_add_a_value_to_an_open_list():
    assert read("抖音", Kind.LIST, values=("邮件",), open_list=True) == Typed("抖音")


def test_text_is_what_people_see():
    assert read(13800138000, Kind.TEXT) == Typed("13800138000")
    assert read(13800138000.0, Kind.TEXT) == Typed("13800138000")
    assert read(0.1, Kind.TEXT) == Typed("0.1")
    assert read(at(2026, 12, 1), Kind.TEXT) == Typed("2026-12-01")
    assert read("断裂\r\n三件  \n", Kind.TEXT) == Typed("断裂\n三件")
    assert read("   ", Kind.TEXT) == Typed(None)
    assert read(None, Kind.COUNT) == Typed(None)


def test_a_formula_is_what_it_computes_and_an_error_is_nothing():
    count = column(Kind.COUNT)
    assert read_cell(Seen(30, formula="A1+1"), count, TODAY) == Typed(30)
    assert read_cell(Seen(None, formula="A1+1"), count, TODAY) == Typed("A1+1", understood=False)
    assert read_cell(Seen(None, error="#REF!"), count, TODAY) == Typed("#REF!", understood=False)
    assert read_cell(Seen(None, formula="A1", error="#N/A"), count, TODAY) == Typed("#N/A", understood=False)


@settings(deadline=None)
@given(
    st.one_of(st.none(), st.text(max_size=30), st.floats(), st.integers(), st.datetimes()),
    st.sampled_from(Kind),
    st.sampled_from(["customer_due", "received_at", "x"]),
)
def test_nothing_that_people_type_breaks_the_reader(value, kind, key):
    found = read(value, kind, key, values=("一般", "4"))
    assert found.understood or found.value not in (None, "")


@settings(deadline=None)
@given(st.text(alphabet="0123456789.,/-年月日号天周前后上下午点半: 约件%万千", max_size=16), st.sampled_from(Kind))
def test_what_was_read_is_read_the_same_again(text, kind):
    first = read(text, kind, "customer_due")
    if first.understood:
        assert read(first.value, kind, "customer_due").value == first.value
