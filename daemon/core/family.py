"""Cases that belong together: what one of them means for the others, and in words.  Pure."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from uuid import UUID

from daemon.core import gathering, subcases
from daemon.core.batch import Outcome, carry_out
from daemon.core.case import Case
from daemon.core.commands import Absorb, Command, Context
from daemon.core.events import Event, EventType
from daemon.core.process import Process
from daemon.core.recurring import continuing
from daemon.core.splitting import registrations

MOST = 1000  # events that one wish may have in all of the family


@dataclass(frozen=True, slots=True)
class World:
    """Where the other cases are found: a case by its id, None when there is none, and a profile by its hash."""

    case: Callable[[UUID], Case | None]
    process: Callable[[str], Process]


@dataclass(slots=True)
class Touched:
    """A case that a wish has changed: as it was, what happened to it, and by what it is decided."""

    before: Case | None
    outcome: Outcome
    context: Context


def with_family(before: Case | None, outcome: Outcome, context: Context, world: World) -> tuple[Touched, ...]:
    """Return the case of a wish and, after it, every other one that it changes, each with all that happened to it."""
    touched = {outcome.accepted.id: Touched(before, outcome, context)}
    waiting = deque((event, outcome.accepted.id) for event in outcome.events)
    for _ in range(MOST):
        if not waiting:
            break
        event, source = waiting.popleft()
        one = touched[source]
        for target, wish in _meant(event, one.outcome.accepted, one.context.process):
            changed = _carried_out(target, wish, touched, context, world)
            waiting.extend((new, target) for new in changed)
    return tuple(touched.values())


def _carried_out(
    target: UUID, wish: Command, touched: dict[UUID, Touched], context: Context, world: World
) -> tuple[Event, ...]:
    """Carry out a wish in a case of the family, on top of what has happened to it already; return what is new."""
    there = touched.get(target)
    case = there.outcome.case if there else world.case(target)
    profile = case.profile if case else getattr(wish, "profile", "")
    own = there.context if there else replace(context, process=world.process(profile) if profile else context.process)
    new = carry_out(case, [wish], own)
    if new.events:
        old = there.outcome.events if there else ()
        outcome = replace(new, events=(*old, *new.events), refusals=())
        touched[target] = Touched(there.before if there else case, outcome, own)
    return new.events


def _meant(event: Event, case: Case, process: Process) -> Iterator[tuple[UUID, Command]]:
    """Yield what an event means for other cases: their ids and the wishes."""
    if event.type is EventType.SPLIT:
        yield from registrations(case, event, process)
    elif event.type is EventType.CONTINUED:
        yield UUID(event.data["case"]), continuing(case, event)
    elif event.type is EventType.SUBCASE_OPENED:
        yield subcases.registration(case, event, process)
    elif event.type is EventType.CLOSED:
        yield from subcases.ends(case, event, process)
    elif event.type is EventType.MERGED:
        yield UUID(event.data["case"]), Absorb(case.number, case.id, event.data["reason"])
    yield from gathering.meant(event, case, process)


WORDS: Mapping[str, tuple[str, str]] = {
    "split_from": ("拆分自 {}", "split from {}"),
    "split_into": ("拆分出 {}", "split into {}"),
    "thread_of": ("来自 {} 的往来邮件", "written in the thread of {}"),
    "continued_in": ("转入 {}", "goes on in {}"),
    "joined_to": ("归入 {}", "joined {}"),
    "members": ("集中处理 {}", "goes on for {}"),
    "parent": ("{} 的子案", "opened by {}"),
    "subcases": ("子案 {}", "has opened {}"),
}


def relations(case: Case, language: str = "zh-CN") -> str:
    """Return in words to which cases this one belongs, empty for most."""
    chinese = language.startswith("zh")
    comma = "、" if chinese else ", "
    found = (
        words[not chinese].format(
            value if isinstance(value, str) else comma.join(getattr(one, "number", one) for one in value)
        )
        for key, words in WORDS.items()
        if (value := getattr(case, key))
    )
    return ("；" if chinese else "; ").join(found)
