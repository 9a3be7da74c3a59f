"""What a later complaint is compared with, beside each case: no snapshot is decoded to find a repeat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from daemon.adapters.store.snapshots import about_text, case_of

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Add the column, and fill it from the snapshots."""
    op.add_column("cases", sa.Column("about", sa.Text()))
    cases = sa.table("cases", sa.column("number"), sa.column("snapshot"), sa.column("about"))
    connection, last = op.get_bind(), ""
    while True:
        page = (
            sa.select(cases.c.number, cases.c.snapshot).where(cases.c.number > last).order_by(cases.c.number).limit(500)
        )
        rows = connection.execute(page).all()
        if not rows:
            return
        for number, snapshot in rows:
            about = about_text(case_of(snapshot))
            connection.execute(cases.update().where(cases.c.number == number).values(about=about))
        last = rows[-1].number
