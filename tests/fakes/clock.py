"""The virtual clock, which is part of the product because the demo runs on it."""

from __future__ import annotations

from daemon.adapters.clock import ClockRunsBackwards, VirtualClock

__all__ = ["ClockRunsBackwards", "VirtualClock"]
