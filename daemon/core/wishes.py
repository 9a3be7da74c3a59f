"""The words by which colleagues wish something for a case: 暂停：等客户寄样品, 责任人：孙大鹏.  A table; pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from daemon.core.case import Severity
from daemon.core.commands import (
    Assign,
    Cancel,
    Command,
    Hold,
    Join,
    Leave,
    Link,
    Merge,
    Note,
    OpenSubcase,
    Raise,
    Reopen,
    Resume,
    Split,
)
from daemon.core.process import Process

CASE = r"(?:案件|客诉|投诉|本案|处理|處理|案|登记)?"
ALONE = r"\s*(?:[:：]\s*(?P<reason>.*)|[。.!！]?\s*)$"
NUMBER = (
    r"\s*[:：]?\s*(?:案件|客诉|投诉|case)?\s*(?:编号)?\s*(?P<number>[A-Za-z0-9-]*\d[A-Za-z0-9-]*)"
    r"\s*(?:[，,。.：:;；]\s*(?P<reason>.*))?$"
)

# The first line of a reply → the wish; what follows on it, and the lines below, is the reason.
WORDS: tuple[tuple[str, Callable[[dict[str, str]], Command]], ...] = (
    (rf"(?:暂停|暫停|挂起|掛起|put on hold|hold){CASE}{ALONE}", lambda said: Hold(said["reason"])),
    (rf"(?:恢复|恢復|继续|繼續|resume){CASE}{ALONE}", lambda said: Resume(said["reason"])),
    (rf"(?:取消|撤销|撤銷|作废|作廢|cancel){CASE}{ALONE}", lambda said: Cancel(said["reason"])),
    (rf"(?:重新打开|重新打開|重开|重開|重新处理|reopen){CASE}{ALONE}", lambda said: Reopen(said["reason"])),
    (rf"(?:合并到|合併到|合并至|并入|併入|merged? into){NUMBER}", lambda said: Merge(said["number"], said["reason"])),
    (rf"(?:拆分|分拆|拆成多案|split){CASE}{ALONE}", lambda said: Split(said["reason"])),
    (r"(?:子案|子案件|sub-?case)\s*(?:[:：]\s*(?P<reason>.*))?$", lambda said: OpenSubcase(said["reason"])),
    (rf"(?:归入|歸入|并案|併案|join){NUMBER}", lambda said: Join(said["number"], said["reason"])),
    (rf"(?:取出|移出|单独处理|單獨處理|leave){CASE}{ALONE}", lambda said: Leave(said["reason"])),
    (rf"(?:重复投诉|重複投訴|重复发生|再发|repeat of){NUMBER}", lambda said: Link(said["number"])),
    (r"(?:备注|備註|note|remark)\s*[:：]\s*(?P<reason>.+)$", lambda said: Note(said["reason"])),
)
GRADE = re.compile(
    r"\s*(?:投诉|投訴)?(?:等级|等級|级别|升级为|升級為)\s*(?:[:：]|为|改为)?\s*(一般|重要|重大)\s*[。.]?\s*$"
)
PERSON = r"\s*(?:[:：]|改为|改成|换成|換成|变更为)\s*(?P<person>[^\s，,。；;:：]{2,40})\s*[。.]?\s*$"
LONGEST_REST = 12  # characters
PARTS = re.compile(r"[，,；;]\s*")
OWNER = ("责任人", "責任人", "负责人", "負責人", "owner")
LEADER = ("组长", "組長", "8D组长", "8D組長", "leader")


def wish_in(text: str) -> Command | None:
    """Return what a reply wishes for the case, None when its first line says no such thing."""
    head, _, below = text.strip().partition("\n")
    for words, wish in WORDS:
        found = re.match(words, head.strip(), re.IGNORECASE)
        if found:
            said = {key: (value or "").strip() for key, value in found.groupdict(default="").items()}
            said["reason"] = "\n".join(filter(None, (said.get("reason", ""), below.strip())))
            return wish(said)
    return None


def grade_in(text: str) -> Raise | None:
    """Return the grade that the first line of a reply asks for, with what follows as the reason."""
    head, _, below = text.strip().partition("\n")
    found = GRADE.match(head)
    return Raise(Severity(found[1]), below.strip()) if found else None


def assigned_in(text: str, process: Process) -> tuple[tuple[Assign, ...], str]:
    """Return the people that a text names for a role, and the text without that: 成立，责任人：孙大鹏.

    Where more than a few words are left it is an answer that happens to name somebody, and names nobody for a role.
    """
    found: list[Assign] = []
    rest: list[str] = []
    for line in text.splitlines():
        parts = PARTS.split(line)
        named = [next(_named(part, process), None) for part in parts]
        found += [one for one in named if one]
        kept = "，".join(part for part, one in zip(parts, named, strict=True) if not one)
        rest.append(kept if any(named) else line)
    left = "\n".join(rest).strip()
    return (tuple(found), left) if len(left) <= LONGEST_REST else ((), text)


def _named(line: str, process: Process) -> Iterator[Assign]:
    for role, titles in _titles(process):
        words = "|".join(sorted(map(re.escape, titles), key=len, reverse=True))
        found = re.match(rf"\s*(?:更换|变更|指定|换)?(?:{words}){PERSON}", line, re.IGNORECASE)
        if found:
            yield Assign(role, found["person"])


def _titles(process: Process) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Yield the roles that a person can be named for, with what people call them."""
    for role, words in process.roles.items():
        if role not in NOBODY:
            more = {"owner": OWNER, "leader": LEADER}.get(role, ())
            yield role, (*words.values(), *more)


NOBODY = frozenset({"department", "department_manager", "owner_manager", "reporter", "writer", "chain"})
