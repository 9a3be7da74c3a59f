"""The ledger that people and the daemon share, at random; `make fuzz` does the same for long."""

from __future__ import annotations

from hypothesis import HealthCheck, settings

from tests.shared.machine import SharedLedger

EXAMPLES, STEPS = 200, 12

TestSharedLedger = SharedLedger.TestCase
TestSharedLedger.settings = settings(
    max_examples=EXAMPLES, stateful_step_count=STEPS, deadline=None, suppress_health_check=list(HealthCheck)
)
