"""People who are away: until when, who stands in, and the directory as it is meanwhile.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from daemon.core.dates import latest_date
from daemon.core.directory import Directory
from daemon.core.durations import parse_duration
from daemon.core.worktime import WorkCalendar

USUAL = parse_duration("3wd")  # where an answer names no date
LONGEST = parse_duration("6mo")  # what is later is no absence but a slip, or a former colleague
OUT = re.compile(
    r"(?i)休假|年假|病假|产假|婚假|事假|请假|請假|出差|外出|不在(?:办公室|辦公室|公司|单位)|假期"
    r"|out of (?:the )?office|\booo\b|on (?:annual |sick |parental |business )?(?:leave|vacation|holiday|travel|trip)"
    r"|away from|abwesen"
)
BACK = re.compile(r"(?i)回来|回來|返回|返岗|返崗|回岗|回公司|上班|恢复上班|back|return")
DEPUTY = re.compile(
    r"(?i)\s*(?:代理人?|代班人?|deputy)\s*[:：]\s*(?P<name>[^，,。；;：:\n]{1,40}?)\s*"
    r"(?:[，,；;\s]\s*(?:至|到|until|till|through|by)?\s*(?P<until>[^\n]*))?$"
)
ENDED = frozenset({"取消", "结束", "結束", "无", "無", "none", "off", "cancel", "end"})


@dataclass(frozen=True, slots=True)
class Absence:
    """Somebody's addresses, until when, and the id of who was named to stand in; empty: whoever the directory says.

    `handed_on` tells whether what waited for him or her was passed on.
    """

    addresses: tuple[str, ...]
    until: datetime
    deputy: str = ""
    handed_on: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """What a person says of a deputy: the name, empty to end it, and the words that tell until when."""

    name: str
    until: str = ""


def tells_absence(text: str) -> bool:
    """Tell whether an automatic answer says that somebody is away, not merely that a mail came in."""
    return bool(OUT.search(text))


def away_until(text: str, now: datetime, calendar: WorkCalendar) -> datetime:
    """Return until when an automatic answer's writer is away: the date it names, else three working days.

    A day on which somebody is back ends the absence as its work begins, any other as its work ends.
    """
    usual = calendar.add(now, USUAL)
    day = latest_date(text, now.astimezone(calendar.zone).date())
    if day is None:
        return usual
    until = calendar.start_of_day(day) if BACK.search(text) else calendar.end_of_day(day)
    return until if now < until <= calendar.add(now, LONGEST) else usual


def deputy_in(text: str) -> Named | None:
    """Return the deputy whom the first line of a reply names: 代理：孙大鹏，至 12月5日; None when it names none."""
    found = DEPUTY.match(text.strip().partition("\n")[0])
    if not found:
        return None
    name = found["name"].strip()
    return Named("" if name.casefold() in ENDED else name, (found["until"] or "").strip())


def meanwhile(directory: Directory, absences: Iterable[Absence], now: datetime) -> Directory:
    """Return the directory as it is now: who is away, and who was named to stand in."""
    valid = [one for one in absences if now < one.until]
    if not valid:
        return directory
    people = dict(directory.people)
    for one in valid:
        person = directory.person(one.addresses[0])
        if person and one.deputy:
            people[person.id] = replace(person, deputy=one.deputy)
    away = frozenset(address.lower() for one in valid for address in one.addresses)
    return replace(directory, people=people, away=away)


def as_data(absences: Iterable[Absence]) -> list[dict[str, object]]:
    """Return absences as plain JSON."""
    return [
        {
            "addresses": list(one.addresses), "until": one.until.isoformat(), "deputy": one.deputy,
            "handed_on": one.handed_on,
        }
        for one in absences
    ]  # fmt: skip


def from_data(rows: Iterable[Mapping[str, Any]]) -> tuple[Absence, ...]:
    """Return absences that were kept as plain JSON."""
    return tuple(
        Absence(
            tuple(row["addresses"]),
            datetime.fromisoformat(str(row["until"])),
            str(row["deputy"] or ""),
            bool(row["handed_on"]),
        )
        for row in rows
    )
