"""Fixtures of real servers, and the closing word on what could not be tested against them."""

from __future__ import annotations

import pytest

pytest_plugins = ["tests.servers.fixtures"]


@pytest.hookimpl(trylast=True)
def pytest_terminal_summary(terminalreporter):
    """Say in the last line which real-server tests were left out."""
    left_out = sorted({report.nodeid for report in terminalreporter.stats.get("skipped", [])})
    if left_out:
        terminalreporter.write_line(f"left out, because this machine has no such server: {', '.join(left_out)}")
