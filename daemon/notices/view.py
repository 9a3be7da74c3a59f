"""What a template may show of a notice: values for people, already formatted.  Pure; knows no template and no mail."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from daemon.core.case import Case, Certainty, Section
from daemon.core.commands import DAEMON
from daemon.core.directory import Directory
from daemon.core.family import relations
from daemon.core.fields import BY_KEY, COMPLAINT_KEYS, VALIDITIES
from daemon.core.giving import facts_of, missing, papers_of
from daemon.core.notice import Notice
from daemon.core.process import Process, Rung, Step, in_language
from daemon.core.roles import is_quality, recipients
from daemon.core.terms import term_in_words
from daemon.notices.buttons import Button, Press, step_buttons, steps_of, transfer_buttons
from daemon.notices.formats import Format
from daemon.notices.letter import LetterLine, LetterView, letter_view
from daemon.notices.needs import NEEDS
from daemon.notices.plain import one_line, plain
from daemon.notices.threading import tag
from daemon.notices.whys import said

# What a complainant told us himself; grade, category and department are ours, the profile's own facts too.
INTERNAL = frozenset({"category", "severity", "department", "contact_name", "contact_phone", "contact_email"})
UNFOUNDED = VALIDITIES[-1]
TITLE_KEYS = ("customer", "product_name", "phenomenon")
CLAUSE = re.compile(r"[，。；、！？（,;!?(]|\.\s")  # a symptom's first clause says enough
LONGEST_SECTION = 2000
# In Chinese and in English: the label, and what to reply.
MATTERS = (
    ("涉及产品", "{}；回复“拆分”即按产品分成 {} 个案件"),
    ("Products", "{}; reply “split” to make {} cases of it, one a product"),
)


@dataclass(frozen=True, slots=True)
class FactRow:
    """One known fact with its label; `inferred` when the daemon concluded it and a person should look."""

    key: str
    label: str
    value: str
    source: str = ""
    inferred: bool = False


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One part of the 8D that somebody gave."""

    key: str
    title: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class StepView:
    """One step that a mail is about; `due` is in words, `asked` names who has to do it."""

    id: str
    title: str
    due: str
    ask: str
    asked: str
    reason: str
    acknowledged_by: str
    given: tuple[SectionRow, ...]
    missing: tuple[str, ...]


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
    evidence: tuple[str, ...]
    filed: str
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


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom a mail is for: what the functions below share."""

    notice: Notice
    case: Case | None
    process: Process
    directory: Directory
    format: Format

    @property
    def language(self) -> str:
        """Return the language of the mail."""
        return self.notice.language

    def name(self, who: str) -> str:
        """Return what people call the owner of an id or an address."""
        if who == DAEMON:
            return "the system" if self.format.is_english else "系统"
        person = self.directory.people.get(who) or self.directory.person(who)
        return one_line(person.name if person else who)


def view(
    notice: Notice, code: str, case: Case | None, process: Process, directory: Directory, zone: ZoneInfo
) -> View:  # fmt: skip
    """Return what the mail of this notice shows; a case without facts, or none at all, leaves the places empty."""
    year = case.opened_at.astimezone(zone).year if case else None
    reader = Reader(notice, case, process, directory, Format(notice.language, zone, year))
    facts = (*_relations(reader), *_facts(reader))
    noted = tuple(row for row in facts if row.key in COMPLAINT_KEYS and row.key not in INTERNAL)
    outsider = bool(notice.recipient) and not directory.is_colleague(notice.recipient)
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
        steps=tuple(_step(step, reader) for step in steps_of(process, notice.steps)) if case else (),
        late=bool(_values(reader).get("late")) or _is_late(reader),
        unfounded=bool(case and case.text("validity") == UNFOUNDED),
        sections=tuple(_sections(case.sections, reader)) if case else (),
        taken=tuple(_taken(reader)),
        missing=tuple(_titles(notice.values.get("missing", ()), reader)),
        evidence=tuple(one_line(e.name, 100) for e in case.evidence) if case and notice.evidence else (),
        filed=one_line(str(notice.values.get("filed", ""))),
        form=notice.form,
        buttons=_buttons(reader, code),
        letter=_letter(reader, facts),
        values=_values(reader),
        _standing=lambda: tuple(_step(step, reader) for step in steps_of(process, case.open_tasks)) if case else (),
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
        label, hint = MATTERS[english]
        yield FactRow("matters", label, hint.format(listed, len(case.items)))


def _sections(sections: Mapping[str, Section], reader: Reader) -> Iterator[SectionRow]:
    for key in (*reader.process.sections, *(k for k in sections if k not in reader.process.sections)):
        found = sections.get(key)
        if found and found.text.strip():
            text, by = _section_text(found.text, reader), reader.name(found.by)
            yield SectionRow(key, _section_title(key, reader), text, "" if by == text else by)


def _section_text(text: str, reader: Reader) -> str:
    """Return a section's text; one that is a person's id (the leader) becomes the name."""
    return reader.name(text) if text in reader.directory.people else plain(text, LONGEST_SECTION)


def _section_title(key: str, reader: Reader) -> str:
    return reader.process.section_title(key, reader.language)


def _step(step: Step, reader: Reader) -> StepView:
    assert reader.case is not None
    state = reader.case.state(step.id)
    given = {key: reader.case.sections[key] for key in step.gives if reader.case.section(key)}
    lacks = missing(step, reader.case, reader.process)
    return StepView(
        id=step.id,
        title=in_language(step.title, reader.language),
        due=reader.format.moment(state.due_at),
        ask=_ask(step, reader),
        asked=_asked(step, reader, reader.case),
        reason=plain(state.reason, LONGEST_SECTION),
        acknowledged_by=reader.name(state.acknowledged_by) if state.acknowledged_by else "",
        given=tuple(_sections(given, reader)),
        missing=tuple(_titles(lacks, reader)),
    )


def _ask(step: Step, reader: Reader) -> str:
    """Return what a step asks for, with the papers that come with the answer."""
    ask = in_language(step.ask, reader.language)
    lines = [_fact_line(key, reader) for key in facts_of(step, reader.process)]
    papers = _joined(
        [in_language(reader.process.paper(key).title, reader.language) for key in papers_of(step, reader.process)],
        reader,
    )
    told = [
        ask,
        _words(reader, "lines", _joined(lines, reader)) if lines else "",
        _words(reader, "papers", papers) if papers else "",
    ]
    return (" " if reader.format.is_english else "").join(filter(None, told))


ASKED = {
    "lines": {"zh-CN": "请逐行写明：{}。", "zh-TW": "請逐行寫明：{}。", "en": "Please write, a line each: {}."},
    "papers": {"zh-CN": "请附：{}。", "zh-TW": "請附：{}。", "en": "Please attach: {}."},
}


def _words(reader: Reader, key: str, value: str) -> str:
    return in_language(ASKED[key], reader.language).format(value)


def _joined(words: Sequence[str], reader: Reader) -> str:
    return (", " if reader.format.is_english else "、").join(words)


def _fact_line(key: str, reader: Reader) -> str:
    """Return how a fact is written in a reply: its title, and the values of its list."""
    title, values = reader.process.part_title(key, reader.language), reader.process.values_of(key)
    if not values:
        return f"{title}: …" if reader.format.is_english else f"“{title}：”"
    some = " / ".join(values)
    return f"{title}: {some}" if reader.format.is_english else f"“{title}：”（{some}）"


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


def _asked(step: Step, reader: Reader, case: Case) -> str:
    """Return the roles that own a step and the people who hold them in this case."""
    joint = ", " if reader.format.is_english else "、"
    roles = joint.join(reader.process.role_title(role, reader.language) for role in step.owner)
    people = [one.name or one.address for role in step.owner for one in recipients(role, case, reader.directory)]
    names = joint.join(dict.fromkeys(people))
    return f"{roles}: {names}" if reader.format.is_english and names else f"{roles} {names}".strip()


def _titles(keys: Sequence[str], reader: Reader) -> Iterator[str]:
    yield from (reader.process.part_title(key, reader.language) for key in keys)


def _taken(reader: Reader) -> Iterator[SectionRow]:
    """Yield what a reply gave: `values["sections"]` lists keys or titles of sections, or gives texts by key."""
    given = reader.notice.values.get("sections", ())
    known = {_section_title(key, reader): key for key in reader.process.sections}
    for key, title in zip(given, _titles(tuple(given), reader), strict=True):
        text = given[key] if isinstance(given, Mapping) else _given(known.get(key, key), reader)
        yield SectionRow(key, title, _section_text(str(text), reader))


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
    shown |= {row.key: LetterLine(row.title, row.text) for row in _sections(case.sections, reader)} if case else {}
    words = (str(values.get("letter", "")), str(values.get("copy", "")))
    return letter_view(*words, case, reader.process, reader.format, shown)


def _buttons(reader: Reader, code: str) -> tuple[Button, ...]:
    if reader.case is None or not code:
        return ()
    press = Press(reader.directory.mailbox, reader.case.number, code, reader.language)
    if reader.notice.template == "transfer_request":
        return transfer_buttons(press)
    return step_buttons(steps_of(reader.process, reader.notice.steps), reader.case, press)
