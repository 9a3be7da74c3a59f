"""A reply to one of our mails: who says it, what is wished, and what came of it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from daemon.core.absence import deputy_in
from daemon.core.addressing import addressee
from daemon.core.batch import Outcome
from daemon.core.case import Case
from daemon.core.commands import Acknowledge, Command, Complete, Context, File, Give, Join, Link, Merge
from daemon.core.events import EventType
from daemon.core.interpret import Said, interpret
from daemon.core.notice import Notice
from daemon.core.process import Step, in_language
from daemon.core.refusals import refuse
from daemon.core.roles import is_quality, may_speak_as
from daemon.core.tell import refusal
from daemon.intake.buttons import word_of
from daemon.intake.reading import FromRole
from daemon.intake.replies import is_plain_verdict, says
from daemon.intake.reply_words import NOT_PLAIN
from daemon.notices.whys import AND_ALSO, COMPLETED, FROM_COLLEAGUE, FROM_CUSTOMER, STRANGER, names_others
from daemon.passes.absence import deputy_named
from daemon.passes.desk import Happening, carry_out, decision, with_mail
from daemon.passes.letters import Letter
from daemon.passes.recurrences import with_new_cases
from daemon.passes.register import evidence_of
from daemon.seams import MailOutcome, OutboxRow

SECTION_KEYS = {
    "D3": "d3.containment",
    "D4_occurrence": "d4.occurrence.cause",
    "D4_escape": "d4.escape.cause",
    "D5": "d5.actions",
    "D6": "d6.results",
    "D7": "d7.prevention",
}
# What a reply did, in a word for the log.
DID = {
    EventType.ACKNOWLEDGED: "收到",
    EventType.SECTION_GIVEN: "填写",
    EventType.MEASURE_SET: "措施",
    EventType.DOCUMENT_GIVEN: "收到文件",
    EventType.CHOSEN: "判定",
    EventType.STEP_DONE: "完成一步",
    EventType.ROUND_STARTED: "新一轮",
    EventType.TRANSFER_ASKED: "申请转部门",
    EventType.TRANSFERRED: "转部门",
    EventType.TRANSFER_DECLINED: "维持原部门",
    EventType.CLOSED: "结案",
    EventType.REOPENED: "重新打开",
    EventType.HELD: "暂停",
    EventType.RESUMED: "恢复",
    EventType.ASSIGNED: "变更责任人",
    EventType.NOTED: "备注",
    EventType.MERGED: "合并",
    EventType.SPLIT: "拆分",
    EventType.JOINED: "归入",
    EventType.LEFT: "取出",
    EventType.SUBCASE_OPENED: "开子案",
    EventType.FACTS_SET: "更正",
}
SHORT_THANKS = 15  # characters: 收到，谢谢！
SENTENCE = re.compile(r"[。！!\n]+")


@dataclass(frozen=True, slots=True)
class Batch:
    """The wishes of one mail about one case, and the notices beside those of its events."""

    letter: Letter
    case: Case
    context: Context
    wishes: tuple[Command, ...]
    blobs: Mapping[str, bytes] = field(default_factory=dict)
    more: tuple[Notice, ...] = ()


def reply_to_case(letter: Letter) -> Iterator[Happening]:
    """Carry out what a reply wishes, or tell why not; in any case it is filed."""
    case, reply = letter.case(), letter.reading.reply
    if case is None or reply is None:
        yield letter.aside("像是对某个案件的回复，但找不到是哪一个")
        return
    context = letter.context(case, letter.actor())
    if reply.from_role is FromRole.STRANGER:
        yield _commit(Batch(letter, case, context, (_filed(letter, STRANGER, *_doubted(letter)),)))
        return
    deputy = None if _is_customer(letter, case) else deputy_in(letter.text)
    if deputy:
        yield _commit(Batch(letter, case, context, (_filed(letter),), more=deputy_named(letter, case, deputy)))
        return
    told = _told_together(letter)
    if told:
        yield _commit(Batch(letter, case, context, (_filed(letter),), more=_one_by_one(letter, told)))
        return
    evidence, blobs = evidence_of(letter.reading)
    said = replace(said_in(letter, case, context), evidence=evidence)
    wishes = tuple(_looked_up(one, case, context, letter) for one in interpret(said, case, context.process))
    if _is_customer(letter, case):
        wishes = tuple(one for one in wishes if not isinstance(one, Acknowledge))  # 收到 from a customer is no wish
    batch = Batch(letter, case, context, wishes, blobs) if wishes else _unclear(letter, case, context, said)
    if any(isinstance(one, Complete) for one in wishes):  # quality sees what the customer wrote
        batch = replace(batch, wishes=(*wishes, _filed(letter, COMPLETED)))
    kept = any(isinstance(one, Give) and one.evidence for one in wishes)
    filed = () if kept or not evidence else (replace(_filed(letter), evidence=evidence),)
    filed = (*filed, *(_filed(letter, why) for why in _doubted(letter)))
    yield _commit(replace(batch, wishes=(*batch.wishes, *filed), blobs=blobs))


def _looked_up(wish: Command, case: Case, context: Context, letter: Letter) -> Command:
    """Return a wish about another case with that case, one for new cases with their ids and numbers."""
    if isinstance(wish, Merge | Link | Join):
        return replace(wish, target=letter.desk.store.case_numbered(wish.number))
    return letter.desk.with_numbers(wish, case, context)


def said_in(letter: Letter, case: Case, context: Context) -> Said:
    """Return what the reply says, in the keys and words of the core.

    One that answers no mail of ours, from somebody proved otherwise, is about what waits for that person.
    """
    reply = letter.reading.reply
    assert reply is not None
    row = letter.desk.store.with_code(reply.answers.code) if reply.answers and reply.answers.code else None
    return Said(
        intent=reply.intent.value,
        text=reply.text,
        word=word_of(letter.reading.subject),
        steps=row.notice.steps if row else _theirs(case, context),
        purpose=row.notice.purpose if row else "",
        sections={SECTION_KEYS[key]: text for key, text in reply.sections.items() if text.strip()},
        transfer_to=reply.transfer_to or "",
        plain=_is_plain(reply.text),
        round=row.notice.round if row else 0,
        by_colleague=letter.desk.directory.is_colleague(letter.reading.from_email or ""),
        by_quality=is_quality(letter.reading.from_email or "", letter.desk.directory),
    )


def _theirs(case: Case, context: Context) -> tuple[str, ...]:
    """Return the steps that wait for the writer."""
    steps = context.process.tasks(case.open_tasks)
    address = context.actor.address
    return tuple(step.id for step in steps if may_speak_as(address, step.owner, case, context.directory))


def _is_plain(text: str) -> bool:
    """Tell whether a reply is a verdict and nothing that takes it back: its words, or one of its first sentences."""
    some = any(is_plain_verdict(one) for one in SENTENCE.split(text)[:2])
    return is_plain_verdict(text) or (some and not says(NOT_PLAIN, text))


def _told_together(letter: Letter) -> tuple[OutboxRow, ...]:
    """Return the notices of the digest that this mail answers as a whole; a button of it answers just one."""
    reply, store = letter.reading.reply, letter.desk.store
    if not reply or not reply.answers or word_of(letter.reading.subject):
        return ()
    for notice in (reply.answers, *reply.others):
        row = store.with_code(notice.code)
        told = (row, *store.told_in(row.id)) if row else ()
        if len(told) > 1 and reply.answers.code in {one.code for one in told}:
            return told
    return ()


def _one_by_one(letter: Letter, told: Iterable[OutboxRow]) -> tuple[Notice, ...]:
    """Return the list of the cases with their buttons: a bare 收到 to a mail about several changes none of them."""
    to = letter.reading.from_email or ""
    person = letter.desk.directory.person(to)
    name = person.name if person else ""
    return tuple(
        replace(row.notice, template="digest_help", recipient=to, name=name, digest="digest_help", urgent=True)
        for row in told
    )


def _commit(batch: Batch) -> Happening:
    letter, case, context = batch.letter, batch.case, batch.context
    outcome = carry_out(case, batch.wishes, context)
    refused = tuple({str(one.why): one for one in outcome.refusals}.values())
    if refused and _is_customer(letter, case):  # a customer is never told no: quality sees what was written
        seen = carry_out(outcome.case, [_filed(letter, FROM_CUSTOMER)], context)
        outcome = replace(seen, events=(*outcome.events, *seen.events))
        refused = ()
    outcome = _with_files(batch, outcome)
    if not outcome.events:  # the mail is part of the case all the same
        outcome = carry_out(case, [_filed(letter)], context)
    outcome = with_new_cases(letter.desk, outcome, context)
    to = addressee(context.actor, case, context)
    wish = letter.text or letter.reading.subject
    told = (*batch.more, *(refusal(one, wish, to, case, context) for one in refused))
    made = with_mail(
        decision(letter.desk, case, outcome, context, told),
        mail=letter.record.id,
        outcome=MailOutcome.THREAD,
        blobs=batch.blobs,
    )
    letter.desk.store.commit(made, letter.now)
    did = "、".join(dict.fromkeys(DID[one.type] for one in outcome.events if one.type in DID)) or "归档"
    said = word_of(letter.reading.subject) or letter.head
    why = "（" + in_language(refused[0].why, "zh-CN") + "）" if refused else ""
    return Happening("mail.reply", f"{to.name or to.address}：{said} → {did}{why}", case.number)


def _with_files(batch: Batch, outcome: Outcome) -> Outcome:
    """Return the outcome with those files filed that came with a refused answer: they are part of the case too."""
    wished = tuple(file for one in batch.wishes if isinstance(one, Give | File) for file in one.evidence)
    lost = tuple(one for one in dict.fromkeys(wished) if one not in outcome.accepted.evidence)
    if not lost:
        return outcome
    kept = carry_out(outcome.case, [replace(_filed(batch.letter), evidence=lost)], batch.context)
    return replace(outcome, case=kept.case, events=(*outcome.events, *kept.events))


def _filed(letter: Letter, *why: str) -> File:
    trusted = STRANGER not in why
    return File(letter.text, letter.reading.from_email or "", trusted=trusted, why=AND_ALSO.join(filter(None, why)))


def _doubted(letter: Letter) -> tuple[str, ...]:
    """Return what quality is told of a mail that names several cases: it may belong to another than the newest."""
    rivals = letter.reading.rivals
    return (names_others(rivals),) if rivals else ()


def _is_customer(letter: Letter, case: Case) -> bool:
    """Tell whether somebody outside writes who is not asked for work in this case, as a supplier is."""
    address = (letter.reading.from_email or "").lower()
    parties = {one.address.lower() for one in case.parties.values()}
    return address not in parties and not letter.desk.directory.is_colleague(address)


def _unclear(letter: Letter, case: Case, context: Context, said: Said) -> Batch:
    """Return the batch for a reply that asks for nothing: the writer is told what could be answered."""
    if _is_customer(letter, case):
        thanks = said.intent == "acknowledge" and len(letter.text.strip()) < SHORT_THANKS
        return Batch(letter, case, context, (_filed(letter, "" if thanks else FROM_CUSTOMER),))
    steps = context.process.tasks(key for key in case.open_tasks if key in said.steps)
    answers = bool(letter.reading.reply and letter.reading.reply.answers)
    why = "" if answers or said.steps else FROM_COLLEAGUE
    return Batch(letter, case, context, (_filed(letter, why),), more=tuple(_choices(letter, case, context, steps)))


def _choices(letter: Letter, case: Case, context: Context, steps: Iterable[Step]) -> Iterator[Notice]:
    steps = tuple(steps)
    asked = [step for step in steps if step.choices]
    if not asked and any(step.gives for step in steps):
        to = addressee(context.actor, case, context)
        yield refusal(refuse("nothing_read"), letter.text or letter.reading.subject, to, case, context)
    if asked:
        titles = tuple(step.title for step in asked)
        words = tuple(choice.words for step in asked for choice in step.choices.values())
        unclear = refuse("no_such_choice", step=titles, choices=words)
        yield refusal(unclear, letter.text, addressee(context.actor, case, context), case, context)
