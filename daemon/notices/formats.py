"""How values look to a person: moments in local time, counts, shares, grades.  Pure; knows no case."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from daemon.core.case import Scalar
from daemon.core.fields import Kind

WEEKDAYS = {"zh": "一二三四五六日", "en": ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
# Words of the ledger's lists for people who read English.
ENGLISH = {
    "一般": "General", "重要": "Important", "重大": "Critical",
    "产品质量": "Product quality", "服务质量": "Service quality", "售后维修": "Repair", "价格": "Price",
    "合同纠纷": "Contract", "交付物流": "Delivery", "安全事故": "Safety", "其他": "Other",
    "待核实": "Being verified", "待审批": "Being reviewed", "待客户确认": "With the customer", "处理中": "In progress",
    "效果跟踪": "Effect being checked", "已结案": "Closed", "暂停": "On hold", "已取消": "Cancelled",
}  # fmt: skip
# The same for people who read traditional characters; what is written alike stands for itself.
TRADITIONAL = {
    "产品质量": "產品品質", "服务质量": "服務品質", "售后维修": "售後維修", "价格": "價格", "合同纠纷": "合約糾紛",
    "交付物流": "交貨物流", "安全事故": "安全事故", "待核实": "待核實", "待审批": "待核准", "待客户确认": "待客戶確認",
    "处理中": "處理中", "效果跟踪": "效果追蹤", "已结案": "已結案", "暂停": "暫停", "驳回": "駁回", "满意": "滿意",
    "不满意": "不滿意", "无效": "無效", "邮件": "郵件", "电话": "電話", "传真": "傳真", "现场": "現場", "平台": "平台",
    "驻线": "駐線", "营销部": "行銷部",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Format:
    """The way of one language and time zone; a moment of another year than `year` is written with its year."""

    language: str
    zone: ZoneInfo
    year: int | None = None

    @property
    def is_english(self) -> bool:
        """Tell whether the reader reads English."""
        return not self.language.startswith("zh")

    def moment(self, value: object) -> str:
        """Return an instant in local time, 11月26日（周四）17:30; what is no ISO 8601 text comes back as it is."""
        found = _instant(value)
        if found is None:
            return "" if value is None else str(value)
        if isinstance(found, datetime):
            return self._moment(found.astimezone(self.zone) if found.tzinfo else found)
        return self.day(found)

    def day(self, value: object) -> str:
        """Return a day, 11月26日（周四）; what is no ISO 8601 text comes back as it is."""
        found = _instant(value)
        if found is None:
            return "" if value is None else str(value)
        if isinstance(found, datetime):
            found = found.astimezone(self.zone).date() if found.tzinfo else found.date()
        return self._day(found)

    def _day(self, day: date) -> str:
        if self.is_english:
            return f"{WEEKDAYS['en'][day.weekday()]} {day.day} {MONTHS[day.month - 1]} {day.year}"
        year = f"{day.year}年" if self.year and day.year != self.year else ""
        week = "週" if self.language == "zh-TW" else "周"
        return f"{year}{day.month}月{day.day}日（{week}{WEEKDAYS['zh'][day.weekday()]}）"

    def _moment(self, local: datetime) -> str:
        if not self.is_english:
            return f"{self._day(local.date())}{local:%H:%M}"
        offset = f"{local:%z}"
        zone = f" (UTC{offset[:3]}:{offset[3:]})" if offset else ""
        return f"{self._day(local.date())}, {local:%H:%M}{zone}"

    def word(self, value: str) -> str:
        """Return a word of the ledger's lists in the reader's language."""
        if self.is_english:
            return ENGLISH.get(value, value)
        return TRADITIONAL.get(value, value) if self.language == "zh-TW" else value

    def value(self, kind: str, value: Scalar) -> str:
        """Return a fact for a person; 0.0272 of kind RATE is 2.72%."""
        if value is None:
            return ""
        if kind == Kind.MOMENT:
            return self.moment(value)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self.word(str(value)) if kind == Kind.LIST else str(value)
        return _number(kind, value)


def percent(value: object) -> str:
    """Return a share as percent, at most two digits after the point: 0.0272 is 2.72%."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return "" if value is None else str(value)
    return f"{value * 100:.2f}".rstrip("0").rstrip(".") + "%"


def _number(kind: str, value: float) -> str:
    if kind == Kind.RATE:
        return percent(value)
    if kind == Kind.MONEY:
        return f"{value:,.2f}"
    whole = isinstance(value, int) or value.is_integer()
    return f"{int(value):,}" if whole else f"{value:,}"


def _instant(value: object) -> datetime | date | None:
    if isinstance(value, date):
        return value
    text = str(value or "").strip()
    try:
        return date.fromisoformat(text) if len(text) == len("2026-11-26") else datetime.fromisoformat(text)
    except ValueError:
        return None
