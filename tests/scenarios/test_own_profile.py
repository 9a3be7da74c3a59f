"""A company's own profile and its overrides, told at the seams: what config.toml says is what happens."""

from daemon.config import load_config
from tests.cast import CHEN, CONFIG, LI, PRODUCTION, QUALITY, WANG
from tests.desk import SHANGHAI, office
from tests.scenarios.letters import FORM, SLIGHT
from tests.scenarios.test_default_profile import CASE, complain

OWN = """\
id = "own"
title = "自己的流程"
extends = "8d"
[roles]
workshop = "车间"
[grades.critical]
words = ["断线", "甩车"]
[kinds.paint]
title = "涂装不良"
words = ["划痕", "掉漆"]
[kinds.other]
title = "其他"
[[step]]
id = "meeting"
after = []
with = ["workshop", "sales"]
"""
MORE = """
[[override.step]]
id = "verify"
due = "3h"

[[customers]]
name = "北方电机制造有限公司"
domains = ["beifang-motor.example"]
[[customers.override.step]]
id = "containment"
due = "90min"
"""


def written(folder, more=MORE, own=OWN):
    (folder / "own.toml").write_text(own, encoding="utf-8")
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "own.toml"')
    text = text.replace("[roles]", '[roles]\nworkshop = ["生产部"]', 1)
    (folder / "config.toml").write_text(text + more, encoding="utf-8")
    return load_config(folder / "config.toml")


def due(desk, step, number=CASE):
    case = desk.desk.store.case_numbered(number)
    return case.steps[step].due_at.astimezone(SHANGHAI).strftime("%m-%d %H:%M")


def test_config_overrides_a_due_time_and_a_customer_has_its_own(tmp_path):
    with office(tmp_path, config=written(tmp_path)) as desk:
        complain(desk, SLIGHT)
        assert (due(desk, "verify"), due(desk, "containment")) == ("11-02 12:00", "11-02 10:30")
        desk.mail("Other <qa@other.example>", "投诉：端盖划痕", "客户：他厂\n不良现象：端盖划痕，请处理。")
        assert (due(desk, "verify", "2611002"), due(desk, "containment", "2611002")) == ("11-02 12:00", "11-03 09:00")


def test_those_who_take_part_in_a_step_are_told_and_a_role_may_be_a_department(tmp_path):
    with office(tmp_path, config=written(tmp_path)) as desk:
        complain(desk, SLIGHT)
        told = desk.last(PRODUCTION, "请参加或配合")
        assert "评审会议" in told.subject
        assert "王晓燕" in told.text
        assert not told.buttons, "it is not theirs to answer"
        assert not [mail for mail in desk.to(WANG) if "请参加" in mail.subject]


def test_kind_and_grade_follow_the_words_of_the_profile(tmp_path):
    with office(tmp_path, config=written(tmp_path)) as desk:
        complain(desk, SLIGHT)
        assert desk.row(CASE)["category"] == "涂装不良"
        desk.mail(f"李娜 <{LI}>", "投诉：接插件", FORM.format(bad=1, symptom="行驶中断线，有甩车风险"))
        assert desk.row("2611002")["severity"] == "重大"
        desk.reply(WANG, desk.last(WANG, "2611002"), "投诉类别：油漆")
        (said,) = [line for line in desk.last(WANG).text.splitlines() if "可填" in line]
        assert "可填：涂装不良、其他" in said


def test_a_role_that_nobody_holds_is_answered_by_quality(tmp_path):
    own = OWN.replace('id = "meeting"', 'id = "meeting"\nowner = "resident"').replace(
        "[grades", 'resident = "驻线"\n[grades', 1
    )
    with office(tmp_path, config=written(tmp_path, own=own)) as desk:
        complain(desk, SLIGHT)
        asked = desk.last(WANG, "评审会议")
        desk.press(WANG, asked, "无需应急", reason="客户有库存")
        desk.reply(WANG, asked, "11月2日会议纪要：生产部出席，决定先隔离库存。")
        case = desk.desk.store.case_numbered(CASE)
        assert case.section("meetings").startswith("11月2日会议纪要")


def test_a_case_keeps_the_profile_that_it_was_opened_under(tmp_path):
    with office(tmp_path, config=written(tmp_path)) as desk:
        complain(desk, SLIGHT)
        case = desk.desk.store.case_numbered(CASE)
        pinned = desk.desk.store.profile(case.profile)
        assert 'due = "90min"' in pinned
        assert case.profile != desk.desk.profile
        assert desk.desk.process_of(case).steps["meeting"].with_ == ("workshop", "sales")
        assert desk.to(QUALITY)
        assert not desk.to(CHEN)
