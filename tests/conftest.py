"""Fixtures of real servers, and the closing word on what could not be tested against them."""

from __future__ import annotations

pytest_plugins = ["tests.servers.fixtures"]


def pytest_unconfigure(config):
    """Say in the last line which real-server tests were left out."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    left_out = sorted({report.nodeid for report in reporter.stats.get("skipped", [])}) if reporter else []
    if left_out:
        reporter.write_line(f"left out, because this machine has no such server: {', '.join(left_out)}")
