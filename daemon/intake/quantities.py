"""How many were delivered, how many are bad, and the rate: pieces only, never boxes, pallets or replacements."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daemon.core.numbers import NUMBER, SPOKEN_SHARE, UNIT, number, spoken_share, whole
from daemon.intake.words import DEFECT_ASIAN, DEFECT_LATIN

N = rf"({NUMBER})"
BAD = rf"(?:{DEFECT_ASIAN}|NG|有问题|有異常|有异常|報廢|报废|{DEFECT_LATIN}|bad|faulty|not usable)"
# Defective pieces, surest first; the last group that is a number counts.
DEFECTIVE = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"不良[品数量]*\s*(?:应为|应该是|实际是|更正为|是|为)\s*{N}\s*{UNIT}",
        (
            rf"(?:抽[检查测样驗验]?了?|抽样|检查了?|检验了?|测了?"
            rf"|抽)\s*(?:共)?\s*(?:{NUMBER})\s*{UNIT}?[，,、 其中里]*(?:有|发现|不良|NG|断了|坏了"
            rf"|裂了)+\s*{N}\s*{UNIT}?"
        ),
        rf"(?:{NUMBER})\s*{UNIT}\s*(?:里|中|当中|裡|之中)(?:就)?(?:有|发现|發現)\s*{N}\s*{UNIT}",
        (
            rf"(?:发现|發現|挑出来?|检出|選出|选出|剔除|确认|確認|查出|检测出|筛选出|有|共|共计|累计|断了|坏了"
            rf"|裂了)\s*(?:了)?(?:不良品?|NG品?)?\s*(?:约|約)?{N}\s*{UNIT}[^，,。；;\n]{{0,8}}{BAD}"
        ),
        (
            rf"(?:不良品?数?量?|不合格品?数?量?|NG品?数?量?|異常|异常|有问题的?)\s*(?:为|是|约|約|有|共|计"
            rf"|[:：])*\s*{N}\s*{UNIT}"
        ),
        rf"(?:不良品?|不合格品?|NG)\s*(?:为|是|约|有|共|计|[:：])*\s*{N}(?!\s*[%％‰\d.])",
        (
            rf"(?:挑出来?|检出|選出|选出|剔除|查出|筛选出|发现(?:不良)?|發現|断了|坏了|裂了)\s*(?:了)?(?:约"
            rf"|約)?{N}\s*{UNIT}"
        ),
        (
            rf"(?:数目|数量|數量|數目|大约|大約|总共|總共)\s*(?:约|約|大概)?\s*{N}\s*{UNIT}(?=[^，,。]*(?:锈|鏽"
            rf"|不良|坏|一板|左右|受影响|$|（))"
        ),
        (
            rf"{N}\s*(?:of|out of)\s*(?:the\s*)?(?:{NUMBER})\s*(?:\w+\s){{0,3}}(?:are|were|was|is|had|have"
            rf"|show\w*|fail\w*)"
        ),
        rf"(?:已|截至[^，,。；;\n]{{0,8}}|累计|共)确认\s*(?:了)?{N}\s*{UNIT}",
        rf"(?:found|detected|rejected|sorted out|identified)\s*{N}\s*{UNIT}",
        rf"{N}\s+(?:[a-z]+\s+){{1,3}}(?:are|were|is|was|have|has|had|show)\s+(?:\w+\s+)?{BAD}",
        rf"(?:断|裂|坏|漏|锈|脱落|变形|失效|卡死)(?:了|掉)?\s*{N}\s*{UNIT}",
        rf"{N}\s+(?:of them\s+)?(?:failed|broke|cracked|leaked|were rejected)",
        rf"{N}\s*{UNIT}[^.，,。；;\d\n]{{0,16}}{BAD}",
    )
]
SAMPLE = re.compile(
    (
        rf"(?:抽[检查测样驗验]?了?|抽样|抽樣|检查了?|检验了?"
        rf"|检测了?)\s*(?:共)?[:：]?\s*{N}\s*{UNIT}?[，,、；; 其中里]*(?:有|发现|不良|NG|断了|坏了"
        rf"|裂了)+品?\s*{N}"
    ),
    re.IGNORECASE,
)
AMONG = re.compile(
    rf"{N}\s*{UNIT}\s*(?:里面?|中|当中|裡|之中)?(?:就|共)?(?:有|发现|發現|挑出来?|查出|检出|坏了|断了"
    rf"|裂了|卡了|漏了|锈了|不良|NG|[里中裡])\s*(?:了)?{N}\s*{UNIT}"
)
ENGLISH_SAMPLE = re.compile(
    rf"{N}\s*(?:of|out of)\s*(?:the\s*)?{N}\s*(?:inspected|checked|tested|sampled|measured|pcs|pieces|parts)?",
    re.IGNORECASE,
)
CONTAINER = re.compile(r"(?i)\s*(?:\w+\s)?(?:pallets?|cartons?|boxes|box|bags?|cases|shipments?|deliver)")
FRACTION = re.compile(rf"^\s*{N}\s*(?:{UNIT})?\s*/\s*{N}")
DELIVERED = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        (
            rf"(?:共?到货|共?收货|共?交货|交付(?:我司|我们)?|收到(?:贵司|你们)?(?:发来|送来)?(?:的)?|发货|发来"
            rf"|送货|送来|来料|進貨|交貨|到貨|供货|共交(?:我司|我们)?|来了|领了|合计|此批|本批|该批|这批)(?:了|共|的|数量|数|总数|计|为|:"
            rf"|：)*[\u3400-\u9fff]{{0,8}}?\s*{N}\s*{UNIT}"
        ),
        rf"(?:采购|购买|购入|购进|进货|订购)(?:了|的|贵公司|贵司)*[\u3400-\u9fff]{{0,10}}?\s*{N}\s*{UNIT}",
        rf"(?:总数|总量|共计|(?<![不发良障题陷常生])数量|總數)\s*(?:为|是|[:：])?\s*{N}\s*{UNIT}",
        rf"(?:总共|一共|總共)\s*{N}\s*{UNIT}(?=里|中|裡)",
        rf"投入(?:了|数量)?\s*{N}\s*{UNIT}[，,]\s*(?:NG|不良)",
        (
            rf"(?:delivery|shipment|batch|lot|delivered|received|shipped|supplied"
            rf"|deliveries)(?:\s\w+){{0,6}}?\s*[(,:]?\s*(?:of\s*)?{N}\s*{UNIT}"
        ),
        rf"out of\s*(?:the\s*)?{N}\s+[^.]{{0,50}}?(?:delivered|received|shipped|supplied)",
        rf"{N}\s*{UNIT}\s*(?:in total|total|delivered|received|shipped)",
    )
]
ALL_BAD = re.compile(
    r"(?i)全部(?:都)?(?:不良|不合格|有问题|NG|报废|超差)|(?:不良率|不合格率)[^\d]{0,3}100\s?%"
    r"|all (?:parts |pieces |of them )?(?:are |were )?(?:nok|defective|rejected)"
)
PACKED = re.compile(
    rf"{N}\s*(?:包|箱|盒|袋|cartons?|boxes|bags?)\s*(?:[(（，,、]?\s*每[包箱盒袋]\s*{N}|[x×*]\s*{N})", re.IGNORECASE
)
RATE = re.compile(
    (
        r"(?:不良率?|不合格率|不良比例|占比?|约占|约|約|故障率?|比例|NG率|rate"
        r"|率)[^\d%％‰\n]{0,8}?(\d+(?:[.,]\d+)?)\s*([%％‰]|ppm)"
    ),
    re.IGNORECASE,
)
ANY_RATE = re.compile(
    r"(?<!\d)(\d+(?:[.,]\d+)?)\s*([%％‰]|ppm)(?!\s*(?:sort|inspect|check|全检|全檢|检查|挑选|screen))", re.IGNORECASE
)
COUNT = re.compile(NUMBER)
SCALE = {"%": 100, "％": 100, "‰": 1000, "ppm": 1_000_000}
UNCOUNTED = re.compile(
    r"(?i)(?:补货|补发|換貨|换货|更换|补送|补|换来|空运|赔|每|单价|send|replacement|replace|correct"
    r"|good parts|已装车|已装梯|装机|库存|在库|remaining|stock|assembled|rework\w*)[^，,。；;.\n]{0,14}$"
)


@dataclass(frozen=True, slots=True)
class Counts:
    """What a text counts: pieces delivered and defective, and the share that is bad (0..1)."""

    delivered: int | None = None
    defective: int | None = None
    rate: float | None = None


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that a text says, and where: its characters from `start` to before `end`."""

    value: int | float
    start: int
    end: int


