"""The example of docs/writing-a-profile.md is a process that works, and the document knows every word."""

from pathlib import Path

import pytest

from daemon.config import load_config
from daemon.core.process import Choice, ExtraFact, Followup, Numbering, Process, Raising, Recurrence, Rung, Step
from daemon.core.process.duty import Count, Duty, Listed
from tests.cast import CHEN, CONFIG, LI, PRODUCTION, WANG
from tests.desk import office
from tests.scenarios.letters import FORM

DOC = (Path(__file__).parents[2] / "docs" / "writing-a-profile.md").read_text(encoding="utf-8")
EXAMPLE = DOC.partition("<!-- example -->\n```toml\n")[2].partition("```")[0]


@pytest.fixture
def desk(tmp_path):
    (tmp_path / "pipes.toml").write_text(EXAMPLE, encoding="utf-8")
    text = CONFIG.read_text(encoding="utf-8").replace('process = "8d"', 'process = "pipes.toml"')
    text = text.replace("[roles]", '[roles]\nfollower = ["林佳怡"]\nworkshop = ["赵国栋"]', 1)
    (tmp_path / "config.toml").write_text(text, encoding="utf-8")
    with office(tmp_path, config=load_config(tmp_path / "config.toml")) as opened:
        yield opened


def test_the_example_runs_from_the_first_mail_to_closing(desk):
    zhao = "zhao.guodong@hongyuan.example"
    desk.mail(f"李娜 <{LI}>", "投诉", FORM.format(bad=3, symptom="弯管起皱，焊接处装配困难"))
    (number,) = desk.rows
    assert number == "KS2026-0001"
    assert desk.row(number)["category"] == "弯曲尺寸不良"
    desk.press(WANG, desk.last(WANG, "核实"), "成立")
    assert "整改措施" in desk.last(zhao, "请参加或配合").subject
    survey = desk.last(zhao, "样品检测")
    desk.reply(WANG, desk.last(WANG, number), "样品到达：11月3日")
    desk.reply(zhao, survey, "检测了三件样品，弯曲模磨损0.4毫米，造成起皱。")
    owner = {"生产部": PRODUCTION, "质量部": "quality@hongyuan.example"}[desk.row(number)["department"]]
    asked = desk.last(owner, number)
    assert "请附：整改报告" in asked.text
    desk.reply(owner, asked, "D5 永久措施：\n更换弯曲模，每5000件检查一次，赵国栋，11月6日。")
    assert "还缺：整改报告" in desk.last(owner, "已记录").subject
    desk.reply(owner, desk.last(owner, "已记录"), "补上报告，见附件。", "整改报告-弯管.pdf")
    assert desk.row(number)["status"] == "待审批"
    desk.press(CHEN, desk.last(CHEN, "审批"), "驳回", reason="没有防止再发的措施")
    assert desk.row(number)["round"] == 2
    desk.reply(owner, desk.last(owner, "没有防止再发"), "D5 永久措施：\n更换弯曲模，并在系统中设置寿命提醒，11月9日。")
    desk.press(CHEN, desk.last(CHEN, "审批"), "批准")
    desk.press(LI, desk.last(LI, number), "满意")
    assert desk.row(number)["status"] == "已结案"
    assert desk.row(number)["next_step"] == "效果跟踪（第1次）"


@pytest.mark.parametrize(
    "model", [Process, Step, Choice, Numbering, ExtraFact, Rung, Duty, Listed, Count, Followup, Raising, Recurrence]
)
def test_the_document_knows_every_word(model):
    words = {field.alias or name for name, field in model.model_fields.items()}
    assert {word for word in words if f"`{word}`" not in DOC and f"`{word} " not in DOC} == set()
