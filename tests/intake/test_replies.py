"""Replies: who says it, what he wants, what he fills in."""
# ruff: noqa: E501  mails stand here as they are written

import pytest

from daemon.intake.reading import FromRole, Intent, MailKind
from daemon.intake.replies import sections_of
from tests.intake.conftest import CLOSE, CODE, CUSTOMER, CUSTOMER_CODE, MANAGER, NOTICE, REVIEW, WORKER

SUBJECT = "答复: [客诉 2611003] 请处理"
SAID = [
    (NOTICE, WORKER, "收到，我们正在分析，明天给围堵措施。", Intent.ACKNOWLEDGE),
    (NOTICE, WORKER, "已阅，安排人员去现场", Intent.ACKNOWLEDGE),
    (NOTICE, WORKER, "这个不是我们部门的责任", Intent.DISPUTE),
    (NOTICE, WORKER, "与我部无关", Intent.DISPUTE),
    (NOTICE, WORKER, "请转技术部处理", Intent.TRANSFER),
    (NOTICE, WORKER, "建议由物流部负责", Intent.TRANSFER),
    (NOTICE, WORKER, "临时措施：在库全检", Intent.ANSWER),
    (REVIEW, MANAGER, "同意", Intent.APPROVE),
    (REVIEW, MANAGER, "没有不同意见，可以发给客户", Intent.APPROVE),
    (REVIEW, MANAGER, "Approved, thanks.", Intent.APPROVE),
    (REVIEW, MANAGER, "不同意。D5没有时间节点。", Intent.REJECT),
    (REVIEW, MANAGER, "D4分析不够深入，不予通过", Intent.REJECT),
    (REVIEW, MANAGER, "请补充流出原因后再提交", Intent.REJECT),
    (REVIEW, MANAGER, "Not approved: D4 is too weak", Intent.REJECT),
    (REVIEW, MANAGER, "如果D6补齐就同意", Intent.UNKNOWN),
    (REVIEW, MANAGER, "通过分析发现还有疑问", Intent.UNKNOWN),
    (CLOSE, CUSTOMER, "满意", Intent.CONFIRM),
    (CLOSE, CUSTOMER, "We accept the 8D, you can close the case.", Intent.CONFIRM),
    (CLOSE, CUSTOMER, "不满意，问题还在", Intent.DISSATISFIED),
    (CLOSE, CUSTOMER, "不能接受这个结果", Intent.DISSATISFIED),
    (CLOSE, CUSTOMER, "We do not accept the root cause.", Intent.DISSATISFIED),
    (CLOSE, CUSTOMER, "收到，我们内部评审后回复", Intent.ACKNOWLEDGE),
]


@pytest.mark.parametrize(("answered", "sender", "text", "intent"), SAID)
def test_what_the_writer_wants(reading, answered, sender, text, intent):
    found = reading(SUBJECT, text, sender, In_Reply_To=answered)
    assert found.kind is MailKind.REPLY
    assert found.reply.intent is intent


def test_the_department_that_a_case_should_go_to_is_named(reading):
    found = reading(SUBJECT, "不是我们的责任，请转技术部处理", WORKER, In_Reply_To=NOTICE).reply
    assert (found.intent, found.transfer_to) == (Intent.DISPUTE, "技术部")


@pytest.mark.parametrize(
    ("sender", "headers", "role"),
    [
        (WORKER, {"In_Reply_To": NOTICE}, FromRole.DEPARTMENT),
        (WORKER, {"References": f"<x@y.example> {NOTICE}"}, FromRole.DEPARTMENT),
        ("production@hongyuan.example", {"In_Reply_To": NOTICE}, FromRole.DEPARTMENT),
        (MANAGER, {"In_Reply_To": REVIEW}, FromRole.QUALITY),
        (CUSTOMER, {"In_Reply_To": CLOSE}, FromRole.CUSTOMER),
        (CUSTOMER, {"In_Reply_To": NOTICE}, FromRole.STRANGER),
        ("Eve <eve@cust.example>", {"In_Reply_To": CLOSE}, FromRole.STRANGER),
        (WORKER, {}, FromRole.STRANGER),
        ("孙大鹏 <sun.dapeng@hongyuan-mail.test>", {"In_Reply_To": NOTICE}, FromRole.STRANGER),
        (
            WORKER,
            {"In_Reply_To": NOTICE, "Authentication_Results": "mx1.hongyuan.example; dmarc=fail"},
            FromRole.STRANGER,
        ),
        (WORKER, {"In_Reply_To": NOTICE, "Authentication_Results": "mx.evil.test; dmarc=fail"}, FromRole.DEPARTMENT),
    ],
)
def test_only_answering_our_mail_from_its_address_proves(reading, sender, headers, role):
    found = reading(SUBJECT, "同意关闭", sender, **headers)
    assert found.case_ref == "2611003"
    assert found.reply.from_role is role
    assert (found.reply.answers is None) is (role is FromRole.STRANGER)


