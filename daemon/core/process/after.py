"""What a profile says about time and repetition: rules that raise a grade, and complaints that come again."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from daemon.core.process.parts import Due, Names, Part, When


class Raising(Part):
    """A rule that raises the grade once: when facts are so, when a case is so old, or both.

    To `grade`; or `by` so many grades, at most to `grade`, unless a person has said what the grade is.
    """

    id: str
    grade: str = ""
    by: int = Field(default=0, ge=0, le=2)
    after: Due | None = None
    when: When = ()


class Recurrence(Part):
    """When a complaint repeats an earlier one, and what follows: a new case that is linked, or the old one again.

    `same` names the facts that must be alike, the customer among them; `within` counts from the closing of the earlier
    case, one that is open still counts always.
    """

    within: Due
    same: Names = Field(default=("customer", "part_no", "phenomenon"), min_length=1)
    then: Literal["link", "reopen"] = "link"
    tells: Names = ("quality_engineer",)
