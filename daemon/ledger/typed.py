"""What a person typed into a cell, read as its column's kind asks; what cannot be read stays as it was typed.  Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time
from math import isfinite

from daemon.core.fields import Kind
from daemon.core.numbers import CHINESE, DIGITS, SCALES, UNIT, number, spoken_share
from daemon.ledger.columns import Column
from daemon.ledger.sheet import Seen
from daemon.ledger.text import clean
from daemon.ledger.typed_dates import at_end_of_day, read_moment, read_serial
from daemon.seams import CellValue

DIGITS_SHOWN = 15  # of a number, as Excel keeps them
MOST_PERCENT = 100


@dataclass(frozen=True, slots=True)
class Typed:
    """A cell as it was read: a naive wall time, a number, or text (that of its list where the column has one).

    Where it was not `understood` the value is what stands in the cell.  `approximate` is 约30, or a part of a day.
    """

    value: CellValue
    understood: bool = True
    approximate: bool = False


def read_cell(seen: Seen, column: Column, today: date) -> Typed:
    """Return what stands in a cell of this column; days without a year are read as on `today`.

    A formula is what it computes; an error, and a formula that was never computed, are no value and no emptied cell.
    """
    if seen.error or (seen.formula and seen.value is None):
        return Typed(seen.error or seen.formula, understood=False)
    value = clean(seen.value).strip() if isinstance(seen.value, str) else seen.value
    if value in (None, ""):
        return Typed(None)
    if isinstance(value, float) and not isfinite(value):
        return Typed(str(value), understood=False)
    return READ[column.kind](value, column, today) or Typed(value, understood=False)


def shown(value: CellValue) -> str:
    """Return a value as a cell of text shows it: whole numbers without a point, days without a time that is none."""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d" if value.time() == time.min else "%Y-%m-%d %H:%M")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return str(int(value)) if isfinite(value) and value == int(value) else f"{value:.{DIGITS_SHOWN}g}"
    return value or ""


def folded(text: str) -> str:
    """Return a text as values of lists are compared: case, width and blanks left out."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text)).casefold()


# ── by kind ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _text(value: CellValue, _: Column, __: date) -> Typed:
    return Typed(shown(value))


def _moment(value: CellValue, column: Column, today: date) -> Typed | None:
    if isinstance(value, datetime):
        return Typed(at_end_of_day(value, column.key))
    if isinstance(value, int | float):
        at = read_serial(value, column.key, today)
        return Typed(at) if at else None
    when = read_moment(value or "", column.key, today)
    return Typed(when.at, approximate=when.approximate) if when else None


def _count(value: CellValue, _: Column, __: date) -> Typed | None:
    found = _amount(value, rf"{UNIT}")
    if not found or found.value != int(found.value) or found.value < 0:
        return None
    return Typed(int(found.value), approximate=found.approximate)


def _money(value: CellValue, _: Column, __: date) -> Typed | None:
    found = _amount(value, CURRENCY)
    return Typed(_to(2, found.value, value), approximate=found.approximate) if found else None


def _rate(value: CellValue, _: Column, __: date) -> Typed | None:
    found = _share(value)
    if not found or not 0 <= found.value <= 1:
        return None
    return Typed(_to(8, found.value, value), approximate=found.approximate)


def _to(digits: int, found: float, typed: CellValue) -> float:
    """Return a number that was read from words with so many digits; one that is the cell's own stays as it stands."""
    return found if found == typed else round(found, digits)


def _list(value: CellValue, column: Column, _: date) -> Typed | None:
    text = shown(value)
    known = {folded(one): one for one in column.values}
    found = known.get(folded(text)) or known.get(folded(text).removesuffix("分"))
    return Typed(str(found)) if found else Typed(text) if column.open_list else None


READ: dict[Kind, Callable[[CellValue, Column, date], Typed | None]] = {
    Kind.TEXT: _text,
    Kind.LINK: _text,
    Kind.MOMENT: _moment,
    Kind.COUNT: _count,
    Kind.MONEY: _money,
    Kind.RATE: _rate,
    Kind.LIST: _list,
}

# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

CURRENCY = r"元|圆|圓|块|rmb|cny|人民币|人民幣"
ABOUT = r"约为?|約|大约|大約|大概|差不多|将近|近|about|approx\.?|ca\.?|[~≈]"
SOME = r"左右|上下|多|余|餘|以上|\+"
FIGURES = r"(?:\d{1,3}(?:[,，']\d{3})+|\d{1,3}(?: \d{3})+|\d+)(?:\.\d+)?"
SCALE = f"[{''.join(SCALES)}]"
SPOKEN = f"[{CHINESE}]{{1,10}}"
PERCENT = {"%": 100, "‰": 1000, "ppm": 1_000_000}
OF_HUNDRED = re.compile(
    rf"(?P<about>{ABOUT})? ?(?P<n>\d+(?:\.\d+|,\d\d?)?) ?(?P<sign>%|‰|ppm)(?P<some> ?(?:左右|上下))?"
)
FRACTION = re.compile(rf"(?P<bad>{FIGURES}) ?(?:{UNIT})? ?/ ?(?P<all>{FIGURES}) ?(?:{UNIT})?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Amount:
    """A number as it was typed."""

    value: float
    approximate: bool = False


def _amount(value: CellValue, unit: str) -> Amount | None:
    """Return the one number that a cell holds beside its unit; 20-30, 三四十 and 3箱 hold none."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Amount(value)
    if not isinstance(value, str):
        return None
    pattern = (
        rf"(?P<about>{ABOUT})? ?(?:¥|{unit})? ?(?P<n>(?:{FIGURES})(?: ?{SCALE})?|{SPOKEN}) ?(?P<some>{SOME})? ?"
        rf"(?:{unit})?整? ?(?P<more>{SOME})?"
    )
    found = re.fullmatch(pattern, _plain(value), re.IGNORECASE)
    read = _number(found["n"]) if found else None
    approximate = bool(found and (found["about"] or found["some"] or found["more"]))
    return Amount(read, approximate) if read is not None else None


def _number(text: str) -> float | None:
    if all(char in CHINESE for char in text) and not (set(text) & set(DIGITS) or text.startswith(("十", "拾"))):
        return None  # 万 alone
    return number(text)


def _share(value: CellValue) -> Amount | None:
    """Return a share of one: 3%, 5‰, 12/500, 百分之三; a bare 3 cannot be 300 % and is three of a hundred."""
    if isinstance(value, str):
        text = _plain(value)
        found = OF_HUNDRED.fullmatch(text)
        if found:
            about = bool(found["about"] or found["some"])
            return Amount(float(found["n"].replace(",", ".")) / PERCENT[found["sign"]], about)
        part = FRACTION.fullmatch(text)
        if part:
            bad, all_ = number(part["bad"]), number(part["all"])
            return Amount(bad / all_) if bad is not None and all_ else None
        spoken = spoken_share(text) if "分之" in text else None
        if spoken:
            return Amount(spoken)
    plain = _amount(value, r"(?!)")
    if plain and 1 < plain.value <= MOST_PERCENT:
        return Amount(plain.value / 100, plain.approximate)
    return plain


def _plain(text: str) -> str:
    """Return the text with half-width figures, single blanks and small letters, without a full stop."""
    return re.sub(r"\s+", " ", unicodedata.normalize("NFKC", text).casefold()).strip(" 。.,;")
