"""Machines' mails and mails that are no complaint; and complaints that only look like them."""

import re

import pytest

from daemon.intake import automatic, reply_words, triage_words, words
from daemon.intake.read import read
from daemon.intake.reading import MailKind
from tests.intake.conftest import CLOSE

ERP = "单据编号: N-1\n物料编码: 301-7\n批次: 0000261031\n不合格数量: 12\n缺陷描述: 缺料\n"
COLLEAGUE = "邓超群 <deng.chaoqun@hongyuan.example>"
KINDS = {
    "subject of an auto-reply": ("自动回复: 投诉已受理", "我正在休假", {}, MailKind.AUTO_REPLY),
    "out of office": ("Out of Office: case", "I am away", {}, MailKind.AUTO_REPLY),
    "RFC 3834": ("Re: x", "away", {"Auto_Submitted": "auto-replied"}, MailKind.AUTO_REPLY),
    "X-Autoreply": ("Re: x", "away", {"X_Autoreply": "yes"}, MailKind.AUTO_REPLY),
    "QQ's holiday text": ("Re: x", "这是来自QQ邮箱的假期自动回复邮件。", {"In_Reply_To": CLOSE}, MailKind.AUTO_REPLY),
    "read receipt": ("已读: [客诉 2611003] 投诉已受理", "您的邮件", {}, MailKind.AUTO_REPLY),
    "recall": ("撤回: 端盖不良", "发件人要撤回邮件", {}, MailKind.NOISE),
    "advert": ("优惠", "质量培训火热报名，退订请回复TD", {}, MailKind.NOISE),
    "newsletter": ("周刊", "毛刺引发的召回", {"List_Unsubscribe": "<https://x.example>"}, MailKind.NOISE),
    "internal chat": ("聚餐", "上次那家大家投诉了，换一家", {"sender": COLLEAGUE}, MailKind.NOISE),
    "an ERP's complaint sent in bulk": ("不合格通知", ERP, {"Precedence": "bulk"}, MailKind.COMPLAINT),
    "an ERP's generated complaint": ("通知", ERP, {"Auto_Submitted": "auto-generated"}, MailKind.COMPLAINT),
    "a complaint told by phone": ("电话", "客户来电说端盖开裂，要求换货", {"sender": COLLEAGUE}, MailKind.COMPLAINT),
    "three words": ("毛刺", "又有毛刺，赶紧处理！", {}, MailKind.COMPLAINT),
}


@pytest.mark.parametrize(("subject", "text", "headers", "kind"), KINDS.values(), ids=KINDS.keys())
def test_kinds(reading, subject, text, headers, kind):
    assert reading(subject, text, **headers).kind is kind


def test_a_customer_with_a_colleagues_name_is_no_colleague(reading):
    assert reading("投诉", "毛刺太多", "徐斌 <xb@cust.example>").kind is MailKind.COMPLAINT


DSN = """From: MAILER-DAEMON@mx1.hongyuan.example (Mail Delivery System)
Subject: {subject}
Content-Type: multipart/report; report-type=delivery-status; boundary="b"

--b
Content-Type: text/plain

text
--b
Content-Type: message/delivery-status

Reporting-MTA: dns; mx1

Final-Recipient: rfc822; bob@cust.example
Action: {action}
Status: {status}

--b
Content-Type: text/rfc822-headers

Subject: x
Message-ID: <close@hongyuan.example>

--b--
"""


@pytest.mark.parametrize(
    ("action", "status", "permanent"),
    [("failed", "5.1.1", True), ("delayed", "4.4.1", False), ("failed", "4.4.7", False)],
)
def test_delivery_reports(directory, known, action, status, permanent):
    raw = DSN.format(subject="Undelivered", action=action, status=status).encode()
    found = read(raw, directory, known)
    assert (found.kind, found.case_ref) == (MailKind.BOUNCE, "2611003")
    assert (found.failed_recipient, found.permanent) == ("bob@cust.example", permanent)


@pytest.mark.parametrize(
    ("subject", "text", "permanent"),
    [
        ("系统退信", "抱歉，您的邮件被退回来了。收件人 bob@cust.example 不存在", True),
        ("邮件延迟送达通知", "您的邮件暂时无法送达 bob@cust.example，系统将继续尝试", False),
    ],
)
def test_chinese_bounces(reading, subject, text, permanent):
    found = reading(subject, text, "PostMaster <postmaster@exmail.example>")
    assert found.kind is MailKind.BOUNCE
    assert (found.failed_recipient, found.permanent) == ("bob@cust.example", permanent)


def patterns():
    for module in (automatic, reply_words, triage_words, words):
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{module.__name__}.{name}", value
    for name, text in [*triage_words.CATEGORIES, *triage_words.ROUTES]:
        yield name, re.compile(text)
    for text in [*automatic.ADVERT, triage_words.CRITICAL, triage_words.MAJOR, triage_words.MINOR]:
        yield text[:20], re.compile(text)
    for name in ("REJECTION", "APPROVAL", "DISSATISFACTION", "CONFIRMATION", "DISPUTE", "ACKNOWLEDGEMENT"):
        yield name, re.compile(getattr(reply_words, name))


@pytest.mark.parametrize(("name", "pattern"), [*patterns()], ids=lambda value: value if isinstance(value, str) else "")
def test_no_table_matches_everything(name, pattern):
    assert not pattern.search("甲"), name
