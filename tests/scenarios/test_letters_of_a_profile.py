"""Letters and forms that a profile words itself: who gets which copy, and what stands in it.  Seams only."""

import docx

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
word = true
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


def words_of(desk, path):
    return "\n".join(cell.text for table in docx.Document(path).tables for row in table.rows for cell in row.cells)


def test_a_form_comes_as_a_word_file_too_once_for_each_copy_and_is_filed(tmp_path):
    with office(tmp_path, config=written(tmp_path, more="", own=OWN)) as desk:
        complain(desk)
        names = {name for mail in desk.to(WANG, "客服部联") for name in mail.attachments}
        names |= {name for mail in desk.to(CHEN, "店长室联") for name in mail.attachments}
        assert names == {"客诉处理单-1.docx", "客诉处理单-2.docx"}
        first = tmp_path / "ledger" / "附件" / CASE / "客诉处理单-1.docx"
        assert "轴承室内径偏大0.03mm" in words_of(desk, first)
        assert not list(first.parent.glob("客诉处理单-4*")), "the same content is the same file"


def test_a_letter_is_filled_into_the_companys_own_template(tmp_path):
    with office(tmp_path, config=written(tmp_path, more="", own=OWN)) as desk:
        own = docx.Document()
        own.add_paragraph("第 {{ number }} 号 {{ title }}（{{ copy }}）：{{ value.phenomenon }}{{ value.rule }}")
        (tmp_path / "ledger" / "模板").mkdir()
        own.save(tmp_path / "ledger" / "模板" / "客诉处理单.docx")
        complain(desk)
        made = docx.Document(tmp_path / "ledger" / "附件" / CASE / "客诉处理单-1.docx")
        texts = [paragraph.text for paragraph in made.paragraphs]
        assert any(text.startswith(f"第 {CASE} 号 客诉处理单") and "轴承室内径" in text for text in texts)


def test_a_template_with_a_fault_keeps_no_letter_back(tmp_path):
    with office(tmp_path, config=written(tmp_path, more="", own=OWN)) as desk:
        bad = docx.Document()
        bad.add_paragraph("{{ number.__class__.__mro__ }} {{ nothing }}")
        (tmp_path / "ledger" / "模板").mkdir()
        bad.save(tmp_path / "ledger" / "模板" / "客诉处理单.docx")
        complain(desk)
        (mine,) = desk.to(WANG, "客服部联")
        assert mine.attachments == ()
        assert "轴承室内径" in mine.text
