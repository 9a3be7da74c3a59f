from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from daemon.adapters.clock import SystemClock
from tests.fakes.clock import ClockRunsBackwards, VirtualClock

START = datetime(2026, 3, 2, 8, 0, tzinfo=timezone(timedelta(hours=8)))


def test_the_systems_clock_is_aware_and_in_utc():
    clock = SystemClock()
    assert clock.now().tzinfo is UTC
    assert clock.now() <= clock.now()


def test_a_virtual_clock_stands_until_it_is_moved():
    clock = VirtualClock(START)
    assert clock.now() == clock.now() == START
    assert clock.now().tzinfo is UTC
    assert clock.advance(timedelta(hours=1)) == START + timedelta(hours=1)
    assert clock.to(START + timedelta(days=1)) == clock.now()


def test_it_does_not_run_backwards():
    clock = VirtualClock(START)
    with pytest.raises(ClockRunsBackwards):
        clock.to(START - timedelta(seconds=1))
    with pytest.raises(ClockRunsBackwards):
        clock.advance(timedelta(seconds=-1))


def test_a_time_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="no time zone"):
        VirtualClock(datetime(2026, 3, 2))  # noqa: DTZ001
