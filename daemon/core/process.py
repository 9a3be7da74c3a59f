"""The process profile: what the language can say, and loading one with every fault named.  Steps are data."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator, model_validator

from daemon.core.case import Severity, Status
from daemon.core.durations import BadDuration, Duration, parse_duration
from daemon.core.toml_places import line_of, line_of_fault

GRADES = {"general": Severity.GENERAL, "important": Severity.IMPORTANT, "critical": Severity.CRITICAL}
FALLBACKS = {"zh-TW": ("zh-TW", "zh-CN", "en"), "zh-CN": ("zh-CN", "en"), "en": ("en", "zh-CN")}


def in_language(words: Mapping[str, str], language: str) -> str:
    """Return the words in the language asked for, or in the next best there is."""
    for choice in (*FALLBACKS.get(language, ("en", "zh-CN")), *words):
        if choice in words:
            return words[choice]
    return ""


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
Words = Mapping[str, str]
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


@dataclass(frozen=True, slots=True)
class Fault:
    """Something to mend, with its place and what to do."""

    file: str
    line: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}: {self.text}"


class BadProfile(Exception):
    """A profile with faults, all of them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


def load_process(text: str, file: str) -> Process:
    """Read a profile.  Raises BadProfile with every fault and its line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadProfile((Fault(file, line_of_fault(text, fault), f"this is not TOML: {fault}"),)) from fault
    try:
        process = Process.model_validate(data)
    except ValidationError as errors:
        raise BadProfile(tuple(_faults(errors, text, file))) from errors
    wrong = tuple(Fault(file, line_of(text, place), say) for place, say in _unsound(process))
    if wrong:
        raise BadProfile(wrong)
    return process


def fingerprint(text: str) -> str:
    """Return the hash by which a case pins its profile."""
    return sha256(text.encode()).hexdigest()


def _faults(errors: ValidationError, text: str, file: str) -> Iterator[Fault]:
    for error in errors.errors():
        place = ".".join(map(str, error["loc"]))
        yield Fault(file, line_of(text, error["loc"]), f"{place}: {error['msg']}")


Place = tuple[tuple[str | int, ...], str]


def _unsound(process: Process) -> Iterator[Place]:
    """Yield what a schema cannot see: names that do not exist, steps that nothing opens, missing times and owners."""
    seen: set[str] = set()
    for index, step in enumerate(process.step):
        place: tuple[Any, ...] = ("step", index)
        if step.id in seen:
            yield (*place, "id"), f"two steps are called {step.id!r}; give one of them another id"
        seen.add(step.id)
        yield from _unknown_names(process, step, place)
        if not step.sends and any(step.due_in(grade) is None for grade in Severity):
            yield (*place, "due"), f"step {step.id!r} has no due time for every grade; add it, or `default`"
        if not (step.gives or step.takes or step.choices or step.sends or step.on_acknowledge.done):
            yield (*place, "gives"), f"nothing ever ends step {step.id!r}; say what it gives, or its choices"
    yield from _unknown_roles(process)
    yield from _unknown_grades(process)
    for missing in sorted(seen - _reachable(process)):
        index = next(i for i, s in enumerate(process.step) if s.id == missing)
        yield ("step", index, "after"), f"step {missing!r} is never reached: it waits, at the end, for itself"


def _unknown_names(process: Process, step: Step, place: tuple[Any, ...]) -> Iterator[Place]:
    for names, known, key, say in (
        (step.after, process.steps, "after", "waits for {!r}, which is no step"),
        (step.owner, process.roles, "owner", "belongs to {!r}, which is no role; add it to [roles]"),
        ((step.ladder,), process.ladder, "ladder", "uses the ladder {!r}, which is not there"),
        (_sections(step), process.sections, "gives", "gives {!r}, which has no title in [sections]"),
    ):
        for name in names:
            if name not in known:
                yield (*place, key), f"step {step.id!r} {say.format(name)}"
    for name, choice in step.choices.items():
        for target in set(choice.back_to) - set(process.steps):
            yield (*place, "choices", name, "back_to"), f"choice {name!r} goes back to {target!r}, which is no step"


def _unknown_roles(process: Process) -> Iterator[Place]:
    told: list[tuple[tuple[str | int, ...], Iterable[str]]] = [(("progress", "to"), process.progress.to)]
    told += [(("registered", index, "to"), tell.to) for index, tell in enumerate(process.registered)]
    told += [(("alarm", grade, "to"), tell.to) for grade, tell in process.alarm.items()]
    for index, step in enumerate(process.step):
        told += [(("step", index, "sends"), step.sends.to)] if step.sends else []
        for key, choice in step.choices.items():
            told += [(("step", index, "choices", key, "tells"), tell.to) for tell in choice.tells]
    for name, grades in process.ladder.items():
        told += [(("ladder", name, grade), rung.to) for grade, rungs in grades.items() for rung in rungs]
    for place, roles in told:
        for role in dict.fromkeys(roles):
            if role not in process.roles:
                yield place, f"{role!r} is no role; add it to [roles]"


def _unknown_grades(process: Process) -> Iterator[Place]:
    named: list[tuple[tuple[str | int, ...], Iterable[str], str]] = [
        (("progress", "grades"), process.progress.grades, ""),
        (("alarm",), process.alarm, ""),
    ]
    for index, step in enumerate(process.step):
        named += [(("step", index, "due"), step.due, "default"), (("step", index, "urgent_for"), step.urgent_for, "")]
    named += [(("ladder", name), grades, "default") for name, grades in process.ladder.items()]
    for place, grades, also in named:
        for grade in grades:
            if grade not in {*GRADES, also}:
                yield place, f"{grade!r} is no grade; there are {', '.join(filter(None, (*GRADES, also)))}"
    for name, grades in process.ladder.items():
        for grade in () if "default" in grades else sorted(set(GRADES) - set(grades)):
            yield ("ladder", name), f"the ladder {name!r} says nothing for {grade}; add it, or `default`"


def _sections(step: Step) -> tuple[str, ...]:
    sections = (key for key in step.gives if key.startswith("d") and "." in key)
    return (*sections, *((step.takes,) if step.takes else ()))


def _reachable(process: Process) -> set[str]:
    reached: set[str] = set()
    for _ in process.step:
        reached |= {step.id for step in process.step if set(step.after) <= reached}
    return reached
