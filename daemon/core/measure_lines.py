"""A section's text as lines, and what a line says at its end of who does it and by when.  Pure and bounded."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import NamedTuple

from daemon.core.dates import latest_date

MARK = re.compile(r"\s*(?:[（(]\d{1,2}[）)]|\d{1,2}\s*(?:[.．](?![\d])|[、)）])|[①-⑳]|[-*•·●◆■](?=\s))\s*")
NOTHING = re.compile(
    r"(?:暂?无|没有|不需要?|不适用|无需\w{0,6}|無需\w{0,6}|不適用|n/?a|none|nothing|"
    r"not (?:needed|necessary|applicable|required)|\W*)"
    r"(?:[:：，,].*|[。.]?)",
    re.IGNORECASE | re.DOTALL,
)
HEADING = re.compile(r"[:：]\s*$")
DECIDED = re.compile(r"决定|决议|行动项|待办|措施|決定|決議|action|decision", re.IGNORECASE)
LONGEST_END = 60  # characters at the end of a line in which names and days are looked for

IN_BRACKETS = re.compile(r"\s*[（(]([^（）()\n]{2,50})[）)]\s*[。.;；]?\s*$")
LABELLED = re.compile(
    r"[，,；;。\s]+((?:责任人|负责人|担当|责任部门|責任人|負責人)\s*[:：][^\n]{2,50}?)\s*[。.;；]?\s*$"
)
PARTS = re.compile(r"\s*[，,;；]\s*")
WHO_LABEL = re.compile(
    r"^(?:责任人|负责人|担当|责任部门|責任人|負責人|owner|by|resp(?:onsible)?\.?)\s*[:：]?\s*", re.IGNORECASE
)
DAY_WORDS = re.compile(
    r"计划|预计|预定|已于|于|已?完成|期限|截止|时间|日期|之前|以前|前|止|内|計劃|預計|時間|before|until|due|by|done|on|[:：\s]+",
    re.IGNORECASE,
)
DAY = re.compile(
    r"(?:20\d\d[-/.年])?\d{1,2}[-/.月]\d{1,2}[日号]?|\d{1,2}(?:st|nd|rd|th)?\.?[a-z]{3,9}\.?,?(?:20\d\d)?",
    re.IGNORECASE,
)
IS_DONE = re.compile(r"已|完成于|\bdone\b", re.IGNORECASE)
OVER = re.compile(r"已?完成|done", re.IGNORECASE)
NAME = re.compile(r"[\u3400-\u9fff·]{2,8}|[A-Z][\w.'’-]*(?: [A-Z][\w.'’-]*){0,2}")
NO_NAME = re.compile(r".*[库仓件品批线箱只个套次庫線]$|已?完成|同上|全部|全检|抽检|长期|长效|立即|每天|每班")


@dataclass(frozen=True, slots=True)
class Block:
    """One line of a section with its number, and the lines that go on with it; `text` is empty for no measure."""

    raw: str
    mark: str = ""
    text: str = ""
    decided: bool = False  # below a heading that says so


class Read(NamedTuple):
    """What a line says: what is done, by whom, by what day, on what day it was done; days as ISO 8601."""

    what: str
    who: str = ""
    due: str = ""
    done: str = ""


def blocks_of(text: str) -> list[Block]:
    """Return the lines of a text; where lines are numbered, one without a number goes on with the one above."""
    lines = text.replace("\r\n", "\n").split("\n")
    numbered = any(MARK.match(line) for line in lines)
    found: list[Block] = []
    decided = False
    for line in lines:
        block = _block(line)
        decided = bool(DECIDED.search(line)) if HEADING.search(line) else decided
        above = found[-1] if found else Block("")
        if numbered and block.text and not block.mark and above.mark and above.text:
            found[-1] = replace(above, raw=f"{above.raw}\n{line}", text=f"{above.text}\n{block.text}")
        else:
            found.append(replace(block, decided=decided))
    return found


def _block(line: str) -> Block:
    mark = MARK.match(line)
    text = line[mark.end() if mark else 0 :].strip()
    nothing = HEADING.search(text) or NOTHING.fullmatch(text)
    return Block(line, mark[0] if mark else "", "" if nothing else text)


def words_of(text: str) -> str:
    """Return a measure's words as a line of a section holds them: on one line, without a number; empty for none."""
    return _block(" ".join(text.split()).rstrip(":： ")).text


def joined(blocks: Iterable[Block]) -> str:
    """Return the text of these lines."""
    return "\n".join(block.raw for block in blocks)


def next_mark(blocks: Iterable[Block]) -> str:
    """Return the number for a line to be added, written as the last one is; nothing where lines have none."""
    last = next((block.mark for block in reversed(list(blocks)) if block.text), "")
    number = re.search(r"\d+", last)
    if number:
        return f"{last[: number.start()]}{int(number[0]) + 1}{last[number.end() :]}"
    return chr(min(ord(last.strip()) + 1, ord("⑳"))) if "①" <= last.strip() <= "⑳" else last


def read_line(text: str, day: date) -> Read:
    """Return what a line says; who and when are read where nothing else stands at its end: （张三，12月1日前）.

    A day without a year is the nearest to `day`.
    """
    head, tail = text[:-LONGEST_END], text[-LONGEST_END:]
    for pattern in (IN_BRACKETS, LABELLED):
        end = pattern.search(tail)
        read = _read_parts(PARTS.split(end[1]), day) if end else None
        if end and read and (head + tail[: end.start()]).strip():
            return read._replace(what=(head + tail[: end.start()]).strip())
    return Read(text)


def line_of(what: str, who: str, due: str) -> str:
    """Return the line of a measure, as it is read back."""
    said = [one for one in (who, f"{due} 前" if due else "") if one]
    return f"{what}（{'，'.join(said)}）" if said else what


def _read_parts(parts: Iterable[str], day: date) -> Read | None:
    """Return who and when these parts tell, None where one of them is something else, or nothing tells them apart."""
    names: list[str] = []
    days: dict[str, str] = {}
    labelled, over = False, False
    for part in _pieces(parts):
        if OVER.fullmatch(part.strip()):
            over = True
            continue
        when, name = _day(part, day), WHO_LABEL.sub("", part).strip()
        if when:
            days.setdefault("done" if IS_DONE.search(part) else "due", when)
        elif NAME.fullmatch(name) and not NO_NAME.fullmatch(name):
            names.append(name)
            labelled = labelled or name != part.strip()
        else:
            return None
    if over and "due" in days:
        days["done"] = days.pop("due")
    return Read("", "、".join(names), days.get("due", ""), days.get("done", "")) if days or labelled else None


def _pieces(parts: Iterable[str]) -> Iterator[str]:
    """Yield the parts; one that is a name and a day beside each other (张三 12月1日) as two."""
    for part in parts:
        name, _, rest = part.partition(" ")
        if NAME.fullmatch(name) and any(char.isdigit() for char in rest) and not any(c.isascii() for c in name):
            yield from (name, rest)
        else:
            yield from (one for one in re.split("、", part) if one.strip())


def _day(part: str, day: date) -> str:
    bare = DAY_WORDS.sub("", part)
    found = latest_date(part, day) if DAY.fullmatch(bare) else None
    return found.isoformat() if found else ""
