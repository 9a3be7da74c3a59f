"""Files swapped out of a shared file's place: kept beside it under hidden names that tell what was dealt with.

`.NAME.new` is being written; `.NAME.swap-7` is complete, and ours before the exchange and theirs after it;
`.NAME.away-7` was taken away by a system that cannot exchange; `.NAME.kept-7-0123456789abcdef` was dealt with when its
hash began so.  Whatever step we are killed at, the names and the hashes tell how far it was.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from daemon.adapters.exchange import hide
from daemon.adapters.files import rename_free, sync_folder

DIGITS = 16  # of a hash, in the name of a file that was dealt with


@dataclass(frozen=True, slots=True)
class Held:
    """A file that was swapped out, or is about to be swapped in; `dealt` is how the hash began that was dealt with."""

    path: Path
    kind: str
    number: int
    dealt: str = ""

    def is_known(self, sha256: str) -> bool:
        """Tell whether this is the content that was dealt with already."""
        return bool(self.dealt) and sha256.startswith(self.dealt)


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
        ours = re.compile(
            rf"\.{re.escape(self.path.name)}\.(?:(swap|away)-(\d{{1,9}})|kept-(\d{{1,9}})-([0-9a-f]{{{DIGITS}}}))"
        )
        found = []
        with os.scandir(self.path.parent) as entries:
            for entry in entries:
                if match := ours.fullmatch(entry.name):
                    kind, number, kept, dealt = match.groups()
                    path = self.path.with_name(entry.name)
                    found.append(Held(path, kind or "kept", int(number or kept), dealt or ""))
        return sorted(found, key=lambda one: one.number)

    def next_number(self) -> int:
        """Return a number that no file bears yet.  Raises OSError."""
        return max((one.number for one in self.held()), default=0) + 1

    def named(self, kind: str, number: int) -> Path:
        """Return the name of a file that is swapped."""
        return self.path.with_name(f".{self.path.name}.{kind}-{number}")

    def mark(self, held: Held, sha256: str) -> None:
        """Note in its name that a file with this hash was dealt with; one that is open on Windows keeps its name."""
        marked = self.path.with_name(f".{self.path.name}.kept-{held.number}-{sha256[:DIGITS]}")
        with suppress(OSError):
            held.path.rename(marked)
            hide(marked)

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

    def _is_double(self, held: Held) -> bool:
        """Tell whether a new file was put in place by a link and has its first name still."""
        return held.kind == "swap" and _is_same(held.path, self.path)

    def _is_missed(self, held: Held) -> bool:
        """Tell whether a file was taken away and nothing put in its place."""
        return held.kind == "away" and not self.path.exists()


def put_in_place(fresh: Path, path: Path) -> None:
    """Give a file another name, never over a file that somebody saved there in the meantime.

    Raises FileExistsError and OSError; the file has its old name then.
    """
    try:
        os.link(fresh, path)
    except FileExistsError:
        raise
    except OSError:  # a share without hard links
        rename_free(fresh, iter((path,)))
    else:
        fresh.unlink()
    sync_folder(path.parent)


def dated(path: Path, stem: str) -> Iterator[Path]:
    """Return names beside a file that are tried one after the other until one is free."""
    yield path.with_name(f"{stem}{path.suffix}")
    for number in range(2, 1000):
        yield path.with_name(f"{stem}-{number}{path.suffix}")


def _is_same(one: Path, other: Path) -> bool:
    with suppress(FileNotFoundError):
        return one.samefile(other)
    return False
