"""Asking a person, Chinese first and English second; the terminal stands behind `Talk`, so that a test can answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from daemon.config.parts import ADDRESS, SPECIAL

LONGEST = 200


class Talk(Protocol):
    """What setting up needs of a terminal."""

    def tell(self, text: str) -> None:
        """Show a text."""
        ...

    def ask(self, question: str) -> str:
        """Return what the person types, without the line's end.  Raises EOFError."""
        ...

    def ask_secret(self, question: str) -> str:
        """Return what the person types, which is not shown.  Raises EOFError."""
        ...


def line(talk: Talk, zh: str, en: str, default: str = "", *, optional: bool = False) -> str:
    """Return one line without control characters; an empty answer takes the default."""
    shown = f" [{default}]" if default else ""
    while True:
        said = talk.ask(f"{zh}\n{en}{shown}: ").strip() or default
        if len(said) <= LONGEST and said.isprintable() and (said or optional):
            return said
        talk.tell("请填写一行文字。\nPlease type one line of text.")


def address(talk: Talk, zh: str, en: str, default: str = "", *, taken: Sequence[str] = ()) -> str:
    """Return a mail address that is none of those taken."""
    while True:
        said = line(talk, zh, en, default)
        if not ADDRESS.fullmatch(said) or SPECIAL.search(said):
            talk.tell("这不是邮箱地址，写成 name@company.com 的样子。\nWrite a mail address, like name@company.com.")
        elif said.lower() in {one.lower() for one in taken}:
            talk.tell(f"{said} 已经用过了，请给另一个。\n{said} is taken already; give another one.")
        else:
            return said


def yes(talk: Talk, zh: str, en: str, *, default: bool) -> bool:
    """Return a yes or no."""
    while True:
        said = talk.ask(f"{zh}\n{en} [{'Y/n' if default else 'y/N'}]: ").strip().lower()
        if not said:
            return default
        if said in ("y", "yes", "是", "n", "no", "否"):
            return said in ("y", "yes", "是")


def choice(talk: Talk, zh: str, en: str, rows: Sequence[str], default: int = 0) -> int:
    """Return the index of the row that the person chooses by number."""
    talk.tell("\n".join(f"{number:3}  {row}" for number, row in enumerate(rows, 1)))
    while True:
        said = line(talk, zh, en, str(default + 1))
        if said.isdigit() and 1 <= int(said) <= len(rows):
            return int(said) - 1


def number(talk: Talk, zh: str, en: str, default: int) -> int:
    """Return a port."""
    while True:
        said = line(talk, zh, en, str(default))
        if said.isdigit() and 0 < int(said) < 65536:
            return int(said)


def secret(talk: Talk, zh: str, en: str) -> str:
    """Return a password, never shown."""
    while True:
        said = talk.ask_secret(f"{zh}\n{en}: ").strip()
        if said and said.isprintable():
            return said
