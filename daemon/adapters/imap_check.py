"""An IMAP mailbox tried out for `kesu check`: connection, login, inbox, folders.  Changes nothing."""

from __future__ import annotations

from daemon.adapters.findings import Finding
from daemon.adapters.imap_faults import BROKEN, finding
from daemon.adapters.imap_quota import quota_findings
from daemon.adapters.imap_session import ImapAccount, Refused, Session

MANY = 200  # mails in an inbox that are rather the past than the present


def check(account: ImapAccount) -> tuple[Finding, ...]:
    """Try a mailbox out and change nothing: connection, login, inbox, folders."""
    findings: list[Finding] = []
    try:
        session = Session(account)
        try:
            findings.append(Finding(ok=True, what=f"{account.endpoint}: logged in as {account.user}"))
            findings += _id_finding(session)
            session.select(readonly=True)
            findings += quota_findings(session)
            findings.append(_inbox_finding(session))
            names = (account.done_folder, account.aside_folder, account.sent_folder)
            findings += [_folder_finding(session, name) for name in names if name]
        finally:
            session.end()
    except (Refused, *BROKEN) as error:
        findings.append(finding(account, error))
    return tuple(findings)


def _id_finding(session: Session) -> tuple[Finding, ...]:
    """Say that the server did not want to know who we are; some then refuse to open the inbox."""
    if not session.id_refused:
        return ()
    what = f"{session.account.endpoint}: the server refused ID ({session.id_refused}); that alone does no harm"
    return (Finding(ok=True, what=what),)


def _inbox_finding(session: Session) -> Finding:
    """Say how many mails lie in the inbox and would be read, and what to do when these are the mail of years."""
    account, lying = session.account, session.uids()
    days = session.days(lying) if account.since else {}
    read = len(lying) - sum(1 for day in days.values() if account.since and day < account.since)
    what = f"{account.inbox}: {len(lying)} mails"
    what += f", {read} of them since {account.since}" if account.since else ""
    if read <= MANY:
        return Finding(ok=True, what=what)
    advice = "each that kesu has not read yet is read; to begin with today's, write its date as `since` in [mail_in]"
    return Finding(ok=True, what=what, advice=advice)


def _folder_finding(session: Session, name: str) -> Finding:
    full_name = session.full_name(name)
    there = session.exists(full_name)
    return Finding(
        ok=True, what=f"folder {full_name}: " + ("there" if there else "made when the first mail goes there")
    )
