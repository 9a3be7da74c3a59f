from datetime import time

import pytest

from daemon.core.calendars import Calendars
from daemon.core.commands import Context
from daemon.core.decide import decide
from daemon.core.evolve import replay
from daemon.core.ladder import waiting
from daemon.core.worktime import WorkCalendar
from tests.core.play import CALENDAR, DIRECTORY, PROCESS, at, local, registered, registering

NIGHT = WorkCalendar(CALENDAR.zone, dict.fromkeys(range(7), ((time(22), time(6)),)))
LATE = WorkCalendar(CALENDAR.zone, dict.fromkeys(range(5), ((time(14), time(22)),)))
CALENDARS = Calendars(
    CALENDAR,
    {"night": NIGHT, "late": LATE},
    of_department={"生产部": "night"},
    of_role={"quality_engineer": "late"},
    of_address={"production@hongyuan.example": "night"},
)


@pytest.mark.parametrize(
    ("step", "department", "calendar"),
    [
        ("team", "生产部", NIGHT),
        ("team", "技术部", CALENDAR),
        ("cause", "生产部", NIGHT),  # the leader's, not that of the quality engineer who helps
        ("verify", "生产部", LATE),
        ("approve", "生产部", CALENDAR),
    ],
)
def test_a_step_counts_by_the_hours_of_the_department_that_owns_it(step, department, calendar):
    assert CALENDARS.of(PROCESS.steps[step], registered(department=department).case) is calendar


def test_the_profile_may_name_the_calendar_of_a_step_and_one_that_is_not_there_is_the_usual():
    case, step = registered().case, PROCESS.steps["team"]
    assert CALENDARS.of(step.model_copy(update={"calendar": "late"}), case) is LATE
    assert CALENDARS.of(step.model_copy(update={"calendar": "gone"}), case) is CALENDAR


def test_a_person_works_by_the_hours_of_the_department():
    assert CALENDARS.at("Production@hongyuan.example") is NIGHT
    assert CALENDARS.at("li.na@beifang-motor.example") is CALENDAR


def test_due_times_and_reminders_of_a_night_shift_come_at_night():
    context = Context(PROCESS, DIRECTORY, CALENDARS, at("11-02 09:00"))
    case = replay(decide(None, registering(), context))
    assert local(case.steps["team"].due_at) == "11-03 22:00"
    assert local(case.steps["emergency"].due_at) == "11-02 14:30"
    found = waiting(case, PROCESS.steps["team"], PROCESS, CALENDARS)
    assert [local(one.at) for one in found] == ["11-03 22:00", "11-04 22:00", "11-06 22:00"]
