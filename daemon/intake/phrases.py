"""What is wrong and what is asked for: sort a complaint's sentences into phenomenon and demand."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from daemon.intake.body import BULLETED, Body, sentences
from daemon.intake.words import BARE_WISH, DEFECT, HOUSEKEEPING, POINTS, TRIVIAL, UNSAID, WISH

CLAUSE = re.compile(r"(?<=[，,；;])\s*")
PLEASE = re.compile(r"(?i)(?<=[,;:])\s+(?=(?:so |and |therefore )?(?:please|kindly|pls)\b)")
CJK = re.compile(r"[\u3040-\u9fff]")
SENTENCE = re.compile(r".*?(?:[。！？!?；;]+|(?<=\w\w)\.(?=\s|$)|$)\s*")
HEAD = re.compile(r"(?i)[：:,，]\s*$|^(?:please|pls|kindly)$")
LIST_OF_FAULTS = re.compile(r"(?i)下列|如下|以下|following|下記|以下の")
HELLO = re.compile(
    r"(?i)^(?:您好|你好|大家好|各位好|hi|hello|dear \w+|[\u3400-\u9fff]{1,3}(?:总|工|经理|經理|先生|小姐|女士"
    r"|主任|部长)(?=[，,：:]))[，,！!。：:\s]+"
)
MAX_STATEMENT = {True: 260, False: 430}
ASKED_LIST = re.compile(r"[：:]\s*(?:[（(]?1[.、)）]|①|一、|$)")
CUSTOMER_ASKS = re.compile(  # and not only: this is a customer's complaint
    r"(?i)客[户戶](?!的?(?:投[诉訴]|抱怨|客[诉訴]|邮件|郵件|来信|來信))|对方"
    r"|customer(?!(?:['’]?s)? (?:complaint|mail|claim))|client"
)


def split_wishes(lines: Iterable[str]) -> tuple[list[str], list[str]]:
    """Return (statements, wishes); a list below "we ask:" belongs to the wish, a wish may begin inside a sentence."""
    said: list[str] = []
    asked: list[str] = []
    head_asks = False
    for sentence in sentences(lines):
        is_item = bool(BULLETED.match(sentence))
        if head_asks and (is_item or sentence[-1:] in ",，;；"):
            asked.append(sentence)
            continue
        before, wish = _cut(sentence)
        head_asks = bool(wish and HEAD.search(sentence) and not LIST_OF_FAULTS.search(before))
        said += [before] if before else []
        asked += [wish] if wish else []
    return said, asked


def _cut(sentence: str) -> tuple[str, str]:
    clauses = CLAUSE.split(sentence) if CJK.search(sentence) else PLEASE.split(sentence)
    at = next((n for n, clause in enumerate(clauses) if WISH.search(clause)), len(clauses))
    return "".join(clauses[:at]).strip(" ，,"), "".join(_spaced(clauses[at:])).strip()


def _spaced(clauses: Sequence[str]) -> list[str]:
    return [clause + (" " if clause[-1:] == "," else "") for clause in clauses]


def _is_trivial(sentence: str) -> bool:
    return bool(TRIVIAL.match(sentence.strip(" 。.!！，,~")))


def phenomenon_and_demand(body: Body, subject: str) -> tuple[str | None, str | None]:
    """Return what is wrong and what is asked for, in the customer's words."""
    stated, wished = split_wishes(body.fields.get("phenomenon", "").split("\n"))
    free_said, free_asked = split_wishes(body.free)
    said = stated or free_said
    demand = body.fields.get("demand") or _joined(wished or free_asked)
    return _statement(said) or _from_subject(subject), demand


def beside_attachments(text: str) -> str:
    """Return a text without the sentences that only point at an attachment, or only ask to deal with it."""
    return "\n".join("".join(one for one in SENTENCE.findall(line) if not _leaves_it(one)) for line in text.split("\n"))


def _leaves_it(sentence: str) -> bool:
    points = bool(POINTS.search(sentence)) and not DEFECT.search(UNSAID.sub("", sentence))
    return points or bool(BARE_WISH.fullmatch(sentence))


def _statement(said: Sequence[str]) -> str | None:
    kept = [HELLO.sub("", sentence) for sentence in said if not _is_trivial(sentence)]
    if len(re.sub(r"\s", "", "".join(kept))) > MAX_STATEMENT[bool(CJK.search("".join(kept)))]:
        kept = [sentence for sentence in kept if DEFECT.search(sentence)] or kept[:3]
    return _joined(_within(kept))


def _within(kept: Sequence[str]) -> list[str]:
    """Keep whole sentences up to twice the usual length: an extract is no copy of the mail."""
    out: list[str] = []
    room = 2 * MAX_STATEMENT[bool(CJK.search("".join(kept)))]
    for sentence in kept:
        if out and sum(map(len, out)) + len(sentence) > room:
            break
        out.append(sentence[:room])
    return out


def _joined(parts: Sequence[str]) -> str | None:
    text = "".join(part if CJK.search(part[-2:]) or part[-1:] in "。！？；" else part + " " for part in parts if part)
    return text.strip(" ，,") or None


def _from_subject(subject: str) -> str | None:
    plain = re.sub(r"^\s*(?:(?:re|fw|fwd|回复|答复|转发|轉寄)\s*[:：]\s*)+", "", subject, flags=re.IGNORECASE)
    return plain if DEFECT.search(plain) else None


def relayed_demand(notes: Iterable[str]) -> str | None:
    """Return what a colleague's note adds to the customer's demand, without what he asks of his colleagues."""
    out: list[str] = []
    listed = False
    for sentence in sentences(notes):
        if listed and BULLETED.match(sentence):
            out.append(sentence)
            continue
        before, wish = _cut(sentence)
        listed = bool(CUSTOMER_ASKS.search(sentence) and ASKED_LIST.search(sentence))
        clauses = [c for c in CLAUSE.split(wish) if not HOUSEKEEPING.search(c) or CUSTOMER_ASKS.search(c)]
        if wish and clauses:
            out.append("".join(clauses))
        elif before and CUSTOMER_ASKS.search(before) and re.search(r"(?i)要|催|承担|赔|wants?|asks?", before):
            out.append(before)
    return _joined(out)
