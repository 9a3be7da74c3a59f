"""What a schema cannot see in the letters of a profile: names that do not exist, letters that nobody sends."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from daemon.core.process.language import Process

Place = tuple[tuple[str | int, ...], str]
NAME = re.compile(r"[a-z][a-z0-9_]*")


def unsound_letters(process: Process, facts: Collection[str]) -> Iterator[Place]:
    """Yield what is wrong with the letters, each with its place; `facts` are those that a case can have."""
    rungs = (rung for grades in process.ladder.values() for some in grades.values() for rung in some)
    sent = {*(tell.template for tell in process.tells()), *(step.notice for step in process.step)}
    sent |= {rung.template for rung in rungs}
    for name, letter in process.letters.items():
        place = ("letters", name)
        if not NAME.fullmatch(name):
            yield place, f"the letter {name!r} needs a name of small letters, digits and _; its title says the rest"
        if name not in sent:
            yield place, f'nobody sends the letter {name!r}; write template = "{name}" where it goes out'
        for key in letter.shows:
            if key not in facts and key not in process.sections:
                yield (*place, "shows"), f"the letter {name!r} shows {key!r}, which is no fact and no section"
        for role in letter.copies:
            if role not in process.roles:
                yield (*place, "copies"), f"{role!r} is no role; add it to [roles]"
