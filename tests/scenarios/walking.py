"""People who follow any process: each reads the mail that asks, and answers with what its step gives.  Seams only.

The walker knows no process.  What it does at a step follows from the profile: it presses the button of a verdict,
writes the sections that are asked for, or says 收到.  Which verdict is pressed is told by a `Choosing`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from daemon.core.case import Case, StepStatus
from daemon.core.fields import Kind
from daemon.core.giving import papers_of, wanted
from daemon.core.process import Choice, Process, Step, in_language
from daemon.demo.people import Received
from daemon.intake.sender import CODE
from tests.cast import LI
from tests.desk import SHANGHAI, Office
from tests.scenarios.letters import FORM, SLIGHT

Choosing = Callable[[Step], str]
MOST_MOVES = 150
TOLD = {"recorded", "refused", "changed", "progress"}  # mails that tell, without the buttons of what they name
REASON = "按现场调查的结果，请按此处理，数据见附件。"
ANSWER = "已按要求完成，责任人孙大鹏，完成日期11月27日，记录齐全，数量30件全部处理。"


def main_way(step: Step) -> str:
    """Return the verdict that leads on: the first that goes neither back, nor asks, nor warns in red."""
    calm = [key for key, choice in step.choices.items() if leads_on(choice) and not choice.danger]
    return (calm or [key for key, choice in step.choices.items() if leads_on(choice)])[0]


def leads_on(choice: Choice) -> bool:
    """Tell whether a verdict ends its step and goes back nowhere."""
    return choice.done and not choice.back_to and not choice.asks


@dataclass
class Walker:
    """All the people of one case, on the virtual clock."""

    desk: Office
    choosing: Choosing = main_way
    taken: list[tuple[str, str]] = field(default_factory=list)
    answered: list[str] = field(default_factory=list)
    _read: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _asked: dict[str, Received] = field(default_factory=dict)
    _seen: int = 0
    number: str = ""

    def complain(self, symptom: str = SLIGHT) -> None:
        """Send the first mail as the customer does, and learn the case's number from the ledger."""
        self.desk.mail(f"李娜 <{LI}>", "投诉：前端盖", FORM.format(bad=30, symptom=symptom))
        (self.number,) = self.desk.rows

    @property
    def case(self) -> Case:
        """Return the case as it stands."""
        found = self.desk.desk.store.case_numbered(self.number)
        assert found is not None
        return found

    @property
    def process(self) -> Process:
        """Return the process that the case follows."""
        return self.desk.desk.process_of(self.case)

    def walk(self, until: Callable[[], bool] | None = None) -> None:
        """Answer whatever is asked until the case is closed, or `until` says that it is far enough."""
        for _ in range(MOST_MOVES):
            if not self.case.is_open or (until and until()):
                return
            self._move()
        raise AssertionError(f"case {self.number} does not get on; open: {self.case.open_steps}; did: {self.answered}")

    def _move(self) -> None:
        self._look()
        self._forget_old_rounds()
        for key in self.case.open_steps:
            step, asked = self.process.steps[key], self._asked.get(key)
            opened = self.case.round
            if asked and self._answer(step, asked):
                done = self.case.steps[key].status is not StepStatus.OPEN or self.case.round > opened
                assert done, f"{key}: the answer to {asked.subject!r} left it open: {self.desk.sent[-1].text}"
                self.answered.append(key)
                self._pass_time(timedelta(minutes=20))
                return
        self._pass_time(timedelta(hours=8))

    def _look(self) -> None:
        """Read the new mails; the last one about a step that bears a code is the one that is answered."""
        for mail in self.desk.sent[self._seen :]:
            code = CODE.search(mail.text)
            row = self.desk.desk.store.with_code(code[0]) if code else None
            for key in row.notice.steps if row and row.notice.template not in TOLD else ():
                self._asked[key] = mail
        self._seen = len(self.desk.sent)

    def _forget_old_rounds(self) -> None:
        """Wait for the mail of this round: an older one about a step that was opened anew asks for nothing more."""
        for key, mail in list(self._asked.items()):
            code = CODE.search(mail.text)
            row = self.desk.desk.store.with_code(code[0]) if code else None
            if row and row.notice.round < self.case.steps[key].round:
                del self._asked[key]

    def _answer(self, step: Step, asked: Received) -> bool:
        if step.on_acknowledge.done:
            self.desk.press(asked.to, asked, "收到")
            return True
        calm = any(leads_on(choice) and not choice.danger for choice in step.choices.values())
        by_word = calm and step.takes and not step.gives  # where the only word is a red one, it is for who objects
        given = () if by_word else wanted(step)
        if given:
            self.desk.reply(asked.to, asked, self._text(step), *self._files(step))
        if step.choices and (self.case.steps[step.id].status is StepStatus.OPEN):
            key = self.choosing(step)
            self.taken.append((step.id, key))
            self.desk.press(asked.to, asked, word_on(step.choices[key], asked), reason=REASON)
        return bool(given or step.choices)

    def _text(self, step: Step) -> str:
        if step.takes and not step.gives:
            return ANSWER
        return "\n".join(self._line(key) for key in step.gives if not self.process.is_paper(key))

    def _line(self, key: str) -> str:
        title, values = self.process.part_title(key, self.process.language), self.process.values_of(key)
        number = self.process.kind_of(key) in (Kind.COUNT, Kind.MONEY, Kind.RATE)
        said = "12" if number else "生产部" if key == "department" else ANSWER
        return f"{title}：{values[0] if values else said}"

    def _files(self, step: Step) -> tuple[str, ...]:
        papers = (self.process.paper(key) for key in papers_of(step, self.process))
        return tuple(f"{in_language(paper.title, self.process.language)}.pdf" for paper in papers)

    def _pass_time(self, span: timedelta) -> None:
        """Let time go by within the hours in which people work."""
        moment = self.desk.clock.now().astimezone(SHANGHAI) + span
        if not 9 <= moment.hour < 17:
            moment = _next_morning(moment)
        self.desk.clock.to(moment)
        self.desk.tick()


def word_on(choice: Choice, asked: Received) -> str:
    """Return the word that the button of a verdict bears in this mail."""
    words = [word for word in choice.words.values() if any(f" {word} " in f"{b.subject} " for b in asked.buttons)]
    assert words, f"{asked.subject!r} has no button for {dict(choice.words)}: {[b.subject for b in asked.buttons]}"
    return words[0]


def _next_morning(moment: datetime) -> datetime:
    day = moment if moment.hour < 9 else moment + timedelta(days=1)
    while day.weekday() >= 5:
        day += timedelta(days=1)
    return day.replace(hour=9, minute=5)


def config_text(name: str, process: Process, text: str) -> str:
    """Return config.toml with this process chosen, and each of its own roles held by a department."""
    own = [role for role in process.roles if not re.search(rf"(?m)^{role}\s*=", text)]
    held = "\n".join(f'{role} = ["{office}"]' for role, office in zip(own, _offices(), strict=False) if role in own)
    return text.replace('process = "8d"', f'process = "{name}"').replace("[roles]", f"[roles]\n{held}", 1)


def _offices() -> Iterator[str]:
    while True:
        yield from ("物流部", "售后部", "采购部", "技术部")


def config_file(folder: Path, text: str) -> Path:
    """Write a config.toml into a folder and return its path."""
    path = folder / "config.toml"
    path.write_text(text, encoding="utf-8")
    return path
