"""A case played by hand: one wish after another, without mail, store or files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from daemon.config import directory_of, load_config
from daemon.core.case import Case, Fact, StepStatus
from daemon.core.commands import CLOCK, Actor, Choose, Command, Context, Give, Refusal, Register
from daemon.core.decide import decide
from daemon.core.events import Event, Via
from daemon.core.evolve import evolve
from daemon.core.process import Process, load_process
from daemon.processes import profile_text
from daemon.wiring import calendars_of
from tests.cast import CHEN, CONFIG, LI, PRODUCTION, WANG, XU

SHANGHAI = ZoneInfo("Asia/Shanghai")
SETTINGS = load_config(CONFIG)
DIRECTORY = directory_of(SETTINGS)
CALENDARS = calendars_of(SETTINGS, DIRECTORY)
CALENDAR = CALENDARS.usual
PROFILE = profile_text("8d")[0]
PROCESS = load_process(PROFILE, "8d.toml")
NUMBER = "2611001"


def at(text: str) -> datetime:
    """Return a local instant of 2026, such as 11-02 09:00, a Monday."""
    return datetime.strptime(f"2026-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=SHANGHAI)


def local(moment: datetime) -> str:
    return moment.astimezone(SHANGHAI).strftime("%m-%d %H:%M:%S").removesuffix(":00")


def actor_at(address: str) -> Actor:
    person = DIRECTORY.person(address)
    return Actor(person.id if person else address, address) if address else CLOCK


@dataclass
class Play:
    """One case and its journal; `do` lets somebody wish something."""

    process: Process = PROCESS
    now: datetime = field(default_factory=lambda: at("11-02 09:00"))
    played: Case | None = None
    events: list[Event] = field(default_factory=list)
    via: Via = Via.MAIL

    @property
    def case(self) -> Case:
        assert self.played is not None
        return self.played

    def context(self, by: str = "") -> Context:
        return Context(self.process, DIRECTORY, CALENDARS, self.now, actor_at(by), self.via, "mail:1")

    def do(self, command: Command, by: str = "") -> tuple[Event, ...] | Refusal:
        decided = decide(self.played, command, self.context(by))
        if not isinstance(decided, Refusal):
            self.events.extend(decided)
            for event in decided:
                self.played = evolve(self.played, event)
        return decided

    def must(self, command: Command, by: str = "") -> tuple[Event, ...]:
        decided = self.do(command, by)
        assert not isinstance(decided, Refusal), decided
        return decided

    def must_not(self, command: Command, by: str = "") -> Mapping[str, str]:
        before, count = self.played, len(self.events)
        decided = self.do(command, by)
        assert isinstance(decided, Refusal), decided
        assert (self.played, len(self.events)) == (before, count)
        return decided.why

    def in_ledger(self) -> Play:
        """Let all that follows be typed in the ledger."""
        self.via = Via.LEDGER
        return self

    def at(self, text: str) -> Play:
        self.now = at(text)
        return self

    @property
    def open(self) -> set[str]:
        return set(self.case.open_steps)

    def status_of(self, step: str) -> StepStatus:
        return self.case.steps[step].status


def registering(severity: str = "一般", department: str = "生产部", **facts: str) -> Register:
    said = {"severity": severity, "department": department, "customer": "北方电机", **facts}
    return Register(
        case=UUID(int=1),
        number=NUMBER,
        profile="p",
        facts={key: Fact(value) for key, value in said.items() if value},
        reporter=LI,
        reporter_name="李娜",
        subject="前端盖内径超差",
    )


def registered(severity: str = "一般", department: str = "生产部", process: Process = PROCESS, **facts: str) -> Play:
    play = Play(process)
    play.must(registering(severity, department, **facts))
    return play


ANSWER = {
    "d3.containment": "客户端、在途、成品已隔离",
    "d4.occurrence.cause": "补正值输入错误",
    "d4.escape.cause": "首件检查表没有内径",
    "d5.actions": "补正值自动回传",
}


def to_check(severity: str = "一般", process: Process = PROCESS) -> Play:
    """Return a case in which everything is answered and quality is asked to check."""
    play = registered(severity, process=process)
    play.must(Choose("verify", "founded"), WANG)
    play.must(Give(ANSWER), PRODUCTION)
    return play


def to_confirm(severity: str = "一般") -> Play:
    """Return a case that waits for the customer's word."""
    play = to_check(severity)
    play.must(Choose("check", "works"), WANG)
    play.must(Choose("approve", "approved"), CHEN)
    if severity == "重大":
        play.must(Choose("approve_director", "approved"), XU)
    return play


def to_closed(verdict: str = "stage", severity: str = "一般") -> Play:
    """Return a case that was closed on 12 November at nine, by this verdict."""
    play = to_confirm(severity)
    play.must(Choose("confirm", "satisfied"), LI)
    play.must(Choose("emergency", "not_needed", "有库存"), WANG)
    play.must(Give({"d6.results": "已实施", "d7.prevention": "已固化"}), PRODUCTION)
    play.must(Give({"meetings": "纪要"}), WANG)
    play.must(Choose("effect", "effective"), WANG)
    play.at("11-12 09:00").must(Choose("close", verdict), CHEN)
    assert not play.case.is_open
    return play
