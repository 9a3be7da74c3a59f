"""Files swapped out of a shared file's place, kept beside it under hidden names that tell what is no news in them.

`.NAME.new` is being written.  `.NAME.swap-7-0123456789abcdef` is complete: before the exchange it is the new file,
whose hash begins so; after it, it is what was swapped out, and when that was dealt with it is renamed to the beginning
of its own hash.  `.NAME.away-…` was taken away by a system that cannot exchange, and comes back when nothing was put in
its place.  So whatever step we are killed at, names and hashes tell how far it was, and content that is not as the name
says is somebody's save that nobody has read.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.exchange import CANNOT, hide, rename_new
from daemon.adapters.files import rename_free, sync_folder

DIGITS = 16  # of a hash, in a name


@dataclass(frozen=True, slots=True)
class Held:
    """A file that was swapped out, or is about to be swapped in; content whose hash begins with `known` is no news."""

    path: Path
    number: int
    known: str
    away: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a shared file, and the names beside it that are ours."""

    path: Path

    @property
    def fresh(self) -> Path:
        """Return the name under which a file is written; what lies there after a crash may be cut short."""
        return self.path.with_name(f".{self.path.name}.new")

    def held(self) -> list[Held]:
        """Return the files that were swapped out, the oldest first.  Raises OSError."""
        ours = re.compile(rf"\.{re.escape(self.path.name)}\.(swap|away)-(\d{{1,9}})-([0-9a-f]{{{DIGITS}}})")
        with os.scandir(self.path.parent) as entries:
            matches = [match for entry in entries if (match := ours.fullmatch(entry.name))]
        found = (Held(self.path.with_name(one[0]), int(one[2]), one[3], one[1] == "away") for one in matches)
        return sorted(found, key=lambda one: one.number)

    def reserve(self, ours: str, expected: str | None) -> tuple[Held, Held]:
        """Return the two names of a swap: of the new file, and of the old one where it is taken away.

        Raises OSError.
        """
        number = max((one.number for one in self.held()), default=0) + 1
        return self._named("swap", number, ours), self._named("away", number, expected or "0" * DIGITS)

    def mark(self, held: Held, sha256: str) -> None:
        """Note in its name that content with this hash is no news; a file that is open on Windows keeps its name."""
        marked = self._named("swap", held.number, sha256)
        with suppress(OSError):
            held.path.rename(marked.path)
            hide(marked.path)

    def is_in_order(self) -> bool:
        """Tell whether nothing is as it only is when we were killed amid a replace.  Raises OSError."""
        return not (self.fresh.exists() or any(self._is_double(one) or self._is_missed(one) for one in self.held()))

    def mend(self) -> None:
        """Put the place in order after a crash: what is ours and cut short goes, what was taken away comes back.

        Raises OSError.
        """
        self.fresh.unlink(missing_ok=True)
        for one in reversed(self.held()):
            if self._is_double(one):
                one.path.unlink()
            elif self._is_missed(one):
                with suppress(FileExistsError):  # somebody saved in this moment
                    put_in_place(one.path, self.path)

    def _named(self, kind: str, number: int, sha256: str) -> Held:
        known = sha256[:DIGITS]
        path = self.path.with_name(f".{self.path.name}.{kind}-{number}-{known}")
        return Held(path, number, known, kind == "away")

    def _is_double(self, held: Held) -> bool:
        """Tell whether a file was put in place by a link and has its hidden name still."""
        with suppress(FileNotFoundError):
            return held.path.samefile(self.path)
        return False

    def _is_missed(self, held: Held) -> bool:
        """Tell whether a file was taken away and nothing put in its place."""
        return held.away and not self.path.exists()


def put_in_place(fresh: Path, path: Path) -> None:
    """Give a file another name, never over a file that somebody saved there in the meantime.

    Raises FileExistsError and OSError; the file has its old name then.
    """
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a share without hard links
        _rename_onto_nothing(fresh, path)
    else:
        fresh.unlink()
    sync_folder(path.parent)


def dated(path: Path, stem: str) -> Iterator[Path]:
    """Return names beside a file that are tried one after the other until one is free."""
    yield path.with_name(f"{stem}{path.suffix}")
    for number in range(2, 1000):
        yield path.with_name(f"{stem}-{number}{path.suffix}")


def _rename_onto_nothing(fresh: Path, path: Path) -> None:
    try:
        rename_new(fresh, path)
    except OSError as fault:
        if fault.errno not in CANNOT:
            raise
        rename_free(fresh, iter((path,)))
