"""Facts that quality corrects in a reply: 等级：重大, 部门：技术部, 不良数量：12.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from daemon.core.case import Scalar
from daemon.core.fields import BY_KEY, COMPLAINT_KEYS, Kind
from daemon.core.process import Process

PAIR = re.compile(
    r"\s*(?:更正|改为|correction)?\s*[:：]?\s*(?P<title>[^:：\n]{1,20}?)\s*(?:[:：]|改为|改成)\s*(?P<value>\S.*)$"
)
PARTS = re.compile(r"[，,；;。]\s*")
LISTS = frozenset({"severity", "category", "department"})


def corrections(text: str, process: Process) -> Mapping[str, Scalar]:
    """Return the facts that the lines of a text name by their titles, by key; values that cannot be read are left out.

    Facts chosen from a list may also stand within a line: 成立，等级：重大.
    """
    titles = fact_titles(process)
    found: dict[str, Scalar] = {}
    for line in text.splitlines():
        for part, lists_only in ((line, False), *((one, True) for one in PARTS.split(line))):
            pair = PAIR.match(part.strip())
            key = titles.get(folded(pair["title"])) if pair else None
            if pair and key and (key in LISTS or not lists_only):
                value = PARTS.split(pair["value"])[0] if key in LISTS else pair["value"]
                found |= dict(read_fact(key, value.strip()))
    return found


def fact_titles(process: Process) -> dict[str, str]:
    """Return the facts by what people call them, blanks left out."""
    fields = (BY_KEY[key] for key in COMPLAINT_KEYS)
    known = {
        folded(title): f.key for f in fields for title in (f.header, f.header_tw, f.header_en, *f.synonyms) if title
    }
    return known | {folded(fact.header): key for key, fact in process.facts.items()}


def read_fact(key: str, value: str) -> Iterator[tuple[str, Scalar]]:
    """Yield a fact with its value as its kind wants it, nothing when the text holds none."""
    kind = BY_KEY[key].kind if key in BY_KEY else Kind.TEXT
    number = re.search(r"\d+(?:\.\d+)?", value.replace(",", ""))
    if kind is Kind.COUNT and number:
        yield key, int(float(number[0]))
    elif kind is Kind.RATE and number:
        yield key, float(number[0]) / (1000 if "‰" in value else 100)
    elif kind in (Kind.TEXT, Kind.LIST):
        yield key, value[:2000]


def folded(text: str) -> str:
    """Return a title as titles are compared."""
    return re.sub(r"\s+", "", text).casefold()
