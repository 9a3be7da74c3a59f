"""Numbers as people write them: 1,200 · 1.2千 · 二千四百 · 两百 · 3万.  七八台 is about so many and no number."""

from __future__ import annotations

import re
import unicodedata
from math import isfinite

DIGITS = {
    c: n
    for n, cs in enumerate(("零〇", "一壹", "二两贰兩貳", "三叁參", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖"))
    for c in cs
}
UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000}
MYRIADS = {"万": 10_000, "萬": 10_000, "亿": 100_000_000}
SCALES = {"千": 1000, "万": 10_000, "萬": 10_000, "百": 100, "k": 1000, "K": 1000}
CHINESE = "".join([*DIGITS, *UNITS, *MYRIADS])
NUMBER = (
    rf"(?<![\d.,])(?:[1-9]\d{{0,2}}(?:\.\d{{3}})+(?:,\d{{1,3}})?(?!\d)|\d{{1,3}}(?:[,，']\d{{3}})+"
    rf"|\d{{1,3}}(?: \d{{3}})+"
    rf"|\d+(?:\.\d+)?)(?!\d)(?:\s?[千万萬kK](?![A-Za-z0-9]))?|[{CHINESE}]{{1,10}}"
)
UNIT = (
    r"(?:pcs?\b|pce\b|pieces?\b|ea\b|sets?\b|units?\b|parts?\b|件|个(?!月|小时|工作|星期|礼拜|批|工位|问题"
    r"|地方|原因|点|人)|個(?!月|小時|工作|問題|人)|只|隻|套|支|台|臺|片|条|條|根|粒|颗|枚|张|双|副|把|块|ヶ|つ"
    r"|本|枚)"
)
DOTTED = re.compile(r"([1-9]\d{0,2}(?:\.\d{3})+)(?:,0{1,3})?")
PLAIN = re.compile(r"\d+(?:\.\d+)?")
SPOKEN_SHARE = re.compile(r"([百千万])分之([零〇一二两三四五六七八九十\d]+(?:点[零〇一二三四五六七八九\d]+)?)")
PARTS = {"百": 100, "千": 1000, "万": 10_000}


def number(text: str) -> float | None:
    """Return the number that the text is, or None: 七八 or 十几 name no number."""
    text = re.sub(r"(?<=\d)[,，' ](?=\d{3})", "", unicodedata.normalize("NFKC", text)).strip().rstrip("+")
    scale = SCALES.get(text[-1:], 1) if PLAIN.match(text) else 1
    plain = text[:-1].strip() if scale != 1 else text
    if PLAIN.fullmatch(plain):
        return round(float(plain) * scale, 6)  # 0.57万 is 5700, not 5699.999…
    return _chinese(text) if text and all(c in CHINESE for c in text) else None


def whole(text: str) -> int | None:
    """Return the number as a count of things, or None when it is none; 1.500 pieces are as many as 1,500."""
    grouped = DOTTED.fullmatch(text.strip())
    value = number(grouped[1].replace(".", "") if grouped else text)
    return int(value) if value is not None and isfinite(value) and value == int(value) else None


def spoken_share(text: str) -> float | None:
    """Return the first share that a text names in words: 百分之二点四, 千分之五."""
    match = SPOKEN_SHARE.search(text)
    if not match:
        return None
    before, _, after = match[2].partition("点")
    digits = "".join(str(number(digit) or 0)[0] for digit in after)
    value = (number(before) or 0.0) + (float(f"0.{digits}") if digits else 0.0)
    return round(value / PARTS[match[1]], 8) or None


def _chinese(text: str) -> int | None:
    total = section = 0
    digit: int | None = None
    last = 1
    for c in text:
        if c in DIGITS:
            if digit:  # 七八: two digits side by side are "seven or eight"
                return None
            digit = DIGITS[c]
        elif c in UNITS:
            section, digit, last = section + (1 if digit is None else digit) * UNITS[c], None, UNITS[c]
        else:
            total, section, digit, last = (total + section + (digit or 0)) * MYRIADS[c], 0, None, MYRIADS[c]
    if digit and last > 10 and text[-2:-1] in {"百", "千", "万", "萬"}:
        digit *= last // 10  # 一百二 is 120
    return total + section + (digit or 0)
