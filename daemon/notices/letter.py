"""A letter of the profile as its reader sees it: title, words, lines and the name of the copy.  Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from daemon.core.case import Case
from daemon.core.fields import BY_KEY
from daemon.core.process import Process, in_language
from daemon.notices.formats import Format
from daemon.notices.plain import one_line, plain

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class LetterLine:
    """One line of a letter: what it is about, and what it says."""

    label: str
    text: str
    key: str = ""


@dataclass(frozen=True, slots=True)
class LetterView:
    """A letter ready to be shown; one that the profile does not know is empty."""

    title: str = ""
    copy: str = ""
    says: str = ""
    lines: tuple[LetterLine, ...] = field(default=())
    closes: str = ""


def letter_view(
    name: str, copy: str, case: Case | None, process: Process, words: Format, shown: Mapping[str, LetterLine]
) -> LetterView:
    """Return a letter as it reads; `shown` are the lines of facts and sections that its reader may see anyhow."""
    letter = process.letters.get(name)
    if letter is None:
        return LetterView(copy=one_line(copy, 60))
    found = ((key, shown.get(key) or _own(key, case, process, words)) for key in letter.shows)
    return LetterView(
        title=in_language(letter.title, words.language),
        copy=one_line(copy, 60),
        says=in_language(letter.says, words.language),
        lines=tuple(replace(line, key=key) for key, line in found if line and line.text.strip()),
        closes=in_language(letter.closes, words.language),
    )


def _own(key: str, case: Case | None, process: Process, words: Format) -> LetterLine | None:
    """Return the line of a fact that mails do not list by themselves: number, receipt, cost, verdicts."""
    known = BY_KEY.get(key)
    if case is None or known is None or key in process.sections:
        return None
    own = {"case_no": case.number, "received_at": words.moment(case.opened_at), "round": str(case.round)}
    fact = case.facts.get(key)
    text = own.get(key) or (words.value(known.kind, fact.value) if fact else "")
    return LetterLine(known.title(words.language), plain(text, LONGEST))
