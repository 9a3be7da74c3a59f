"""What a process profile can say: steps, choices, times, ladders, roles.  A closed vocabulary; steps are data."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from pydantic import Field, model_validator

from daemon.core.case import Severity, Status
from daemon.core.fields import BY_KEY, GIVABLE, UNSHOWN, Kind
from daemon.core.process.after import Raising, Recurrence
from daemon.core.process.duty import Duty
from daemon.core.process.letter import Letter
from daemon.core.process.numbering import Numbering
from daemon.core.process.parts import Due, DueByGrade, Names, Part, Terms, When, term
from daemon.core.process.words import DEFAULT_LANGUAGE, FALLBACKS, Spoken, Words, in_language
from daemon.core.terms import Term

GRADES = {"general": Severity.GENERAL, "important": Severity.IMPORTANT, "critical": Severity.CRITICAL}
OPENING, RECEIPT = "opening", "receipt"
COUNTED = {"zh-CN": "{}（第{}次）", "zh-TW": "{}（第{}次）", "en": "{} no. {}"}
REPORTER, LEDGER = "reporter", "ledger"  # in [hides]: all that tells who complained; the shared folder
QUALITY = ("quality_engineer", "quality_manager")
# Who may do what beside answering a step, where a profile does not say otherwise.
MAY: Mapping[str, tuple[str, ...]] = {
    "hold": QUALITY,
    "resume": QUALITY,
    "cancel": QUALITY,
    "reopen": (*QUALITY, "quality_director"),
    "merge": QUALITY,
    "split": QUALITY,
    "join": QUALITY,
    "leave": QUALITY,
    "subcase": QUALITY,
    "link": QUALITY,
    "assign": (*QUALITY, "department_manager"),
    "raise": (*QUALITY, "department_manager", "sales"),
    "note": (*QUALITY, "department", "department_manager", "sales", "quality_director", "general_manager"),
}


class Tell(Part):
    """A mail that a choice or a step sends: template, addressee's role, document."""

    template: str
    to: Names
    form: str = ""


class Choice(Part):
    """One verdict that the owner of a step may give, by a button or in words.

    `on` names the verdict for `on_…` keys of a step (reject → on_reject); one that `asks` sends the customer the list
    of the facts that are missing.  With `figures` the button's mail has a line for them; with `new_case` the matter
    goes on in a new case that is linked to this one.  `counts` is a number fact to which the verdict adds one.
    """

    words: Spoken
    synonyms: tuple[str, ...] = ()
    intent: str = ""
    on: str = ""
    sets: Mapping[str, str] = Field(default_factory=dict)
    needs_reason: bool = False
    asks: bool = False
    done: bool = True
    back_to: Names = ()
    ends: Status | None = None
    tells: tuple[Tell, ...] = ()
    danger: bool = False
    figures: bool = False
    new_case: bool = False
    counts: str = ""


class DueWhen(Part):
    """A due time that holds when a fact has a value."""

    fact: str
    is_: str = Field(alias="is")
    due: Due


class Acknowledged(Part):
    """What 收到 does beside being noted: sections that name the sender, and whether the step is done by it."""

    names_sender: Names = ()
    done: bool = False


class Opens(Part):
    """The cases of its own that a step opens and waits for.

    Each follows `profile`, or the same one; whom it is opened for holds the role `for` in it.  With `each` they are
    opened when the step is, one for each name in that fact.
    """

    profile: str = ""
    for_: str = Field(default="", alias="for")
    each: str = ""


class Step(Part):
    """One step of the process; see docs/writing-a-profile.md for the words."""

    id: str
    title: Spoken
    owner: Names = Field(min_length=1)
    with_: Names = Field(default=(), alias="with")
    phase: Status
    due: DueByGrade = Field(default_factory=dict)
    due_when: tuple[DueWhen, ...] = ()
    due_fact: str = ""
    dates_of: str = ""
    customer_date: bool = False
    clock_starts: str = OPENING
    after: Names = ()
    when: When = ()
    unless: When = ()
    gives: Names = ()
    takes: str = ""
    opens: Opens | None = None
    needs: Names = ()
    documents: Names = ()
    passes_on: bool = False
    ask: Spoken = Field(default_factory=dict)
    notice: str = "task"
    form: str = ""
    evidence: bool = False
    sends: Tell | None = None
    choices: Mapping[str, Choice] = Field(default_factory=dict)
    on_acknowledge: Acknowledged = Acknowledged()
    ladder: str = "default"
    calendar: str = ""
    urgent_for: Names = ("critical",)

    def due_in(self, severity: Severity) -> Term | None:
        """Return how long this step may take at this grade."""
        return self.due.get(grade_of(severity)) or self.due.get("default")

    def is_urgent(self, severity: Severity) -> bool:
        """Tell whether the notices of this step go out at once, outside working time too."""
        return severity in {GRADES[grade] for grade in self.urgent_for}


