"""Who complains, for which company and site: read from fields, signature, text and display name."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence

from daemon.core.directory import Directory
from daemon.intake.body import PHONE, Body
from daemon.intake.headers import ADDRESS, mailboxes
from daemon.intake.labels import key_of
from daemon.intake.reading import Contact
from daemon.intake.words import (
    COMPANY,
    COMPANY_ENDINGS,
    DEPARTMENT,
    JOB_WORDS,
    LATIN_COMPANY,
    MOBILE_TAIL,
    NOT_CUSTOMER,
    SIGN_OFF,
    SITE_WORDS,
)

MOBILE = re.compile(r"(?<!\d)(?:\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}(?!\d)")
FAX = re.compile(r"(?i)(?:fax|传真|傳真|telefax|F)\s*[.:：]?\s*[+(\d][\d ()-]{6,}")
EXTENSION = re.compile(r"(?i)\s*(?:转|轉|分机|分機|ext\.?|x)\s*[.:：]?\s*\d{1,6}")
CHINESE_NAME = re.compile(r"(?<![\u3400-\u9fff])[\u3400-\u9fff]{2,4}(?![\u3400-\u9fff])")
SPLIT = re.compile(r"[\s\u3000|｜·•,，/、;；]+")
LATIN_SPLIT = re.compile(r"\s*[|·•,;/]\s*|\s{3,}|\t")
ONE_OF_US = re.compile(r"(?:我司|我公司|我厂|我们|弊司|敝司|我方|本公司|本厂)[：:，,\s]*")
NOT_PART_OF_NAME = re.compile(
    r"^(?:我司|我公司|我厂|我们是|我是|我方|这里是|来自|致|的|为|是|由|与|和|在|给|客户|终端客户|弊司|敝司|本公司)+"
)
BODY_SITE = re.compile(
    r"\b(?:our|the)\s+([A-ZÀ-Ý][\w-]+(?:\s[A-ZÀ-Ý][\w-]+)?)\s+(?:plant|warehouse|factory|site|facility|works)\b"
)
CHINESE_SITE = re.compile(
    r"(?:我司|我公司|我们|我方|本公司)(?:的|在)?([\u3400-\u9fff]{2,8}(?:工厂|工廠|基地|厂区|分厂|厂))"
)
PLACE_TITLE = re.compile(r"(?:工場|工厂|工廠|基地|厂区|分厂|[一二三四五六七八九十]厂|\d厂)$")
LATIN_SITE = re.compile(
    r"(?:(?:Plant|Factory|Werk|Usine|Planta) [A-ZÀ-Ý][\w ]+|[A-ZÀ-Ý][\w ]+ (?:plant|factory|works|site))"
)
CITY = re.compile(r"\(?([A-ZÀ-Ý][a-zà-ÿ]{2,}(?:[ -][A-ZÀ-Ý][a-zà-ÿ]{2,})?)\)?")
STREET = re.compile(r"(?i)\d|straße|strasse|street|road|route|rue|via |platz")
# In a colleague's note: 北方电机李工刚打电话反映 names company and person, 沈阳一厂投诉 the company alone.
_WHEN = r"(?:刚刚|刚才|刚|今天|昨天|上午|下午|早上|又|再次|现场|在)*"
_TITLE = r"(?:工|总|经理|主任|部长|科长|课长|先生|女士|小姐)"
TOLD_BY = re.compile(
    rf"(?:^|(?<=[，,。；;：:！!\s])){_WHEN}(?:接到?|收到)?(?P<company>[\u3400-\u9fffA-Za-z]{{2,16}}?)?的?"
    rf"(?P<person>[\u3400-\u9fff]{_TITLE})?{_WHEN}(?:打(?:来)?电话|来电|反映|反馈|投诉|致电|来函|抱怨)",
    re.MULTILINE,
)
TITLED = re.compile(rf"[\u3400-\u9fff]{{1,2}}{_TITLE}")
ANYBODY = re.compile(r"(?:终端)?(?:客户|客戶|用户|顾客|对方|大家|他们|我们|有人|多家)(?:方|那边|现场)?")
EMAIL_KEYS = {"contact_email"}
# What stands before the name of a company: PT Maju Jaya, Công ty …
PREFIXED_COMPANY = re.compile(r"\b(?:PT|CV|UD)\.? (?:[A-Z][\w&.-]*\s?){1,5}(?=,|$|\s)|C[ôo]ng ty [^,\n]{3,50}")
WE_ARE = re.compile(r"(?:我们是|我是|这里是|我司是)([\u3400-\u9fff]{4,12}?)(?=的|[，,。！!\s])")
HONORIFIC = re.compile(r"(?:先生|女士|小姐|经理|經理|工程师|工程師|主任|总监|总|工|様|さん)$")


def contact(body: Body, name: str | None, email: str | None, directory: Directory) -> Contact:
    """Return the complaining person; a robot's or our own address is nobody's."""
    stated = body.fields.get("contact_email", "")
    own = next(iter(ADDRESS.findall(stated)), None) or (None if _is_robot(email, directory) else email)
    return Contact(_name(body, name, email, directory), own, _phone(body))


def _is_robot(email: str | None, directory: Directory) -> bool:
    if not email:
        return True
    local = email.partition("@")[0].lower()
    return bool(
        re.search(
            r"no-?_?reply|donotreply|do-not-reply|notification|mailer|system|robot|^(?:srm|erp|sap|qms|website)\b",
            local,
        )
    ) or (directory.is_colleague(email))


def _name(body: Body, name: str | None, email: str | None, directory: Directory) -> str | None:
    stated = body.fields.get("contact_name")
    if stated:
        return _person_in(stated)
    return None if email and _is_robot(email, directory) else person_name(name)


def _person_in(value: str) -> str | None:
    plain = PHONE.sub("", ADDRESS.sub("", MOBILE.sub("", value)))
    first = re.split(r"[,，;；/（(\t]|手机|电话|\s{2,}|Tel", plain)[0].strip(" :：")
    chinese = CHINESE_NAME.search(first)
    return (chinese[0] if chinese and " " in first else first) or None


def person_name(shown: str | None) -> str | None:
    """Return the person in a display name: the Chinese name beside a Latin one, without the department."""
    if not shown or "@" in shown:
        return None
    plain = re.sub(r"[\"'“”]", "", shown).strip()
    pieces = [
        piece for piece in re.split(r"\s*(?:(?<![A-Za-zÀ-ÿ])-|-(?![A-Za-zÀ-ÿ])|[_/|（()）【】\[\]])\s*", plain) if piece
    ]
    people = [piece for piece in pieces if not DEPARTMENT.fullmatch(piece) and not COMPANY.search(piece)] or pieces
    chosen = people[-1] if len(pieces) > 1 and any(map(DEPARTMENT.fullmatch, pieces)) else (people or [plain])[0]
    chinese = CHINESE_NAME.search(chosen)
    return chinese[0] if chinese and re.search(r"[A-Za-z]", chosen) else chosen


def _phone(body: Body) -> str | None:
    """Return a mobile number before a fixed one, each as written."""
    lines = [body.fields.get("contact_phone", ""), body.fields.get("contact_name", ""), *body.signature]
    text = "\n".join(EXTENSION.sub(" ", FAX.sub("", ADDRESS.sub("", line))) for line in lines)
    found = MOBILE.search(text) or next(filter(_is_phone, PHONE.finditer(text)), None)
    return found[0].strip() if found else _phone_in(body.text)


def _is_phone(match: re.Match[str]) -> bool:
    digits = re.sub(r"\D", "", match[0])
    return 7 <= len(digits) <= 15 and not re.fullmatch(r"(?:19|20)\d{2}[ -]?\d{1,2}[ -]?\d{1,2}", match[0])


def _phone_in(text: str) -> str | None:
    named = re.search(
        r"(?i)(?:手机|电话|電話|联系方式|tel|phone|mobile|call me (?:at|on))[^\d+\n]{0,6}(\+?\d[\d -]{6,18}\d)", text
    )
    return (named[1].strip() if named else None) or (m[0] if (m := MOBILE.search(text)) else None)


def told_by(text: str, directory: Directory) -> tuple[str | None, str | None]:
    """Return the company and the person who, as a colleague's note tells, complained by word of mouth."""
    found = TOLD_BY.search(text)
    company, person = (found["company"], found["person"]) if found else (None, None)
    if company and not person and TITLED.fullmatch(company):
        company, person = None, company
    if company and (ANYBODY.fullmatch(company) or directory.department(company) or directory.named(company)):
        company = None
    return company, person


