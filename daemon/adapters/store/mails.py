"""Incoming mails: remembered before they are read, decided once, shelved last."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, fields, replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Connection, Row, ScalarSelect, bindparam, func, or_, select, update

from daemon.adapters.store.blobs import keep_blob
from daemon.adapters.store.database import Database
from daemon.adapters.store.dialect import insert_new
from daemon.adapters.store.tables import mails
from daemon.adapters.store.types import clean
from daemon.seams import READ_ANEW, MailKey, MailOutcome, MailRecord, Traffic

# A duplicate is never what another mail is a copy of: its own original may be read anew just now.
_NO_ORIGINAL = (MailOutcome.NEW, MailOutcome.DUPLICATE)
_SET_ASIDE = (MailOutcome.ASIDE, MailOutcome.HELD, MailOutcome.IGNORED)
CHUNK = 500  # values in one statement

# A statement that is built once costs a quarter of one that is built for each mail.
_AT = select(mails).where(*(mails.c[one.name] == bindparam(one.name) for one in fields(MailKey)))
_CHANGE = update(mails).where(mails.c.id == bindparam("which"))
_ATTEMPT = _CHANGE.values(attempts=mails.c.attempts + 1).returning(mails.c.attempts)
_OLD_KEY = (
    select(mails.c.id)
    .where(
        mails.c.sha256 == bindparam("digest"),
        mails.c.account == bindparam("account"),
        mails.c.folder == bindparam("folder"),
        mails.c.uidvalidity != bindparam("uidvalidity"),
        mails.c.shelved.is_(False),
    )
    .order_by(mails.c.id)
    .limit(1)
)
_LIKE = (
    select(mails)
    .where(
        or_(mails.c.sha256 == bindparam("sha256"), mails.c.message_id == bindparam("message_id")),
        mails.c.outcome.not_in(_NO_ORIGINAL),
    )
    .order_by(mails.c.id)
    .limit(bindparam("most"))
)


def _came(column: str) -> ScalarSelect[int]:
    """Return the statement that counts the mails with the same value in a column, up to one mail."""
    other = mails.alias()
    since, until = other.c.came_at > bindparam("since"), other.c.came_at <= mails.c.came_at
    same = (other.c[column] == mails.c[column], since, until, other.c.id <= mails.c.id)
    return select(func.count()).select_from(other).where(*same).scalar_subquery()


_TRAFFIC = select(_came("sender"), _came("domain")).where(mails.c.id == bindparam("which"))


def _record(row: Row[Any]) -> MailRecord:
    return MailRecord(
        id=row.id,
        sha256=row.sha256,
        message_id=row.message_id,
        key=MailKey(row.account, row.folder, row.uidvalidity, row.uid),
        seen_at=row.seen_at,
        attempts=row.attempts,
        outcome=row.outcome,
        case=row.case,
        detail=row.detail,
        shelved=row.shelved,
        came_at=row.came_at,
        sender=row.sender,
    )


def set_outcome(connection: Connection, mail: int, outcome: MailOutcome, detail: str, case: UUID | None) -> None:
    """Record what became of a mail.

    Raises KeyError.
    """
    said = {"outcome": outcome, "detail": detail, "case": case}
    if connection.execute(_CHANGE, {"which": mail, **said}).rowcount != 1:
        raise KeyError(mail)


class MailVerbs(Database):
    """The verbs of `Store` about incoming mails."""

    def remember_mail(
        self,
        key: MailKey,
        raw: bytes,
        message_id: str | None,
        now: datetime,
        sender: str = "",
        came_at: datetime | None = None,
    ) -> MailRecord:
        """Store the raw mail (once by hash) and return its row; the same key again returns the row there is.

        A mail that still lies in the inbox and was known under another UIDVALIDITY keeps its row, with its new key.
        `sender` is its address, `came_at` when it came, now unless that is said.
        """
        with self._writing() as connection:
            if (known := connection.execute(_AT, asdict(key)).first()) is not None:
                return _record(known)
            if raw and (moved := _renumbered(connection, key, sha256(raw).hexdigest())) is not None:
                return _record(moved)
            row = {"sha256": keep_blob(connection, raw), "message_id": message_id, "seen_at": now, "attempts": 0}
            decided = {"outcome": MailOutcome.NEW, "detail": "", "shelved": False}
            decided |= {"sender": sender.lower(), "domain": sender.lower().rpartition("@")[2]}
            decided |= {"came_at": came_at or now}
            insert_new(connection, mails, {**asdict(key), **row, **decided})
            return _record(connection.execute(_AT, asdict(key)).one())

    def count_attempt(self, mail: int) -> int:
        """Count one more attempt at reading this mail, before it is parsed; return how many there were.

        Raises KeyError.
        """
        with self._writing() as connection:
            attempts = connection.execute(_ATTEMPT, {"which": mail}).scalar()
        if attempts is None:
            raise KeyError(mail)
        return int(attempts)

    def finish_mail(self, mail: int, outcome: MailOutcome, detail: str = "", case: UUID | None = None) -> None:
        """Record what became of a mail that led to no events.

        Raises KeyError.
        """
        with self._writing() as connection:
            set_outcome(connection, mail, outcome, detail, case)

    def mail(self, mail: int) -> MailRecord | None:
        """Return a mail by its number."""
        return next(iter(self._mails(mails.c.id == mail)), None)

    def traffic(self, mail: int, since: datetime) -> Traffic:
        """Return how many mails came after `since` from this mail's sender and domain, up to this one.

        Raises KeyError.
        """
        with self._reading() as connection:
            found = connection.execute(_TRAFFIC, {"which": mail, "since": since}).first()
        if found is None:
            raise KeyError(mail)
        return Traffic(*found)

    def wrote_before(self, sender: str, moment: datetime) -> bool:
        """Tell whether a mail of this sender that belongs to a case came before this moment."""
        earlier = (mails.c.sender == clean(sender.lower()), mails.c.came_at < moment, mails.c.case.is_not(None))
        return bool(self._mails(*earlier, limit=1))

    def mails_aside(self, limit: int) -> tuple[MailRecord, ...]:
        """Return the latest mails that were set aside, held or ignored, oldest first."""
        aside = select(mails).where(mails.c.outcome.in_(_SET_ASIDE))
        with self._reading() as connection:
            rows = connection.execute(aside.order_by(mails.c.id.desc()).limit(limit)).all()
        return tuple(_record(row) for row in reversed(rows))

    def requeue_mail(self, mail: int) -> None:
        """Let a mail be decided anew, as if it had never been tried, however many came.

        Raises KeyError.
        """
        anew = {"outcome": MailOutcome.NEW, "attempts": 0, "detail": READ_ANEW}
        with self._writing() as connection:
            if connection.execute(_CHANGE, {"which": mail, **anew}).rowcount != 1:
                raise KeyError(mail)

    def known_mails(self, keys: Sequence[MailKey]) -> frozenset[MailKey]:
        """Return which of these mails are stored."""
        with self._reading() as connection:
            return frozenset(key for some in _chunks(keys) for key in _stored(connection, some))

    def mails_like(self, message_id: str | None, sha256: str, limit: int) -> tuple[MailRecord, ...]:
        """Return at most `limit` finished mails with these bytes or this Message-ID, oldest first."""
        same = {"sha256": sha256, "message_id": message_id, "most": limit}
        with self._reading() as connection:
            return tuple(_record(row) for row in connection.execute(_LIKE, same))

    def mails_to_decide(self, limit: int) -> tuple[MailRecord, ...]:
        """Return mails that were stored and not decided yet, oldest first."""
        return self._mails(mails.c.outcome == MailOutcome.NEW, limit=limit)

    def mails_to_shelve(self, account: str) -> tuple[MailRecord, ...]:
        """Return mails that are decided and still lie in the inbox."""
        lying = (mails.c.account == account, mails.c.shelved.is_(False))
        return self._mails(*lying, mails.c.outcome != MailOutcome.NEW)

    def mark_shelved(self, mails: Iterable[int]) -> None:
        """Record that these mails were moved out of the inbox."""
        shelved = [{"which": mail, "shelved": True} for mail in mails]
        with self._writing() as connection:
            if shelved:
                connection.execute(_CHANGE, shelved)

    def mails_of(self, case: UUID) -> tuple[MailRecord, ...]:
        """Return the mails of a case, oldest first."""
        return self._mails(mails.c.case == case)

    def _mails(self, *which: ColumnElement[bool], limit: int | None = None) -> tuple[MailRecord, ...]:
        with self._reading() as connection:
            rows = connection.execute(select(mails).where(*which).order_by(mails.c.id).limit(limit))
            return tuple(_record(row) for row in rows)


def _chunks(keys: Sequence[MailKey]) -> Iterator[tuple[MailKey, list[MailKey]]]:
    """Cut keys into groups of one folder, which the first value names, each small enough for one statement."""
    folders: dict[MailKey, list[MailKey]] = {}
    for key in keys:
        folders.setdefault(replace(key, uid=""), []).append(key)
    for folder, those in folders.items():
        yield from ((folder, those[at : at + CHUNK]) for at in range(0, len(those), CHUNK))


def _stored(connection: Connection, some: tuple[MailKey, list[MailKey]]) -> Iterator[MailKey]:
    folder, keys = some
    by_uid = {clean(key.uid): key for key in keys}
    place = [mails.c[name] == value for name, value in asdict(folder).items() if name != "uid"]
    for uid in connection.scalars(select(mails.c.uid).where(*place, mails.c.uid.in_(by_uid))):
        yield by_uid[uid]


def _renumbered(connection: Connection, key: MailKey, digest: str) -> Row[Any] | None:
    """Give a mail that lies in the inbox since before the server renumbered it its new key; None when there is none."""
    found = connection.scalar(_OLD_KEY, {"digest": digest, **asdict(key)})
    if found is None:
        return None
    statement = update(mails).where(mails.c.id == found).values(uidvalidity=key.uidvalidity, uid=key.uid)
    return connection.execute(statement.returning(*mails.c)).one()
