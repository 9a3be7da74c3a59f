"""A word in the log, once a week, while due times rest on days off that are only guessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.adapters.calendars import Guess, guesses
from daemon.config import named_settings_of, settings_of
from daemon.passes.desk import Desk, Happening

DUTY = "days off guessed"


def calendar_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Tell of each year whose days off are not announced, from the November before, once a week."""
    for guess in guessed(desk, now):
        year, week, _ = now.astimezone(desk.zone).isocalendar()
        if desk.store.finish_period(f"{DUTY} {guess.country}{guess.year}", f"{year}-W{week:02}", (), now):
            yield Happening("calendar.guessed", guess.says())


def guessed(desk: Desk, now: datetime) -> tuple[Guess, ...]:
    """Return the years whose days off are only guessed: what the administrator is to be told."""
    return guesses((settings_of(desk.config), *named_settings_of(desk.config).values()), now)
