"""The cases of a customer are found by an index, whatever the legal form of its name, in stores of before too."""

from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import create_engine, text

from daemon.adapters.store.migrate import migration_config
from daemon.adapters.store.snapshots import about_of, about_text, case_text
from daemon.core.alike import Earlier, repeats
from daemon.core.case import Fact, Status
from daemon.core.process import Recurrence
from daemon.core.worktime import WorkCalendar
from daemon.seams import Decision

from .samples import HOUR, NOW, case_id, complaint, happened

CALENDAR = WorkCalendar(ZoneInfo("Asia/Shanghai"), dict.fromkeys(range(7), ((time(8), time(17)),)))
KEYS = ("customer", "part_no", "phenomenon")


def told(facts):
    return {key: Fact(value) for key, value in zip(KEYS, facts, strict=True) if value}


def of(customer, n, opened_at=NOW):
    return complaint(n, opened_at=opened_at, facts={"customer": Fact(customer)} if customer else {})


def test_the_cases_of_a_customer_come_latest_first_and_bounded(store):
    for n, customer in enumerate(
        ("北方电机制造有限公司", "凌科电机", "北方电机制造", "北方电机制造股份有限公司", ""), 1
    ):
        case = of(customer, n, NOW + n * HOUR)
        store.commit(Decision(case=case, events=(happened(n, note="x"),)), NOW)
    assert [case.id.int for case in store.cases_of_customer("北方电机制造公司", 9)] == [4, 3, 1]
    assert [case.id.int for case in store.cases_of_customer("北方电机制造公司", 2)] == [4, 3]
    assert store.cases_of_customer("有限公司", 9) == ()
    assert store.cases_of_customer("", 9) == ()


def test_a_corrected_customer_is_found_under_the_new_name(store):
    store.commit(Decision(case=of("北方", 1), events=(happened(1, note="x"),)), NOW)
    store.commit(Decision(case=of("南方", 1), expected_seq=1), NOW)
    assert store.cases_of_customer("北方", 9) == ()
    assert len(store.cases_of_customer("南方", 9)) == 1


@pytest.mark.parametrize("count", [1, 1200])
def test_the_cases_of_an_older_store_are_found_too(count):
    engine = create_engine("sqlite://")
    columns = ("id", "number", "profile", "status", "seq", "opened_at", "snapshot")
    with engine.connect() as connection:
        command.upgrade(migration_config(connection), "0002")
        case = of("北方电机", 1)
        snapshot = case_text(case)
        rows = [
            dict(zip(columns, (case_id(n).hex, f"{n:07}", "p", "处理中", 1, 0, snapshot), strict=True))
            for n in range(1, count + 1)
        ]
        names, places = ", ".join(columns), ", ".join(f":{one}" for one in columns)
        connection.execute(text(f"INSERT INTO cases ({names}) VALUES ({places})"), rows)
        command.upgrade(migration_config(connection), "head")
        found = connection.scalar(text("SELECT count(*) FROM cases WHERE customer = '北方电机'"))
        about = set(connection.scalars(text("SELECT about FROM cases")))
    engine.dispose()
    assert found == count
    assert about == {about_text(case)}


def test_what_is_compared_of_a_case_comes_back_as_it_was(store):
    long, closed_at = "外径超差" * 200, NOW + HOUR
    facts = {"customer": Fact("北方电机"), "phenomenon": Fact(long), "quantity": Fact(3), "batch": Fact(None)}
    case = complaint(1, facts=facts, status=Status.CLOSED, closed_at=closed_at)
    store.commit(Decision(case=case, events=(happened(1, note="x"),)), NOW)
    (found,) = store.cases_of_customer("北方电机", 9)
    assert (found.id, found.status, found.closed_at) == (case_id(1), Status.CLOSED, closed_at)
    assert (found.text("phenomenon"), found.text("quantity"), found.text("batch")) == (long[:400], "3", "")
    store.commit(Decision(case=replace(case, status=Status.WORKING, closed_at=None), expected_seq=1), NOW)
    assert [one.closed_at for one in store.cases_of_customer("北方电机", 9)] == [None]


CODES = st.sampled_from(["A-1", "a1、B2", "B-2", "", "C3 A1"])
SYMPTOMS = st.sampled_from(
    ["外径超差", "尺寸偏大 0.2mm", "表面划伤", "", "完全不同的话", "说" * 399 + "划伤", "划伤" + "x" * 500]
)
CUSTOMERS = st.sampled_from(["北方电机制造有限公司", "北方电机制造", "凌科电机", "有限公司"])
FACTS = st.tuples(CUSTOMERS, CODES, SYMPTOMS)
PASTS = st.tuples(FACTS, st.sampled_from(Status), st.none() | st.integers(-400, 0))


@given(FACTS, st.lists(PASTS, max_size=8), st.sampled_from([("customer",), ("part_no", "customer"), KEYS]))
def test_comparing_by_what_is_kept_finds_what_comparing_whole_cases_found(new, pasts, same):
    rule = Recurrence(within="90d", same=same)
    whole = [
        complaint(n, facts=told(facts), status=status, closed_at=None if closed is None else NOW + 24 * closed * HOUR)
        for n, (facts, status, closed) in enumerate(pasts, 1)
    ]
    kept = [Earlier(case.id, case.status, *about_of(about_text(case))) for case in whole]
    wanted = repeats(told(new), whole, rule, CALENDAR, NOW)
    found = repeats(told(new), kept, rule, CALENDAR, NOW)
    assert (found and found.id) == (wanted and wanted.id)
