"""What a template may show of a notice: values for people, already formatted.  Pure; knows no template and no mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any
from zoneinfo import ZoneInfo

from daemon.core.case import Case, Certainty
from daemon.core.directory import Directory
from daemon.core.family import relations
from daemon.core.fields import BY_KEY, COMPLAINT_KEYS, VALIDITIES
from daemon.core.notice import Notice
from daemon.core.process import Process, Rung, Step
from daemon.core.raising import raised_because
from daemon.core.roles import is_quality
from daemon.core.terms import term_in_words
from daemon.notices.buttons import Button, Press, rows_buttons, step_buttons, steps_of, transfer_buttons
from daemon.notices.formats import Format
from daemon.notices.letter import LetterLine, LetterView, letter_view
from daemon.notices.needs import NEEDS
from daemon.notices.plain import one_line, plain
from daemon.notices.rows import (
    LONGEST_SECTION,
    FactRow,
    HintRow,
    Reader,
    SectionRow,
    StepView,
    hint_rows,
    section_rows,
    section_text,
    section_title,
    step_view,
    titles_of,
)
from daemon.notices.threading import tag
from daemon.notices.whys import said

# What a complainant told us himself; grade, category and department are ours, the profile's own facts too.
INTERNAL = frozenset({"category", "severity", "department", "contact_name", "contact_phone", "contact_email"})
# The mails in which a complainant is asked to look at what we have noted; elsewhere a mark would only puzzle.
ASKING_TO_CHECK = frozenset({"receipt", "ask_facts"})
UNFOUNDED = VALIDITIES[-1]
TITLE_KEYS = ("customer", "product_name", "phenomenon")
CLAUSE = re.compile(r"[，。；、！？（,;!?(]|\.\s")  # a symptom's first clause says enough
WHY = ("{}（自动提高：{}）", "{} (raised: {})")  # a grade, and why a rule raised it
# The label, and what to reply.
MATTERS = {
    "zh-CN": ("涉及产品", "{}；回复“拆分”即按产品分成 {} 个案件"),
    "zh-TW": ("涉及產品", "{}；回覆「拆分」即按產品分成 {} 個案件"),
    "en": ("Products", "{}; reply “split” to make {} cases of it, one a product"),
}


@dataclass(frozen=True, slots=True)
class View:
    """Everything that a template may use, beside the filters `moment`, `day`, `percent` and `lines`."""

    template: str
    language: str
    company: str
    mailbox: str
    number: str
    tag: str
    code: str
    title: str
    greeting: str
    outsider: bool
    severity: str
    grade: str
    department: str
    status: str
    round: int
    satisfaction: str
    first_answer: str
    facts: tuple[FactRow, ...]
    noted: tuple[FactRow, ...]
    steps: tuple[StepView, ...]
    unfounded: bool
    late: bool
    sections: tuple[SectionRow, ...]
    taken: tuple[SectionRow, ...]
    missing: tuple[str, ...]
    hints: tuple[HintRow, ...]
    evidence: tuple[str, ...]
    filed: str
    earlier: str
    form: str
    buttons: tuple[Button, ...]
    letter: LetterView
    values: Mapping[str, Any] = field(default_factory=dict)
    _standing: Callable[[], tuple[StepView, ...]] = field(default=tuple, repr=False)  # few mails tell of it

    @property
    def open_steps(self) -> tuple[StepView, ...]:
        """Return every open step of the case."""
        return self._standing()

    @property
    def due(self) -> str:
        """Return the due time of the first step that has one."""
        return next((step.due for step in self.steps if step.due), "")


def view(
    notice: Notice, code: str, case: Case | None, process: Process, directory: Directory, zone: ZoneInfo
) -> View:  # fmt: skip
    """Return what the mail of this notice shows; a case without facts, or none at all, leaves the places empty."""
    year = case.opened_at.astimezone(zone).year if case else None
    reader = Reader(notice, case, process, directory, Format(notice.language, zone, year))
    facts = (*_relations(reader), *_facts(reader))
    outsider = bool(notice.recipient) and not directory.is_colleague(notice.recipient)
    noted = tuple(row for row in facts if row.key in COMPLAINT_KEYS and row.key not in INTERNAL)
    if outsider:
        checked = notice.template in ASKING_TO_CHECK
        noted = tuple(replace(row, inferred=row.inferred and checked, outside=True) for row in noted)
    english = reader.format.is_english
    return View(
        template=notice.template,
        language=notice.language,
        company=(directory.company_en if english else "") or directory.company,
        mailbox=directory.mailbox,
        number=case.number if case else "",
        tag=tag(case.number, notice.language) if case else "",
        code=code,
        title=title_of(case),
        greeting=one_line(notice.name, 60),
        outsider=outsider,
        severity=reader.format.word(case.severity) if case and case.text("severity") and not outsider else "",
        grade=case.severity.name.lower() if case else "general",
        department=one_line(case.text("department")) if case and not outsider else "",
        status=reader.format.word(case.status) if case else "",
        round=case.round if case else 1,
        satisfaction=one_line(case.text("satisfaction")) if case else "",
        first_answer=_first_answer(reader),
        facts=noted if outsider else facts,
        noted=noted,
        steps=tuple(step_view(step, reader) for step in steps_of(process, notice.steps)) if case else (),
        late=bool(_values(reader).get("late")) or _is_late(reader),
        unfounded=bool(case and case.text("validity") == UNFOUNDED),
        sections=tuple(section_rows(case.sections, reader)) if case else (),
        taken=tuple(_taken(reader)),
        missing=tuple(titles_of(notice.values.get("missing", ()), reader)),
        hints=tuple(_hints(reader)),
        evidence=tuple(one_line(e.name, 100) for e in case.evidence) if case and notice.evidence else (),
        filed=one_line(str(notice.values.get("filed", ""))),
        earlier=one_line(str(notice.values.get("earlier", ""))),
        form=notice.form,
        buttons=_buttons(reader, code),
        letter=_letter(reader, facts),
        values=_values(reader),
        _standing=lambda: tuple(step_view(step, reader) for step in steps_of(process, case.open_tasks)) if case else (),
    )


def _values(reader: Reader) -> Mapping[str, Any]:
    values = {**NEEDS.get(reader.notice.template, {}), **reader.notice.values}
    spoken = {
        **({"by": reader.name(str(values["by"]))} if "by" in values else {}),
        **({"why": said(str(values["why"]), reader.language)} if "why" in values else {}),
        **({"role": reader.process.role_title(str(values["role"]), reader.language)} if "role" in values else {}),
    }
    return {**values, **spoken}


def title_of(case: Case | None) -> str:
    """Return customer, product and symptom in a few words, for subjects and digests."""
    texts = [CLAUSE.split(one_line(case.text(key)))[0] for key in TITLE_KEYS] if case else []
    return " ".join(one_line(text, 30) for text in texts if text) or (one_line(case.subject, 60) if case else "")


def _facts(reader: Reader) -> Iterator[FactRow]:
    if reader.case is None:
        return
    extra = reader.process.facts
    for key in (*COMPLAINT_KEYS, "repeat_of", *(k for k in extra if k not in COMPLAINT_KEYS)):
        fact = reader.case.facts.get(key)
        known = BY_KEY.get(key)
        value = reader.format.value(known.kind if known else extra[key].kind, fact.value) if fact else ""
        if fact and value.strip():
            label = known.title(reader.language) if known else extra[key].title(reader.language)
            inferred = fact.certainty is Certainty.INFERRED
            why = raised_because(reader.case, reader.process, reader.language) if key == "severity" else ""
            value = WHY[reader.format.is_english].format(value, why) if why else value
            yield FactRow(key, label, plain(value, LONGEST_SECTION), one_line(fact.source, 80), inferred)


def _relations(reader: Reader) -> Iterator[FactRow]:
    """Yield what cases this one belongs to, and to quality the products that a complaint about several is about."""
    case, english = reader.case, reader.format.is_english
    if case is None:
        return
    related = relations(case, reader.language)
    if related:
        yield FactRow("related", BY_KEY["related"].title(reader.language), related)
    if case.items and is_quality(reader.notice.recipient, reader.directory):
        names = (str(one.get("part_no") or one.get("product_name")) for one in case.items)
        listed = one_line((", " if english else "、").join(names), 200)
        label, hint = MATTERS.get(reader.language, MATTERS["en"])
        yield FactRow("matters", label, hint.format(listed, len(case.items)))


def _is_late(reader: Reader) -> bool:
    """Tell whether the ladder of a step that the mail is about was climbed to its due time or beyond."""
    if reader.case is None:
        return False
    reached = (
        rung
        for step in steps_of(reader.process, reader.notice.steps)
        for rung in _rungs(step, reader.case, reader.process)
    )
    return any(not rung.at.endswith("%") for rung in reached)


def _rungs(step: Step, case: Case, process: Process) -> Iterator[Rung]:
    """Yield the rungs that were reached; `fired` names them by their index, as core.ladder does."""
    rungs, state = process.rungs(step, case.severity), case.state(step.id)
    for name in state.fired:
        index = name.partition(".")[0]
        yield from rungs[int(index) : int(index) + 1] if index.isdecimal() else ()


def _taken(reader: Reader) -> Iterator[SectionRow]:
    """Yield what a reply gave: `values["sections"]` lists keys or titles of sections, or gives texts by key."""
    given = reader.notice.values.get("sections", ())
    known = {section_title(key, reader): key for key in reader.process.sections}
    for key, title in zip(given, titles_of(tuple(given), reader), strict=True):
        text = given[key] if isinstance(given, Mapping) else _given(known.get(key, key), reader)
        yield SectionRow(key, title, section_text(str(text), reader))


def _hints(reader: Reader) -> Iterator[HintRow]:
    """Yield what a reviewer would refuse: in what an answer gave, or in all that is to be reviewed."""
    if reader.notice.template == "recorded":
        yield from hint_rows(tuple(reader.notice.values.get("sections", ())), reader)
    elif reader.notice.template == "review" and reader.case:
        yield from hint_rows(tuple(reader.case.sections), reader)


def _given(key: str, reader: Reader) -> str:
    """Return what the case holds of a part: a section's text, a paper's file, a fact as people read it."""
    if reader.case is None:
        return ""
    if key in reader.case.documents:
        return reader.case.documents[key].text
    fact = reader.case.facts.get(key) if reader.process.is_fact(key) else None
    return reader.format.value(reader.process.kind_of(key), fact.value) if fact else reader.case.section(key)


def _first_answer(reader: Reader) -> str:
    """Return how long the first mail to the customer that the process plans may take, in words."""
    first = next((step for step in reader.process.step if step.sends), None)
    length = first.due_in(reader.case.severity) if first and reader.case else None
    return term_in_words(length, reader.language) if length else ""


def _letter(reader: Reader, facts: tuple[FactRow, ...]) -> LetterView:
    """Return the letter of the profile that the notice is, empty for all others."""
    values, case = reader.notice.values, reader.case
    shown = {row.key: LetterLine(row.label, row.value) for row in facts}
    shown |= {row.key: LetterLine(row.title, row.text) for row in section_rows(case.sections, reader)} if case else {}
    words = (str(values.get("letter", "")), str(values.get("copy", "")))
    return letter_view(*words, case, reader.process, reader.format, shown)


def _buttons(reader: Reader, code: str) -> tuple[Button, ...]:
    if not code or (reader.case is None and reader.notice.template != "ledger_gone"):
        return ()
    press = Press(reader.directory.mailbox, reader.case.number if reader.case else "", code, reader.language)
    if reader.case is None:
        return rows_buttons(press)
    if reader.notice.template == "transfer_request":
        return transfer_buttons(press)
    return step_buttons(steps_of(reader.process, reader.notice.steps), reader.case, press)
