"""Machines' mails and mails that are no complaint; and complaints that only look like them."""

import re

import pytest

from daemon.intake import automatic, reply_words, words
from daemon.intake.read import read
from daemon.intake.reading import Known, MailKind, SentNotice
from daemon.words import shipped_triage
from tests.intake.conftest import CLOSE

ERP = "单据编号: N-1\n物料编码: 301-7\n批次: 0000261031\n不合格数量: 12\n缺陷描述: 缺料\n"
SALES = "林佳怡 <lin.jiayi@hongyuan.example>"
OURS = "客诉 <complaints@hongyuan.example>"
BY_PHONE = (
    "北方电机李工刚打电话反映：10月20日发的前端盖3000件里有30件内孔偏大，轴承装不进去，请尽快安排处理。\n\n"
    "林佳怡\n销售部 13800001111"
)
LINE_STOPPED = "王工，北方电机沈阳一厂投诉前端盖开裂，已停线，请马上处理！"
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
    "told by a customer's engineer": ("前端盖", BY_PHONE, {"sender": SALES}, MailKind.COMPLAINT),
    "a line that stands still": ("急", LINE_STOPPED, {"sender": SALES}, MailKind.COMPLAINT),
    "counted by sales": ("前端盖", "北方电机10月20日那批有30件裂纹", {"sender": SALES}, MailKind.COMPLAINT),
    "the office": ("打印机", "小王反映三楼打印机坏了", {"sender": SALES}, MailKind.NOISE),
    "figures of the month": ("10月", "10月投诉汇总见附件：毛刺、裂纹", {"sender": COLLEAGUE}, MailKind.NOISE),
    "a mail of ours come back": (
        "有邮件需要人工处理",
        ERP,
        {"sender": OURS, "Auto_Submitted": "auto-generated"},
        MailKind.AUTO_REPLY,
    ),
    "a person at our mailbox": ("转来一个客诉", ERP, {"sender": OURS}, MailKind.COMPLAINT),
    "one of ours by its Message-ID": ("周报", ERP, {"Message_ID": CLOSE}, MailKind.AUTO_REPLY),
    "a customer's own number": ("[Complaint No. QN-2026-0312] Cracked housings", ERP, {}, MailKind.COMPLAINT),
    "another customer's number": ("【投诉 20261102-01】前端盖内径超差", ERP, {}, MailKind.COMPLAINT),
    "three words": ("毛刺", "又有毛刺，赶紧处理！", {}, MailKind.COMPLAINT),
}


@pytest.mark.parametrize(("subject", "text", "headers", "kind"), KINDS.values(), ids=KINDS.keys())
def test_kinds(reading, subject, text, headers, kind):
    assert reading(subject, text, **headers).kind is kind


def test_a_customer_with_a_colleagues_name_is_no_colleague(reading):
    assert reading("投诉", "毛刺太多", "徐斌 <xb@cust.example>").kind is MailKind.COMPLAINT


@pytest.mark.parametrize(
    ("text", "name", "customer"),
    [
        (BY_PHONE, "李工", "北方电机"),
        (LINE_STOPPED, None, "北方电机沈阳一厂"),
        ("客户张经理来电说端盖开裂", "张经理", None),
        ("客户来电说端盖开裂", None, None),
    ],
)
def test_whom_a_colleagues_note_names(reading, text, name, customer):
    found = reading("前端盖", text, SALES)
    assert (found.contact.name, found.contact.email, found.contact.phone) == (name, None, None)
    assert (found.facts.get("customer"), found.forwarded) == (customer, False)


def test_a_number_is_a_cases_when_there_is_such_a_case(directory):
    raw = b"From: a@cust.example\nSubject: [Case KS-2026-0001] defect\n\ncracked"
    assert read(raw, directory, Known()).kind is MailKind.COMPLAINT
    assert read(raw, directory, Known(is_number=lambda number: number == "KS-2026-0001")).case_ref == "KS-2026-0001"
    listed = Known({"<a@b>": SentNotice("KS-2026-0007", "ack", ("a@cust.example",))})
    assert read(raw, directory, listed).case_ref == "KS-2026-0001"


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
    for module in (automatic, reply_words, words):
        for name, value in vars(module).items():
            if isinstance(value, re.Pattern):
                yield f"{module.__name__}.{name}", value
    tables = shipped_triage()
    for row in (*tables.category, *tables.grade, *tables.matter, *tables.wish):
        yield row.name, row.expression
    for text in automatic.ADVERT:
        yield text[:20], re.compile(text)
    for name in ("REJECTION", "APPROVAL", "DISSATISFACTION", "CONFIRMATION", "DISPUTE", "ACKNOWLEDGEMENT"):
        yield name, re.compile(getattr(reply_words, name))


@pytest.mark.parametrize(("name", "pattern"), [*patterns()], ids=lambda value: value if isinstance(value, str) else "")
def test_no_table_matches_everything(name, pattern):
    assert not pattern.search("甲"), name
