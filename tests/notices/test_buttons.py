from dataclasses import replace
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

import pytest

from daemon.core.case import StepState, StepStatus
from daemon.intake.replies import button_text
from daemon.notices.buttons import ButtonKind, mailto
from daemon.notices.sample import CODES, SAMPLE_DIRECTORY, sample_case, sample_notice
from daemon.notices.threading import CODE
from daemon.notices.view import view

CODE_ONE = CODES[0]


def buttons(process, template, steps=(), language="zh-CN", case=None):
    case = case or sample_case(process, language=language)
    notice = sample_notice(template, case, process, language, steps)
    return view(notice, CODE_ONE, case, process, SAMPLE_DIRECTORY, ZoneInfo("Asia/Shanghai")).buttons


def parts(button):
    url = urlsplit(button.url)
    query = parse_qs(url.query, strict_parsing=True)
    return url.path, query["subject"][0], query["body"][0]


def test_every_button_of_every_step_carries_word_and_code(process):
    for language in ("zh-CN", "zh-TW", "en"):
        for step in process.step:
            for button in buttons(process, "task", (step.id,), language):
                to, subject, body = parts(button)
                assert to == SAMPLE_DIRECTORY.mailbox
                assert subject == button.subject
                assert f" {button.word} {CODE_ONE}" in subject
                assert language == "zh-TW" or button_text(body.replace("\r\n", "\n")) == ""
                assert CODE.search(body)[0] == CODE_ONE
                assert "2611003" in subject


def test_the_department_can_receive_and_pass_on(process):
    received, transfer = buttons(process, "notice", ("team",))
    assert (received.label, received.kind) == ("收到", ButtonKind.PRIMARY)
    assert parts(received)[1] == f"[客诉 2611003] 收到 {CODE_ONE}"
    assert transfer.word == "转其他部门"
    assert "转到部门：\r\n原因：\r\n" in parts(transfer)[2]


def test_received_is_offered_once_for_two_steps_and_not_again_when_given(process):
    assert [b.word for b in buttons(process, "notice", ("team", "containment"))] == ["收到", "转其他部门"]
    done = StepState(StepStatus.OPEN, acknowledged_by="sun.dapeng")
    case = sample_case(process)
    case = replace(case, steps={**case.steps, "team": done})
    assert [b.word for b in buttons(process, "reminder", ("team",), case=case)] == ["转其他部门"]


def test_a_rejection_asks_for_the_reason(process):
    approve, reject = buttons(process, "review", ("approve",))
    assert (approve.kind, reject.kind) == (ButtonKind.PRIMARY, ButtonKind.DANGER)
    assert "原因：" not in parts(approve)[2]
    assert parts(reject)[2].startswith("原因：\r\n")


def test_english_mails_use_the_profiles_english_words(process):
    approve, reject = buttons(process, "review", ("approve",), "en")
    assert (approve.label, approve.word, reject.word) == ("Approve", "approve", "reject")
    assert "Reason: " in parts(reject)[2]


def test_choices_of_two_steps_are_told_apart(process):
    labels = [b.label for b in buttons(process, "review", ("check", "approve"))]
    assert labels == ["审核：通过", "审核：质疑", "审批：批准", "审批：驳回"]


def test_a_transfer_is_answered_with_agree_or_disagree(process):
    agree, keep = buttons(process, "transfer_request")
    assert (agree.label, agree.word) == ("同意转部门", "同意")
    assert (keep.label, keep.word) == ("维持原部门", "不同意")


@pytest.mark.parametrize("text", ["a&b=c?d#e%f+g", "引号“”\"'<>", "two\r\nlines"])
def test_a_mailto_link_survives_every_character(text):
    url = mailto("a+b@x.example", text, text)
    assert url.isascii()
    assert "+" not in url
    assert " " not in url
    query = parse_qs(urlsplit(url).query)
    assert query == {"subject": [text], "body": [text]}
    assert "%0D%0A" in mailto("a@b", "s", "1\r\n2")
