"""Copies of what was sent, laid into a folder of the mailbox: read, with their date, and looked for when in doubt."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

from daemon.adapters.findings import server_words
from daemon.adapters.imap_session import Refused, Session, Step, asking

NEWEST = 300  # mails looked through where the server does not search
_MESSAGE_ID = re.compile(rb"^message-id:\s*(<[^>\r\n]*>)", re.IGNORECASE | re.MULTILINE)


def sent_folder(session: Session, name: str) -> str:
    """Return the server's name of the sent folder: as it stands there, or else as one of ours, which is made."""
    return name if session.exists(name) else session.folder(name)


def append_sent(session: Session, raw: bytes, at: datetime, message_id: str = "") -> None:
    """Append a mail to the account's sent folder; with a Message-ID only when no mail there carries it.

    Raises Refused, imaplib's abort and OSError.
    """
    folder = sent_folder(session, session.account.sent_folder)
    if message_id and _holds(session, folder, message_id):
        return
    with asking(Step.APPEND):
        session.box.append(raw, folder, at, [r"\Seen"])


def _holds(session: Session, folder: str, message_id: str) -> bool:
    """Tell whether a mail in the folder has this Message-ID; what SEARCH finds is looked at, for some find anything."""
    with asking(Step.APPEND):
        count = int(session.box.folder.set(folder, readonly=True)[1][0] or 0)
    try:
        found = _asked(session, "SEARCH", "HEADER", "Message-ID", f'"{message_id}"')
        uids = b" ".join(part for part in found if isinstance(part, bytes)).split()[-NEWEST:]
        return bool(uids) and _is_in(session.box.client.uid("FETCH", b",".join(uids).decode(), _WANTED), message_id)
    except Refused:
        newest = f"{max(1, count - NEWEST + 1)}:*"
        return count > 0 and _is_in(session.box.client.fetch(newest, _WANTED), message_id)


_WANTED = "(BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)])"


def _asked(session: Session, command: str, *arguments: str) -> list[Any]:
    with asking(Step.APPEND):
        status, answer = session.box.client.uid(command, *arguments)
    if status != "OK":
        raise Refused(Step.APPEND, server_words(answer))
    return list(answer)


def _is_in(answer: tuple[str, list[Any]], message_id: str) -> bool:
    headers = [part[1] for part in answer[1] if isinstance(part, tuple)]
    return any(found[1] == message_id.encode() for one in headers if (found := _MESSAGE_ID.search(one)))
