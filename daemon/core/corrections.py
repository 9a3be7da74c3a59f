"""What the lines of a reply say under their titles: facts (等级：重大, 处理方式：换货) and sections.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from daemon.core.case import Scalar
from daemon.core.fields import BY_KEY, COMPLAINT_KEYS, Kind
from daemon.core.process import Process

PAIR = re.compile(
    r"\s*(?:更正|改为|correction)?\s*[:：]?\s*(?P<title>[^:：\n]{1,20}?)\s*(?:[:：]|改为|改成|改為)\s*(?P<value>\S.*)$"
)
HEADING = re.compile(
    r"\s*(?:【(?P<marked>[^】\n]{1,40})】\s*[:：]?|(?P<title>[^:：\n]{1,40}?)\s*(?:[:：]|$))\s*(?P<rest>.*)$"
)
PARTS = re.compile(r"[，,；;。]\s*")
NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*([千万萬亿億]?)")
TIMES = {"千": 1_000, "万": 10_000, "萬": 10_000, "亿": 100_000_000, "億": 100_000_000}
LISTS = frozenset({"severity", "category", "department"})
NUMBERS = frozenset({Kind.COUNT, Kind.RATE, Kind.MONEY})
LONGEST = 2000


def corrections(text: str, process: Process) -> Mapping[str, Scalar]:
    """Return the facts of the complaint and of the profile that the lines of a text name by their titles, by key.

    Facts chosen from a list may also stand within a line: 成立，等级：重大.
    """
    return facts_in(text, (*COMPLAINT_KEYS, *process.facts), process)[0]


def facts_in(text: str, keys: Iterable[str], process: Process) -> tuple[Mapping[str, Scalar], str]:
    """Return those of these facts that a text names by their titles, and the text without them."""
    titles = _titles(keys, process)
    found: dict[str, Scalar] = {}
    rest: list[str] = []
    for line in text.splitlines():
        told = dict(_told(line, titles, process))
        parts = [line] if told else PARTS.split(line)
        some = [told] if told else [dict(_told(part, titles, process, lists_only=True)) for part in parts]
        for one in some:
            found |= one
        if any(some):
            rest.append("，".join(part for part, one in zip(parts, some, strict=True) if not one and part.strip()))
        else:
            rest.append(line)
    return found, "\n".join(rest).strip() if found else text


def sections_in(text: str, keys: Iterable[str], process: Process) -> Mapping[str, str]:
    """Return those of these sections that a text gives: below a heading that is their title, until the next one."""
    titles = {folded(word): key for key in keys for word in process.sections.get(key, {}).values()}
    found: dict[str, list[str]] = {}
    key = ""
    for line in text.splitlines():
        head = HEADING.match(line)
        named = titles.get(folded(head["marked"] or head["title"] or "")) if head else None
        key = named or key
        said = head["rest"] if head and named else line
        if key and said.strip():
            found.setdefault(key, []).append(said.strip())
    return {key: "\n".join(lines) for key, lines in found.items()}


def _told(
    text: str, titles: Mapping[str, str], process: Process, *, lists_only: bool = False
) -> Iterator[tuple[str, Scalar]]:
    pair = PAIR.match(text.strip())
    key = titles.get(folded(pair["title"])) if pair else None
    if pair and key:
        listed = key in LISTS or bool(process.values_of(key))
        if listed or not lists_only:
            value = PARTS.split(pair["value"])[0] if listed else pair["value"]
            yield key, read_fact(value.strip(), process.kind_of(key))


def fact_titles(process: Process) -> Mapping[str, str]:
    """Return the facts of the complaint and of the profile by what people call them, blanks left out."""
    return _titles((*COMPLAINT_KEYS, *process.facts), process)


def _titles(keys: Iterable[str], process: Process) -> dict[str, str]:
    known: dict[str, str] = {}
    for key in keys:
        field, own = BY_KEY.get(key), process.facts.get(key)
        words = (field.header, field.header_tw, field.header_en, *field.synonyms) if field and not own else ()
        words = (own.header, own.header_en, *own.labels) if own else words
        for word in filter(None, words):  # a word of the dictionary's own wins over a profile's label
            known.setdefault(folded(word), key)
    return known


def read_fact(value: str, kind: str) -> Scalar:
    """Return a fact's value as its kind says; what is no number where one is asked for stays as it was written."""
    number = NUMBER.search(value.replace(",", ""))
    if number is None or kind not in NUMBERS:
        return value[:LONGEST]
    amount = float(number[1])
    if kind == Kind.RATE:
        return amount / (1000 if "‰" in value else 100)
    amount = round(amount * TIMES.get(number[2], 1), 2)
    return int(amount) if kind == Kind.COUNT else amount


def folded(text: str) -> str:
    """Return a title as titles are compared."""
    return re.sub(r"\s+", "", text).casefold()
