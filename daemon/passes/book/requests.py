"""Verdicts typed in the ledger that are another's to give: who is entitled is asked to confirm them by mail."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from daemon.core.addressing import about, notice_to, owners_of
from daemon.core.case import Case
from daemon.core.commands import Choose, Context
from daemon.core.fields import BY_KEY
from daemon.core.notice import Notice
from daemon.core.roles import Recipient, recipients
from daemon.ledger.wished import Request


def asked_for(requests: Iterable[Request], case: Case, context: Context) -> Iterator[Notice]:
    """Yield a mail to everybody who may confirm a verdict, with the buttons of its step; who presses one decides."""
    for one in requests:
        for to in _entitled(one, case, context):
            yield _notice(one, to, case, context)


def _entitled(request: Request, case: Case, context: Context) -> tuple[Recipient, ...]:
    """Return the owners of the step, of a case that is to be cancelled those who may do that."""
    step = context.process.task(request.command.step) if isinstance(request.command, Choose) else None
    if step:
        return owners_of(step, case, context)
    roles = context.process.who_may("cancel")
    return tuple(dict.fromkeys(one for role in roles for one in recipients(role, case, context.directory)))


def _notice(request: Request, to: Recipient, case: Case, context: Context) -> Notice:
    step = context.process.task(request.command.step) if isinstance(request.command, Choose) else None
    outside = not context.directory.is_colleague(to.address)
    notice = notice_to("ledger_request_customer" if outside else "ledger_request", to, case)
    values = {
        "column": BY_KEY[request.keys[0]].title(to.language),
        "value": request.value,
        "reason": request.command.reason,
    }
    asked = replace(notice, urgent=True, values=values)
    return replace(asked, about=about([step]), steps=(step.id,)) if step else asked
