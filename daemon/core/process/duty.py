"""What a profile says of calendar duties: mails of a day that comes again, about many cases or about none."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from daemon.core.days import Day, parse_day
from daemon.core.process.parts import Names, Part, When, one_or_many
from daemon.core.process.words import Spoken

Figure = Literal["on_time", "satisfied", "solved"]
Attached = Literal["internal", "external", "evidence"]


def _days(value: object) -> object:
    texts = one_or_many(value)
    return [parse_day(one) if isinstance(one, str) else one for one in texts] if isinstance(texts, list) else texts


class Listed(Part):
    """Which cases a duty is about: open ones, those registered or those closed, in a period or in all time."""

    are: Literal["open", "registered", "closed"]
    in_: Literal["", "this period", "last period", "since last time"] = Field(default="", alias="in")
    when: When = ()
    unless: When = ()


class Count(Part):
    """Figures of the cases: one line for each value of a fact, the most frequent first, or one line for all.

    `sum` adds numbers up; `rate` divides the sum of one number by that of another.  `limits` are upper limits for
    values of `by`, of the rate, or without one of complaints per delivery; `targets` are lower limits of figures.
    """

    title: Spoken = Field(default_factory=dict)
    by: str = ""
    figures: Annotated[tuple[Figure, ...], BeforeValidator(one_or_many)] = ()
    targets: Mapping[Figure, float] = Field(default_factory=dict)
    sum: Names = ()
    rate: tuple[str, str] | None = None
    limits: Mapping[str, float] = Field(default_factory=dict)


class Duty(Part):
    """A mail that is due on a day of the calendar, once in each period, to people who hold a role.

    With `skips_empty` nobody gets a list without cases.
    """

    id: str
    title: Spoken
    on: Annotated[tuple[Day, ...], BeforeValidator(_days)]
    ahead: int = Field(default=0, ge=0, le=10)
    to: Names = Field(min_length=1)
    cases: Listed | None = None
    skips_empty: bool = False
    columns: Names = ()
    attach: Annotated[tuple[Attached, ...], BeforeValidator(one_or_many)] = ()
    count: Annotated[tuple[Count, ...], BeforeValidator(one_or_many)] = ()
    ask: Spoken = Field(default_factory=dict)
