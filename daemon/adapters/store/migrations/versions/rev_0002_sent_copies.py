"""Copies of sent mails in the sent folder; mails of before count as filed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Add how far each copy is."""
    op.add_column("outbox", sa.Column("copy", sa.Text()))
    op.create_index("ix_outbox_copy", "outbox", ["copy"])
