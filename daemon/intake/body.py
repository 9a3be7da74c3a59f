"""Cut a mail's own text into greeting, labelled fields, free text and signature.  Judges no fact."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from daemon.intake.labels import BULLET, LABELLED, labelled, pairs
from daemon.intake.words import (
    COMPANY,
    DEPARTMENT,
    DISCLAIMER,
    GREETING,
    JOB_WORDS,
    LATIN_COMPANY,
    MOBILE_TAIL,
    SIGN_OFF,
)

SENTENCE_END = re.compile(r"[。！？!?；;]$")
PHONE = re.compile(
    r"(?<![\w.-])(?:\+\d{1,3}[ -]?(?:\(0?\d{0,4}\)[ -]?)?\d{1,4}(?:[ -]?\d{2,8}){1,5}"
    r"|(?:[(（]\d{2,4}[)）][ -]?|\d{2,4}[ -]?)?\d{2,4}(?:[ -]?\d{2,8}){1,4})(?![\w]|\.\d)"
)
ADDRESS_LINE = re.compile(r"\S+@\S+|https?://|www\.")
DATE_LINE = re.compile(r"^\s*[\d二〇零一三四五六七八九十年月日/.:-]{6,20}\s*$")
BULLETED = re.compile(
    r"^[ \t\u3000]*(?:[-*•·●○■◆◇▪・►▲△▼★☆]+|[（(]?\d{1,2}[.、)）]|[①-⑳]|[一二三四五六七八九十]{1,2}、"
    r"|[（(][一二三四五六七八九十]{1,2}[)）]|[（(]?[A-Ha-h][.、)）](?=[ \t\u3000\u3400-\u9fff]))[ \t\u3000]*"
)
FIRM_LINE = re.compile(r"^[\u3400-\u9fff（）()]{4,20}(?:厂|廠|公司|集团|研究所|研究院|中心|商行|经营部)$")
CHINESE_NAME = re.compile(r"[\u3400-\u9fff]{2,4}")
LONG_KEYS = {"phenomenon", "demand"}
RULER = re.compile(r"^[\s\-—_=*~.]{4,}$")
CONTACT_KEYS = {"contact_name", "contact_phone", "contact_email", "customer", "site", ""}
MAX_SIGNATURE_LINE = 80
# 请转技术部, 部门：技术部: asked of the reader, though it ends like a signature.
# 责任人：孙大鹏, 处理方式：换货: a title of the matter with its value, where a signature has titles of the writer's.
SAYS = re.compile(r"(?:[\u3400-\u9fff/()（）]{2,16}|owner|leader|responsible|due|deadline)\s*[:：]\s*\S", re.IGNORECASE)
OF_WRITER = re.compile(
    r"(?:.*(?:电话|電話|手机|手機|传真|傳真|邮箱|郵箱|信箱|邮件|郵件|邮编|郵編|地址|网址|網址|网站|網站|微信|公众号|公眾號|总机|總機"
    r"|分机|分機|热线|熱線|专线|專線|直线|座机|联系|聯絡|联络|姓名|工号|工號|职务|職務|职位|職位|职称|職稱|岗位|公司|单位|單位|厂址|廠址)"
    r"|(?:所在|所属|所屬)(?:部门|部門|科室)"
    r"|发件人|寄件人|此致|顺颂|抄送|日期|时间|時間)\s*[:：]"
)
TOLD_TO = re.compile(r"(?:请|請|转|轉|改派|部门[:：])(?!勿)")


@dataclass(frozen=True, slots=True)
class Body:
    """The parts of a text: `fields` by key (first value wins), `free` lines in order, `signature` lines."""

    main: tuple[str, ...]
    fields: dict[str, str] = field(default_factory=dict)
    free: tuple[str, ...] = ()
    signature: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Return the main part: what is said, without greeting, signature and disclaimer."""
        return "\n".join(self.main).strip()


