"""Bundles of files for one mail or a few: what goes along, and what is too large and stays in the shared folder."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from daemon.core.case import Case
from daemon.documents.errors import BadForm
from daemon.documents.naming import REPORT_FOLDER, evidence_folder
from daemon.documents.report import Audience
from daemon.notices.compose import AttachedFile
from daemon.passes.desk import Desk
from daemon.passes.filing import evidence_files, report_file

log = logging.getLogger(__name__)

MOST_BYTES = 12_000_000  # of one mail, before base64: less than what any server takes
MOST_FILES = 40
MOST_MAILS = 5
EVIDENCE = "evidence"


@dataclass(frozen=True, slots=True)
class Enclosed:
    """A file that lies in the store by the hash of its bytes, with its place in the shared folder."""

    name: str
    media_type: str
    sha256: str
    size: int
    place: str


@dataclass(frozen=True, slots=True)
class Bundle:
    """The files of several mails, and the places of those that go with none of them."""

    mails: tuple[tuple[Enclosed, ...], ...] = ()
    left: tuple[str, ...] = ()


def bundle(desk: Desk, cases: Iterable[Case], kinds: Sequence[str], now: datetime) -> Bundle:
    """Return the files of these cases, packed into mails: their reports as they stand, and their evidence."""
    return packed(one for case in cases for kind in kinds for one in _files(desk, case, kind, now))


def packed(files: Iterable[Enclosed]) -> Bundle:
    """Return files packed in their order into as few mails as may be; what has no room is left, by its place."""
    mails: list[list[Enclosed]] = []
    left: list[str] = []
    room = 0
    for one in files:
        full = not mails or one.size > room or len(mails[-1]) == MOST_FILES
        if full and one.size <= MOST_BYTES and len(mails) < MOST_MAILS:
            mails.append([])
            room, full = MOST_BYTES, False
        if not full:
            mails[-1].append(one)
            room -= one.size
        else:
            left.append(one.place)
    return Bundle(tuple(map(tuple, mails)), tuple(dict.fromkeys(left)))


def enclosed(desk: Desk, files: Iterable[dict[str, str]]) -> Iterator[AttachedFile]:
    """Yield the files that a planned mail names, with their bytes."""
    for one in files:
        yield AttachedFile(one["name"], one["media_type"], desk.store.blob(one["sha256"]))


def _files(desk: Desk, case: Case, kind: str, now: datetime) -> Iterator[Enclosed]:
    if kind == EVIDENCE:
        for one in evidence_files(desk, case):
            yield _enclosed(one._replace(name=f"{case.number}-{one.name}"), evidence_folder(case))
        return
    try:
        report = report_file(desk, case, Audience(kind), now)
    except (BadForm, OSError):
        log.exception("the 8D of case %s could not be made; the bundle goes without it", case.number)
        return
    yield _enclosed(report, f"{REPORT_FOLDER}/{report.name}")


def _enclosed(file: AttachedFile, place: str) -> Enclosed:
    return Enclosed(file.name, file.media_type, sha256(file.data).hexdigest(), len(file.data), place)
