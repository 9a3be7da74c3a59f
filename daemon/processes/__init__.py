"""The profiles that ship with kesu, read from beside this file.  `base` is what the others extend."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from daemon.core.process import Fault, Process, Source, load_sources, pinned, sources_of
from daemon.core.process.loading import BadProfile

BASE = "base"


def shipped() -> tuple[str, ...]:
    """Return the names of the profiles that can be chosen, in alphabetical order."""
    return tuple(sorted(path.stem for path in _folder().glob("*.toml") if path.stem != BASE))


def profile_path(name: str, folder: Path) -> Path:
    """Return the file of a profile: one that ships with kesu, or a path from a folder."""
    path = _folder() / f"{name}.toml"
    return path if path.is_file() else folder / name


def profile_sources(name: str, folder: Path = Path()) -> tuple[Source, ...]:
    """Return the texts of which a profile is made, the lowest first.

    Raises OSError, and BadProfile when one is not UTF-8, not TOML, or extends what is not there.
    """
    text, file = _read(profile_path(name, folder))
    return sources_of(text, file, lambda other: _read(profile_path(other, Path(file).parent)))


def profile_text(name: str, folder: Path = Path(), *overrides: Source) -> tuple[str, str]:
    """Return a profile as a case pins it, with what overrides it, and its file.  Raises OSError and BadProfile."""
    sources = (*profile_sources(name, folder), *overrides)
    load_sources(sources)
    return pinned(sources), str(profile_path(name, folder))


@cache
def shipped_process(name: str) -> Process:
    """Return a profile that ships with kesu.  Raises OSError when there is none of this name."""
    return load_sources(profile_sources(name))


def override(data: Mapping[str, Any], text: str, file: str, *under: str | int) -> Source:
    """Return what config.toml says over a profile as one of its texts; `under` is where it stands there."""
    return Source(file, text, data, under)


def _folder() -> Path:
    return Path(str(files("daemon"))) / "processes"


def _read(path: Path) -> tuple[str, str]:
    try:
        return path.read_text(encoding="utf-8-sig"), str(path)
    except UnicodeDecodeError as fault:
        raise BadProfile((Fault(str(path), 1, f"is not UTF-8; save it as UTF-8 ({fault})"),)) from fault
