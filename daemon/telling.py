"""A case's journal told in sentences, for people who ask why something was done.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from daemon.core.case import Certainty, Fact
from daemon.core.commands import DAEMON
from daemon.core.directory import Directory
from daemon.core.events import Event, EventType, Via
from daemon.core.evolve import facts_of
from daemon.core.fields import BY_KEY
from daemon.core.process import Process, in_language

VIAS = {
    Via.MAIL: ("邮件", "mail"),
    Via.LEDGER: ("台账", "ledger"),
    Via.WORD: ("Word", "Word"),
    Via.CLOCK: ("时钟", "clock"),
    Via.CLI: ("命令行", "command line"),
}

SENTENCES = {
    #                             中文                                        English
    EventType.REGISTERED: ("登记客诉 {number}：{facts}", "registered case {number}: {facts}"),
    EventType.FACTS_SET: ("更正：{facts}", "corrected: {facts}"),
    EventType.STEP_OPENED: ("“{step}”开始，截止 {due_at}", "“{step}” begins, due {due_at}"),
    EventType.STEP_MOVED: ("“{step}”的截止时间改为 {due_at}", "“{step}” is now due {due_at}"),
    EventType.STEP_DONE: ("“{step}”完成", "“{step}” is done"),
    EventType.STEP_SKIPPED: ("“{step}”不需要", "“{step}” is not needed"),
    EventType.STEP_RECALLED: (
        "“{step}”退回等待：前面的步骤现在需要做",
        "“{step}” waits again: a step before it is asked for now",
    ),
    EventType.ACKNOWLEDGED: ("确认收到“{step}”", "acknowledged “{step}”"),
    EventType.SECTION_GIVEN: ("填写“{section}”：{text}", "gave “{section}”: {text}"),
    EventType.MEASURE_SET: ("措施“{what}”：{measure}", "measure “{what}”: {measure}"),
    EventType.DOCUMENT_GIVEN: ("收到文件“{document}”：{name}", "got the paper “{document}”: {name}"),
    EventType.CHOSEN: ("“{step}”：{choice} {reason}", "“{step}”: {choice} {reason}"),
    EventType.ROUND_STARTED: (
        "开始第 {round} 轮，从“{back_to}”重做：{reason}",
        "round {round} begins at “{back_to}”: {reason}",
    ),
    EventType.TRANSFER_ASKED: ("申请转{to}：{reason}", "asked to pass on to {to}: {reason}"),
    EventType.TRANSFERRED: ("责任部门由{from}转为{to} {reason}", "passed on from {from} to {to} {reason}"),
    EventType.TRANSFER_DECLINED: ("不同意转部门 {reason}", "declined to pass on {reason}"),
    EventType.REMINDED: ("“{step}”{template}，通知 {to}", "“{step}”: {template}, told {to}"),
    EventType.FILED: ("来信归档：{text}", "filed a mail: {text}"),
    EventType.ADDRESS_FAILED: ("邮件送不到 {address}：{detail}", "mail cannot reach {address}: {detail}"),
    EventType.CLOSED: ("{status} {reason}", "{status} {reason}"),
    EventType.REOPENED: ("重新打开：{reason}", "opened again: {reason}"),
    EventType.HELD: ("暂停：{reason}", "put on hold: {reason}"),
    EventType.RESUMED: ("恢复 {reason}", "goes on {reason}"),
    EventType.ASSIGNED: ("{role}：{person}", "{role} is now {person}"),
    EventType.NOTED: ("备注：{reason}", "remark: {reason}"),
    EventType.MERGED: ("合并到 {number} {reason}", "merged into {number} {reason}"),
    EventType.SUBCASE_OPENED: ("开子案 {number}（{name}）{reason}", "opened case {number} ({name}) {reason}"),
    EventType.SUBCASE_ENDED: ("子案 {number} {status}", "case {number} ended: {status}"),
    EventType.JOINED: ("归入 {number} {reason}", "joined {number} {reason}"),
    EventType.LEFT: ("从 {number} 取出 {reason}", "was taken out of {number} {reason}"),
    EventType.ADOPTED: ("{number} 归入本案", "{number} joined this case"),
    EventType.DISMISSED: ("{number} 从本案取出", "{number} was taken out of this case"),
    EventType.ANSWERED: ("按 {number} 的答复告知客户", "the complainant was told what {number} tells"),
    EventType.HANDED_ON: (
        "{addresses} 不在，至 {until}，事项转给代理人或上一级",
        "{addresses} is away until {until}: the tasks go to who stands in",
    ),
    EventType.HANDED_BACK: ("{addresses} 已返回，事项交回", "{addresses} is back and has the tasks again"),
    EventType.MIGRATED: (
        "改用新版流程：去掉 {gone}，增加 {fresh}",
        "follows another profile: without {gone}, with {fresh}",
    ),
    EventType.SPLIT: ("拆分出 {cases}", "split into {cases}"),
    EventType.FOLLOW_PLANNED: ("“{step}”第 {number} 次定于 {at}", "“{step}” no. {number} is planned for {at}"),
    EventType.FOLLOW_ASKED: ("请检查“{step}”，截止 {due_at}", "“{step}” was asked for, due {due_at}"),
    EventType.FOLLOW_ANSWERED: ("“{step}”的结果：{verdict} {remark}", "“{step}”: {verdict} {remark}"),
    EventType.FOLLOW_ENDED: ("“{step}”结束（{why}）", "“{step}” has ended ({why})"),
    EventType.CONTINUED: ("转入新客诉 {number} 继续处理", "goes on in the new case {number}"),
    EventType.ABSORBED: ("{number} 并入本案 {reason}", "{number} was merged into this case {reason}"),
}
TEMPLATES = {
    "reminder": ("提醒", "reminder"),
    "escalation": ("升级", "escalation"),
    "ask_again": ("再次询问客户", "the customer is asked again"),
    "silence": ("客户没有答复，报告", "the customer is silent"),
}
ENDED = {
    "over": ("已全部完成", "all are done"), "until": ("条件已满足", "its end has come"),
    "round": ("开始新一轮", "a new round began"), "cancelled": ("案件已取消", "the case was cancelled"),
    "new case": ("转入新客诉", "it goes on in a new case"),
}  # fmt: skip
MEASURE_TITLES = {
    "who": ("责任人", "by"),
    "due": ("计划完成", "due"),
    "done": ("实际完成", "done"),
    "evidence": ("证据", "evidence"),
}
UNSURE = ("请核对", "please check")
LONGEST = 120


@dataclass(frozen=True, slots=True)
class Sentence:
    """One event in words: the local time, who did it by what, and what happened."""

    at: str
    who: str
    via: str
    text: str


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells the events of a case in one language."""

    process: Process
    directory: Directory
    zone: ZoneInfo
    language: str = "zh-CN"

    def tell(self, events: Iterable[Event]) -> Iterator[Sentence]:
        """Yield a sentence for each event, in order."""
        for event in events:
            text = self._words(SENTENCES[event.type]).format_map(self._values(event.data)).strip()
            yield Sentence(self._local(event.at), self._who(event.by), self._words(VIAS[event.via]), text)

    def _values(self, data: Mapping[str, Any]) -> dict[str, str]:
        plain = {key: _short(value) for key, value in data.items()}
        return {**plain, **{key: told for key in data if (told := self._told(key, data))}}

    def _told(self, key: str, data: Mapping[str, Any]) -> str:
        tell = self._TOLD.get(key)
        return tell(self, data) if tell else ""

    def _due(self, data: Mapping[str, Any]) -> str:
        return self._local(datetime.fromisoformat(data["due_at"])) if data["due_at"] else "—"

    def _roles(self, data: Mapping[str, Any]) -> str:
        to = data["to"]
        return "、".join(self.process.role_title(role, self.language) for role in to) if isinstance(to, list) else ""

    def _step(self, key: str) -> str:
        step = self.process.task(key) or self.process.followups.get(key)
        return in_language(step.title, self.language) if step else key

    def _choice(self, data: Mapping[str, Any]) -> str:
        step = self.process.task(data["step"])
        choice = step.choices.get(data["choice"]) if step else None
        return in_language(choice.words, self.language) if choice else str(data["choice"])

    def _facts(self, data: Mapping[str, Any]) -> str:
        parts = (
            f"{self._fact_title(key)} {_short(fact.value)}{self._read_at(fact)}"
            for key, fact in facts_of(data["facts"]).items()
            if key in BY_KEY or key in self.process.facts
        )
        return "；".join(parts)

    def _read_at(self, fact: Fact) -> str:
        """Tell where a mail says a fact, with its words where they are others, and that it waits for a look."""
        place = fact.place
        words = f" “{_short(place.words)}”" if place and place.words != str(fact.value) else ""
        where = f"{place.title(self.language)} {place.start}–{place.end}{words}" if place else ""
        unsure = self._words(UNSURE) if fact.certainty is Certainty.INFERRED else ""
        told = self._words(("，", ", ")).join(filter(None, (where, unsure)))
        return self._words(("（{}）", " ({})")).format(told) if told else ""

    def _fact_title(self, key: str) -> str:
        return self.process.part_title(key, self.language)

    def _who(self, by: str) -> str:
        person = self.directory.people.get(by)
        return person.name if person else "kesu" if by == DAEMON else by

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")

    def _words(self, pair: tuple[str, str]) -> str:
        return pair[self.language == "en"]

    def _step_told(self, data: Mapping[str, Any]) -> str:
        return self._step(data["step"])

    def _section(self, data: Mapping[str, Any]) -> str:
        return self.process.section_title(data["section"], self.language)

    def _document(self, data: Mapping[str, Any]) -> str:
        return self.process.part_title(data["document"], self.language)

    def _role(self, data: Mapping[str, Any]) -> str:
        return self.process.role_title(data["role"], self.language)

    def _person(self, data: Mapping[str, Any]) -> str:
        return self._who(data["person"])

    def _back_to(self, data: Mapping[str, Any]) -> str:
        return "、".join(self._step(step) for step in data["back_to"])

    def _template(self, data: Mapping[str, Any]) -> str:
        return self._words(TEMPLATES.get(data["template"], (data["template"],) * 2))

    def _gone(self, data: Mapping[str, Any]) -> str:
        return "、".join(data["gone"]) or "—"

    def _fresh(self, data: Mapping[str, Any]) -> str:
        return "、".join(map(self._step, data["fresh"])) or "—"

    def _until(self, data: Mapping[str, Any]) -> str:
        return self._local(datetime.fromisoformat(data["until"]))

    def _addresses(self, data: Mapping[str, Any]) -> str:
        return "、".join(dict.fromkeys(data["addresses"][:1]))

    def _cases(self, data: Mapping[str, Any]) -> str:
        return "、".join(one["number"] for one in data["cases"])

    def _at(self, data: Mapping[str, Any]) -> str:
        return self._local(datetime.fromisoformat(data["at"]))

    def _why(self, data: Mapping[str, Any]) -> str:
        return self._words(ENDED[data["why"]]) if data["why"] in ENDED else str(data["why"])

    def _measure(self, data: Mapping[str, Any]) -> str:
        said = ((self._words(title), data[key]) for key, title in MEASURE_TITLES.items())
        return "；".join(f"{title} {_short(value)}" for title, value in said if value) or "—"

    # The values of an event that are told otherwise than they are kept.
    _TOLD: ClassVar[Mapping[str, Callable[[Teller, Mapping[str, Any]], str]]] = {
        "step": _step_told,
        "due_at": _due,
        "at": _at,
        "why": _why,
        "facts": _facts,
        "section": _section,
        "document": _document,
        "measure": _measure,
        "choice": _choice,
        "back_to": _back_to,
        "template": _template,
        "to": _roles,
        "role": _role,
        "person": _person,
        "cases": _cases,
        "until": _until,
        "gone": _gone,
        "fresh": _fresh,
        "addresses": _addresses,
    }


def _short(value: object) -> str:
    text = " ".join(str(value).split())
    return text if len(text) <= LONGEST else text[:LONGEST] + "…"
