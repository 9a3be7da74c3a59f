import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.core.durations import LONGEST, BadDuration, Duration, Unit, in_words, parse_duration

DURATIONS = st.builds(Duration, st.integers(0, LONGEST), st.sampled_from(Unit))


@pytest.mark.parametrize(
    ("text", "amount", "unit"),
    [
        ("30min", 30, Unit.MIN),
        ("4h", 4, Unit.H),
        ("30wmin", 30, Unit.WMIN),
        ("4wh", 4, Unit.WH),
        ("3wd", 3, Unit.WD),
        ("7d", 7, Unit.D),
        ("3mo", 3, Unit.MO),
        (" 3 wd ", 3, Unit.WD),
        ("0h", 0, Unit.H),
        ("9999d", 9999, Unit.D),
    ],
)
def test_reads_what_a_profile_says(text, amount, unit):
    assert parse_duration(text) == Duration(amount, unit)


@pytest.mark.parametrize(
    "text", ["", "wd", "3", "3w", "3WD", "-1d", "1.5h", "10000d", "3wd2h", "３wd", "٣d", "3m", "3wd\n4"]
)
def test_refuses_anything_else_and_says_what_is_allowed(text):
    with pytest.raises(BadDuration) as fault:
        parse_duration(text)
    assert repr(text) in str(fault.value)
    assert all(unit in str(fault.value) for unit in ("min", "h", "wmin", "wh", "wd", "d", "mo", "9999"))


@pytest.mark.parametrize("amount", [-1, 10_000])
def test_cannot_be_made_too_short_or_too_long(amount):
    with pytest.raises(BadDuration, match=f"{amount}h"):
        Duration(amount, Unit.H)


@given(DURATIONS)
def test_reads_back_what_it_writes(duration):
    assert parse_duration(str(duration)) == duration


@given(DURATIONS)
def test_counts_by_the_clock_or_working_time_or_the_calendar(duration):
    by_calendar = duration.unit in {Unit.D, Unit.MO}
    assert [duration.is_clock, duration.is_working, by_calendar].count(True) == 1


@pytest.mark.parametrize(
    ("text", "zh_cn", "zh_tw", "en"),
    [
        ("30min", "30分钟", "30分鐘", "30 minutes"),
        ("4h", "4小时", "4小時", "4 hours"),
        ("30wmin", "30工作分钟", "30工作分鐘", "30 working minutes"),
        ("4wh", "4工作小时", "4工作小時", "4 working hours"),
        ("3wd", "3个工作日", "3個工作日", "3 working days"),
        ("7d", "7天", "7天", "7 days"),
        ("3mo", "3个月", "3個月", "3 months"),
        ("1wd", "1个工作日", "1個工作日", "1 working day"),
    ],
)
def test_is_said_in_the_readers_language(text, zh_cn, zh_tw, en):
    duration = parse_duration(text)
    said = tuple(in_words(duration, language) for language in ("zh-CN", "zh-TW", "en", "de"))
    assert said == (zh_cn, zh_tw, en, en)


@given(DURATIONS, st.sampled_from(["zh-CN", "zh-TW", "en"]))
def test_every_unit_has_words(duration, language):
    assert str(duration.amount) in in_words(duration, language)
