"""The ledger's columns: which there are, whose they are, how wide and in which look.  A table and its reading."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from zoneinfo import ZoneInfo

from daemon.core.fields import FIELDS, OPEN_LISTS, Field, Kind, Who
from daemon.core.process import ExtraFact
from daemon.ledger.text import clean, shown_width

MAIN_SHEET = "客诉台账"
LISTS_SHEET = "字典"
GUIDE_SHEET = "说明"
LONGEST_TITLE = 250


class Headers(StrEnum):
    """The language of the headers, as config.toml writes it."""

    ZH = "zh"
    EN = "en"


@dataclass(frozen=True, slots=True)
class Layout:
    """What a company's ledger looks like: its zone, its lists, its profile's extra facts, its headers."""

    zone: ZoneInfo
    departments: tuple[str, ...]
    categories: tuple[str, ...]
    extra: Mapping[str, ExtraFact] = field(default_factory=dict)
    headers: Headers = Headers.ZH
    company: str = ""
    added: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # what people added to the lists of 字典

    def say(self, zh: str, en: str) -> str:
        """Return the words in the language of the headers."""
        return en if self.headers is Headers.EN else zh


class Look(StrEnum):
    """How the cells of a column look; each is one named style per owner."""

    CODE = "编码"
    TEXT = "文本"
    LONG = "长文本"
    FULL = "超长文本"  # does not fit its row: shown from its beginning
    CHOICE = "选项"
    MOMENT = "时间"
    DAY = "日期"
    COUNT = "数量"
    RATE = "比率"
    MONEY = "金额"
    LINK = "链接"


@dataclass(frozen=True, slots=True)
class Column:
    """One column: its fact, what stands in its header, its width in characters and its look."""

    key: str
    title: str
    who: Who
    kind: Kind
    look: Look
    width: float
    values: tuple[str, ...] = ()
    open_list: bool = False  # people may type a value that the list does not hold


_LOOKS = {
    Kind.TEXT: Look.TEXT,
    Kind.MOMENT: Look.MOMENT,
    Kind.COUNT: Look.COUNT,
    Kind.RATE: Look.RATE,
    Kind.MONEY: Look.MONEY,
    Kind.LIST: Look.CHOICE,
    Kind.LINK: Look.LINK,
}

# Where the kind alone does not tell: long texts wrap, numbers of things are text that Excel must not count with.
_LOOKS_BY_KEY = {
    **dict.fromkeys(("case_no", "contact_phone", "part_no", "order_no", "batch_no"), Look.CODE),
    **dict.fromkeys(("phenomenon", "demand", "containment", "cause_occurrence", "cause_escape"), Look.LONG),
    **dict.fromkeys(("corrective_action", "prevention", "review_comment", "hint", "remarks"), Look.LONG),
    **dict.fromkeys(("customer", "product_name", "contact_email", "next_step", "related"), Look.LONG),
    "repeat_of": Look.LINK,
    "overdue": Look.CHOICE,
    "department": Look.CHOICE,
}

_WIDTHS = {
    "case_no": 12.5, "received_at": 17, "channel": 10, "customer": 25, "site": 14, "contact_name": 11,
    "contact_phone": 16, "contact_email": 26, "forwarded_by": 11, "product_name": 18, "part_no": 17, "order_no": 17,
    "batch_no": 16, "quantity_delivered": 12, "quantity_defective": 12, "defect_rate": 10.5, "phenomenon": 44,
    "demand": 32, "customer_due": 17, "category": 12, "severity": 10, "validity": 10.5, "department": 14,
    "owner": 11, "quality_engineer": 12, "status": 12.5, "next_step": 20, "due_at": 17, "overdue": 17,
    "containment": 44, "cause_occurrence": 44, "cause_escape": 44, "corrective_action": 44, "prevention": 44,
    "review": 10.5, "review_comment": 28, "customer_answer": 10.5, "effect": 10.5, "cost": 13, "satisfaction": 9.5,
    "repeat_of": 12.5, "related": 22, "round": 8, "closed_at": 17, "report_file": 19, "evidence_folder": 9.5,
    "meeting": 10.5, "hint": 40, "remarks": 28,
}  # fmt: skip

_USUAL_WIDTHS = {Kind.MOMENT: 17.0, Kind.LIST: 12.0, Kind.COUNT: 12.0, Kind.RATE: 10.5, Kind.MONEY: 13.0}


def columns_of(layout: Layout) -> tuple[Column, ...]:
    """Return the columns in their order: those of every ledger, then the profile's own; no two share a header."""
    known = {one.key for one in FIELDS}
    standard = (_standard(one, layout) for one in FIELDS)
    extra = (_extra(key, fact) for key, fact in layout.extra.items() if fact.column and key not in known)
    return tuple(_with_own_titles(_with_added(one, layout) for one in (*standard, *extra)))


def _with_added(column: Column, layout: Layout) -> Column:
    more = layout.added.get(column.key, ()) if column.open_list else ()
    return replace(column, values=tuple(dict.fromkeys((*column.values, *more)))) if more else column


def _standard(fact: Field, layout: Layout) -> Column:
    lists = {"department": layout.departments, "category": layout.categories}
    title = fact.title(layout.say("zh-CN", "en"))
    return Column(
        key=fact.key,
        title=title,
        who=fact.who,
        kind=fact.kind,
        look=_LOOKS_BY_KEY.get(fact.key, _LOOKS[fact.kind]),
        width=max(_WIDTHS.get(fact.key, _USUAL_WIDTHS.get(fact.kind, 18.0)), _title_width(title)),
        values=lists.get(fact.key, fact.values),
        open_list=fact.key in OPEN_LISTS,
    )


def _extra(key: str, fact: ExtraFact) -> Column:
    kind = Kind(fact.kind) if fact.kind in set(Kind) else Kind.TEXT
    title = " ".join(clean(fact.header).split())[:LONGEST_TITLE] or key  # a table needs a header of one line
    width = max(_USUAL_WIDTHS.get(kind, 16.0), _title_width(title))
    return Column(key, title, Who.PEOPLE, kind, _LOOKS[kind], width, fact.values, open_list=True)


def _title_width(title: str) -> float:
    """Return the width at which no word of a bold title is broken, beside the filter's button."""
    return min(max(shown_width(word) for word in title.split() or [""]) * 1.1 + 3, 24)


def _with_own_titles(columns: Iterable[Column]) -> Iterator[Column]:
    """Add a number to a header that was there before: Excel refuses a table with the same header twice."""
    seen: dict[str, int] = {}
    for column in columns:
        name = column.title.casefold()
        seen[name] = seen.get(name, 0) + 1
        yield column if seen[name] == 1 else replace(column, title=f"{column.title} {seen[name]}")
