"""What can be wrong with config.toml, and how it is read and checked against its models."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from daemon.core.process import Fault
from daemon.core.toml_places import line_of, line_of_fault

Model = TypeVar("Model", bound=BaseModel)


class BadConfig(Exception):
    """A config.toml with faults, all of them."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        self.faults = faults
        super().__init__("\n".join(map(str, faults)))


class NoPassword(KeyError):
    """The environment lacks the password that config.toml names."""

    def __init__(self, variable: str) -> None:
        self.variable = variable
        super().__init__(variable)

    def __str__(self) -> str:
        return f"the environment has no {self.variable}, which config.toml names as the place of a password"


def text_of(path: Path) -> str:
    """Return the text of a file that people wrote.  Raises BadConfig when it cannot be read or is not UTF-8."""
    try:
        return path.read_text(encoding="utf-8-sig")  # Notepad marks its files
    except OSError as fault:
        raise BadConfig((Fault(str(path), 1, f"cannot be read: {fault}"),)) from fault
    except UnicodeDecodeError as fault:
        raise BadConfig((Fault(str(path), 1, f"is not UTF-8; save it as UTF-8 ({fault})"),)) from fault


def validated(model: type[Model], text: str, file: str, **more: Any) -> Model:
    """Return what a TOML text says, as its model.  Raises BadConfig with every fault and its line."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise BadConfig((Fault(file, line_of_fault(text, fault), f"this is not TOML: {fault}"),)) from fault
    try:
        return model.model_validate({**data, **more})
    except ValidationError as errors:
        raise BadConfig(tuple(_faults(errors, data, text, file))) from errors


def _faults(errors: ValidationError, data: Mapping[str, object], text: str, file: str) -> Iterator[Fault]:
    for error in errors.errors():
        path = _as_written(error["loc"], data)
        place = ".".join(map(str, path))
        say = "there is no such key; see the table in README.md" if error["type"] == "extra_forbidden" else error["msg"]
        yield Fault(file, line_of(text, path), f"{place}: {say}")


def _as_written(path: tuple[str | int, ...], data: Mapping[str, object]) -> tuple[str | int, ...]:
    """Return the place as the file has it: a single table stands where several may, and has no number."""
    single = len(path) > 1 and path[1] == 0 and isinstance(data.get(str(path[0])), Mapping)
    return (path[0], *path[2:]) if single else path