class Followup(Step):
    """What is looked at when a step is done or a verdict was given, the case closed or not: at `times`, then `every`.

    `after` names steps (`implement`) or verdicts (`close.stage`); `most` says for how long, `until` the facts that end
    it sooner.  One with `once` is asked for once in the life of a case.  Its checks are answered as a step is.
    """

    phase: Status = Status.EFFECT
    times: Terms = ()
    every: Due | None = None
    most: Due | None = None
    until: When = ()
    once: bool = False

    def key(self, number: int) -> str:
        """Return the key by which the check of this number is asked for, as a step is by its id."""
        return f"{self.id}.{number}"

    def check(self, number: int) -> Followup:
        """Return the check of this number as a step that can be answered."""
        several = len(self.times) > 1 or self.every
        counted = {language: COUNTED.get(language, "{} {}").format(words, number)
                   for language, words in self.title.items()}  # fmt: skip
        return self.model_copy(update={"id": self.key(number), "title": counted if several else self.title})


class Rung(Part):
    """One rung of a ladder: when it is reached, and the roles that are told.

    One with `if_over` is there only for steps whose time is longer than that.
    """

    to: Names
    at: str = ""
    every: Due | None = None
    most: int = 1
    template: str = "reminder"
    if_over: Due | None = None

    @model_validator(mode="after")
    def _one_time(self) -> Rung:
        if bool(self.at) == bool(self.every):
            raise ValueError("a rung needs either `at` (75%, due, +1wd) or `every` (4h)")
        if self.at and not re.fullmatch(r"due|\d{1,2}%|100%|\+.*", self.at):
            raise ValueError(f"`at` is a share (75%), `due` or a time after it (+1wd), not {self.at!r}")
        if self.at.startswith("+"):
            term(self.at[1:])
        return self


class ExtraFact(Part):
    """A fact that this profile adds: a ledger column (unless `column` is false), labels in mails, a line of the forms.

    The `kind` is one of core.fields.Kind, or `date`.
    """

    header: str
    header_en: str = ""
    kind: str = "text"
    values: tuple[str, ...] = ()
    labels: tuple[str, ...] = ()
    column: bool = True

    def title(self, language: str) -> str:
        """Return what people call this fact; in English the header, where there is no English one."""
        return self.header if language.startswith("zh") else self.header_en or self.header


class Paper(Part):
    """A paper that comes with an answer: a file whose name holds its title or a synonym, or `any_name`.

    With `earlier` one that came before, as with the complaint itself, counts too.
    """

    title: Spoken
    synonyms: tuple[str, ...] = ()
    any_name: bool = False
    earlier: bool = False


class Defined(Part):
    """A grade or a kind: its title, what people mean by it, the words of a complaint and the facts that tell of it.

    `responsible` is the role whose department answers for a kind.
    """

    title: Spoken = Field(default_factory=dict)
    means: Spoken = Field(default_factory=dict)
    words: tuple[str, ...] = ()
    when: When = ()
    responsible: str = ""


class Progress(Part):
    """Which open cases get a weekly word on how they stand, and who gets it."""

    grades: Names = ()
    to: Names = ()


