"""The clocks: the only module that may ask the machine what time it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present instant, aware, in UTC."""
        return datetime.now(UTC)  # noqa: TID251 — this is the one place that is meant to


class VirtualClock:
    """A clock that stands still until it is moved; the demo and the simulation run on it."""

    def __init__(self, start: datetime) -> None:
        self._now = _utc(start)

    def now(self) -> datetime:
        """Return the instant at which the clock stands, aware, in UTC."""
        return self._now

    def advance(self, step: timedelta) -> datetime:
        """Move the clock forward by `step` and return the new instant.

        Raises ClockRunsBackwards.
        """
        return self.to(self._now + step)

    def to(self, moment: datetime) -> datetime:
        """Move the clock to `moment` and return it.

        Raises ClockRunsBackwards; ValueError when `moment` has no time zone.
        """
        moment = _utc(moment)
        if moment < self._now:
            raise ClockRunsBackwards(self._now, moment)
        self._now = moment
        return moment


class ClockRunsBackwards(ValueError):
    """A virtual clock was asked to go back."""

    def __init__(self, now: datetime, wanted: datetime) -> None:
        super().__init__(f"the clock stands at {now.isoformat()} and cannot go back to {wanted.isoformat()}")


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError(f"{moment.isoformat()} has no time zone; give an aware datetime")
    return moment.astimezone(UTC)
