# ruff: noqa: DTZ001 - a cell holds wall time, without a zone
from __future__ import annotations

from datetime import datetime

import pytest
from openpyxl.utils.datetime import to_excel

from daemon.ledger.formats import BUILTIN, GENERAL, Format, Kind, format_of, number_of, shown


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        ("General", Kind.NUMBER),
        ("G/通用格式", Kind.NUMBER),
        ('General"件"', Kind.NUMBER),
        ("0", Kind.NUMBER),
        ("0.00E+00", Kind.NUMBER),
        ("0.00e-00", Kind.NUMBER),
        ("#,##0.00_);[Red](#,##0.00)", Kind.NUMBER),
        ('"day" 0', Kind.NUMBER),
        ("[Red]0", Kind.NUMBER),
        (r"\d0", Kind.NUMBER),
        ("_d0", Kind.NUMBER),
        ("[$HUF-40E] #,##0", Kind.NUMBER),
        ("00.00", Kind.NUMBER),
        ("0%", Kind.NUMBER),
        ("# ?/?", Kind.NUMBER),
        ("yyyy-mm-dd hh:mm", Kind.MOMENT),
        ("YYYY/M/D", Kind.MOMENT),
        ('yyyy"年"m"月"d"日";@', Kind.MOMENT),
        ("[$-804]aaaa", Kind.MOMENT),
        ("[$-F800]dddd, mmmm dd, yyyy", Kind.MOMENT),
        ("[DBNum1][$-804]yyyy年m月d日", Kind.MOMENT),
        ("m/d", Kind.MOMENT),
        ("mmm", Kind.MOMENT),
        ("e-m-d", Kind.MOMENT),
        ("上午/下午h时mm分", Kind.CLOCK),
        ("[$-F400]h:mm:ss AM/PM", Kind.CLOCK),
        ("mm:ss.0", Kind.CLOCK),
        ("h:mm", Kind.CLOCK),
        ("[h]:mm:ss", Kind.ELAPSED),
        ("[mm]:ss", Kind.ELAPSED),
        ("@", Kind.TEXT),
        ("000000", Kind.CODE),
        ('"KS"0000', Kind.CODE),
        ("000-0000", Kind.CODE),
        ('"unclosed 00', Kind.NUMBER),
        ("[unclosed 00", Kind.NUMBER),
        ("", Kind.NUMBER),
        ("yyyy" * 5000, Kind.MOMENT),
    ],
)
def test_a_format_is_told_by_its_tokens(code, kind):
    assert format_of(code).kind is kind


def test_chinese_programs_number_their_own_formats_of_time():
    assert BUILTIN[31].kind is BUILTIN[57].kind is BUILTIN[14].kind is Kind.MOMENT
    assert BUILTIN[32].kind is BUILTIN[56].kind is BUILTIN[20].kind is Kind.CLOCK
    assert BUILTIN[49].kind is Kind.TEXT
    assert 0 not in BUILTIN


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("5", 5),
        ("-0", 0),
        ("5.0", 5),
        ("1E3", 1000),
        ("1.5e-3", 0.0015),
        (".5", 0.5),
        ("12345678901234567890", 12345678901234567890),
        ("1_0", None),
        ("٣", None),
        ("nan", None),
        ("1e999", None),
        ("1e99999999999999999999", None),
        ("9" * 5000, None),
        ("0x10", None),
        ("", None),
    ],
)
def test_a_number_keeps_its_digits(raw, number):
    found = number_of(raw)
    assert found == number
    assert type(found) is type(number)


@pytest.mark.parametrize(
    ("number", "code", "text"),
    [
        (123, "000000", "000123"),
        (1234567, "000000", "1234567"),
        (0, "00", "00"),
        (12, '"KS-"0000', "KS-0012"),
        (13812345678, "000-0000-0000", "138-1234-5678"),
        (2026001, "0000/000", 2026001),
        (12.5, "0000", 12.5),
        (-3, "0000", -3),
        (13812345678, "@", "13812345678"),
        (0.1, "@", "0.1"),
        (0.25, "h:mm", "06:00"),
        (0.2500115740740741, "h:mm:ss", "06:00:01"),
        (1.0625, "[h]:mm", "25:30"),
        (12, "0.00%", 12),
    ],
)
def test_a_number_is_read_as_it_is_shown(number, code, text):
    assert shown(number, format_of(code)) == text


@pytest.mark.parametrize(
    ("serial", "date1904", "moment"),
    [
        (46028.22916666666, False, datetime(2026, 1, 6, 5, 30)),
        (46028.229166666664, False, datetime(2026, 1, 6, 5, 30)),
        (46028.99999999999, False, datetime(2026, 1, 7)),
        (1, False, datetime(1900, 1, 1)),
        (59, False, datetime(1900, 2, 28)),
        (59.9999999999, False, "1900-02-29"),
        (60.5, False, "1900-02-29"),
        (61, False, datetime(1900, 3, 1)),
        (2958465.99, False, datetime(9999, 12, 31, 23, 45, 36)),
        (2958465.9999999999, False, 2958466.0),
        (2958466, False, 2958466),
        (0, False, 0),
        (-1, False, -1),
        (0, True, datetime(1904, 1, 1)),
        (44566.25, True, datetime(2026, 1, 6, 6)),
        (2957003, True, datetime(9999, 12, 31)),
        (2957004, True, 2957004),
        (10**300, False, 10**300),
    ],
)
def test_a_serial_is_a_wall_time_in_either_calendar(serial, date1904, moment):
    assert shown(serial, Format(Kind.MOMENT), date1904=date1904) == moment


def test_a_clock_that_holds_a_day_is_a_wall_time():
    assert shown(46028.25, format_of("h:mm")) == datetime(2026, 1, 6, 6)


@pytest.mark.parametrize("minutes", range(0, 1440, 7))
def test_no_minute_of_a_day_is_lost_in_the_noise_of_a_float(minutes):
    moment = datetime(2026, 12, 31, minutes // 60, minutes % 60)
    assert shown(to_excel(moment), Format(Kind.MOMENT)) == moment


def test_a_number_without_format_is_the_number():
    assert shown(46028, GENERAL) == 46028
