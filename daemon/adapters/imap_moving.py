"""Mails moved from the inbox to another folder, as well as the server can do it; what people marked stays marked."""

from __future__ import annotations

from collections.abc import Collection

from imap_tools.utils import encode_folder

from daemon.adapters.imap_answers import uid_set
from daemon.adapters.imap_copied import copied
from daemon.adapters.imap_session import Refused, Session, Step

BATCH = 100
TRIES = 3


def move(session: Session, uids: Collection[int], folder: str) -> None:
    """Move those mails that are still there, in batches, to a folder named as in the configuration.

    Raises Refused, when some could not be moved; the others are.
    """
    waiting = sorted(uids)
    refusals = [_move_some(session, waiting[at : at + BATCH], folder) for at in range(0, len(waiting), BATCH)]
    for refusal in filter(None, refusals):
        raise refusal


def bring_forward(session: Session, raw: bytes, source: str, target: str) -> bool:
    """Move the mail with these bytes from one folder of ours to another; tell whether it was there.

    The store knows a mail by its place in the inbox; in a folder that it was moved to its bytes tell which it is.
    """
    if not session.open(source):
        return False
    for uid in session.of_size(len(raw)):
        if session.bodies([uid]).get(uid) == raw:
            _move_to(session, [uid], target)
            return True
    return False


def _move_some(session: Session, uids: list[int], folder: str) -> Refused | None:
    """Move a batch; when it is refused each mail alone, so that one that cannot be moved keeps no other back."""
    present = session.present(uids)
    if not present:
        return None
    try:
        _move_to(session, present, folder)
    except Refused as refusal:
        if refusal.temporary or len(present) == 1:
            raise  # a mailbox too full for all of them may hold one copy at a time
        return _one_by_one(session, present, folder, refusal)
    return None


def _one_by_one(session: Session, uids: list[int], folder: str, refusal: Refused) -> Refused | None:
    moved, stuck = 0, 0
    for uid in session.present(uids):  # some servers move a part of a batch before they refuse
        try:
            _move_to(session, [uid], folder)
            moved += 1
        except Refused:
            stuck += 1
            if stuck == TRIES and not moved:
                raise  # the trouble is the folder's or the server's, not that of one mail
    return refusal if stuck else None


def _move_to(session: Session, uids: list[int], folder: str) -> None:
    try:
        _move_batch(session, uids, session.folder(folder))
    except Refused as error:
        if "TRYCREATE" not in error.answer.upper():
            raise
        session.forget_folder(folder)  # somebody removed or renamed it since we made it
        _move_batch(session, uids, session.folder(folder))


def _move_batch(session: Session, uids: list[int], target: str) -> None:
    if session.can("MOVE"):  # RFC 6851
        session.ask(Step.MOVE, "MOVE", uid_set(uids), encode_folder(target))
        return
    missing = set(uids) - copied(session, uids, target)  # a try may have ended after the copying
    if missing:
        session.ask(Step.MOVE, "COPY", uid_set(missing), encode_folder(target))
    _flag(session, uids, "+FLAGS.SILENT")
    if session.can("UIDPLUS"):  # RFC 4315
        session.ask(Step.MOVE, "EXPUNGE", uid_set(uids))
    else:
        _expunge_only(session, uids)


def _expunge_only(session: Session, uids: list[int]) -> None:
    """Expunge our mails alone: what people marked as deleted is unmarked meanwhile (RFC 4549, 4.2.4)."""
    others = sorted(set(session.deleted()) - set(uids))
    _flag(session, others, "-FLAGS.SILENT")
    session.expunge()
    _flag(session, others, "+FLAGS.SILENT")


def _flag(session: Session, uids: list[int], change: str) -> None:
    if uids:
        session.ask(Step.MOVE, "STORE", uid_set(uids), change, r"(\Deleted)")
