"""`kesu status`: how the daemon and its cases stand, read from the store beside a running daemon."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from daemon.adapters.calendars import guesses
from daemon.adapters.files import StateInUse, StateLock
from daemon.config import Config, named_settings_of, settings_of
from daemon.core.calendars import Calendars
from daemon.core.duties import coming
from daemon.core.health import LATE_TICK, State
from daemon.core.ladder import next_due_at
from daemon.core.process import BadProfile, in_language, load_pinned
from daemon.passes.health import Health, Role, look
from daemon.seams import Store
from daemon.wiring import calendars_of, health_file, process_text

HOLIDAYS = "holidays"
MOST_NAMED = 10
TITLES = {
    "tick": "上次工作 tick",
    "mailbox": "收信 mail in",
    "smtp": "发信 mail out",
    "ledger": "台账 ledger",
    "passes": "步骤 passes",
    "disk": "硬盘 disk",
    "certificate": "证书 certificate",
    "token": "密钥 secret",
}


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
    yield from _at_work(config, store, now) if config.service.database else (_running(config, now),)
    for one in look(config, store, calendars.usual, now).matters:
        if one.key != HOLIDAYS:  # told below, each with what to do
            yield Line(TITLES[one.key.partition(".")[0]], f"{one.zh} · {one.en}", one.state is not State.BAD)
    for guess in guesses((settings_of(config), *named_settings_of(config).values()), now):
        yield Line("日历 calendar", f"{guess.says()} · {guess.says('en')}", not guess.begun)
    counts = store.counts()
    yield from _counted(counts)
    yield from _held(counts)
    gone = store.ledger_gone()
    if gone:
        listed = "、".join(gone[:MOST_NAMED]) + ("…" if len(gone) > MOST_NAMED else "")
        yield Line("台账已删行 rows deleted", f"{len(gone)}: {listed}")
    yield Line("下一个到期 next due", _next(store, calendars, now))
    yield from _duty(config, calendars, now)


def health_of(config: Config, store: Store, now: datetime) -> Health:
    """Return the daemon's health as it can be seen from beside it."""
    return look(config, store, calendars_of(config).usual, now)


def reported(text: str, now: datetime) -> Line:
    """Judge a health.json: the daemon that wrote it must be alive, and nothing bad.  Raises ValueError."""
    said = json.loads(text)
    age = now - datetime.fromisoformat(said["at"])
    here = f"{_standing_by(said)}；" if said["role"] == Role.STANDBY else ""
    bad = [one["zh"] for one in said["matters"] if one["state"] == State.BAD]
    if age >= LATE_TICK:
        return Line("健康 health", f"上次报告是 {said['at']}，程序可能已停止 · no report since then", ok=False)
    return Line("健康 health", here + ("；".join(bad) or said["state"]), not bad)


def _standing_by(said: Mapping[str, Any]) -> str:
    since = f" 自 since {said['active_since']}" if said["active_since"] else ""
    return f"备用 standby · 工作的是 at work: {said['lease'] or '—'}{since}"


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


def _duty(config: Config, calendars: Calendars, now: datetime) -> Iterator[Line]:
    """Tell which calendar duty comes next; a profile with a fault is told by `kesu check`."""
    with suppress(BadProfile, OSError):
        process = load_pinned(*process_text(config))
        turns = [coming(duty, on, calendars.usual, now) for duty in process.duty for on in duty.on]
        if turns:
            turn = min(turns, key=lambda one: one.goes_out)
            title = in_language(turn.duty.title, "zh-CN")
            says = f"{title} · {turn.goes_out.astimezone(calendars.zone):%Y-%m-%d %H:%M}"
            yield Line("下一个例行事项 next duty", says)


def _at_work(config: Config, store: Store, now: datetime) -> Iterator[Line]:
    """Tell who works in a database that several daemons may share, and whether this machine stands by."""
    seen = health_of(config, store, now)
    since = f" 自 since {seen.active_since:%Y-%m-%d %H:%MZ}" if seen.active_since else ""
    says = f"运行中 running: {seen.holder}{since}" if seen.holder else "未运行 not running"
    yield Line("守护进程 daemon", says, ok=bool(seen.holder))
    with suppress(OSError, ValueError):
        here = json.loads(health_file(config).read_text(encoding="utf-8"))
        if here["role"] == Role.STANDBY and now - datetime.fromisoformat(here["at"]) < LATE_TICK:
            yield Line("本机 this machine", "备用 standby")


def _running(config: Config, now: datetime) -> Line:
    path = config.path(config.service.state) / "kesu.lock"
    if not path.exists():
        return Line("守护进程 daemon", "未运行 not running", ok=False)
    try:
        with StateLock(path).held(now):
            return Line("守护进程 daemon", "未运行 not running", ok=False)
    except StateInUse as held:
        return Line("守护进程 daemon", f"运行中 running: {held.holder}")


def _held(counts: Mapping[str, int]) -> Iterator[Line]:
    """Tell what waits because there was too much of it."""
    if number := counts.get("mails.held"):
        says = f"{number} 封未读，在“待人工”；移回收件箱或 kesu requeue 即处理 · unread; `kesu requeue` reads them"
        yield Line("来信过多暂存 held mails", says)
    if number := counts.get("outbox.put_off"):
        yield Line("自动邮件暂缓 put off", f"{number} 封改日发出 · go out another day")


def _counted(counts: Mapping[str, int]) -> Iterator[Line]:
    for key, number in counts.items():
        yield Line(key, str(number))
