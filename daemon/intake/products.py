"""Which product, part, batch and order a complaint is about: from labels first, then from how people write them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from daemon.core.numbers import CHINESE, NUMBER, UNIT

CODE_WORD = r"[A-Za-z0-9\u3400-\u4dbf][A-Za-z0-9\u3400-\u4dbf]*(?:[-./#_][A-Za-z0-9\u3400-\u4dbf]+)*"
CODE = re.compile(
    r"(?<![A-Za-z0-9./-])(?=[A-Za-z0-9\u3400-\u4dbf./-]*\d)(?=[A-Za-z0-9\u3400-\u4dbf./-]*(?:[A-Za-z\u3400-\u4dbf]"
    r"|\d-\d))"
    r"[A-Z0-9][A-Za-z0-9\u3400-\u4dbf]*(?:[-./][A-Za-z0-9\u3400-\u4dbf]+)*(?![A-Za-z0-9-])"
)
NOT_A_PART = re.compile(
    r"(?i)^(?:8D|[3-7]D|D[0-8]|5WHY|ISO.*|IATF.*|QC\d*|IMG.*|T\d|M\d{1,2}|R[\d.]+|OP\d+|A4"
    r"|\d+(?:\.\d+)?(?:mm|cm|m|um|μm|kg|g|mpa|n|nm|v|a|w|pcs|ea|h|hrs?|s|k|c|%|l|ml|db|sccm|ppm|usd|eur"
    r"|rmb|d|days?|x\d+)"
    r"|\d{4}-\d{1,2}(?:-\d{1,2})?|\d{1,2}-[A-Za-z]{3}-?\d*|\d{1,2}[-/.]\d{1,2}(?:[-/.]\d{2,4})?|COVID.*"
    r"|RMA.*|NCR.*|CAR.*|PO-?\d.*|INV.*|DN\d.*|SF\d.*|HBL.*|AWB.*|KW\d+|CW\d+|\d{2}W\d{2}|ROHS\d?|CPK.*"
    r"|CN-?\d{2,3}|Q[1-4]|H[12]|3D|2D|CT\d*|PH\d*|LINE-?\d+|rev\.?.*)$"
)
PART_WORDS = (
    r"(?:图纸?号|料号|型号|货号|件号|品号|物料(?:编码|编号|号)|零件号|产品(?:编号|编码|型号)|規格|规格"
    r"|料號|型號|圖號|品番|品號|型番|図番|物料編號|[Yy]our (?:part|item|article)(?: ?(?:no\.?|number|#))?|"
    r"[Pp]art ?(?:no\.?|number|#|nr\.?)|P/N|PN|p/n|[Ii]tem ?(?:no\.?|number|#)|[Aa]rticle ?(?:no\.?"
    r"|number)|[Mm]odel(?: no\.?)?|drawing(?: no\.?)?)"
)
PART_AFTER = re.compile(rf"{PART_WORDS}\s*(?:[:：]|是|为|は)?\s*({CODE_WORD})")
OWN_PART = re.compile(
    rf"[Yy]our (?:part|item|article|P/N|PN)(?: ?(?:no\.?|number|#))?\s*[:：]?\s*({CODE_WORD})|(?:贵司|你司"
    rf"|供应商)(?:料号|图号|型号|件号)[:：]?\s*({CODE_WORD})"
)
BATCH_WORDS = (
    r"(?:[製制]造批[次号號]?|来料批[次号]?|來料批[次號]?|生產批[次號]?|生产批次?号?|产品批次|生产日期批次|批次号?|批号|炉批?号|批號|批次號|出厂编号|出廠編號|喷码|噴碼"
    r"|ロット(?:番号|No\.?)?|(?<![A-Za-z])(?:[Ll]ot|LOT|[Bb]atch|BATCH)(?: ?(?:no\.?|No\.?|number|code|#"
    r"|nr\.?))?)"
)
BATCH_AFTER = re.compile(rf"{BATCH_WORDS}\s*(?:[:：#]|应为|為|为|是|は|of)?\s*({CODE_WORD})")
# `本批 2645A`: a code that counts nothing.
THIS_BATCH = re.compile(
    rf"(?:本批|该批|此批|这批|這批)\s*[:：#]?\s*((?=[A-Z-]*\d)[A-Z0-9][A-Z0-9-]{{4,}})(?![\d,.]|\s*{UNIT})"
)
ORDER_AFTER = re.compile(
    rf"(?:采购订单号?|订单号?|訂單號?|採購單號?|注文番号|(?<![A-Za-z])(?:P\.?O\.?|[Pp]urchase [Oo]rder"
    rf"|[Oo]rder)(?: ?(?:no\.?|No\.?|number|#|号))?)\s*[:：#]?\s*({CODE_WORD})"
)
NOUN = r"[\u3040-\u30ff\u3400-\u9fffA-Za-z0-9#－]"
# Where the name of a product begins: behind one of these words.
BEFORE_NOUN = re.compile(
    r".*(?:供应的|提供的|供的|送来的|发来的|寄来的|到货的|交付的|交货的|交貨之|交貨的|采购的|购买的|购入的"
    r"|买的|生产的|使用的|用的|投入的|贵司的|贵公司的|你们的|你司的|我司的|发现|發現|发出的|收到的?|这批"
    r"|此批|该批|一批|这次|本次|[，,。；;：:、「『【（(\s]|之|的|約定|约定|收到|投诉|反馈|關於|关于|紧急"
    r"|(?:测试|使用|装配|检验|检测|装机|运行|生产|加工|试车)(?:时|中|后|过程中)|贵司|贵公司|貴司|貴公司"
    r"|貴廠|你司|你们|我司|我们|产品|物料|零件|一[、.]|\d[.、)）])"
)
AFTER_NOUN = re.compile(
    r"^((?:(?!在|有|出现|發現|发现|存在|来料|來料|不良|异常|连续|严重|表面|共|都|又|装|上|内|的|到货|全部"
    r"|断裂|开裂|漏|也|一直|总是|与|和|单价)[\u3400-\u9fffA-Za-z0-9#]){2,14})"
)
NOUN_FRONT = re.compile(
    r"(?:供应的|提供的|供的|送来的|发来的|寄来的|到货的|交付的|交货的|交貨之|采购的|购买的|购入的|买的"
    r"|生产的|贵司的|贵公司的|你们的|你司的|发来|送来)"
    rf"([\u3400-\u9fff]{{2,12}}?)(?=[，,。；;（(\s]|[{CHINESE}\d]|用了|使用|在|有|出现|发现|存在|来料|不良"
    rf"|异常|装机|全部|断|裂|漏|又|表面|也|一直|总是|外观|尺寸|两个)"
)
COUNTED_CHINESE = re.compile(
    rf"(?:的|贵公司|贵司|贵厂|你们|你司|购进|收到|到货|供应|供货|交货|采购|送来|发来|购买|订购|交付)(?!了"
    rf"|的)([\u3400-\u9fff]{{2,8}}?)(?:共|计|总共)?\s*(?:{NUMBER})\s*{UNIT}"
)
LEADING = re.compile(
    r"^(?:[\u3400-\u9fff]*(?:发来|送来|供应|提供|到货|交付|交货|购买|采购|生产)的?|贵公司|贵司|贵厂|你们|你司|我司|的)+"
)
UNITS_OF = re.compile(
    rf"(?:{NUMBER})\s*{UNIT}(?!良品|合格|不良|样[件品]|现货|成品)([\u3400-\u9fff]{{2,8}}?)(?=原定|应于|未"
    rf"|至今|有|在|出现|到货|全部|[，,。（(])"
)
PRICED_NOUN = re.compile(r"(?:约定|约定的|的|：|，)([\u3400-\u9fff]{2,10}?)(?:的?单价)?[为是]?\d+(?:\.\d+)?\s*元/")
ENGLISH_STOP = {
    "the", "of", "your", "our", "a", "an", "this", "these", "those", "that", "is", "are", "was", "were", "from",
    "with", "for", "in", "on", "at", "to", "and", "or", "says", "about",
    "complaint", "urgent", "re", "fw", "fwd", "stop", "line", "root", "by", "as", "found", "pcs", "pieces",
    "cartons", "boxes", "have", "has", "received", "some", "all", "issue", "problem",
    "because", "we", "lot", "batch", "part", "parts", "no", "drawing", "wrong", "defective", "label", "delivered",
    "new", "claim", "regarding", "damaged", "quality", "nok", "inside", "but", "supplied", "need", "ref",
    "which", "mm", "cm", "kg", "max", "min", "measured", "rev", "so", "far", "sorting", "sets", "both", "units",
    "bags", "item", "product", "model", "type", "article", "number", "p/n", "using", "used",
}  # fmt: skip
ENGLISH_BEFORE = re.compile(r"((?:[A-Za-z][A-Za-z'/-]*\s+){1,6})[(\[,:]?\s*$")
YOUR_NOUN = re.compile(
    r"\b(?:your|the)\s+((?:[A-Z][a-z]+\s?){2,4}|(?:[a-z]+\s){1,3}?)(?=does|do|is|are|has|have|was|were|from|with|[,(.])"
)
COUNTED_NOUN = re.compile(
    r"\d[\d,.]*\s*(?:pcs|pieces|pc|ea|sets|units)\.?\s+(?:of\s+)?((?:[A-Za-z]+\s?){1,4})(?=[,.(;]|$)"
)
PART_WORD_END = re.compile(rf"(?:[，,、]?\s*(?:{PART_WORDS}|部品|零件|产品)\s*(?:[:：]|是|为|は)?\s*)$")
LABEL_IN_BRACKET = re.compile(rf"^\s*$|{PART_WORDS}|{BATCH_WORDS}|[号號番]\s*[:：]?")
SPEC_TAIL = re.compile(r"[\s（(].*$")


@dataclass(frozen=True, slots=True)
class Product:
    """The product facts of a text; None means not said."""

    product_name: str | None = None
    part_no: str | None = None
    batch_no: str | None = None
    order_no: str | None = None


def product(fields: Mapping[str, str], text: str, subject: str = "") -> Product:
    """Return the product facts from labelled fields, then from the text, then from the subject."""
    batch = _code_of(fields.get("batch_no")) or _first(BATCH_AFTER, text) or _first(THIS_BATCH, text)
    order = _code_of(fields.get("order_no")) or _first(ORDER_AFTER, text)
    stated_name, stated_part = _name_and_part(fields.get("product_name"))
    part = _part_value(fields.get("part_no")) or stated_part or part_no(text, batch, order)
    part = part or part_no(subject, batch, order)
    name = stated_name or _tidy(_name_at(text, part) or _name_at(subject, part) or _name_without_part(text))
    return Product(name, part, batch, order)


def _tidy(name: str | None) -> str | None:
    """Return a name that was cut out of a sentence without what stands beside it; None when it is none."""
    plain = COUNTED_BEHIND.sub("", BESIDE_NOUN.sub("", name)) if name else ""
    return None if len(plain) < 2 or NO_NOUN.search(plain) else plain


def _code_of(value: str | None) -> str | None:
    """Return the code in a value; one in words gives way to the code in brackets behind it."""
    if not value:
        return None
    found = [token for token in re.findall(CODE_WORD, value) if re.search(r"\d", token)]
    return found[0] if found else None


def _first(pattern: re.Pattern[str], text: str) -> str | None:
    """Return the first code behind such a word; a correction ("should be …") comes before what it corrects."""
    return next(_behind(pattern, text), None)


def _behind(pattern: re.Pattern[str], text: str) -> Iterator[str]:
    for match in pattern.finditer(text):
        if re.search(r"\d", match[1]) and not _is_count(text, match.end()):
            yield match[1]


def batches_in(text: str) -> tuple[str, ...]:
    """Return each batch that a text names as one."""
    return tuple(dict.fromkeys((*_behind(BATCH_AFTER, text), *_behind(THIS_BATCH, text))))


def orders_in(text: str) -> tuple[str, ...]:
    """Return each order that a text names as one."""
    return tuple(dict.fromkeys(_behind(ORDER_AFTER, text)))


def _is_count(text: str, end: int) -> bool:
    return bool(re.match(rf"\s*(?:{UNIT}|[%％月日年]|天|批|箱|次)", text[end:]))


def _part_value(value: str | None) -> str | None:
    if not value:
        return None
    plain = re.split(r"[，,;；\t]", SPEC_TAIL.sub("", value.strip()) or value)[0].strip()
    return plain if re.search(r"\d", plain) else None


def _name_and_part(value: str | None) -> tuple[str | None, str | None]:
    """Take `name / number` and `name（number）` apart."""
    if not value:
        return None, None
    pieces = [piece.strip() for piece in re.split(r"\s*[/／|\t,，;；（()）]\s*|\s{2,}", value) if piece.strip()]
    part = next((piece for piece in pieces[1:] if re.fullmatch(CODE_WORD, piece) and re.search(r"\d", piece)), None)
    if part is None and len(pieces) == 1:
        found = [m for m in CODE.finditer(value) if not NOT_A_PART.match(m[0])]
        if found and value[: found[0].start()].strip(" -_"):
            return value[: found[0].start()].strip(" -_:："), found[0][0]
    return (pieces[0] if pieces else None), part


def part_no(text: str, *others: str | None) -> str | None:
    """Return the part number that the text marks as one, or else the first code that is nothing else."""
    return next(iter(parts_in(text, *others)), None)


def parts_in(text: str, *others: str | None) -> tuple[str, ...]:
    """Return what may be the part number, the surest first: those that the text marks as ours or as one, else codes."""
    own = OWN_PART.search(text)
    if own and re.search(r"\d", own[1] or own[2]):
        return (own[1] or own[2],)
    marked = dict.fromkeys(m[1] for m in PART_AFTER.finditer(text) if re.search(r"\d", m[1]))
    return tuple(marked or dict.fromkeys(m[0] for m in codes(text) if m[0] not in others))


def codes(text: str) -> list[re.Match[str]]:
    """Return the codes that may be part numbers: none behind another kind of label, no measures, dates or norms."""
    other = {m.start(1) for pattern in (BATCH_AFTER, ORDER_AFTER) for m in pattern.finditer(text)}
    return [m for m in CODE.finditer(text) if m.start() not in other and _may_be_part(text, m)]


def _may_be_part(text: str, match: re.Match[str]) -> bool:
    before = text[max(0, match.start() - 14) : match.start()]
    if re.search(
        (
            r"(?i)(?:合同|发票|运单|单号|invoice|shipment|hbl|mbl|awb|note|contract|ncr|编号|证号|container"
            r"|手机|电话|tel|对手件|标准|line|no\.|drawing|机型|车型|[≥≤±+~～<>])[^，,。；;]{0,8}$"
        ),
        before,
    ):
        return False
    return not NOT_A_PART.match(match[0]) and len(match[0]) >= 4


def _name_at(text: str, part: str | None) -> str | None:
    """Return the noun beside the first mention of the part number that has one."""
    for match in re.finditer(re.escape(part), text) if part else ():
        named = _name_before(text, match.start()) or _name_behind(text, match.end())
        if named:
            return named
    return None


def _name_before(text: str, at: int) -> str | None:
    """Return the noun before a part number, also across `（图号`; a noun ends where a verb or a comma stands."""
    line = text[text.rfind("\n", 0, at) + 1 : at]
    bracket = max(line.rfind("("), line.rfind("（"))
    if bracket > max(line.rfind(")"), line.rfind("）")) and LABEL_IN_BRACKET.search(line[bracket + 1 :]):
        line = line[:bracket]
    if re.match(r"[，,、;；。]", (PART_WORD_END.search(line) or [""])[0]):
        return None
    head = PART_WORD_END.sub("", line).rstrip(' 「『」』"“”-—_/（(')
    if re.search(r"[\u3040-\u9fff]$", head):
        noun = BEFORE_NOUN.sub("", head)
        return noun if 2 <= len(noun) <= 16 else None
    return _english_before(head)


def _english_before(head: str) -> str | None:
    found = ENGLISH_BEFORE.search(head + " ")
    words = found[1].split() if found else []
    noun: list[str] = []
    for word in reversed(words):
        if word.lower().strip("'-") in ENGLISH_STOP:
            break
        noun.insert(0, word)
    return " ".join(noun[-4:]) or None


def _name_behind(text: str, at: int) -> str | None:
    """Return the noun behind a part number: `FM-88马达支架有…`, `HY-30 (M8 lever)`."""
    rest = text[at : at + 40]
    bracket = re.match(r"\s*[(（]([A-Za-z][A-Za-z0-9 ]{2,30})[)）]", rest)
    if bracket:
        return bracket[1]
    chinese = AFTER_NOUN.match(rest.lstrip(" 　的"))
    return chinese[1] if chinese and re.match(r"[\u3400-\u9fff]", chinese[1]) else None


def _name_without_part(text: str) -> str | None:
    for pattern in (COUNTED_CHINESE, NOUN_FRONT, PRICED_NOUN, COUNTED_NOUN, YOUR_NOUN, UNITS_OF):
        found = pattern.search(text)
        if (
            found
            and not set(found[1].lower().split()) & ENGLISH_STOP
            and not re.fullmatch(r"货物?|产品|东西|物料|零件|材料|一批|这批", found[1])
        ):
            return LEADING.sub("", found[1]).strip()
    return None


BESIDE_NOUN = re.compile(
    r"^(?:其|该|那|此|这|這|个|個|本|上|月|次|批|回|送来|发来|寄来|来的|同样的)+(?=[\u3400-\u9fff]{2})|一[扣碰打按拧压装插掰摔].*$"
)
COUNTED_BEHIND = re.compile(rf"(?:共|计)?[{CHINESE}\d]{{2,}}\s*{UNIT}$")
NO_NOUN = re.compile(
    r"[了吗呢吧]|的$|还是|^(?:发票|發票|合同|单价|样件|货款|printed|marked|labelled|shipped|packed|delivered|received)$"
)
