"""The loop: one lock, one clock, one tick after another.  No rules, and nothing that a pass could do."""

from __future__ import annotations

import logging
import signal
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack
from datetime import datetime
from types import FrameType

import schedule

from daemon.adapters.files import StateLock
from daemon.adapters.supervisor import Supervisor
from daemon.config import Config
from daemon.passes.calendar import calendar_pass
from daemon.passes.copies import copies_pass
from daemon.passes.desk import Desk, Happening
from daemon.passes.intake import decide_pass, fetch_pass, shelve_pass
from daemon.passes.ledger import ledger_pass
from daemon.passes.outbox import outbox_pass
from daemon.passes.rendering import rendering_pass
from daemon.passes.reports import reports_pass
from daemon.passes.timers import timers_pass
from daemon.seams import Clock, Mint
from daemon.wiring import listeners_of, make_folders, open_desk

log = logging.getLogger(__name__)

Pass = Callable[[Desk, datetime], Iterable[Happening]]
PASSES: tuple[Pass, ...] = (
    fetch_pass,
    decide_pass,
    shelve_pass,
    timers_pass,
    reports_pass,
    calendar_pass,
    rendering_pass,
    outbox_pass,
    copies_pass,
    ledger_pass,
)
QUIET_AFTER = 100  # ticks; `run --once` ends here at the latest


def tick(desk: Desk, now: datetime, progress: Callable[[], None] = lambda: None) -> Iterator[Happening]:
    """Run every pass once, in order; a pass that fails is logged and the others go on.

    `progress` is called after each pass.
    """
    for one in PASSES:
        try:
            yield from one(desk, now)
        except Exception as fault:
            log.exception("the %s failed; it is tried again at the next tick", one.__name__)
            yield Happening("pass.failed", f"{one.__name__}: {type(fault).__name__}: {fault}")
        progress()
    desk.store.remember("tick", now.isoformat())


def until_quiet(desk: Desk, clock: Clock) -> Iterator[Happening]:
    """Tick until a tick has nothing to say; the clock is read once a tick."""
    for _ in range(QUIET_AFTER):
        happened = tuple(tick(desk, clock.now()))
        yield from happened
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

    Raises StateInUse when another daemon works on the same state; it names that one.
    """
    make_folders(config)
    with ExitStack() as stack:
        lock = StateLock(config.path(config.service.state) / "kesu.lock")
        stack.enter_context(lock.held(clock.now()))
        desk = stack.enter_context(open_desk(config, mint))
        if once:
            _log(until_quiet(desk, clock))
            return
        for listener in listeners_of(config):
            stack.enter_context(listener)
            where = (config.company.complaint_mailbox, listener.host, listener.port)
            log.info("mail for %s is taken on %s:%s", *where, extra={"event": "service.listens"})
        _beat(desk, clock, supervisor or Supervisor())


def _beat(desk: Desk, clock: Clock, supervisor: Supervisor) -> None:
    """Tick at once and then every few seconds; `schedule` is the metronome, and knows nothing of what is due."""
    stop = threading.Event()

    def ask(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    beat = schedule.Scheduler()
    seconds = desk.config.service.tick_seconds
    beat.every(seconds).seconds.do(lambda: _one_tick(desk, clock.now(), supervisor))
    log.info("kesu is at work; it looks for mail every %s s", seconds, extra={"event": "service.started"})
    beat.run_all()
    while not stop.wait(max(0.05, min(beat.idle_seconds or 0.0, 1.0))):
        beat.run_pending()
    supervisor.stopping()
    for number, handler in before.items():
        signal.signal(number, handler)
    log.info("kesu stops", extra={"event": "service.stopped"})


def _one_tick(desk: Desk, now: datetime, supervisor: Supervisor) -> None:
    _log(tick(desk, now, supervisor.progress), supervisor.progress)
    supervisor.ticked(f"last tick {now.astimezone(desk.zone):%Y-%m-%d %H:%M:%S}")


def _log(happenings: Iterable[Happening], progress: Callable[[], None] = lambda: None) -> None:
    for one in happenings:
        where = {"event": one.event, "case": one.case, "text": one.text}
        log.info("%s %s", f"[{one.case}]" if one.case else "", one.text, extra=where)
        progress()
