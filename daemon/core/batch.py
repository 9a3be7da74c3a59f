"""Several wishes with one cause: each is accepted or refused alone.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from daemon.core.case import Case
from daemon.core.commands import Command, Context, Refusal
from daemon.core.decide import decide
from daemon.core.events import Event
from daemon.core.evolve import evolve


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a batch of wishes with one cause came to."""

    case: Case | None
    events: tuple[Event, ...]
    refusals: tuple[Refusal, ...]

    @property
    def accepted(self) -> Case:
        """Return the case after the batch; there is one when the batch began with one or registered it."""
        assert self.case is not None
        return self.case


def carry_out(case: Case | None, commands: Iterable[Command], context: Context) -> Outcome:
    """Decide a batch of wishes, each accepted or refused alone."""
    events: list[Event] = []
    refusals: list[Refusal] = []
    for command in commands:
        decided = decide(case, command, context)
        if isinstance(decided, Refusal):
            refusals.append(decided)
            continue
        events.extend(decided)
        for event in decided:
            case = evolve(case, event)
    return Outcome(case, tuple(events), tuple(refusals))
