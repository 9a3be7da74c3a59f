"""`kesu process migrate`: open cases move to the profile in force, by the running daemon or at once when none runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime

from daemon.adapters.files import StateInUse, StateLock
from daemon.adapters.store import open_store
from daemon.adapters.tenure import new_owner, tenure
from daemon.config import Config
from daemon.passes.desk import Desk
from daemon.passes.migrations import MIGRATE, migrate, said, target_of, tried
from daemon.processes import profile_text
from daemon.wiring import open_desk, store_address


def migrated(config: Config, numbers: Sequence[str], to: str, now: datetime) -> Iterator[str]:
    """Move these cases, or all that are open and pin another profile; yield what was done to each.

    Raises BadProfile, OSError, and the store's own faults.
    """
    try:
        with StateLock(config.path(config.service.state) / "kesu.lock").held(now), open_desk(config) as desk:
            owner = new_owner()
            if desk.store.take_lease(owner, config.service.lease_seconds, seize=not config.service.database) is None:
                yield from _queued(config, numbers, to, now)
                return
            with tenure(desk.store, owner, config.service.lease_seconds):
                for data in list(_wishes(desk, config, numbers, to)):
                    yield migrate(desk, data, now)
    except StateInUse:
        yield from _queued(config, numbers, to, now)


def foreseen(config: Config, numbers: Sequence[str], to: str, now: datetime) -> Iterator[str]:
    """Yield what moving would do to each of these cases, and change nothing."""
    with open_desk(config) as desk:
        for data in list(_wishes(desk, config, numbers, to)):
            case = desk.store.case_numbered(data["number"])
            outcome = tried(desk, case, data["profile"], now) if case else f"there is no case {data['number']}"
            target = target_of(desk, case, data["profile"]) if case else None
            if isinstance(outcome, str) or case is None or target is None:
                yield str(outcome)
            else:
                yield said(case, outcome, desk, target.process)


def _queued(config: Config, numbers: Sequence[str], to: str, now: datetime) -> Iterator[str]:
    with closing(open_store(store_address(config), upgrade=False)) as store:
        profile = store.put_profile(profile_text(to, config.base)[0]) if to else ""
        listed = numbers or [case.number for case in store.cases() if case.is_open and case.profile != profile]
        for number in listed:
            store.queue_command(MIGRATE, {"number": number, "profile": profile}, now)
            yield f"case {number} is moved by the running daemon at its next tick"


def _wishes(desk: Desk, config: Config, numbers: Sequence[str], to: str) -> Iterator[dict[str, str]]:
    profile = desk.store.put_profile(profile_text(to, config.base)[0]) if to else ""
    for number in numbers or [case.number for case in desk.store.cases() if _can_move(desk, case.number, profile)]:
        yield {"number": number, "profile": profile}


def _can_move(desk: Desk, number: str, profile: str) -> bool:
    case = desk.store.case_numbered(number)
    target = target_of(desk, case, profile) if case else None
    return bool(case and case.is_open and target and target.profile != case.profile)
