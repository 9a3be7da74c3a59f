"""The figures of a week: new, open, overdue, closed, on time, by department and grade.  Counting only."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from daemon.core.case import Case, Severity, StepStatus
from daemon.core.process import Process, in_language


@dataclass(frozen=True, slots=True)
class Week:
    """What one summary covers: from the summary before, without it, to its own instant; named by the ISO week."""

    name: str
    start: datetime
    end: datetime

    def holds(self, moment: datetime | None) -> bool:
        """Tell whether something happened in this time."""
        return moment is not None and self.start < moment <= self.end


def week_to(end: datetime, since: datetime | None = None) -> Week:
    """Return the week that ends at a local instant, named by ISO 8601; `since` is the end of the one before."""
    year, week, _ = end.isocalendar()
    return Week(f"{year}-W{week:02}", since or end - timedelta(days=7), end)


def weekly(
    cases: Iterable[Case], week: Week, now: datetime, process_of: Callable[[Case], Process], ledger: str
) -> dict[str, Any]:
    """Return the values of the weekly summary (plain JSON)."""
    every = [case for case in cases if case.opened_at <= now]
    return {
        "week": week.name,
        "from": week.start.astimezone(week.end.tzinfo).date().isoformat(),
        "to": week.end.date().isoformat(),
        **_counts(every, week, now),
        "on_time": _on_time(every, week),
        "by_department": _groups(every, week, now, lambda case: case.text("department") or "未定", ()),
        "by_severity": _groups(every, week, now, lambda case: case.severity.value, tuple(s.value for s in Severity)),
        "overdue_cases": [_late(case, now, process_of(case)) for case in every if case.is_open and case.overdue(now)],
        "due_next_week": _coming(every, week, now, process_of),
        "ledger": ledger,
    }


def _counts(cases: Sequence[Case], week: Week, now: datetime) -> dict[str, int]:
    return {
        "new": sum(week.holds(case.opened_at) for case in cases),
        "open": sum(case.is_open for case in cases),
        "overdue": sum(case.is_open and bool(case.overdue(now)) for case in cases),
        "closed": sum(week.holds(case.closed_at) for case in cases),
    }


def _groups(
    cases: Sequence[Case], week: Week, now: datetime, name: Callable[[Case], str], order: tuple[str, ...]
) -> list[dict[str, Any]]:
    names = [one for one in order if any(name(case) == one for case in cases)]
    names += sorted({name(case) for case in cases} - set(order))
    rows = ({"name": one, **_counts([c for c in cases if name(c) == one], week, now)} for one in names)
    return [row for row in rows if row["new"] or row["open"] or row["closed"]]


def _on_time(cases: Sequence[Case], week: Week) -> float | None:
    """Return the share of the steps done this week that were done in time; steps of the daemon do not count."""
    done = [
        step.missed
        for case in cases
        for step in case.steps.values()
        if step.status is StepStatus.DONE and step.by != "daemon" and week.holds(step.done_at)
    ]
    return round(1 - sum(done) / len(done), 4) if done else None


def _late(case: Case, now: datetime, process: Process) -> dict[str, Any]:
    key = min(case.overdue(now), key=lambda step: case.steps[step].due_at or now)
    due = case.steps[key].due_at or now
    return {**_line(case, key, process), "days": (now - due).days}


def _coming(
    cases: Sequence[Case], week: Week, now: datetime, process_of: Callable[[Case], Process]
) -> list[dict[str, Any]]:
    until = week.end + timedelta(days=7)
    rows = [
        _line(case, key, process_of(case))
        for case in cases
        if case.is_open
        for key in case.open_steps
        if (due := case.steps[key].due_at) and now <= due < until
    ]
    return sorted(rows, key=lambda row: str(row["due"]))


def _line(case: Case, key: str, process: Process) -> dict[str, Any]:
    step, due = process.steps.get(key), case.steps[key].due_at
    return {
        "number": case.number,
        "customer": case.text("customer") or case.reporter_name or case.reporter,
        "step": in_language(step.title, "zh-CN") if step else key,
        "due": due.isoformat() if due else "",
        "department": case.text("department"),
    }
