"""`kesu explain MAIL`: how one mail is understood, and which words led to what, in lines for a person.  Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from daemon.core.fields import BY_KEY
from daemon.core.places import Place
from daemon.intake.reading import FromRole, Intent, MailKind, Reading, Reply, Said

CONTACT = ("contact_name", "contact_email", "contact_phone")
WIDTH = 60  # characters of a line that is quoted
WORDS = {
    #          中文                                       English
    "head": ("{kind}：{subject}", "{kind}: {subject}"),
    "sender": ("  发件人 {sender}{robot}", "  from {sender}{robot}"),
    "robot": ("（系统发出，不自动答复）", " (a machine; it gets no automatic answer)"),
    "forwarded": ("  同事转发，真正的投诉人：{who}", "  forwarded by a colleague; who complains: {who}"),
    "direct": ("  投诉人：{who}", "  who complains: {who}"),
    "case": ("  归入案件 {case}", "  belongs to case {case}"),
    "no_case": ("  不属于已有案件", "  belongs to no case there is"),
    "rivals": ("  也提到 {cases}，取最新的一个", "  names {cases} too; the newest is taken"),
    "because": ("  因为：{reason}", "  because: {reason}"),
    "fact": ("  {title}：{value}{unsure}", "  {title}: {value}{unsure}"),
    "unsure": ("（请核对）", " (please check)"),
    "place": ("    ← {part} “{words}”", "    ← {part} “{words}”"),
    "line": ("{part}第 {line} 行第 {at} 字", "{part}, line {line}, character {at}"),
    "nowhere": ("    ← 没有照这样写，由系统推算", "    ← written nowhere like this; the system concluded it"),
    "said": ("    ← {words}{weight}{of}{source}", "    ← {words}{weight}{of}{source}"),
    "of": (" ← {name}", " ← {name}"),
    "source": ("（{source}）", " ({source})"),
    "default": ("    ← 没有匹配的词，按默认", "    ← no word of the tables; the default"),
    "item": ("  产品 {number}：{text}", "  product {number}: {text}"),
    "reply": ("  答复人身份：{role}；意思：{intent}", "  speaks as: {role}; wants: {intent}"),
    "section": ("  {name}：{text}", "  {name}: {text}"),
    "goes_to": ("  转往：{department}", "  to be handed to: {department}"),
    "file": ("  附件 {name}（{what}）", "  file {name} ({what})"),
    "no_reader": (
        "没有打开：装了 kesu[outlook] 才能读，原件已保留",
        "not opened: kesu[outlook] reads it; kept as it is",
    ),
    "damaged": ("没有打开：文件已损坏，原件已保留", "not opened: it is damaged; kept as it is"),
    "evidence": ("证据", "evidence"),
    "wrapper": ("只是包装或签名", "a wrapper or a signature"),
    "picture": ("标志或签名图片", "a logo or a picture of the signature"),
}
KINDS = {
    MailKind.COMPLAINT: ("投诉", "a complaint"),
    MailKind.REPLY: ("对案件的答复", "an answer about a case"),
    MailKind.AUTO_REPLY: ("自动答复", "an automatic answer"),
    MailKind.BOUNCE: ("退信", "a delivery report"),
    MailKind.NOISE: ("与投诉无关", "no complaint"),
}

ROLES = {
    FromRole.DEPARTMENT: ("责任部门", "a department"),
    FromRole.QUALITY: ("质量部", "quality"),
    FromRole.SALES: ("销售", "sales"),
    FromRole.CUSTOMER: ("客户", "the customer"),
    FromRole.STRANGER: ("身份未经证明，不作数", "somebody whom nothing proves to be who he says; it changes nothing"),
}
INTENTS = {
    Intent.ACKNOWLEDGE: ("收到", "acknowledges"),
    Intent.ANSWER: ("回复措施", "answers"),
    Intent.DISPUTE: ("有异议", "disputes"),
    Intent.TRANSFER: ("请转其他部门", "to be transferred"),
    Intent.APPROVE: ("批准", "approves"),
    Intent.REJECT: ("驳回", "rejects"),
    Intent.CONFIRM: ("满意，确认", "confirms"),
    Intent.DISSATISFIED: ("不满意", "is dissatisfied"),
    Intent.UNKNOWN: ("看不出，请人判断", "not clear: people are asked"),
}


def explained(reading: Reading, language: str) -> Iterator[str]:
    """Yield how a mail is understood, a line each; `language` is zh-CN or en."""
    told = _Teller(language)
    yield told("head", kind=told.one_of(KINDS[reading.kind]), subject=reading.subject)
    robot = told("robot") if reading.automatic else ""
    yield told("sender", sender=reading.from_email or "—", robot=robot)
    if reading.reason:
        yield told("because", reason=reading.reason)
    if reading.kind in {MailKind.REPLY, MailKind.BOUNCE}:
        yield told("case", case=reading.case_ref) if reading.case_ref else told("no_case")
    if reading.rivals:
        yield told("rivals", cases="、".join(reading.rivals))
    if reading.kind is MailKind.COMPLAINT:
        yield from told.complaint(reading)
    if reading.reply:
        yield from told.reply(reading.reply)
    for file in reading.attachments:
        other = "picture" if file.media_type.startswith("image/") else "wrapper"
        yield told("file", name=file.name, what=told(file.closed or ("evidence" if file.evidence else other)))


class _Teller:
    def __init__(self, language: str) -> None:
        self._language = language

    def __call__(self, key: str, **values: object) -> str:
        return self.one_of(WORDS[key]).format(**values)

    def one_of(self, words: tuple[str, str]) -> str:
        return words[self._language == "en"]

    def complaint(self, reading: Reading) -> Iterator[str]:
        contact = reading.contact
        who = "，".join(filter(None, (contact.name, contact.email, contact.phone))) or "—"
        unsure = self("unsure") if reading.unsure & set(CONTACT) else ""
        yield self("forwarded" if reading.forwarded else "direct", who=f"{who}{unsure}")
        stand = (self._place(place, reading) for key in CONTACT if (place := reading.places.get(key)))
        yield from dict.fromkeys(stand)
        for key, value in reading.facts.items():
            if key not in CONTACT:
                unsure = self("unsure") if key in reading.unsure else ""
                yield self("fact", title=self._title(key), value=_short(_text(value)), unsure=unsure)
                yield from self._why(key, value, reading)
        for number, item in enumerate(reading.items, 1):
            said = (item.product_name, item.part_no, item.batch_no, item.quantity_defective, item.department)
            yield self("item", number=number, text=" · ".join(str(one) for one in said if one is not None))

    def _title(self, key: str) -> str:
        return BY_KEY[key].title(self._language) if key in BY_KEY else key

    def _why(self, key: str, value: object, reading: Reading) -> Iterator[str]:
        """Yield the words that led to a judgement, or the line in which a fact stands."""
        if key in reading.reasons:
            yield from (self._said(one, value) for one in reading.reasons[key])
            if not reading.reasons[key]:
                yield self("default")
        else:
            place = reading.places.get(key)
            yield self._place(place, reading) if place else self("nowhere")

    def _place(self, place: Place, reading: Reading) -> str:
        """Return the line of where a fact stands: the part of the mail, line and character, and the words around."""
        title, text = place.title(self._language), reading.texts.get(place.part)
        if text is None:
            return self("place", part=title, words=_short(place.words))
        start = text.rfind("\n", 0, place.start) + 1
        line, at = text[start:].split("\n", 1)[0], place.start - start
        counted = self("line", part=title, line=text.count("\n", 0, start) + 1, at=at + 1)
        return self("place", part=title if place.is_in_file else counted, words=_around(line, at))

    def _said(self, one: Said, value: object) -> str:
        """Return the line of words that counted: how much, for what beside the value, and in whose table they stand."""
        of = self("of", name=one.of) if one.of not in ("", value) else ""
        source = self("source", source=one.source) if one.source else ""
        return self("said", words=one.words, weight=f" {one.weight:+d}" if one.weight else "", of=of, source=source)

    def reply(self, reply: Reply) -> Iterator[str]:
        yield self("reply", role=self.one_of(ROLES[reply.from_role]), intent=self.one_of(INTENTS[reply.intent]))
        for key, text in reply.sections.items():
            yield self("section", name=key, text=_short(text))
        if reply.transfer_to:
            yield self("goes_to", department=reply.transfer_to)


def _text(value: object) -> str:
    return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else str(value)


def _around(line: str, at: int) -> str:
    """Return a line, or of a long one the words before and behind a character."""
    start = max(0, at - WIDTH // 3) if len(line) > WIDTH else 0
    return ("…" if start else "") + _short(line[start:])


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= WIDTH else f"{plain[:WIDTH]}…"
