"""Which mails an earlier try has copied into a folder already: for servers that cannot move but copy and delete."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from daemon.adapters.imap_answers import sizes_in
from daemon.adapters.imap_session import Refused, Session, Step, asking

NEWEST = 300  # mails looked through: what a try left behind is among the last that came into the folder


def copied(session: Session, uids: Collection[int], target: str) -> set[int]:
    """Return those mails of the inbox that lie in the folder `target` too, with the same size and the same headers.

    Each way of a mail leaves other headers (Received), so that a second delivery is no copy.  The inbox is selected
    again.  Raises Refused, imaplib's abort and OSError.
    """
    ours, numbered = session.sizes(uids), session.uidvalidity
    theirs = _heads_there(session, target, set(ours.values()))
    if session.select() != numbered:
        raise Refused(Step.MOVE, "the server has renumbered its mails meanwhile")
    alike = [uid for uid, size in ours.items() if size in theirs]
    heads = session.heads(alike)
    return {uid for uid in alike if heads.get(uid, b"") in theirs[ours[uid]]}


def _heads_there(session: Session, target: str, wanted: Collection[int]) -> Mapping[int, Collection[bytes]]:
    """Return the headers of the newest mails in a folder that have one of these sizes, by size."""
    try:
        with asking(Step.MOVE):
            count = int(session.box.folder.set(target, readonly=True)[1][0] or 0)
            first = f"{max(1, count - NEWEST + 1)}:*"
            newest = session.box.client.fetch(first, "(UID RFC822.SIZE)")[1] if count else []
    except Refused:
        return {}  # it is made when the mails are copied
    sizes = sizes_in(newest)
    alike = [uid for uid, size in sizes.items() if size in wanted]
    found: dict[int, set[bytes]] = {}
    for uid, head in session.heads(alike).items():
        found.setdefault(sizes[uid], set()).add(head)
    return found
