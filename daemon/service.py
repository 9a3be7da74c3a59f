"""The loop: one lock, one clock, one tick after another.  No rules, and nothing that a pass could do."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from queue import Empty, SimpleQueue
from types import FrameType

import schedule

from daemon.adapters.files import StateLock
from daemon.adapters.imap_idle import listening
from daemon.adapters.store import StoreUnreachable, UpgradeWaits
from daemon.adapters.supervisor import Supervisor
from daemon.adapters.tenure import LeaseHeld, new_owner, tenure
from daemon.config import Config
from daemon.core.health import State
from daemon.passes.absence import absence_pass
from daemon.passes.calendar import calendar_pass
from daemon.passes.commands import commands_pass
from daemon.passes.copies import copies_pass
from daemon.passes.desk import Desk, Happening
from daemon.passes.duties import duties_pass
from daemon.passes.health import REIGN, Role, look, without_store
from daemon.passes.intake import decide_pass, fetch_pass, shelve_pass
from daemon.passes.ledger import ledger_pass
from daemon.passes.outbox import outbox_pass
from daemon.passes.rendering import rendering_pass
from daemon.passes.reports import reports_pass
from daemon.passes.timers import timers_pass
from daemon.passes.watch import watch
from daemon.seams import Clock, LeaseLost, Mint
from daemon.wiring import leave_report, make_folders, open_desk, sweep_folders
from daemon.wiring.mail import idle_accounts, listeners_of

log = logging.getLogger(__name__)

Pass = Callable[[Desk, datetime], Iterable[Happening]]
PASSES: tuple[Pass, ...] = (
    commands_pass,
    fetch_pass,
    decide_pass,
    shelve_pass,
    absence_pass,
    timers_pass,
    reports_pass,
    duties_pass,
    calendar_pass,
    rendering_pass,
    outbox_pass,
    copies_pass,
    ledger_pass,
)
QUIET_AFTER = 100  # ticks; `run --once` ends here at the latest
LOOKS = 10  # of a standby, in the time that a lease lasts


def tick(desk: Desk, now: datetime, progress: Callable[[], None] = lambda: None) -> Iterator[Happening]:
    """Run every pass once, in order; a pass that fails is logged and the others go on.

    `progress` is called after each pass.
    """
    failed: dict[str, str] = {}
    for one in PASSES:
        try:
            yield from one(desk, now)
        except Exception as fault:
            log.exception("the %s failed; it is tried again at the next tick", one.__name__)
            failed[one.__name__] = f"{type(fault).__name__}: {fault}"
            yield Happening("pass.failed", f"{one.__name__}: {failed[one.__name__]}")
        progress()
    desk.store.remember("tick", now.isoformat())
    try:
        yield from watch(desk, now, failed)
    except Exception:
        log.exception("the daemon's health could not be told; the work goes on")


def until_quiet(desk: Desk, clock: Clock) -> Iterator[Happening]:
    """Tick until a tick has nothing to say; the clock is read once a tick.  A full disk fails a tick, not the run."""
    for _ in range(QUIET_AFTER):
        happened = False
        try:
            for one in tick(desk, clock.now()):
                happened = True
                yield one
        except StoreUnreachable as fault:
            happened = True
            yield Happening("store.unreachable", str(fault))
        if not happened:
            return


def run(
    config: Config,
    clock: Clock,
    mint: Mint | None = None,
    *,
    supervisor: Supervisor | None = None,
    once: bool = False,
) -> None:
    """Run the daemon until a signal asks it to stop, or until all is quiet with `once`; `supervisor` hears of it.

    On PostgreSQL a second daemon stands by and takes over when the first is gone; one that lost the lease closes all
    that it had open and stands by.

    Raises StateInUse when another daemon works on the same state, with `once` LeaseHeld when one works in the same
    database; they name that one.
    """
    make_folders(config)
    with StateLock(config.path(config.service.state) / "kesu.lock").held(clock.now()):
        if once:
            _work_once(config, clock, mint)
            return
        manager = supervisor or Supervisor()
        with _asked_to_stop() as stop:
            while not stop.is_set():
                _stand_by_and_work(config, clock, mint, manager, stop)
            manager.stopping()
        log.info("kesu stops", extra={"event": "service.stopped"})


def _work_once(config: Config, clock: Clock, mint: Mint | None) -> None:
    owner, service = new_owner(), config.service
    with open_desk(config, mint) as desk:
        if _take_lease(desk, owner) is None:
            raise LeaseHeld(desk.store.lease_owner())
        try:
            with tenure(desk.store, owner, service.lease_seconds, renewed=bool(service.database)):
                desk.store.remember(REIGN, clock.now().isoformat())
                sweep_folders(config)
                _log(until_quiet(desk, clock))
        except LeaseLost as lost:
            raise LeaseHeld(lost.owner) from lost


def _stand_by_and_work(config: Config, clock: Clock, mint: Mint | None, supervisor: Supervisor, stop: Stop) -> None:
    """Wait for the lease and work until a signal comes or the lease is lost; nothing of it is used afterwards."""
    owner, service = new_owner(), config.service
    try:
        with ExitStack() as stack:
            desk = stack.enter_context(open_desk(config, mint))
            if not _stand_by(desk, owner, clock, supervisor, stop):
                return
            desk.store.remember(REIGN, clock.now().isoformat())
            stack.enter_context(tenure(desk.store, owner, service.lease_seconds, renewed=bool(service.database)))
            sweep_folders(config)
            for listener in listeners_of(config):
                stack.enter_context(listener)
                where = (config.company.complaint_mailbox, listener.host, listener.port)
                log.info("mail for %s is taken on %s:%s", *where, extra={"event": "service.listens"})
            _beat(desk, clock, supervisor, stop)
    except LeaseLost as lost:
        log.error("%s; it stands by", lost, extra={"event": "service.deposed"})  # noqa: TRY400 - no fault of the code
    except UpgradeWaits as waits:
        log.info("standby: %s", waits, extra={"event": "service.standby"})
        supervisor.ticked(f"standby: {waits}")
        seen = without_store(config, State.WARNING, (f"等待升级：{waits}", str(waits)), clock.now(), waits.owner)
        leave_report(config, seen, Role.STANDBY)
        stop.wait(service.lease_seconds)


def _take_lease(desk: Desk, owner: str) -> int | None:
    """Take the lease; with a database of one's own the lock on the state folder says that its holder is gone."""
    return desk.store.take_lease(owner, desk.config.service.lease_seconds, seize=not desk.config.service.database)


