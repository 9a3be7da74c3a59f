import dataclasses

import pytest

from daemon.core.process import Numbering
from tests.cast import LI, LIN, WANG
from tests.core.play import at
from tests.scenarios.letters import FORM, SLIGHT


def numbered(desk, **numbering):
    process = desk.desk.process.model_copy(update={"number": Numbering(**numbering)})
    return dataclasses.replace(desk.desk, process=process)


def test_numbers_restart_every_month(desk):
    november = [desk.desk.next_number(at("11-02 09:00")) for _ in range(2)]
    assert [*november, desk.desk.next_number(at("12-01 00:00"))] == ["2611001", "2611002", "2612001"]
    assert desk.desk.next_number(at("11-30 23:59")) == "2611003"


def test_the_month_is_that_of_the_companys_zone(desk):
    assert desk.desk.next_number(at("12-01 00:30")) == "2612001", "in UTC it is still November"


@pytest.mark.parametrize(
    ("numbering", "numbers"),
    [
        ({"pattern": "KS-{yyyy}-{seq:04}", "restarts": "year"}, ["KS-2026-0001", "KS-2026-0002", "KS-2027-0001"]),
        ({"pattern": "{seq}", "restarts": "never"}, ["1", "2", "3"]),
        ({"pattern": "{yy}{mm}{seq:02}"}, ["261101", "261201", "270101"]),
    ],
)
def test_the_profile_says_how_cases_are_numbered(desk, numbering, numbers):
    its = numbered(desk, **numbering)
    moments = (at("11-02 09:00"), at("12-02 09:00"), at("12-02 09:00").replace(year=2027, month=1))
    assert [its.next_number(moment) for moment in moments] == numbers


def test_a_number_grows_by_a_digit_when_the_month_is_full(desk):
    for _ in range(998):
        desk.desk.store.next_number("8d.2026-11")
    assert [desk.desk.next_number(at("11-20 09:00")) for _ in range(3)] == ["2611999", "26111000", "26111001"]


def test_a_case_with_a_long_number_is_a_case_like_any_other(desk):
    for _ in range(999):
        desk.desk.store.next_number("8d.2026-11")
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT))
    assert list(desk.rows) == ["26111000"]
    assert "26111000" in desk.last(WANG, "多一位").text, "that numbers grow is announced"
    desk.reply(LI, desk.last(LI), "谢谢，请尽快。")
    assert [one.case for one in desk.happened if one.event == "mail.reply"] == ["26111000"]


def test_what_a_colleague_notes_above_a_forwarded_complaint_fills_what_it_lacks(desk):
    noted = "职务：品质主管\n不良率：2%\n不良数量：99\n等级：重大\n\n-----原始邮件-----\n"
    head = f"发件人：李娜 <{LI}>\n发送时间：2026年11月2日 08:40\n主题：端盖不良\n\n"
    desk.mail(f"林佳怡 <{LIN}>", "转发：端盖不良", noted + head + FORM.format(bad=30, symptom=SLIGHT))
    case = desk.desk.store.case_numbered("2611001")
    assert (case.text("contact_post"), case.fact("defect_rate")) == ("品质主管", 0.02)
    assert case.fact("quantity_defective") == 30, "what the customer says counts"
    assert case.text("severity") == "一般", "a note gives no grade"


def test_the_facts_that_a_profile_adds_are_read_by_its_labels(desk):
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=30, symptom=SLIGHT) + "\n职务：品质主管\n客户日用量：4000件/天\n")
    row = desk.row()
    assert (row["contact_post"], row["daily_use"]) == ("品质主管", 4000)
