"""What goes out by the calendar: the weekly summary and the word on grave cases, once a week whatever restarts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from daemon.core.case import Case
from daemon.core.figures import Week, week_to, weekly
from daemon.core.notice import Notice
from daemon.core.tell import progress
from daemon.passes.desk import Desk, Happening
from daemon.seams import Envelope

SUMMARY = "weekly summary"
UNTIL = "summary.until"  # what was counted once is not counted again, and nothing in between is left out


def reports_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Plan the summary of the latest week whose hour has come, if it was not sent yet."""
    moment = latest_moment(desk, now)
    since = desk.store.recall(UNTIL)
    week = week_to(moment, datetime.fromisoformat(since) if since else None)
    if desk.store.period_done(SUMMARY, week.name):
        return
    cases = list(desk.store.cases())
    begun = any(case.opened_at <= moment for case in cases)  # a week before the first case has nothing to sum up
    notices = [*_summaries(desk, cases, week, now), *_progress(desk, cases, now)] if begun else []
    if desk.store.finish_period(SUMMARY, week.name, tuple(_envelopes(desk, notices, now)), now) and notices:
        told = "、".join(dict.fromkeys(notice.name for notice in notices if notice.template == "summary"))
        yield Happening("report.summary", f"{week.name} 周报 → {told}")


def latest_moment(desk: Desk, now: datetime) -> datetime:
    """Return the latest instant, not after `now`, at which a summary was due."""
    summary, local = desk.config.summary, now.astimezone(desk.zone)
    days = (local.weekday() - summary.weekday) % 7
    moment = datetime.combine(local.date() - timedelta(days=days), summary.at, desk.zone)
    return moment if moment <= now else moment - timedelta(days=7)


def _summaries(desk: Desk, cases: list[Case], week: Week, now: datetime) -> Iterator[Notice]:
    values = weekly(
        [desk.shown(case) for case in cases],
        week,
        now,
        desk.process_of,
        desk.config.service.ledger_shown or str(desk.shelf),
    )
    for role in desk.config.summary.to:
        for person in (desk.directory.people[one] for one in desk.directory.roles.get(role, ())):
            yield Notice(
                "summary", person.email, person.name, None, "summary", language=person.language, urgent=True,
                values=values,
            )  # fmt: skip


def _progress(desk: Desk, cases: list[Case], now: datetime) -> Iterator[Notice]:
    for case in cases:
        yield from progress(case, desk.context(case, now))


def _envelopes(desk: Desk, notices: list[Notice], now: datetime) -> Iterator[Envelope]:
    seen: set[tuple[str, str, object]] = set()
    for notice in notices:
        key = (notice.template, notice.recipient, notice.case)
        if key not in seen:
            seen.add(key)
            case = desk.store.case(notice.case) if notice.case else None
            yield from desk.envelopes([notice], case, now)
