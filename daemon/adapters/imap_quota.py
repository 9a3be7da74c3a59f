"""How full a mailbox is (RFC 9208): a full one refuses to move and to file mails, and takes none from customers."""

from __future__ import annotations

import re

from daemon.adapters.findings import Finding, server_words
from daemon.adapters.imap_session import Session, Step, asking

NEARLY = 0.9
_RESOURCE = re.compile(r"\b(STORAGE|MESSAGE) (\d+) (\d+)")
_UNITS = {"STORAGE": "KiB", "MESSAGE": "mails"}


def quota_findings(session: Session) -> tuple[Finding, ...]:
    """Say how full the opened mailbox is, where the server tells; nothing is written to find it out."""
    if "QUOTA" not in session.box.client.capabilities:
        return ()
    with asking(Step.SELECT):
        answer = session.box.client.getquotaroot(session.full_name(session.account.inbox))[1]
    found = _RESOURCE.findall(server_words(answer[1] if len(answer) > 1 else answer).upper())
    return tuple(_finding(session, name, int(used), int(most)) for name, used, most in found if int(most))


def _finding(session: Session, name: str, used: int, most: int) -> Finding:
    what = f"{session.account.endpoint}: the mailbox holds {used} of {most} {_UNITS[name]} ({used / most:.0%})"
    if used < most * NEARLY:
        return Finding(ok=True, what=what)
    advice = "delete old mails (empty 已删除 too) or have it enlarged; a full mailbox takes no complaint and moves none"
    return Finding(ok=False, what=f"{what}: it is {'full' if used >= most else 'nearly full'}", advice=advice)
