"""Mail in: take what lies in the inbox, store it, decide on it, and only then move it away."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from daemon.core.case import Case
from daemon.core.commands import FailAddress, File
from daemon.intake.headers import sender_of
from daemon.intake.limits import UnreadableMail
from daemon.intake.read import BESIDE_CASES
from daemon.intake.reading import Closed, MailKind, Reading
from daemon.intake.sameness import called
from daemon.passes.absence import note_absence
from daemon.passes.another import another_complaint
from daemon.passes.backoff import first_in_hour
from daemon.passes.book.answers import answer_about_rows
from daemon.passes.desk import Desk, Happening, carry_out, decision, with_mail
from daemon.passes.duplicates import SHELVES, copies_of, first_of, moved_back
from daemon.passes.floods import came_at, flood_of, hold
from daemon.passes.known import known_from
from daemon.passes.letters import Letter, set_aside
from daemon.passes.reach import Doing, in_reach, lost, reached, well_first
from daemon.passes.recurrences import begins_anew, came_again, earlier_case, repeating
from daemon.passes.register import complaint_of, longer_number
from daemon.passes.replies import reply_to_case
from daemon.passes.troubles import begin, end
from daemon.seams import IncomingMail, Mailbox, MailboxUnreachable, MailOutcome, MailRecord, Shelf

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
FAILED_TOO_OFTEN = f"试了 {MOST_ATTEMPTS} 次都没有处理成功，请人工处理"
NOT_OPENED = {
    Closed.NO_READER: '要读 Outlook 的 .msg，请安装 pip install "kesu[outlook]"，再把邮件移回收件箱',
    Closed.DAMAGED: "文件已损坏，请让发件人重新发送",
}
MOST_MOVED = 500  # mails a tick
AT_ONCE, AT_ONCE_BYTES = 20, 4 * 1024 * 1024  # mails stored in one commit


def fetch_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Store the mails that lie in the inboxes; one that cannot be reached is tried again later, behind the others."""
    for mailbox in well_first(desk):
        if in_reach(desk, mailbox, Doing.READING, now):
            yield from _fetch(desk, mailbox, now)


def _fetch(desk: Desk, mailbox: Mailbox, now: datetime) -> Iterator[Happening]:
    came = False
    try:
        for mails in _portions(mailbox.fetch(desk.config.service.batch, desk.store.known_mails)):
            came = True
            with desk.store.together():
                happened = [one for mail in mails for one in _stored(desk, mail, now)]
            yield from happened
    except MailboxUnreachable as fault:
        begin(desk.store, f"mailbox.{mailbox.account}", now, str(fault))
        yield from lost(desk, mailbox, Doing.READING, fault, now, progress=came)
    else:
        end(desk.store, f"mailbox.{mailbox.account}")
        desk.store.remember(f"poll.{mailbox.account}", now.isoformat())
        yield from reached(desk, mailbox, Doing.READING, now)


def _portions(mails: Iterable[IncomingMail]) -> Iterator[list[IncomingMail]]:
    """Yield the mails some at a time, for one commit each; what came before a fault is not lost by it."""
    some: list[IncomingMail] = []
    try:
        for mail in mails:
            some.append(mail)
            if len(some) == AT_ONCE or sum(len(one.raw or b"") for one in some) > AT_ONCE_BYTES:
                yield some
                some = []
    except MailboxUnreachable:
        if some:
            yield some
        raise
    if some:
        yield some


def _stored(desk: Desk, mail: IncomingMail, now: datetime) -> Iterator[Happening]:
    """Store a mail; one that cannot be had now stays in the inbox, one that never can is set aside."""
    if mail.later:
        if first_in_hour(desk.store, f"later.{mail.key}", now):
            yield Happening("mail.later", f"邮件暂时取不出来，留在收件箱里再试：UID {mail.key.uid}（{mail.error}）")
        return
    raw = mail.raw or b""
    record = desk.store.remember_mail(mail.key, raw, called(raw), now, sender_of(raw), came_at(desk, mail, now))
    if mail.raw is None and record.outcome is MailOutcome.NEW:
        yield set_aside(desk, record, now, f"邮件取不出来：{mail.error}")


