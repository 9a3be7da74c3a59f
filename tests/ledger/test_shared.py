"""People and the daemon in the same workbook, in any order: nobody loses a cell.  `make fuzz` tries 10,000 orders."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.ledger.sharing import Sharing
from tests.servers import libreoffice


@pytest.fixture(scope="module", autouse=True)
def office():
    """Let people work in a real LibreOffice too, where there is one."""
    with libreoffice.at_hand() as Sharing.libreoffice:
        yield
    Sharing.libreoffice = None


TestSharing = Sharing.TestCase
TestSharing.settings = settings(
    max_examples=200,
    stateful_step_count=20,
    deadline=None,
    derandomize=True,  # the same 200 each time; `make fuzz` looks for new ones
    database=None,
    phases=[Phase.generate],  # a failure is told at once; `make fuzz` makes it short
    suppress_health_check=list(HealthCheck),
)
