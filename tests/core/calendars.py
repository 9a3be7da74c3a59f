"""Calendars of all shapes for property tests: day hours, short Saturdays, shifts past midnight, three shifts."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from daemon.core.pauses import Pause
from daemon.core.windows import Windows
from daemon.core.worktime import WorkCalendar

SHANGHAI, BERLIN, LISBON = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin"), ZoneInfo("Europe/Lisbon")

DAY: Windows = ((time(8), time(12)), (time(13), time(17, 30)))
MORNING: Windows = ((time(8), time(12)),)
LATE: Windows = ((time(14), time(22)),)
NIGHT: Windows = ((time(22), time(1)),)
LONG_NIGHT: Windows = ((time(20), time(0, 30)),)
EVENING_TO_EARLY: Windows = ((time(18), time(22)), (time(22, 30), time(6)))
SMALL_HOURS: Windows = ((time(1), time(2, 30)), (time(2, 40), time(5)))
THREE_SHIFTS: Windows = ((time(6), time(14)), (time(14), time(22)), (time(22), time(6)))

# A week's shifts stand apart from the next day's whatever is drawn: all that run past midnight end before 06:00.
_PATTERNS = (DAY, MORNING, LATE, NIGHT, LONG_NIGHT, EVENING_TO_EARLY, THREE_SHIFTS, ())
_WEEKS = st.one_of(
    st.sampled_from((DAY, LATE, NIGHT, EVENING_TO_EARLY, THREE_SHIFTS, SMALL_HOURS)).flatmap(
        lambda windows: st.sampled_from((5, 6, 7)).map(lambda days: dict.fromkeys(range(days), windows))
    ),
    st.tuples(st.sampled_from(_PATTERNS[:-1]), *[st.sampled_from(_PATTERNS)] * 6).map(lambda w: dict(enumerate(w))),
)
_DAYS = st.dates(date(2026, 1, 1), date(2027, 6, 30))


def calendars() -> st.SearchStrategy[WorkCalendar]:
    return st.builds(
        WorkCalendar,
        st.sampled_from((SHANGHAI, BERLIN, LISBON)),
        _WEEKS,
        st.frozensets(_DAYS, max_size=15),
        st.dictionaries(_DAYS, st.sampled_from((None, MORNING, EVENING_TO_EARLY)), max_size=8),
    )


def instants() -> st.SearchStrategy[datetime]:
    near_changes = st.sampled_from((datetime(2026, 3, 28, 12), datetime(2026, 10, 24, 12)))  # noqa: DTZ001
    close = st.builds(lambda at, minutes: at + timedelta(minutes=minutes), near_changes, st.integers(0, 2880))
    anywhere = st.datetimes(datetime(2026, 1, 5), datetime(2026, 12, 31))  # noqa: DTZ001
    return st.one_of(close, anywhere.map(lambda at: at.replace(microsecond=0))).map(
        lambda at: at.replace(tzinfo=ZoneInfo("UTC"))
    )


def pauses() -> st.SearchStrategy[tuple[Pause, ...]]:
    one = st.builds(lambda at, hours: Pause(at, at + timedelta(hours=hours)), instants(), st.integers(0, 200))
    return st.lists(one, max_size=4).map(tuple)