def read_body(text: str, name: str | None = None) -> Body:
    """Take a mail's own text apart; `name` is its writer's, to know the signature by."""
    rows = (piece for line in text.replace("\n\t", "\t").split("\n") for piece in pairs(line))
    lines = _without_disclaimers(list(rows))
    cut = _signature_start(lines, name)
    main = _without_greeting(lines[:cut])
    free = _fields(main)[1]
    fields = _fields([*main, "", *lines[cut:]])[0]
    return Body(tuple(main), fields, tuple(free), tuple(line for line in lines[cut:] if line.strip()))


def own_words(text: str, name: str | None = None) -> str:
    """Return a text without signature and disclaimer, the greeting kept."""
    lines = _without_disclaimers(text.split("\n"))
    return "\n".join(lines[: _signature_start(lines, name)]).strip("\n \t")


def _without_disclaimers(lines: Sequence[str]) -> list[str]:
    """Drop each disclaimer with the rest of its paragraph."""
    out: list[str] = []
    dropping = False
    for line in lines:
        dropping = bool(line.strip()) and (dropping or bool(DISCLAIMER.match(line)))
        out.append("" if dropping or MOBILE_TAIL.match(line) else line.rstrip())
    return out


def _without_greeting(lines: Sequence[str]) -> list[str]:
    kept = list(lines)
    for _ in range(4):
        while kept and (not kept[0].strip() or RULER.match(kept[0])):
            kept.pop(0)
        if len(kept) < 2 or not (GREETING.match(kept[0]) or COMPANY.fullmatch(kept[0].strip())) or _is_field(kept[0]):
            break
        kept.pop(0)
    return kept


def _is_field(line: str) -> bool:
    found = labelled(line)
    return bool(found and found[0])


def _signature_start(lines: Sequence[str], name: str | None) -> int:
    end = len(lines)
    at = _signature_block(lines, name)
    for number in range(max(0, end - 16), end):
        rest = [line for line in lines[number + 1 :] if line.strip()]
        line = lines[number]
        is_mark = line.rstrip() == "--" or (SIGN_OFF.match(line) and len(line) < 60) or _is_name(line, name)
        if is_mark and number and number < at and len(rest) <= 12 and not any(map(_tells, rest)):
            return number
    return at


def _is_name(line: str, name: str | None) -> bool:
    if not name:
        return False
    plain = line.strip().lower()
    beside = plain.removeprefix(name.lower()) if CHINESE_NAME.fullmatch(name) else plain
    titled = beside != plain and bool(re.fullmatch(r"\s[^，,。；;：:\d]{1,14}", beside))  # 李娜 品检
    return titled or plain in {name.lower(), *name.lower().split()}


def _tells(line: str) -> bool:
    """Tell whether a line states a fact or is a whole sentence, which no signature holds."""
    found = labelled(line)
    return (
        bool(found and found[0] not in CONTACT_KEYS)
        or _says(line.strip())
        or len(line) > 160
        or bool(re.search(r"[。！？]\S*$", line))
    )


def _signature_block(lines: Sequence[str], name: str | None) -> int:
    at = len(lines)
    while at > 1:
        block = at
        while block > 0 and not lines[block - 1].strip():
            block -= 1
        if block < 1 or not _is_signature_line(lines[block - 1], name):
            break
        at = block - 1
    return at


def _says(plain: str) -> bool:
    return (
        bool(SAYS.match(plain))
        and not OF_WRITER.match(plain)
        and (labelled(plain) is None or plain.startswith(("责任人", "責任人")))
    )


def _is_signature_line(line: str, name: str | None) -> bool:
    plain = line.strip()
    if TOLD_TO.match(plain) or _says(plain):
        return False
    if len(plain) > MAX_SIGNATURE_LINE or SENTENCE_END.search(plain) or BULLETED.match(line):
        return bool(RULER.match(line))
    found = labelled(line)
    if found and (found[0] not in CONTACT_KEYS or (found[0] == "customer" and not OF_WRITER.match(plain))):
        return False
    if found and found[0] in {"contact_phone", "contact_email", "contact_name"}:
        return True
    return _names_somebody(plain, name) or bool(
        RULER.match(line) or SIGN_OFF.match(line) or DATE_LINE.match(line) or ADDRESS_LINE.search(line)
    )


