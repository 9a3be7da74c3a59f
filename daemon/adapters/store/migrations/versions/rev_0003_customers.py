"""The customer of each case as it is compared, by which a complaint that comes again finds its earlier case."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from daemon.adapters.store.snapshots import case_of
from daemon.core.alike import customer_key

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Add the column, and fill it from the snapshots."""
    op.add_column("cases", sa.Column("customer", sa.Text()))
    op.create_index("ix_cases_customer_opened_at", "cases", ["customer", "opened_at"])
    cases = sa.table("cases", sa.column("number"), sa.column("snapshot"), sa.column("customer"))
    connection, last = op.get_bind(), ""
    while True:
        page = (
            sa.select(cases.c.number, cases.c.snapshot).where(cases.c.number > last).order_by(cases.c.number).limit(500)
        )
        rows = connection.execute(page).all()
        if not rows:
            return
        for number, snapshot in rows:
            key = customer_key(case_of(snapshot).text("customer"))
            connection.execute(cases.update().where(cases.c.number == number).values(customer=key))
        last = rows[-1].number
