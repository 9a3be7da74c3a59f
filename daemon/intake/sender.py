"""Who sent this mail, and what proves it: strict From, our Message-IDs and codes, our server.  Decides no rights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from email.message import Message as Mime

from daemon.core.directory import Directory, SenderProof
from daemon.intake.authentication import findings, is_forged, vouches_for
from daemon.intake.belonging import same_subject
from daemon.intake.headers import Mailbox, message_ids, raw_values, strict_mailbox
from daemon.intake.reading import FromRole, Known, SentNotice

CODE = re.compile(r"(?i)(?<![A-Z0-9-])KS-?((?:[A-Z2-7]{4}-){3}[A-Z2-7]{4})(?![A-Z0-9-])")
REVIEW_PURPOSES = re.compile(r"review|approv|verif|audit|close|effect|check|escalat|审|验证|结案")

ASKED_TO_WORK = frozenset({"notice", "review"})  # a supplier is asked for that, a customer never is


@dataclass(frozen=True, slots=True)
class Proof:
    """What a mail answers: a notice of ours, proved when its sender was entitled to answer it.

    `message_id` is the notice's, where In-Reply-To names it.  `others` are notices about other cases of which the mail
    proves to be an answer just as well.
    """

    notice: SentNotice
    role: FromRole
    code: str | None = None
    message_id: str = ""
    others: tuple[SentNotice, ...] = ()

    @property
    def proved(self) -> bool:
        """Tell whether the sender is known to be who he says."""
        return self.role is not FromRole.STRANGER


def sender(mime: Mime) -> Mailbox | None:
    """Return the one mailbox that sent this mail; None when From is missing, double or could be read two ways."""
    values = raw_values(mime, "From")
    return strict_mailbox(values[0]) if len(values) == 1 else None


def vouched_role(mime: Mime, directory: Directory) -> FromRole:
    """Return in what capacity a colleague writes who proves it by no answer, where config takes other proof.

    That is our own mail server's word, or the address alone; STRANGER without either, and outside of the directory.
    """
    found = sender(mime)
    address = found.email.lower() if found else ""
    if not (directory.person(address) or directory.department_of(address)):
        return FromRole.STRANGER
    results = findings(mime, directory.authserv_id)
    vouched = {
        SenderProof.ANSWER: False,
        SenderProof.RESULTS: vouches_for(address, results),
        SenderProof.ADDRESS: not is_forged(results),
    }
    return _own_role(address, directory) if vouched[directory.sender_proof] else FromRole.STRANGER


def codes_in(*texts: str) -> tuple[str, ...]:
    """Return the proof codes in the texts, in the form in which we send them."""
    return tuple(f"KS-{match[1].upper()}" for text in texts for match in CODE.finditer(text))


def proof(mime: Mime, texts: tuple[str, ...], directory: Directory, known: Known) -> Proof | None:
    """Return what the mail answers, the best proof first; None when it names nothing of ours.

    `texts` begin with the subject.  In-Reply-To decides; of several cases that References or codes name, the newest.
    """
    found = sender(mime)
    forged = is_forged(findings(mime, directory.authserv_id))
    address = found.email.lower() if found and not forged else ""
    claims = [replace(one, role=_role(address, one.notice, directory)) for one in _claims(mime, texts, known)]
    best = [one for one in claims if one.proved] or claims
    if not best or best[0].message_id:
        return best[0] if best else None
    newest = known.newest(one.notice.case for one in best)
    chosen = next(one for one in best if one.notice.case == newest)
    return replace(chosen, others=tuple(one.notice for one in best if one.notice.case != newest))


def _claims(mime: Mime, texts: tuple[str, ...], known: Known) -> Iterator[Proof]:
    """Yield the notices that a mail names; References count only where the subject is still that of the notice."""
    answered = message_ids(raw_values(mime, "In-Reply-To"))
    for one in answered:
        if one in known.by_message_id:
            yield Proof(known.by_message_id[one], FromRole.STRANGER, message_id=one)
    for one in reversed(message_ids(raw_values(mime, "References"))):
        if one not in answered and one in known.by_message_id and is_about(one, texts[0], known):
            yield Proof(known.by_message_id[one], FromRole.STRANGER)
    for code in codes_in(*texts):
        notice = known.by_code.get(code) or known.by_code.get(code.lower())
        if notice:
            yield Proof(notice, FromRole.STRANGER, code)


def is_about(message_id: str, subject: str, known: Known) -> bool:
    """Tell whether a subject is that of a mail of ours, as far as that one is known."""
    ours = known.subject_of(message_id)
    return ours is None or same_subject(ours, subject)


def _role(address: str, notice: SentNotice, directory: Directory) -> FromRole:
    """Return the writer's role: a mail proves addressee, deputy and member of the mailbox it was sent to.

    Forwarded to somebody else it proves nothing.  All that the store knows has a code; a mail without one is of the
    list that `kesu parse --known` takes, whose contract lets the addressee's whole department answer.
    """
    to = {one.lower() for one in notice.to}
    if not address or not (address in to or _may_answer_for(address, to, directory, strict=bool(notice.code))):
        return FromRole.STRANGER
    if directory.is_colleague(address):
        return _colleague_role(address, notice, directory)
    return FromRole.DEPARTMENT if notice.about in ASKED_TO_WORK else FromRole.CUSTOMER


def _may_answer_for(address: str, to: set[str], directory: Directory, *, strict: bool) -> bool:
    person = directory.person(address)
    for one in to:
        addressee = directory.person(one)
        same_person = person is not None and person == addressee
        if same_person or (person and addressee and addressee.deputy in {person.id, person.name}):
            return True
        department = directory.department_of(one)
        if department and (not strict or department.email.lower() == one) and address in _addresses(directory, one):
            return True
    return False


def _addresses(directory: Directory, one: str) -> set[str]:
    department = directory.department_of(one)
    return {address.lower() for address in directory.addresses_of(department)} if department else set()


def _colleague_role(address: str, notice: SentNotice, directory: Directory) -> FromRole:
    """Return the role of a colleague: who answers a notice speaks for the responsible department."""
    if notice.about.startswith("notice"):
        return FromRole.DEPARTMENT
    own = _own_role(address, directory)
    return FromRole.QUALITY if own is FromRole.DEPARTMENT and REVIEW_PURPOSES.search(notice.about) else own


def _own_role(address: str, directory: Directory) -> FromRole:
    """Return what a colleague speaks for by the directory alone; who belongs to no department is above them."""
    own = directory.department_of(address)
    if own and own == directory.sales:
        return FromRole.SALES
    return FromRole.QUALITY if own in (None, directory.quality) else FromRole.DEPARTMENT
