"""`kesu parse`: what is read in mails, as the JSON of the corpus contract; does nothing else."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from daemon.adapters.store import StoreMissing, open_store
from daemon.config import directory_of, load_config, load_directory, text_of
from daemon.core.directory import Directory
from daemon.intake.limits import UnreadableMail
from daemon.intake.read import as_json, read
from daemon.intake.reading import Known, SentNotice
from daemon.passes.known import known_from
from daemon.wiring import store_address


class BadKnown(Exception):
    """A file of our Message-IDs that is not one."""

    def __init__(self, path: Path, fault: Exception) -> None:
        shape = '{"<message-id>": {"case": "2611001", "about": "notice", "to": ["address"]}}'
        super().__init__(f"{path} must be a JSON object like {shape}: {type(fault).__name__}: {fault}")


def directory_for(path: Path | None, config: Path) -> Directory:
    """Return the directory of a directory.toml, or else config.toml's.  Raises BadConfig."""
    if path is None:
        return directory_of(load_config(config))
    return load_directory(text_of(path), str(path))


def known_for(path: Path | None, config: Path) -> Known:
    """Return our Message-IDs from a JSON file, or else from the store if there is one.

    Raises BadKnown, BadConfig and the store's own faults.
    """
    if path is not None:
        return _known_in(path)
    if not config.exists():
        return Known()
    try:
        return known_from(open_store(store_address(load_config(config)), read_only=True))
    except StoreMissing:
        return Known()


def _known_in(path: Path) -> Known:
    try:
        rows = json.loads(path.read_text(encoding="utf-8-sig"))
        return Known({key: SentNotice(row["case"], row["about"], tuple(row["to"])) for key, row in rows.items()})
    except (ValueError, LookupError, TypeError, AttributeError) as fault:
        raise BadKnown(path, fault) from fault


def parse_files(files: Iterable[Path], directory: Directory, known: Known) -> Iterator[tuple[Path, Mapping[str, Any]]]:
    """Yield what is read in each file, in order; one that cannot be read is `{"kind": "noise", "error": …}`."""
    for path in files:
        try:
            yield path, as_json(read(path.read_bytes(), directory, known))
        except (UnreadableMail, OSError) as fault:
            yield path, {"kind": "noise", "error": f"{path}: {fault}"}
