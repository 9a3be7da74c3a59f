"""The tables as they are now.  How they came to be stands in migrations/; a test holds the two together."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
    Uuid,
)

from daemon.adapters.store.types import CleanText, Id, Moment, Word
from daemon.core.case import Status
from daemon.seams import Copy, MailOutcome, OutboxState

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)

blobs = Table(
    "blobs",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("packed", Boolean, nullable=False),  # zlib, when that made it smaller
    Column("data", LargeBinary, nullable=False),
)

cases = Table(
    "cases",
    metadata,
    Column("id", Uuid, primary_key=True),
    Column("number", CleanText, nullable=False, unique=True),
    Column("profile", Text, nullable=False),
    Column("status", Word(Status), nullable=False),
    Column("seq", Integer, nullable=False),
    Column("opened_at", Moment, nullable=False, index=True),
    Column("next_due_at", Moment),
    Column("snapshot", Text, nullable=False),
    Column("customer", Text),  # as core.alike compares it
    Column("about", Text),  # and what else it compares, so that no snapshot is decoded for it
    Index(None, "next_due_at", "number"),
    Index(None, "customer", "opened_at"),
)

# `data` may be erased (NULL) for a person's sake; `data_sha256` stays and the chain runs over it.  Plain types, so
# that the chain can be checked over what stands there, be it readable or not.
events = Table(
    "events",
    metadata,
    Column("case", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("seq", Integer, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("type", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("by", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("cause", Text, nullable=False),
    Column("data", Text),
    Column("data_sha256", Text, nullable=False),
    Column("previous", Text, nullable=False),
    Column("hash", Text, nullable=False),
)

# A Message-ID may be longer than an index of PostgreSQL can take, therefore mails are found by their hash.
mails = Table(
    "mails",
    metadata,
    Column("id", Id, primary_key=True),
    Column("sha256", Text, nullable=False, index=True),
    Column("message_id", CleanText, index=True),
    Column("account", CleanText, nullable=False),
    Column("folder", CleanText, nullable=False),
    Column("uidvalidity", BigInteger, nullable=False),
    Column("uid", CleanText, nullable=False),
    Column("seen_at", Moment, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("outcome", Word(MailOutcome), nullable=False),
    Column("case", Uuid, ForeignKey("cases.id"), index=True),
    Column("detail", CleanText, nullable=False),
    Column("shelved", Boolean, nullable=False),
    Column("sender", CleanText),  # its address in small letters, empty when From is none; NULL: of before
    Column("domain", CleanText),
    Column("came_at", Moment),  # when the mail server took it in; before it was seen, if the daemon was down
    UniqueConstraint("account", "folder", "uidvalidity", "uid"),
    Index(None, "sender", "came_at"),
    Index(None, "domain", "came_at"),
    Index(None, "outcome"),
    Index(None, "shelved", "account"),
    sqlite_autoincrement=True,
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Id, primary_key=True),
    Column("message_id", CleanText, nullable=False, unique=True),
    Column("code", CleanText, nullable=False),  # as it was sent
    Column("code_key", Text, unique=True),  # as it is compared; NULL when the mail proves nothing
    Column("case", Uuid, ForeignKey("cases.id"), index=True),
    Column("notice", Text, nullable=False),
    Column("recipient", CleanText, nullable=False),
    Column("state", Word(OutboxState), nullable=False),
    Column("planned_at", Moment, nullable=False),
    Column("sha256", Text),
    Column("attempts", Integer, nullable=False),
    Column("next_try_at", Moment),
    Column("sent_at", Moment),
    Column("detail", CleanText, nullable=False),
    Column("merged_into", Id, ForeignKey("outbox.id")),
    Column("copy", Word(Copy), index=True),  # NULL: none is wanted in the sent folder
    Index(None, "state", "next_try_at"),
    Index(None, "sent_at"),
    sqlite_autoincrement=True,
)

documents = Table(
    "documents",
    metadata,
    Column("case", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("kind", CleanText, primary_key=True),
    Column("revision", Integer, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("path", CleanText, nullable=False),
    Column("made_at", Moment, nullable=False),
)

ledger_rows = Table(
    "ledger_rows",
    metadata,
    Column("case", Uuid, ForeignKey("cases.id"), primary_key=True),
    Column("cells", Text, nullable=False),
    Column("kept", Text, nullable=False),
    Column("shown", Boolean, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("place", Integer, nullable=False),
    Column("words_at", Moment, index=True),
)

# What stands in the rows of 措施跟踪; the key tells case and measure, as the hidden cell of the row does.
ledger_measures = Table(
    "ledger_measures",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("case", Uuid, ForeignKey("cases.id"), nullable=False, index=True),
    Column("cells", Text, nullable=False),
    Column("kept", Text, nullable=False),
)

# What the last writings of the workbook changed, for a file that was saved from an older state.
ledger_generations = Table(
    "ledger_generations",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("sha256", Text, nullable=False),
    Column("rows", Text, nullable=False),
)

ledger_changes = Table(
    "ledger_changes",
    metadata,
    Column("id", Id, primary_key=True),
    Column("at", Moment, nullable=False),
    Column("number", CleanText, nullable=False),
    Column("column", CleanText, nullable=False),
    Column("before", Text, nullable=False),
    Column("after", Text, nullable=False),
    Column("who", CleanText, nullable=False),
    Column("where", CleanText, nullable=False),
    Column("why", CleanText, nullable=False),
    sqlite_autoincrement=True,
)

profiles = Table(
    "profiles",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("text", Text, nullable=False),
)

counters = Table(
    "counters",
    metadata,
    Column("counter", CleanText, primary_key=True),
    Column("number", Integer, nullable=False),
)

periods = Table(
    "periods",
    metadata,
    Column("duty", CleanText, primary_key=True),
    Column("period", CleanText, primary_key=True),
    Column("done_at", Moment, nullable=False),
)

memory = Table(
    "memory",
    metadata,
    Column("key", CleanText, primary_key=True),
    Column("value", CleanText, nullable=False),
)

# One row, with id 1.
lease = Table(
    "lease",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("owner", CleanText),
    Column("fence", Integer, nullable=False),
    Column("until", Moment),
)

commands = Table(
    "commands",
    metadata,
    Column("id", Id, primary_key=True),
    Column("verb", CleanText, nullable=False),
    Column("data", Text, nullable=False),
    Column("queued_at", Moment, nullable=False),
    Column("done_at", Moment, index=True),
    Column("detail", CleanText, nullable=False),
    sqlite_autoincrement=True,
)

# Alembic's own, not among the tables that it compares.
version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)
