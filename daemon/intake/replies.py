"""What a reply says: its intent, its 8D sections and the department it should go to.  Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from daemon.core.directory import Department, Directory
from daemon.intake.buttons import word_of
from daemon.intake.reading import FromRole, Intent
from daemon.intake.reply_words import (
    ACKNOWLEDGEMENT,
    APPROVAL,
    ATTACHED,
    BARE_D,
    BRACKETED,
    BUTTON_INTENT,
    CONFIRMATION,
    DISPUTE,
    DISSATISFACTION,
    FOLD,
    HEADINGS,
    HINT,
    INLINE_D,
    REASON_LABEL,
    REJECTION,
    SECTION_D8,
    TRANSFER,
    TRANSFER_CLEAR,
)
from daemon.intake.sender import CASE_NUMBER, CODE

# Role of the writer → (intent, words), first that matches.  What refuses stands before what agrees: 不同意 holds 同意.
INTENTS: Mapping[FromRole, tuple[tuple[Intent, str], ...]] = {
    FromRole.CUSTOMER: (
        (Intent.DISSATISFIED, DISSATISFACTION),
        (Intent.CONFIRM, CONFIRMATION),
        (Intent.ACKNOWLEDGE, ACKNOWLEDGEMENT),
    ),
    FromRole.QUALITY: (
        (Intent.REJECT, REJECTION),
        (Intent.TRANSFER, TRANSFER_CLEAR),
        (Intent.APPROVE, APPROVAL),
        (Intent.ACKNOWLEDGE, ACKNOWLEDGEMENT),
    ),
    FromRole.SALES: (
        (Intent.DISSATISFIED, DISSATISFACTION),
        (Intent.DISPUTE, DISPUTE),
        (Intent.TRANSFER, TRANSFER_CLEAR),
        (Intent.CONFIRM, CONFIRMATION),
        (Intent.ACKNOWLEDGE, ACKNOWLEDGEMENT),
    ),
    FromRole.DEPARTMENT: (
        (Intent.DISPUTE, DISPUTE),
        (Intent.TRANSFER, TRANSFER_CLEAR),
        (Intent.ACKNOWLEDGE, ACKNOWLEDGEMENT),
        (Intent.ANSWER, ATTACHED),
        (Intent.APPROVE, APPROVAL),
    ),
}
AGREEMENT = {Intent.APPROVE, Intent.CONFIRM}
PREFIX = re.compile(r"(?i)^\s*(?:(?:re|aw|sv|回复|回覆|答复|答覆)\s*[:：]\s*)+")


def button_intent(subject: str) -> Intent | None:
    """Return the intent of a button's mail: its subject is a case and one of our button words, with or without a code.

    A word that only a profile defines is UNKNOWN here; the core knows it.
    """
    rest = CODE.sub(" ", CASE_NUMBER.sub(" ", PREFIX.sub("", subject)))
    known = BUTTON_INTENT.get(" ".join(rest.split()).strip(" :：-—·|").lower())
    return known or (Intent.UNKNOWN if word_of(subject) else None)


def button_text(text: str) -> str:
    """Return what the person wrote in a button's mail, without our hints, labels and code."""
    kept = [REASON_LABEL.sub("", line) for line in text.split("\n") if not CODE.search(line) and not HINT.match(line)]
    return "\n".join(kept).strip()


def intent_of(text: str, role: FromRole, sections: Mapping[str, str], *, has_report: bool = False) -> Intent:
    """Return what the writer wants; a filled section or an attached report is an answer."""
    if role is FromRole.STRANGER:
        return Intent.UNKNOWN
    if role is FromRole.DEPARTMENT and (len(sections) > 1 or (sections and not says(DISPUTE, text))):
        return Intent.ANSWER
    folded = _folded(text)
    found = next((intent for intent, words in INTENTS[role] if says(words, _where(intent, folded))), Intent.UNKNOWN)
    if has_report and role is FromRole.DEPARTMENT and found in {Intent.UNKNOWN, Intent.ACKNOWLEDGE, Intent.APPROVE}:
        return Intent.ANSWER
    return found


def _where(intent: Intent, text: str) -> str:
    """Agreement counts where a verdict stands: in a short mail, or at the beginning of a long one."""
    return text if intent not in AGREEMENT or len(text) <= 120 else text[:60]


def says(words: str, text: str) -> bool:
    """Tell whether the text holds one of these words (a pattern of reply_words)."""
    return bool(re.search(words, text, re.IGNORECASE))


def _folded(text: str) -> str:
    for words, plain in FOLD:
        text = re.sub(words, plain, text, flags=re.IGNORECASE)
    return text


def transfer_to(text: str, directory: Directory, own: Department | None) -> str | None:
    """Return the department that the text sends the case to."""
    others = [(name, d) for d in directory.departments if d != own for name in (d.name, *d.aliases)]
    for name, department in sorted(others, key=lambda pair: -len(pair[0])):
        if re.search(rf"(?:{TRANSFER}|请|請|找)[^。；;\n]{{0,8}}{re.escape(name)}", text, re.IGNORECASE):
            return department.name
    named = {department.name for name, department in others if name in text}
    return named.pop() if len(named) == 1 else None


def sections_of(lines: Iterable[tuple[bool, str]]) -> dict[str, str]:
    """Return the 8D sections; lines are (quoted, text): a quoted heading names what stands unquoted below it."""
    found: dict[str, list[str]] = {}
    key: str | None = None
    for quoted, line in _split_inline(lines):
        heading = heading_of(line)
        if heading:
            key, rest = heading
            line = "" if quoted else rest  # noqa: PLW2901  what follows a heading on its line is the first of its text
        elif quoted:
            key = key if not line.strip() else None
        if key and not quoted and line.strip():
            found.setdefault(key, []).append(line.strip())
    return {key: "\n".join(texts) for key, texts in found.items() if key != SECTION_D8}


def _split_inline(lines: Iterable[tuple[bool, str]]) -> Iterable[tuple[bool, str]]:
    for quoted, line in lines:
        for piece in INLINE_D.split(line):
            yield quoted, piece


def heading_of(line: str) -> tuple[str, str] | None:
    """Return (section, text behind the heading) of a heading line, or None."""
    plain = BRACKETED.sub(r"\1：", line)
    for key, pattern in HEADINGS:
        match = pattern.match(plain)
        if match:
            return key, match["rest"] or ""
    bare = BARE_D.match(line)
    return (f"D{bare[1]}", bare["rest"]) if bare else None
