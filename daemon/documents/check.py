"""Check a Word form before it is needed: it compiles, names what there is, fills in, and keeps its bookmarks."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from jinja2 import meta, nodes

from daemon.core.case import Case, Evidence, Fact, Scalar, Section
from daemon.core.directory import Directory
from daemon.core.process import Fault, Process
from daemon.documents.errors import BadForm
from daemon.documents.fill import fill_8d, values_of
from daemon.documents.form import BOOKMARKS
from daemon.documents.report import Audience, Edition, Report, report_of
from daemon.documents.template import Form, Program, prepare
from daemon.documents.words import SECTION_KEYS

MADE_UP_AT = datetime(2026, 11, 3, 1, 30, tzinfo=UTC)
BOOKMARK = re.compile(r'<w:bookmarkStart\b[^>]*\bw:name="([^"]*)"')


def check_form(template: bytes, file: str, reports: tuple[Report, ...]) -> tuple[Fault, ...]:
    """Return every fault of a form, with its place and what to do; `reports` are filled in for trial."""
    try:
        form = prepare(template)
    except BadForm as fault:
        return (_fault(file, fault),)
    faults = (*_unknown_names(form, file, values_of(reports[0])), *_missing_bookmarks(form, file))
    return faults or tuple(_unfillable(template, file, reports))


def sample_reports(process: Process, directory: Directory) -> tuple[Report, ...]:
    """Return both editions of a made-up case in which everything is given, and of one in which nothing is."""
    cases = (_made_up(process, full=True), _made_up(process, full=False))
    editions = [Edition(audience, 1, MADE_UP_AT, UTC) for audience in Audience]
    return tuple(report_of(case, process, directory, edition) for case in cases for edition in editions)


def _made_up(process: Process, *, full: bool) -> Case:
    facts: dict[str, Scalar] = {
        "customer": "样例客户",
        "phenomenon": "毛刺 & <划伤>",
        "quantity_delivered": 1200,
        "defect_rate": 0.003,
    }
    keys = (*SECTION_KEYS, *process.sections) if full else ()
    return Case(
        id=UUID(int=0),
        number="2611003",
        profile="",
        seq=1,
        opened_at=MADE_UP_AT,
        facts={key: Fact(value) for key, value in facts.items()},
        sections={key: Section("第一行\n第二行", "daemon", MADE_UP_AT) for key in keys},
        evidence=(Evidence("照片.png", ""),) if full else (),
        closed_at=MADE_UP_AT if full else None,
    )


def _fault(file: str, bad: BadForm) -> Fault:
    return Fault(file, bad.paragraph, str(bad))


def _unknown_names(form: Form, file: str, values: Mapping[str, Any]) -> Iterator[Fault]:
    """Yield every tag that names what is not there, found without filling the form."""
    for program in form.programs:
        unknown = meta.find_undeclared_variables(program.tree) - values.keys()
        for one in program.tree.find_all(nodes.Name):
            if one.name in unknown:
                yield _unknown(program, file, one.name, one.lineno)
        for line, holder, name in _attributes(program.tree):
            held = values.get(holder)
            if isinstance(held, dict) and name not in held:
                yield _unknown(program, file, f"{holder}.{name}", line)


def _attributes(tree: nodes.Template) -> Iterator[tuple[int, str, str]]:
    """Yield line, holder and name of every `holder.name`."""
    for one in tree.find_all(nodes.Getattr):
        if isinstance(one.node, nodes.Name):
            yield one.lineno, one.node.name, one.attr


def _unknown(program: Program, file: str, name: str, line: int) -> Fault:
    text = f"{program.place(line)}: there is no {name!r}; correct the name, or take the tag out"
    return Fault(file, line, text)


def _missing_bookmarks(form: Form, file: str) -> Iterator[Fault]:
    held = {name for program in form.programs for name in BOOKMARK.findall(program.source)}
    for name in BOOKMARKS:
        if name not in held:
            text = f"the bookmark {name!r} is missing, so a filled form cannot be read back there; insert it in Word"
            yield Fault(file, 0, f"{text} (插入 > 书签) around the place to fill in")


def _unfillable(template: bytes, file: str, reports: tuple[Report, ...]) -> Iterator[Fault]:
    for report in reports:
        try:
            fill_8d(template, report)
        except BadForm as fault:
            yield _fault(file, fault)
            return
