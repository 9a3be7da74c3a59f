"""A case as a row of the ledger: what each column shows.  Pure; a row can be thrown away and made again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isfinite
from pathlib import PurePosixPath

from daemon.core.case import Case, Scalar
from daemon.core.directory import Directory
from daemon.core.family import relations
from daemon.core.fields import BY_KEY, CHANNELS, SECTION_COLUMNS, VALIDITIES, YES_NO, Kind
from daemon.core.process import Process, in_language
from daemon.core.roles import recipients, responsible
from daemon.ledger.hints import hint_of
from daemon.seams import CellValue, LedgerRow

LANGUAGE = "zh-CN"


@dataclass(frozen=True, slots=True)
class CaseFiles:
    """Where a case's report and evidence lie: paths relative to the ledger's folder, empty when there are none."""

    report: str = ""
    evidence: str = ""


def row_of(case: Case, process: Process, directory: Directory, now: datetime, files: CaseFiles) -> LedgerRow:
    """Return the row of a case at `now`; instants in it are aware and in UTC."""
    extra = {key: fact.kind for key, fact in process.facts.items()}
    facts = {key: _value(case.fact(key), kind) for key, kind in {**_KINDS, **extra}.items()}
    shown = {key: text for key, section in SECTION_COLUMNS.items() if (text := case.section(section))}
    return LedgerRow(
        case=case.id,
        values={
            **facts,
            **shown,
            **({} if case.found else _filled_in(case, directory, facts)),
            **_of_daemon(case, process, directory, now, files),
            **{key: _value(value, _KINDS.get(key, Kind.TEXT)) for key, value in case.found.items()},
        },
        links={key: path for key, path in (("report_file", files.report), ("evidence_folder", files.evidence)) if path},
        severity=case.severity.value,
        overdue=bool(_overdue(case, now)),
    )


_KINDS: dict[str, str] = {key: field.kind for key, field in BY_KEY.items()}


def _of_daemon(
    case: Case, process: Process, directory: Directory, now: datetime, files: CaseFiles
) -> dict[str, CellValue]:
    """Return what only the daemon knows."""
    titles = (in_language(step.title, LANGUAGE) for step in process.tasks(_open_tasks(case)))
    planned = dict(_planned(case, process))
    return {
        "case_no": case.number,
        "received_at": case.opened_at,
        "forwarded_by": _name(case.forwarded_by, directory),
        "status": case.status.value,
        "next_step": "、".join((*titles, *planned)),
        "due_at": min((*_due_times(case), *planned.values()), default=None),
        "overdue": _overdue(case, now),
        "related": relations(case, LANGUAGE),
        "round": case.round,
        "closed_at": case.closed_at,
        "report_file": PurePosixPath(files.report).stem,
        "evidence_folder": "附件" if files.evidence else "",
        "hint": hint_of(case, process, directory),
    }


def _filled_in(case: Case, directory: Directory, facts: dict[str, CellValue]) -> dict[str, CellValue]:
    """Return people's columns that nobody filled yet, with what is known from elsewhere."""
    empty = (key for key in _GUESSES if facts.get(key) in (None, "") and not (key in _EMPTIED and key in case.facts))
    return {key: _GUESSES[key](case, directory) for key in empty}


def _channel(case: Case, _: Directory) -> CellValue:
    return CHANNELS[0] if case.message_id else None


def _contact_name(case: Case, directory: Directory) -> CellValue:
    return None if directory.is_colleague(case.reporter) else case.reporter_name or None


def _contact_email(case: Case, directory: Directory) -> CellValue:
    return None if directory.is_colleague(case.reporter) else case.reporter or None


def _defect_rate(case: Case, _: Directory) -> CellValue:
    bad, all_ = _number(case.fact("quantity_defective")), _number(case.fact("quantity_delivered"))
    return round(bad / all_, 6) if bad is not None and all_ and 0 <= bad <= all_ else None


def _severity(case: Case, _: Directory) -> CellValue:
    return case.severity.value


def _validity(_: Case, __: Directory) -> CellValue:
    return VALIDITIES[0]