def counts(fields: Mapping[str, str], text: str) -> Counts:
    """Return the counts from labelled fields, then from the text; a rate is read or follows from a sample."""
    field_bad = fields.get("quantity_defective", "")
    bad, rate = _field_defective(field_bad)
    sample = _sample(field_bad) or _sample(text)
    delivered = _leading(fields.get("quantity_delivered")) or _first(delivered_in(text))
    if bad is None:
        bad = sample[1] if sample else _first(_stated_defective(text))
        bad = _packed(text) if bad is None else bad
    if delivered is None and sample:
        delivered = _packed(text)
    if bad is None and ALL_BAD.search(text):
        bad = delivered
    inspected = _leading(fields.get("quantity_inspected"))
    if sample is None and inspected and bad is not None and bad <= inspected:
        sample = inspected, bad
    stated = (
        _rate(fields.get("defect_rate"), ANY_RATE)
        or _rate(field_bad, ANY_RATE)
        or _rate(text, RATE)
        or spoken_share(text)
    )
    return Counts(delivered, bad, stated or rate or _share(sample))


def _first(figures: Iterator[Figure]) -> int | None:
    return next((int(one.value) for one in figures), None)


def _leading(value: str | None) -> int | None:
    found = re.search(NUMBER, value) if value else None
    return whole(found[0]) if found else None


