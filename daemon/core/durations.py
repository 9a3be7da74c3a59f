"""Lengths of time as profiles and people write them: 30wmin, 4h, 3wd.  Knows no calendar (see worktime)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 9999


class Unit(StrEnum):
    """What a duration counts."""

    MIN = "min"  # clock minutes, day and night
    H = "h"  # clock hours
    WMIN = "wmin"  # working minutes
    WH = "wh"  # working hours
    WD = "wd"  # working days
    D = "d"  # calendar days
    MO = "mo"  # calendar months


CLOCK = frozenset({Unit.MIN, Unit.H})
WORKING = frozenset({Unit.WMIN, Unit.WH, Unit.WD})

_PATTERN = re.compile(rf"\s*([0-9]{{1,4}})\s*({'|'.join(Unit)})\s*")

# unit: one, many.  Chinese does not tell one from many.
_WORDS: dict[str, dict[Unit, tuple[str, str]]] = {
    "zh-CN": {
        Unit.MIN: ("{}分钟", "{}分钟"),
        Unit.H: ("{}小时", "{}小时"),
        Unit.WMIN: ("{}工作分钟", "{}工作分钟"),
        Unit.WH: ("{}工作小时", "{}工作小时"),
        Unit.WD: ("{}个工作日", "{}个工作日"),
        Unit.D: ("{}天", "{}天"),
        Unit.MO: ("{}个月", "{}个月"),
    },
    "zh-TW": {
        Unit.MIN: ("{}分鐘", "{}分鐘"),
        Unit.H: ("{}小時", "{}小時"),
        Unit.WMIN: ("{}工作分鐘", "{}工作分鐘"),
        Unit.WH: ("{}工作小時", "{}工作小時"),
        Unit.WD: ("{}個工作日", "{}個工作日"),
        Unit.D: ("{}天", "{}天"),
        Unit.MO: ("{}個月", "{}個月"),
    },
    "en": {
        Unit.MIN: ("{} minute", "{} minutes"),
        Unit.H: ("{} hour", "{} hours"),
        Unit.WMIN: ("{} working minute", "{} working minutes"),
        Unit.WH: ("{} working hour", "{} working hours"),
        Unit.WD: ("{} working day", "{} working days"),
        Unit.D: ("{} day", "{} days"),
        Unit.MO: ("{} month", "{} months"),
    },
}


class BadDuration(ValueError):
    """A text that is no duration; the message says what is allowed."""

    def __init__(self, text: str) -> None:
        self.text = text
        super().__init__(
            f"{text!r} is not a length of time: write a whole number from 0 to {LONGEST} and a unit, such as 30wmin or "
            "3wd. Units: min, h (by the clock), wmin, wh, wd (working time), d (calendar days), mo (months)"
        )


@dataclass(frozen=True, slots=True)
class Duration:
    """A whole number of one unit, 0 to 9999.  Raises BadDuration for any other number."""

    amount: int
    unit: Unit

    def __post_init__(self) -> None:
        if not 0 <= self.amount <= LONGEST:
            raise BadDuration(str(self))

    @property
    def is_working(self) -> bool:
        """Tell whether only working time counts."""
        return self.unit in WORKING

    @property
    def is_clock(self) -> bool:
        """Tell whether it runs day and night, in minutes or hours."""
        return self.unit in CLOCK

    def __str__(self) -> str:
        return f"{self.amount}{self.unit}"


def parse_duration(text: str) -> Duration:
    """Read a duration such as 30wmin, 4h, 3wd, 7d or 3mo; spaces do not matter.  Raises BadDuration."""
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise BadDuration(text)
    return Duration(int(found[1]), Unit(found[2]))


def in_words(duration: Duration, language: str) -> str:
    """Say the duration to a person in zh-CN, zh-TW or en; any other language is answered in English."""
    one, many = _WORDS.get(language, _WORDS["en"])[duration.unit]
    return (one if duration.amount == 1 else many).format(duration.amount)
