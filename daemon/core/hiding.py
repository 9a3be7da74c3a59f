"""Who may not read who complained: `[hides]` of a profile, and a case as such a reader may see it.  Pure.

A case is masked as a whole before anything is made of it, so that no view of it can tell what its reader may not know.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from daemon.core.case import Case, Evidence, Fact, Section, StepState
from daemon.core.directory import Directory
from daemon.core.measures import Measure
from daemon.core.process import LEDGER, REPORTER, Process
from daemon.core.roles import holds_role

MASK = "（已隐去）"
CONTACT = ("contact_name", "contact_phone", "contact_email")
TITLES = "女士|先生|小姐|女生|师傅|師傅|经理|經理|主管|老师|老師|总|總|工(?![作厂廠业業序人艺藝])"
CHINESE_NAME = re.compile(r"[\u4e00-\u9fff]{2,4}")
SHORTEST_DIGITS = 7
SHORTEST_WORD = 3  # letters of a name that is masked by itself
ENCODINGS = ("utf-8", "gb18030", "utf-16-le", "utf-16-be")


@dataclass(frozen=True, slots=True)
class Veil:
    """What one reader may not know of a case: the keys of the facts, and the words by which they would be told."""

    keys: frozenset[str] = frozenset()
    words: re.Pattern[str] | None = None
    plain: tuple[str, ...] = ()

    def text(self, text: str) -> str:
        """Return a text with all that would tell it masked."""
        return self.words.sub(MASK, text) if self.words else text

    def value(self, value: Any) -> Any:
        """Return values of a notice with every text in them masked."""
        if isinstance(value, str):
            return self.text(value)
        if isinstance(value, Mapping):
            return {key: self.value(one) for key, one in value.items()}
        return [self.value(one) for one in value] if isinstance(value, list | tuple) else value

    def tells(self, data: bytes) -> bool:
        """Tell whether a file holds one of the words, in any of the usual encodings."""
        return any(word.encode(coding) in data for word in self.plain for coding in ENCODINGS)


NO_VEIL = Veil()


def veil_for(address: str, case: Case, process: Process, directory: Directory) -> Veil:
    """Return what this reader may not know of a case: what is hidden from any role that he or she holds in it."""
    roles = (role for role in process.hides if role != LEDGER and holds_role(address, role, case, directory))
    return _veil((key for role in roles for key in process.hides[role]), case)


def veil_for_all(case: Case, process: Process) -> Veil:
    """Return what is hidden from anybody: what a document may not tell that everybody can open."""
    return _veil((key for keys in process.hides.values() for key in keys), case)


def behind(veil: Veil, case: Case) -> Case:
    """Return a case as a reader behind this veil may see it; the same one where nothing is hidden."""
    if not veil.keys:
        return case
    hides_reporter = REPORTER in veil.keys
    gone = veil.keys | (set(CONTACT) if hides_reporter else set())
    about = {"reporter": "", "reporter_name": "", "message_id": ""} if hides_reporter else {}
    return replace(
        case,
        **about,  # type: ignore[arg-type]  # the names are Case's own
        subject=veil.text(case.subject),
        facts={key: _fact(fact, veil) for key, fact in case.facts.items() if key not in gone},
        sections={key: _section(part, case, veil) for key, part in case.sections.items()},
        measures=tuple(_measure(one, veil) for one in case.measures),
        steps={key: _step(state, veil) for key, state in case.steps.items()},
        evidence=tuple(_named(one, veil) for one in case.evidence if one.media_type.startswith("image/")),
        items=tuple({k: veil.value(v) for k, v in one.items() if k not in gone} for one in case.items),
    )


def _fact(fact: Fact, veil: Veil) -> Fact:
    return replace(fact, value=veil.text(fact.value)) if isinstance(fact.value, str) else fact


def _section(part: Section, case: Case, veil: Veil) -> Section:
    by = part.by if part.by.lower() != case.reporter.lower() else ""
    return replace(part, text=veil.text(part.text), by=veil.text(by))


def _measure(one: Measure, veil: Veil) -> Measure:
    told = {key: veil.text(getattr(one, key)) for key in ("line", "what", "who", "evidence")}
    return replace(one, **told)  # type: ignore[arg-type]


def _step(state: StepState, veil: Veil) -> StepState:
    told = {"by": veil.text(state.by), "acknowledged_by": veil.text(state.acknowledged_by)}
    return replace(state, reason=veil.text(state.reason), **told)  # type: ignore[arg-type]


def _named(one: Evidence, veil: Veil) -> Evidence:
    return replace(one, name=veil.text(one.name))


# ── the words by which somebody would be told ────────────────────────────────────────────────────────────────────────


def _veil(keys: Iterable[str], case: Case) -> Veil:
    hidden = frozenset(keys)
    if not hidden:
        return NO_VEIL
    plain = tuple(dict.fromkeys(_plain(hidden, case)))
    patterns = [pattern for word in sorted(plain, key=len, reverse=True) for pattern in _patterns(word)]
    words = re.compile("|".join(patterns), re.IGNORECASE) if patterns else None
    return Veil(hidden, words, plain)


def _plain(keys: frozenset[str], case: Case) -> Iterator[str]:
    """Yield the names, addresses, numbers and other values that are not to be told."""
    told = [case.text(key) for key in sorted(keys - {REPORTER})]
    if REPORTER in keys:
        told += [case.reporter, case.reporter_name, *(case.text(key) for key in CONTACT)]
    yield from (word.strip() for word in told if len(word.strip()) > 1)


def _patterns(word: str) -> Iterator[str]:
    """Yield the ways in which a value may stand in a text, the longest first."""
    digits = re.sub(r"\D", "", word)
    if "@" in word:
        yield re.escape(word)
        yield rf"(?<![\w.-]){re.escape(word.partition('@')[0])}(?![\w-])"
    elif len(digits) >= SHORTEST_DIGITS and not re.search(r"[A-Za-z\u4e00-\u9fff]", word):
        yield _spaced(digits)
        if digits.startswith("0"):  # a number without its area code
            yield _spaced(digits[-8:])
            yield _spaced(digits[-7:])
    elif CHINESE_NAME.fullmatch(word):
        yield r"\s?".join(map(re.escape, word))
        yield rf"{re.escape(word[0])}(?:{TITLES})"
    else:
        yield re.escape(word)
        parts = re.findall(rf"[^\W\d_]{{{SHORTEST_WORD},}}", word) if re.search(r"[A-Za-z]", word) else ()
        yield from (rf"\b{re.escape(part)}\b" for part in parts)


def _spaced(digits: str) -> str:
    return r"(?<!\d)" + r"[\s().·-]{0,2}".join(digits) + r"(?!\d)"
