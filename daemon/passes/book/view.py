"""What the ledger is to show of a case now, and where a text goes that is too long for a cell."""

from __future__ import annotations

from datetime import datetime
from hashlib import sha256

from daemon.core.case import Case
from daemon.documents.naming import evidence_folder
from daemon.ledger.rows import CaseFiles, row_of
from daemon.ledger.text import is_too_long
from daemon.passes.desk import Desk
from daemon.passes.filing import file_evidence
from daemon.seams import LedgerRow


def row_now(desk: Desk, case: Case, now: datetime) -> LedgerRow:
    """Return the row of a case, as everybody may see it who can open the shared folder."""
    file_evidence(desk, case)  # the row links to its folder
    case = desk.shown(case)
    reports = [one.path for one in desk.store.documents(case.id) if one.kind == "internal"]
    row = row_of(
        case,
        desk.process_of(case),
        desk.directory,
        now,
        CaseFiles(reports[-1] if reports else "", evidence_folder(case) if case.evidence else ""),
    )
    _file_long_texts(desk, case, row)
    return row


def _file_long_texts(desk: Desk, case: Case, row: LedgerRow) -> None:
    """Put each text that a cell cannot hold, whole, into the case's folder."""
    for key, value in row.values.items():
        if isinstance(value, str) and is_too_long(value):
            path = desk.shelf / evidence_folder(case) / f"{desk.book.columns[key].title}-全文.txt"
            data = value.encode()
            if not path.exists() or sha256(path.read_bytes()).digest() != sha256(data).digest():
                desk.put_file(path, data)
