"""Days and times as people type them into a cell: 12月1号, 2026.12.1 下午2点半, 下周三, 月底.  Tables; no clock."""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from daemon.core.dates import days_called
from daemon.core.numbers import number

WEEK = 7
DAY = timedelta(days=1)
NOON = 12
END_OF_DAY = time(23, 59)
LONGEST = 40  # characters: what is longer tells a story
FIRST_YEAR, LAST_YEAR = 2000, 2099
# A serial number is what Excel shows of a day in a cell that has lost its format; far from today it is a quantity.
SERIAL_EPOCH = date(1899, 12, 30)
SERIAL_NEAR = timedelta(days=1000)


@dataclass(frozen=True, slots=True)
class Habit:
    """What people mean by a day in a column: how far back one without a year may lie, and which way they look."""

    back: timedelta
    deadline: bool = False
    past: bool = False


# A complaint came in the past; what is asked for lies ahead, and may be overdue; elsewhere the nearest day is meant.
HABITS = {
    "received_at": Habit(timedelta(days=360), past=True),
    "closed_at": Habit(timedelta(days=360), past=True),
    "customer_due": Habit(timedelta(days=90), deadline=True),
}
USUAL = Habit(timedelta(days=182))


@dataclass(frozen=True, slots=True)
class When:
    """A day that was typed, with its time; `approximate` when only a part of the day was named."""

    at: datetime
    approximate: bool = False


def read_moment(text: str, key: str, today: date) -> When | None:
    """Return the day and time that a text is, read on `today`; None when it is anything else, or says two things."""
    plain = _plain(text)
    if len(plain) > LONGEST:
        return None
    habit = HABITS.get(key, USUAL)
    for pattern, rule in DAYS:
        found = re.match(pattern, plain)
        day = _day(rule, found, today, habit) if found else None
        when = _at(day, plain[found.end() :], habit) if found and day else None
        if when:
            return when
    return None


def at_end_of_day(moment: datetime, key: str) -> datetime:
    """Return a mere day in a column of deadlines as the end of it: an answer asked for on the 1st is not late then."""
    mere = moment.time() == time.min and HABITS.get(key, USUAL).deadline
    return datetime.combine(moment.date(), END_OF_DAY) if mere else moment


def read_serial(value: float, key: str, today: date) -> datetime | None:
    """Return the day that a bare number is: 20261201, or Excel's own count of days; None when it is a quantity."""
    if value == int(value) and FIRST_YEAR * 10_000 < value < LAST_YEAR * 10_000:
        when = read_moment(str(int(value)), key, today)
        return when.at if when else None
    if not abs(value - (today - SERIAL_EPOCH).days) <= SERIAL_NEAR.days:
        return None
    minutes = round(value * 24 * 60)
    return at_end_of_day(datetime.combine(SERIAL_EPOCH, time.min) + timedelta(minutes=minutes), key)


def _plain(text: str) -> str:
    """Return the text without what says nothing: width, blanks but those before a time, a weekday in brackets."""
    folded = unicodedata.normalize("NFKC", text).strip().casefold()
    folded = re.sub(r"\((?:周|星期|礼拜|週)?[一二三四五六日天]\)", "", folded)
    return re.sub(r"\s+", " ", folded).strip()


def _day(rule: Rule, found: re.Match[str], today: date, habit: Habit) -> date | None:
    try:
        day = rule(found, today, habit)
    except (ValueError, OverflowError):
        return None
    return day if day and FIRST_YEAR <= day.year <= LAST_YEAR else None


# ── days ─────────────────────────────────────────────────────────────────────────────────────────────────────────────

Rule = Callable[[re.Match[str], date, Habit], date | None]


def _full(found: re.Match[str], _: date, __: Habit) -> date:
    return date(int(found["y"]), int(found["m"]), int(found["d"]))


def _short_year(found: re.Match[str], today: date, _: Habit) -> date | None:
    """Read 26.12.1; 25/12/26 may be either of two days, and is none."""
    first, last = int(found["y"]), int(found["d"])
    this = today.year % 100
    if abs(first - this) > 1 or abs(last - this) <= 1:
        return None
    return date(today.year - this + first, int(found["m"]), last)


def _of_year(found: re.Match[str], today: date, habit: Habit) -> date | None:
    """Return the day of this name that lies in the year which people have in mind."""
    begin = today - habit.back
    days = days_called(int(found["m"]), int(found["d"]), today)
    return next((one for one in days if begin <= one < begin + timedelta(days=366)), None)


def _of_month(found: re.Match[str], today: date, habit: Habit) -> date | None:
    """Read 28号: of this month, or of the next or the last one where that is what the column asks for."""
    near = [_in_month(today, months, int(found["d"])) for months in (-1, 0, 1)]
    days = [one for one in near if one]
    if habit.past:
        return max((one for one in days if one <= today), default=None)
    if habit.deadline:
        return min((one for one in days if one >= today), default=None)
    return min(days, key=lambda one: abs((one - today).days), default=None)


def _in_month(today: date, months: int, day: int) -> date | None:
    count = today.year * 12 + today.month - 1 + months
    year, month = count // 12, count % 12 + 1
    return date(year, month, day) if 1 <= day <= calendar.monthrange(year, month)[1] else None


def _month_end(found: re.Match[str], today: date, _: Habit) -> date | None:
    months = {"上": -1, "下": 1}.get(found["which"] or "", 0)
    first = _in_month(today, months, 1)
    return first and first.replace(day=calendar.monthrange(first.year, first.month)[1])


