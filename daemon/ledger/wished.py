"""What the edits of a row come to, and what they are read by.  Values only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from daemon.core.commands import Cancel, Choose, Command
from daemon.core.directory import Directory
from daemon.core.process import Process, Words
from daemon.ledger.columns import Column
from daemon.ledger.merge import Row
from daemon.seams import CellValue


@dataclass(frozen=True, slots=True)
class Reading:
    """What cells are read by: the process, the people, the columns that are there, the company's zone and day.

    `role` is the one in whose name the ledger speaks; what is typed in the columns of `trusted` needs no confirmation;
    `added` are the values that people added to the lists of 字典.
    """

    process: Process
    directory: Directory
    columns: Mapping[str, Column]
    zone: ZoneInfo
    today: date
    trusted: frozenset[str] = frozenset()
    role: str = "quality_engineer"
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Wish:
    """A command, and the cells that it was typed in."""

    keys: tuple[str, ...]
    command: Command


@dataclass(frozen=True, slots=True)
class Request:
    """A verdict that was typed in cells and that somebody else must confirm: what is done once it is.

    `value` is what was typed in the first of them.
    """

    keys: tuple[str, ...]
    value: str
    command: Choose | Cancel


@dataclass(frozen=True, slots=True)
class Told:
    """A cell that there is a word to say about, in 系统提示: what stands in it, and the word."""

    key: str
    value: CellValue
    why: Words


@dataclass(frozen=True, slots=True)
class Wished:
    """What the edits of a row come to: each of them is a wish, a request or refused, or is kept and asked about.

    `refused` cells are put back, `asked` ones are kept as they were typed; `noted` tells how a cell was understood.
    An edit that says what is so already is none of these.
    """

    wishes: tuple[Wish, ...] = ()
    requests: tuple[Request, ...] = ()
    refused: tuple[Told, ...] = ()
    asked: tuple[Told, ...] = ()
    noted: tuple[Told, ...] = ()

    @property
    def commands(self) -> tuple[Command, ...]:
        """Return the commands, in the order in which they are carried out."""
        return tuple(one.command for one in self.wishes)

    @property
    def kept(self) -> Row:
        """Return the cells that stay as they were typed."""
        return {one.key: one.value for one in self.asked}
