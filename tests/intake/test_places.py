"""Each fact remembers where in the mail it stands, and the doubtful ones are known as such."""

import pytest

from daemon.core.places import Part
from daemon.intake.read import read
from daemon.intake.reading import MailKind
from tests.intake.marking import CORPORA, company_of, marks

SALES = "徐斌 <xu.bin@hongyuan.example>"
FORM = """您好：
上次的 B-7701 还没有回复。

产品名称：端盖
产品型号：HY-118
批号：
B-7702
到货数量：1.2千
不良数：三十五件
问题描述：端盖内孔有锈蚀，
装配后转动发涩。
"""


def words(reading, key):
    place = reading.places[key]
    return place.part, place.words


def test_a_fact_of_a_form_stands_beside_its_label(reading):
    found = reading("质量反馈 端盖", FORM)
    assert not {"product_name", "part_no", "batch_no", "quantity_delivered", "quantity_defective"} & found.unsure
    assert found.places["product_name"].start == FORM.index("端盖")
    assert found.places["batch_no"].start == FORM.index("B-7702")
    assert words(found, "quantity_delivered") == (Part.TEXT, "1.2千")
    assert words(found, "quantity_defective") == (Part.TEXT, "三十五")
    assert words(found, "phenomenon") == (Part.TEXT, "端盖内孔有锈蚀，\n装配后转动发涩。")
    assert "phenomenon" not in found.unsure


def test_words_that_stand_there_before_the_label_too_are_found_beside_it(reading):
    text = "HY-118 又有问题。\n\n产品名称：端盖\n产品型号：HY-118\n问题描述：锈蚀"
    assert reading("投诉", text).places["part_no"].start == text.rindex("HY-118")


def test_a_code_within_a_longer_one_is_no_place_of_it(reading):
    text = "附图 HY-118-A3 供参考。\n\n料号：HY-118\n问题描述：锈蚀"
    assert reading("投诉", text).places["part_no"].start == text.rindex("HY-118")


@pytest.mark.parametrize(
    ("subject", "unsure"), [("质量反馈", True), ("尼龙扎带齿部缺胶", False)], ids=["said once", "in the subject too"]
)
def test_a_name_cut_out_of_a_sentence_is_sure_when_it_is_said_twice(reading, subject, unsure):
    found = reading(subject, "收到贵司发来的尼龙扎带10000条，使用中发现有260条扎带齿部缺胶。料号NT-4.8-300。")
    assert found.facts["product_name"] == "尼龙扎带"
    assert ("product_name" in found.unsure) is unsure


@pytest.mark.parametrize(
    ("text", "unsure"),
    [
        ("端盖 HY-118 内孔生锈，不能装配。", False),
        ("端盖 HY-118 内孔生锈，与 KJ-220 装配不上。", True),
        ("端盖（料号 HY-118）内孔生锈，与 KJ-220 装配不上。", False),
    ],
    ids=["the only code", "one of two", "called the part number"],
)
def test_one_of_several_codes_is_unsure(reading, text, unsure):
    found = reading("投诉", text)
    assert found.facts["part_no"] == "HY-118"
    assert ("part_no" in found.unsure) is unsure


@pytest.mark.parametrize(
    ("text", "bad", "unsure"),
    [
        ("端盖到货3000件，挑出来三十五件，内孔生锈。", "三十五", False),
        ("端盖到货3000件，昨天挑出来35件，今天又挑出来12件，内孔生锈。", "35", True),
        ("端盖抽检50件不良4件，前天挑出来35件，内孔生锈。", "4", False),
    ],
    ids=["the only one", "one of two", "of a sample"],
)
def test_one_of_several_counts_is_unsure(reading, text, bad, unsure):
    found = reading("投诉", text)
    assert words(found, "quantity_defective") == (Part.TEXT, bad)
    assert ("quantity_defective" in found.unsure) is unsure


def test_what_was_computed_stands_nowhere_and_is_unsure(reading):
    found = reading("投诉", "端盖两箱（每箱200片），抽检80件不良5件，都是内孔偏心。")
    assert (found.facts["quantity_delivered"], found.facts["defect_rate"]) == (400, 0.0625)
    assert {"quantity_delivered", "defect_rate"} <= found.unsure
    assert not {"quantity_delivered", "defect_rate"} & found.places.keys()


