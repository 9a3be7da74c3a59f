"""Splitting: the sender's own words, and the mails below them, of many programs."""
# ruff: noqa: E501  mails stand here as they are written

import pytest

from daemon.intake.quotes import split

OWN = "收到，马上处理。"
QUOTES = {
    "Outlook, Chinese": "发件人: 甲 <a@x.example>\n发送时间: 2026年11月3日 10:31\n收件人: 乙\n主题: 请处理\n\n旧文",
    "Outlook, English": "From: A <a@x.example>\nSent: Tuesday, November 3, 2026 10:52 PM\nTo: B\nSubject: x\n\n旧文",
    "Outlook, blank lines between": "发件人: 甲 <a@x.example>\n\n发送时间: 2026年11月3日\n\n收件人: 乙\n\n主题: x\n\n旧文",
    "Outlook with a rule": "________________________________\n发件人: 甲 <a@x.example>\n收件人: 乙\n主题: x\n\n旧文",
    "Foxmail, full-width colons": "发件人： 甲\n发送时间： 2026-11-03 10:31\n收件人： 乙\n主题： 请处理\n旧文",
    "QQ": '------------------ 原始邮件 ------------------\n发件人: "甲" <a@x.example>;\n发送时间: 2026年\n\n主题: x\n\n旧文',
    "WeCom": "------------------ Original ------------------\nFrom: 甲 <a@x.example>;\nDate: Mon\nTo: 乙\n\n旧文",
    "NetEase, table": "---- 回复的原邮件 ----\n| 发件人 | 甲<a@x.example> |\n| 日期 | 2026年 |\n| 收件人 | 乙 |\n旧文",
    "NetEase, webmail": 'At 2026-11-03 10:31:00, "甲" <a@x.example> wrote:\n>旧文',
    "Coremail": '-----原始邮件-----\n发件人:"甲" <a@x.example>\n发送时间:2026-11-03\n收件人: b@x.example\n旧文',
    "Gmail, Chinese": "甲 <a@x.example> 于2026年11月3日周二 10:31写道：\n\n> 旧文",
    "Gmail, English": "On Tue, Nov 3, 2026 at 10:31 AM A <a@x.example>\nwrote:\n\n> 旧文",
    "Gmail, forward": "---------- Forwarded message ---------\n发件人： A <a@x.example>\nDate: 2026年\nSubject: x\n旧文",
    "Apple, reply": "> 在 2026年11月3日，10:31，甲 <a@x.example> 写道：\n> \n> 旧文",
    "Thunderbird": "在 2026/11/3 10:31, 甲 写道：\n> 旧文",
    "Traditional": "寄件者: 甲 <a@x.example>\n寄件日期: 2026年\n收件者: 乙\n主旨: x\n\n旧文",
    "our own line": "—— 请在此线以上回复 ——\n旧文",
    "our own line in English": "-- Please reply above this line --\n旧文",
}


@pytest.mark.parametrize("quote", QUOTES.values(), ids=QUOTES.keys())
def test_only_the_own_words_remain(quote):
    assert split(f"{OWN}\n\n{quote}\n").own.text == OWN


def test_forwards_in_forwards_come_outermost_first():
    one = "发件人: 甲 <a@x.example>\n收件人: 乙\n主题: 转发: x\n\n第一层\n"
    two = "发件人: 丙 [mailto:c@y.example]\n收件人: 甲\n主题: x\n\n第二层"
    below = split(f"请登记\n\n{one}\n{two}").below
    assert [(level.email, level.text) for level in below] == [("a@x.example", "第一层"), ("c@y.example", "第二层")]


def test_answers_between_quoted_lines_stay():
    thread = split("在 2026/11/5 14:20, 甲 写道：\n> D3 临时措施：\n已全检。\n> D5 永久措施：\n改模具。\n")
    assert thread.own.text == "已全检。\n改模具。"
    assert thread.has_quotes


def test_a_form_with_dates_and_addressees_is_no_quote():
    text = "日期：2026-11-03\n收件人：质量部\n主题：来料不良\n批次：A1"
    assert split(text).own.text == text
