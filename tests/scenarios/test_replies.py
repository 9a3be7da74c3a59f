"""What people write is not always what it looks like: consent is never guessed, and nothing is swallowed."""

import pytest

from tests.cast import CHEN, LI, LIN, QUALITY, WANG
from tests.scenarios.test_default_profile import CASE, answer_all, approve, complain


@pytest.mark.parametrize(
    "text",
    [
        "好的，我明天看完再答复。",
        "可以，先放着，周一开会再定。",
        "OK, I will look at it tomorrow.",
        "没有问题的话我周五签。",
        "请王工先确认，无误后我再签。",
        "收到，好的。",
        "同意王工的看法，流出原因没写清楚。",
        "D5还需要补充防错措施，其他没问题。",
        "同意。但D5没有责任人，先不要发客户。",
    ],
)
def test_what_is_no_plain_approval_approves_nothing(desk, text):
    complain(desk)
    answer_all(desk)
    desk.press(WANG, desk.last(WANG, "审核"), "通过")
    desk.reply(CHEN, desk.last(CHEN, "审批"), text)
    assert desk.row(CASE)["review"] != "批准"


@pytest.mark.parametrize("text", ["同意", "批准。", "同意，可以发客户。", "批准，谢谢！"])
def test_a_plain_approval_approves(desk, text):
    complain(desk)
    answer_all(desk)
    desk.press(WANG, desk.last(WANG, "审核"), "通过")
    desk.reply(CHEN, desk.last(CHEN, "审批"), text)
    assert desk.row(CASE)["review"] == "批准"


@pytest.mark.parametrize(
    "text",
    [
        "谈不上满意，先这样吧。",
        "我不认为问题已解决。",
        "暂时没有问题，我们再观察两周后答复。",
        "We are far from satisfied.",
        "We would be satisfied once the replacement parts arrive.",
        "Has the root cause been resolved?",
    ],
)
def test_consent_of_a_customer_is_never_guessed(desk, text):
    complain(desk)
    answer_all(desk)
    approve(desk)
    desk.reply(LI, desk.last(LI, CASE), text)
    assert desk.row(CASE)["customer_answer"] != "满意"


def test_what_a_customer_adds_reaches_quality_with_its_files(desk):
    complain(desk)
    receipt = desk.last(LI)
    desk.forget()
    desk.reply(LI, receipt, "收到。另外今天产线又挑出5件不良，客户现场急需更换200件，请今天安排。")
    assert not desk.to(LI), "a customer is not told that a reply had no effect"
    assert "急需更换200件" in desk.last(WANG).text
    desk.reply(LI, receipt, "收到，谢谢！")
    assert len(desk.to(WANG)) == 1


def test_a_short_word_or_a_question_is_no_emergency_action(desk):
    complain(desk)
    task = desk.last(WANG, "核实")
    for text in ("今天下午再看。", "成立吗？我还没核实。"):
        desk.reply(WANG, task, text)
    assert "应急" in desk.row(CASE)["next_step"]
    assert desk.row(CASE)["validity"] == "待核实"
    assert desk.last(WANG, "没有看懂")


def test_a_verdict_that_comes_too_late_is_answered(desk):
    complain(desk)
    answer_all(desk)
    desk.press(WANG, desk.last(WANG, "审核"), "通过")
    review = desk.last(CHEN, "审批")
    desk.press(CHEN, review, "批准")
    desk.forget()
    desk.press(CHEN, review, "驳回", reason="再想想")
    assert desk.row(CASE)["review"] == "批准"
    assert "没有生效" in desk.last(CHEN).subject


def test_an_approval_on_the_mail_of_an_earlier_round_approves_nothing(desk):
    complain(desk)
    answer_all(desk)
    desk.press(WANG, desk.last(WANG, "审核"), "通过")
    first = desk.last(CHEN, "审批")
    desk.press(CHEN, first, "驳回", reason="措施不对应")
    desk.reply(QUALITY, desk.last(QUALITY, "措施不对应"), "D5 永久措施：增加系统卡控，责任人 王晓燕，11月16日完成。")
    desk.press(WANG, desk.last(WANG, "审核"), "通过")
    desk.press(CHEN, first, "批准")
    assert desk.row(CASE)["review"] != "批准"
    assert "第 1 轮" in desk.last(CHEN).text
    desk.press(CHEN, desk.last(CHEN, "审批"), "批准")
    assert desk.row(CASE)["review"] == "批准"


def test_what_was_approved_is_not_changed_by_a_later_reply(desk):
    complain(desk)
    answer_all(desk)
    approve(desk)
    text = "D5 永久措施：取消自动回传。\nD6 实施：11月12日完成，连续3批不良0件。"
    desk.reply(QUALITY, desk.last(QUALITY, "D6"), text)
    assert "取消自动回传" not in desk.row(CASE)["corrective_action"]
    assert "D6" not in desk.row(CASE)["next_step"]


def test_what_a_salesperson_writes_down_after_a_call_is_a_complaint_answered_through_him(desk):
    text = "北方电机李工刚打电话反映：10月20日发的前端盖3000件里有30件内孔偏大，轴承装不进去，请尽快安排处理。"
    desk.mail(f"林佳怡 <{LIN}>", "前端盖问题", text)
    assert desk.row(CASE)["forwarded_by"] == "林佳怡"
    assert desk.to(LIN, CASE)
