"""The measures of a case: lines of some sections, each with an id that stays when the text around it changes.  Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from daemon.core.measure_lines import Block, Read, blocks_of, read_line

# The sections whose lines are measures, in the order in which people read them.
MEASURE_SECTIONS = ("d0.emergency", "d3.containment", "d5.actions", "d7.prevention", "meetings")
DECISIONS = "meetings"  # of its lines only those are measures that somebody is to do
MOST = 100  # measures of a section; lines that follow stay text
# How many pairs of neighbouring characters two lines share: of the shorter one's, where the measure is to be done yet,
# and of both, where somebody has said that it is done: that must not be said of another one.
LIKE_SHORTER, LIKE_BOTH = 0.7, 0.6


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure: its line in the section as it stands there, and what was read from it or said since.

    `due` and `done` are days as ISO 8601 texts; `dropped` tells that the section holds the line no more.
    """

    id: str
    section: str
    line: str
    what: str
    who: str = ""
    due: str = ""
    done: str = ""
    evidence: str = ""
    dropped: bool = False


def with_section(old: Sequence[Measure], section: str, text: str, seq: int, day: date) -> tuple[Measure, ...]:
    """Return the measures after a section was given this text at event `seq`; one that is not in it is dropped.

    Each line is one earlier measure at most: the same line, else the same words, else the most alike.
    """
    if section not in MEASURE_SECTIONS:
        return tuple(old)
    mine = [one for one in old if one.section == section]
    lines = [(block.text, read_line(block.text, day)) for block in _measure_blocks(section, text, day, mine)]
    matched = _matched(mine, lines)
    fresh = iter(range(1, len(lines) + 1))
    now = [
        _carried(matched[at], line, read) if at in matched else _new(f"{seq}-{next(fresh)}", section, line, read)
        for at, (line, read) in enumerate(lines)
    ]
    kept = {one.id for one in now}
    gone = (replace(one, dropped=True) for one in mine if one.id not in kept)
    return tuple(sorted((*(one for one in old if one.section != section), *now, *gone), key=_place))


def without_sections(old: Iterable[Measure], sections: Iterable[str]) -> tuple[Measure, ...]:
    """Return the measures after these sections were forgotten."""
    forgotten = set(sections)
    return tuple(replace(one, dropped=True) if one.section in forgotten else one for one in old)


def with_measure(old: Iterable[Measure], said: Measure) -> tuple[Measure, ...]:
    """Return the measures with this one in place of that of the same id, or after those of its section."""
    there = tuple(old)
    if any(one.id == said.id for one in there):
        return tuple(said if one.id == said.id else one for one in there)
    return tuple(sorted((*there, said), key=_place))


def same_words(one: str, other: str) -> bool:
    """Tell whether two texts differ in nothing but blanks, marks, width and case."""
    return _fold(one) == _fold(other)


def _measure_blocks(section: str, text: str, day: date, known: Iterable[Measure]) -> list[Block]:
    """Return the lines of a section that are measures."""
    found, lines = (block for block in blocks_of(text) if block.text), {one.line for one in known}
    if section == DECISIONS:
        found = (one for one in found if one.decided or one.text in lines or any(read_line(one.text, day)[1:3]))
    return list(found)[:MOST]


def _place(one: Measure) -> tuple[bool, int]:
    return one.dropped, MEASURE_SECTIONS.index(one.section)


def _new(key: str, section: str, line: str, read: Read) -> Measure:
    return Measure(key, section, line, read.what, read.who, read.due, read.done)


def _carried(old: Measure, line: str, read: Read) -> Measure:
    """Return a measure under its new line; what the line does not say stays as it was known."""
    if old.line == line:
        return replace(old, dropped=False)
    said = {"who": read.who or old.who, "due": read.due or old.due, "done": read.done or old.done}
    return replace(old, line=line, what=read.what, dropped=False, **said)


# ── which line is which measure ──────────────────────────────────────────────────────────────────────────────────────


def _matched(old: Sequence[Measure], lines: Sequence[tuple[str, Read]]) -> dict[int, Measure]:
    """Return the earlier measure of each line that has one, by the line's place; those that stand there come first."""
    living = sorted(old, key=lambda one: one.dropped)
    found: dict[int, Measure] = {}
    for same in _SAME:
        for at, (line, read) in enumerate(lines):
            if at not in found:
                taken = {one.id for one in found.values()}
                match = next((one for one in living if one.id not in taken and same(one, line, read)), None)
                found |= {at: match} if match else {}
    rest = [one for one in living if not one.dropped and one.id not in {each.id for each in found.values()}]
    return found | _most_alike(rest, {at: read.what for at, (_, read) in enumerate(lines) if at not in found})


_SAME: tuple[Callable[[Measure, str, Read], bool], ...] = (
    lambda old, line, _: old.line == line,
    lambda old, line, _: same_words(old.line, line),
    lambda old, _, read: same_words(old.what, read.what),
)


def _most_alike(old: Sequence[Measure], lines: dict[int, str]) -> dict[int, Measure]:
    found: dict[int, Measure] = {}
    for _, at, measure in sorted(_alike(old, lines), key=lambda one: (-one[0], one[1])):
        if at not in found and measure not in found.values():
            found[at] = measure
    return found


def _alike(old: Sequence[Measure], lines: dict[int, str]) -> Iterator[tuple[float, int, Measure]]:
    pairs = [(measure, _pairs(measure.what)) for measure in old]
    for at, line in lines.items():
        mine = _pairs(line)
        for measure, theirs in pairs:
            shared, both = len(mine & theirs), len(mine) + len(theirs)
            like = 2 * shared >= both * LIKE_BOTH or (
                not measure.done and shared >= min(len(mine), len(theirs)) * LIKE_SHORTER
            )
            if shared and like:
                yield 2 * shared / both, at, measure


def _fold(text: str) -> str:
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).casefold())


def _pairs(text: str) -> set[str]:
    plain = _fold(text)
    return {plain[at : at + 2] for at in range(max(len(plain) - 1, 1))}
