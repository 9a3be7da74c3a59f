"""What is filed in the shared folder for a case: its 8D revisions and its evidence."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path, PurePath

from daemon.core.case import Case, Evidence
from daemon.core.hiding import NO_VEIL
from daemon.documents.naming import evidence_path, may_be_filed, report_name, report_path
from daemon.documents.pictures import Picture
from daemon.documents.report import Audience, Edition, Report, issued, report_of
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
    case = desk.shown(case)  # it is filed where everybody reads it
    made = [one for one in desk.store.documents(case.id) if one.kind == audience]
    revision = made[-1].revision if made else 0
    report = _report(desk, case, audience)
    mark, key = sha256(repr(report).encode()).hexdigest(), f"report.{case.id}.{audience}"
    if made and desk.store.recall(key) == mark:
        return AttachedFile(made[-1].path.rpartition("/")[2], WORD, desk.store.blob(made[-1].sha256))
    from daemon.documents.fill import fill_8d  # noqa: PLC0415 - a daemon at rest can spare python-docx

    data = fill_8d(desk.form(), issued(report, Edition(audience, revision + 1, now, desk.zone)))
    path = report_path(case, audience, revision + 1)
    desk.put_file(desk.shelf / path, data)
    document = Document(case.id, audience, revision + 1, sha256(data).hexdigest(), path, now)
    desk.store.add_document(document, data, {key: mark})
    return AttachedFile(report_name(case, audience, revision + 1), WORD, data)


def evidence_files(desk: Desk, case: Case) -> tuple[AttachedFile, ...]:
    """Return the evidence that may be passed on, and file it where it is not yet; a fault in filing is logged."""
    _file_all(desk, desk.shown(case))
    return tuple(AttachedFile(one.name, one.media_type, data) for one, data in _passable(desk, case))


def file_evidence(desk: Desk, case: Case) -> None:
    """File what came with the complaint and with every answer since; a fault is logged, and it is tried again."""
    case = desk.shown(case)
    key, mark = f"evidence.{case.id}", str(len(case.evidence))
    if case.evidence and desk.store.recall(key) != mark and _file_all(desk, case):
        desk.store.remember(key, mark)


def _file_all(desk: Desk, case: Case) -> bool:
    """File each piece of evidence; one that cannot be filed keeps no other back.  Return whether all are there."""
    filed = [_file(desk, case, one, data) for one, data in _passable(desk, case)]
    return all(filed)


def _file(desk: Desk, case: Case, one: Evidence, data: bytes) -> bool:
    try:
        path = _place(desk, case, one.name, data)
        if not path.exists():
            desk.put_file(path, data)
    except OSError:
        log.exception("%s of case %s could not be filed; it is in the store", one.name, case.number)
        return False
    return True


def _passable(desk: Desk, case: Case) -> Iterator[tuple[Evidence, bytes]]:
    """Yield the evidence that may leave the store, for a reader who sees the case like this."""
    if not case.evidence:
        return
    whole = desk.store.case(case.id)
    veil = desk.veil(whole) if len(case.evidence) < len(whole.evidence) or case.reporter != whole.reporter else NO_VEIL
    for one in case.evidence:
        data = desk.store.blob(one.sha256)
        if veil.tells(data):
            log.warning("a picture of case %s stays in the store: it names who is hidden", case.number)
        elif may_be_filed(one.name, data):
            yield one, data
        else:
            log.warning("%s of case %s stays in the store: it could run", one.name, case.number)


def _place(desk: Desk, case: Case, name: str, data: bytes) -> Path:
    """Return where a file lies or will lie; another one that came under the same name keeps its place."""
    paths = [desk.shelf / one for one in _names(desk, case, name)]
    return next((path for path in paths if not path.exists() or path.read_bytes() == data), paths[-1])


def _names(desk: Desk, case: Case, name: str) -> Iterator[PurePath]:
    """Yield the name below the shared folder, then numbered; a name as long as may be gives way to the number."""
    root = str(desk.shelf)
    first = PurePath(evidence_path(case, name, root))
    yield first
    for number in range(2, len(case.evidence) + 1):
        mark = f"-{number}"
        whole = first.with_name(f"{first.stem}{mark}{first.suffix}")
        fits = evidence_path(case, whole.name, root) == whole.as_posix()
        yield whole if fits else first.with_name(f"{first.stem[: -len(mark)]}{mark}{first.suffix}")


def file_summary(desk: Desk, week: str, rendered: Rendered) -> None:
    """File the summary of a week in the shared folder, once.  Raises OSError."""
    path = desk.shelf / "周报" / f"客诉周报-{week}.html"
    if not path.exists():
        desk.put_file(path, rendered.html.encode())


def _report(desk: Desk, case: Case, audience: Audience) -> Report:
    """Return what the 8D shows now, as its revision 0: the same content is always the same report."""
    pictures = tuple(
        Picture(one.name, desk.store.blob(one.sha256)) for one in case.evidence if one.media_type.startswith("image/")
    )
    edition = Edition(audience, 0, case.opened_at, desk.zone)
    return report_of(case, desk.process_of(case), desk.directory, edition, pictures)
