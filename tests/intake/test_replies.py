"""Replies: who says it, what he wants, what he fills in."""
# ruff: noqa: E501  mails stand here as they are written

from email.message import EmailMessage

import pytest

from daemon.intake.body import own_words
from daemon.intake.read import read
from daemon.intake.reading import FromRole, Intent, Known, MailKind, SentNotice
from daemon.intake.replies import is_plain_verdict, sections_of
from tests.intake.conftest import CLOSE, CODE, CUSTOMER, CUSTOMER_CODE, MANAGER, NOTICE, REVIEW, WORKER

SUBJECT = "答复: [客诉 2611003] 请处理"
SAID = [
    (NOTICE, WORKER, "收到，我们正在分析，明天给围堵措施。", Intent.ACKNOWLEDGE),
    (NOTICE, WORKER, "已阅，安排人员去现场", Intent.ACKNOWLEDGE),
    (NOTICE, WORKER, "这个不是我们部门的责任", Intent.DISPUTE),
    (NOTICE, WORKER, "与我部无关", Intent.DISPUTE),
    (NOTICE, WORKER, "不是我们部门责任，请转技术部", Intent.DISPUTE),
    (NOTICE, WORKER, "请转技术部处理", Intent.TRANSFER),
    (NOTICE, WORKER, "建议由物流部负责", Intent.TRANSFER),
    (NOTICE, WORKER, "临时措施：在库全检", Intent.ANSWER),
    (REVIEW, MANAGER, "同意", Intent.APPROVE),
    (REVIEW, MANAGER, "没有不同意见，可以发给客户", Intent.APPROVE),
    (REVIEW, MANAGER, "没有退回意见", Intent.APPROVE),  # a bare one is no plain verdict, so nobody is held to it
    (REVIEW, MANAGER, "Approved, thanks.", Intent.APPROVE),
    (REVIEW, MANAGER, "不同意。D5没有时间节点。", Intent.REJECT),
    (REVIEW, MANAGER, "D4分析不够深入，不予通过", Intent.REJECT),
    (REVIEW, MANAGER, "请补充流出原因后再提交", Intent.REJECT),
    (REVIEW, MANAGER, "Not approved: D4 is too weak", Intent.REJECT),
    (REVIEW, MANAGER, "如果D6补齐就同意", Intent.UNKNOWN),
    (REVIEW, MANAGER, "通过分析发现还有疑问", Intent.UNKNOWN),
    (CLOSE, CUSTOMER, "满意", Intent.CONFIRM),
    (CLOSE, CUSTOMER, "同意关闭", Intent.CONFIRM),
    (CLOSE, CUSTOMER, "还需再观察", Intent.UNKNOWN),
    (CLOSE, CUSTOMER, "谢谢！还需再观察一段时间。", Intent.UNKNOWN),
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


CONSENT = {Intent.APPROVE, Intent.CONFIRM}
NO_CONFIRMATION = [
    "谈不上满意，先这样吧。",
    "我们很难对这个方案感到满意。",
    "我不认为问题已解决。",
    "暂时没有问题，我们再观察两周后答复。",
    "还需再观察",
    "请先把换货发来，我们确认后再回复是否满意。",
    "报告已转客户，若客户接受我再通知您。",
    "已将报告转给总部，等总部答复是否接受。",
    "We cannot say that we are satisfied with this.",
    "We are far from satisfied.",
    "We would be satisfied once the replacement parts arrive.",
    "Please call me to discuss how this can be solved.",
    "Has the root cause been resolved?",
    "It is not resolved.",
    "Thanks, I forwarded it. Our plant will tell you if it is accepted.",
    "OK, we will look at it.",
]
NO_APPROVAL = [
    "好的，我明天看完再答复。",
    "可以，先放着，周一开会再定。",
    "OK, I will look at it tomorrow.",
    "D5还需要补充防错措施，其他没问题。",
    "没有问题的话我周五签。",
    "没问题的话下周一结案。",
    "请王工先确认，无误后我再签。",
    "收到，好的。",
    "同意王工的看法，流出原因没写清楚。",
    "我没看到附件，请重发。",
    "方案可以，但D5第二条没有责任人，请补上。",
    "我已阅，等总监同意后执行。",
    "可以，等固化文件附上再结。",
    "好的，我安排下周抽检。",
]
PLAIN = [
    "同意",
    "批准",
    "同意结案",
    "同意，可以发客户。",
    "满意，谢谢",
    "满意，可以结案。",
    "确认满意，可以关闭",
    "王工，您好：\n同意该方案。\n\n陈立新",
    "8D报告收到，措施可以接受，本次投诉同意关闭",
    "非常满意，感谢贵司的支持！",
    "我司对处理结果没有异议，同意关闭。",
    "審核通過",
    "Approved.",
    "approved",
    "we are satisfied, please close",
    "Dear Mr. Wang,\nWe accept the 8D, you can close the case.\nThanks and best regards\nBob Miller",
    "承認します",
]
NOT_PLAIN = [
    "同意，但D5没有责任人。",
    "同意，不过请先补充流出原因",
    "同意吗？",
    "不同意",
    "不满意",
    "退回生产部，同意返工",
    "同意，转技术部",
    "如果D6补齐就同意",
    "通过分析报告",
    "原则上同意",
    "satisfied?",
    "Please approve the return of the goods",
    "Can we close the case",
    "Not approved",
    "收到",
    "",
    "本案" * 40 + "x",
]


@pytest.mark.parametrize("text", NO_CONFIRMATION)
def test_a_customer_who_does_not_say_that_he_is_satisfied(reading, text):
    assert reading(SUBJECT, text, CUSTOMER, In_Reply_To=CLOSE).reply.intent not in CONSENT
    assert not is_plain_verdict(text)


@pytest.mark.parametrize("text", NO_APPROVAL)
def test_a_manager_who_does_not_approve(reading, text):
    assert reading(SUBJECT, text, MANAGER, In_Reply_To=REVIEW).reply.intent not in CONSENT
    assert not is_plain_verdict(text)


@pytest.mark.parametrize("text", PLAIN)
def test_a_plain_verdict(text):
    assert is_plain_verdict(text)


@pytest.mark.parametrize("text", NOT_PLAIN)
def test_no_plain_verdict(text):
    assert not is_plain_verdict(text)


@pytest.mark.parametrize(
    ("sender", "answered", "text", "intent"),
    [
        (MANAGER, REVIEW, "会议纪要：11月3日，质量部、生产部出席。决定：生产部将于11月5日前提交原因分析。", Intent.UNKNOWN),
        (MANAGER, REVIEW, "决定把隔离的不良品转到生产部返工区全检，技术部出图纸。", Intent.UNKNOWN),
        (MANAGER, REVIEW, "决定不良品移交物流部退回。", Intent.UNKNOWN),
        (MANAGER, REVIEW, "已收到客户电话确认，安排孙大鹏今天到客户现场挑选处理，库存1200件冻结。", Intent.UNKNOWN),
        (MANAGER, REVIEW, "客户端3000件隔离；成品库1200件已转到待检区，由物流部清点。", Intent.UNKNOWN),
        (MANAGER, REVIEW, "明白，今天先发200件良品到客户产线，其余在途的到货后隔离。", Intent.UNKNOWN),
        (MANAGER, REVIEW, "王工：\n请转技术部", Intent.TRANSFER),
        (MANAGER, REVIEW, "部门：技术部", Intent.TRANSFER),
        (WORKER, NOTICE, "收到，在库品已转到质量部待检区。", Intent.UNKNOWN),
        (WORKER, NOTICE, "此案转给技术部", Intent.TRANSFER),
        (WORKER, NOTICE, "此事归技术部管", Intent.TRANSFER),
        (WORKER, NOTICE, "Received, we will check and reply.", Intent.ACKNOWLEDGE),
        (WORKER, NOTICE, "邮件收到，正在分析。", Intent.ACKNOWLEDGE),
        (CUSTOMER, CLOSE, "收到，谢谢。", Intent.ACKNOWLEDGE),
        (CUSTOMER, CLOSE, "收到。另外今天产线又挑出5件，客户现场急需更换200件，请今天安排。", Intent.UNKNOWN),
        (CUSTOMER, CLOSE, "好的，了解。请问补货什么时候到？", Intent.UNKNOWN),
    ],
)  # fmt: skip
def test_an_acknowledgement_says_nothing_else_and_goods_are_no_case(reading, sender, answered, text, intent):
    assert reading(SUBJECT, text, sender, In_Reply_To=answered).reply.intent is intent


@pytest.mark.parametrize(
    ("to", "sender", "role"),
    [
        ("wang.xiaoyan@hongyuan.example", "liu.zhiqiang@hongyuan.example", FromRole.STRANGER),
        ("wang.xiaoyan@hongyuan.example", "chen.lixin@hongyuan.example", FromRole.STRANGER),
        ("wang.xiaoyan@hongyuan.example", "wang.xiaoyan@hongyuan.example", FromRole.QUALITY),
        ("quality@hongyuan.example", "liu.zhiqiang@hongyuan.example", FromRole.QUALITY),
        ("quality@hongyuan.example", "sun.dapeng@hongyuan.example", FromRole.STRANGER),
    ],
)
def test_a_mail_passed_on_proves_nothing_whatever_it_answers(directory, to, sender, role):
    sent = SentNotice("2611003", "review", (to,), CODE)
    mail = EmailMessage()
    mail["From"], mail["Subject"] = sender, "答复: 转发: [客诉 2611003] 请核实"
    mail["In-Reply-To"], mail["References"] = "<zz@hongyuan.example>", f"{REVIEW} <zz@hongyuan.example>"
    mail.set_content("成立")
    assert read(mail.as_bytes(), directory, Known({REVIEW: sent}, {CODE: sent})).reply.from_role is role


def test_a_listed_mail_without_a_code_may_be_answered_by_its_department(directory):
    sent = SentNotice("2611003", "notice", ("sun.dapeng@hongyuan.example",))
    mail = EmailMessage()
    mail["From"], mail["Subject"], mail["In-Reply-To"] = "li.xiumei@hongyuan.example", "答复", NOTICE
    mail.set_content("收到")
    assert read(mail.as_bytes(), directory, Known({NOTICE: sent})).reply.from_role is FromRole.DEPARTMENT


@pytest.mark.parametrize("line", ["责任人：孙大鹏", "处理方式：换货", "Owner: Sun Dapeng", "完成人：孙大鹏"])
def test_a_short_last_line_that_says_something_is_no_signature(line):
    assert own_words(f"已经换货完成。\n{line}", "孙大鹏").endswith(line)
    assert own_words(f"已经换货完成。\n{line}\n\n孙大鹏\n生产部\n电话：024-88881234", "孙大鹏").endswith(line)


@pytest.mark.parametrize(
    "line", ["孙大鹏", "手机：13800138000", "地址：沈阳市大东区", "职务：班长", "微信公众号：宏远"]
)
def test_a_line_about_the_writer_is_a_signature_still(line):
    assert own_words(f"已经换货完成。\n孙大鹏\n{line}", "孙大鹏") == "已经换货完成。"


def test_that_there_is_nothing_to_send_back_is_no_plain_verdict():
    assert not is_plain_verdict("没有退回意见")


FORM_BELOW = """\
{mark}发件人：宏远精密 <complaints@hongyuan.example>
{mark}主题：[客诉 2611003] 请处理
{mark}
{mark}临时措施：
{own}客户端 3000 件已隔离，成品库 1200 件全检
{mark}发生原因：
{own}补正值输入错误
{own}没有防错
{mark}流出原因：
{own}首件检查表没有内径
{mark}永久措施：
{mark}--------------------------------
{mark}本邮件由宏远精密部件有限公司客诉管理系统自动发送。
{mark}客诉编号 2611003　校验码 KS-ABCD-EFGH-IJKL-MN23
"""


@pytest.mark.parametrize(
    ("head", "mark", "own"),
    [
        ("", "> ", ""),
        ("答复写在下面：\n\n", "> ", ""),
        ("见下\n\n------------------ 原始邮件 ------------------\n", "", ""),
        ("见下\n\n-----Original Message-----\n", "", ""),
        ("已填，见下。\n\n________________________________\n", "", ""),
    ],
)
def test_answers_filled_into_the_quoted_form_are_read(reading, head, mark, own):
    found = reading(SUBJECT, head + FORM_BELOW.format(mark=mark, own=own), WORKER, In_Reply_To=NOTICE).reply
    assert found.intent is Intent.ANSWER
    assert found.sections == {
        "D3": "客户端 3000 件已隔离，成品库 1200 件全检",
        "D4_occurrence": "补正值输入错误\n没有防错",
        "D4_escape": "首件检查表没有内径",
    }
