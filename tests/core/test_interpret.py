import pytest

from daemon.core.commands import Acknowledge, AnswerTransfer, AskTransfer, Choose, Give
from daemon.core.interpret import Said, interpret, reason_in
from tests.cast import CHEN, LI, PRODUCTION, WANG
from tests.core.play import PROCESS, registered, to_check, to_confirm


def at_close():
    play = to_confirm()
    play.must(Choose("confirm", "satisfied"), LI)
    play.must(Give({"d6.results": "CPK 1.52", "d7.prevention": "PFMEA"}), PRODUCTION)
    return play


def at_closing():
    play = at_close()
    play.must(Choose("effect", "effective"), WANG)
    return play


def at_approval():
    play = to_check()
    play.must(Choose("check", "works"), WANG)
    return play


STAGES = {
    "verify": registered().case,
    "emergency": registered().case,
    "team": registered().case,
    "check": to_check().case,
    "approve": at_approval().case,
    "confirm": to_confirm().case,
    "effect": at_close().case,
    "close": at_closing().case,
}


def wishes(step, text, intent="unknown", **more):
    said = Said(intent, text, steps=more.pop("steps", (step,)), **more)
    return interpret(said, STAGES[step], PROCESS)


@pytest.mark.parametrize(
    ("step", "text", "choice", "reason"),
    [
        ("verify", "成立", "founded", ""),
        ("verify", "成立。", "founded", ""),
        ("verify", "“成立”", "founded", ""),
        ("verify", "  成立，请生产部处理", "founded", "请生产部处理"),
        ("verify", "Founded", "founded", ""),
        ("verify", "不成立，实测合格", "unfounded", "实测合格"),
        ("verify", "不成立\n实测内径合格", "unfounded", "实测内径合格"),
        ("verify", "不成立。原因：实测合格", "unfounded", "实测合格"),
        ("verify", "unfounded. Reason: within tolerance", "unfounded", "within tolerance"),
        ("emergency", "无需应急，客户有库存", "not_needed", "客户有库存"),
        ("check", "通过", "works", ""),
        ("check", "审核通过", "works", ""),
        ("check", "不通过：没有流出原因", "questioned", "没有流出原因"),
        ("check", "退回 没有流出原因", "questioned", "没有流出原因"),
        ("approve", "批准该方案", "approved", ""),
        ("approve", "Approved, thank you", "approved", "thank you"),
        ("approve", "驳回\n理由：没有措施", "rejected", "没有措施"),
        ("confirm", "满意", "satisfied", ""),
        ("confirm", "满意了，谢谢", "satisfied", "谢谢"),
        ("confirm", "不满意，又有2件", "dissatisfied", "又有2件"),
        ("confirm", "Not satisfied: two more", "dissatisfied", "two more"),
        ("confirm", "satisfied", "satisfied", ""),
        ("effect", "有效", "effective", ""),
        ("effect", "无效，又发生", "ineffective", "又发生"),
        ("close", "同意结案", "short", ""),
        ("close", "阶段结案", "stage", ""),
        ("close", "结案", "short", ""),
    ],
)
def test_a_verdict_stands_at_the_head_of_the_text(step, text, choice, reason):
    assert wishes(step, text) == (Choose(step, choice, reason),)


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("verify", "成立小组后再答复"),
        ("verify", "成立吗？"),
        ("verify", "还在核对"),
        ("check", "通过邮件发给客户"),
        ("check", "通过率只有80%"),
        ("approve", "批准前请补充证据"),
        ("approve", "批准吗"),
        ("confirm", "满意度调查表见附件"),
        ("effect", "有效期是多久？"),
        ("effect", "有效？"),
        ("close", "结案前请补充资料"),
        ("close", "不同意结案"),
    ],
)
def test_a_word_that_only_looks_like_a_verdict_is_none(step, text):
    assert wishes(step, text) == ()