def _stand_by(desk: Desk, owner: str, clock: Clock, supervisor: Supervisor, stop: Stop) -> bool:
    """Wait until the lease is ours, and leave a report each time; return False when a signal comes before."""
    told = ""
    while not stop.is_set():
        try:
            if _take_lease(desk, owner) is not None:
                return True
            seen = look(desk.config, desk.store, desk.calendar, clock.now())
            says = f"standby: {seen.holder} is at work"
        except StoreUnreachable as fault:
            says = f"standby: {fault}"
            seen = without_store(desk.config, State.BAD, (f"数据库不能用：{fault}", str(fault)), clock.now())
        leave_report(desk.config, seen, Role.STANDBY)
        if says != told:
            log.info(says, extra={"event": "service.standby"})
        told = says
        supervisor.ticked(says)
        stop.wait(desk.config.service.lease_seconds / LOOKS)
    return False


class Stop:
    """A wish to stop.  A signal handler may set it: a threading.Event could lock itself out there."""

    def __init__(self) -> None:
        self._asked: SimpleQueue[None] = SimpleQueue()
        self._set = False

    def set(self) -> None:
        """Ask to stop."""
        self._set = True
        self._asked.put(None)

    def is_set(self) -> bool:
        """Tell whether somebody asked."""
        return self._set

    def wait(self, seconds: float) -> bool:
        """Wait so long, or until somebody asks; tell whether somebody did."""
        if not self._set:
            with suppress(Empty):
                self._asked.get(timeout=seconds)
        return self._set


@contextmanager
def _asked_to_stop() -> Iterator[Stop]:
    """Return a wish to stop that SIGINT and SIGTERM set; the handlers are put back at the end."""
    stop = Stop()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _beat(desk: Desk, clock: Clock, supervisor: Supervisor, stop: Stop) -> None:
    """Tick at once, every few seconds, and when a mailbox says that something came.

    `schedule` is the metronome, and knows nothing of what is due.
    """
    beat, woken = schedule.Scheduler(), threading.Event()
    seconds = desk.config.service.tick_seconds
    beat.every(seconds).seconds.do(lambda: _one_tick(desk, clock.now(), supervisor))
    log.info("kesu is at work; it looks for mail every %s s", seconds, extra={"event": "service.started"})
    beat.run_all()
    with listening(idle_accounts(desk.config), woken.set):
        while not stop.wait(max(0.05, min(beat.idle_seconds or 0.0, 1.0))):
            if woken.is_set():
                woken.clear()
                beat.run_all()
            beat.run_pending()


def _one_tick(desk: Desk, now: datetime, supervisor: Supervisor) -> None:
    """Tick; when the store is away nothing is done, and the next tick tries again."""
    try:
        if desk.config.service.database:
            desk.store.renew_lease(desk.config.service.lease_seconds)
        _log(tick(desk, now, supervisor.progress), supervisor.progress)
    except StoreUnreachable as fault:
        log.error("%s", fault, extra={"event": "store.unreachable"})  # noqa: TRY400 - the sentence says it all
        supervisor.ticked(str(fault))
    else:
        supervisor.ticked(f"last tick {now.astimezone(desk.zone):%Y-%m-%d %H:%M:%S}")


def _log(happenings: Iterable[Happening], progress: Callable[[], None] = lambda: None) -> None:
    for one in happenings:
        where = {"event": one.event, "case": one.case, "text": one.text}
        log.info("%s %s", f"[{one.case}]" if one.case else "", one.text, extra=where)
        progress()
