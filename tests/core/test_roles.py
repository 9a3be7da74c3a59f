from dataclasses import replace

import pytest

from daemon.config import load_config
from daemon.core.commands import Acknowledge, AnswerTransfer
from daemon.core.directory import Directory
from daemon.core.roles import is_quality, may_speak_as, owner_manager, recipients
from tests.cast import CHEN, ENGINEERING, GM, HE, LI, LIN, LOGISTICS, PRODUCTION, QUALITY, SUN, WANG, XU, ZHAO, ZHENG
from tests.core.play import DIRECTORY, SETTINGS, registered

CASE = registered().case


def told(role, case=CASE, directory=DIRECTORY):
    return [one.address for one in recipients(role, case, directory)]


def dead(*addresses, case=CASE):
    return replace(case, dead_addresses=addresses)


def with_person(person_id, **changes):
    people = {**DIRECTORY.people, person_id: replace(DIRECTORY.people[person_id], **changes)}
    return replace(DIRECTORY, people=people)


@pytest.mark.parametrize(
    ("role", "addresses"),
    [
        ("quality_engineer", [WANG]),
        ("quality_manager", [CHEN]),
        ("quality_director", [XU]),
        ("general_manager", [GM]),
        ("department", [PRODUCTION]),
        ("department_manager", [ZHAO]),
        ("leader", [PRODUCTION]),
        ("sales", [ZHENG]),
        ("reporter", [LI]),
        ("chain", [PRODUCTION, ZHAO, CHEN, XU, GM, ZHENG]),
        ("nobody at all", []),
    ],
)
def test_who_is_told(role, addresses):
    assert told(role) == addresses


def test_the_leader_is_whoever_acknowledged():
    play = registered()
    play.must(Acknowledge(("team",)), SUN)
    assert told("leader", play.case) == [SUN]
    play.must(AnswerTransfer(agreed=True, to="技术部"), WANG)
    assert told("leader", play.case) == [ENGINEERING]


def test_who_forwarded_a_complaint_is_told_in_place_of_the_customer():
    forwarded = replace(CASE, forwarded_by=LIN)
    assert (told("reporter", forwarded), told("sales", forwarded)) == ([LIN], [LIN])


def test_without_a_department_quality_is_told():
    nowhere = registered(department="").case
    assert (told("department", nowhere), told("department_manager", nowhere)) == ([WANG], [CHEN])


def test_the_engineer_that_the_ledger_names_is_told():
    assert told("quality_engineer", registered(quality_engineer="刘志强").case) == ["liu.zhiqiang@hongyuan.example"]
    assert told("quality_engineer", registered(quality_engineer="某人").case) == [WANG]


@pytest.mark.parametrize(
    ("role", "gone", "addresses"),
    [
        ("department", (PRODUCTION,), [ZHAO]),
        ("department", (PRODUCTION.upper(),), [ZHAO]),
        ("department", (PRODUCTION, ZHAO), [CHEN]),
        ("department", (PRODUCTION, ZHAO, CHEN), []),
        ("quality_engineer", (WANG,), [CHEN]),
        ("general_manager", (GM,), [CHEN]),
        ("chain", (ZHAO,), [PRODUCTION, CHEN, XU, GM, ZHENG]),
    ],
)
def test_a_dead_address_is_replaced_by_the_next_in_the_chain(role, gone, addresses):
    assert told(role, dead(*gone)) == addresses


def test_a_deputy_comes_first_when_an_address_is_dead():
    directory = with_person("wang.xiaoyan", deputy="liu.zhiqiang")
    assert told("quality_engineer", dead(WANG), directory) == ["liu.zhiqiang@hongyuan.example"]


def test_a_directory_without_quality_has_nobody_to_fall_back_on():
    bare = Directory("厂", "Works", "works.example", "c@works.example", {}, ())
    assert told("reporter", dead(LI), bare) == []


@pytest.mark.parametrize(
    ("role", "gone", "managers"),
    [
        ("department", (), [ZHAO]),
        ("quality_engineer", (), [CHEN]),
        ("sales", (), [ZHENG]),
        ("department", (ZHAO,), [CHEN]),
        ("general_manager", (), [CHEN]),  # nobody stands above: the quality manager hears of it
    ],
)
def test_the_manager_above_an_owner(role, gone, managers):
    assert [one.address for one in owner_manager((role,), dead(*gone), DIRECTORY)] == managers


@pytest.mark.parametrize(
    ("address", "role", "may"),
    [
        (PRODUCTION, "department", True),
        (SUN, "department", True),
        (SUN.upper(), "leader", True),
        (ZHAO, "department_manager", True),
        (HE, "department", False),
        (LOGISTICS, "department", False),
        (WANG, "department", False),
        (QUALITY, "quality_engineer", True),
        (CHEN, "quality_manager", True),
        (WANG, "quality_manager", False),
        (LI, "reporter", True),
        (LIN, "sales", True),
        (LIN, "reporter", False),
        ("", "reporter", False),
    ],
)
def test_who_may_speak_for_a_role(address, role, may):
    case = replace(CASE, forwarded_by="x@y.example") if not address else CASE
    assert may_speak_as(address, (role,), case, DIRECTORY) is may


def test_a_deputy_may_speak():
    directory = with_person("chen.lixin", deputy="he.yan")
    assert may_speak_as(HE, ("quality_manager",), CASE, directory)
    assert not may_speak_as(HE, ("quality_manager",), CASE, DIRECTORY)


@pytest.mark.parametrize(
    ("address", "yes"), [(WANG, True), (QUALITY, True), (CHEN, True), (SUN, False), ("x@mail.example", False)]
)
def test_who_is_quality(address, yes):
    assert is_quality(address, DIRECTORY) is yes


def test_the_cast_stands_in_config():
    assert load_config(SETTINGS.base / "config.toml").company.name == DIRECTORY.company
