"""How a case gets its number, as a profile says."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Literal

from pydantic import field_validator

from daemon.core.process.parts import Part


class Numbering(Part):
    """How a case gets its number: `pattern` with yy, yyyy, mm and seq, restarting each month or year or never."""

    pattern: str = "{yy}{mm}{seq:03}"
    restarts: Literal["month", "year", "never"] = "month"

    @field_validator("pattern")
    @classmethod
    def _can_be_filled(cls, pattern: str) -> str:
        try:
            first, second = (pattern.format(yy="26", yyyy="2026", mm="11", seq=seq) for seq in (1, 2))
        except (LookupError, ValueError) as fault:
            raise ValueError(f"the pattern may hold {{yy}}, {{yyyy}}, {{mm}} and {{seq:03}}, not {fault}") from fault
        if first == second:
            raise ValueError("the pattern needs {seq:03}, or all cases would have the same number")
        return pattern

    def number(self, seq: int, local: datetime) -> str:
        """Return the number of the case that is the seq-th of the period of a local instant."""
        return self.pattern.format(yy=f"{local:%y}", yyyy=f"{local:%Y}", mm=f"{local:%m}", seq=seq)

    def first_longer(self, local: datetime) -> str:
        """Return the first number of this period that has one digit more than the pattern, empty when none has."""
        width = re.search(r"\{seq:0?(\d+)d?\}", self.pattern)
        return self.number(10 ** int(width[1]), local) if width else ""