class Process(Part):
    """A company's complaint process."""

    id: str
    title: Spoken
    language: str = DEFAULT_LANGUAGE
    number: Numbering = Numbering()
    roles: Mapping[str, Spoken]
    facts: Mapping[str, ExtraFact] = Field(default_factory=dict)
    grades: Mapping[str, Defined] = Field(default_factory=dict)
    kinds: Mapping[str, Defined] = Field(default_factory=dict)
    sections: Mapping[str, Spoken] = Field(default_factory=dict)
    letters: Mapping[str, Letter] = Field(default_factory=dict)
    documents: Mapping[str, Paper] = Field(default_factory=dict)
    customer_sees: Names = ()
    registered: tuple[Tell, ...] = ()
    alarm: Mapping[str, Tell] = Field(default_factory=dict)
    step: tuple[Step, ...]
    followup: tuple[Followup, ...] = ()
    recurrence: Recurrence | None = None
    raise_: tuple[Raising, ...] = Field(default=(), alias="raise")
    reopens_at: Names = ()
    may: Mapping[str, Names] = Field(default_factory=dict)
    hides: Mapping[str, Names] = Field(default_factory=dict)
    ladder: Mapping[str, Mapping[str, tuple[Rung, ...]]]
    progress: Progress = Progress()
    duty: tuple[Duty, ...] = ()
    most_transfers: int = 3

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """Return the steps by id, in the order of the profile."""
        return {step.id: step for step in self.step}

    @cached_property
    def followups(self) -> Mapping[str, Followup]:
        """Return the follow-ups by id, in the order of the profile."""
        return {one.id: one for one in self.followup}

    def task(self, key: str) -> Step | None:
        """Return what can be asked for under this key: a step by its id, or a check of a follow-up (`tracking.2`)."""
        name, _, number = key.rpartition(".")
        if key in self.steps or name not in self.followups or not number.isdecimal():
            return self.steps.get(key)
        return self.followups[name].check(int(number))

    def tasks(self, keys: Iterable[str]) -> tuple[Step, ...]:
        """Return those of these that the profile knows."""
        return tuple(found for key in keys if (found := self.task(key)))

    def rungs(self, step: Step, severity: Severity) -> tuple[Rung, ...]:
        """Return the ladder of a step at a grade."""
        ladder = self.ladder[step.ladder]
        return ladder.get(grade_of(severity), ladder.get("default", ()))

    def who_may(self, wish: str) -> tuple[str, ...]:
        """Return the roles that may wish this: as the profile says, or as is usual."""
        return self.may.get(wish, MAY[wish])

    def tells(self) -> Iterator[Tell]:
        """Yield every mail that the profile itself sends: at registration, by grade, by a step or a verdict."""
        yield from (*self.registered, *self.alarm.values())
        for step in self.step:
            yield from (step.sends,) if step.sends else ()
        for task in (*self.step, *self.followup):
            yield from (tell for choice in task.choices.values() for tell in choice.tells)

    def after_all(self, ids: tuple[str, ...]) -> frozenset[str]:
        """Return these steps and every step that waits for one of them, however indirectly."""
        found = set(ids)
        for step in self.step * len(self.step):
            if found & set(step.after):
                found.add(step.id)
        return frozenset(found)

    def values_of(self, key: str) -> tuple[str, ...]:
        """Return the values that a fact may have, none when it may have any."""
        if key == "category" and self.kinds:
            return tuple(in_language(kind.title, self.language) or name for name, kind in self.kinds.items())
        if key in self.facts:
            return self.facts[key].values
        return BY_KEY[key].values if key in BY_KEY else ()

    def is_fact(self, key: str) -> bool:
        """Tell whether a step that gives this gives a fact; a section and a paper win over a fact of the same key."""
        return key not in self.sections and key not in self.documents and (key in self.facts or key in GIVABLE)

    def is_paper(self, key: str) -> bool:
        """Tell whether a step that gives this gives a paper."""
        return key in self.documents and key not in self.sections

    def paper(self, key: str) -> Paper:
        """Return a paper; one without a table of its own is called as it is written."""
        return self.documents.get(key) or Paper(title={self.language: key})

    def part_title(self, key: str, language: str) -> str:
        """Return what people call a part that a step gives: a fact, a section or a paper."""
        if key in self.sections:
            return self.section_title(key, language)
        if key in self.documents:
            return in_language(self.documents[key].title, language)
        if key in self.facts:
            return self.facts[key].title(language)
        if key in UNSHOWN:
            return UNSHOWN[key][not language.startswith("zh")]
        return BY_KEY[key].title(language) if key in BY_KEY else key

    def part_words(self, key: str) -> Words:
        """Return what people call a part that a step gives, in each language."""
        return {language: self.part_title(key, language) for language in FALLBACKS}

    def kind_of(self, key: str) -> str:
        """Return the kind of a fact, one of core.fields.Kind or `date`; a text where nothing is known of it."""
        if key in self.facts:
            return self.facts[key].kind
        return BY_KEY[key].kind if key in BY_KEY else Kind.TEXT

    def section_title(self, key: str, language: str) -> str:
        """Return what people call a section."""
        return in_language(self.sections.get(key, {}), language) or key

    def role_title(self, role: str, language: str) -> str:
        """Return what people call a role."""
        return in_language(self.roles.get(role, {}), language) or role


def grade_of(severity: Severity) -> str:
    """Return the word of the profile for a grade of the ledger."""
    return next(key for key, value in GRADES.items() if value is severity)
