"""What a reviewer would refuse in an answer, as advice to whoever wrote it.  Pure; nothing is held up by it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from pydantic import BaseModel, ConfigDict

from daemon.core.process import Process

LONGEST = 4000  # characters of a section that are looked at
SHORT = 120  # a longer cause that blames people says more than that
OCCURRENCE, ESCAPE = "d4.occurrence.cause", "d4.escape.cause"
CONTAINMENT, ACTIONS, PREVENTION = "d3.containment", "d5.actions", "d7.prevention"
PIECE = re.compile(r"[\s，,;；。（）()、:：]+")
NAME = re.compile(r"[\u3400-\u9fff·]{2,4}")  # a piece of so few characters between commas is a name, or may be one


class Lack(StrEnum):
    """What a section of an answer lacks."""

    SYSTEM = "system"  # a cause that is only somebody's error
    CHANGE = "change"  # an action that is only training, reminding or punishing
    QUANTITY = "quantity"
    PLACE = "place"
    ESCAPE = "escape"  # one cause where two are asked
    DAY = "day"
    PERSON = "person"


# How a step asks for these.
ASKED = {
    Lack.DAY: re.compile(r"日期|时间|時間|期限|\bdates?\b|\bby when\b", re.IGNORECASE),
    Lack.PERSON: re.compile(r"责任人|責任人|负责人|負責人|担当|擔當|\bpersons?\b|\bwho\b|responsible", re.IGNORECASE),
}


@dataclass(frozen=True, slots=True)
class ReviewHint:
    """One thing that a reviewer would refuse: the section, and what it lacks."""

    section: str
    lack: Lack


class Words(BaseModel):
    """A row of the tables: `words` as they stand, `patterns` as regular expressions."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    words: tuple[str, ...] = ()
    patterns: tuple[str, ...] = ()

    @cached_property
    def expression(self) -> re.Pattern[str]:
        """Return what finds any of them."""
        plain = map(re.escape, sorted(self.words, key=len, reverse=True))
        return re.compile("|".join((*self.patterns, *plain)), re.IGNORECASE | re.MULTILINE)

    def said_in(self, text: str) -> bool:
        """Tell whether any of them stands in a text."""
        return bool(self.expression.search(text))


class ReviewWords(BaseModel):
    """The tables by which answers are looked over."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    human_error: Words
    behind: Words
    speaking: Words
    changing: Words
    quantity: Words
    place: Words
    same: Words
    day: Words
    person: Words


def is_asked(lack: Lack, section: str, process: Process) -> bool:
    """Tell whether a process asks for this of a section; a day and a person only where a step says so."""
    asks = " ".join(words for step in process.step if section in step.gives for words in step.ask.values())
    return lack not in ASKED or bool(ASKED[lack].search(asks))


def review_hints(sections: Mapping[str, str], tables: ReviewWords) -> tuple[ReviewHint, ...]:
    """Return what a reviewer would refuse in these sections, in their order; a section without text is not judged."""
    told = {key: text[:LONGEST] for key, text in sections.items() if text.strip()}
    return tuple(ReviewHint(key, lack) for key, text in told.items() for lack in _lacks(key, text, told, tables))


def _lacks(key: str, text: str, told: Mapping[str, str], tables: ReviewWords) -> Iterator[Lack]:
    if key == CONTAINMENT:
        yield from (Lack.QUANTITY,) if not tables.quantity.said_in(text) else ()
        yield from (Lack.PLACE,) if not tables.place.said_in(text) else ()
    elif key == ESCAPE and _is_same(text, told.get(OCCURRENCE, ""), tables):
        yield Lack.ESCAPE
    elif key in (OCCURRENCE, ESCAPE) and blames_only(text, tables):
        yield Lack.SYSTEM
    elif key in (ACTIONS, PREVENTION):
        yield from (Lack.CHANGE,) if only_speaks(text, tables) else ()
    if key == ACTIONS:
        yield from (Lack.DAY,) if not tables.day.said_in(text) else ()
        yield from (Lack.PERSON,) if not _names_somebody(text, tables) else ()


def blames_only(text: str, tables: ReviewWords) -> bool:
    """Tell whether a cause is somebody's error and nothing that stands behind it."""
    return len(text) <= SHORT and tables.human_error.said_in(text) and not tables.behind.said_in(text)


def only_speaks(text: str, tables: ReviewWords) -> bool:
    """Tell whether an action is training, reminding or punishing, and changes nothing in the way of working."""
    return tables.speaking.said_in(text) and not tables.changing.said_in(text)


def _is_same(text: str, occurrence: str, tables: ReviewWords) -> bool:
    return _plain(text) == _plain(occurrence) or bool(tables.same.expression.match(text))


def _plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _names_somebody(text: str, tables: ReviewWords) -> bool:
    return tables.person.said_in(text) or any(NAME.fullmatch(one) for one in PIECE.split(text))
