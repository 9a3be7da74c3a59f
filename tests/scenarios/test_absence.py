"""Who is away is stood in for: an out-of-office answer, or a word of the person's own; and gets it back."""

import pytest

from tests.cast import LI, SUN, WANG, ZHAO
from tests.scenarios.test_default_profile import CASE, complain

WELD = "焊接不良，焊点脱落。"
LIXIUMEI = "li.xiumei@hongyuan.example"
AWAY = "您好，我正在休假，11月9日回来上班，收到您的邮件后会尽快回复。"


def led_by_sun(desk):
    complain(desk, WELD)
    desk.reply(WANG, desk.last(WANG, "核实"), "成立，责任人：孙大鹏")
    return desk.last(SUN)


def auto_reply(desk, address, to, text=AWAY):
    headers = {"Auto_Submitted": "auto-replied", "In_Reply_To": str(to.mail["Message-ID"])}
    desk.mail(address, f"自动回复: {to.subject}", text, **headers)


def events(desk, number=CASE):
    store = desk.desk.store
    return [event.type.value for event in store.events(store.case_numbered(number).id)]


def test_tasks_of_somebody_away_go_to_who_stands_in_and_come_back(desk):
    mail = led_by_sun(desk)
    desk.forget()
    auto_reply(desk, SUN, mail)
    assert not desk.to(SUN)
    assert "D3" in desk.last(ZHAO).text, "what waits is passed on at once"
    desk.at("11-05 18:00")
    assert not desk.to(SUN), "no reminder to somebody who is away"
    assert desk.to(ZHAO, "D3")
    desk.forget()
    desk.at("11-09 08:30")
    assert desk.to(SUN, "D3"), "back, and the tasks with him"
    assert [one for one in events(desk) if one.startswith("handed")] == ["handed_on", "handed_back"]
    desk.reply(SUN, desk.last(SUN, "D3"), "D3 临时措施：\n客户端：已隔离 200 件。")
    assert "200" in desk.row(CASE)["containment"]


def test_without_a_date_somebody_is_away_for_three_working_days(desk):
    mail = led_by_sun(desk)
    auto_reply(desk, SUN, mail, "I am out of the office and will answer later.")
    (absence,) = desk.desk.absences()
    assert str(absence.until.astimezone(desk.desk.zone))[:16] == "2026-11-05 09:00"


@pytest.mark.parametrize("text", ["这是一封自动回复：您的邮件已收到，会尽快处理。", "您的邮件已收到"])
def test_an_answer_that_says_no_absence_changes_nothing(desk, text):
    mail = led_by_sun(desk)
    auto_reply(desk, SUN, mail, text)
    assert not desk.desk.absences()


def test_an_answer_that_answers_no_mail_of_ours_changes_nothing(desk):
    led_by_sun(desk)
    desk.mail(SUN, f"自动回复: [客诉 {CASE}] 请处理", AWAY, Auto_Submitted="auto-replied")
    other = desk.last(WANG)
    auto_reply(desk, SUN, other)
    assert not desk.desk.absences()


def test_a_customer_who_is_away_is_still_written_to(desk):
    complain(desk, WELD)
    auto_reply(desk, LI, desk.last(LI))
    assert not desk.desk.absences()


def test_a_person_names_a_deputy_who_gets_the_tasks_and_may_answer(desk):
    led_by_sun(desk)
    mine = desk.last_ever(SUN)
    desk.forget()
    desk.reply(SUN, mine, "代理：李秀梅，至 11月6日")
    assert "2026-11-06" in desk.last(SUN, "代理").text
    assert "孙大鹏" in desk.last(LIXIUMEI, "代理").text
    task = desk.last(LIXIUMEI, "D3")
    desk.reply(LIXIUMEI, task, "D3 临时措施：\n客户端：已隔离 300 件。")
    assert "300" in desk.row(CASE)["containment"]
    desk.forget()
    desk.at("11-09 08:00")
    assert desk.to(SUN, "D4"), "back with what is open now"


def test_a_deputy_can_be_ended_early(desk):
    led_by_sun(desk)
    desk.reply(SUN, desk.last_ever(SUN), "代理：李秀梅，至 11月20日")
    desk.forget()
    desk.reply(SUN, desk.last_ever(SUN), "代理：结束")
    assert not desk.desk.absences()
    assert desk.to(SUN, "D3")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("代理：张三，至 11月6日", "张三"),
        ("代理：孙大鹏，至 11月6日", "孙大鹏"),
        ("代理：李秀梅", "代理到哪一天"),
        ("代理：李秀梅，至 10月6日", "代理到哪一天"),
    ],
)
def test_a_deputy_that_cannot_be_is_refused_with_the_reason(desk, text, says):
    led_by_sun(desk)
    desk.reply(SUN, desk.last_ever(SUN), text)
    assert says in desk.last(SUN, "没有生效").text
    assert not desk.desk.absences()
