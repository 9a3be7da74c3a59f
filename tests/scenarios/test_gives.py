"""What a step asks to be given beside sections: facts, and papers that must come with the answer."""

import pytest

from tests.cast import LI, PRODUCTION, SUN, WANG
from tests.desk import office
from tests.scenarios.letters import FORM
from tests.scenarios.test_own_profile import written

CASE = "2611001"
OWN = """\
id = "own"
title = "换货流程"
extends = "base"
[facts.disposal]
header = "处理方式"
kind = "list"
values = ["退货", "换货", "维修"]
labels = ["处置"]
[facts.amount]
header = "赔偿金额"
kind = "money"
[sections]
story = "处理经过"
[documents.minutes]
title = "会议记录"
synonyms = ["会议纪要", "minutes"]
[documents.proof]
title = "完成证据"
any_name = true
[roles]
workshop = "车间"

[[step]]
id = "plan"
title = "处理方案"
owner = "department"
phase = "处理中"
due = "2wd"
gives = ["disposal", "amount", "story"]
documents = ["minutes"]
ask = "请写明处理方案。"

[[step]]
id = "approve"
title = "审批"
owner = "quality_engineer"
phase = "待审批"
after = "plan"
due = "1wd"
gives = ["cost"]
verdicts = "approval"
on_reject = "plan"

[[step]]
id = "carry_out"
title = "执行"
owner = "department"
phase = "处理中"
after = "approve"
due = "2wd"
documents = ["proof"]

[[step]]
id = "close"
title = "结案"
owner = "quality_engineer"
phase = "效果跟踪"
after = "carry_out"
due = "1wd"
verdicts = "closing"
"""


@pytest.fixture
def desk(tmp_path):
    with office(tmp_path, config=written(tmp_path, more="", own=OWN)) as opened:
        opened.mail(f"李娜 <{LI}>", "投诉：前端盖", FORM.format(bad=3, symptom="焊接不良，焊点脱落。"))
        yield opened


def step(desk):
    return desk.row(CASE)["next_step"]


def plan(desk, text="处理方式：换货\n赔偿金额：1,200 元\n处理经过：\n当班漏检。\n已全检库存。", *files):
    desk.reply(PRODUCTION, desk.last(PRODUCTION, CASE), text, *(files or ("投诉2611001会议纪要.docx",)))


def test_the_mail_says_what_to_write_and_what_to_attach(desk):
    asked = desk.last(PRODUCTION, CASE)
    assert "请逐行写明：“处理方式：”（退货 / 换货 / 维修）、“赔偿金额：”" in asked.text
    assert "请附：会议记录" in asked.text


def test_facts_sections_and_a_paper_in_one_reply_end_the_step(desk):
    plan(desk)
    row = desk.row(CASE)
    assert (row["next_step"], row["disposal"], row["amount"]) == ("审批", "换货", 1200.0)
    case = desk.desk.store.case_numbered(CASE)
    assert case.section("story") == "当班漏检。\n已全检库存。"
    assert case.documents["minutes"].text == "投诉2611001会议纪要.docx"
    assert [one.name for one in case.evidence] == ["投诉2611001会议纪要.docx"]


def test_what_is_missing_is_told_to_the_one_who_answered_and_only_that(desk):
    plan(desk, "处理方式：换货", "照片.jpg")
    told = desk.last(PRODUCTION, "已记录")
    assert "还缺：赔偿金额、处理经过、会议记录" in told.subject
    assert "换货" in told.text
    assert "11月4日（周三）09:00" in told.text, "the clock goes on, and the mail says until when"
    assert step(desk) == "处理方案"
    desk.reply(SUN, told, "赔偿金额：0\n处理经过：当班漏检。")
    assert "还缺：会议记录" in desk.last(SUN, "已记录").subject
    desk.reply(SUN, desk.last(SUN, "已记录"), "记录见附件", "会议记录.pdf")
    assert step(desk) == "审批"


def test_a_value_that_its_list_does_not_hold_is_refused_to_the_person_who_wrote_it(desk):
    plan(desk, "处理方式：报废\n赔偿金额：面议\n处理经过：当班漏检。")
    refused = desk.last(PRODUCTION, "没有生效")
    assert "“处理方式”不能填“报废”，可填：退货、换货、维修" in "".join(m.text for m in desk.to(PRODUCTION))
    assert "“赔偿金额”要填数字" in "".join(m.text for m in desk.to(PRODUCTION))
    assert refused
    assert desk.row(CASE)["disposal"] in (None, "")
    assert desk.desk.store.case_numbered(CASE).section("story") == "当班漏检。"


def test_a_fact_of_a_step_is_refused_from_everybody_else(desk):
    desk.reply(WANG, desk.last(PRODUCTION, CASE), "处理方式：换货")
    assert desk.row(CASE)["disposal"] in (None, ""), "a mail that went to somebody else proves nothing"


def test_a_verdict_waits_for_what_its_step_gives_and_a_rejection_does_not(desk):
    plan(desk)
    desk.press(WANG, desk.last(WANG, "审批"), "批准")
    assert "选择“批准”之前还缺：损失金额" in desk.last(WANG, "没有生效").text
    assert step(desk) == "审批"
    desk.press(WANG, desk.last(WANG, "审批"), "驳回", reason="方案不够")
    assert step(desk) == "处理方案"
    plan(desk, "处理方式：退货")
    assert step(desk) == "审批", "what was given in the first round is there still, and something is new"
    desk.reply(WANG, desk.last(WANG, "审批"), "批准\n损失金额：350")
    assert step(desk) == "执行"


def test_any_file_counts_where_the_profile_says_so(desk):
    plan(desk)
    desk.reply(WANG, desk.last(WANG, "审批"), "批准\n损失金额：350")
    desk.reply(PRODUCTION, desk.last(PRODUCTION, "执行"), "已经换货完成，见照片。", "IMG_0012.jpg")
    assert step(desk) == "结案"


def test_a_paper_that_came_with_the_complaint_counts_where_the_profile_says_so(tmp_path):
    early = OWN.replace('title = "会议记录"\n', 'title = "会议记录"\nearlier = true\n')
    for own, missing in ((OWN, "还缺：会议记录"), (early, "")):
        folder = tmp_path / missing[:2]
        folder.mkdir(exist_ok=True)
        with office(folder, config=written(folder, more="", own=own)) as opened:
            files = [("会议纪要1102.docx", b"minutes")]
            opened.put(opened._writer(LI, "李娜").write("投诉", FORM.format(bad=3, symptom="焊点脱落。"), files))
            opened.reply(PRODUCTION, opened.last(PRODUCTION, CASE), "处理方式：换货\n赔偿金额：12\n处理经过：漏检。")
            assert (step(opened) == "审批") == (not missing)
            assert missing in opened.last(PRODUCTION, "已记录").subject


def test_what_was_given_by_name_is_told_in_the_journal(desk):
    plan(desk)
    store = desk.desk.store
    kinds = [event.type.value for event in store.events(store.case_numbered(CASE).id)]
    assert "document_given" in kinds
    assert kinds.count("facts_set") == 2
