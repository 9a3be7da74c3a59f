"""Whether two complaints tell of the same: customer, product, symptom, in whatever words.  Pure and bounded."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Protocol, TypeVar
from uuid import UUID

from daemon.core.case import Case, Fact, Status
from daemon.core.process import Recurrence
from daemon.core.worktime import WorkCalendar

LONGEST = 400  # characters of a symptom that are looked at
_KEPT = 1024  # texts that were taken apart last: most customers tell of few parts and symptoms
ENOUGH = 0.5  # of the words of the shorter text that both must have
# What firms are called beside their name.
LEGAL = re.compile(
    r"股份|有限|责任|責任|公司|集团|集團|\b(?:co|ltd|inc|llc|corp|corporation|company|gmbh|ag|kg|sa|srl|spa|group|limited)\b"
)
# Words of one row name the same defect; the first is how it is called here.
DEFECTS: tuple[tuple[str, ...], ...] = (
    ("size", "尺寸", "超差", "偏大", "偏小", "过大", "过小", "超上限", "超下限", "dimension", "oversize", "undersize"),
    ("scratch", "划痕", "划伤", "刮伤", "刮痕", "刮花", "擦伤", "碰伤", "磕伤", "压伤", "scratch", "dent"),
    ("crack", "开裂", "裂纹", "裂缝", "破裂", "断裂", "折断", "断线", "破损", "crack", "broken", "fracture"),
    ("loose", "松动", "松脱", "脱落", "脱开", "甩车", "loose", "detached", "fall off", "fell off"),
    ("leak", "泄漏", "漏油", "漏水", "漏气", "渗漏", "渗油", "leak"),
    ("rust", "生锈", "锈蚀", "锈斑", "腐蚀", "氧化", "rust", "corro"),
    ("bent", "变形", "弯曲", "翘曲", "扭曲", "椭圆", "起皱", "deform", "bent", "warp"),
    ("burr", "毛刺", "飞边", "披锋", "burr", "flash"),
    ("short", "短路", "short circuit", "shorted"),
    ("open", "开路", "断路", "open circuit", "不导通"),
    ("weld", "虚焊", "假焊", "漏焊", "焊点", "焊接", "solder", "weld"),
    ("missing", "少件", "缺件", "漏装", "少装", "短装", "缺少", "数量不足", "短缺", "missing", "shortage"),
    ("mixed", "混料", "混装", "错料", "错装", "装错", "发错", "mixed", "wrong part"),
    ("noise", "异响", "噪音", "噪声", "noise"),
    ("colour", "色差", "变色", "发黄", "掉漆", "脱漆", "起泡", "colour", "color", "paint"),
    ("dirty", "脏污", "油污", "污渍", "异物", "杂质", "dirt", "contamin", "foreign"),
    ("dead", "失效", "不工作", "不通电", "无输出", "不转", "死机", "fail", "does not work", "not working"),
    ("late", "延误", "迟到", "晚到", "延期", "未到货", "逾期交货", "late", "delay"),
    ("label", "标签", "标识", "label"),
    ("packing", "包装", "纸箱", "packag", "packing", "carton"),
)
SAID_ANYHOW = re.compile(
    r"我司|我们|贵司|你司|贵公司|发现|来料|检验|出现|存在|部分|产品|零件|现象|问题|不良|缺陷|严重|轻微|有|的|了|在|和|及|与|请|尽快|处理|"
    r"改善|投诉|收到|批次|本批|使用|装配后|装配时|生产|客户|反馈|\b(?:the|a|an|of|and|is|are|was|were|we|our|your|in|on|at|with|found|please|"
    r"some|parts?|pcs|pieces|defects?|problems?)\b"
)
FIGURES = re.compile(r"[-+±]?\d+(?:[.,]\d+)*\s*(?:mm|μm|um|cm|kg|pcs|%|‰|件|个|只|台|套|毫米)?")


class Comparable(Protocol):
    """What of a case is looked at: a whole case has it, and so has what is kept of one for comparing."""

    @property
    def status(self) -> Status:
        """Where the case stands."""
        ...

    @property
    def closed_at(self) -> datetime | None:
        """When it was closed last."""
        ...

    def text(self, key: str) -> str:
        """Return a fact as text, empty when it is not known."""
        ...


Compared = TypeVar("Compared", bound=Comparable)


@dataclass(frozen=True, slots=True)
class Earlier:
    """What is compared of a case: `texts` are the beginnings of its known facts, as long as any comparison looks."""

    id: UUID
    status: Status
    closed_at: datetime | None
    texts: Mapping[str, str]

    def text(self, key: str) -> str:
        """Return a fact's beginning as text, empty when it is not known."""
        return self.texts.get(key, "")


