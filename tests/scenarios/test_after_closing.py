"""What happens after closing, told at the seams: effect checks, the customer's mark, complaints that come again."""

from contextlib import contextmanager

import pytest

from daemon.config import load_config
from daemon.intake.buttons import word_of
from tests.cast import CHEN, CONFIG, GM, LI, QUALITY, WANG, XU
from tests.desk import SHANGHAI, office
from tests.scenarios.letters import CROOKED, GRAVE, SLIGHT
from tests.scenarios.test_default_profile import CASE, RESULTS, answer_all, approve, complain

OWN = """\
id = "own"
title = "自己的流程"
extends = "8d"
"""


@contextmanager
def own_office(folder, more=""):
    """Open an office whose profile extends 8d by these words."""
    (folder / "own.toml").write_text(OWN + more, encoding="utf-8")
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "own.toml"')
    (folder / "config.toml").write_text(text, encoding="utf-8")
    with office(folder, config=load_config(folder / "config.toml")) as desk:
        yield desk


def close(desk, verdict):
    complain(desk)
    answer_all(desk)
    approve(desk)
    desk.press(LI, desk.last(LI, CASE), "满意")
    desk.ticks_to("2026-11-12 16:00")
    desk.reply(QUALITY, desk.last(QUALITY, "D6"), RESULTS)
    desk.ticks_to("2026-11-18 10:00")
    desk.press(WANG, desk.last(WANG, "效果验证"), "有效")
    desk.ticks_to("2026-11-19 10:00")
    desk.press(CHEN, desk.last(CHEN, "结案"), verdict)
    assert desk.row(CASE)["status"] == "已结案"
    desk.forget()


def local(moment):
    return moment.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M")


def words(mail):
    return [word_of(button.subject) for button in mail.buttons]


def case_of(desk, number=CASE):
    return desk.desk.store.case_numbered(number)


def events(desk, kind, number=CASE):
    return [event for event in desk.desk.store.events(case_of(desk, number).id) if event.type == kind]


# ── effect checks ──


def test_a_case_closed_for_the_stage_is_looked_at_each_month_and_then_each_quarter_end(desk):
    close(desk, "阶段结案")
    row = desk.row(CASE)
    assert (row["next_step"], local(row["due_at"])) == ("效果跟踪（第1次）", "2026-12-19 10:00")
    # when the mail goes out (weekends move to Monday morning), what it asks, when the answer is due
    table = (
        ("2026-12-21 08:00", "效果跟踪（第1次）", "2026-12-28 08:00"),
        ("2027-01-19 10:00", "效果跟踪（第2次）", "2027-01-26 10:00"),
        ("2027-02-19 10:00", "效果跟踪（第3次）", "2027-02-26 10:00"),
        ("2027-03-31 08:00", "效果跟踪（第4次）", "2027-04-08 08:00"),
        ("2027-06-30 08:00", "效果跟踪（第5次）", "2027-07-07 08:00"),
    )
    for asked, title, due in table:
        desk.ticks_to(asked, before=True)
        assert not desk.to(WANG, title), f"{title} is asked for too early"
        desk.ticks_to(asked)
        mail = desk.last(WANG, title)
        assert "用数据说明" in mail.text
        assert words(mail) == ["有效", "无效", "停装"]
        row = desk.row(CASE)
        assert (row["status"], row["next_step"], local(row["due_at"])) == ("已结案", title, due)
        desk.press(WANG, mail, "有效", reason="连续3批1500件不良0件")
        assert case_of(desk).followups["tracking"].asked is None
    assert [check.number for check in case_of(desk).followups["tracking"].checks] == [1, 2, 3, 4, 5]
    assert desk.row(CASE)["effect"] == "有效"


def test_a_case_that_is_simply_closed_is_not_tracked(desk):
    close(desk, "短期结案")
    desk.ticks_to("2027-04-02 09:00")
    assert not [mail for mail in desk.to(WANG) if "效果跟踪" in mail.subject]
    assert desk.row(CASE)["next_step"] == ""


def test_nobody_answers_a_check_and_the_chain_hears_of_it_once_a_rung(desk):
    close(desk, "阶段结案")
    desk.ticks_to("2026-12-29 18:00")
    late = [mail for mail in desk.to(WANG) if "提醒" in mail.subject or "逾期" in mail.subject]
    assert late
    assert "逾期" in desk.row(CASE)["overdue"]
    desk.ticks_to("2027-01-08 18:00")
    assert desk.to(XU, "逾期"), "the director hears of it by the ladder of an important case"
    rungs = [(event.data["step"], rung) for event in events(desk, "reminded") for rung in event.data["rungs"]]
    assert len(set(rungs)) == len(rungs)
    mail = desk.last(WANG, "效果跟踪（第1次）")
    desk.press(WANG, mail, "有效", reason="不良0件")
    assert local(case_of(desk).followups["tracking"].planned_at) == "2027-01-19 10:00"


