"""Letters of the profile as Word files: filled once for each content, filed beside the evidence, kept by hash."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import TYPE_CHECKING

from daemon.core.case import Case
from daemon.core.hiding import behind
from daemon.core.process import Letter, in_language
from daemon.notices.compose import AttachedFile
from daemon.notices.letter import LetterView
from daemon.notices.view import view
from daemon.passes.desk import Desk
from daemon.passes.filing import WORD
from daemon.seams import Document, OutboxRow

if TYPE_CHECKING:
    from daemon.documents.letter import LetterText


def letter_file(desk: Desk, case: Case, row: OutboxRow, now: datetime) -> AttachedFile:
    """Return the letter that a notice is as a Word file: the one there is, or a new one when its content has changed.

    Raises BadForm when its template cannot be used, and OSError.
    """
    from daemon.documents.letter import fill_letter, letter_path  # noqa: PLC0415 - python-docx is not needed at rest

    process, name = desk.process_of(case), str(row.notice.values["letter"])
    veil = desk.veil(desk.store.case(case.id))  # it is filed where everybody reads it
    case = behind(veil, case)
    notice = replace(row.notice, values=veil.value(row.notice.values)) if veil.keys else row.notice
    shown = view(notice, row.code, case, process, desk.directory, desk.zone)
    mark = sha256(repr((shown.letter, row.notice.language)).encode()).hexdigest()
    kind, key = f"letter.{name}", f"letter.{case.id}.{name}.{mark[:16]}"
    made = [one for one in desk.store.documents(case.id) if one.kind == kind]
    known = next((one for one in made if str(one.revision) == desk.store.recall(key)), None)
    if known:
        return AttachedFile(known.path.rpartition("/")[2], WORD, desk.store.blob(known.sha256))
    letter, revision = process.letters[name], len(made) + 1
    data = fill_letter(_template(desk, letter, process.language), _text(desk, case, shown.letter, row, letter, now))
    path = letter_path(case, shown.letter.title, revision, str(desk.shelf))
    desk.put_file(desk.shelf / path, data)
    document = Document(case.id, kind, revision, sha256(data).hexdigest(), path, now)
    desk.store.add_document(document, data, {key: str(revision)})
    return AttachedFile(path.rpartition("/")[2], WORD, data)


def _template(desk: Desk, letter: Letter, language: str) -> bytes:
    """Return the company's own template of this letter, or the form of all letters."""
    from daemon.documents.letter import build_letter, template_name  # noqa: PLC0415 - as above

    path = desk.shelf / "模板" / template_name(in_language(letter.title, language))
    return path.read_bytes() if path.is_file() else build_letter()


def _text(desk: Desk, case: Case, shown: LetterView, row: OutboxRow, letter: Letter, now: datetime) -> LetterText:
    from daemon.documents.letter import LetterText  # noqa: PLC0415 - as above

    directory, language = desk.directory, row.notice.language
    return LetterText(
        title=shown.title,
        copy=shown.copy,
        number=case.number,
        company=(directory.company_en if language == "en" else "") or directory.company,
        made_at=now,
        made_on=f"{now.astimezone(desk.zone):%Y-%m-%d}",
        says=shown.says,
        lines=tuple((line.key, line.label, line.text) for line in shown.lines),
        closes=shown.closes,
        keys=letter.shows,
        language=language,
    )
