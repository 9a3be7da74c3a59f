"""What waits for somebody who is away goes to whoever stands in, and back.  Rules only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from daemon.core.case import Case
from daemon.core.commands import Context, HandBack, HandOn
from daemon.core.directory import Directory
from daemon.core.entitled import Decided
from daemon.core.events import EventType
from daemon.core.journal import Journal
from daemon.core.process import Step
from daemon.core.roles import owners


def hand_on(case: Case, command: HandOn, context: Context) -> Decided:
    """Hand on the open steps of somebody who is away; nothing where none of them is his or hers."""
    steps = steps_of(command.addresses, case, context, there(context.directory, command.addresses))
    if not steps or case.is_held:
        return ()
    journal = Journal(context, case.id, case)
    data = {"addresses": list(command.addresses), "until": command.until.isoformat()}
    journal.add(EventType.HANDED_ON, {**data, "steps": [step.id for step in steps]})
    return tuple(journal.events)


def hand_back(case: Case, command: HandBack, context: Context) -> Decided:
    """Give the open steps of somebody who is back to him or her."""
    steps = steps_of(command.addresses, case, context, context.directory)
    if not steps or case.is_held:
        return ()
    journal = Journal(context, case.id, case)
    data = {"addresses": list(command.addresses), "steps": [step.id for step in steps]}
    journal.add(EventType.HANDED_BACK, data)
    return tuple(journal.events)


def there(directory: Directory, addresses: Iterable[str]) -> Directory:
    """Return the directory as if the owner of these addresses were there."""
    return replace(directory, away=directory.away - {one.lower() for one in addresses})


def steps_of(addresses: Iterable[str], case: Case, context: Context, directory: Directory) -> tuple[Step, ...]:
    """Return the open steps that lie with one of these addresses, by a directory."""
    mine = {one.lower() for one in addresses}
    steps = (context.process.steps[key] for key in case.open_steps if key in context.process.steps)
    return tuple(step for step in steps if mine & {one.address.lower() for one in owners(step.owner, case, directory)})
