"""Who sent each mail and when it came, so that floods can be told; mails of before count for nobody."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """Add sender, domain and arrival of mails, and the ways by which they and what was sent today are found."""
    op.add_column("mails", sa.Column("sender", sa.Text()))
    op.add_column("mails", sa.Column("domain", sa.Text()))
    op.add_column("mails", sa.Column("came_at", sa.BigInteger()))
    op.create_index("ix_mails_sender_came_at", "mails", ["sender", "came_at"])
    op.create_index("ix_mails_domain_came_at", "mails", ["domain", "came_at"])
    op.create_index("ix_outbox_sent_at", "outbox", ["sent_at"])
