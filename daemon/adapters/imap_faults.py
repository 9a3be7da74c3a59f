"""Why an IMAP mailbox cannot be used, and what to do about it, by the step that failed: a table."""

from __future__ import annotations

import imaplib
from collections.abc import Mapping
from typing import Final

from imap_tools import ImapToolsError

from daemon.adapters.findings import Finding, connection_fault, hide
from daemon.adapters.imap_account import ImapAccount, Refused, Step
from daemon.adapters.providers import advised

# The last three are what the libraries make of an answer that no standard knows.
BROKEN: Final = (imaplib.IMAP4.error, ImapToolsError, OSError, ValueError, AttributeError, LookupError, TypeError)
LOST: Final = (imaplib.IMAP4.abort, OSError)

_ADVICE: Mapping[Step, str] = {
    Step.STARTTLS: "set security to tls (port 993), or have STARTTLS switched on at the server",
    Step.LOGIN: (
        "check user and password; QQ, 163, 126 and Tencent/NetEase company mail want an authorization code (授权码) "
        "made in the web mail's settings where IMAP is switched on, not the password"
    ),
    Step.OAUTH: (
        "run `kesu login` again; with an app of its own (flow = app) check that it may use this mailbox: "
        "IMAP.AccessAsApp with admin consent, New-ServicePrincipal and Add-MailboxPermission in Exchange Online"
    ),
    Step.SELECT: (
        "check the name in inbox (the inbox itself is INBOX), and the rights of this account; "
        "163 and 126: switch IMAP on in the web mail's settings"
    ),
    Step.SEARCH: "it is tried again; if it stays so, ask who runs the server",
    Step.FETCH: "it is tried again; if it stays so, ask who runs the server",
    Step.FOLDER: "make the folder in the web mail, or choose another name for it",
    Step.APPEND: "check that the mailbox is not full, and sent_folder in [mail_in]; mails are sent all the same",
    Step.MOVE: "check that the mailbox is not full and that this account may move mails",
}


def finding(account: ImapAccount, error: Exception) -> Finding:
    """Say why a mailbox cannot be used, without its password, and what to do."""
    if not isinstance(error, Refused):
        found = connection_fault(account.endpoint, error)
        return Finding(ok=False, what=hide(found.what, account.password), advice=found.advice)
    advice = _ADVICE[error.step]
    if error.step in (Step.LOGIN, Step.OAUTH, Step.SELECT) and not error.ours:
        advice = advised(account.host, advice)
    return Finding(ok=False, what=hide(f"{account.endpoint}: {error}", account.password), advice=advice)
