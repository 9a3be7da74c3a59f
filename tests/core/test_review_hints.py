"""What a reviewer would refuse in an answer, in three writings; and that good answers are left alone."""

from __future__ import annotations

import pytest

from daemon.core.review_hints import ACTIONS, CONTAINMENT, ESCAPE, OCCURRENCE, PREVENTION, Lack, is_asked, review_hints
from daemon.intake.read import read
from daemon.intake.replies import sections_of
from daemon.parsing import directory_for, known_for
from daemon.passes.replies import SECTION_KEYS
from daemon.processes import shipped_process
from daemon.words import shipped_review
from tests.intake.conftest import CORPUS, NO_CONFIG
from tests.scenarios.letters import CAUSE_AND_ACTION, RESULTS
from tests.scenarios.letters import CONTAINMENT as CONTAINED

REFUSED = [
    (OCCURRENCE, "员工疏忽。", Lack.SYSTEM),
    (OCCURRENCE, "操作工责任心不强，质量意识淡薄", Lack.SYSTEM),
    (OCCURRENCE, "作業員操作失誤", Lack.SYSTEM),
    (OCCURRENCE, "Operator error, he was careless.", Lack.SYSTEM),
    (ESCAPE, "检验员漏检", Lack.SYSTEM),
    (ESCAPE, "檢驗員疏忽，沒有看到", Lack.SYSTEM),
    (ESCAPE, "Inspector's lack of attention", Lack.SYSTEM),
    (ESCAPE, "同上", Lack.ESCAPE),
    (ESCAPE, "same as above.", Lack.ESCAPE),
    (ACTIONS, "对操作工进行培训，加强管理，孙大鹏，11月12日", Lack.CHANGE),
    (ACTIONS, "增加培训次数并考核，责任人 孙大鹏，11月12日完成", Lack.CHANGE),
    (ACTIONS, "加強人員教育訓練，罰款100元，責任人 王小明，11月12日", Lack.CHANGE),
    (ACTIONS, "Retrain the operators and remind them daily, by Sun Dapeng, 12 November", Lack.CHANGE),
    (PREVENTION, "班前会宣导，提高质量意识", Lack.CHANGE),
    (CONTAINMENT, "库存产品已隔离，客户处安排挑选。", Lack.QUANTITY),
    (CONTAINMENT, "客戶處與庫存已全部隔離", Lack.QUANTITY),
    (CONTAINMENT, "All stock was blocked and is being sorted.", Lack.QUANTITY),
    (CONTAINMENT, "已全检1200件，不良12件。", Lack.PLACE),
    (CONTAINMENT, "1,200 pcs sorted, 12 bad.", Lack.PLACE),
    (ACTIONS, "补正值由测量机自动回传，责任人 孙大鹏", Lack.DAY),
    (ACTIONS, "补正值由测量机自动回传，11月12日完成", Lack.PERSON),
    (ACTIONS, "The offset is sent by the gauge itself, 12 November", Lack.PERSON),
]
GOOD = [
    (OCCURRENCE, "操作工输入错误：补正值由人工抄写，系统无防错提示。"),
    (OCCURRENCE, "員工誤操作，因為兩種零件外形相似且混放。"),
    (OCCURRENCE, "Operator error: the two parts look alike and no fixture keeps the wrong one out."),
    (ESCAPE, "检验员漏检：首件检查表没有内径这一项。"),
    (ACTIONS, "夹具加防呆销并培训操作工，孙大鹏，11月12日"),
    (ACTIONS, "夾具加防呆銷並教育訓練作業員，責任人 王小明，11月12日"),
    (ACTIONS, "Install a sensor and train the operators, by Sun Dapeng, 12 November"),
    (PREVENTION, "PFMEA、控制计划已改版，并对全员培训。"),
    (CONTAINMENT, "客户处3000件已隔离；成品库1200件，不良12件；在途无。"),
    (CONTAINMENT, "客戶處：3,000 件已隔離；成品庫 1,200 件，不良 12 件。"),
    (CONTAINMENT, "Customer: 3,000 pcs blocked; our stock: 1,200 pcs, 12 bad; none in transit."),
]


