"""What a tick takes to find what is due among very many open cases: `python -m tests.bench.due`, or `make bench`.

BENCH_CASES makes it smaller.  Each case has ten open steps, but every other one is closed and followed: a check of it
was asked for and another is planned.  Next due times are spread over a month.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any
from uuid import UUID

from sqlalchemy import insert

from daemon.adapters.store import address_of, open_store
from daemon.adapters.store.snapshots import case_text
from daemon.adapters.store.tables import cases
from daemon.core.case import Case, Follow, StepState, StepStatus
from daemon.core.timing import due
from daemon.seams import Store
from tests.core.play import CALENDARS, PROCESS, at, registered, to_closed
from tests.servers.postgresql import running

CASES = int(os.environ.get("BENCH_CASES", "100000"))
STEPS = 10
NOW = at("11-16 10:00")
MONTH = timedelta(days=30)
AT_ONCE = (0, 1, 100)  # cases that are due at the tick; of 100,000 in a month it is one or two
REPEATED = 9
PAGE = 2000
CUSTOMERS = 500


def main() -> None:
    """Measure, and print the table."""
    print("| store | cases, ten open steps each | due | a tick finds them in | aim | their reminders |")
    print("|---|---:|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory(prefix="kesu-bench-") as folder:
        _measure("SQLite", open_store(address_of(f"sqlite:///{Path(folder) / 'kesu.db'}")))
    with running() as server:
        _measure("PostgreSQL", open_store(server.address(server.new_schema())))


def _measure(name: str, store: Store) -> None:
    try:
        fill(store, CASES)
        for count in AT_ONCE:
            # The cases are due one after another; at this instant so many of them are.
            then = NOW + MONTH / CASES * (count - 1)
            took, found = seconds(lambda then=then: store.due_cases(then, 1000))
            worked, _ = seconds(lambda then=then, some=found: [due(one, PROCESS, CALENDARS, then) for one in some])
            shown = f"{1000 * took:.1f} ms | ≤ 50 ms | {1000 * worked:.1f} ms"
            print(f"| {name} | {CASES} | {len(found)} | {shown} |")
        _measure_repeats(name, store)
    finally:
        store.close()


def _measure_repeats(name: str, store: Store) -> None:
    """Print what it takes to look for the earlier cases of a customer."""
    took, found = seconds(lambda: store.cases_of_customer("customer7", 200))
    print(f"| {name} | {CASES} | {len(found)} of one customer | {1000 * took:.1f} ms | | |")


def seconds(work: Callable[[], Sequence[Any]]) -> tuple[float, Sequence[Any]]:
    """Return the seconds that this takes, the middle one of several times, and what it gives."""
    took = []
    for _ in range(REPEATED):
        begun = perf_counter()
        given = work()
        took.append(perf_counter() - begun)
    return median(took), given


def fill(store: Store, count: int) -> None:
    """Lay so many open cases into the store, due one after another from NOW on."""
    with store._writing() as connection:  # type: ignore[attr-defined]
        for page in _pages(count):
            connection.execute(insert(cases), page)


def _pages(count: int) -> Iterator[list[dict[str, object]]]:
    made = [(case, case_text(case)) for case in (with_open_steps(), followed())]
    for first in range(0, count, PAGE):
        numbers = range(first, min(first + PAGE, count))
        yield [_row(*made[number % len(made)], number, NOW + MONTH / count * number) for number in numbers]


def _row(case: Case, text: str, number: int, then: datetime) -> dict[str, object]:
    key = UUID(int=number + 1)
    return {
        "id": key,
        "number": f"{number:07}",
        "profile": case.profile,
        "status": case.status,
        "seq": case.seq,
        "opened_at": case.opened_at,
        "next_due_at": then,
        "customer": f"customer{number % CUSTOMERS}",
        "snapshot": text.replace(str(case.id), str(key)).replace(f'"{case.number}"', f'"{number:07}"'),
    }


def with_open_steps() -> Case:
    """Return a case of the shipped profile with ten open steps, all due this month."""
    case = registered().case
    steps = dict(case.steps)
    for n, key in enumerate(list(steps)[:STEPS]):
        steps[key] = StepState(StepStatus.OPEN, opened_at=at("11-02 09:00"), due_at=at("11-16 09:00") + timedelta(n))
    return replace(case, steps=steps)


def followed() -> Case:
    """Return a closed case of the shipped profile of which one check was asked for and another is planned."""
    case, since = to_closed().case, at("11-12 09:00")
    late = StepState(StepStatus.OPEN, opened_at=at("11-13 09:00"), due_at=at("11-16 09:00"))
    found = {
        one.id: Follow(since, asked=late, was_asked=True) if one.due else Follow(since, planned_at=at("11-16 09:00"))
        for one in PROCESS.followup
    }
    return replace(case, followups=found)


if __name__ == "__main__":
    main()
