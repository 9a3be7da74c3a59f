"""What a reply says: its intent, its 8D sections and the department it should go to.  Decides nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from enum import StrEnum

from daemon.core.directory import Department, Directory
from daemon.intake.belonging import TAGGED
from daemon.intake.buttons import word_of
from daemon.intake.language import simplified
from daemon.intake.reading import FromRole, Intent
from daemon.intake.reply_words import (
    ACKNOWLEDGEMENT,
    APPROVAL,
    ATTACHED,
    BARE_D,
    BESIDE_VERDICT,
    BRACKETED,
    BUTTON_INTENT,
    CONFIRMATION,
    COURTESY,
    DELETE_ROWS,
    DISPUTE,
    DISSATISFACTION,
    FOLD,
    HEADINGS,
    HINT,
    INLINE_D,
    NOT_PLAIN,
    PLAN,
    REASON_LABEL,
    REJECTION,
    RESTORE_ROWS,
    SECTION_D8,
    SIGNED,
    TRANSFER,
    TRANSFER_CLEAR,
    TRANSFER_LINE,
    VERDICT,
)
from daemon.intake.sender import CODE

# Role of the writer → (intent, words), first that matches.  What refuses stands before what agrees: 不同意 holds 同意.
INTENTS: Mapping[FromRole, tuple[tuple[Intent, str], ...]] = {
    FromRole.CUSTOMER: (
        (Intent.DISSATISFIED, DISSATISFACTION),
        (Intent.CONFIRM, CONFIRMATION),
        (Intent.ACKNOWLEDGE, ACKNOWLEDGEMENT),
    ),
    FromRole.QUALITY: (
        (Intent.REJECT, REJECTION),
        (Intent.TRANSFER, TRANSFER_LINE),
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


class RowsOrder(StrEnum):
    """What people say of rows that vanished from the ledger."""

    DELETE = "delete"
    RESTORE = "restore"


ROWS = {RowsOrder.DELETE: DELETE_ROWS, RowsOrder.RESTORE: RESTORE_ROWS}
AGREEMENT = {Intent.APPROVE, Intent.CONFIRM}
CLAUSE_END = re.compile(r"[，,。；;！!：:~～、…—\n]+|(?<!\bmr)(?<!\bms)(?<!\bmrs)(?<!\bdr)\.(?!\w)", re.IGNORECASE)
QUESTION = re.compile(r"[^。.!！；;\n?？]*[?？]")
LONGEST_VERDICT = 80
PREFIX = re.compile(r"(?i)^\s*(?:(?:re|aw|sv|回复|回覆|答复|答覆)\s*[:：]\s*)+")


def button_intent(subject: str) -> Intent | None:
    """Return the intent of a button's mail: its subject is a case and one of our button words, with or without a code.

    A word that only a profile defines is UNKNOWN here; the core knows it.
    """
    rest = CODE.sub(" ", TAGGED.sub(" ", PREFIX.sub("", subject)))
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
    found = next((intent for intent, words in INTENTS[role] if _wants(intent, words, folded)), Intent.UNKNOWN)
    if has_report and role is FromRole.DEPARTMENT and found in {Intent.UNKNOWN, Intent.ACKNOWLEDGE, Intent.APPROVE}:
        return Intent.ANSWER
    return found


def _wants(intent: Intent, words: str, text: str) -> bool:
    """Tell whether a text holds the words of an intent.

    Agreement counts where a verdict stands, in a short mail or at the beginning of a long one, and is no question;
    an acknowledgement is nothing but that.
    """
    if intent is Intent.ACKNOWLEDGE:
        return _is_nothing_but(words, text)
    if intent in AGREEMENT:
        text = QUESTION.sub("", text if len(text) <= 120 else text[:60])
    return says(words, text)


def _is_nothing_but(words: str, text: str) -> bool:
    clauses = [clause for clause in _clauses(text) if not _is(COURTESY, clause)]
    return bool(clauses) and all(_is(rf"{words}|{PLAN}", clause) for clause in clauses)


def is_plain_verdict(text: str) -> bool:
    """Tell whether a text is nothing but one verdict of agreement, courtesies aside: what may be acted upon.

    Every word must be known; a condition, a contrast, a question, a plan or a request makes it no plain verdict.
    """
    plain = SIGNED.sub("", simplified(text).strip()).lower().replace("’", "'")
    clauses = [clause for clause in _clauses(plain) if not _is(COURTESY, clause)]
    said = "\n".join(clauses)
    if not re.search(VERDICT, said, re.MULTILINE) or says(NOT_PLAIN, plain) or len(said) > LONGEST_VERDICT:
        return False
    return not re.sub(rf"{VERDICT}|{BESIDE_VERDICT}", "", said, flags=re.MULTILINE).strip()


def _clauses(text: str) -> list[str]:
    return [clause for one in CLAUSE_END.split(text) if (clause := one.strip(" \t\"'“”‘’()（）"))]


def _is(words: str, text: str) -> bool:
    return bool(re.fullmatch(words, text, re.IGNORECASE))


def says(words: str, text: str) -> bool:
    """Tell whether the text holds one of these words (a pattern of reply_words)."""
    return bool(re.search(words, text, re.IGNORECASE))


def _folded(text: str) -> str:
    for words, plain in FOLD:
        text = re.sub(words, plain, text, flags=re.IGNORECASE)
    return text


def order_about_rows(text: str) -> RowsOrder | None:
    """Return what is to become of rows that vanished, None for a text that says anything else beside it."""
    clauses = [one for one in _clauses(simplified(text)) if not _is(COURTESY, one)]
    return next((order for order, words in ROWS.items() if clauses and all(_is(words, one) for one in clauses)), None)


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
