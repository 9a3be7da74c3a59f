"""Find in a thread the mail of the person who really complains, and the notes of those who passed it on."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from daemon.core.directory import Directory
from daemon.intake.headers import Mailbox, header
from daemon.intake.html import MAILTO, TAG
from daemon.intake.message import Message
from daemon.intake.people import person_name
from daemon.intake.quotes import Level, Thread, split
from daemon.intake.sender import sender

FORWARD = re.compile(r"(?i)^\s*(?:(?:re|回复|答复)\s*[:：]\s*)*(?:fwd?|wg|转发|轉寄|轉發|转寄|tr|rv)\s*[:：]?")
MOST_ATTACHED, MOST_READ = 20, 500_000  # mails, characters
TOKENS = re.compile(r"[a-z]{2,}")


@dataclass(frozen=True, slots=True)
class Origin:
    """The complaining mail of a thread: its text, subject and writer; `notes` of the people above it."""

    text: str
    subject: str
    name: str | None
    email: str | None
    notes: tuple[str, ...] = ()
    forwarded: bool = False


def levels_of(message: Message, thread: Thread) -> tuple[Level, ...]:
    """Return the mails below the sender's own words: quoted ones, then attached ones with what they quote."""
    attached: list[Level] = []
    for mail in _attached(message):
        inner = split(mail.text)
        head = {"from": header(mail.mime, "From"), "subject": mail.subject, "to": header(mail.mime, "To")}
        attached += [Level(inner.own.lines, head), *inner.below]
    return (*thread.below, *attached)


def _attached(message: Message) -> Iterator[Message]:
    """Yield the attached mails, each before those attached to it, as far as people read: a few, or a few long ones."""
    read = 0
    for mail in islice(_mails_in(message), MOST_ATTACHED):
        if read > MOST_READ:
            return
        read += 4 * len(mail.plain) + len(mail.html)  # four fifths of HTML are markup
        yield mail


def _mails_in(message: Message) -> Iterator[Message]:
    for mail in message.mails:
        yield mail
        yield from _mails_in(mail)


def is_ours(email: str | None, name: str | None, directory: Directory) -> bool:
    """Tell whether a person is a colleague: by address, by name, or by the name spelt as in an address."""
    if email and directory.is_colleague(email):
        return True
    shown = person_name(name) or ""
    if shown and directory.named(shown):
        return True
    words = sorted(TOKENS.findall(shown.lower()))
    return len(words) > 1 and any(
        words == sorted(TOKENS.findall(address.partition("@")[0].lower()))
        for person in directory.people.values()
        for address in person.emails
    )


def find_origin(message: Message, thread: Thread, directory: Directory) -> Origin:
    """Unwrap forwards down to the person who complains; a mail that forwards nothing is its own origin."""
    found = sender(message.mime) or Mailbox("")
    levels = levels_of(message, thread)
    ours = is_ours(found.email, found.name, directory)
    at = _chosen(levels, directory) if ours or _hands_on(message, thread, levels) else None
    if at is None:
        return Origin(thread.own.text, message.subject, found.name, found.email or None)
    level = levels[at]
    notes = (thread.own.text, *(one.text for one in levels[:at] if _by_us(one, directory)))
    email = level.email or _addresses(message.html).get(level.name or "")
    return Origin(level.text, level.head.get("subject", message.subject), level.name, email, notes, forwarded=ours)


def _hands_on(message: Message, thread: Thread, levels: Sequence[Level]) -> bool:
    """Tell whether an outsider forwards a complaint and adds next to nothing."""
    return bool(levels and FORWARD.match(message.subject) and len(thread.own.text) < 120)


def _chosen(levels: Sequence[Level], directory: Directory) -> int | None:
    """Return the first mail from outside, or the one below it that it only passes on."""
    chosen = next((n for n, one in enumerate(levels) if one.text and not _by_us(one, directory)), None)
    while chosen is not None and chosen + 1 < len(levels) and _passes_on(levels[chosen], levels[chosen + 1], directory):
        chosen += 1
    return chosen


def _by_us(level: Level, directory: Directory) -> bool:
    return is_ours(level.email, level.name, directory)


def _passes_on(level: Level, below: Level, directory: Directory) -> bool:
    if _by_us(below, directory) or not below.text:
        return False
    forwards = bool(FORWARD.match(level.head.get("subject", "")))
    return forwards and len(level.text) < max(120, len(below.text))


def _addresses(html: str) -> dict[str, str]:
    """Return the addresses that the HTML links names to, where the text shows names only."""
    return {TAG.sub("", shown).strip(): address for address, shown in MAILTO.findall(html[:200_000])}
