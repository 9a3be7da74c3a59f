"""What holds mails together: proof codes, Message-IDs, threads and the tag in the subject.  Pure."""

from __future__ import annotations

import re
from base64 import b32encode
from dataclasses import dataclass

from daemon.core.case import Case

CODE = re.compile(r"KS-[A-Z2-7]{4}(?:-[A-Z2-7]{4}){3}")
CODE_BYTES = 10
MESSAGE_ID = re.compile(r"<[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,200}@[A-Za-z0-9.:\[\]_-]{1,200}>")
TAGS = {"zh-CN": "[客诉 {}]", "zh-TW": "[客訴 {}]"}


@dataclass(frozen=True, slots=True)
class Thread:
    """Where a mail belongs: the headers In-Reply-To and References, empty when it starts a thread."""

    in_reply_to: str = ""
    references: tuple[str, ...] = ()


class WrongEntropy(ValueError):
    """A proof code was asked for with too few or too many random bytes."""

    def __init__(self, count: int) -> None:
        super().__init__(f"a proof code is made of {CODE_BYTES} random bytes, not of {count}")


def new_code(random_bytes: bytes) -> str:
    """Return a proof code KS-XXXX-XXXX-XXXX-XXXX of 80 random bits in base32 (RFC 4648).

    Raises WrongEntropy unless there are ten bytes.
    """
    if len(random_bytes) != CODE_BYTES:
        raise WrongEntropy(len(random_bytes))
    word = b32encode(random_bytes).decode("ascii")
    return "-".join(("KS", *(word[i : i + 4] for i in range(0, 16, 4))))


def message_id(case_number: str, purpose: str, code: str, domain: str) -> str:
    """Return the Message-ID of a mail (RFC 5322); its proof code is in it, and `code_in` finds it there."""
    parts = (_safe(case_number), _safe(purpose), _safe(code.replace("-", "")))
    return f"<{'.'.join(part for part in parts if part)}@{domain.lower()}>"


def code_in(text: str) -> str | None:
    """Return the proof code that stands in a Message-ID of ours or in a text, in its written form."""
    found = CODE.search(text)
    if found:
        return found[0]
    hidden = re.search(r"\.ks([a-z2-7]{16})@", text)
    return "-".join(("KS", *(hidden[1].upper()[i : i + 4] for i in range(0, 16, 4)))) if hidden else None


def thread_root(case_number: str, domain: str) -> str:
    """Return the Message-ID that all mails to colleagues about a case refer to; no mail carries it."""
    return f"<{_safe(case_number)}.case@{domain.lower()}>"


def thread_of(case: Case | None, domain: str, *, outsider: bool) -> Thread:
    """Return the thread of a mail: the customer's own mail for outsiders, the root of the case for colleagues.

    A foreign Message-ID that is not well-formed is left out rather than sent on.
    """
    if case is None:
        return Thread()
    root = case.message_id.strip() if outsider else thread_root(case.number, domain)
    return Thread(root, (root,)) if MESSAGE_ID.fullmatch(root) else Thread()


def tag(case_number: str, language: str = "zh-CN") -> str:
    """Return the mark in the subject by which people, and a mail without headers, are filed: [客诉 2611003]."""
    return TAGS.get(language, "[Complaint {}]").format(case_number) if case_number else ""


def desk_tag(language: str = "zh-CN") -> str:
    """Return the mark of what people write to the desk itself, about no case: [客诉]."""
    return TAGS.get(language, "[Complaint {}]").format("").replace(" ]", "]")


def _safe(text: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", text.lower()).strip("-")
