"""What raises a grade beside the words of the mail: the same complaint again, the customer's class, figures."""

from __future__ import annotations

from contextlib import contextmanager

import pytest

from daemon.config import load_config
from daemon.explaining import Explainer
from tests.cast import CHEN, CONFIG, LI, QUALITY, WANG
from tests.desk import office
from tests.scenarios.letters import CROOKED, FORM, SLIGHT
from tests.scenarios.test_after_closing import close
from tests.scenarios.test_default_profile import CASE, complain

AGAIN = "2611002"
CLASS_A = '[[customers]]\nname = "北方电机制造"\nclass = "A"\n'


@contextmanager
def company(folder, more):
    """Open an office whose config.toml has these words too."""
    (folder / "config.toml").write_text(CONFIG.read_text("utf-8") + "\n" + more, encoding="utf-8")
    with office(folder, config=load_config(folder / "config.toml")) as desk:
        yield desk


def explained(desk, number, language="zh-CN"):
    case = desk.desk.store.case_numbered(number)
    text = desk.desk.store.profile(case.profile)
    explainer = Explainer(desk.desk.process_of(case), text, desk.desk.directory, desk.desk.calendars, language)
    return list(explainer.explain(case, desk.clock.now())), text.splitlines()


def test_the_same_complaint_again_is_graded_one_higher_and_says_why(tmp_path):
    with company(tmp_path, "") as desk:
        complain(desk, SLIGHT)
        assert desk.row(CASE)["severity"] == "一般"
        desk.forget()
        desk.jump("12-02 09:00")
        complain(desk, SLIGHT)
        number = "2612001"
        assert (desk.row(number)["severity"], desk.row(number)["repeat_of"]) == ("重要", CASE)
        assert f"等级自动提高为重要：重复投诉：{CASE}" in desk.row(number)["hint"]
        assert f"重要（自动提高：重复投诉：{CASE}）" in desk.last(QUALITY, number).text
        told = desk.last(CHEN, "列为重复投诉")
        assert f"原因：重复投诉：{CASE}" in told.text
        assert not desk.to(WANG, "等级提高"), "the mails of the registration tell it already"
        assert "自动提高" not in desk.last(LI, number).text
        lines, profile = explained(desk, number)
        (line,) = (one for one in lines if one.startswith("▲"))
        assert line.startswith(f"▲ 等级已自动提高，因为重复投诉：{CASE}（案件所用流程第 ")
        assert profile[int(line.partition("流程第 ")[2].split()[0]) - 1] == "[[raise]]"
        assert any(f"because of Repeat of: {CASE}" in one for one in explained(desk, number, "en")[0])


def test_every_repeat_is_graded_one_higher_than_its_own_words_say(tmp_path):
    with company(tmp_path, "") as desk:
        for _ in range(4):
            complain(desk, SLIGHT)
        assert [desk.row(f"261100{n}")["severity"] for n in (1, 2, 3, 4)] == ["一般", "重要", "重要", "重要"]


@pytest.mark.parametrize(("months", "grade"), [(3, "重大"), (1, "重要")])
def test_config_says_within_how_many_months_of_its_closing_a_case_is_repeated(tmp_path, months, grade):
    with company(tmp_path, f'[override.recurrence]\nwithin = "{months}mo"\n') as desk:
        close(desk, "短期结案")
        assert desk.row(CASE)["severity"] == "重要"
        desk.ticks_to("2027-01-11 09:00")
        complain(desk)
        assert desk.row("2701001")["severity"] == grade


def test_a_company_may_not_want_it(tmp_path):
    off = '[[override.raise]]\nid = "repeated"\nby = 1\nwhen = { repeats = { at_least = 9 } }\n'
    with company(tmp_path, off) as desk:
        complain(desk, SLIGHT)
        complain(desk, SLIGHT)
        assert (desk.row(AGAIN)["severity"], desk.row(AGAIN)["repeat_of"]) == ("一般", CASE)


def test_what_quality_says_of_the_grade_stays(tmp_path):
    with company(tmp_path, "") as desk:
        complain(desk, SLIGHT)
        complain(desk, SLIGHT)
        desk.reply(WANG, desk.last(WANG, AGAIN), "等级：一般")
        assert desk.row(AGAIN)["severity"] == "一般"
        assert "自动提高" not in (desk.row(AGAIN)["hint"] or "")
        desk.ticks_to("2026-11-04 18:00")
        assert desk.row(AGAIN)["severity"] == "一般"


def test_the_8d_of_the_earlier_case_goes_to_the_department_and_to_quality(tmp_path):
    with company(tmp_path, "") as desk:
        complain(desk, SLIGHT)
        assert "前案" not in desk.last(QUALITY, f"客诉 {CASE}] 请处理").text
        desk.forget()
        complain(desk, SLIGHT)
        for mail in (desk.last(QUALITY, f"客诉 {AGAIN}] 请处理"), desk.last(CHEN, "列为重复投诉")):
            assert f"前案 {CASE} 的 8D 报告" in mail.text
            assert any(name.startswith("8D") and CASE in name for name in mail.attachments), mail.attachments
        assert not any(CASE in name for name in desk.last(LI, AGAIN).attachments)


@pytest.mark.parametrize(("symptom", "grade"), [(SLIGHT, "重要"), ("轴承松动，产线停线。", "重大")])
def test_a_customer_of_class_a_is_graded_one_higher_up_to_important(tmp_path, symptom, grade):
    with company(tmp_path, CLASS_A) as desk:
        complain(desk, symptom)
        assert desk.row(CASE)["severity"] == grade
        assert ("等级自动提高为重要：客户等级：A" in (desk.row(CASE)["hint"] or "")) is (grade == "重要")


def test_a_company_says_itself_which_class_raises_by_what(tmp_path):
    own = CLASS_A.replace('"A"', '"战略"') + (
        '[[override.raise]]\nid = "strategic"\ngrade = "critical"\nwhen = { customer_class = ["战略"] }\n'
    )
    with company(tmp_path, own) as desk:
        complain(desk, SLIGHT)
        assert desk.row(CASE)["severity"] == "重大"


def test_daily_use_that_the_mail_states_counts_where_config_says_so(tmp_path):
    rule = "[override.grades.important]\nwhen = { daily_use = { at_least = 2000 } }\n"
    letter = FORM.format(bad=3, symptom=SLIGHT)
    with company(tmp_path, rule) as desk:
        desk.mail(f"李娜 <{LI}>", "投诉：划痕", letter.replace("不良数量", "客户日用量：1,500件\n不良数量"))
        assert desk.row(CASE)["severity"] == "一般"
        desk.mail(
            f"李娜 <{LI}>",
            "投诉：标签",
            FORM.format(bad=3, symptom=CROOKED).replace("不良数量", "日用量：2,500件\n不良数量"),
        )
        assert desk.row(AGAIN)["severity"] == "重要"