def _field_defective(value: str) -> tuple[int | None, float | None]:
    """Read `12`, `12/500` and `53pcs / 本日投入 2100pcs`; only two bare numbers make a rate."""
    fraction = FRACTION.match(value)
    if fraction and whole(fraction[1]) is not None and whole(fraction[2]):
        bad, all_ = sorted((whole(fraction[1]) or 0, whole(fraction[2]) or 0))  # 12/500 and 500/12 say the same
        return bad, _share((all_, bad))
    return (None, None) if _sample(value) else (_leading(value), None)


def _sample(text: str) -> tuple[int, int] | None:
    """Return (inspected, bad) of a sample."""
    found = _sampled(text)
    return (int(found[0].value), int(found[1].value)) if found else None


def _sampled(text: str) -> tuple[Figure, Figure] | None:
    for pattern, inspected, bad in ((SAMPLE, 1, 2), (AMONG, 1, 2), (ENGLISH_SAMPLE, 2, 1)):
        for match in pattern.finditer(text):
            pair = whole(match[inspected]), whole(match[bad])
            if pair[0] and pair[1] is not None and pair[0] >= pair[1] and not CONTAINER.match(text, match.end()):
                return Figure(pair[0], *match.span(inspected)), Figure(pair[1], *match.span(bad))
    return None


def _share(sample: tuple[int, int] | None) -> float | None:
    return round(sample[1] / sample[0], 6) if sample and sample[0] else None


def defective_in(text: str) -> Iterator[Figure]:
    """Yield what a text may count as bad, the surest first; a sample says it alone."""
    sample = _sampled(text)
    yield from (sample[1],) if sample else _stated_defective(text)


def _stated_defective(text: str) -> Iterator[Figure]:
    for pattern in DEFECTIVE:
        for match in pattern.finditer(text):
            value = whole(match[1])
            if (
                value is not None
                and not UNCOUNTED.search(text[max(0, match.start(1) - 24) : match.start(1)])
                and not CONTAINER.search(match[0])
                and not CONTAINER.match(text, match.end())
            ):
                yield Figure(value, *match.span(1))


def _packed(text: str) -> int | None:
    """Multiply boxes by their content, where the text says both."""
    match = PACKED.search(text)
    each = match and (match[2] or match[3])
    boxes, content = (whole(match[1]), whole(each)) if match and each else (None, None)
    return boxes * content if boxes and content else None


def delivered_in(text: str) -> Iterator[Figure]:
    """Yield what a text may count as delivered, the surest first."""
    for pattern in DELIVERED:
        for match in pattern.finditer(text):
            value = whole(match[1])
            if value and not re.search(
                r"(?i)补|换|airfreight|replacement|空运|明天|every|each|per\b|抽|检|測|测", match[0]
            ):
                yield Figure(value, *match.span(1))


def shares_in(text: str) -> Iterator[Figure]:
    """Yield each share that a text writes out: 2.5 %, 5‰, 300 ppm, 百分之三."""
    for match in (*ANY_RATE.finditer(text), *SPOKEN_SHARE.finditer(text)):
        share = _rate(match[0], ANY_RATE) or spoken_share(match[0])
        if share:
            yield Figure(share, *match.span())


def numbers_in(text: str) -> Iterator[Figure]:
    """Yield each number of a text that counts whole things, however it is written."""
    for match in COUNT.finditer(text):
        value = whole(match[0])
        if value is not None:
            yield Figure(value, *match.span())


def _rate(text: str | None, pattern: re.Pattern[str]) -> float | None:
    match = pattern.search(text) if text else None
    if not match:
        return None
    value = number(match[1].replace(",", ".")) or 0.0
    share = value / SCALE[match[2].lower()]
    return round(share, 8) if 0 < share <= 1 else None