BUTTONS = [
    ("收到", WORKER, CODE, Intent.ACKNOWLEDGE),
    ("批准", WORKER, CODE, Intent.APPROVE),
    ("驳回", WORKER, CODE.lower(), Intent.REJECT),
    ("转其他部门", WORKER, CODE, Intent.TRANSFER),
    ("满意", CUSTOMER, CUSTOMER_CODE, Intent.CONFIRM),
    ("不满意", CUSTOMER, CUSTOMER_CODE, Intent.DISSATISFIED),
    ("not satisfied", CUSTOMER, CUSTOMER_CODE, Intent.DISSATISFIED),
]


@pytest.mark.parametrize(("word", "sender", "code", "intent"), BUTTONS)
def test_a_button_says_what_it_is_called(reading, word, sender, code, intent):
    text = f"原因：还在漏\n\n请在冒号后填写，再发送本邮件，并保留下面一行：\n{code}\n"
    found = reading(f"[客诉 2611003] {word} {code}", text, sender).reply
    assert (found.intent, found.code, found.text) == (intent, code.upper(), "还在漏")
    assert found.answers.case == "2611003"


def test_a_transfer_button_names_the_department(reading):
    text = f"转到部门：技术部\n原因：图纸问题\n\n请在冒号后填写，再发送本邮件，并保留下面一行：\n{CODE}"
    found = reading(f"[客诉 2611003] 转其他部门 {CODE}", text, WORKER).reply
    assert (found.transfer_to, found.text) == ("技术部", "技术部\n图纸问题")


def test_a_code_passed_on_proves_nothing(reading):
    found = reading(f"[客诉 2611003] 满意 {CUSTOMER_CODE}", CUSTOMER_CODE, "Eve <eve@cust.example>").reply
    assert (found.from_role, found.intent, found.answers) == (FromRole.STRANGER, Intent.UNKNOWN, None)


def test_a_code_in_the_body_proves_too(reading):
    found = reading("线束的回复", f"收到\n\n校验码 {CODE}", WORKER)
    assert (found.kind, found.case_ref, found.reply.from_role) == (MailKind.REPLY, "2611003", FromRole.DEPARTMENT)


def lines(text):
    return [(False, line) for line in text.split("\n")]


@pytest.mark.parametrize(
    "text",
    [
        "D3: a\nD4-1: b\nD4-2: c\nD5: d\nD6: e\nD7: f",
        "D3: a\nD4(发生): b\nD4(流出): c\nD5: d\nD6: e\nD7: f",
        "1、围堵措施：a\n2、根本原因：\n 产生原因：b\n 流出原因：c\n3、纠正措施：d\n4、效果确认：e\n5、水平展开：f",
        "【临时措施】a\n【发生原因】b\n【流出原因】c\n【永久对策】d\n【效果验证】e\n【预防再发】f",
        "Containment: a\nRoot cause (occurrence): b\nRoot cause (escape): c\nCorrective action: d\nVerification: e\nPrevention: f",
        "D3 临时措施\ta\nD4 发生原因\tb\nD4 流出原因\tc\nD5 永久措施\td\nD6 效果验证\te\nD7 预防再发\tf",
        "一、临时措施\na\n二、原因分析\n发生原因\nb\n流出原因\nc\n三、长期对策\nd\n四、效果验证\ne\n五、标准化\nf",
    ],
)
def test_sections_under_their_usual_headings(text):
    found = sections_of(lines(text))
    assert found == {"D3": "a", "D4_occurrence": "b", "D4_escape": "c", "D5": "d", "D6": "e", "D7": "f"}


def test_empty_headings_are_no_answer():
    template = (
        "D3 临时措施：\nD4 根本原因（发生原因／流出原因）：\nD5 永久纠正措施：\nD6 措施实施与验证：\nD7 预防再发："
    )
    assert sections_of(lines(template)) == {}


def test_words_that_only_look_like_headings_stay_text():
    text = "D3：隔离\n检查表、作业指导书改版一律走评审；\nD6只有扭力，没有验证"
    assert sections_of(lines(text)) == {"D3": "隔离\n检查表、作业指导书改版一律走评审；\nD6只有扭力，没有验证"}
