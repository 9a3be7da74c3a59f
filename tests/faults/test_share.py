"""A share of `make faults`: each kind of fault once at least, and every fortieth."""

from __future__ import annotations

import pytest

from tests.faults.sweep import SWEEP

pytestmark = pytest.mark.server

EVERY = 40


def share(jobs):
    kinds = {(job.kind, job.fault): job for job in jobs}
    return list(dict.fromkeys([*jobs[::EVERY], *kinds.values()]))


def test_every_promise_holds_whatever_is_between_the_daemon_and_its_servers(need_dovecot):
    said = []
    results = SWEEP.run(share, said.append)
    assert len(results) > 30
    assert sum(one.hit for one in results) > len(results) * 0.8, SWEEP.table(results)
    assert not [one for one in results if one.problems], "\n".join(said)
