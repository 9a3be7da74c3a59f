"""Whatever the ladder, calendar and ticks: no reminder twice, none too early, none late, none after an answer."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.core.calendars import Calendars
from daemon.core.case import Case, StepState, StepStatus
from daemon.core.durations import Duration, Unit
from daemon.core.events import Event, EventType, Via
from daemon.core.evolve import evolve
from daemon.core.ladder import due, next_due_at
from daemon.core.process import Process, Rung, Step
from daemon.core.worktime import WorkCalendar
from tests.core.calendars import calendars, instants

LENGTHS = st.builds(Duration, st.integers(1, 12), st.sampled_from(Unit).filter(lambda unit: unit is not Unit.MO))
RUNGS = st.one_of(
    st.integers(1, 100).map(lambda share: {"at": f"{share}%"}),
    st.just({"at": "due"}),
    LENGTHS.map(lambda length: {"at": f"+{length}"}),
    st.builds(lambda length, most: {"every": str(length), "most": most}, LENGTHS, st.integers(1, 4)),
)
LADDERS = st.lists(st.tuples(RUNGS, st.none() | LENGTHS), min_size=1, max_size=5)
TICKS = st.lists(st.integers(1, 60 * 24 * 4), min_size=1, max_size=25)  # minutes in between


@dataclass
class World:
    """One step that is open, with its ladder, by a calendar."""

    process: Process
    calendar: WorkCalendar
    case: Case

    @property
    def step(self):
        return self.process.steps["work"]

    def due(self, now):
        return due(self.case, self.process, Calendars(self.calendar), now)

    def next(self, now):
        return next_due_at(self.case, self.process, Calendars(self.calendar), now)

    def carry_out(self, reminder, now):
        data = {"step": reminder.step, "rungs": list(reminder.rungs)}
        event = Event(self.case.id, self.case.seq + 1, now, EventType.REMINDED, "daemon", Via.CLOCK, "clock", data)
        self.case = evolve(self.case, event)

    def answer(self):
        done = replace(self.case.steps["work"], status=StepStatus.DONE)
        self.case = replace(self.case, steps={"work": done})

    def instants(self):
        """Work out by hand when each rung is reached, before what is not permitted is put off."""
        state, step, calendar = self.case.steps["work"], self.step, self.calendar
        for index, rung in enumerate(self.process.rungs(step, self.case.severity)):
            if rung.if_over and not state.due_at > calendar.add(state.opened_at, rung.if_over):
                continue
            at = state.due_at
            for count in range(rung.most if rung.every else 1):
                if rung.every:
                    at = calendar.add(at, rung.every)
                elif rung.at.startswith("+"):
                    at = calendar.add(at, Duration(int(rung.at.strip("+wdhmin")), Unit(rung.at.lstrip("+0123456789"))))
                elif rung.at.endswith("%"):
                    used = int(rung.at[:-1]) / 100
                    working = step.due["default"].is_working
                    at = calendar.share(state.opened_at, state.due_at, used, working=working)
                yield f"{index}.{count}", at

    def permitted(self, at):
        return self.urgent or self.calendar.is_open(at)

    @property
    def urgent(self):
        return self.step.is_urgent(self.case.severity)


@st.composite
def worlds(draw):
    length, urgent, calendar, opened = draw(LENGTHS), draw(st.booleans()), draw(calendars()), draw(instants())
    said = {"owner": "qe", "phase": "处理中", "takes": "d0.emergency", "title": {"en": "work"}}
    step = Step(id="work", due={"default": str(length)}, urgent_for=["general"] if urgent else [], **said)
    rungs = tuple(Rung(to=["qe"], if_over=over and str(over), **rung) for rung, over in draw(LADDERS))
    process = Process.model_construct(step=(step,), ladder={"default": {"default": rungs}})
    state = StepState(StepStatus.OPEN, opened_at=opened, due_at=calendar.add(opened, length))
    return World(process, calendar, Case(UUID(int=1), "1", "p", 1, opened, steps={"work": state}))


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), TICKS, st.integers(0, 40))
def test_every_rung_is_told_once_in_its_time_and_nothing_after_the_answer(world, ticks, answered):
    now, reached, told = world.case.opened_at, dict(world.instants()), []
    for number, minutes in enumerate(ticks):
        now += timedelta(minutes=minutes)
        if number == answered:
            world.answer()
        reminders = world.due(now)
        assert len(reminders) <= 1, "of a step only the highest rung speaks"
        assert not reminders or (number < answered and world.permitted(now))
        for reminder in reminders:
            assert all(reached[rung] <= now for rung in reminder.rungs), "none before its time"
            told += reminder.rungs
            world.carry_out(reminder, now)
        assert len(told) == len(set(told)), "none twice"
        assert not world.due(now)
        if number < answered and world.permitted(now):
            missed = {rung for rung, at in reached.items() if _put_off(world, at) <= now} - set(told)
            assert not missed, "none later than the first tick at which it was permitted"


def _put_off(world, at):
    return at if world.urgent else world.calendar.next_open(at)


@settings(max_examples=100, suppress_health_check=[HealthCheck.too_slow])
@given(worlds(), st.integers(0, 60 * 24 * 10))
def test_what_comes_next_is_due_then_and_not_a_moment_before(world, minutes):
    now = world.case.opened_at + timedelta(minutes=minutes)
    told = 0
    while (then := world.next(now)) is not None:
        assert then == now or not world.due(max(now, then - timedelta(microseconds=1)))
        now = max(now, then)
        (reminder,) = world.due(now)
        world.carry_out(reminder, now)
        told += len(reminder.rungs)
    assert told == len(dict(world.instants())), "every ladder has an end, and every rung is reached"
    assert now.astimezone(UTC) > datetime(2026, 1, 1, tzinfo=UTC)
