"""The tables by which complaints are judged, as they are written and joined: rows of words with weights.  No file."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated, Literal, Self, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, field_validator, model_validator

from daemon.core.case import Severity
from daemon.core.fields import CATEGORIES

ENOUGH = 10  # the weight from which on a name is meant
LONGEST = 200  # characters of a word or pattern
AnyRow = TypeVar("AnyRow", bound="Row")
JUDGED_GRADES = tuple(grade.value for grade in Severity if grade is not Severity.GENERAL)


class Part(BaseModel):
    """A part of the tables: frozen, and a key that it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    _source: str = ""

    @property
    def source(self) -> str:
        """Return the file of the company's in which this stands, nothing for what ships with kesu."""
        return self._source

    def written_in(self, source: str) -> Self:
        """Return the same as it stands in a file of the company's."""
        copy = self.model_copy()
        copy._source = source  # noqa: SLF001 — the copy is of this class
        return copy


def _pattern(value: str) -> str:
    """Accept a regular expression that does not match everything."""
    try:
        matches_nothing = re.compile(value).search("")
    except re.error as fault:
        advice = "put it into `words` to be taken as it stands"
        raise ValueError(f"{value!r} is no regular expression ({fault}); {advice}") from fault
    if matches_nothing:
        raise ValueError(f"{value!r} matches a text without any word; write what must stand there")
    return value


Weight = Annotated[int, Field(ge=-100, le=100)]
Word = Annotated[str, Field(min_length=1, max_length=LONGEST, pattern=r"\S")]
Pattern = Annotated[str, Field(max_length=LONGEST), AfterValidator(_pattern)]


def _one_of(value: str, names: Iterable[str]) -> str:
    if value not in names:
        raise ValueError(f"{value!r} is none of: {', '.join(names)}")
    return value


class Row(Part):
    """Words of one thing: `words` as they stand, `patterns` as regular expressions."""

    name: Word
    weight: Weight = ENOUGH
    words: tuple[Word, ...] = ()
    patterns: tuple[Pattern, ...] = ()

    @model_validator(mode="after")
    def _says_something(self) -> Row:
        if not (self.words or self.patterns):
            raise ValueError(f"the row of {self.name} needs `words` or `patterns`")
        return self

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """Return what finds any of its words, the longest of those that begin at the same place."""
        plain = map(re.escape, sorted(self.words, key=len, reverse=True))
        return re.compile("|".join((*plain, *self.patterns)), re.IGNORECASE)

    @property
    def said_by(self) -> frozenset[str]:
        """Return its words and patterns as they are compared with those of other rows."""
        return frozenset(one.casefold() for one in (*self.words, *self.patterns))


class CategoryRow(Row):
    """Words of a category."""

    @field_validator("name")
    @classmethod
    def _is_category(cls, value: str) -> str:
        return _one_of(value, CATEGORIES)


class GradeRow(Row):
    """Words of a grade above 一般."""

    @field_validator("name")
    @classmethod
    def _is_grade(cls, value: str) -> str:
        return _one_of(value, JUDGED_GRADES)


class MatterRow(Row):
    """Words of what the routing rules speak of; `also` is what it may be called there beside its name."""

    also: tuple[Word, ...] = ()

    def is_called(self, line: str) -> bool:
        """Tell whether a line of the routing rules speaks of this matter."""
        folded = line.casefold()
        return any(one.casefold() in folded for one in (self.name, *self.also))


class Figure(Part):
    """A figure of the mail that counts for a grade from a value on."""

    name: str
    fact: Literal["quantity_defective", "quantity_delivered", "defect_rate"]
    at_least: Annotated[float, Field(gt=0, allow_inf_nan=False)]
    weight: Weight = 2 * ENOUGH

    @field_validator("name")
    @classmethod
    def _is_grade(cls, value: str) -> str:
        return _one_of(value, JUDGED_GRADES)


class WordTables(Part):
    """All tables: what decides category, grade and department, and what of a wish counts for them."""

    category: tuple[CategoryRow, ...] = ()
    grade: tuple[GradeRow, ...] = ()
    figure: tuple[Figure, ...] = ()
    matter: tuple[MatterRow, ...] = ()
    wish: tuple[Row, ...] = ()

    def with_own(self, own: WordTables, source: str) -> WordTables:
        """Return these tables with a company's rows, which are known by their source.

        A word of the company's takes the place of the same word of the same table; so does a figure, of the same name.
        """
        kept = [one for one in self.figure if (one.name, one.fact) not in {(new.name, new.fact) for new in own.figure}]
        return WordTables.model_construct(
            category=_joined(self.category, own.category, source),
            grade=_joined(self.grade, own.grade, source),
            figure=(*kept, *(one.written_in(source) for one in own.figure)),
            matter=_joined(self.matter, own.matter, source),
            wish=_joined(self.wish, own.wish, source),
        )


def _joined(shipped: tuple[AnyRow, ...], own: tuple[AnyRow, ...], source: str) -> tuple[AnyRow, ...]:
    taken = frozenset(word for row in own for word in row.said_by)
    left = (_without(row, taken) for row in shipped)
    return (*(row for row in left if row), *(row.written_in(source) for row in own))


def _without(row: AnyRow, taken: frozenset[str]) -> AnyRow | None:
    """Return a row without these words, None when it has no others."""
    if not row.said_by & taken:
        return row
    words = tuple(one for one in row.words if one.casefold() not in taken)
    patterns = tuple(one for one in row.patterns if one.casefold() not in taken)
    kept = {**row.model_dump(), "words": words, "patterns": patterns}
    return type(row).model_validate(kept) if words or patterns else None


NO_WORDS = WordTables()