def _year_end(found: re.Match[str], today: date, _: Habit) -> date:
    return date(today.year + {"明": 1, "去": -1}.get(found["which"] or "", 0), 12, 31)


NEAR = {
    "大前天": -3, "前天": -2, "前日": -2, "昨天": -1, "昨日": -1, "昨": -1, "yesterday": -1, "今天": 0, "今日": 0,
    "今": 0, "当天": 0, "today": 0, "明天": 1, "明日": 1, "明": 1, "tomorrow": 1, "后天": 2, "後天": 2, "后日": 2,
    "大后天": 3, "大後天": 3,
}  # fmt: skip
WEEKDAYS = {**{char: n for n, char in enumerate("一二三四五六")}, "日": 6, "天": 6}
WEEKDAYS |= {str(n + 1): n for n in range(WEEK)}
WEEKS = {"上上": -2, "上": -1, "本": 0, "这": 0, "這": 0, "下": 1, "下下": 2}


def _near(found: re.Match[str], today: date, _: Habit) -> date:
    return today + NEAR[found["near"]] * DAY


def _weekday(found: re.Match[str], today: date, habit: Habit) -> date:
    """Return 下周三 of the next week; a bare 周三 is the next one, of what came in the last one."""
    monday, wanted = today - today.weekday() * DAY, WEEKDAYS[found["day"]]
    if found["which"]:
        return monday + (WEEK * WEEKS[found["which"]] + wanted) * DAY
    if habit.past:
        return today - (today.weekday() - wanted) % WEEK * DAY
    return today + (wanted - today.weekday()) % WEEK * DAY


def _within(found: re.Match[str], today: date, _: Habit) -> date | None:
    count, way = number(found["n"]), -1 if found["way"].endswith("前") else 1
    return today + way * count * {"周": WEEK, "星期": WEEK}.get(found["unit"], 1) * DAY if count else None


COUNT = r"(?P<n>\d{1,3}|[一二两三四五六七八九十]{1,3})"
# How a day is written, at the start of the cell → which day it is.  The first that leaves a time or nothing counts.
DAYS: tuple[tuple[str, Rule], ...] = (
    (r"(?P<y>20\d\d) ?[-/.年] ?(?P<m>\d{1,2}) ?[-/.月] ?(?P<d>\d{1,2})(?!\d) ?[日号號]?", _full),
    (r"(?P<y>20\d\d)(?P<m>\d\d)(?P<d>\d\d)(?!\d)", _full),
    (r"(?P<y>\d\d)[-/.年](?P<m>\d{1,2})[-/.月](?P<d>\d{1,2})(?![\d/.-])[日号號]?", _short_year),
    (r"(?P<m>\d{1,2}) ?月 ?(?P<d>\d{1,2})(?!\d) ?[日号號]?", _of_year),
    (r"(?P<m>\d{1,2})[/.](?P<d>\d{1,2})(?![\d/.%])[日号號]?", _of_year),
    (r"(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\d/.%-])[日号號]?", _of_year),
    (rf"{COUNT} ?个?(?P<unit>天|日|周|星期)(?P<way>之?后|之?後|[之以]?内|[之以]?內|[之以]?前)$", _within),
    (r"(?P<d>\d{1,2})[日号號]", _of_month),
    (r"(?P<which>本|这|上|下)?个?月(?:底|末)", _month_end),
    (r"(?P<which>今|明|去)?年(?:底|末)", _year_end),
    (rf"(?P<near>{'|'.join(sorted(NEAR, key=len, reverse=True))})", _near),
    (r"(?P<which>上上|下下|上|本|这|這|下)?个?(?:周|週|星期|礼拜)(?P<day>[一二三四五六日天1-6])", _weekday),
)  # fmt: skip

# ── times ────────────────────────────────────────────────────────────────────────────────────────────────────────────

PARTS_OF_DAY = {
    "凌晨": time(6), "早上": time(9), "早": time(9), "上午": time(12), "中午": time(12), "下午": time(18),
    "傍晚": time(18), "晚上": time(22), "晚": time(22), "am": time(12), "pm": time(18),
}  # fmt: skip
LATEST_AS_PM = {
    **dict.fromkeys(("下午", "傍晚", "晚上", "晚", "pm"), NOON),
    "中午": 3,
}
HOURS, MINUTES = 24, 60
PART = "|".join(PARTS_OF_DAY)
CLOCK = re.compile(
    rf"[ ,t]*(?P<part>{PART})? ?(?:(?P<h>\d{{1,2}}) ?(?:[:时點点時] ?(?P<half>半)?(?P<min>\d{{1,2}})? ?分?)"
    rf"(?::\d\d(?:\.0*)?)?)? ?(?P<after>am|pm)?$"
)


def _at(day: date, rest: str, habit: Habit) -> When | None:
    """Return the day at the time that the rest of the text says, None when the rest is something else."""
    rest = re.sub(r"(?:[之以]?前|[之以]?内|[之以]?內|截?止)$", "", rest.strip())
    if rest in ("", "下班"):
        return When(datetime.combine(day, END_OF_DAY if habit.deadline else time.min))
    found = CLOCK.match(rest)
    part = found and (found["part"] or found["after"])
    if not found or not (part or found["h"]):
        return None
    if not found["h"]:
        return When(datetime.combine(day, PARTS_OF_DAY[part or ""]), approximate=True)
    hour, minute = int(found["h"]), 30 if found["half"] else int(found["min"] or 0)
    if hour < LATEST_AS_PM.get(part or "", 0):
        hour += NOON
    elif part == "am" and hour == NOON:
        hour = 0
    return When(datetime.combine(day, time(hour, minute))) if hour < HOURS and minute < MINUTES else None
