"""A share of `make crash`: each kind of boundary, and every sixtieth disturbance."""

from __future__ import annotations

import pytest

from tests.crash.sweep import SWEEP

pytestmark = pytest.mark.server

EVERY = 60


def share(jobs):
    kinds = {job.boundary.kind: job for job in jobs}
    return list(dict.fromkeys([*jobs[::EVERY], *kinds.values()]))


def test_every_promise_holds_after_a_crash_at_any_boundary(need_dovecot, need_strace):
    said = []
    results = SWEEP.run(share, said.append)
    assert len(results) > 30
    assert sum(one.hit for one in results) > len(results) * 0.9, SWEEP.table(results)
    assert not [one for one in results if one.problems], "\n".join(said)