def customer_and_site(
    body: Body, name: str | None, directory: Directory, shown: str | None
) -> tuple[str | None, str | None]:
    """Return the complaining company and its site as written; our own company is never the customer."""
    stated = body.fields.get("customer")
    site = body.fields.get("site") or _site_in_text(body.text)
    company = _stated_company(stated) if stated else None
    company = company or _company_in(body.signature, directory)
    rest = _after_company([*(stated or "").split("\n"), *body.signature], company)
    company = (
        company
        or _company_in_text(body.text, directory)
        or _informal(body.signature, name)
        or _introduced(body.text)
        or _from_shown_name(shown)
    )
    return company, site or _site_beside(rest) or _site_line(body.signature)


def _stated_company(value: str) -> str:
    found = LATIN_COMPANY.search(value) or COMPANY.search(value)
    return found[0].strip(" ,，") if found else re.split(r"[\t，,;；]", value)[0].strip()


def is_company(name: str) -> bool:
    """Tell whether a name is that of a company in full, by its legal form."""
    return bool(COMPANY.search(name) or LATIN_COMPANY.search(name))


def is_ours(company: str, directory: Directory) -> bool:
    """Tell whether a company is our own."""
    return (
        company in directory.company or directory.company in company or directory.company_en.lower() in company.lower()
    )


