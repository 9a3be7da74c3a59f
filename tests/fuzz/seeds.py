"""One seed of `make fuzz`, as a process of its own runs it."""

from __future__ import annotations

import logging
import traceback
from collections import Counter

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.ledger.sharing import COUNTED, Sharing
from tests.servers import libreoffice

STEPS = 20  # of an example, at the most


def run_seed(number: int, examples: int) -> tuple[int, Counter[str], str]:
    """Run the examples of a seed; return what was counted, and the first failure, made short."""
    logging.disable(logging.CRITICAL)
    COUNTED.clear()
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        deadline=None,
        database=None,
        phases=[Phase.generate, Phase.shrink],
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    failed = ""
    try:
        with libreoffice.at_hand() as Sharing.libreoffice:
            run_state_machine_as_test(seed(number)(Sharing), settings=chosen)
    except Exception:  # noqa: BLE001 - whatever it is, it is told, and the other seeds go on
        failed = traceback.format_exc(limit=-3)
    return number, Counter(COUNTED), failed
