"""What machines and people write in other words and mail programs than those of the corpora: a table a stratum."""

import pytest

from daemon.intake.labels import labelled
from daemon.intake.reading import Intent, MailKind
from daemon.intake.replies import sections_of
from tests.intake.conftest import CLOSE, CUSTOMER, MANAGER, NOTICE, REVIEW, WORKER

ROBOT = "postmaster@abc-motor.example"
DEAD = "xu@abc-motor.example"
COMPLAINT = "贵司供货的端盖 零件号 HY-2201 批次 B2611 有 35 件开裂，请尽快处理。"


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("离开: 客诉 2611003", "我已离开"),
        ("不在公司：客诉 2611003", "本周不在公司，紧急请电 13800000000"),
        ("回复：客诉 2611003 停线", "您好，此为系统自动回复，我正在休假（11/20-11/30），期间客诉停线请联系李工。"),
        ("未閱讀: 客訴", "已刪除但未閱讀"),
        ("已讀取: 客訴", "您的郵件已於今日讀取"),
        ("已阅读：客诉 2611003", "您的邮件已被阅读"),
        ("对方已读：客诉", "对方已阅读您的邮件"),
    ],
)
def test_automatic_answers(reading, subject, text):
    assert reading(subject, text, In_Reply_To=NOTICE).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("subject", "text", "headers"),
    [
        ("质量异常", COMPLAINT, {"List_Id": "<quality.abc-motor.example>"}),
        ("质量异常", COMPLAINT, {"X_Failed_Recipients": "somebody@else.example"}),
        ("端盖开裂停线", f"我明天出差无法及时回复，{COMPLAINT}我厂已停线。", {}),
        ("退货：延迟交付投诉", COMPLAINT, {}),
        ("发票问题", "你们开的电子发票（发票号码 2631）价税合计有误，请重开。", {}),
        ("交期", "国庆节前订的货一直没到，产线已停用两台机器，请尽快。", {}),
        ("价格", "说好的优惠价没有给，对账单与合同单价不对。", {}),
        ("催货", "放假时间安排影响交货，至今没有恢复收货，贵司何时发货？", {}),
        ("Auto: cracked housings", "20 of your housings are cracked, please answer.", {}),
    ],
)
def test_complaints_that_look_like_a_machines_mail(reading, subject, text, headers):
    assert reading(subject, text, **headers).kind is MailKind.COMPLAINT


@pytest.mark.parametrize(
    ("sender", "subject", "text", "permanent"),
    [
        (ROBOT, "邮件投递延迟通知", "仍在投递队列中。收件人 <{}> 451 Temporary problem，稍后将继续重试", False),
        (ROBOT, "無法傳遞: 客訴", "傳遞給下列收件者失敗: {} 找不到您輸入的電子郵件地址。550 5.1.10", True),
        (ROBOT, "傳遞延遲: 客訴", "尚未傳遞給下列收件者: {}。系統會繼續嘗試。400 4.4.7", False),
        ("MicrosoftExchange329e71ec@abc.example", "传递失败: 客诉", "向这些收件人传递邮件失败: {} 550 5.1.1", True),
        ("mailer-daemon@googlemail.example", "Delivery Status Notification (Delay)",
         "There was a temporary problem delivering to {}. We will retry. If it fails permanently, you hear.",
         False),
        ("postmaster@hichina.example", "发信失败通知", "您的邮件未能发送至 {}。错误：550 invalid recipient", True),
        ("系统管理员 <admin@abc-motor.example>", "邮件投递失败通知", "您的邮件无法投递：{} 550 user unknown", True),
    ],
)  # fmt: skip
def test_delivery_reports_in_words(reading, sender, subject, text, permanent):
    found = reading(subject, text.format(DEAD), sender)
    assert (found.kind, found.failed_recipient, found.permanent) == (MailKind.BOUNCE, DEAD, permanent)


@pytest.mark.parametrize(
    ("subject", "text"),
    [
        ("简历-质量工程师", "您好，应聘贵司质量工程师，附件为个人简历"),
        ("Increase your website ranking", "We are a leading SEO company, rank first page on Google"),
        ("春节放假通知", "尊敬的供应商：我司春节放假时间为 2 月 1 日至 8 日，请安排好备货。"),
        ("10月对账单", "请核对 10 月对账单，无误盖章回传"),
        ("您的邮箱即将停用", "您的邮箱容量已满，请点击升级验证"),
        ("您收到一张新的电子发票", "发票号码 2631 价税合计 300 元。如发票有误请联系销方退换。"),
    ],
)
def test_what_is_no_complaint(reading, subject, text):
    assert reading(subject, text).kind is MailKind.NOISE


@pytest.mark.parametrize(
    ("line", "key"),
    [
        ("今日发现：31只", "quantity_defective"),
        ("发现：卡扣断裂", "phenomenon"),
        ("Rejected: 265 ea", "quantity_defective"),
        ("Rejected: cracked at the latch", "phenomenon"),
    ],
)
def test_a_label_that_may_be_before_a_number_or_a_fault(line, key):
    assert labelled(line)[0] == key


@pytest.mark.parametrize("text", ["緩みがあります", "接続部に傷があり、組み立てできません"])
def test_a_fault_is_known_in_the_letters_of_its_language(reading, text):
    assert reading("ご連絡", text).facts["category"] == "产品质量"


@pytest.mark.parametrize(
    ("sender", "answers", "text", "intent"),
    [
        (MANAGER, REVIEW, "没有退回意见，同意。", Intent.APPROVE),
        (MANAGER, REVIEW, "没有退回的必要，可以发客户", Intent.APPROVE),
        (MANAGER, REVIEW, "OK，发吧", Intent.APPROVE),
        (MANAGER, REVIEW, "同意，但D5需补充完成时间", Intent.REJECT),
        (MANAGER, REVIEW, "并非不同意，只是想看数据", Intent.UNKNOWN),
        (CUSTOMER, CLOSE, "The root cause is not convincing.", Intent.DISSATISFIED),
        (CUSTOMER, CLOSE, "原因分析没说清楚，退回", Intent.DISSATISFIED),
        (CUSTOMER, CLOSE, "补来的都好用，但是照片没有，这样没法结案", Intent.DISSATISFIED),
        (WORKER, NOTICE, "已收悉，今天安排人分析，有结论再报。", Intent.ACKNOWLEDGE),
    ],
)
def test_what_people_want(reading, sender, answers, text, intent):
    assert reading("Re: [客诉 2611003] x", text, sender, In_Reply_To=answers).reply.intent is intent


@pytest.mark.parametrize(
    "text",
    [
        "根本原因（制造）：磨损\n根本原因（检验）：漏检",
        "为什么会产生？\n磨损\n为什么会流出？\n漏检",
        "TRC 技术原因：磨损\nNDE/未检出原因：漏检",
        "第四步 原因分析\n▲发生：磨损\n▲流出：漏检",
        "Root Cause - Occurrence: 磨损\nRoot Cause - Non-detection: 漏检",
        "【产生原因】磨损\n【为什么没检出】漏检",
    ],
)
def test_the_two_causes_under_every_heading(text):
    found = sections_of((False, line) for line in text.split("\n"))
    assert (found["D4_occurrence"], found["D4_escape"]) == ("磨损", "漏检")