@pytest.mark.parametrize("written", ["2.5%", "百分之二点五", "25‰"])
def test_a_rate_stands_where_it_is_written_out(reading, written):
    found = reading("投诉", f"端盖内孔生锈，不良率约{written}，请处理。")
    assert found.facts["defect_rate"] == 0.025
    assert words(found, "defect_rate") == (Part.TEXT, written)
    assert "defect_rate" not in found.unsure


def test_a_company_without_its_legal_form_is_unsure(reading):
    signed = "端盖内孔生锈，请处理。\n\n王磊\n{}\n"
    assert "customer" not in reading("投诉", signed.format("合肥庐阳线束有限公司")).unsure
    assert "customer" in reading("投诉", signed.format("庐阳线束 品质部")).unsure
    assert "customer" not in reading("庐阳线束投诉", signed.format("庐阳线束 品质部")).unsure


def test_a_text_put_together_is_unsure_and_stands_where_it_begins(reading):
    whole = reading("投诉", "端盖内孔生锈。装配后异响。")
    parts = reading("投诉", "端盖内孔生锈。请尽快派人。装配后异响。")
    assert "phenomenon" not in whole.unsure
    assert parts.facts["phenomenon"] == "端盖内孔生锈。装配后异响。"
    assert "phenomenon" in parts.unsure
    assert words(parts, "phenomenon") == (Part.TEXT, "端盖内孔生锈。")


def test_a_forwarded_fact_and_the_correction_above_it(reading):
    found = reading(
        "转发: 端盖生锈",
        "客户写错了，批次应为 B-7702，请登记。\n\n发件人: 王磊 <wang@luyang.example>\n"
        "发送时间: 2026年11月9日 10:47\n收件人: xu.bin@hongyuan.example\n主题: 端盖生锈\n\n"
        "端盖 HY-118 内孔生锈，批次 B-7701，挑出来35件。\n",
        sender=SALES,
    )
    assert words(found, "batch_no") == (Part.NOTE, "B-7702")
    assert words(found, "part_no") == (Part.FORWARDED, "HY-118")
    assert words(found, "contact_name") == (Part.SENDER, "王磊")
    assert "batch_no" not in found.unsure


def test_what_only_the_subject_says_stands_there(reading):
    found = reading("投诉：HY-118 端盖生锈", "见附件，请处理。")
    assert words(found, "part_no") == (Part.SUBJECT, "HY-118")


def test_a_time_that_is_asked_for_stands_where_it_is_asked_for(reading):
    one = reading("投诉", "端盖内孔生锈。请在24小时内回复。")
    two = reading("投诉", "端盖内孔生锈。请在24小时内派人，11月15日前回复。")
    assert words(one, "customer_due") == (Part.TEXT, "24小时内")
    assert "customer_due" not in one.unsure
    assert "customer_due" in two.unsure


@pytest.mark.parametrize("corpus", CORPORA, ids=lambda corpus: corpus.name)
def test_the_words_of_a_place_stand_at_its_characters(corpus):
    directory, known = company_of(corpus)
    seen = 0
    for path in sorted((corpus / "mails").glob("*.eml")):
        found = read(path.read_bytes(), directory, known)
        assert found.kind is MailKind.COMPLAINT or not found.places
        assert found.places.keys() | found.unsure <= found.facts.keys()
        for place in found.places.values():
            text = {**found.texts, Part.SUBJECT: found.subject}.get(place.part)
            assert text is None or text[place.start : place.end].startswith(place.words)
            seen += text is not None
    assert seen > 200


def test_most_of_what_is_wrong_is_marked_and_little_of_what_is_right():
    found = list(marks())
    right, wrong = [one for one in found if one.right], [one for one in found if not one.right]
    assert len(right) > 600
    assert sum(one.marked for one in right) / len(right) < 0.13
    assert [(one.mail[:3], one.fact) for one in wrong if not one.marked] == [
        ("006", "demand"),
        ("021", "quantity_defective"),
    ]


@pytest.mark.parametrize("digits", ["1" * 400, "1" * 11_000, "1,111" * 2000, "12%" * 3000], ids=lambda one: one[:5])
def test_numbers_without_end_are_no_figures(reading, digits):
    found = reading("投诉", f"端盖 HY-118 内孔生锈，不良率约5%，挑出来35件。\n不良率：{digits}\n单号 {digits}")
    assert found.facts["quantity_defective"] == 35
    assert words(found, "quantity_defective") == (Part.TEXT, "35")
