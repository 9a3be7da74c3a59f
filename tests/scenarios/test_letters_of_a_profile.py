"""Letters and forms that a profile words itself: who gets which copy, and what stands in it.  Seams only."""

from tests.cast import CHEN, LI, WANG, ZHENG
from tests.desk import office
from tests.scenarios.test_default_profile import CASE, complain
from tests.scenarios.test_own_profile import written

OWN = """\
id = "own"
title = "自己的流程"
extends = "8d"
[facts.rule]
header = "处罚依据"
[letters.form]
title = { zh-CN = "客诉处理单", en = "Complaint form" }
says = "请相关部门处理。"
shows = ["case_no", "phenomenon", "rule", "d0.emergency"]
closes = "一式两联。"
copies = { quality_engineer = "客服部联", quality_manager = "店长室联" }
[letters.sorry]
title = { zh-CN = "致歉函", en = "Letter of apology" }
shows = ["product_name", "phenomenon"]
[[registered]]
template = "receipt"
to = "writer"
[[registered]]
template = "form"
to = ["quality_engineer", "quality_manager", "sales"]
[[step]]
id = "apology"
title = "致歉"
owner = "sales"
phase = "处理中"
after = "emergency"
sends = { template = "sorry", to = ["reporter", "sales"] }
[[step]]
id = "second"
title = "再次通报"
owner = "sales"
phase = "处理中"
after = "emergency"
sends = { template = "form", to = "sales" }
"""


def test_a_form_goes_out_in_copies_with_the_lines_that_the_profile_names(tmp_path):
    with office(tmp_path, config=written(tmp_path, more="", own=OWN)) as desk:
        complain(desk)
        (mine,), (managers,) = desk.to(WANG, "客服部联"), desk.to(CHEN, "店长室联")
        for form in (mine, managers):
            assert "客诉处理单" in form.subject
            assert "请相关部门处理。" in form.text
            assert f"客诉编号：{CASE}" in form.text
            assert "轴承室内径偏大0.03mm" in form.text
            assert "一式两联。" in form.text
            assert "处罚依据" not in form.text, "what is not known has no line"


def test_a_letter_to_the_customer_is_sent_by_a_step_and_two_letters_to_one_person_stay_two(tmp_path):
    with office(tmp_path, config=written(tmp_path, more="", own=OWN)) as desk:
        complain(desk)
        desk.press(WANG, desk.last(WANG, "应急"), "无需应急", reason="客户有库存")
        (letter,) = desk.to(LI, "致歉函")
        assert "前端盖" in letter.text
        assert "应急措施" not in letter.text
        sent = [mail.subject for mail in desk.to(ZHENG)]
        assert len([one for one in sent if "致歉函" in one]) == 1
        assert len([one for one in sent if "客诉处理单" in one]) == 2, "at registration, and again by its step"
