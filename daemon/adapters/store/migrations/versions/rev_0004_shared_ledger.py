"""What the shared ledger needs to know: rows as they stand in the file, what was written last, who changed what."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from daemon.adapters.store.types import CleanText, Id, Moment

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Add the columns and the tables; what stands in the rows that an older version wrote is read from the file."""
    op.drop_table("ledger_rows")
    op.create_table(
        "ledger_rows",
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.Column("shown", sa.Boolean(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("words_at", Moment()),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_ledger_rows_case"),
        sa.PrimaryKeyConstraint("case", name="pk_ledger_rows"),
    )
    op.create_index("ix_ledger_rows_words_at", "ledger_rows", ["words_at"])
    op.create_table(
        "ledger_generations",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sha256", sa.Text(), nullable=False),
        sa.Column("rows", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name="pk_ledger_generations"),
    )
    op.create_table(
        "ledger_changes",
        sa.Column("id", Id, nullable=False),
        sa.Column("at", Moment(), nullable=False),
        sa.Column("number", CleanText(), nullable=False),
        sa.Column("column", CleanText(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("who", CleanText(), nullable=False),
        sa.Column("where", CleanText(), nullable=False),
        sa.Column("why", CleanText(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_ledger_changes"),
        sqlite_autoincrement=True,
    )
