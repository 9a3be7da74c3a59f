"""One kind mail to the person who has had the workbook open for long, while changes wait for it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from daemon.core.notice import Notice
from daemon.ledger.names import LEDGER_NAME, LIVE_NAME
from daemon.passes.desk import Desk, Happening
from daemon.seams import Opened

ASKED = "ledger.asked"  # who was asked to close it, and since when it was open


def ask_to_close(desk: Desk, someone: Opened, now: datetime) -> Iterator[Happening]:
    """Ask a person once to save and close the workbook; quality, when the name in the lock is nobody's we know."""
    mark = f"{someone.who}@{someone.since.isoformat()}"
    after = desk.calendar.add(someone.since, desk.config.ledger.open_reminder)
    if now < after or desk.store.recall(ASKED) == mark:
        return
    people = desk.directory.named(someone.who)
    since = someone.since.astimezone(desk.zone)
    when = f"{since:%m-%d %H:%M}"
    values = {"who": someone.who, "since": when, "file": LEDGER_NAME, "live": LIVE_NAME}
    told = desk.to_quality("ledger_open", values, urgent=False)
    if len(people) == 1:
        one = people[0]
        notice = Notice("ledger_open", one.email, one.name, None, "ledger_open", language=one.language)
        told = (replace(notice, values=values),)
    with desk.store.together():
        desk.store.remember(ASKED, mark)
        desk.store.plan(desk.envelopes(told, None, now), now)
    yield Happening("ledger.open_long", f"台账自 {when} 起被 {someone.who or '某人'} 打开，已请其保存并关闭")
