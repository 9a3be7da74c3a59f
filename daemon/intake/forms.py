"""Attached forms, a 客诉单 in Excel, Word or PDF, as the lines that the rules for mails read.  Judges no fact."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

from daemon.intake import grid, pdf, sheets, word
from daemon.intake.body import read_body
from daemon.intake.charsets import clean
from daemon.intake.limits import MAX_FACTS, readable
from daemon.intake.package import is_our_form
from daemon.intake.reading import Attachment, Form

MOST_FILES = 3
PRODUCT = {"product_name", "part_no", "batch_no"}
STATED = PRODUCT | {"phenomenon", "demand", "quantity_defective", "defect_rate"}
# What people call a complaint form: such a file need not say what is wrong in a field of its own.
NAMED = re.compile(
    r"(?i)客[诉訴]|投[诉訴]|抱怨|异常|異常|不良|不合格|质量(?:信息)?反馈|品質反饋|8d|(?<![a-z])(?:s?car|ncr)(?![a-z])"
    r"|complaint|claim|non-?conform|defect|reject"
)
Lines = Callable[[bytes], list[str]]


def _sheet_form(data: bytes) -> list[str]:
    return [line for cells in sheets.tables_of(data) for line in grid.pairs_of(cells)]


def _sheet_lines(data: bytes) -> list[str]:
    return [line for cells in sheets.tables_of(data) for line in grid.lines_of(cells)]


# Ending → how its labels and values are read, and how its text is, line by line.
READERS: Mapping[str, tuple[Lines, Lines]] = {
    "xlsx": (_sheet_form, _sheet_lines),
    "xlsm": (_sheet_form, _sheet_lines),
    "docx": (word.form_of, word.lines_of),
    "pdf": (pdf.lines_of, pdf.lines_of),
}


def forms_of(files: Iterable[Attachment]) -> tuple[Form, ...]:
    """Return the complaint forms among the files; a list of measurements or a report about something else is none."""
    found = (Form(file.name, _bounded(lines)) for file, lines in _read(files, 0))
    return tuple(form for form in found if _complains(form))


def answers_in(files: Iterable[Attachment]) -> Iterator[list[str]]:
    """Yield the lines of each file in which an answer may stand; none of our own forms."""
    return (lines for _, lines in _read(files, 1))


def _read(files: Iterable[Attachment], which: int) -> Iterator[tuple[Attachment, list[str]]]:
    for file in islice((one for one in files if _ending(one.name) in READERS), MOST_FILES):
        if not is_our_form(file.data):
            yield file, READERS[_ending(file.name)][which](file.data)


def _ending(name: str) -> str:
    return name.rpartition(".")[2].lower()


def _bounded(lines: Iterable[str]) -> str:
    return readable(clean("\n".join(line for line in lines if line.strip())))[:MAX_FACTS]


def _complains(form: Form) -> bool:
    """Tell whether a file states a complaint: which product it is, and what is wrong with it."""
    stated = set(read_body(form.text).fields)
    enough = "phenomenon" in stated or (bool(NAMED.search(form.name)) and len(stated & STATED) > 1)
    return enough and bool(stated & PRODUCT)
