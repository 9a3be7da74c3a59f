"""The cases and the figures of a calendar duty.  Counting only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import ceil

from daemon.core.case import Case, Status, StepStatus
from daemon.core.duties import Span
from daemon.core.fields import ANSWERS, SCORES
from daemon.core.process.duty import Count, Listed
from daemon.core.process.parts import holds

NUMBER = re.compile(r"-?\d[\d,]*(?:\.\d+)?")
PERCENT = ("%", "\uff05")  # the second is as wide as a Chinese character
GOOD_SCORES = frozenset(SCORES[3:])
DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Figured:
    """One figure of a line: `what` is a figure's name, sum, rate or deliveries; `fact` what was added up.

    `bound` is the limit or target that there is, and `is_good` tells whether it is kept.
    """

    what: str
    value: float | None
    fact: str = ""
    bound: float | None = None
    is_good: bool = True


@dataclass(frozen=True, slots=True)
class Line:
    """The figures of the cases with one value of a fact."""

    name: str
    count: int
    figures: tuple[Figured, ...]


def listed_cases(cases: Iterable[Case], listed: Listed, span: Span | None) -> tuple[Case, ...]:
    """Return the cases that a duty is about, by number; merged and cancelled ones are none of its business."""
    found = (case for case in cases if not case.merged_into and case.status is not Status.CANCELLED)
    return tuple(case for case in found if _is_listed(case, listed, span))


def _is_listed(case: Case, listed: Listed, span: Span | None) -> bool:
    if (listed.are == "open" and not case.is_open) or (listed.are == "closed" and case.is_open):
        return False
    moment = case.closed_at if listed.are == "closed" else case.opened_at
    if span is not None and not span.holds(moment):
        return False
    return holds(listed.when, case) and not (listed.unless and holds(listed.unless, case))


def counted(cases: Sequence[Case], count: Count) -> tuple[Line, ...]:
    """Return the lines of a count, the most frequent first; values with a limit of their own are always there."""
    if not count.by:
        return (_line("", cases, count),)
    groups: dict[str, list[Case]] = {name: [] for name in count.limits if name != DEFAULT}
    for case in cases:
        groups.setdefault(_value(case, count.by), []).append(case)
    return tuple(sorted((_line(*group, count) for group in groups.items()), key=lambda line: (-line.count, line.name)))


def total(cases: Sequence[Case], count: Count) -> Line:
    """Return the figures of all cases together, without limits."""
    return _line("", cases, count.model_copy(update={"limits": {}}))


def _line(name: str, cases: Sequence[Case], count: Count) -> Line:
    return Line(name, len(cases), tuple(_figures(name, cases, count)))


def _figures(name: str, cases: Sequence[Case], count: Count) -> Iterator[Figured]:
    for what in count.figures:
        value, target = SHARES[what](cases), count.targets.get(what)
        yield Figured(what, value, bound=target, is_good=value is None or target is None or value >= target)
    for fact in count.sum:
        yield Figured("sum", sum(_numbers(cases, fact)), fact)
    limit = count.limits.get(name, count.limits.get(DEFAULT))
    if count.rate:
        rate = _rate(cases, *count.rate)
        yield Figured("rate", rate, bound=limit, is_good=rate is None or limit is None or rate <= limit)
    elif limit is not None:  # so many deliveries there must have been for the limit to be kept
        needed = ceil(round(len(cases) / limit, 6)) if limit > 0 and cases else None
        yield Figured("deliveries", needed, bound=limit, is_good=limit > 0 or not cases)


def _value(case: Case, fact: str) -> str:
    return case.severity.value if fact == "severity" else case.text(fact).strip()


def _rate(cases: Sequence[Case], part: str, whole: str) -> float | None:
    pairs = [(number(case.text(part)), number(case.text(whole))) for case in cases]
    known = [(some, all_) for some, all_ in pairs if some is not None and all_]
    return sum(some for some, _ in known) / sum(all_ for _, all_ in known) if known else None


def _numbers(cases: Sequence[Case], fact: str) -> Iterator[float]:
    return (found for case in cases if (found := number(case.text(fact))) is not None)


def number(text: str) -> float | None:
    """Return the first number in a text, 2% as 0.02; None when there is none."""
    found = NUMBER.search(text)
    if found is None:
        return None
    value = float(found[0].replace(",", ""))
    return value / 100 if text[found.end() :].lstrip().startswith(PERCENT) else value


def _share(answers: Iterable[bool]) -> float | None:
    given = list(answers)
    return round(sum(given) / len(given), 4) if given else None


def _on_time(cases: Sequence[Case]) -> float | None:
    """Return the share of the steps done by people that were done in time."""
    steps = (step for case in cases for step in case.steps.values())
    return _share(not step.missed for step in steps if step.status is StepStatus.DONE and step.by != "daemon")


def _satisfied(cases: Sequence[Case]) -> float | None:
    """Return the share of satisfied customers among those who said so, by their score or else by their answer."""
    scores = ((case.text("satisfaction"), case.text("customer_answer")) for case in cases)
    said = (score in GOOD_SCORES if score in SCORES else answer == ANSWERS[0] for score, answer in scores
            if score in SCORES or answer in ANSWERS)  # fmt: skip
    return _share(said)


def _solved(cases: Sequence[Case]) -> float | None:
    """Return the share of the closed cases that were solved at the first attempt."""
    return _share(case.round == 1 for case in cases if case.status is Status.CLOSED)


SHARES: Mapping[str, Callable[[Sequence[Case]], float | None]] = {
    "on_time": _on_time,
    "satisfied": _satisfied,
    "solved": _solved,
}
