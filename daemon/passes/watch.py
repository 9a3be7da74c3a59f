"""The last pass of a tick: judge how the daemon does, tell the administrator, leave a report for monitoring."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from daemon.core.health import Matter, follow
from daemon.core.notice import Notice
from daemon.passes.desk import Desk, Happening
from daemon.passes.health import SMTP, Health, followed_of, followed_text, look
from daemon.passes.troubles import begin, end

WATCH = "watch"


def watch(desk: Desk, now: datetime, failed: Mapping[str, str]) -> Iterator[Happening]:
    """Judge every matter after the passes of a tick, of which `failed` did not go through, with the reason."""
    if failed:
        begin(desk.store, "passes", now, "; ".join(f"{name}: {why}" for name, why in failed.items()))
    else:
        end(desk.store, "passes")
    _note_certificates(desk)
    health = look(desk.config, desk.store, desk.calendar, now)
    yield from _tell(desk, health, now)
    desk.report(health.as_bytes())


def _tell(desk: Desk, health: Health, now: datetime) -> Iterator[Happening]:
    text = desk.store.recall(WATCH)
    news = follow(health.matters, followed_of(text), now)
    for template, matters in (("trouble", news.troubles), ("well_again", news.well_again)):
        for one in matters:
            _plan(desk, template, one, now)
            yield Happening(f"health.{template}", f"{one.zh} ({one.en})")
    after = followed_text(news.followed)
    if after != (text or followed_text({})):
        desk.store.remember(WATCH, after)


def _plan(desk: Desk, template: str, matter: Matter, now: datetime) -> None:
    """Plan a mail, once a matter and day: the day is marked in the transaction that plans it."""
    address = desk.config.service.administrator
    if not address:
        return
    person = desk.directory.person(address)
    language = person.language if person else "zh-CN"
    notice = Notice(
        template,
        address,
        person.name if person else "",
        None,
        template,
        language=language,
        urgent=True,
        values={"words": matter.words(language), "key": matter.key, "since": _since(desk, matter)},
    )
    day = f"{now.astimezone(desk.zone):%Y-%m-%d}"
    desk.store.finish_period(f"{template} {matter.key}", day, desk.envelopes([notice], None, now), now)


def _since(desk: Desk, matter: Matter) -> str:
    return f"{matter.since.astimezone(desk.zone):%Y-%m-%d %H:%M}" if matter.since else ""


def _note_certificates(desk: Desk) -> None:
    """Keep until when the servers' certificates are valid, as the last connections showed it."""
    tools = {**{mailbox.account: mailbox for mailbox in desk.mailboxes}, SMTP: desk.sender}
    for name, tool in tools.items():
        until: datetime | None = getattr(tool, "certificate_until", None)
        if until and desk.store.recall(f"certificate.{name}") != until.isoformat():
            desk.store.remember(f"certificate.{name}", until.isoformat())
