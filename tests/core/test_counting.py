"""The cases and the figures of a calendar duty."""

from dataclasses import replace
from datetime import date
from uuid import UUID

import pytest

from daemon.core.case import Case, Fact, Status, StepState, StepStatus
from daemon.core.counting import counted, listed_cases, number, total
from daemon.core.duties import Span
from daemon.core.process.duty import Count, Listed
from tests.core.play import at

NOVEMBER = Span(at("11-01 00:00"), at("12-01 00:00"), date(2026, 11, 1), is_period=True)


def case(n, opened="11-02 09:00", closed="", status=Status.WORKING, round_=1, **facts):
    return Case(
        id=UUID(int=n),
        number=f"2611{n:03}",
        profile="p",
        seq=1,
        opened_at=at(opened),
        closed_at=at(closed) if closed else None,
        status=Status.CLOSED if closed else status,
        round=round_,
        facts={key: Fact(value) for key, value in facts.items()},
    )


def numbers(cases, span=None, **asked):
    return [one.number[-1] for one in listed_cases(cases, Listed(**asked), span)]


def test_which_cases_a_duty_is_about():
    cases = [
        case(1, "10-02 09:00", channel="驻线"),
        case(2, "10-02 09:00", "11-05 09:00"),
        case(3, "11-03 09:00", "12-01 00:00"),
        case(4, "11-04 09:00", status=Status.CANCELLED),
        replace(case(5, "11-04 09:00"), merged_into="2611001"),
        case(6, "11-30 23:59", status=Status.ON_HOLD),
    ]
    assert numbers(cases, are="open") == ["1", "6"]
    assert numbers(cases, NOVEMBER, are="open") == ["6"]
    assert numbers(cases, NOVEMBER, are="registered") == ["3", "6"]
    assert numbers(cases, NOVEMBER, are="closed") == ["2"]
    assert numbers(cases, are="closed") == ["2", "3"]
    assert numbers(cases, are="open", when={"channel": "驻线"}) == ["1"]
    assert numbers(cases, are="open", unless={"channel": "驻线"}) == ["6"]


def lines(cases, **asked):
    return {
        line.name: (line.count, {one.what: one.value for one in line.figures})
        for line in counted(cases, Count(**asked))
    }


def test_the_most_frequent_comes_first_and_a_limited_value_is_always_there():
    cases = [case(1, market="非汽车"), case(2, market="非汽车"), case(3)]
    found = counted(cases, Count(by="market", limits={"汽车": 0.002, "非汽车": 0.02}))
    assert [(line.name, line.count) for line in found] == [("非汽车", 2), ("", 1), ("汽车", 0)]
    other, unknown, cars = found
    assert [(one.what, one.value, one.bound) for one in other.figures] == [("deliveries", 100, 0.02)]
    assert unknown.figures == ()
    assert [(one.value, one.is_good) for one in cars.figures] == [(None, True)]


@pytest.mark.parametrize(("bad", "rate", "good"), [(2, 0.002, True), (3, 0.003, False)])
def test_a_rate_is_held_against_the_limit_of_its_value(bad, rate, good):
    cases = [
        case(1, market="汽车", quantity_defective=bad, quantity_delivered="1,000"),
        case(2, market="汽车", quantity_defective=5),  # of how many is not known
    ]
    limits = {"汽车": 0.002, "default": 0.02}
    (line,) = counted(cases, Count(by="market", rate=("quantity_defective", "quantity_delivered"), limits=limits))
    (figure,) = line.figures
    assert (figure.value, figure.bound, figure.is_good) == (rate, 0.002, good)


def test_what_is_not_known_has_no_rate():
    (line,) = counted([case(1)], Count(rate=("quantity_defective", "quantity_delivered"), limits={"default": 0.02}))
    assert (line.figures[0].value, line.figures[0].is_good) == (None, True)


def test_penalties_are_added_up_by_department():
    cases = [
        case(1, department="生产单位", penalty="罚款 200 元"),
        case(2, department="生产单位", penalty="1,050.5"),
        case(3, department="商品部", penalty="口头警告"),
    ]
    assert lines(cases, by="department", sum="penalty") == {
        "生产单位": (2, {"sum": 1250.5}),
        "商品部": (1, {"sum": 0}),
    }
    assert total(cases, Count(by="department", sum="penalty")).figures[0].value == 1250.5


def steps(*missed):
    return {
        f"s{n}": StepState(StepStatus.DONE, by="wang", done_at=at("11-03 09:00"), missed=bool(one))
        for n, one in enumerate(missed)
    }


def test_shares_and_their_targets():
    cases = [
        replace(case(1, closed="11-05 09:00", satisfaction="5"), steps=steps(0, 0, 1)),
        replace(case(2, closed="11-05 09:00", round_=2, customer_answer="满意"), steps=steps(0)),
        case(3, satisfaction="3", customer_answer="满意"),
        replace(case(4), steps={"a": StepState(StepStatus.DONE, by="daemon"), "b": StepState(StepStatus.OPEN)}),
    ]
    count = Count(figures=("on_time", "satisfied", "solved"), targets={"on_time": 0.75, "solved": 0.9})
    (line,) = counted(cases, count)
    assert [(one.what, one.value, one.bound, one.is_good) for one in line.figures] == [
        ("on_time", 0.75, 0.75, True),
        ("satisfied", 0.6667, None, True),
        ("solved", 0.5, 0.9, False),
    ]
    assert [one.value for one in counted([], count)[0].figures] == [None, None, None]


@pytest.mark.parametrize(
    ("text", "value"),
    [("", None), ("无", None), ("2%", 0.02), ("约 1,200.5 元", 1200.5), ("-3", -3), ("0.5 \uff05", 0.005)],
)
def test_the_number_in_a_text(text, value):
    assert number(text) == value