def _names_somebody(plain: str, name: str | None) -> bool:
    """Tell whether the line consists of a person, a company, a department, a job or a phone number."""
    if re.search(r"[，,](?!\s?(?:Ltd|Inc|LLC|Usine|Co\b|[A-Z]))", plain) or re.search(
        r"[\u3400-\u9fff]{16,}", COMPANY.sub("", plain)
    ):
        return False
    if FIRM_LINE.match(plain):
        return True
    if name and any(word and word in plain for word in re.split(r"[\s\-_()（）]+", name) if len(word) > 1):
        return len(plain) <= 60
    rest = COMPANY.sub("", plain)
    if rest != plain or LATIN_COMPANY.search(plain) or (PHONE.search(plain) and len(PHONE.sub("", plain)) < 40):
        return len(rest) < 40
    rest = JOB_WORDS.sub("", DEPARTMENT.sub("", plain))
    return len(rest) + 1 < len(plain) and len(re.sub(r"[\s|/·()（）-]", "", rest)) <= 8 and len(plain) < 40


def _fields(lines: Iterable[str]) -> tuple[dict[str, str], list[str]]:
    """Return the labelled values by key and the lines without a label; long texts run on over several lines.

    Across an empty line only a list runs on.
    """
    fields: dict[str, str] = {}
    free: list[str] = []
    key, waiting, gap = "", False, False
    for line in lines:
        found = labelled(line)
        if found:
            key, value = found
            waiting, gap = not value, False
            _put(fields, key, value)
        elif not line.strip() and key in LONG_KEYS and not waiting:
            gap = True
        elif key and line.strip() and not GREETING.match(line) and (waiting or _runs_on(key, line, gap=gap)):
            fields[key] = "\n".join(filter(None, (fields.get(key, ""), line.strip(" \t|"))))
            waiting = False
        else:
            key = "" if line.strip() or not waiting else key
            free.append(line)
    return {key: value for key, value in fields.items() if value and key}, free


def _put(fields: dict[str, str], key: str, value: str) -> None:
    if not fields.get(key):
        fields[key] = value
    elif key in LONG_KEYS and value and value not in fields[key]:
        fields[key] += f"\n{value}"


def _runs_on(key: str, line: str, *, gap: bool) -> bool:
    if gap:
        return key in LONG_KEYS and bool(BULLETED.match(line))
    return key in LONG_KEYS and (line[:1] in " \t\u3000" or bool(BULLETED.match(line)) or not LABELLED.match(line))


def sentences(lines: Iterable[str]) -> list[str]:
    """Return the sentences of a text; lines that a program broke are joined, list items stand alone."""
    out: list[str] = []
    for line in _unwrapped(lines):
        out += [
            s.strip() for s in re.split(r"(?<=[。！？!?；])|(?<=\S\S[.;])\s+(?=[A-Z\u3400-\u9fff(])", line) if s.strip()
        ]
    return out


def _unwrapped(lines: Iterable[str]) -> list[str]:
    out: list[str] = []
    previous = ""
    for line in lines:
        plain = line.strip()
        if plain and previous and _continues(previous, line):
            out[-1] += ("" if ord(plain[0]) > 0x2E80 else " ") + plain
        elif plain:
            out.append(plain)
        previous = plain
    return out


def _continues(previous: str, line: str) -> bool:
    if BULLETED.match(line) or labelled(line) or re.search(r"[。！？!?；;：:]$", previous):
        return False
    if previous[-1] in "，、":
        return True
    latin = ord(previous[-1]) < 0x2E80
    if latin and line.strip()[0].islower() and len(previous) > 40:
        return True
    return len(previous) >= (60 if latin else 28) and not previous.endswith(".")


def without_bullet(text: str) -> str:
    """Return a list item without its bullet or number."""
    return re.sub(f"^{BULLET}", "", text)
