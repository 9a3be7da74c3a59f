"""`kesu status`: how the daemon and its cases stand, read from the store beside a running daemon."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from daemon.adapters.calendars import guesses
from daemon.adapters.files import StateInUse, StateLock
from daemon.config import Config, named_settings_of, settings_of
from daemon.core.calendars import Calendars
from daemon.core.ladder import next_due_at
from daemon.core.process import BadProfile, load_pinned
from daemon.seams import Store
from daemon.wiring import calendars_of

LATE_TICK = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the status; not `ok` means that somebody should look."""

    what: str
    says: str
    ok: bool = True


def status_of(config: Config, store: Store, now: datetime) -> tuple[Line, ...]:
    """Return the status, a line a matter."""
    return tuple(_lines(config, store, now))


def _lines(config: Config, store: Store, now: datetime) -> Iterator[Line]:
    calendars = calendars_of(config)
    zone = calendars.zone
    yield _at_work(store) if config.service.database else _running(config, now)
    tick = store.recall("tick")
    at = datetime.fromisoformat(tick) if tick else None
    says = f"{at.astimezone(zone):%Y-%m-%d %H:%M:%S}" if at else "never"
    yield Line("last tick 上次工作", says, bool(at and now - at < LATE_TICK))
    counts = store.counts()
    yield from _counted(counts)
    error = store.recall("ledger.error")
    yield Line("ledger 台账", error or "written 已更新", not error)
    for guess in guesses((settings_of(config), *named_settings_of(config).values()), now):
        yield Line("calendar 日历", f"{guess.says()} · {guess.says('en')}", not guess.begun)
    yield Line("looked at next 下一个到期", _next(store, calendars, now))


def _next(store: Store, calendars: Calendars, now: datetime) -> str:
    """Return the case in which time asks for something next, and when; a dash when there is none within a year."""
    case = next(iter(store.due_cases(now + timedelta(days=365), 1)), None)
    if case is None:
        return "—"
    try:
        at = next_due_at(case, load_pinned(store.profile(case.profile), "the store"), calendars, now)
    except (BadProfile, KeyError) as fault:
        return f"{case.number} ({fault})"
    return f"{case.number} · {at.astimezone(calendars.zone):%Y-%m-%d %H:%M}" if at else case.number


def _at_work(store: Store) -> Line:
    """Tell who works in a database that several daemons may share: the holder of the lease."""
    owner = store.lease_owner()
    return Line("daemon 守护进程", f"running 运行中: {owner}" if owner else "not running 未运行", ok=bool(owner))


def _running(config: Config, now: datetime) -> Line:
    path = config.path(config.service.state) / "kesu.lock"
    if not path.exists():
        return Line("daemon 守护进程", "not running 未运行", ok=False)
    try:
        with StateLock(path).held(now):
            return Line("daemon 守护进程", "not running 未运行", ok=False)
    except StateInUse as held:
        return Line("daemon 守护进程", f"running 运行中: {held.holder}")


def _counted(counts: Mapping[str, int]) -> Iterator[Line]:
    for key, number in counts.items():
        yield Line(key, str(number))
