"""Whether LibreOffice is on this machine, for the tests that let it open and save our files."""

from __future__ import annotations

import os
import shutil

import pytest

needs_libreoffice = pytest.mark.skipif(
    shutil.which("soffice") is None and not os.environ.get("KESU_REQUIRE_SERVERS"),
    reason="needs LibreOffice on this machine",
)
