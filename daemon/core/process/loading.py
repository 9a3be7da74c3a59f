"""Loading a profile, with every fault and its line named at once."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256

from pydantic import ValidationError

from daemon.core.process.language import Process
from daemon.core.process.soundness import unsound
from daemon.core.toml_places import line_of, line_of_fault


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
    wrong = tuple(Fault(file, line_of(text, place), say) for place, say in unsound(process))
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
