"""A process in words, as Markdown: for `kesu process show`, and for the documents that are made from it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from daemon.core.days import day_in_words
from daemon.core.durations import in_words, parse_duration
from daemon.core.fields import BY_KEY, UNSHOWN
from daemon.core.giving import papers_of, wanted
from daemon.core.process.after import Raising
from daemon.core.process.details import Details
from daemon.core.process.drawing import mermaid
from daemon.core.process.duty import Count, Duty
from daemon.core.process.language import (
    GRADES,
    LEDGER,
    MAY,
    OPENING,
    RECEIPT,
    REPORTER,
    Choice,
    Defined,
    Followup,
    Opens,
    Process,
    Rung,
    Step,
    Tell,
)
from daemon.core.process.letter import Letter
from daemon.core.process.parts import Bound, When
from daemon.core.process.said_of_duties import OF_DUTIES
from daemon.core.process.words import Words, in_language
from daemon.core.terms import Term, term_in_words

SAID: Mapping[str, tuple[str, str]] = {
    **OF_DUTIES,
    # key            中文                                     English
    "steps": ("步骤", "Steps"),
    "step_heads": ("步骤 | 负责人 | 前一步 | 时限 一般 / 重要 / 重大 | 交什么 | 判定", "Step | Who | After | Due: general / important / critical | Gives | Verdicts"),  # noqa: E501
    "flow": ("流程图", "Flow"),
    "ladders": ("提醒和升级", "Reminders and escalation"),
    "ladder_heads": ("等级 | 何时 | 通知谁 | 邮件", "Grade | When | Who is told | Mail"),
    "grades": ("等级", "Grades"),
    "kinds": ("类别", "Kinds"),
    "defined_heads": ("名称 | 含义 | 关键词 | 条件", "Name | Meaning | Words | When"),
    "facts": ("本流程增加的项目", "Facts that this process adds"),
    "fact_heads": ("项目 | 可填 | 信中的叫法", "Fact | Values | Labels in mails"),
    "letters": ("本流程的信函和表单", "Letters and forms of this process"),
    "letter_heads": ("名称 | 内容 | 各联", "Name | Shows | Copies"),
    "hides": ("谁看不到什么", "Who may not read what"),
    "hides_heads": ("角色 | 看不到", "Role | May not read"),
    "shared": ("共享文件夹和台账", "shared folder and ledger"),
    "reporter": ("投诉人", "who complains"),
    "may": ("谁可以做什么", "Who may do what"),
    "may_heads": ("事项 | 角色", "Wish | Roles"),
    "numbers": ("编号：`{pattern}`，{restarts}", "Numbers: `{pattern}`, {restarts}"),
    "month": ("每月从 1 开始", "from 1 each month"),
    "year": ("每年从 1 开始", "from 1 each year"),
    "never": ("连续编号", "never from 1 again"),
    "begin": ("登记", "registration"),
    "due": ("到期", "due"),
    "used": ("用掉 {share}", "{share} used"),
    "later": ("晚 {term}", "{term} late"),
    "each": ("之后每 {term}，最多 {most} 次", "then every {term}, at most {most} times"),
    "if": ("仅当 {when}", "only if {when}"),
    "unless": ("{when} 时不需要", "not if {when}"),
    "when_due": ("{when} 时 {due}", "{due} if {when}"),
    "clock_receipt": ("从收到投诉起算", "from the receipt"),
    "clock_fact": ("从“{fact}”起算", "from “{fact}”"),
    "due_fact": ("“{fact}”写明的日期", "the date in “{fact}”"),
    "dates_of": ("“{section}”里写明的日期", "the dates in “{section}”"),
    "customer_date": ("客户要求更早的，以客户为准", "a date that the customer asked for wins when earlier"),
    "with": ("参加：{roles}", "taking part: {roles}"),
    "sends": ("系统发给{roles}", "the daemon writes to {roles}"),
    "opens": ("开子案并等其结案", "opens cases of its own and waits for them"),
    "opens_each": ("按“{fact}”各开一个子案并等其结案", "opens a case for each in “{fact}” and waits for them"),
    "documents": ("文件：{names}", "documents: {names}"),
    "any_file": ("（任何文件）", " (any file)"),
    "papers": ("文件", "Papers"),
    "paper_heads": ("文件 | 文件名里也可写", "Paper | Also in the name of a file"),
    "earlier": ("（先前来的也算）", " (or one that came before)"),
    "received": ("回复“收到”即完成", "done by 收到"),
    "back": ("退回 {steps}，新一轮", "back to {steps}, a new round"),
    "counts": ("{fact}加一", "one more in {fact}"),
    "new_case": ("转新客诉", "a new case, linked"),
    "asks": ("请客户补充", "the customer is asked"),
    "ends": ("结束", "ends"),
    "known": ("{fact}已知", "{fact} is known"),
    "unknown": ("{fact}未知", "{fact} is not known"),
    "and": ("且", " and "),
    "or": ("；或 ", "; or "),
    "list": ("、", ", "),
    "default": ("各等级", "every grade"),
    "responsible": ("责任：{role}", "responsible: {role}"),
    "nobody": ("不提醒", "nobody is reminded"),
    "followups": ("结案以后", "After closing"),
    "followup_heads": ("跟踪 | 负责人 | 在什么之后 | 何时 | 时限 一般 / 重要 / 重大 | 判定", "Follow-up | Who | After | When | Due: general / important / critical | Verdicts"),  # noqa: E501
    "every": ("以后每到 {term}", "then at {term}"),
    "most": ("最长 {term}", "for {term} at most"),
    "higher": ("提高{by}级", "{by} higher"),
    "at_most": ("{higher}，最高{grade}", "{higher}, at most {grade}"),
    "until": ("直到 {when}", "until {when}"),
    "once": ("每案一次", "once a case"),
    "raises": ("自动提高等级", "Grades raised by rule"),
    "raise_heads": ("等级 | 登记后 | 条件", "Grade | After registration | When"),
    "recurrence": ("重复投诉：{facts}相同，结案后 {within} 以内（未结案的始终算），{then}，通知{roles}。",
                   "A repeat: the same {facts}, within {within} of closing or before it; {then}; {roles} are told."),
    "link": ("登记新客诉并关联", "a new case that is linked"),
    "reopen": ("重新打开原客诉", "the earlier case is opened again"),
}  # fmt: skip
WISHES = {
    "hold": ("暂停", "hold"), "resume": ("恢复", "resume"), "cancel": ("取消", "cancel"),
    "reopen": ("重新打开", "reopen"), "merge": ("合并", "merge"), "link": ("注明重复", "link a repeat"),
    "join": ("归入另一案", "let another case go on for it"), "leave": ("取出", "take it out again"),
    "split": ("拆分", "split"), "subcase": ("开子案", "open a case of its own"),
    "assign": ("换人", "name people"), "raise": ("提高等级", "raise the grade"), "note": ("备注", "remark"),
}  # fmt: skip


def described(process: Process, language: str) -> str:
    """Return the whole process in words, with its flow chart."""
    return "\n".join(_Teller(process, language).lines()) + "\n"


@dataclass(frozen=True, slots=True)
class _Teller:
    process: Process
    language: str

    def lines(self) -> Iterator[str]:
        process, number = self.process, self.process.number
        yield f"# {self._in(process.title)}"
        yield ""
        yield self._say("numbers", pattern=number.pattern, restarts=self._say(number.restarts))
        yield from ("", *(f"- {line}" for line in self._details.of_process()))
        rows = (self._step(step) for step in process.step)
        yield from self._table("steps", "step_heads", rows)
        yield from ("", f"## {self._say('flow')}", "", "```mermaid", mermaid(process, self.language).rstrip(), "```")
        for name, grades in process.ladder.items():
            rungs = [self._rung(grade, rung) for grade, some in grades.items() for rung in some]
            nobody = (self._say("default"), "—", self._say("nobody"))
            yield from self._table("ladders", "ladder_heads", rungs or [nobody], name)
        yield from self._table("duties", "duty_heads", (self._duty(duty) for duty in process.duty))
        for title, parts in (("grades", process.grades), ("kinds", process.kinds)):
            rows = (
                (self._in(one.title) or key, self._meant(one), self._join(one.words), self._when(one.when))
                for key, one in parts.items()
            )
            yield from self._table(title, "defined_heads", rows)
        yield from self._after_closing()
        facts = (
            (one.title(self.language), self._join(one.values), self._join(one.labels)) for one in process.facts.values()
        )
        yield from self._table("facts", "fact_heads", facts)
        papers = ((self._paper(key), self._join(one.synonyms)) for key, one in process.documents.items())
        yield from self._table("papers", "paper_heads", papers)
        yield from self._table("letters", "letter_heads", map(self._letter, process.letters.values()))
        hides = ((self._reader(role), self._join(map(self._hidden, keys))) for role, keys in process.hides.items())
        yield from self._table("hides", "hides_heads", hides)
        may = ((WISHES[wish][self._column], self._roles(process.who_may(wish))) for wish in MAY)
        yield from self._table("may", "may_heads", may)

    def _raised(self, rule: Raising) -> str:
        """Return to which grade a rule raises, or by how many."""
        if not rule.by:
            return self._grade(rule.grade)
        higher = self._say("higher", by=str(rule.by))
        return self._say("at_most", higher=higher, grade=self._grade(rule.grade)) if rule.grade else higher

    def _after_closing(self) -> Iterator[str]:
        process = self.process
        yield from self._table("followups", "followup_heads", (self._followup(one) for one in process.followup))
        rows = (
            (self._raised(rule), self._term(rule.after) if rule.after else "—", self._when(rule.when) or "—")
            for rule in process.raise_
        )
        yield from self._table("raises", "raise_heads", rows)
        rule = process.recurrence
        if rule:
            facts, within = self._join(map(self._fact, rule.same)), self._term(rule.within)
            told = {"facts": facts, "within": within, "then": self._say(rule.then), "roles": self._roles(rule.tells)}
            yield from ("", self._say("recurrence", **told))

    def _followup(self, one: Followup) -> tuple[str, ...]:
        after = self._join(map(self._verdict, one.after)) or "—"
        choices = [self._choice(choice) for choice in one.choices.values()]
        choices += [self._say("documents", names=self._join(map(self._paper, one.documents)))] if one.documents else []
        times = [self._join(map(self._term, one.times))] if one.times else []
        times += [self._say("every", term=self._term(one.every))] if one.every else []
        times += [self._say("most", term=self._term(one.most))] if one.most else []
        times += [self._say("until", when=self._when(one.until))] if one.until else []
        times += [self._say("once")] if one.once else []
        title, owner, due = f"**{self._in(one.title)}**", self._roles(one.owner), self._due(one) or "—"
        return title, owner, self._after(one, after), "<br>".join(times), due, "<br>".join(choices)

    def _meant(self, one: Defined) -> str:
        role = self._say("responsible", role=self._roles([one.responsible])) if one.responsible else ""
        return "<br>".join(filter(None, (self._in(one.means), role)))

    def _verdict(self, name: str) -> str:
        step, _, choice = name.partition(".")
        said = self.process.steps[step].choices.get(choice) if step in self.process.steps else None
        return f"{self._title(step)}：{self._in(said.words)}" if said else self._title(step)

    def _grade(self, grade: str) -> str:
        return self._in(self.process.grades[grade].title) if grade in self.process.grades else grade

    def _term(self, term: Term) -> str:
        return term_in_words(term, self.language)

    def _step(self, step: Step) -> tuple[str, ...]:
        after = self._join(self._title(one) for one in step.after) or self._say("begin")
        owner = self._roles(step.owner)
        owner += f"<br>{self._say('with', roles=self._roles(step.with_))}" if step.with_ else ""
        return (f"**{self._in(step.title)}**", owner, self._after(step, after), self._due(step), self._gives(step),
                "<br>".join(self._choice(choice) for choice in step.choices.values()))  # fmt: skip

    def _after(self, step: Step, after: str) -> str:
        asked = [self._say("if", when=self._when(step.when))] if step.when else []
        asked += [self._say("unless", when=self._when(step.unless))] if step.unless else []
        return "<br>".join((after, *asked))

    def _due(self, step: Step) -> str:
        by_grade = [term_in_words(term, self.language) for grade in GRADES.values() if (term := step.due_in(grade))]
        found = [by_grade[0] if len(set(by_grade)) == 1 else " / ".join(by_grade)] if by_grade else []
        for rule in step.due_when:
            asked = f"{self._fact(rule.fact)} {rule.is_}"
            found.append(self._say("when_due", when=asked, due=term_in_words(rule.due, self.language)))
        if step.clock_starts == RECEIPT:
            found.append(self._say("clock_receipt"))
        elif step.clock_starts != OPENING:
            found.append(self._say("clock_fact", fact=self._fact(step.clock_starts)))
        found += [self._say("due_fact", fact=self._fact(step.due_fact))] if step.due_fact else []
        found += [self._say("dates_of", section=self._section(step.dates_of))] if step.dates_of else []
        found += [self._say("customer_date")] if step.customer_date else []
        return "<br>".join((*found, *self._details.of_time(step)))

    def _gives(self, step: Step) -> str:
        papers = papers_of(step, self.process)
        given = [self._part(key) for key in wanted(step) if key not in papers]
        given += [self._say("received")] if step.on_acknowledge.done else []
        given += [self._sends(step.sends)] if step.sends else []
        given += [self._opens(step.opens)] if step.opens else []
        given += [self._say("documents", names=self._join(map(self._paper, papers)))] if papers else []
        return "<br>".join(filter(None, (self._join(given), *self._details.of_mail(step))))

    def _reader(self, role: str) -> str:
        return self._say("shared") if role == LEDGER else self._roles([role])

    def _hidden(self, key: str) -> str:
        return self._say("reporter") if key == REPORTER else self._fact(key)

    def _opens(self, opens: Opens) -> str:
        said = self._say("opens_each", fact=self._fact(opens.each)) if opens.each else self._say("opens")
        return f"{said}（{opens.profile}）" if opens.profile else said

    def _sends(self, tell: Tell) -> str:
        letter = self.process.letters.get(tell.template)
        named = f"《{self._in(letter.title)}》" if letter else ""
        return self._say("sends", roles=self._roles(tell.to)) + named

    def _choice(self, choice: Choice) -> str:
        leads = [self._say("ends")] if choice.ends else []
        leads += [self._say("back", steps=self._join(map(self._title, choice.back_to)))] if choice.back_to else []
        leads += [self._say("new_case")] if choice.new_case else []
        leads += [self._say("counts", fact=self._fact(choice.counts))] if choice.counts else []
        leads += [self._say("asks")] if choice.asks else []
        leads += self._details.of_choice(choice)
        word = self._in(choice.words)
        return f"{word} → {self._join(leads)}" if leads else word

    def _duty(self, duty: Duty) -> tuple[str, ...]:
        listed = duty.cases
        which = [self._say(one) for one in ((listed.in_,) if listed and listed.in_ else ())]
        which += [self._say(f"duty_{listed.are}")] if listed else []
        asked = [self._say("if", when=self._when(listed.when))] if listed and listed.when else []
        asked += [self._say("unless", when=self._when(listed.unless))] if listed and listed.unless else []
        asked += [self._say("skips_empty")] if duty.skips_empty else []
        days = self._join(
            day_in_words(on, self.language) + self._say(f"duty_{on.moves}") for on in duty.on
        ) or self._say("duty_off")  # fmt: skip
        days += self._say("duty_ahead", days=str(duty.ahead)) if duty.ahead and duty.on else ""
        what = [self._say("duty_columns", names=self._join(map(self._shown, duty.columns)))] if duty.columns else []
        what += [self._count(count) for count in duty.count]
        what += [self._say(f"attach_{one}") for one in duty.attach]
        what += [self._in(duty.ask)] if duty.ask else []
        where = "<br>".join((" ".join(which), *asked)) if listed else ""
        return f"**{self._in(duty.title)}**", days, self._roles(duty.to), where, "<br>".join(what)

    def _count(self, count: Count) -> str:
        said = [self._say("duty_count", fact=self._fact(count.by)) if count.by else self._say("duty_count_all")]
        for figure in count.figures:
            name, target = self._say(figure), count.targets.get(figure)
            said.append(name if target is None else self._say("target", figure=name, share=f"{_percent(target)}"))
        said += [self._say("duty_sum", names=self._join(map(self._fact, count.sum)))] if count.sum else []
        if count.rate:
            part, whole = map(self._fact, count.rate)
            said.append(self._say("duty_rate", part=part, whole=whole))
        limits = self._join(f"{self._default(name)} {_percent(share)}" for name, share in count.limits.items())
        said += [self._say("duty_limit", limits=limits)] if limits else []
        return self._join(said)

    def _default(self, name: str) -> str:
        return self._say("default_limit") if name == "default" else name

    def _shown(self, key: str) -> str:
        return self._section(key) if key in self.process.sections else self._fact(key)

    def _rung(self, grade: str, rung: Rung) -> tuple[str, ...]:
        severity = GRADES.get(grade)
        shown = self._in(self.process.grades[grade].title) if grade in self.process.grades else ""
        name = shown or (severity.value if severity else self._say("default"))
        when = self._instant(rung) + self._details.of_rung(rung)
        return name, when, self._roles(rung.to), self._details.mail(rung.template)

    def _instant(self, rung: Rung) -> str:
        if rung.every:
            return self._say("each", term=term_in_words(rung.every, self.language), most=str(rung.most))
        if rung.at.endswith("%"):
            return self._say("used", share=rung.at)
        if rung.at == "due":
            return self._say("due")
        return self._say("later", term=in_words(parse_duration(rung.at[1:]), self.language))

    def _letter(self, letter: Letter) -> tuple[str, ...]:
        shown = (self._section(k) if k in self.process.sections else self._fact(k) for k in letter.shows)
        copies = (f"{self.process.role_title(r, self.language)}: {self._in(c)}" for r, c in letter.copies.items())
        title = f"**{self._in(letter.title)}**" + (" (Word)" if letter.word else "")
        return title, self._join(shown), "<br>".join(copies)

    def _when(self, when: When) -> str:
        tables = (self._say("and").join(self._test(fact, test) for fact, test in table.items()) for table in when)
        return self._say("or").join(tables)

    def _test(self, fact: str, test: tuple[str, ...] | Bound) -> str:
        title = self._fact(fact)
        if not isinstance(test, Bound):
            return f"{title} {self._join(test)}"
        known = {True: "known", False: "unknown"}.get(test.known) if test.known is not None else None
        said = [self._say(known, fact=title)] if known else []
        said += [f"{title} ≥ {test.at_least:g}"] if test.at_least is not None else []
        said += [f"{title} ≤ {test.at_most:g}"] if test.at_most is not None else []
        return self._say("and").join(said)

    def _table(
        self, title: str, heads: str, rows: Iterable[tuple[str, ...]], name: str = ""
    ) -> Iterator[str]:  # fmt: skip
        found = ["| " + " | ".join(_cell(cell) for cell in row) + " |" for row in rows]
        if found:
            head = self._say(heads)
            yield from ("", f"## {self._say(title)}{f': {name}' if name else ''}", "", f"| {head} |")
            yield "|" + "---|" * (head.count("|") + 1)
            yield from found

    @property
    def _details(self) -> Details:
        return Details(self.process, self.language)

    @property
    def _column(self) -> int:
        return 0 if self.language.startswith("zh") else 1

    def _say(self, key: str, **values: str) -> str:
        return SAID[key][self._column].format(**values)

    def _in(self, words: Words) -> str:
        return in_language(words, self.language)

    def _join(self, words: Iterable[str]) -> str:
        return self._say("list").join(words)

    def _roles(self, roles: Iterable[str]) -> str:
        return self._join(self.process.role_title(role, self.language) for role in roles)

    def _title(self, step: str) -> str:
        return self._in(self.process.steps[step].title) if step in self.process.steps else step

    def _part(self, key: str) -> str:
        values = self.process.values_of(key) if self.process.is_fact(key) else ()
        title = self.process.part_title(key, self.language)
        return f"{title}（{self._join(values)}）" if values else title

    def _paper(self, key: str) -> str:
        paper = self.process.paper(key)
        more = (self._say(key) for key, holds in (("any_file", paper.any_name), ("earlier", paper.earlier)) if holds)
        return self._in(paper.title) + "".join(more)

    def _section(self, key: str) -> str:
        return self.process.section_title(key, self.language)

    def _fact(self, key: str) -> str:
        if key in self.process.facts:
            return self.process.facts[key].title(self.language)
        if key in UNSHOWN:
            return UNSHOWN[key][self._column]
        return BY_KEY[key].title(self.language) if key in BY_KEY else key


def _percent(share: float) -> str:
    return f"{share * 100:.4g}%"


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("\n", " ")