def _owner(case: Case, directory: Directory) -> CellValue:
    dept = responsible(case, directory)
    named = case.section("d1.leader").strip() or (case.assigned.get("department", "") if dept else "")
    leader = directory.people.get(named) or (dept and directory.people.get(dept.manager) if not named else None)
    return leader.name if leader else named or None


def _quality_engineer(case: Case, directory: Directory) -> CellValue:
    return (
        "、".join(dict.fromkeys(one.name for one in recipients("quality_engineer", case, directory) if one.name))
        or None
    )


_GUESSES: dict[str, Callable[[Case, Directory], CellValue]] = {
    "channel": _channel,
    "contact_name": _contact_name,
    "contact_email": _contact_email,
    "defect_rate": _defect_rate,
    "severity": _severity,
    "validity": _validity,
    "owner": _owner,
    "quality_engineer": _quality_engineer,
}


# What people have emptied stays empty, whatever could be guessed.
_EMPTIED = frozenset({"channel", "contact_name", "contact_email", "defect_rate"})


def _name(address: str, directory: Directory) -> str:
    """Return whose address this is; a stranger's stays as it is."""
    person = directory.person(address)
    dept = directory.department_of(address) if address else None
    return person.name if person else dept.name if dept else address


# ── time ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _open_tasks(case: Case) -> tuple[str, ...]:
    """Return what somebody has to do: open steps, and after closing the checks that have a due time."""
    tasks = case.open_tasks if case.is_open else set(case.open_tasks) - set(case.open_steps)
    return tuple(key for key in tasks if key in case.steps or case.state(key).due_at)


def _planned(case: Case, process: Process) -> Iterable[tuple[str, datetime]]:
    """Yield the checks of a closed case that will be asked for, by title; one without a due time is nobody's task."""
    for one in process.followup:
        follow = case.followups.get(one.id)
        if follow and follow.planned_at and not case.is_open and one.due:
            yield in_language(one.check(follow.number).title, LANGUAGE), follow.planned_at


def _due_times(case: Case) -> Iterable[datetime]:
    return (due for key in _open_tasks(case) if (due := case.state(key).due_at))


def _overdue(case: Case, now: datetime) -> str:
    due = min(_due_times(case), default=now)
    return f"逾期 {_in_words(now - due)}" if due < now else ""


def words_change_at(case: Case, now: datetime) -> datetime | None:
    """Return when the row of a case will say something else about time although nothing happened, None when never."""
    due = min(_due_times(case), default=None)
    if due is None:
        return None
    if due >= now:
        return due + timedelta(seconds=1)
    late = now - due
    return due + (timedelta(days=late.days + 1) if late.days else timedelta(hours=late.seconds // 3600 + 1))


def _in_words(late: timedelta) -> str:
    """Say how late it is, by days, or by hours on the first: a cell that changed each minute would be written so."""
    if late.days:
        return f"{late.days}天"
    hours = late.seconds // 3600
    return f"{hours}小时" if hours else "不到1小时"


# ── values ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _value(value: Scalar, kind: str) -> CellValue:
    """Return a fact as its column shows it; what does not fit the column's kind stays the text it is."""
    if isinstance(value, bool):
        return YES_NO[0] if value else YES_NO[1]
    if not isinstance(value, str):
        return value
    found = _READ[kind](value) if kind in _READ else None
    return value if found is None else found


def _instant(text: str) -> datetime | None:
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        return None
    return found if found.tzinfo else None


def _rate(text: str) -> float | None:
    found = _number(text.removesuffix("%"))
    return found / 100 if found is not None and text.endswith("%") else found


def _number(value: Scalar) -> float | None:
    try:
        found = float(value.replace(",", "") if isinstance(value, str) else value if value is not None else "nan")
    except ValueError:
        return None
    return found if isfinite(found) else None


def _count(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


_READ: dict[str, Callable[[str], CellValue]] = {
    Kind.MOMENT: _instant,
    Kind.RATE: _rate,
    Kind.MONEY: _number,
    Kind.COUNT: _count,
}