def test_the_tracking_ends_when_the_product_is_no_longer_fitted(desk):
    close(desk, "阶段结案")
    desk.ticks_to("2026-12-21 09:00")
    desk.press(WANG, desk.last(WANG, "效果跟踪"), "停装")
    desk.forget()
    desk.ticks_to("2027-04-02 09:00")
    assert not [mail for mail in desk.sent if "效果跟踪" in mail.subject]
    assert [event.data["why"] for event in events(desk, "follow_ended")] == ["until"]


def test_quality_may_say_so_at_any_time_on_the_closed_case(desk):
    close(desk, "阶段结案")
    desk.ticks_to("2026-12-21 09:00")
    asked = desk.last(WANG, "效果跟踪")
    desk.press(WANG, asked, "有效", reason="不良0件")
    desk.reply(WANG, asked, "装车状态：停装")
    assert case_of(desk).text("fitting") == "停装"
    assert case_of(desk).followups["tracking"].ended == "until"
    desk.reply(WANG, asked, "不良数量：99")
    assert case_of(desk).fact("quantity_defective") == 30, "nothing else is changed on a closed case"


def test_what_does_not_work_is_begun_anew(desk):
    close(desk, "阶段结案")
    desk.ticks_to("2026-12-21 09:00")
    asked = desk.last(WANG, "效果跟踪")
    desk.press(WANG, asked, "无效")
    assert "原因" in desk.last(WANG, "没有生效").text, "a verdict like this one needs its figures"
    desk.press(WANG, asked, "无效", reason="12月到货又有5件内径偏大")
    row = desk.row(CASE)
    assert (row["status"], row["round"], row["effect"]) == ("处理中", 2, "无效")
    assert "又有5件" in desk.last(QUALITY).text
    assert case_of(desk).followups["tracking"].ended == "round"
    assert "重新处理" in desk.last(CHEN, CASE).subject


def test_an_ineffective_action_may_go_on_in_a_case_of_its_own(tmp_path):
    more = '[[followup]]\nid = "tracking"\non_ineffective = "new case"\n'
    with own_office(tmp_path, more) as desk:
        close(desk, "阶段结案")
        desk.ticks_to("2026-12-21 09:00")
        desk.press(WANG, desk.last(WANG, "效果跟踪"), "无效", reason="12月到货又有5件内径偏大")
        assert desk.row(CASE)["status"] == "已结案"
        assert case_of(desk).continued_in == "2612001"
        row = desk.row("2612001")
        assert (row["repeat_of"], row["customer"], row["status"]) == (CASE, "北方电机制造有限公司", "待核实")
        assert not desk.to(LI, "2612001"), "the customer need not hear of it: it is our own project"
        assert "由前案转来" in desk.last(WANG, "由前案转来").subject
        assert "2612001" in desk.last(CHEN, "转入新客诉").text


# ── the customer's mark ──


@pytest.mark.parametrize(("mark", "told"), [("5", False), ("2", True)])
def test_the_customer_is_asked_for_a_mark_once_and_thanked_once(desk, mark, told):
    close(desk, "短期结案")
    desk.ticks_to("2026-11-24 10:00", before=True)
    assert not desk.to(LI)
    desk.ticks_to("2026-11-24 10:00")
    (asked,) = desk.to(LI)
    assert words(asked) == ["5", "4", "3", "2", "1"]
    desk.press(LI, asked, mark)
    assert str(desk.row(CASE)["satisfaction"]) == mark
    assert "感谢您的评价" in desk.last(LI).subject
    low = [one for one in (WANG, CHEN) if desk.to(one, "评分偏低")]
    assert low == ([WANG, CHEN] if told else [])
    desk.press(LI, asked, "4")
    desk.ticks_to("2027-02-01 10:00")
    assert len(desk.to(LI)) == 2, "asked once, thanked once"
    assert str(desk.row(CASE)["satisfaction"]) == mark


def test_a_customer_who_does_not_care_to_answer_is_left_in_peace(desk):
    close(desk, "短期结案")
    desk.ticks_to("2027-02-01 10:00")
    assert len(desk.to(LI)) == 1
    assert desk.row(CASE)["overdue"] == ""


@pytest.mark.parametrize("text", ["1. 包装还是太差\n2. 回复太慢", "4.5 分左右吧", "我再想想"])
def test_what_is_no_mark_is_not_taken_for_one(desk, text):
    close(desk, "短期结案")
    desk.ticks_to("2026-11-24 10:00")
    desk.reply(LI, desk.last(LI), text)
    assert desk.row(CASE)["satisfaction"] in (None, "")
    assert text.splitlines()[0] in desk.last(WANG, "客户来信").text, "quality reads what the customer wrote"


