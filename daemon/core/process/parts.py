"""What all parts of a profile share: frozen models, names, times and conditions on facts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, model_validator

from daemon.core.case import Case
from daemon.core.durations import BadDuration
from daemon.core.terms import Term, parse_term


class Part(BaseModel):
    """A part of a profile: frozen, and a key that it does not know is a fault."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)


def one_or_many(value: object) -> object:
    """Return one text or table as a list of it; all else is left to the schema."""
    return [value] if isinstance(value, str | Mapping) else value


def term(value: object) -> object:
    """Read a length of time (30wmin, 3wd) or a day of the calendar (4th of next month).  Raises ValueError.

    What is no text is left to the schema.
    """
    if not isinstance(value, str):
        return value
    try:
        return parse_term(value)
    except BadDuration as fault:
        raise ValueError(str(fault)) from fault


def _by_grade(value: object) -> object:
    return {"default": value} if isinstance(value, str) else value


Names = Annotated[tuple[str, ...], BeforeValidator(one_or_many)]
Due = Annotated[Term, BeforeValidator(term)]
Terms = Annotated[tuple[Due, ...], BeforeValidator(one_or_many)]
DueByGrade = Annotated[Mapping[str, Due], BeforeValidator(_by_grade)]


class Bound(Part):
    """What a fact must be where no list of values says it: known or not, a number within bounds (both included)."""

    known: bool | None = None
    at_least: float | None = None
    at_most: float | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Bound:
        if self.known is None and self.at_least is None and self.at_most is None:
            raise ValueError("a condition needs `known`, `at_least` or `at_most`")
        return self

    def holds(self, case: Case, fact: str) -> bool:
        """Tell whether the fact is so; what is not known, or no number, is within no bounds."""
        text = _value(case, fact)
        if self.known is not None and self.known is not bool(text.strip()):
            return False
        if self.at_least is None and self.at_most is None:
            return True
        number = _number(text)
        return number is not None and _or(self.at_least, -INFINITE) <= number <= _or(self.at_most, INFINITE)


INFINITE = float("inf")


def _or(bound: float | None, other: float) -> float:
    return other if bound is None else bound


def _number(text: str) -> float | None:
    try:
        return float(text.replace(",", ""))
    except ValueError:
        return None


# One table: every fact in it is as it says (any of the values).  Several tables: one of them holds.
When = Annotated[tuple[Mapping[str, Names | Bound], ...], BeforeValidator(one_or_many)]


def holds(when: When, case: Case) -> bool:
    """Tell whether the facts are as a condition asks; one that asks nothing holds."""
    return met(when, case) is not None


def met(when: When, case: Case) -> tuple[str, ...] | None:
    """Return the facts of the first table that is as it asks, none for a condition that asks nothing.

    None where no table holds.
    """
    tables = when or ({},)
    return next((tuple(one) for one in tables if all(_is(case, fact, test) for fact, test in one.items())), None)


def _is(case: Case, fact: str, test: tuple[str, ...] | Bound) -> bool:
    if isinstance(test, Bound):
        return test.holds(case, fact)
    return _value(case, fact) in test


def _value(case: Case, fact: str) -> str:
    """Return a fact as conditions see it; grade and round are the case's own."""
    own = {"severity": case.severity.value, "round": str(case.round)}
    return own.get(fact) or case.text(fact)
