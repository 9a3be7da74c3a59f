"""The rows of a mail: facts, sections and steps as a person reads them.  Pure; knows no template and no mail."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.core.case import Case, Section
from daemon.core.commands import DAEMON
from daemon.core.directory import Directory
from daemon.core.giving import facts_of, missing, papers_of
from daemon.core.notice import Notice
from daemon.core.process import Process, Step, in_language
from daemon.core.review_hints import is_asked, review_hints
from daemon.core.roles import recipients
from daemon.notices.formats import Format
from daemon.notices.plain import one_line, plain
from daemon.words import shipped_review

LONGEST_SECTION = 2000


@dataclass(frozen=True, slots=True)
class FactRow:
    """One known fact with its label; `inferred` when the daemon concluded it and a person should look.

    `outside` is for a reader who is no colleague: of how it was concluded he hears nothing.
    """

    key: str
    label: str
    value: str
    source: str = ""
    inferred: bool = False
    outside: bool = False


@dataclass(frozen=True, slots=True)
class SectionRow:
    """One part of the 8D that somebody gave."""

    key: str
    title: str
    text: str
    by: str = ""


@dataclass(frozen=True, slots=True)
class HintRow:
    """What a reviewer would refuse in a section: its title, and what it lacks (a word of `review_hints.Lack`)."""

    title: str
    lack: str


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


def hint_rows(keys: Collection[str], reader: Reader) -> Iterator[HintRow]:
    """Yield what a reviewer would refuse in these sections of the case."""
    case = reader.case
    told = {key: one.text for key, one in case.sections.items()} if case else {}
    for hint in review_hints(told, shipped_review()):
        if hint.section in keys and is_asked(hint.lack, hint.section, reader.process):
            yield HintRow(section_title(hint.section, reader), hint.lack.value)


def step_view(step: Step, reader: Reader) -> StepView:
    """Return a step of the case as its reader sees it."""
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
        given=tuple(section_rows(given, reader)),
        missing=tuple(titles_of(lacks, reader)),
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


def _asked(step: Step, reader: Reader, case: Case) -> str:
    """Return the roles that own a step and the people who hold them in this case."""
    joint = ", " if reader.format.is_english else "、"
    roles = joint.join(reader.process.role_title(role, reader.language) for role in step.owner)
    people = [one.name or one.address for role in step.owner for one in recipients(role, case, reader.directory)]
    names = joint.join(dict.fromkeys(people))
    return f"{roles}: {names}" if reader.format.is_english and names else f"{roles} {names}".strip()


def section_rows(sections: Mapping[str, Section], reader: Reader) -> Iterator[SectionRow]:
    """Yield the sections that hold something, in the order of the profile."""
    for key in (*reader.process.sections, *(k for k in sections if k not in reader.process.sections)):
        found = sections.get(key)
        if found and found.text.strip():
            text, by = section_text(found.text, reader), reader.name(found.by)
            yield SectionRow(key, section_title(key, reader), text, "" if by == text else by)


def section_text(text: str, reader: Reader) -> str:
    """Return a section's text; one that is a person's id (the leader) becomes the name."""
    return reader.name(text) if text in reader.directory.people else plain(text, LONGEST_SECTION)


def section_title(key: str, reader: Reader) -> str:
    """Return what the reader calls a section."""
    return reader.process.section_title(key, reader.language)


def titles_of(keys: Sequence[str], reader: Reader) -> Iterator[str]:
    """Yield what the reader calls facts, sections and papers."""
    yield from (reader.process.part_title(key, reader.language) for key in keys)
