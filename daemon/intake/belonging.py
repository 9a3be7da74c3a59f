"""To which case a mail belongs by its subject: the numbers that it names, and whether two subjects are one.  Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from daemon.intake.reading import Known

NUMBER = r"[A-Z]{0,6}-?\d[A-Z0-9-]{2,20}(?![A-Z0-9_]|[./-]\w)"
WORD = r"(?:客诉|客訴|投诉|投訴|クレーム|(?<![A-Z])(?:complaint|case|kesu))"
CALLED = r"(?:编号|編號|单号|單號|案件|案|号|號|no\.?|number|#)?"
AND = r"(?:\s*(?:[、,，/&+]|和|与|與|及|以及|\band\b)\s*)"
# The tag that we write, [客诉 2611003], and what people make of it: 客诉2611003、2611005, 客诉编号：2611003.
TAGGED = re.compile(
    r"(?i)[\[【［(（]\s*(?:客诉|客訴|投诉|投訴|クレーム|complaint|case|kesu)\s*(?:编号|編號|单号|no\.?|number|#)?\s*[:：#]?\s*([A-Z]{0,6}-?\d[A-Z0-9-]{2,20})\s*[\]】］)）]"
)
WORDED = re.compile(rf"(?i){WORD}\s*{CALLED}\s*[:#]?\s*({NUMBER}(?:{AND}{NUMBER})*)")
# 2611003#补充, #2611003: a number with its mark, unless the words beside it make it a batch, an order or a part.
MARKED = re.compile(r"(?i)(?<![A-Z0-9_./#-])(?:#\s*([A-Z]{0,6}-?\d[A-Z0-9-]{2,20}(?![A-Z0-9_#]|[./-]\w))"
                    r"|([A-Z]{0,6}-?\d[A-Z0-9-]{2,20})\s*#)")  # fmt: skip
ATTRIBUTE = (
    r"(?:批次?|批号|批號|炉号|爐號|订单|訂單|单|單|料|料号|料號|图|圖|图号|圖號|型号|型號|品号|品號|产品|產品|零件|物料|件号"
    r"|序列号|序列號|发票|發票|合同|工单|箱|模|机台|機台|p\s*/?\s*o|lot|batch|order|part|item|drawing|serial|invoice|s\s*/?\s*n)"
)
ATTRIBUTE_BEFORE = re.compile(rf"(?i){ATTRIBUTE}\s*(?:编号|編號|号|號|no\.?|number)?\s*[:#.]?\s*$")
ATTRIBUTE_BEHIND = re.compile(rf"(?i)\s*{ATTRIBUTE}")
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|『[^』]*』|‘[^’]*’")
PREFIX = re.compile(
    r"(?i)\s*(?:re|fwd?|aw|wg|sv|tr|rv|回复|回覆|答复|答覆|返信|转发|轉發|转寄|轉寄|転送)\s*(?:[\[(]?\d{1,2}[\])]?)?\s*:"
)
BRACKETS = re.compile(r"\[[^\[\]]*\]|【[^【】]*】")


def cases_named(subject: str, known: Known) -> tuple[str, ...]:
    """Return the numbers of cases of ours that a subject names, in order: they file a mail and prove nothing.

    A number inside of a longer one, one that is called a batch, an order or a part, and one in quotation marks is none.
    """
    numbers = (one.rstrip("-") for one in _numbers(unicodedata.normalize("NFKC", subject)))
    return tuple(dict.fromkeys(one for one in numbers if known.numbers_a_case(one)))


def tagged_number(text: str, known: Known) -> str | None:
    """Return the number of a case of ours in the tag that we write into subjects, [客诉 2611003]."""
    return next((found[1] for found in TAGGED.finditer(text) if known.numbers_a_case(found[1])), None)


def same_subject(one: str, other: str) -> bool:
    """Tell whether two subjects are the same but for Re, 转发 and kin, what stands in brackets, blanks and case."""
    return _bare(one) == _bare(other)


def _numbers(subject: str) -> Iterator[str]:
    yield from (found[1] for found in TAGGED.finditer(subject))
    plain = QUOTED.sub(" ", subject)
    for found in WORDED.finditer(plain):
        yield from re.findall(rf"(?i){NUMBER}", found[1])
    for found in MARKED.finditer(plain):
        before, behind = plain[: found.start()], plain[found.end() :]
        if not (ATTRIBUTE_BEFORE.search(before) or ATTRIBUTE_BEHIND.match(behind)):
            yield found[1] or found[2]
    yield _without_prefixes(plain).strip()  # nothing but the number


def _without_prefixes(subject: str) -> str:
    while found := PREFIX.match(subject):
        subject = subject[found.end() :]
    return subject


def _bare(subject: str) -> str:
    plain = unicodedata.normalize("NFKC", subject).casefold()
    rest = _without_prefixes(BRACKETS.sub(" ", plain)) if BRACKETS.sub("", plain).strip() else plain
    return "".join(_without_prefixes(rest).split())