@pytest.mark.parametrize(("section", "text", "lack"), REFUSED)
def test_what_a_reviewer_would_refuse_is_said(section, text, lack):
    assert lack in [one.lack for one in review_hints({section: text}, shipped_review())]


@pytest.mark.parametrize(("section", "text"), GOOD)
def test_good_answers_are_left_alone(section, text):
    assert review_hints({section: text}, shipped_review()) == ()


def test_one_cause_for_both_is_no_escape_cause():
    cause = "刀具补正值输入错误（小数点错位），再现试验确认。"
    told = review_hints({OCCURRENCE: cause, ESCAPE: cause.replace("，", ", ")}, shipped_review())
    assert [(one.section, one.lack) for one in told] == [(ESCAPE, Lack.ESCAPE)]


def test_the_good_answer_of_the_scenarios_gets_no_hint():
    text = CONTAINED + CAUSE_AND_ACTION + RESULTS
    sections = {SECTION_KEYS[key]: said for key, said in sections_of((False, one) for one in text.split("\n")).items()}
    assert len(sections) == 6
    assert review_hints(sections, shipped_review()) == ()


def test_a_day_and_a_person_are_missed_only_where_the_process_asks_for_them():
    process = shipped_process("8d")
    silent = process.model_copy(
        update={"step": tuple(step.model_copy(update={"ask": {"zh-CN": "写措施。"}}) for step in process.step)}
    )
    for lack in (Lack.DAY, Lack.PERSON):
        assert is_asked(lack, ACTIONS, process)
        assert not is_asked(lack, ACTIONS, silent)
    assert is_asked(Lack.CHANGE, ACTIONS, silent)


# Answers of the corpora that lack what is named here, as a clerk who looked at each of them says.
TRULY = {
    ("corpus", "030"): {(CONTAINMENT, "place"), (ACTIONS, "day"), (ACTIONS, "person")},  # nothing is looked through
    ("corpus", "036"): {(ACTIONS, "day"), (ACTIONS, "person")},
    ("corpus", "037"): {(CONTAINMENT, "quantity"), (ACTIONS, "person")},
    ("second", "036"): {(ACTIONS, "day"), (ACTIONS, "person")},
    ("second", "037"): {(CONTAINMENT, "quantity")},
    ("second", "060"): {(ACTIONS, "day"), (ACTIONS, "person")},
}  # fmt: skip


@pytest.mark.parametrize("corpus", [CORPUS, CORPUS / "second"], ids=lambda one: one.name)
def test_answers_of_the_corpora_get_no_hint_but_those_that_lack_something(corpus):
    directory = directory_for(corpus / "directory.toml", NO_CONFIG)
    known = known_for(corpus / "known.json", NO_CONFIG)
    found = {}
    for path in sorted((corpus / "mails").glob("0[2-6]*-reply-*.eml")):
        reply = read(path.read_bytes(), directory, known).reply
        sections = {SECTION_KEYS[key]: text for key, text in reply.sections.items()} if reply else {}
        told = {(one.section, one.lack.value) for one in review_hints(sections, shipped_review())}
        if told:
            found[corpus.name, path.name[:3]] = told
    assert found == {key: value for key, value in TRULY.items() if key[0] == corpus.name}


WHYS = ("补正值错", "人工抄写", "测量机不能回传", "没有接口", "采购时没有要求")


@pytest.mark.parametrize("mark", ["{}. 为什么？", "Why{}：", "为什么{}：", "第{}个为什么：", "{}）Why? "])
def test_five_whys_are_kept_whole_in_the_occurrence(mark):
    whys = "\n".join(mark.format(number) + why for number, why in enumerate(WHYS, 1))
    text = f"D4 发生原因：\n{whys}\nD4 流出原因：首件检查表没有内径。"
    sections = sections_of((False, line) for line in text.split("\n"))
    assert set(sections) == {"D4_occurrence", "D4_escape"}
    assert sections["D4_occurrence"].count("\n") == 4
    assert all(why in sections["D4_occurrence"] for why in WHYS)
    assert review_hints({SECTION_KEYS[key]: said for key, said in sections.items()}, shipped_review()) == ()
