"""The measures of each case, and what stands in the rows of the sheet that shows them."""

from __future__ import annotations

from dataclasses import fields, replace
from uuid import UUID

import sqlalchemy as sa
from alembic import op

from daemon.adapters.store.chain import Link
from daemon.adapters.store.snapshots import case_of, case_text
from daemon.adapters.store.types import CleanText
from daemon.adapters.store.upcasts import upcast
from daemon.core.evolve import replay
from daemon.core.measures import MEASURE_SECTIONS, Measure

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Add the table, and give the snapshots the measures that their journals make."""
    op.create_table(
        "ledger_measures",
        sa.Column("key", CleanText(), nullable=False),
        sa.Column("case", sa.Uuid(), nullable=False),
        sa.Column("cells", sa.Text(), nullable=False),
        sa.Column("kept", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["case"], ["cases.id"], name="fk_ledger_measures_case"),
        sa.PrimaryKeyConstraint("key", name="pk_ledger_measures"),
    )
    op.create_index("ix_ledger_measures_case", "ledger_measures", ["case"])
    cases = sa.table("cases", sa.column("number"), sa.column("snapshot"))
    connection, last = op.get_bind(), ""
    while True:
        page = (
            sa.select(cases.c.number, cases.c.snapshot).where(cases.c.number > last).order_by(cases.c.number).limit(500)
        )
        rows = connection.execute(page).all()
        if not rows:
            return
        for number, snapshot in rows:
            case = case_of(snapshot)
            if not case.measures and set(MEASURE_SECTIONS) & set(case.sections):
                text = case_text(replace(case, measures=_measures(connection, case.id)))
                connection.execute(cases.update().where(cases.c.number == number).values(snapshot=text))
        last = rows[-1].number


def _measures(connection: sa.Connection, case: UUID) -> tuple[Measure, ...]:
    """Return the measures that a journal makes; none where data of it was erased, until a section is given again."""
    plain = [one.name for one in fields(Link) if one.name != "case"]
    events = sa.table("events", sa.column("case", sa.Uuid()), *map(sa.column, plain))
    rows = connection.execute(sa.select(events).where(events.c.case == case).order_by(events.c.seq))
    try:
        return replay(upcast(Link(**row).event()) for row in rows.mappings()).measures
    except (KeyError, ValueError):
        return ()
