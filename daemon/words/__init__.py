"""The tables of words that ship with kesu, read from beside this file when they are asked for first."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path

from daemon.core.triage import WordTables

FOLDER = Path(__file__).parent


@cache
def shipped_triage() -> WordTables:
    """Return the words by which complaints are judged."""
    return WordTables.model_validate(tomllib.loads((FOLDER / "triage.toml").read_text(encoding="utf-8")))