def _company_in(lines: Iterable[str], directory: Directory) -> str | None:
    for line in lines:
        if key_of(re.split(r"[:：]", line)[0]) == "":
            continue
        for match in (COMPANY.search(line), PREFIXED_COMPANY.search(line), LATIN_COMPANY.search(line)):
            if match and not is_ours(found := _trimmed(match[0]), directory):
                return found
    return None


def _trimmed(company: str) -> str:
    before, _, behind = company.rpartition(", ")
    if before and JOB_WORDS.search(before) and LATIN_COMPANY.fullmatch(behind):  # SQE Lead, Acme Corp.
        company = behind
    plain = NOT_PART_OF_NAME.sub("", company.strip(" ,，"))
    return JOB_WORDS.sub("", plain).strip() if re.match(r"[\u3400-\u9fff]+(?:经理|工程师|主任)", plain) else plain


def _company_in_text(text: str, directory: Directory) -> str | None:
    plain = "\n".join(line for line in text.split("\n") if key_of(re.split(r"[:：\t]", line)[0]) != "")
    named = [m[0] for m in COMPANY.finditer(ONE_OF_US.sub("\n", plain))] + [m[0] for m in LATIN_COMPANY.finditer(plain)]
    return next((found for one in named if not is_ours(found := _trimmed(one), directory)), None)


def _after_company(lines: Sequence[str], company: str | None) -> str:
    """Return what stands behind the company on its line, where a plant is usually named."""
    return next((line.partition(company)[2] for line in lines if company and company in line), "")


def _site_beside(rest: str) -> str | None:
    pieces = [piece.strip(" .") for piece in re.split(r"[,，·|/]|\s{2,}", rest) if piece.strip(" .")]
    named = next((piece for piece in pieces if SITE_WORDS.search(piece) and not PHONE.search(piece)), None)
    if named:
        return re.sub(
            r"\s*[\u3400-\u9fff]*(?:部|科|课|課)$",
            "",
            SPLIT.split(named)[0] if re.search(r"[\u3040-\u9fff]", named) else named,
        )
    for before, after in itertools.pairwise(pieces):
        if STREET.search(before) and re.fullmatch(
            r"(?:[A-Z]{1,2}-)?(?:\d{4,6} )?[A-ZÀ-Ý][\w-]+(?: [A-ZÀ-Ý][\w-]+)?", after
        ):
            return re.sub(r"^\S*\d{4,6} ", "", after)
    city = CITY.fullmatch(pieces[0]) if len(pieces) == 1 else None
    return city[1] if city and not JOB_WORDS.search(pieces[0]) else None


def _site_line(lines: Iterable[str]) -> str | None:
    """Return a signature line that names nothing but a plant."""
    plain = (line.strip(" .,") for line in lines)
    return next((one for one in plain if len(one) < 40 and LATIN_SITE.fullmatch(one)), None)


def _site_in_text(text: str) -> str | None:
    found = BODY_SITE.search(text) or CHINESE_SITE.search(text)
    return found[1] if found else None


def _informal(lines: Sequence[str], name: str | None) -> str | None:
    """Return what a signature line names beside person, department, job and number: `张三  某某空调 总装质量科`."""
    person = person_name(name) or ""
    for line in lines:
        if SIGN_OFF.match(line) or MOBILE_TAIL.match(line) or key_of(re.split(r"[:：]", line)[0]) is not None:
            continue
        plain = ADDRESS.sub("", PHONE.sub("", MOBILE.sub("", line)))
        for piece in SPLIT.split(plain.replace(person, " ") if person else plain):
            company = _without_department(re.sub(r"[(（](?:代理|经销)[)）]", "", piece))
            if company and len(re.findall(r"[\u3400-\u9fff]", company)) >= 4:
                return company
    return None


def _introduced(text: str) -> str | None:
    found = WE_ARE.search(text)
    return found[1] if found else None


def _without_department(piece: str) -> str | None:
    plain = piece.strip(":：-—_")
    last = next(reversed([*DEPARTMENT.finditer(plain)]), None)
    if (
        last
        and last.end() == len(plain)
        and (last.start() == 0 or last[0][-1] in "部科课課處处室组組中心线班" or last.start() >= 4)
    ):
        plain = plain[: last.start()]
    return None if not plain or JOB_WORDS.search(plain) or re.search(r"[\d:：!！~～?？]", plain) else plain


def _from_shown_name(shown: str | None) -> str | None:
    """Read the company out of a system's display name."""
    if not shown or not NOT_CUSTOMER.search(shown):
        return None
    plain = re.split(
        r"(?i)srm|erp|qms|sap|wms|oa|供应商|协同|质量|系统|系統|平台|门户|通知|客服|自动|管理|[-—_|【】\[\]()（）\s]",
        shown,
    )[0]
    return plain if len(re.findall(r"[\u3400-\u9fff]", plain)) >= 2 and plain not in COMPANY_ENDINGS else None


def addresses_in(lines: Iterable[str]) -> tuple[str, ...]:
    """Return every address that the lines name."""
    return mailboxes("\n".join(lines))
