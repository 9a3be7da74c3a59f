"""Why each open step of a case is due when it is, and what comes next if nothing happens, in sentences.  Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daemon.core.calendars import Calendars
from daemon.core.case import Case, Severity, Status, StepState, StepStatus
from daemon.core.commands import Context
from daemon.core.directory import Directory
from daemon.core.fields import BY_KEY
from daemon.core.journal import clock_start, fact_time
from daemon.core.ladder import Reached, permitted, waiting
from daemon.core.pauses import Pauses, pauses_in, since
from daemon.core.process import GRADES, Followup, Process, Raising, Step, in_language
from daemon.core.raising import coming_raises, raised_grade, reason_of
from daemon.core.roles import owners
from daemon.core.tell import reminded_people
from daemon.core.terms import Term, term_in_words
from daemon.core.timing import next_due_at
from daemon.core.toml_places import line_of
from daemon.core.worktime import WorkCalendar
from daemon.telling import ENDED, TEMPLATES

DAY = timedelta(days=1)
WORDS = {
    #          中文                                             English
    "head": ("客诉 {number} · {grade} · {status}", "case {number} · {grade} · {status}"),
    "over": ("没有未完成的步骤，到时间也不会再有动作", "no step is open; time will ask for nothing more"),
    "step": ("■ {title} — {owner}", "■ {title} — {owner}"),
    "nobody": ("（没有人担任）", "(nobody holds the role)"),
    "due": ("  截止 {due}，已用去时间的 {share}%", "  due {due}; {share} % of the time is used"),
    "late": ("  截止 {due}，已逾期", "  was due {due}; it is late"),
    "no_due": ("  没有截止时间", "  has no due time"),
    "unstarted": ("  还没有开始计时：要等“{fact}”", "  the time has not begun: it waits for “{fact}”"),
    "start": ("  开始 {start}", "  began {start}"),
    "from": ("  从 {start} 起计时（{why}）", "  the time runs from {start} ({why})"),
    "receipt": ("登记之时", "the registration"),
    "rule": ("  规则 {grade}：{term}，{how}（案件所用流程第 {line} 行）",
             "  rule for {grade}: {term}, {how} (line {line} of the case's profile)"),
    "when": ("  规则 因为“{fact}”是“{value}”：{term}，{how}（案件所用流程第 {line} 行）",
             "  rule, because “{fact}” is “{value}”: {term}, {how} (line {line} of the case's profile)"),
    "by_clock": ("昼夜连续计时", "day and night"),
    "by_date": ("按日历的日期", "by the date"),
    "by_work": ("只计工作时间 {windows}", "in working time {windows}"),
    "off": ("  其间不上班：{days}", "  nobody works on {days}"),
    "worked": ("  其间调休上班：{days}", "  worked out of turn: {days}"),
    "pause": ("  其间暂停：{start} 至 {end}", "  it stood still from {start} to {end}"),
    "customer": ("  客户要求 {at} 前答复：比规则的 {rule} 早，以客户的为准",
                 "  the customer asked for it by {at}: earlier than {rule} by the rule, so it counts"),
    "later": ("  客户要求 {at} 前答复：不早于规则，按规则",
              "  the customer asked for it by {at}: not earlier, so the rule counts"),
    "promise": ("  以“{what}”写明的日期为准", "  the date given in “{what}” counts"),
    "moved": ("  按现在的资料重算是 {rule}：截止时间在开始或改等级时算定，其后的改动不移动它",
              "  computed today it would be {rule}: it was fixed when the step began or its grade changed"),
    "next": ("  如果没有答复：", "  if nobody answers:"),
    "rung": ("    {at} {what} → {to}", "    {at} {what} → {to}"),
    "no_rung": ("    不再提醒", "    nobody is reminded any more"),
    "waits": ("□ {title}：等“{after}”完成", "□ {title}: waits for “{after}”"),
    "follow": ("◇ {title}：从 {since} 起（案件所用流程第 {line} 行）",
               "◇ {title}: since {since} (line {line} of the case's profile)"),
    "checked": ("  第 {number} 次 {at}：{verdict} {remark}", "  no. {number}, {at}: {verdict} {remark}"),
    "planned": ("  第 {number} 次将于 {at} 询问", "  no. {number} will be asked for at {at}"),
    "ended": ("  已结束：{why}", "  ended: {why}"),
    "rises": ("△ {at} 起自动升为{grade}（案件所用流程第 {line} 行）",
              "△ becomes {grade} by itself at {at} (line {line} of the case's profile)"),
    "rose": ("▲ 等级已自动提高，因为{why}（案件所用流程第 {line} 行）",
             "▲ the grade was raised by rule, because of {why} (line {line} of the case's profile)"),
    "first": ("最近的动作：{at}", "next action: {at}"),
}  # fmt: skip
ENGLISH = {
    Status.VERIFYING: "to be verified", Status.REVIEW: "in review", Status.CUSTOMER: "waits for the customer",
    Status.WORKING: "in work", Status.EFFECT: "effect watched", Status.CLOSED: "closed", Status.ON_HOLD: "on hold",
    Status.CANCELLED: "cancelled",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Explainer:
    """Explains the times of cases in one language; `text` is the profile by which a case is kept."""

    process: Process
    text: str
    directory: Directory
    calendars: Calendars
    language: str = "zh-CN"

    def explain(self, case: Case, now: datetime) -> Iterator[str]:
        """Yield the lines: each open step with its reasons and what comes next, then the steps that wait."""
        yield self._say("head", number=case.number, grade=self._grade(case), status=self._status(case))
        yield from self._raised(case)
        closed = set(case.steps) if not case.is_open else set()
        tasks = self.process.tasks(key for key in case.open_tasks if key not in closed)
        planned = [one for one in self.process.followup if one.id in case.followups]
        rises = tuple(coming_raises(case, self.process, self.calendars, now))
        if not tasks and not planned:
            yield self._say("over")
            return
        first = next_due_at(case, self.process, self.calendars, now)
        if first:
            yield self._say("first", at=self._local(first))
        pauses = pauses_in(case.holds, now)
        for step in tasks:
            yield from self._step(step, case, now, pauses)
        yield from self._waiting(case) if case.is_open else ()
        for one in planned:
            yield from self._followed(one, case)
        for rule, at in rises:
            grade = raised_grade(rule, case)
            if grade:
                yield self._say("rises", at=self._local(at), grade=self._word_of(grade), line=self._line_of(rule))

    def _raised(self, case: Case) -> Iterator[str]:
        """Say by which rules the grade was raised, and because of what."""
        for rule in self.process.raise_:
            if rule.id in case.raised:
                why = reason_of(rule, case, self.process, self.language)
                yield self._say("rose", why=why, line=self._line_of(rule))

    def _followed(self, one: Followup, case: Case) -> Iterator[str]:
        """Say what a follow-up has found, when its next check is asked for, and when it ends."""
        follow, title = case.followups[one.id], in_language(one.title, self.language)
        line = line_of(self.text, ("followup", self.process.followup.index(one)))
        yield self._say("follow", title=title, since=self._local(follow.since), line=line)
        for check in follow.checks:
            told = {"number": check.number, "verdict": check.verdict, "remark": check.remark}
            yield self._say("checked", at=self._local(check.at), **told).rstrip()
        if follow.ended:
            yield self._say("ended", why=ENDED.get(follow.ended, (follow.ended,) * 2)[self.language == "en"])
        elif follow.planned_at:
            yield self._say("planned", number=follow.number, at=self._local(follow.planned_at))

    def _step(self, step: Step, case: Case, now: datetime, pauses: Pauses) -> Iterator[str]:
        state, calendar = case.state(step.id), self.calendars.of(step, case)
        held = self._list(one.name or one.address for one in owners(step.owner, case, self.directory))
        yield self._say("step", title=in_language(step.title, self.language), owner=held or self._say("nobody"))
        if state.opened_at is None:
            return
        yield from self._due(step, case, calendar, now, pauses)
        yield from self._reasons(step, case, calendar, pauses)
        yield from self._next(step, case, now)

    def _due(self, step: Step, case: Case, calendar: WorkCalendar, now: datetime, pauses: Pauses) -> Iterator[str]:
        state, context = case.state(step.id), self._context(now)
        opened, due = state.opened_at, state.due_at
        assert opened is not None
        if due is None:
            unknown = clock_start(step, case, context, opened) is None
            yield self._say("unstarted", fact=self._fact(step.clock_starts)) if unknown else self._say("no_due")
        elif due < now:
            yield self._say("late", due=self._local(due))
        else:
            term = step.due_in(case.severity)
            working = bool(term and term.is_working)
            whole = calendar.used(opened, due, pauses, working=working)
            used = calendar.used(opened, now, pauses, working=working)
            yield self._say("due", due=self._local(due), share=round(100 * used / whole) if whole else 100)
        yield self._say("start", start=self._local(opened))

    def _reasons(self, step: Step, case: Case, calendar: WorkCalendar, pauses: Pauses) -> Iterator[str]:
        state = case.state(step.id)
        assert state.opened_at is not None
        context = self._context(state.opened_at)
        begin = clock_start(step, case, context, state.opened_at)
        special = next((rule for rule in step.due_when if case.text(rule.fact) == rule.is_), None)
        term = special.due if special else step.due_in(case.severity)
        if begin is None or term is None or state.due_at is None:
            return
        if begin != state.opened_at:
            receipt = begin == case.opened_at
            why = self._say("receipt") if receipt else self._fact(step.clock_starts)
            yield self._say("from", start=self._local(begin), why=why)
        line = self._line(step, "due_when" if special else "due")
        told = {"term": term_in_words(term, self.language), "how": self._how(term, calendar, begin), "line": line}
        if special:
            yield self._say("when", fact=self._fact(special.fact), value=special.is_, **told)
        else:
            yield self._say("rule", grade=self._grade(case), **told)
        rule = calendar.add(begin, term, pauses)
        yield from self._between(term, calendar, begin, rule, pauses)
        yield from self._counts(step, case, calendar, rule)

    def _counts(self, step: Step, case: Case, calendar: WorkCalendar, rule: datetime) -> Iterator[str]:
        """Say what took the place of the rule, if anything did."""
        state = case.state(step.id)
        assert state.opened_at is not None
        context = self._context(state.opened_at)
        asked = fact_time("customer_due", calendar, case, context) if step.customer_date else None
        if step.dates_of and case.section(step.dates_of) and state.due_at != rule:
            yield self._say("promise", what=self.process.section_title(step.dates_of, self.language))
        elif step.due_fact and fact_time(step.due_fact, calendar, case, context):
            yield self._say("promise", what=self._fact(step.due_fact))
        elif asked and asked == state.due_at:
            yield self._say("customer", at=self._local(asked), rule=self._local(rule))
        elif state.due_at != rule:
            yield self._say("moved", rule=self._local(rule))
        elif asked:
            yield self._say("later", at=self._local(asked))

    def _how(self, term: Term, calendar: WorkCalendar, begin: datetime) -> str:
        if not term.is_working:
            clock = getattr(term, "is_clock", False)
            return self._say("by_clock" if clock else "by_date")
        day = calendar.next_open(begin).astimezone(calendar.zone).date()
        windows = self._list(f"{start:%H:%M}–{end:%H:%M}" for start, end in calendar.windows_on(day))
        return self._say("by_work", windows=windows)

    def _between(
        self, term: Term, calendar: WorkCalendar, begin: datetime, due: datetime, pauses: Pauses
    ) -> Iterator[str]:
        first, last = (at.astimezone(calendar.zone).date() for at in (begin, due))
        days = [first + DAY * n for n in range((last - first).days + 1)]
        if term.is_working:
            off = [day for day in days if not calendar.is_workday(day)]
            worked = [day for day in days if day in calendar.extra_days and calendar.is_workday(day)]
            yield from (
                self._say(key, days=self._list(_runs(some))) for key, some in (("off", off), ("worked", worked)) if some
            )
        for pause in since(begin, pauses):
            if pause.start < due:
                yield self._say("pause", start=self._local(pause.start), end=self._local(pause.end))

    def _next(self, step: Step, case: Case, now: datetime) -> Iterator[str]:
        yield self._say("next")
        found = waiting(case, step, self.process, self.calendars)
        soonest = permitted(step, case, self.calendars, now)
        for one in _told(found, now):
            people = reminded_people(one.rung.to, step, case, self._context(now))
            to = self._list(to.name or to.address for to in people) or self._say("nobody")
            at, what = self._local(max(one.at, soonest)), TEMPLATES.get(one.rung.template, (one.rung.template,) * 2)
            yield self._say("rung", at=at, what=what[self.language == "en"], to=to)
        if not found:
            yield self._say("no_rung")

    def _waiting(self, case: Case) -> Iterator[str]:
        done = (StepStatus.DONE, StepStatus.SKIPPED)
        for step in self.process.step:
            state = case.steps.get(step.id, StepState())
            before = [one for one in step.after if case.steps.get(one, StepState()).status not in done]
            if state.status is StepStatus.WAITING and before:
                after = self._list(in_language(self.process.steps[one].title, self.language) for one in before)
                yield self._say("waits", title=in_language(step.title, self.language), after=after)

    def _line(self, step: Step, key: str) -> int:
        if isinstance(step, Followup):
            name = step.id.rpartition(".")[0]
            return line_of(self.text, ("followup", list(self.process.followups).index(name), key))
        return line_of(self.text, ("step", list(self.process.steps).index(step.id), key))

    def _context(self, now: datetime) -> Context:
        return Context(self.process, self.directory, self.calendars, now)

    def _fact(self, key: str) -> str:
        extra = self.process.facts.get(key)
        return BY_KEY[key].title(self.language) if key in BY_KEY else extra.title(self.language) if extra else key

    def _grade(self, case: Case) -> str:
        return self._word_of(case.severity)

    def _word_of(self, grade: Severity) -> str:
        english = next(key for key, value in GRADES.items() if value is grade)
        return english if self.language == "en" else grade.value

    def _line_of(self, rule: Raising) -> int:
        return line_of(self.text, ("raise", self.process.raise_.index(rule)))

    def _status(self, case: Case) -> str:
        return ENGLISH[case.status] if self.language == "en" else case.status.value

    def _local(self, at: datetime) -> str:
        return at.astimezone(self.calendars.zone).strftime("%Y-%m-%d %H:%M")

    def _list(self, words: Iterable[str]) -> str:
        return (", " if self.language == "en" else "、").join(words)

    def _say(self, key: str, **values: object) -> str:
        return WORDS[key][self.language == "en"].format(**values)


def _told(rungs: tuple[Reached, ...], now: datetime) -> Iterator[Reached]:
    """Yield the rungs that speak: of those that are passed only the highest."""
    passed = [one for one in rungs if one.at <= now]
    yield from passed[-1:]
    yield from rungs[len(passed) :]


def _runs(days: Iterable[date]) -> Iterator[str]:
    """Yield days as people write them, neighbours as a stretch."""
    runs: list[list[date]] = []
    for day in days:
        if runs and day - runs[-1][-1] == DAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    yield from (f"{run[0]:%m-%d}" + (f"–{run[-1]:%m-%d}" if len(run) > 1 else "") for run in runs)
