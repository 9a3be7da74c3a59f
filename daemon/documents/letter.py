"""A letter of the profile as a Word file: by the company's own template, or by the one that is designed here.

A template in 模板/ bears the letter's title as its name.  Its tags may name `title`, `copy`, `number`, `company`,
`made_on`, `says`, `closes`, each of the `lines` (`label`, `text`), and `value.KEY`, the text of one line (`_` for `.`).
"""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from xml.sax.saxutils import escape

from daemon.core.case import Case
from daemon.documents.errors import BadForm
from daemon.documents.fill import CORE, XML, filled_part
from daemon.documents.layout import Cell, Look, Sheet, two_ends
from daemon.documents.naming import evidence_path, safe_file_name
from daemon.documents.package import pack, relations_of, unpack
from daemon.documents.template import prepare
from daemon.documents.text import clean, clean_line
from daemon.documents.words import name_of

DESIGNED = datetime(2026, 1, 1, tzinfo=UTC)
LABEL_MM, TEXT_MM = 40, 136


@dataclass(frozen=True, slots=True)
class LetterText:
    """What a letter says, as people wrote it: its lines are key, label and text."""

    title: str
    copy: str
    number: str
    company: str
    made_at: datetime
    made_on: str
    says: str
    lines: tuple[tuple[str, str, str], ...]
    closes: str
    keys: tuple[str, ...] = ()
    language: str = "zh-CN"


def letter_path(case: Case, title: str, revision: int, root: str) -> str:
    """Return where a letter lies below the shared folder: 附件/2611003/处罚通知-1.docx."""
    return evidence_path(case, f"{safe_file_name(title, 60)}-{revision}.docx", root)


def template_name(title: str) -> str:
    """Return the name of a letter's own template in 模板/."""
    return f"{safe_file_name(title, 60)}.docx"


def build_letter() -> bytes:
    """Return the Word form of all letters that have no template of their own."""
    sheet = Sheet()
    section = sheet.document.sections[0]
    two_ends(section.header.paragraphs[0], "{{ company }}", "{{ number }} {{ copy }}")
    sheet.write(sheet.document.add_paragraph(), "{{ title }}", size=18, bold=True)
    sheet.line("{{ says }}", size=10)
    table = sheet.table((LABEL_MM, TEXT_MM))
    sheet.tag_row(table, "{%tr for line in lines %}")
    sheet.row(table, [Cell("{{ line.label }}", look=Look.LABEL), Cell("{{ line.text }}")])
    sheet.tag_row(table, "{%tr endfor %}")
    sheet.line("{{ closes }}", size=10, space=6)
    sheet.line("{{ company }}　{{ made_on }}", size=10, space=6)
    core = sheet.document.core_properties
    core.title, core.author, core.comments, core.identifier = "信函 / Letter", "kesu", "", "kesu/form/letter/1"
    core.created = core.modified = DESIGNED
    out = io.BytesIO()
    sheet.document.save(out)
    return pack(unpack(out.getvalue())[0])


def fill_letter(template: bytes, letter: LetterText) -> bytes:
    """Return the letter as a Word file.  Raises BadForm for every fault of the template."""
    form, values = prepare(template), letter_values(letter)
    parts = {one.part: filled_part(one, values) for one in form.programs}
    return pack({**parts, relations_of(form.main): form.relations, form.core: _core(letter)}, form.packed)


def letter_fault(template: bytes, title: str, shows: Sequence[str]) -> BadForm | None:
    """Return what is wrong with a letter's template, found by filling it with a made-up letter."""
    lines = tuple((key, key, "文字 text") for key in shows)
    sample = LetterText(title, "副本", "2611003", "公司", DESIGNED, "2026-11-24", "正文", lines, "此致", tuple(shows))
    try:
        fill_letter(template, sample)
    except BadForm as fault:
        return fault
    return None


def letter_values(letter: LetterText) -> Mapping[str, Any]:
    """Return what the tags of a template may name; every text is clean and bounded."""
    texts = {key: text for key, _, text in letter.lines}
    return {
        **{key: clean_line(getattr(letter, key)) for key in ("title", "copy", "number", "company", "made_on")},
        "says": clean(letter.says),
        "closes": clean(letter.closes),
        "lines": tuple({"label": clean_line(label), "text": clean(text)} for _, label, text in letter.lines),
        "value": {name_of(key): clean(texts.get(key, "")) for key in (*letter.keys, *texts)},
    }


def _core(letter: LetterText) -> bytes:
    texts = {
        "title": letter.title,
        "number": letter.number,
        "company": letter.company,
        "identifier": f"kesu/letter/{letter.number}",
        "language": letter.language,
        "revision": "1",
        "at": f"{letter.made_at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
    }
    return (XML + CORE.format_map({key: escape(clean_line(text, 200)) for key, text in texts.items()})).encode()
