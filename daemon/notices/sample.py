"""A made-up case, for `kesu preview`, for `kesu check` and for the tests.  Values only; every name is invented."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from daemon.core.case import Case, Certainty, Evidence, Fact, Follow, Section, Severity, Status, StepState, StepStatus
from daemon.core.directory import Department, Directory, Person
from daemon.core.notice import Notice
from daemon.core.process import Process, Step
from daemon.notices.needs import EXAMPLES, SEVERAL
from daemon.notices.sample_words import FACTS, STRANGER, TEXTS
from daemon.processes import shipped_process

CODES = ("KS-7QXM-B2LA-4TNE-W6RD", "KS-M3VK-5ZPU-HC2Y-AJ7S")
NUMBERS = ("2611003", "2611005")
OPENED = datetime(2026, 11, 23, 1, 12, tzinfo=UTC)

PEOPLE = {
    "sun.dapeng": "孙大鹏", "zhao.guodong": "赵国栋", "wang.xiaoyan": "王晓燕", "chen.lixin": "陈立新",
    "xu.wenlan": "许文澜", "zhou.hongyuan": "周宏远", "lin.jiayi": "林佳怡", "zheng.haitao": "郑海涛",
}  # fmt: skip

SAMPLE_DIRECTORY = Directory(
    company="宏远精密部件有限公司",
    company_en="Hongyuan Precision Components Co., Ltd.",
    domain="hongyuan.example",
    mailbox="complaints@hongyuan.example",
    people={key: Person(key, name, (f"{key}@hongyuan.example",)) for key, name in PEOPLE.items()},
    departments=(
        Department("生产部", "production@hongyuan.example", "zhao.guodong", ("sun.dapeng",)),
        Department("质量部", "quality@hongyuan.example", "chen.lixin", ("wang.xiaoyan",)),
        Department("销售部", "sales@hongyuan.example", "zheng.haitao", ("lin.jiayi",)),
    ),
    roles={
        "quality_engineer": ("wang.xiaoyan",),
        "quality_manager": ("chen.lixin",),
        "quality_director": ("xu.wenlan",),
        "general_manager": ("zhou.hongyuan",),
        "sales": ("lin.jiayi",),
    },
)

# How many of these sections there are when a mail goes out that comes before the end.
GIVEN = {
    "receipt": 0, "notice": 1, "task": 1, "alarm": 0, "transfer_request": 1, "first_answer": 3, "reminder": 2,
    "escalation": 2, "refused": 2, "recorded": 3, "digest": 2, "digest_help": 2,
    "satisfaction": 0, "thanks": 0, "low_mark": 3, "progress": 3, "informed": 2, "changed": 2, "ask_facts": 0,
}  # fmt: skip


TO_CUSTOMERS = frozenset(
    {
        "satisfaction",
        "thanks",
        "ask_facts",
        "receipt",
        "first_answer",
        "answer",
        "explanation",
        "ask_again",
        "joined",
        "ledger_request_customer",
    }
)
OPEN = StepState(StepStatus.OPEN, 1, OPENED, OPENED + timedelta(days=3, minutes=498))
LISTING = frozenset({"progress"})


def sample_process() -> Process:
    """Return the default process."""
    return shipped_process("8d")


def sample_case(process: Process, number: str = NUMBERS[0], template: str = "", language: str = "zh-CN") -> Case:
    """Return a case with every fact known, and with the sections that are given when such a mail is sent."""
    words = "zh" if language.startswith("zh") else "en"
    severity = Severity.CRITICAL if template == "alarm" else Severity.IMPORTANT
    given = dict(list(TEXTS[words].items())[: GIVEN.get(template)])
    facts = {key: Fact(value, Certainty.STATED, "邮件正文") for key, value in FACTS[words].items()}
    facts["department"] = Fact("生产部", Certainty.INFERRED, "分派规则“作业未按工艺执行”")
    facts["severity"] = Fact(severity, Certainty.CONFIRMED)
    return Case(
        id=UUID(int=int(number)),
        number=number,
        profile="",
        seq=9,
        opened_at=OPENED,
        reporter=STRANGER,
        reporter_name=str(facts["contact_name"].value),
        subject=str(facts["phenomenon"].value),
        message_id="<20261123.0912@lingke-motor.example>",
        status=Status.WORKING,
        facts=facts,
        sections={key: Section(text, "sun.dapeng", OPENED) for key, text in given.items()},
        steps={step.id: replace(OPEN, status=_status(step, given, template)) for step in process.step},
        followups={one.id: Follow(OPENED, asked=replace(OPEN, status=StepStatus.OPEN)) for one in process.followup},
        evidence=(Evidence("内径测量记录.xlsx", "0" * 64), Evidence("不良品照片 1.jpg", "1" * 64)),
    )  # fmt: skip


def _status(step: Step, given: Mapping[str, str], template: str) -> StepStatus:
    """Return open for every step, so that any mail has its due time; where a mail lists them, for a few."""
    waits = template in LISTING and (not step.gives or set(step.gives) & set(given))
    return StepStatus.WAITING if waits else StepStatus.OPEN


def sample_notice(template: str, case: Case, process: Process, language: str, steps: tuple[str, ...] = ()) -> Notice:
    """Return a notice of this template about the case, to somebody who would get it."""
    outside = template in TO_CUSTOMERS
    asked = steps or _steps(template, process)
    return Notice(
        template=template,
        recipient=STRANGER if outside else "sun.dapeng@hongyuan.example",
        name=case.reporter_name if outside else "孙大鹏",
        case=case.id,
        purpose=template,
        steps=asked,
        language=language,
        form=next((process.steps[key].form for key in asked if key in process.steps), ""),
        evidence=template == "notice",
        digest="reminder" if template in SEVERAL else "",
        values=EXAMPLES.get(template, {}),
    )


def _steps(template: str, process: Process) -> tuple[str, ...]:
    """Return the steps that such a mail is about: those that send it, or the first that somebody has to do."""
    sent = [step.id for step in process.step if template in {step.notice, step.sends and step.sends.template}]
    if template == "ledger_request":
        return tuple(step.id for step in process.step if any("review" in one.sets for one in step.choices.values()))[
            1:2
        ]
    if template in {"answer", "ask_again", "ledger_request_customer"}:
        return tuple(step.id for step in process.step if "reporter" in step.owner)
    if template in {"reminder", "escalation", *SEVERAL}:
        return tuple(step.id for step in process.step if step.gives)[1:2]
    checks = tuple(one.key(1) for one in process.followup if one.notice == template != "task")
    if checks:
        return checks[:1]
    return tuple(sent[:1]) if template in {"notice", "task", "review"} else ()
