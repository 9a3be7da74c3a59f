"""What is due is found by the index, however many cases there are: no time is measured here (see tests/bench/due)."""

from datetime import timedelta

from sqlalchemy import select, text

from daemon.adapters.store.tables import cases
from tests.bench.due import MONTH, NOW, STEPS, fill

COUNT = 2000


def test_due_cases_come_most_overdue_first_and_by_the_index(store, kind):
    fill(store, COUNT)
    found = store.due_cases(NOW + MONTH / COUNT * 2.5, 1000)
    assert [case.number for case in found] == ["0000000", "0000001", "0000002"]
    assert [len(case.open_steps) for case in found] == [STEPS, 0, STEPS], "every other case is closed and followed"
    assert store.due_cases(NOW - timedelta(seconds=1), 1000) == ()
    statement = select(cases.c.snapshot).where(cases.c.next_due_at <= NOW).order_by(cases.c.next_due_at, cases.c.number)
    with store._writing() as connection:
        if kind == "postgresql":
            connection.execute(text("ANALYZE"))
        asked = str(statement.limit(1000).compile(connection, compile_kwargs={"literal_binds": True}))
        plan = connection.execute(text(f"EXPLAIN {'QUERY PLAN ' if kind == 'sqlite' else ''}{asked}")).all()
    assert "next_due_at" in str(plan)
    assert "Seq Scan" not in str(plan)
    assert "SCAN cases" not in str(plan)
