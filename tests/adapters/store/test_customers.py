"""The cases of a customer are found by an index, whatever the legal form of its name, in stores of before too."""

import pytest
from alembic import command
from sqlalchemy import create_engine, text

from daemon.adapters.store.migrate import migration_config
from daemon.adapters.store.snapshots import case_text
from daemon.core.case import Fact
from daemon.seams import Decision

from .samples import HOUR, NOW, case_id, complaint, happened


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
    engine.dispose()
    assert found == count
