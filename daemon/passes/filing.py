"""What is filed in the shared folder for a case: its 8D revisions and its evidence."""

from __future__ import annotations

import logging
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePath

from daemon.adapters.files import write_atomically
from daemon.core.case import Case
from daemon.documents.fill import fill_8d
from daemon.documents.naming import evidence_path, may_be_filed, report_name, report_path
from daemon.documents.pictures import Picture
from daemon.documents.report import Audience, Edition, Report, report_of
from daemon.notices.compose import AttachedFile
from daemon.notices.render import Rendered
from daemon.passes.desk import Desk
from daemon.seams import Document

log = logging.getLogger(__name__)

WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def report_file(desk: Desk, case: Case, audience: Audience, now: datetime) -> AttachedFile:
    """Return the 8D of a case as it stands: the revision there is, or the next one when its content has changed.

    Raises BadForm when the Word template cannot be used, and OSError.
    """
    made = [one for one in desk.store.documents(case.id) if one.kind == audience]
    revision = made[-1].revision if made else 0
    mark = sha256(repr(_report(desk, case, audience, 0, case.opened_at)).encode()).hexdigest()
    key = f"report.{case.id}.{audience}"
    if made and desk.store.recall(key) == mark:
        return AttachedFile(made[-1].path.rpartition("/")[2], WORD, desk.store.blob(made[-1].sha256))
    data = fill_8d(desk.form(), _report(desk, case, audience, revision + 1, now))
    path = report_path(case, audience, revision + 1)
    write_atomically(desk.shelf / path, data)
    digest = desk.store.put_blob(data)
    desk.store.add_document(Document(case.id, audience, revision + 1, digest, path, now))
    desk.store.remember(key, mark)
    return AttachedFile(report_name(case, audience, revision + 1), WORD, data)


def evidence_files(desk: Desk, case: Case) -> tuple[AttachedFile, ...]:
    """File the evidence of a case where it is not yet, and return what may be passed on.  Raises OSError."""
    found = []
    for one in case.evidence:
        data = desk.store.blob(one.sha256)
        if not may_be_filed(one.name, data):
            log.warning("%s of case %s stays in the store: it could run", one.name, case.number)
            continue
        path = _place(desk, case, one.name, data)
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(path, data)
        found.append(AttachedFile(one.name, one.media_type, data))
    return tuple(found)


def _place(desk: Desk, case: Case, name: str, data: bytes) -> Path:
    """Return where a file lies or will lie; another one that came under the same name keeps its place."""
    stem, ending = PurePath(name).stem, PurePath(name).suffix
    names = (name, *(f"{stem}-{number}{ending}" for number in range(2, len(case.evidence) + 1)))
    paths = [desk.shelf / evidence_path(case, one, str(desk.shelf)) for one in names]
    return next((path for path in paths if not path.exists() or path.read_bytes() == data), paths[-1])


def file_evidence(desk: Desk, case: Case) -> None:
    """File what came with the complaint and with every answer since; a fault is logged, and it is tried again."""
    key, mark = f"evidence.{case.id}", str(len(case.evidence))
    if not case.evidence or desk.store.recall(key) == mark:
        return
    try:
        evidence_files(desk, case)
        desk.store.remember(key, mark)
    except OSError:
        log.exception("the evidence of case %s could not be filed", case.number)


def file_summary(desk: Desk, week: str, rendered: Rendered) -> None:
    """File the summary of a week in the shared folder, once.  Raises OSError."""
    path = desk.shelf / "周报" / f"客诉周报-{week}.html"
    if not path.exists():
        path.parent.mkdir(exist_ok=True)
        write_atomically(path, rendered.html.encode())


def _report(desk: Desk, case: Case, audience: Audience, revision: int, made_at: datetime) -> Report:
    pictures = tuple(
        Picture(one.name, desk.store.blob(one.sha256)) for one in case.evidence if one.media_type.startswith("image/")
    )
    edition = Edition(audience, revision, made_at, desk.zone)
    return report_of(case, desk.process_of(case), desk.directory, edition, pictures)
