from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from daemon.core.commands import Acknowledge, Choose
from daemon.core.figures import week_to, weekly
from tests.cast import PRODUCTION, WANG
from tests.core.play import PROCESS, SHANGHAI, Play, at, registering


@pytest.mark.parametrize(
    ("moment", "name"),
    [
        ("2026-11-05 16:00", "2026-W45"),
        ("2026-11-01 23:59", "2026-W44"),
        ("2026-12-31 16:00", "2026-W53"),
        ("2027-01-03 23:59", "2026-W53"),
        ("2027-01-04 00:00", "2027-W01"),
        ("2025-12-29 08:00", "2026-W01"),
        ("2024-12-30 08:00", "2025-W01"),
    ],
)
def test_a_week_is_named_by_iso_8601(moment, name):
    end = datetime.fromisoformat(moment).replace(tzinfo=SHANGHAI)
    week = week_to(end)
    assert (week.name, week.end, week.end - week.start) == (name, end, timedelta(days=7))


def test_nothing_is_counted_twice_and_nothing_is_left_out():
    first = week_to(at("11-05 16:00"))
    second = week_to(at("11-19 16:00"), since=first.end)
    moments = [at("11-05 16:00"), at("11-05 16:01"), at("11-08 09:00"), at("11-19 16:00")]
    assert [(first.holds(one), second.holds(one)) for one in moments] == [
        (True, False), (False, True), (False, True), (False, True),
    ]  # fmt: skip


def case(number, opened, severity="一般", department="生产部"):
    play = Play(now=at(opened))
    play.must(registering(severity, department))
    play.played = replace(play.case, number=f"2611{number:03}", id=UUID(int=number))
    return play


def week_with(*plays, now="11-05 16:00"):
    moment = at(now)
    return weekly(
        [play.case for play in plays], week_to(moment.astimezone(SHANGHAI)), moment, lambda _: PROCESS, "ledger.xlsx"
    )


def test_the_figures_of_a_week():
    old, new, closed, far = (
        case(1, "10-28 09:00"),
        case(2, "11-04 16:00", "重要", "技术部"),
        case(3, "11-02 09:00"),
        case(4, "11-06 09:00"),
    )
    old.at("11-02 10:00").must(Acknowledge(("team",)), PRODUCTION)
    closed.at("11-02 10:00").must(Choose("verify", "unfounded", "合格"), WANG)
    figures = week_with(old, new, closed, far)
    assert {key: figures[key] for key in ("week", "from", "to", "ledger")} == {
        "week": "2026-W45", "from": "2026-10-29", "to": "2026-11-05", "ledger": "ledger.xlsx",
    }  # fmt: skip
    assert {key: figures[key] for key in ("new", "open", "overdue", "closed")} == {
        "new": 2, "open": 2, "overdue": 2, "closed": 1,
    }  # fmt: skip
    assert figures["on_time"] == 0.5, "one was acknowledged late, one verified in time"
    assert figures["by_department"] == [
        {"name": "技术部", "new": 1, "open": 1, "overdue": 1, "closed": 0},
        {"name": "生产部", "new": 1, "open": 1, "overdue": 1, "closed": 1},
    ]
    assert [row["name"] for row in figures["by_severity"]] == ["一般", "重要"]
    late = figures["overdue_cases"][0]
    assert (late["number"], late["customer"], late["days"]) == ("2611001", "北方电机", 8)


def test_a_week_without_cases():
    figures = week_with()
    assert (figures["new"], figures["open"], figures["on_time"], figures["by_department"]) == (0, 0, None, [])


def test_what_is_due_next_week_in_the_order_of_time():
    play = case(1, "11-05 15:00")
    rows = week_with(play)["due_next_week"]
    assert [row["step"] for row in rows] == ["核实", "D1 成立小组", "D3 围堵"]
    assert rows == sorted(rows, key=lambda row: row["due"])
    assert week_with(play)["overdue_cases"][0]["step"] == "应急"


def test_a_case_without_a_department_is_counted():
    assert week_with(case(1, "11-04 09:00", department=""))["by_department"][0]["name"] == "未定"
