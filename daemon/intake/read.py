"""Read one mail: what kind it is, what it says, who says it.  The one door into this room; no I/O."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from daemon.core.directory import Directory
from daemon.intake import automatic, bounces, replies
from daemon.intake.belonging import tagged_number
from daemon.intake.body import own_words
from daemon.intake.buttons import word_of
from daemon.intake.facts import Source, read_facts
from daemon.intake.forms import answers_in
from daemon.intake.headers import Mailbox, message_ids, raw_values, sent_at
from daemon.intake.html import has_table
from daemon.intake.language import language_of
from daemon.intake.limits import TOO_MUCH, UnreadableMail
from daemon.intake.message import Message, parse
from daemon.intake.origin import find_origin, levels_of
from daemon.intake.quotes import Thread, split
from daemon.intake.reading import Contact, FromRole, Intent, Known, MailKind, Reading, Reply, SentNotice
from daemon.intake.reply_words import ATTACHED, HANDED_ON
from daemon.intake.sender import Proof, codes_in, proof, sender, vouched_role
from daemon.intake.which_case import answered_case, which_case

FACT_KEYS = (
    "customer", "site", "product_name", "part_no", "batch_no", "order_no", "quantity_delivered", "quantity_defective",
    "defect_rate", "phenomenon", "demand", "category", "severity", "department",
)  # fmt: skip
ITEM_KEYS = (
    "product_name", "part_no", "batch_no", "quantity_delivered", "quantity_defective", "defect_rate", "phenomenon",
    "department",
)  # fmt: skip
BESIDE_CASES = frozenset({"ledger_gone"})  # mails of ours that belong to no case and ask something
OUR_FOOTER = re.compile(
    r"(?:本[邮郵]件由.{0,120}(?:系统自动发送|系統自動寄送)|Sent automatically by the complaint desk)"
)
REPORT_ENDINGS = (".docx", ".doc", ".xlsx", ".xls", ".pdf", ".wps", ".et")


def read(raw: bytes, directory: Directory, known: Known) -> Reading:
    """Read a mail; raise UnreadableMail, and nothing else, for one that cannot be read."""
    message = parse(raw)
    with _faults():
        return _read(message, directory, known)


def read_as_complaint(raw: bytes, directory: Directory) -> Reading:
    """Read a mail that people say is a complaint, whatever it looks like; raise UnreadableMail, and nothing else."""
    message = parse(raw)
    with _faults():
        return _complaint(message, split(message.text), _start(message), directory)


@contextmanager
def _faults() -> Iterator[None]:
    """Let no fault of the parser out but as UnreadableMail."""
    try:
        yield
    except UnreadableMail:
        raise
    except MemoryError as error:
        raise UnreadableMail(TOO_MUCH) from error
    except Exception as error:
        raise UnreadableMail(f"its content cannot be understood ({type(error).__name__}: {error})") from error


def _read(message: Message, directory: Directory, known: Known) -> Reading:
    start = _start(message)
    if _is_own(message, start, directory, known):
        return replace(start, kind=MailKind.AUTO_REPLY, case_ref=_own_case(start, known), text=message.text.strip())
    bounced = bounces.bounce(message, directory.mailbox)
    if bounced:
        ours = _notices_in(bounced.text, known)
        return replace(
            start,
            kind=MailKind.BOUNCE,
            case_ref=ours[0].case if ours else tagged_number(bounced.text, known),
            bounced=ours,
            failures=bounced.failures,
            attachments=(),
        )
    claim = proof(message.mime, (message.subject, message.plain, message.text), directory, known)
    case_ref, rivals = which_case(message, claim, known)
    if not case_ref and directory.is_colleague(start.from_email or ""):
        case_ref = answered_case(message, known)
    start = replace(start, case_ref=case_ref, rivals=rivals)
    if automatic.is_auto_reply(message):
        answered = claim.notice if claim and claim.proved else None
        return replace(start, kind=MailKind.AUTO_REPLY, text=message.text.strip(), answered=answered)
    return _by_people(message, start, claim, directory)


def _by_people(message: Message, start: Reading, claim: Proof | None, directory: Directory) -> Reading:
    answers = bool(start.case_ref) or bool(claim and claim.proved and claim.notice.about in BESIDE_CASES)
    thread = split(message.plain if answers and message.plain.strip() else message.text)  # it alone marks quotes
    ours = bool(start.from_email) and directory.is_colleague(start.from_email or "")
    forwards = bool(levels_of(message, thread))
    in_front = ours and directory.department_of(start.from_email or "") == directory.sales
    reason = automatic.noise(message, thread.own.text, colleague=ours, forwards=forwards, in_front=in_front)
    if reason in {"calendar", "recall"} or (reason and not answers):
        return replace(start, kind=MailKind.NOISE, reason=reason, case_ref=None, text=thread.own.text)
    if answers:
        return _reply(message, thread, start, claim, directory)
    return _complaint(message, thread, start, directory)


def _start(message: Message) -> Reading:
    found = sender(message.mime) or Mailbox("")
    return Reading(
        kind=MailKind.NOISE,
        subject=message.subject,
        from_email=found.email or None,
        from_name=found.name,
        automatic=automatic.is_from_machine(message, found.email),
        message_id=next(iter(message_ids(raw_values(message.mime, "Message-ID"))), None),
        sent_at=sent_at(message.mime),
        language=language_of(f"{message.subject}\n{message.plain or message.text}"),
        attachments=message.files,
    )


def _is_own(message: Message, start: Reading, directory: Directory, known: Known) -> bool:
    """Tell whether this is a mail of ours that came back, redirected by a colleague or a rule of a mail server.

    It is known by its Message-ID, by the mark that a machine wrote it, or by a code of ours above which nobody wrote
    anything.  Whatever else comes from our address a person wrote, who sits at this mailbox.
    """
    if start.message_id and start.message_id in known.by_message_id:
        return True
    if (start.from_email or "").lower() != directory.mailbox.lower():
        return False
    own = split(message.plain or message.text).own.text.strip()
    repeats = bool(codes_in(own) if own else codes_in(message.plain, message.text))
    return start.automatic or (repeats and not word_of(message.subject))


def _own_case(start: Reading, known: Known) -> str | None:
    ours = known.by_message_id.get(start.message_id or "")
    return (ours.case if ours else "") or tagged_number(start.subject, known)


def _notices_in(text: str, known: Known) -> tuple[SentNotice, ...]:
    """Return the mails of ours that a report names by their Message-IDs or proof codes."""
    named = (known.by_message_id.get(one) for one in message_ids([text.encode()]))
    coded = (known.by_code.get(one) for one in codes_in(text))
    return tuple(dict.fromkeys(one for one in (*named, *coded) if one))


def _complaint(message: Message, thread: Thread, start: Reading, directory: Directory) -> Reading:
    origin = find_origin(message, thread, directory)
    source = Source(
        origin.text,
        origin.subject,
        origin.name,
        origin.email,
        start.sent_at,
        origin.notes,
        message.forms,
    )
    found = read_facts(source, directory)
    return replace(
        start,
        kind=MailKind.COMPLAINT,
        forwarded=origin.forwarded,
        contact=found.contact,
        facts=found.facts,
        items=found.items,
        forms=message.forms,
        reasons=found.reasons,
        places=found.places.of,
        unsure=found.places.unsure,
        text=origin.text,
        notes=origin.notes,
        language=language_of(origin.text or start.subject),
    )


def _reply(message: Message, thread: Thread, start: Reading, claim: Proof | None, directory: Directory) -> Reading:
    role = claim.role if claim and claim.proved else vouched_role(message.mime, directory)
    is_button = bool(word_of(message.subject))
    own = own_words(thread.own.text, start.from_name)
    text = replies.button_text(own) if is_button else own
    sections = {} if is_button else _sections(message, thread, own, role)
    has_report = any(file.name.lower().endswith(REPORT_ENDINGS) for file in start.evidence) and _speaks_of_report(
        text, start
    )
    if is_button:  # a word of the profile's own is for the process to understand
        pressed = replies.button_intent(message.subject) or Intent.UNKNOWN
        intent = Intent.UNKNOWN if role is FromRole.STRANGER else pressed
    else:
        intent = replies.intent_of(text, role, sections, has_report=has_report)
        if intent is Intent.UNKNOWN and role is FromRole.QUALITY and sections:
            intent = Intent.ANSWER
    goes_to = replies.transfer_to(text, directory, directory.department_of(start.from_email or ""))
    asks = replies.says(HANDED_ON[role], text) if role in HANDED_ON else False
    if intent is Intent.UNKNOWN and goes_to and asks:
        intent = Intent.TRANSFER
    moves = intent in {Intent.DISPUTE, Intent.TRANSFER}
    return replace(
        start,
        kind=MailKind.REPLY,
        text=text,
        language=language_of(text or start.subject),
        reply=Reply(
            from_role=role,
            intent=intent,
            sections=sections if intent is Intent.ANSWER else {},
            text=text,
            transfer_to=goes_to if moves else None,
            code=claim.code if claim else None,
            answers=claim.notice if claim and claim.proved else None,
            others=claim.others if claim and claim.proved else (),
        ),
    )


def _speaks_of_report(text: str, start: Reading) -> bool:
    named = any(word in file.name.lower() for file in start.evidence for word in ("8d", "报告", "報告", "report"))
    return named or replies.says(ATTACHED, text)


def _sections(message: Message, thread: Thread, own: str, role: FromRole) -> dict[str, str]:
    """Return the sections written in the mail, else those filled into the quoted form, else those of a file."""
    kept = {line.strip() for line in own.split("\n")}
    found = replies.sections_of((quoted, line) for quoted, line in thread.lines if quoted or line.strip() in kept)
    if found or role is not FromRole.DEPARTMENT:
        return found
    return _from_files(message) or _filled_form(thread, own) or _from_table(message)


def _filled_form(thread: Thread, own: str) -> dict[str, str]:
    """Two filled headings in the quoted form are an answer; what stands in our own footer fills none."""
    if not thread.below or (own.strip() and not replies.says(r"见下|如下|已填|below|见附|填", own)):
        return {}
    form = OUR_FOOTER.split(own_words(thread.below[0].text))[0]
    found = replies.sections_of((False, line) for line in form.split("\n") if not codes_in(line))
    return found if len(found) > 1 else {}


def _from_table(message: Message) -> dict[str, str]:
    """Read sections written into a table of the mail, whose cells the plain text tears apart."""
    if not has_table(message.html):
        return {}
    own = own_words(split(message.text).own.text)
    return replies.sections_of((False, line) for line in own.split("\n"))


def _from_files(message: Message) -> dict[str, str]:
    """Read the sections of an 8D that is attached as a Word, Excel or PDF file."""
    found = (replies.sections_of((False, line) for line in lines) for lines in answers_in(message.files))
    return next((sections for sections in found if sections), {})


def as_json(reading: Reading) -> dict[str, Any]:
    """Return the reading under exactly the keys that `kesu parse --json` prints."""
    return {
        "kind": reading.kind.value,
        "subject": reading.subject,
        "from_email": reading.from_email,
        "forwarded": reading.forwarded,
        "contact": _contact(reading.contact),
        **{key: reading.facts.get(key) for key in FACT_KEYS},
        "evidence_attachments": [file.name for file in reading.evidence],
        "items": [{key: getattr(item, key) for key in ITEM_KEYS} for item in reading.items],
        "case_ref": reading.case_ref,
        "reply": _reply_json(reading.reply) if reading.reply else None,
        "failed_recipient": reading.failed_recipient,
        "permanent": reading.permanent,
    }


def _contact(contact: Contact) -> dict[str, str | None]:
    return {"name": contact.name, "email": contact.email, "phone": contact.phone}


def _reply_json(reply: Reply) -> dict[str, Any]:
    return {
        "from_role": reply.from_role.value,
        "intent": reply.intent.value,
        "sections": dict(reply.sections),
        "text": reply.text,
        "transfer_to": reply.transfer_to,
    }