def test_a_case_that_is_closed_twice_asks_for_a_mark_once(desk):
    close(desk, "短期结案")
    desk.ticks_to("2026-11-24 10:00")
    assert len(desk.to(LI)) == 1
    desk.reply(CHEN, desk.last_ever(CHEN, "D8 结案"), "重新打开：客户来电，又有一件")
    desk.reply(QUALITY, desk.last(QUALITY, CASE), "D3 临时措施：\n客户端：已隔离 500 件，未见不良。")
    case = case_of(desk)
    assert case.round == 2
    assert case.followups["marks"].was_asked
    assert len([mail for mail in desk.to(LI) if "打分" in mail.subject]) == 1


def test_an_unfounded_or_cancelled_complaint_is_not_asked_for_a_mark(desk):
    complain(desk)
    desk.press(WANG, desk.last(WANG, "核实"), "不成立", reason="实测内径合格")
    complain(desk, SLIGHT)
    desk.reply(WANG, desk.last(WANG, "2611002"), "取消：登记错了")
    desk.forget()
    desk.ticks_to("2026-12-20 10:00")
    assert not [mail for mail in desk.to(LI) if "打分" in mail.subject]


# ── complaints that come again ──

AGAIN = "贵司前端盖装配后又有轴承松动，测得轴承室尺寸超差。"


def test_the_same_complaint_again_is_a_linked_case(desk):
    close(desk, "短期结案")
    desk.ticks_to("2027-01-11 09:00")
    complain(desk, AGAIN)
    row = desk.row("2701001")
    assert row["repeat_of"] == CASE
    assert f"重复投诉：{CASE}" in desk.last(WANG, "核实").text
    assert CASE in desk.last(CHEN, "重复投诉").text
    assert desk.row(CASE)["status"] == "已结案"
    assert "2701001" in desk.last(LI).subject, "the customer has a receipt for the new one"


@pytest.mark.parametrize("symptom", [SLIGHT, "收到的数量比送货单少 20 件。"])
def test_another_symptom_is_another_case(desk, symptom):
    close(desk, "短期结案")
    desk.ticks_to("2027-01-11 09:00")
    complain(desk, symptom)
    assert desk.row("2701001")["repeat_of"] in (None, "")


def test_after_the_watch_it_is_a_case_like_any_other(desk):
    close(desk, "短期结案")
    desk.ticks_to("2027-05-20 09:00")
    complain(desk, GRAVE)
    assert desk.row("2705001")["repeat_of"] in (None, "")


def test_the_same_complaint_again_may_open_the_case_again(tmp_path):
    with own_office(tmp_path, '[recurrence]\nwithin = "6mo"\nthen = "reopen"\n') as desk:
        close(desk, "短期结案")
        desk.ticks_to("2027-01-11 09:00")
        complain(desk, AGAIN)
        assert list(desk.rows) == [CASE]
        row = desk.row(CASE)
        assert (row["status"], row["round"]) == ("处理中", 2)
        assert AGAIN in row["phenomenon"]
        assert CASE in desk.last(LI).subject, "whoever wrote has a receipt"
        assert "轴承松动" in desk.last(QUALITY, CASE).text
        assert "再次发生" in desk.last(WANG, "已重新打开").subject
        mails = desk.desk.store.mails_of(case_of(desk).id)
        assert mails[-1].outcome == "thread"
        complain(desk, SLIGHT)
        assert "2701001" in desk.rows, "no number was lost"


def test_a_repeat_may_raise_the_grade(tmp_path):
    more = "[grades.critical]\nwhen = { repeats = { at_least = 1 } }\n"
    with own_office(tmp_path, more) as desk:
        complain(desk)
        assert desk.row(CASE)["severity"] == "重要"
        complain(desk, AGAIN)
        assert (desk.row("2611002")["severity"], desk.row("2611002")["repeat_of"]) == ("重大", CASE)


# ── a grade that rises with age ──


def test_a_complaint_not_solved_in_a_month_becomes_critical_once(tmp_path):
    more = '[[raise]]\nid = "old"\ngrade = "critical"\nafter = "1mo"\nwhen = { validity = "成立" }\n'
    with own_office(tmp_path, more) as desk:
        complain(desk, SLIGHT)
        complain(desk, CROOKED, subject="投诉：另一件")
        desk.press(WANG, desk.last(WANG, f"[客诉 {CASE}]"), "成立")
        desk.forget()
        desk.ticks_to("2026-12-02 08:30")
        assert desk.row(CASE)["severity"] == "一般"
        assert not desk.to(XU, "【重大客诉】")
        desk.ticks_to("2026-12-02 09:00")
        assert (desk.row(CASE)["severity"], desk.row("2611002")["severity"]) == ("重大", "一般")
        assert all(desk.to(one, "【重大客诉】") for one in (XU, GM)), "the whole chain is alarmed"
        containment = case_of(desk).steps["containment"]
        assert (containment.due_at - containment.opened_at).total_seconds() == 4 * 3600, "from the step's own start"
        desk.reply(WANG, desk.last(WANG, f"[客诉 {CASE}]"), "等级：一般")
        desk.ticks_to("2026-12-04 18:00")
        assert desk.row(CASE)["severity"] == "一般", "what a person has decided is not raised again"
