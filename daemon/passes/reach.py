"""What cannot be reached: tried again after growing pauses, told when it begins, once an hour, and when it is well."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from enum import StrEnum

from daemon.passes.desk import Away, Desk, Happening
from daemon.seams import Mailbox

FIRST_PAUSE = timedelta(seconds=30)
LONGEST_PAUSE = timedelta(minutes=5)
TOLD_EVERY = timedelta(hours=1)


class Doing(StrEnum):
    """What a mailbox is asked for; one can be refused for hours while the others work, as moving is in a full one."""

    READING = "收信"
    MOVING = "移动邮件"
    FILING = "存已发送邮件"


def pause(failures: int) -> timedelta:
    """Return how long to leave alone what has failed this often in a row: 30 s, doubled each time, at most 5 min."""
    return min(FIRST_PAUSE * (1 << min(failures - 1, 10)), LONGEST_PAUSE)


def is_due(away: Away | None, now: datetime) -> bool:
    """Tell whether to try; a clock that was set back is no reason to wait."""
    return away is None or not away.tried <= now < away.tried + pause(away.failures)


def failed(away: Away | None, now: datetime, *, progress: bool = False) -> Away:
    """Return what is known after one more failure; after `progress` the pauses begin anew."""
    if away is None:
        return Away(since=now, tried=now, told=now)
    told = away.told if away.told <= now < away.told + TOLD_EVERY else now
    return Away(away.since, now, told, 1 if progress else away.failures + 1)


def how_long(time: timedelta) -> str:
    """Return a length of time in words, whole minutes: 1 小时 5 分钟."""
    hours, minutes = divmod(max(1, round(time.total_seconds() / 60)), 60)
    return " ".join(f"{number} {unit}" for number, unit in ((hours, "小时"), (minutes, "分钟")) if number)


# ── what the desk remembers ──────────────────────────────────────────────────────────────────────────────────────────
# Only as long as the daemon runs: who starts it anew wants it to try at once.


def in_reach(desk: Desk, mailbox: Mailbox, doing: Doing, now: datetime) -> bool:
    """Tell whether to ask a mailbox for this now; one that cannot be read is asked for nothing else."""
    if doing is not Doing.READING and _key(mailbox, Doing.READING) in desk.away:
        return False
    return is_due(desk.away.get(_key(mailbox, doing)), now)


def well_first(desk: Desk) -> list[Mailbox]:
    """Return the mailboxes, those behind that failed last, so that they hold up no other."""
    return sorted(desk.mailboxes, key=lambda mailbox: _key(mailbox, Doing.READING) in desk.away)


def lost(
    desk: Desk, mailbox: Mailbox, doing: Doing, fault: Exception, now: datetime, *, progress: bool = False
) -> Iterator[Happening]:
    """Remember a failure, and say it when it is the first, or the first in an hour."""
    key = _key(mailbox, doing)
    away = desk.away[key] = failed(desk.away.get(key), now, progress=progress)
    if away.told == now:
        lasts = f"（{doing}已中断 {how_long(now - away.since)}）" if away.since < now else ""
        yield Happening("mailbox.unreachable", f"{mailbox.account}：{doing}不成，将再试：{fault}{lasts}")


def reached(desk: Desk, mailbox: Mailbox, doing: Doing, now: datetime) -> Iterator[Happening]:
    """Forget the failures; say so when there were any."""
    away = desk.away.pop(_key(mailbox, doing), None)
    if away:
        text = f"{mailbox.account}：邮箱恢复正常，{doing}中断了 {how_long(now - away.since)}"
        yield Happening("mailbox.well", text)


def _key(mailbox: Mailbox, doing: Doing) -> str:
    return f"{doing}.{mailbox.account}"