def decide_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Decide on every stored mail, one at a time; a fault in one is its own and the next goes on."""
    for record in desk.store.mails_to_decide(desk.config.service.batch):
        try:
            yield from _attempt(desk, record, now)
        except Exception as fault:
            log.exception("mail %s could not be dealt with", record.id)
            yield Happening("mail.failed", f"邮件 {record.id} 处理失败，将再试：{type(fault).__name__}: {fault}")


def shelve_pass(desk: Desk, now: datetime) -> Iterator[Happening]:
    """Move the mails that are decided out of the inboxes."""
    for mailbox in desk.mailboxes:
        records = desk.store.mails_to_shelve(mailbox.account)[:MOST_MOVED]
        if records and in_reach(desk, mailbox, Doing.MOVING, now):
            yield from _shelve(desk, mailbox, records, now)


def _shelve(desk: Desk, mailbox: Mailbox, records: Sequence[MailRecord], now: datetime) -> Iterator[Happening]:
    try:
        for shelf in Shelf:
            some = {record.key: record.id for record in records if SHELVES[record.outcome] is shelf}
            if some:
                desk.store.confirm_lease()
                desk.store.mark_shelved(some[key] for key in mailbox.shelve(list(some), shelf))
    except MailboxUnreachable as fault:
        yield from lost(desk, mailbox, Doing.MOVING, fault, now)
    else:
        yield from reached(desk, mailbox, Doing.MOVING, now)


def _attempt(desk: Desk, record: MailRecord, now: datetime) -> Iterator[Happening]:
    """Deal with a mail; the attempt counts before anything is read, so that a mail that ends the process counts too."""
    attempts = desk.store.count_attempt(record.id)
    if attempts > MOST_ATTEMPTS:  # the process ended in the last one
        yield set_aside(desk, record, now, FAILED_TOO_OFTEN)
        return
    try:
        yield from _dealt_with(desk, record, now)
    except Exception:
        if attempts < MOST_ATTEMPTS or not _undecided(desk, record):
            raise
        log.exception("mail %s could not be dealt with in %s attempts; it is set aside", record.id, attempts)
        yield set_aside(desk, record, now, FAILED_TOO_OFTEN)


def _undecided(desk: Desk, record: MailRecord) -> bool:
    return record.id in {one.id for one in desk.store.mails_to_decide(desk.config.service.batch)}


def _dealt_with(desk: Desk, record: MailRecord, now: datetime) -> Iterator[Happening]:
    copies = copies_of(desk, record)
    insist = moved_back(desk.store, record, copies)
    if copies and not insist:
        yield _copy(desk, record, first_of(copies))
        return
    flood = None if insist else flood_of(desk, record)
    if flood:
        yield hold(desk, record, flood, now)
        return
    insist = insist and first_of(copies).outcome is not MailOutcome.HELD  # it may be a reply: nobody has read it yet
    try:
        letter = Letter(desk, record, _read(desk, record, now, insist=insist), now)
    except UnreadableMail as fault:
        yield set_aside(desk, record, now, str(fault))
        return
    with desk.store.together():
        happened = list(KINDS[letter.reading.kind](letter))
    yield from happened
    yield from _not_opened(letter.reading)


def _not_opened(reading: Reading) -> Iterator[Happening]:
    """Tell of files of Outlook's that could not be opened, and what opens them; each is kept as it is."""
    for one in reading.attachments:
        if one.closed:
            yield Happening("mail.closed", f"附件 {one.name} 没有打开，原样保留：{NOT_OPENED[one.closed]}")


def _copy(desk: Desk, record: MailRecord, first: MailRecord) -> Happening:
    """File a copy with the first one: with its case, or aside where that one lies."""
    outcome = MailOutcome.DUPLICATE if SHELVES[first.outcome] is Shelf.DONE else first.outcome
    desk.store.finish_mail(record.id, outcome, f"mail:{first.id}", first.case)
    return Happening("mail.duplicate", f"同一封邮件，不再登记：mail {first.id}")


def _read(desk: Desk, record: MailRecord, now: datetime, *, insist: bool) -> Reading:
    """Read a mail; one that a person moved back from 待人工 into the inbox is a complaint, as that person says."""
    raw = desk.store.blob(record.sha256)
    return (
        desk.reader.read_as_complaint(raw, desk.directory_at(now))
        if insist
        else desk.reader.read(raw, desk.directory_at(now), known_from(desk.store))
    )


def _reply(letter: Letter) -> Iterator[Happening]:
    """Carry out what a reply wishes; one that tells of another trouble than its case is a complaint of its own.

    One to a question that belongs to no case answers what we asked about the ledger.
    """
    answered = letter.reading.reply.answers if letter.reading.reply else None
    if answered and answered.about in BESIDE_CASES and not letter.reading.case_ref:
        yield from answer_about_rows(letter)
        return
    another, case = another_complaint(letter), letter.case()
    yield from _complaint(another, case.number) if another and case else reply_to_case(letter)


