from datetime import date

import pytest

from daemon.core.days import BadDay, Weekday, day_in_words, first_day, name_of, parse_day, period_in_words
from daemon.core.terms import CalendarDay, Moves, Period


@pytest.mark.parametrize(
    ("text", "day", "name"),
    [
        ("4th of month", CalendarDay(Period.MONTH, 4), "4th of month"),
        ("5th of month, after", CalendarDay(Period.MONTH, 5, moves=Moves.AFTER), "5th of month"),
        ("quarter end", CalendarDay(Period.QUARTER), "end of quarter"),
        ("Friday", Weekday(4), "friday"),
        ("monday , after", Weekday(0, Moves.AFTER), "monday"),
    ],
)
def test_how_a_day_that_comes_again_is_written(text, day, name):
    assert parse_day(text) == day
    assert parse_day(str(day)) == day
    assert name_of(day) == name


@pytest.mark.parametrize("text", ["", "3wd", "4th of next month", "friday, sometimes", "someday"])
def test_what_is_no_day_that_comes_again_says_what_is_allowed(text):
    with pytest.raises(BadDay, match="'4th of month', 'end of month'"):
        parse_day(text)


def test_the_day_of_a_week_and_its_week():
    friday = Weekday(4)
    assert friday.date_on(date(2026, 11, 8)) == date(2026, 11, 6)
    assert friday.date_on(date(2026, 11, 9), -1) == date(2026, 11, 6)
    assert first_day(friday, date(2027, 1, 1)) == date(2026, 12, 28)
    assert first_day(friday, date(2027, 1, 1), 1) == date(2027, 1, 4)


@pytest.mark.parametrize(
    ("text", "on", "said"),
    [
        ("4th of month", (2026, 1, 31), ("2026年1月", "January 2026", "2026年1月")),
        ("quarter end", (2026, 5, 2), ("2026年第2季度", "Q2 2026", "2026年第2季")),
        ("half-year end", (2026, 12, 31), ("2026年下半年", "H2 2026", "2026年下半年")),
        ("year end", (2026, 7, 1), ("2026年", "2026", "2026年")),
        ("friday", (2026, 11, 8), ("2026年11月2日至11月8日", "2026-11-02 to 2026-11-08", "2026年11月2日至11月8日")),
    ],
)
def test_a_period_in_words(text, on, said):
    day = parse_day(text)
    first = first_day(day, date(*on))
    assert tuple(period_in_words(day, first, language) for language in ("zh-CN", "en", "zh-TW")) == said


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("4th of month", "每月4日", "the 4th of each month"),
        ("quarter end", "每季末", "the end of each quarter"),
        ("2nd of year", "每年第2日", "the 2nd of each year"),
        ("friday", "每周五", "every Friday"),
    ],
)
def test_a_day_that_comes_again_in_words(text, chinese, english):
    assert (day_in_words(parse_day(text), "zh-CN"), day_in_words(parse_day(text), "en")) == (chinese, english)
