"""When the customer wants an answer: dates and spans in a demand, counted from the mail's own date.  Reads no clock."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from daemon.core.numbers import number

MONTHS = {
    m: n for n, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
WEEKDAYS = {**{c: n for n, c in enumerate("一二三四五六")}, "日": 6, "天": 6}
ENGLISH_DAYS = {
    d: n for n, d in enumerate(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
}
END_OF_DAY = {"hour": 23, "minute": 59, "second": 0, "microsecond": 0}
COUNT = r"(\d+(?:\.\d+)?|[一二两三四五六七八九十]{1,3})"
BY = r"(?:by|before|until|till|not later than)\s+(?:the )?"

Rule = Callable[[re.Match[str], datetime], datetime]


@dataclass(frozen=True, slots=True)
class Due:
    """A time that a text asks to be met, and the words that say so."""

    at: datetime
    words: str


def customer_due(text: str | None, sent: datetime | None) -> datetime | None:
    """Return the earliest time that the text asks to be met, or None; working days are left to the calendar."""
    return min((due.at for due in dues_in(text, sent)), default=None)


def dues_in(text: str | None, sent: datetime | None) -> Iterator[Due]:
    """Yield the times that a text asks to be met, counted from when the mail was sent."""
    if text and sent:
        found = (_apply(pattern, rule, text, sent) for pattern, rule in RULES)
        yield from (due for due in found if due and due.at > sent)


def _apply(pattern: str, rule: Rule, text: str, sent: datetime) -> Due | None:
    match = re.search(pattern, text, re.IGNORECASE)
    try:
        return Due(rule(match, sent), match[0]) if match else None
    except (ValueError, OverflowError):
        return None


def _on(sent: datetime, month: int, day: int, year: int | None = None) -> datetime:
    """Return the end of that day; without a year it is the next such day."""
    due = sent.replace(year=year or sent.year, month=month, day=day, **END_OF_DAY)  # type: ignore[arg-type]
    return due.replace(year=due.year + 1) if year is None and due < sent - timedelta(days=90) else due


def _full_date(match: re.Match[str], sent: datetime) -> datetime:
    due = _on(sent, int(match[2]), int(match[3]), int(match[1]))
    return due.replace(hour=int(match[4]), minute=int(match[5])) if match[4] else due


def _month_day(match: re.Match[str], sent: datetime) -> datetime:
    return _on(sent, int(match[1]), int(match[2]))


def _day_month_name(match: re.Match[str], sent: datetime) -> datetime:
    return _on(sent, MONTHS[match[2].lower()], int(match[1]))


def _month_name_day(match: re.Match[str], sent: datetime) -> datetime:
    return _on(sent, MONTHS[match[1].lower()], int(match[2]))


def _slashed(match: re.Match[str], sent: datetime) -> datetime:
    """Read 20/11 and 11/20; where both could be, the month stands first, as here in China."""
    first, second = int(match[1]), int(match[2])
    return _on(sent, second, first) if first > 12 else _on(sent, first, second)


def _hours(match: re.Match[str], sent: datetime) -> datetime:
    return sent + timedelta(hours=number(match[1]) or 0)


def _days(match: re.Match[str], sent: datetime) -> datetime:
    return (sent + timedelta(days=number(match[1]) or 0)).replace(**END_OF_DAY)  # type: ignore[arg-type]


def _weeks(match: re.Match[str], sent: datetime) -> datetime:
    return (sent + timedelta(weeks=number(match[1]) or 0)).replace(**END_OF_DAY)  # type: ignore[arg-type]


def _weekday(match: re.Match[str], sent: datetime) -> datetime:
    wanted = WEEKDAYS[match[2]]
    ahead = wanted - sent.weekday() + 7 if "下" in match[1] else (wanted - sent.weekday()) % 7
    return (sent + timedelta(days=ahead)).replace(**END_OF_DAY)  # type: ignore[arg-type]


def _english_weekday(match: re.Match[str], sent: datetime) -> datetime:
    ahead = (ENGLISH_DAYS[match[1].lower()] - sent.weekday()) % 7
    return (sent + timedelta(days=ahead)).replace(**END_OF_DAY)  # type: ignore[arg-type]


def _end_of_week(_: re.Match[str], sent: datetime) -> datetime:
    return (sent + timedelta(days=max(0, 4 - sent.weekday()))).replace(**END_OF_DAY)  # type: ignore[arg-type]


def _near(match: re.Match[str], sent: datetime) -> datetime:
    due = (sent + timedelta(days={"今": 0, "明": 1, "后": 2}[match[1]])).replace(**END_OF_DAY)  # type: ignore[arg-type]
    return due.replace(hour=int(match[2]), minute=0) if match[2] else due


# How a time is written → how it is counted.  Dates of the past in the same text are dropped by the caller.
RULES: tuple[tuple[str, Rule], ...] = (
    (r"(20\d\d)\s*[-/.年]\s*(\d{1,2})\s*[-/.月]\s*(\d{1,2})日?(?:\s+(\d{1,2})[:：](\d{2}))?", _full_date),
    (r"(?<!\d)(\d{1,2})月(\d{1,2})[日号號]?(?:之?前|以前|まで|下班|[内內]|完成|\s*(?:提交|回复))", _month_day),
    (r"(?<![\d/])(\d{1,2})/(\d{1,2})[日号]?(?:\([^)]*\))?(?:之?前|以前|まで|下班前)", _month_day),
    (rf"{BY}(\d{{1,2}})[- /.]?(?:st|nd|rd|th)?[- ]?(?:of )?({'|'.join(MONTHS)})\w*", _day_month_name),
    (rf"{BY}({'|'.join(MONTHS)})\w*\.?\s+(\d{{1,2}})", _month_name_day),
    (rf"{BY}(\d{{1,2}})/(\d{{1,2}})(?!\d)", _slashed),
    (rf"{COUNT}\s*(?:个)?(?:小时|小時|時間以内|h\b)(?:之?[内內]|以[内內])?", _hours),
    (r"(?:within|in|next)\s+(\d+)\s*(?:hours?|hrs?|h)\b", _hours),
    (rf"{COUNT}\s*(?:日|天)(?:之?[内內]|以[内內])", _days),
    (r"(?:within|in)\s+(\d+)\s*(?:calendar )?days?\b", _days),
    (rf"{COUNT}\s*(?:个)?(?:周|週|星期)(?:之?[内內]|以[内內])", _weeks),
    (r"(本周|这周|下周|本週|下週|下星期|周|星期|週)([一二三四五六日天])(?:之?前|下班前|以前)", _weekday),
    (rf"(?:by|until|before|till)\s+(?:this |next |coming )?({'|'.join(ENGLISH_DAYS)})", _english_weekday),
    (r"本周内|本週內|这周内|within this week|by the end of (?:this|the) week", _end_of_week),
    (r"([今明后])(?:天|日|早|晚|后天)?(?:上午|早上|下午)?(\d{1,2})?[点點]?(?:下班)?(?:之?前|以前)", _near),
)  # fmt: skip
