"""A complaint in an old thread: who answers there and tells of another product or symptom complains anew."""

from __future__ import annotations

import re
from dataclasses import replace

from daemon.core.alike import defects_differ, names_defect, same_codes, same_symptom
from daemon.core.case import Case
from daemon.core.directory import Directory
from daemon.intake.buttons import word_of
from daemon.intake.reading import FromRole, Intent, Reading
from daemon.passes.letters import Letter

SAYS_MORE = frozenset({Intent.UNKNOWN, Intent.ACKNOWLEDGE, Intent.ANSWER, Intent.DISSATISFIED})
ANEW = re.compile(
    r"另外|另一|另有|此外|又发现|又发生|又出现|新的?问题|其他问题|其它问题|这次|此次|本次|別的|别的|另案|"
    r"(?i:\b(?:another|also found|new (?:issue|problem|defect|complaint)|this time|in addition|besides)\b)"
)
CORRECTS = re.compile(r"更正|订正|訂正|勘误|应为|應為|写错|寫錯|(?i:\bcorrection\b|\bshould (?:be|read)\b)")


def another_complaint(letter: Letter) -> Letter | None:
    """Return the mail read as a complaint of its own, None when it goes on about its case."""
    case, reply, desk = letter.case(), letter.reading.reply, letter.desk
    if case is None or reply is None or reply.intent not in SAYS_MORE or word_of(letter.reading.subject):
        return None
    if not _may_complain(reply.from_role, letter.reading.from_email or "", desk.directory):
        return None
    read = desk.reader.read_as_complaint(desk.store.blob(letter.record.sha256), desk.directory_at(letter.now))
    return replace(letter, reading=read) if tells_of_another(read, case) else None


def tells_of_another(read: Reading, case: Case) -> bool:
    """Tell whether a mail says that something else was found, and names the defect and what differs from the case.

    What the case does not know yet is no other; nor is what somebody corrects.  In doubt the mail goes on about its
    case: people read it there, while a case too many makes departments work.
    """
    wrong = _told_anew(str(read.facts.get("phenomenon", "")), read.text)
    if not names_defect(wrong) or CORRECTS.search(read.text):
        return False
    return _other_product(read, case) or defects_differ(wrong, case.text("phenomenon"))


def _told_anew(wrong: str, text: str) -> str:
    """Return what of the symptom stands behind the words that something else was found, empty without such words."""
    anew = ANEW.search(text)
    at = text.rfind(wrong.partition("\n")[0])
    return wrong[max(0, anew.start() - at) :] if anew and at >= 0 else ""


def _other_product(read: Reading, case: Case) -> bool:
    part, product = str(read.facts.get("part_no", "")), str(read.facts.get("product_name", ""))
    if part and case.text("part_no"):
        return not same_codes(part, case.text("part_no"))
    return bool(product and case.text("product_name")) and not same_symptom(product, case.text("product_name"))


def _may_complain(role: FromRole, address: str, directory: Directory) -> bool:
    """Tell whether this is a customer, as far as is known, or somebody who passes on what customers say."""
    if directory.is_colleague(address):
        return directory.department_of(address) == directory.sales
    return role is not FromRole.STRANGER
