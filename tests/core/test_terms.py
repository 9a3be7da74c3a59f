from datetime import date

import pytest

from daemon.core.durations import Duration, Unit
from daemon.core.terms import BadTerm, CalendarDay, Moves, Period, months_later, parse_term, term_in_words


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("3wd", Duration(3, Unit.WD)),
        ("4th of next month", CalendarDay(Period.MONTH, 4, ahead=True)),
        ("5th of next month, after", CalendarDay(Period.MONTH, 5, ahead=True, moves=Moves.AFTER)),
        ("end of month", CalendarDay(Period.MONTH)),
        ("end of day", CalendarDay(Period.DAY)),
        ("end of next day, after", CalendarDay(Period.DAY, ahead=True, moves=Moves.AFTER)),
        ("end of next quarter", CalendarDay(Period.QUARTER, ahead=True)),
        ("quarter end", CalendarDay(Period.QUARTER)),
        ("half-year end, before", CalendarDay(Period.HALF)),
        (" year end ,after ", CalendarDay(Period.YEAR, moves=Moves.AFTER)),
        ("1st of year", CalendarDay(Period.YEAR, 1)),
    ],
)
def test_how_a_term_is_written(text, term):
    assert parse_term(text) == term
    assert parse_term(str(term)) == term


@pytest.mark.parametrize("text", ["", "0th of month", "32nd of month", "4th of last month", "end of week", "soon"])
def test_what_is_no_term_says_what_is_allowed(text):
    with pytest.raises(BadTerm, match="'4th of next month'") as wrong:
        parse_term(text)
    assert wrong.value.text == text


@pytest.mark.parametrize(
    ("text", "chinese", "english"),
    [
        ("3wd", "3个工作日", "3 working days"),
        ("4th of next month", "次月4日", "the 4th of next month"),
        ("11th of month", "本月11日", "the 11th of this month"),
        ("end of month", "本月末", "the end of this month"),
        ("end of day", "当日下班前", "the end of this day"),
        ("10th of next quarter", "次季第10日", "the 10th of next quarter"),
        ("year end", "本年末", "the end of this year"),
    ],
)
def test_a_term_in_words(text, chinese, english):
    assert term_in_words(parse_term(text), "zh-CN") == chinese
    assert term_in_words(parse_term(text), "en") == english


@pytest.mark.parametrize(
    ("text", "today", "later", "day"),
    [
        ("31st of month", date(2028, 2, 3), 0, date(2028, 2, 29)),
        ("end of next month", date(2026, 12, 31), 0, date(2027, 1, 31)),
        ("end of quarter", date(2026, 11, 5), 0, date(2026, 12, 31)),
        ("end of quarter", date(2026, 11, 5), 2, date(2027, 6, 30)),
        ("10th of next quarter", date(2026, 11, 5), 0, date(2027, 1, 10)),
        ("half-year end", date(2026, 6, 30), 1, date(2026, 12, 31)),
    ],
)
def test_which_date_it_is(text, today, later, day):
    assert parse_term(text).date_on(today, later) == day


@pytest.mark.parametrize(
    ("day", "months", "later"),
    [
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2027, 11, 30), 3, date(2028, 2, 29)),
        (date(2026, 12, 1), 0, date(2026, 12, 1)),
        (date(2026, 1, 31), 36, date(2029, 1, 31)),
    ],
)
def test_months(day, months, later):
    assert months_later(day, months) == later
