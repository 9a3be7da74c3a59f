"""What a process profile can say: steps, choices, times, ladders, roles.  A closed vocabulary; steps are data."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator, model_validator

from daemon.core.case import Severity, Status
from daemon.core.durations import BadDuration, Duration, parse_duration
from daemon.core.process.words import Words, in_language

GRADES = {"general": Severity.GENERAL, "important": Severity.IMPORTANT, "critical": Severity.CRITICAL}


def _one_or_many(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _duration(value: object) -> object:
    if not isinstance(value, str):
        return value
    try:
        return parse_duration(value)
    except BadDuration as fault:
        raise ValueError(str(fault)) from fault


Names = Annotated[tuple[str, ...], BeforeValidator(_one_or_many)]
Due = Annotated[Duration, BeforeValidator(_duration)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


class Tell(_Part):
    """A mail that a choice or a step sends: template, addressee's role, document."""

    template: str
    to: Names
    form: str = ""


class Choice(_Part):
    """One verdict that the owner of a step may give, by a button or in words."""

    words: Words
    synonyms: tuple[str, ...] = ()
    intent: str = ""
    sets: Mapping[str, str] = Field(default_factory=dict)
    needs_reason: bool = False
    done: bool = True
    back_to: Names = ()
    ends: Status | None = None
    tells: tuple[Tell, ...] = ()
    danger: bool = False


class DueWhen(_Part):
    """A due time that holds when a fact has a value."""

    fact: str
    is_: str = Field(alias="is")
    due: Due


class Acknowledged(_Part):
    """What 收到 does beside being noted: sections that name the sender, and whether the step is done by it."""

    names_sender: Names = ()
    done: bool = False


class Step(_Part):
    """One step of the process; see docs/architecture.md for the words."""

    id: str
    title: Words
    owner: Names
    phase: Status
    due: Mapping[str, Due] = Field(default_factory=dict)
    due_when: tuple[DueWhen, ...] = ()
    dates_of: str = ""
    customer_date: bool = False
    after: Names = ()
    when: Mapping[str, Names] = Field(default_factory=dict)
    gives: Names = ()
    takes: str = ""
    passes_on: bool = False
    ask: Words = Field(default_factory=dict)
    notice: str = "task"
    form: str = ""
    evidence: bool = False
    sends: Tell | None = None
    choices: Mapping[str, Choice] = Field(default_factory=dict)
    on_acknowledge: Acknowledged = Acknowledged()
    ladder: str = "default"
    calendar: str = ""
    urgent_for: Names = ("critical",)

    def due_in(self, severity: Severity) -> Duration | None:
        """Return how long this step may take at this grade."""
        grade = next(key for key, value in GRADES.items() if value is severity)
        return self.due.get(grade) or self.due.get("default")

    def is_urgent(self, severity: Severity) -> bool:
        """Tell whether the notices of this step go out at once, outside working time too."""
        return severity in {GRADES[grade] for grade in self.urgent_for}


class Rung(_Part):
    """One rung of a ladder: when it is reached, and the roles that are told."""

    to: Names
    at: str = ""
    every: Due | None = None
    most: int = 1
    template: str = "reminder"

    @model_validator(mode="after")
    def _one_time(self) -> Rung:
        if bool(self.at) == bool(self.every):
            raise ValueError("a rung needs either `at` (75%, due, +1wd) or `every` (4h)")
        if self.at and not re.fullmatch(r"due|\d{1,2}%|100%|\+.*", self.at):
            raise ValueError(f"`at` is a share (75%), `due` or a time after it (+1wd), not {self.at!r}")
        if self.at.startswith("+"):
            _duration(self.at[1:])
        return self


class Numbering(_Part):
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


class ExtraFact(_Part):
    """A fact that this profile adds: a ledger column, labels to read in mails, a line of the forms."""

    header: str
    kind: str = "text"
    values: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()


class Progress(_Part):
    """Which open cases get a weekly word on how they stand, and who gets it."""

    grades: Names = ()
    to: Names = ()


class Process(_Part):
    """A company's complaint process."""

    id: str
    title: Words
    number: Numbering = Numbering()
    roles: Mapping[str, Words]
    facts: Mapping[str, ExtraFact] = Field(default_factory=dict)
    sections: Mapping[str, Words] = Field(default_factory=dict)
    registered: tuple[Tell, ...] = ()
    alarm: Mapping[str, Tell] = Field(default_factory=dict)
    step: tuple[Step, ...]
    ladder: Mapping[str, Mapping[str, tuple[Rung, ...]]]
    progress: Progress = Progress()
    most_transfers: int = 3

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Return the steps by id, in the order of the profile."""
        return {step.id: step for step in self.step}

    def rungs(self, step: Step, severity: Severity) -> tuple[Rung, ...]:
        """Return the ladder of a step at a grade."""
        ladder = self.ladder[step.ladder]
        grade = next(key for key, value in GRADES.items() if value is severity)
        return ladder.get(grade, ladder.get("default", ()))

    def after_all(self, ids: tuple[str, ...]) -> frozenset[str]:
        """Return these steps and every step that waits for one of them, however indirectly."""
        found = set(ids)
        for step in self.step * len(self.step):
            if found & set(step.after):
                found.add(step.id)
        return frozenset(found)

    def section_title(self, key: str, language: str) -> str:
        """Return what people call a section."""
        return in_language(self.sections.get(key, {}), language) or key

    def role_title(self, role: str, language: str) -> str:
        """Return what people call a role."""
        return in_language(self.roles.get(role, {}), language) or role