@pytest.mark.parametrize(
    ("step", "intent", "text", "choice"),
    [
        ("check", "approve", "没问题", "works"),
        ("check", "reject", "请重新分析", "questioned"),
        ("approve", "approve", "同意", "approved"),
        ("confirm", "confirm", "可以关闭", "satisfied"),
        ("confirm", "dissatisfied", "问题依然存在", "dissatisfied"),
        ("effect", "approve", "可以", "effective"),
    ],
)
def test_where_no_word_is_said_the_intent_counts(step, intent, text, choice):
    (wish,) = wishes(step, text, intent, plain=True)
    assert (wish.step, wish.choice) == (step, choice)
    assert wish.reason == text


def test_consent_that_is_not_plain_is_no_verdict():
    assert not wishes("approve", "好的，我明天看完再答复。", "approve")


@pytest.mark.parametrize(
    ("step", "text"),
    [
        ("approve", "批准前请补充证据"),
        ("approve", "补充证据后再批准"),
        ("approve", "何时批准？"),
        ("approve", "可以批准吗？"),
        ("approve", "是否同意？"),
        ("close", "补齐文件后才能结案"),
        ("effect", "如果有效，下周结案"),
    ],
)
def test_an_intent_in_a_condition_or_a_question_is_no_verdict(step, text):
    assert wishes(step, text, "approve") == ()


def test_a_button_says_its_word_and_the_text_is_its_reason():
    assert wishes("verify", "实测合格", word="不成立") == (Choose("verify", "unfounded", "实测合格"),)
    assert wishes("verify", "", word="不成立") == (Choose("verify", "unfounded", ""),)


def test_the_mail_that_is_answered_tells_which_step_is_meant():
    assert wishes("verify", "成立", steps=()) == ()
    assert wishes("verify", "成立", steps=("check",)) == ()
    assert wishes("close", "通过", "approve", steps=("check", "approve")) == ()


def test_acknowledgement_takes_all_that_was_asked():
    assert wishes("team", "收到", "acknowledge", steps=("team", "containment")) == (
        Acknowledge(("team", "containment")),
    )


def test_an_answer_comes_before_its_verdict():
    sections = {"d4.escape.cause": "检查表"}
    assert wishes("check", "通过", sections=sections) == (Give(sections), Choose("check", "works", ""))
    assert wishes("team", "见下", "answer", sections=sections) == (Give(sections),)


def test_free_text_answers_a_step_that_takes_it():
    assert wishes("emergency", "已换货 500 件到客户产线") == (Give({"d0.emergency": "已换货 500 件到客户产线"}),)
    assert wishes("team", "随便说说") == ()


def test_a_transfer_is_asked_for_with_its_reason():
    assert wishes("team", "这是图纸问题，请转技术部", "transfer", transfer_to="技术部") == (
        AskTransfer("技术部", "这是图纸问题，请转技术部"),
    )
    assert wishes("team", "不是我们的责任\n原因：图纸错误", "dispute") == (AskTransfer("", "图纸错误"),)


@pytest.mark.parametrize(("intent", "agreed"), [("approve", True), ("confirm", True), ("reject", False)])
def test_quality_answers_a_transfer(intent, agreed):
    (wish,) = wishes("team", "同意\n按图纸", intent, purpose="transfer", transfer_to="物流部")
    assert wish == AnswerTransfer(agreed, "物流部", "按图纸")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("原因：没有措施", "没有措施"),
        ("驳回\n理由: 没有\n措施", "没有\n措施"),
        ("Rejected\nReason: none", "none"),
        ("驳回\n没有措施", "没有措施"),
        ("驳回", ""),
        ("", ""),
    ],
)
def test_the_reason_in_a_text(text, reason):
    assert reason_in(text) == reason


def test_the_stages_are_what_they_say():
    assert all(step in case.open_steps for step, case in STAGES.items())
    assert CHEN.startswith("chen")
