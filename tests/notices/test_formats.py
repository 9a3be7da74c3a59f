from zoneinfo import ZoneInfo

import pytest

from daemon.core.fields import Kind
from daemon.notices.formats import Format, percent
from daemon.notices.plain import one_line, plain

SHANGHAI = ZoneInfo("Asia/Shanghai")
CHINESE = Format("zh-CN", SHANGHAI, 2026)
ENGLISH = Format("en", SHANGHAI, 2026)


def test_a_moment_is_told_in_local_time():
    assert CHINESE.moment("2026-11-26T09:30:00+00:00") == "11月26日（周四）17:30"
    assert ENGLISH.moment("2026-11-26T09:30:00+00:00") == "Thu 26 Nov 2026, 17:30 (UTC+08:00)"
    assert Format("zh-TW", SHANGHAI).moment("2026-11-26T09:30:00Z") == "11月26日（週四）17:30"


def test_a_moment_of_another_year_is_told_with_its_year():
    assert CHINESE.moment("2026-12-31T23:30:00+00:00") == "2027年1月1日（周五）07:30"


@pytest.mark.parametrize(("value", "shown"), [(None, ""), ("下周三前", "下周三前"), ("2026-11-26", "11月26日（周四）")])
def test_what_is_no_instant_comes_back_as_it_is(value, shown):
    assert CHINESE.moment(value) == shown


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        (Kind.COUNT, 12000, "12,000"),
        (Kind.COUNT, 326.0, "326"),
        (Kind.COUNT, "约三百", "约三百"),
        (Kind.RATE, 0.0272, "2.72%"),
        (Kind.RATE, 1, "100%"),
        (Kind.MONEY, 1234.5, "1,234.50"),
        (Kind.LIST, "重大", "重大"),
        (Kind.TEXT, None, ""),
    ],
)
def test_facts_are_formatted_by_their_kind(kind, value, shown):
    assert CHINESE.value(kind, value) == shown


def test_words_of_lists_are_told_in_english():
    assert ENGLISH.value(Kind.LIST, "重大") == "Critical"


def test_a_share_keeps_no_needless_noughts():
    assert [percent(v) for v in (0.875, 0.1, 0.0, None, "n/a")] == ["87.5%", "10%", "0%", "", "n/a"]


def test_hidden_and_reordering_characters_are_dropped():
    assert plain("a\u202eb\u200bc\x00\ud800\r\nd\u2028e") == "abc\nde".replace("de", "d\ne")


def test_one_line_takes_encoded_words_apart():
    assert one_line(" x\r\nBcc: y =?utf-8?q?=0A?= ") == "x Bcc: y = ?utf-8?q?=0A?="
    assert len(one_line("长" * 5000)) == 200
