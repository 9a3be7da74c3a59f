"""Loading a profile, with every fault and its line named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256

from pydantic import ValidationError

from daemon.core.process.composing import LISTS, Composed, Place, Source, compose, things_in
from daemon.core.process.language import Process
from daemon.core.process.soundness import unsound
from daemon.core.process.words import DEFAULT_LANGUAGE
from daemon.core.process.writing import toml_text
from daemon.core.toml_places import line_of_fault


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


Reader = Callable[[str], tuple[str, str]]  # a name after `extends` → its text and file; raises OSError


def source(text: str, file: str) -> Source:
    """Read one text of a profile.  Raises BadProfile when it is not TOML."""
    try:
        return Source(file, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as fault:
        raise BadProfile((Fault(file, line_of_fault(text, fault), f"this is not TOML: {fault}"),)) from fault


def sources_of(text: str, file: str, read: Reader) -> tuple[Source, ...]:
    """Return a profile's text and, below it, all that it extends.  Raises BadProfile."""
    found = [source(text, file)]
    while name := found[0].data.get("extends"):
        top = found[0]
        place = Fault(top.file, top.found(("extends",))[0], "")
        try:
            below = source(*read(str(name)))
        except OSError as fault:
            say = f"extends {name!r}, which cannot be read: {fault}"
            raise BadProfile((Fault(place.file, place.line, say),)) from fault
        if below.file in {one.file for one in found}:
            raise BadProfile((Fault(place.file, place.line, f"extends {name!r}, which extends it in turn"),))
        found.insert(0, below)
    return tuple(found)


def load_sources(sources: Sequence[Source]) -> Process:
    """Load the profile that these texts make, the lowest first.  Raises BadProfile with every fault and its line."""
    made = compose(sources)
    process = _validated(made, sources)
    wrong = [*made.wrong, *((_named(place, made), say) for place, say in unsound(process))]
    if wrong:
        raise BadProfile(tuple(_fault(place, say, sources) for place, say in wrong))
    return process


def load_process(text: str, file: str) -> Process:
    """Load a profile that stands in one text.  Raises BadProfile with every fault and its line."""
    return load_sources((source(text, file),))


def load_pinned(text: str, file: str) -> Process:
    """Load a profile that a case pinned: it was sound by the rules of its day.  Raises BadProfile."""
    sources = (source(text, file),)
    return _validated(compose(sources), sources)


def pinned(sources: Sequence[Source]) -> str:
    """Return the text by which a case pins this profile: as it was written, or put together from several."""
    alone = len(sources) == 1 and not sources[0].under
    return sources[0].text if alone else toml_text(compose(sources).data)


def fingerprint(text: str) -> str:
    """Return the hash by which a case pins its profile."""
    return sha256(text.encode()).hexdigest()


def _validated(made: Composed, sources: Sequence[Source]) -> Process:
    language = made.data.get("language", DEFAULT_LANGUAGE)
    try:
        return Process.model_validate(made.data, context={"language": language})
    except ValidationError as errors:
        wrong = [*made.wrong, *_wrong(errors, made)]
        raise BadProfile(tuple(_fault(place, say, sources) for place, say in wrong)) from errors


def _wrong(errors: ValidationError, made: Composed) -> Iterator[tuple[Place, str]]:
    for error in errors.errors():
        place = ".".join(map(str, error["loc"]))
        say = f"there is no such key: {error['msg']}" if error["type"] == "extra_forbidden" else error["msg"]
        yield _named(error["loc"], made), f"{place}: {say}"


def _named(place: Place, made: Composed) -> Place:
    """Return a place with the id of a step or a duty instead of its index in the whole."""
    if len(place) < 2 or place[0] not in LISTS or not isinstance(place[1], int):
        return place
    found = things_in(made.data, place[0])
    return (place[0], str(found[place[1]].get("id")), *place[2:]) if place[1] < len(found) else place


def _fault(place: Place, say: str, sources: Sequence[Source]) -> Fault:
    """Return the fault where the place is found most exactly, in the uppermost text of equals."""
    found = [(one.found(place), one) for one in reversed(sources)]
    (line, _), best = max(found, key=lambda one: one[0][1])
    return Fault(best.file, line, say)
