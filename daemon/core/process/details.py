"""What a description tells of steps, verdicts, rungs and mails beside the boxes of the flow chart: a line each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from daemon.core.fields import BY_KEY
from daemon.core.process.language import GRADES, Choice, Process, Rung, Step, Tell
from daemon.core.process.words import DEFAULT_LANGUAGE, in_language
from daemon.core.terms import term_in_words

OF_DETAILS: Mapping[str, tuple[str, str]] = {
    # key            中文                                     English
    "calendar": ("按日历“{name}”计时", "counted by the calendar “{name}”"),
    "ladder": ("提醒按“{name}”", "reminded as “{name}” says"),
    "urgent": ("{grades}级随时发信，不等上班", "mails of {grades} go out at night too"),
    "needs": ("资料不足时请客户补：{names}", "asks the customer for: {names}"),
    "passes_on": ("可转其他部门", "may be passed on"),
    "task": ("发待办通知", "asked by a task"),
    "notice": ("发处理通知", "asked by the notice"),
    "review": ("发审核请求", "asked by a review"),
    "internal": ("附 8D（内部版）", "with the internal 8D"),
    "external": ("附 8D（客户版）", "with the customer's 8D"),
    "evidence": ("附客户的文件", "with the customer's files"),
    "names_sender": ("回复“收到”的人记入 {names}", "who says 收到 stands in {names}"),
    "needs_reason": ("须写明原因", "with a reason"),
    "sets": ("记 {fact}：{value}", "sets {fact}: {value}"),
    "tells": ("发{what}给{roles}", "sends {what} to {roles}"),
    "if_over": ("，仅时限长于 {term} 的步骤", ", only for steps that take longer than {term}"),
    "registered": ("登记时：{mails}", "At registration: {mails}"),
    "alarm": ("{grade}级立即：{mails}", "At once when {grade}: {mails}"),
    "progress": ("每周进展：{grades}级的未结案件，发给{roles}", "Weekly word on open cases of {grades}, to {roles}"),
    "reopens": ("重新打开后从 {steps} 开始", "A case that is reopened begins at {steps}"),
    "customer_sees": ("客户版 8D 也写：{names}", "The customer's 8D holds too: {names}"),
    "transfers": ("最多转部门 {most} 次", "Passed on at most {most} times"),
    "language": ("语言：{name}", "Language: {name}"),
    "list": ("、", ", "),
}  # fmt: skip
MAILS: Mapping[str, tuple[str, str]] = {
    "receipt": ("受理通知", "the receipt"), "first_answer": ("初步回复", "the first answer"),
    "answer": ("正式回复", "the answer"), "explanation": ("情况说明", "the explanation"),
    "withdrawn": ("撤销通知", "the withdrawal"), "closed": ("结案通知", "the word of closing"),
    "alarm": ("通报", "the alarm"), "reminder": ("提醒", "a reminder"), "escalation": ("逾期升级", "an escalation"),
    "ask_again": ("再次询问", "the question again"), "silence": ("未答复报告", "the word of silence"),
}  # fmt: skip
USUAL_URGENT = Step.model_fields["urgent_for"].default


@dataclass(frozen=True, slots=True)
class Details:
    """Tells the details of one process in one language."""

    process: Process
    language: str

    def of_process(self) -> Iterator[str]:
        """Yield a line each: the mails at registration, alarms, the weekly word, where a closed case begins again."""
        process = self.process
        if process.registered:
            yield self._say("registered", mails=self._join(map(self._mail, process.registered)))
        for grade, tell in process.alarm.items():
            yield self._say("alarm", grade=self.grade(grade), mails=self._mail(tell))
        if process.progress.grades:
            grades = self._join(map(self.grade, process.progress.grades))
            yield self._say("progress", grades=grades, roles=self._roles(process.progress.to))
        if process.reopens_at:
            yield self._say("reopens", steps=self._join(self._titles(process.reopens_at)))
        if process.customer_sees:
            yield self._say("customer_sees", names=self._join(map(self._part, process.customer_sees)))
        yield self._say("transfers", most=str(process.most_transfers))
        if process.language != DEFAULT_LANGUAGE:
            yield self._say("language", name=process.language)

    def of_time(self, step: Step) -> Iterator[str]:
        """Yield how a step is counted and reminded of, where that is not as usual."""
        if step.calendar:
            yield self._say("calendar", name=step.calendar)
        if step.ladder != "default":
            yield self._say("ladder", name=step.ladder)
        if step.urgent_for and step.urgent_for != USUAL_URGENT:
            yield self._say("urgent", grades=self._join(map(self.grade, step.urgent_for)))

    def of_mail(self, step: Step) -> Iterator[str]:
        """Yield how a step is asked for: the words of its mail, what comes with it, what may be answered beside."""
        if step.ask:
            yield f"“{in_language(step.ask, self.language)}”"
        if step.notice != "task":
            yield self._say(step.notice) if step.notice in OF_DETAILS else step.notice
        if step.form:
            yield self._say(step.form)
        if step.evidence:
            yield self._say("evidence")
        if step.passes_on:
            yield self._say("passes_on")
        if step.needs:
            yield self._say("needs", names=self._join(map(self._part, step.needs)))
        if step.on_acknowledge.names_sender:
            names = self._join(map(self._part, step.on_acknowledge.names_sender))
            yield self._say("names_sender", names=names)

    def of_choice(self, choice: Choice) -> Iterator[str]:
        """Yield what a verdict needs, sets and sends."""
        if choice.needs_reason:
            yield self._say("needs_reason")
        for key, value in choice.sets.items():
            yield self._say("sets", fact=self._part(key), value=value)
        yield from map(self._mail, choice.tells)

    def of_rung(self, rung: Rung) -> str:
        """Return for which steps a rung is there, empty for all."""
        return self._say("if_over", term=term_in_words(rung.if_over, self.language)) if rung.if_over else ""

    def mail(self, template: str) -> str:
        """Return what people call a mail."""
        letter = self.process.letters.get(template)
        if letter:
            return f"《{in_language(letter.title, self.language)}》"
        return MAILS[template][self._column] if template in MAILS else template

    def grade(self, name: str) -> str:
        """Return what people call a grade."""
        own = self.process.grades.get(name)
        return (in_language(own.title, self.language) if own else "") or (
            GRADES[name].value if name in GRADES else name
        )

    def _mail(self, tell: Tell) -> str:
        form = f"（{self._say(tell.form)}）" if tell.form in ("internal", "external") else ""
        return self._say("tells", what=self.mail(tell.template), roles=self._roles(tell.to)) + form

    def _titles(self, steps: Iterable[str]) -> Iterator[str]:
        known = self.process.steps
        return (in_language(known[one].title, self.language) if one in known else one for one in steps)

    def _part(self, key: str) -> str:
        known = key in self.process.facts or key in self.process.sections or key in BY_KEY
        return self.process.part_title(key, self.language) if known else key

    def _roles(self, roles: Iterable[str]) -> str:
        return self._join(self.process.role_title(role, self.language) for role in roles)

    def _join(self, words: Iterable[str]) -> str:
        return self._say("list").join(words)

    @property
    def _column(self) -> int:
        return 0 if self.language.startswith("zh") else 1

    def _say(self, key: str, **values: str) -> str:
        return OF_DETAILS[key][self._column].format(**values)