def _complaint(letter: Letter, thread_of: str = "") -> Iterator[Happening]:
    desk = letter.desk
    command, blobs = complaint_of(desk, letter.reading, letter.record)
    command = replace(command, thread_of=thread_of)
    earlier = earlier_case(desk, command, letter.now)
    if earlier and begins_anew(desk, earlier, command):
        yield came_again(letter, earlier, command, blobs)
        return
    command = replace(repeating(command, earlier) if earlier else command, number=desk.next_number(letter.now))
    context = replace(letter.context(None), process=desk.process_named(command.profile))
    outcome = carry_out(None, [command], context)
    made = decision(desk, None, outcome, context, longer_number(desk, command.number, letter.now))
    made = with_mail(made, mail=letter.record.id, outcome=MailOutcome.CASE, blobs=blobs)
    desk.store.commit(made, letter.now)
    yield Happening("case.registered", _summary(outcome.accepted), outcome.accepted.number)


def _summary(case: Case) -> str:
    facts = (case.text(key) for key in ("customer", "product_name", "severity", "category", "department"))
    return "登记客诉：" + " · ".join([*(fact for fact in facts if fact), case.subject])


def _automatic(letter: Letter) -> Iterator[Happening]:
    """File an automatic mail: it is never answered; one that says that somebody is away is remembered."""
    case = letter.case()
    outcome = MailOutcome.THREAD if case else MailOutcome.IGNORED
    letter.desk.store.finish_mail(letter.record.id, outcome, letter.reading.kind.value, case.id if case else None)
    number = case.number if case else ""
    yield from note_absence(letter)
    yield Happening("mail.automatic", f"自动回复，不作处理：{letter.reading.subject}", number)


def _bounce(letter: Letter) -> Iterator[Happening]:
    case, reading = letter.case(), letter.reading
    if case is None or not reading.failures:
        yield letter.aside("退信，但找不到对应的案件")
        return
    context = letter.context(case)
    wishes = _believed(letter, case)
    made = decision(letter.desk, case, carry_out(case, wishes, context), context)
    letter.desk.store.commit(with_mail(made, mail=letter.record.id, outcome=MailOutcome.THREAD), letter.now)
    for one in reading.failures:
        yield Happening("mail.bounce", f"{'退信' if one.permanent else '投递延迟'}：{one.address}", case.number)


def _believed(letter: Letter, case: Case) -> list[FailAddress | File]:
    """Return what a delivery report says, as far as it is believed; people are asked about the rest.

    It is believed of an address to which a mail of ours went that it names; then also of others of that domain, to
    which mails of the case went: the domain's server tells of several recipients in one report (RFC 3464 §2).
    """
    failures = letter.reading.failures
    named = {to.lower() for notice in letter.reading.bounced for to in notice.to}
    domains = {_domain(one.address) for one in failures if one.address.lower() in named}
    written = {row.recipient.lower() for row in letter.desk.store.outbox_of(case.id)} if len(failures) > 1 else set()
    dead = named | {address for address in written if _domain(address) in domains}
    return [
        FailAddress(one.address, one.permanent, letter.reading.reason)
        if one.address.lower() in dead
        else _doubtful(letter, one.address)
        for one in failures
    ]


def _doubtful(letter: Letter, address: str) -> File:
    why = f"退信说 {address} 收不到邮件，但没有指明是我们发出的哪一封，没有据此改动；请核实"
    return File(letter.text, letter.reading.from_email or "", trusted=False, why=why)


def _domain(address: str) -> str:
    return address.lower().rpartition("@")[2]


def _noise(letter: Letter) -> Iterator[Happening]:
    letter.desk.store.finish_mail(letter.record.id, MailOutcome.IGNORED, letter.reading.reason or "noise")
    yield Happening("mail.noise", f"不是客诉，移到待人工：{letter.reading.subject}")


KINDS: dict[MailKind, Callable[[Letter], Iterator[Happening]]] = {
    MailKind.COMPLAINT: _complaint,
    MailKind.REPLY: _reply,
    MailKind.AUTO_REPLY: _automatic,
    MailKind.BOUNCE: _bounce,
    MailKind.NOISE: _noise,
}
