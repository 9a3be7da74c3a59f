"""A complaint says the same when a colleague forwards it: by every mail program, in every charset, in other words."""

import pytest

from tests.intake.rewrapping import CLIENTS, scored

AT_LEAST = 0.95


@pytest.mark.parametrize("client", CLIENTS)
def test_a_complaint_is_read_as_before_when_it_is_forwarded(client):
    right, all_, misses = scored((client,))
    assert all_[client] > 2000
    assert right[client] / all_[client] >= AT_LEAST, "\n".join(misses[:40])
