"""A scenario told as a table: at a time somebody does something; then the case stands so, and these mails are out."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from daemon.demo.people import Received
from tests.desk import SHANGHAI, Office

Told = tuple[str, str]  # an address, and what a mail to it says


@dataclass(frozen=True)
class Does:
    """What a person does: press a button, or reply with words and files, to the last mail about a step."""

    step: str
    word: str = ""
    text: str = ""
    files: tuple[str, ...] = ()


def press(step: str, word: str, reason: str = "") -> Does:
    return Does(step, word, reason)


def reply(step: str, text: str, *files: str) -> Does:
    return Does(step, "", text, files)


WAIT = Does("")


@dataclass(frozen=True)
class Stands:
    """How the ledger shows a case, and what was mailed meanwhile; `due` is a local time."""

    status: str
    step: str
    due: str = ""
    told: tuple[Told, ...] = ()
    round: int = 1


def play(desk: Office, number: str, table: Iterable[tuple[str, str, Does, Stands]]) -> None:
    """Let people do what the table says, each at their time, and see after each that the case stands as it says."""
    for at, who, does, stands in table:
        desk.forget()
        desk.at(at)
        _do(desk, who, does)
        seen = standing(desk, number, stands.told)
        assert seen == stands, f"{at}: {[(mail.to, mail.subject) for mail in desk.sent]}"


def _do(desk: Office, who: str, does: Does) -> None:
    if not does.step:
        desk.tick()
        return
    if does.word:
        desk.press(who, _asked(desk, who, does), does.word, reason=does.text)
    else:
        desk.reply(who, _asked(desk, who, does), does.text, *does.files)


def _asked(desk: Office, who: str, does: Does) -> Received:
    """Return the last mail of the whole scenario about a step, one with the button that is to be pressed."""
    every = (Received(one.recipient, one.raw) for one in (*desk.forgotten, *desk.sender.sent))
    found = [one for one in every if one.to == who and does.step in one.subject + one.text]
    able = [one for one in found if any(does.word in button.subject.split() for button in one.buttons)]
    assert able if does.word else found, f"{who} was not asked about {does}: {[one.subject for one in found]}"
    return (able if does.word else found)[-1]


def standing(desk: Office, number: str, wanted: Iterable[Told] = ()) -> Stands:
    """Return how a case stands, with those of the wanted mails that are out."""
    row: dict[str, Any] = desk.row(number)
    due = row["due_at"].astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M") if row["due_at"] else ""
    told = tuple(one for one in wanted if desk.to(*one))
    return Stands(row["status"], row["next_step"] or "", due.removeprefix("2026-"), told, row["round"])