def beginnings(case: Case) -> dict[str, str]:
    """Return the known facts of a case as text, as much of each as any comparison looks at."""
    return {key: text[:LONGEST] for key in case.facts if (text := case.text(key))}


@lru_cache(maxsize=_KEPT)
def customer_key(text: str) -> str:
    """Return a firm's name as it is compared: without blanks, marks, width, case and the words for its legal form."""
    plain = LEGAL.sub("", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return re.sub(r"[\W_]+", "", plain)


def alike(facts: Mapping[str, Fact], earlier: Comparable, same: Iterable[str]) -> bool:
    """Tell whether a new complaint's facts are those of an earlier case; what is not known is like nothing."""
    return all(_same(key, _text(facts, key), earlier.text(key)) for key in same)


def repeats(
    facts: Mapping[str, Fact], candidates: Iterable[Compared], rule: Recurrence, calendar: WorkCalendar, now: datetime
) -> Compared | None:
    """Return the first of these cases that the complaint repeats within the profile's watch, None when none."""
    same = (one for one in candidates if alike(facts, one, rule.same))
    return next((one for one in same if _is_watched(one, rule, calendar, now)), None)


def _is_watched(case: Comparable, rule: Recurrence, calendar: WorkCalendar, now: datetime) -> bool:
    if case.status is Status.CANCELLED:
        return False
    return case.closed_at is None or calendar.add(case.closed_at, rule.within) >= now


def same_symptom(one: str, other: str) -> bool:
    """Tell whether two texts name the same defect, in whatever words.

    Where both name defects of the table, those decide: half of the shorter list must be in the other.  Else the words
    do (neighbouring characters of Chinese, words of other scripts).
    """
    first, second = _plain(one), _plain(other)
    if not first or not second:
        return False
    defects = _defects(first), _defects(second)
    words = _words(first), _words(second)
    if all(defects):
        return _share(*defects) >= ENOUGH
    return all(words) and _share(*words) >= ENOUGH


def defects_differ(one: str, other: str) -> bool:
    """Tell whether two texts name defects of the table, and none of them both."""
    first, second = _defects(_plain(one)), _defects(_plain(other))
    return bool(first and second) and not first & second


def names_defect(text: str) -> bool:
    """Tell whether a text names a defect of the table."""
    return bool(_defects(_plain(text)))


def _same(key: str, one: str, other: str) -> bool:
    return COMPARED.get(key, same_codes)(one, other)


def _same_customer(one: str, other: str) -> bool:
    return bool(customer_key(one)) and customer_key(one) == customer_key(other)


def same_codes(one: str, other: str) -> bool:
    """Tell whether two lists of codes (part numbers, batches) have one in common."""
    return bool(_codes(one) & _codes(other))


@lru_cache(maxsize=_KEPT)
def _codes(text: str) -> frozenset[str]:
    parts = re.split(r"[、,，;；/\s]+", unicodedata.normalize("NFKC", text[:LONGEST]).casefold())
    return frozenset(plain for part in parts if (plain := re.sub(r"[\W_]+", "", part)))


def _text(facts: Mapping[str, Fact], key: str) -> str:
    found = facts.get(key)
    return "" if found is None or found.value is None else str(found.value)


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text[:LONGEST]).casefold().strip()


@lru_cache(maxsize=_KEPT)
def _defects(text: str) -> frozenset[str]:
    return frozenset(row[0] for row in DEFECTS if any(word in text for word in row[1:]))


@lru_cache(maxsize=_KEPT)
def _words(text: str) -> frozenset[str]:
    runs = re.findall(r"[㐀-鿿豈-﫿]+|[a-z]{3,}", SAID_ANYHOW.sub(" ", FIGURES.sub(" ", text)))
    return frozenset(word for run in runs for word in _pieces(run))


def _pieces(run: str) -> Iterable[str]:
    if run.isascii():
        return (re.sub(r"(?:ing|ed|es|s)$", "", run),)
    return (run[n : n + 2] for n in range(max(1, len(run) - 1)))


def _share(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / min(len(one), len(other))


COMPARED: Mapping[str, Callable[[str, str], bool]] = {
    "customer": _same_customer,
    "phenomenon": same_symptom,
    "demand": same_symptom,
    "product_name": same_symptom,
}
