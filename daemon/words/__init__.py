"""The tables of words that ship with kesu, read from beside this file when they are asked for first."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from daemon.core.review_hints import ReviewWords
from daemon.core.triage import WordTables

FOLDER = Path(__file__).parent


@cache
def shipped_triage() -> WordTables:
    """Return the words by which complaints are judged."""
    return WordTables.model_validate(_table("triage"))


@cache
def shipped_review() -> ReviewWords:
    """Return the words by which answers are looked over for their sender."""
    return ReviewWords.model_validate(_table("review"))


def _table(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / f"{name}.toml").read_text(encoding="utf-8"))
