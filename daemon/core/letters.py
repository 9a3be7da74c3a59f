"""Notices whose template is a letter of the profile become that letter, each with the name of its copy.  Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from daemon.core.case import Case
from daemon.core.commands import Context
from daemon.core.notice import Notice
from daemon.core.process import in_language
from daemon.core.roles import recipients

TEMPLATE = "letter"


def with_letters(notices: Iterable[Notice], case: Case, context: Context) -> tuple[Notice, ...]:
    """Return the notices; those that name a letter of the profile are written by the template of all letters."""
    return tuple(_letter(one, case, context) if one.template in context.process.letters else one for one in notices)


def _letter(notice: Notice, case: Case, context: Context) -> Notice:
    copies = context.process.letters[notice.template].copies
    held = [in_language(name, notice.language) for role, name in copies.items() if _holds(notice, role, case, context)]
    values = {**notice.values, "letter": notice.template, "copy": "、".join(held)}
    return replace(notice, template=TEMPLATE, values=values)


def _holds(notice: Notice, role: str, case: Case, context: Context) -> bool:
    return notice.recipient in {one.address for one in recipients(role, case, context.directory)}
