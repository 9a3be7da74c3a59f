"""A factory's complaints, small: what the tests of the store write and read."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from daemon.core.case import Case, Certainty, Evidence, Fact, Section, Status, StepState, StepStatus
from daemon.core.events import Event, EventType, Via
from daemon.core.notice import Notice
from daemon.core.places import Place
from daemon.seams import Decision, Envelope, MailKey

NOW = datetime(2026, 3, 9, 1, 30, 0, 123456, tzinfo=UTC)
HOUR = timedelta(hours=1)


def case_id(n=1):
    return UUID(int=n)


def key(uid="1", folder="INBOX"):
    return MailKey("quality@factory.example", folder, 4_294_967_295, uid)


def complaint(n=1, **changes):
    values = {
        "id": case_id(n),
        "number": f"KS-2026-{n:04}",
        "profile": "p" * 64,
        "seq": 0,
        "opened_at": NOW,
        "reporter": "zhang@customer.example",
        "reporter_name": "张伟",
        "subject": "投诉：电机异响",
    }
    return Case(**{**values, **changes})


def full_complaint(n=1):
    return complaint(
        n,
        status=Status.WORKING,
        round=2,
        language="zh-TW",
        forwarded_by="li.na",
        message_id="<a@customer.example>",
        facts={
            "severity": Fact("重大", Certainty.CONFIRMED, "mail:1"),
            "quantity": Fact(3, Certainty.INFERRED, place=Place("text", 12, 13, "三")),
            "rate": Fact(3.0),
            "safety": Fact(value=True),
            "part": Fact("0012"),
            "batch": Fact(None),
        },
        sections={"d3.containment": Section("全检库存\n隔离", "wang.fang", NOW + HOUR, 2)},
        steps={
            "verify": StepState(
                StepStatus.DONE, 1, NOW, NOW + HOUR, NOW + HOUR / 2, "li.na", "li.na", ("50%",), "是", missed=True
            ),
            "contain": StepState(StepStatus.OPEN, 2, NOW, due_at=NOW + 24 * HOUR, fired=("50%", "100%")),
            "cause": StepState(),
        },
        evidence=(Evidence("异响.mp4", "e" * 64, "video/mp4"), Evidence("x", "f" * 64)),
        dead_addresses=("gone@customer.example",),
        transfer_asked="purchasing",
        transfers=1,
        closed_at=NOW + 99 * HOUR,
    )


def happened(n=1, kind=EventType.REGISTERED, seq=1, **data):
    return Event(case_id(n), seq, NOW, kind, "daemon", Via.MAIL, "mail:1", data or {"subject": "异响"})


def envelope(n=1, case=None, **changes):
    notice = Notice(
        "task", "wang.fang", "王芳", case, "task", ("contain",), values={"due": "2026-03-10", "rows": [1, 2]}
    )
    values = {
        "notice": notice,
        "recipient": "wang.fang@factory.example",
        "message_id": f"<{n}@kesu>",
        "code": f"KS-ABCD-{n:04}",
    }
    return Envelope(**{**values, **changes})


def opening(n=1, events=1, **changes):
    facts = tuple(happened(n, note=f"事件{i}") for i in range(1, events + 1))
    return Decision(**{"case": complaint(n), "events": facts, **changes})
