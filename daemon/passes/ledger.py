"""The ledger once a tick: written whole from the journal when anything in it has changed."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from functools import cache

from daemon.core.case import Case
from daemon.documents.naming import evidence_folder
from daemon.ledger.rows import CaseFiles, row_of
from daemon.passes.backoff import first_in_hour
from daemon.passes.desk import Desk, Happening
from daemon.passes.filing import file_evidence
from daemon.passes.troubles import begin, end
from daemon.seams import CellValue, LedgerNotWritable, LedgerRow

log = logging.getLogger(__name__)

WRITTEN_AT = "ledger.written_at"
PATIENCE = timedelta(minutes=1)  # while mails come in by the batch, the rows of a batch wait at most so long
TOKEN = "ledger.token"  # noqa: S105  # a mark of what was written last, no secret


def ledger_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Write the workbook when the journal, the time that is told in it or the file itself has moved on."""
    revision, hour = desk.store.revision(), f"{now:%Y-%m-%dT%H}"
    ours, (written_revision, _, written_hour) = desk.store.ledger_sha256(), _token(desk).partition("@")
    untouched = ours is not None and written_revision == revision and _on_disk(desk) == ours
    if (untouched and written_hour == hour) or _more_to_come(desk, now):
        return
    token = f"{revision}@{hour}"
    written_rows = cache(desk.store.ledger_rows)  # thousands of rows, and seldom needed
    rows = []
    for case in desk.store.cases():
        try:
            rows.append(_row(desk, case, now))
        except Exception as fault:
            rows.append(_as_written(case, written_rows().get(case.id)))
            if first_in_hour(desk.store, f"row.{case.id}", now):
                log.exception("the row of case %s could not be made; it stays as it was", case.number)
                yield Happening("ledger.row_failed", f"台账行未能更新：{type(fault).__name__}: {fault}", case.number)
    if untouched and {row.case: dict(row.values) for row in rows} == written_rows():
        desk.store.remember(TOKEN, token)
        end(desk.store, "ledger")
        return
    try:
        written = desk.ledger.write(rows, ours, now)
    except LedgerNotWritable as fault:
        if desk.store.recall("ledger.error") != str(fault):
            yield Happening("ledger.waits", str(fault))
        desk.store.remember("ledger.error", str(fault))
        begin(desk.store, "ledger", now, str(fault), locked=fault.locked)
        return
    desk.store.ledger_written(written.sha256, rows, now)
    desk.store.remember(TOKEN, token)
    desk.store.remember(WRITTEN_AT, now.isoformat())
    desk.store.remember("ledger.error", "")
    end(desk.store, "ledger")
    if written.set_aside:
        values = {"file": written.set_aside.name}
        desk.store.plan(desk.envelopes(desk.to_quality("ledger_aside", values), None, now), now)
        yield Happening("ledger.aside", f"台账被人改过，原件另存为 {written.set_aside.name}")
    if written.sha256 != ours:
        yield Happening("ledger.written", f"台账已更新：{len(rows)} 行")


def _more_to_come(desk: Desk, now: datetime) -> bool:
    """Tell whether the rows can wait: a flood of complaints comes in, and the workbook was written just now."""
    written = desk.store.recall(WRITTEN_AT)
    if not written or now - datetime.fromisoformat(written) >= PATIENCE:
        return False
    return sum(1 for _ in desk.store.cases_since(now)) > desk.config.service.batch // 2


def _on_disk(desk: Desk) -> str | None:
    """Return the hash of the file, None when the share cannot be reached: writing will then say why."""
    try:
        return desk.ledger.sha256()
    except (OSError, LedgerNotWritable):
        return None


def _token(desk: Desk) -> str:
    return desk.store.recall(TOKEN) or ""


def _as_written(case: Case, values: Mapping[str, CellValue] | None) -> LedgerRow:
    """Return the row as it was written last, of a new case only its number."""
    return LedgerRow(case.id, values or {"case_no": case.number}, severity=case.severity.value)


def _row(desk: Desk, case: Case, now: datetime) -> LedgerRow:
    file_evidence(desk, case)  # the row links to its folder
    case = desk.shown(case)
    reports = [one.path for one in desk.store.documents(case.id) if one.kind == "internal"]
    folder = evidence_folder(case) if case.evidence else ""
    return row_of(case, desk.process_of(case), desk.directory, now, CaseFiles(reports[-1] if reports else "", folder))
