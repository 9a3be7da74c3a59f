"""What was only guessed of a mail is shown for a person to confirm, in the ledger and in our mails."""

from daemon.core.case import Certainty
from daemon.core.places import Part
from tests.cast import LI, WANG
from tests.ledger.people import paper, read
from tests.scenarios.letters import FORM, SLIGHT

NUMBER = "2611001"
PROSE = """您好：

贵司上周送来的前端盖（型号 BF-2207，批次 20261020-02）一共到货3000件，挑出来三十五件，外表面有划痕。

请提供8D报告。

李娜
北方电机 品质部
"""


def complain(desk, text=PROSE):
    desk.mail(f"李娜 <{LI}>", "质量反馈", text)
    return desk.desk.store.case_numbered(NUMBER)


def to_check(desk):
    """Return what 系统提示 asks people to check."""
    lines = read(desk.ledger.content)[NUMBER, "系统提示"].splitlines()
    (line,) = (line for line in lines if line.startswith("系统推断，请核对："))
    return set(line.partition("：")[2].split("、"))


def test_the_ledger_asks_for_what_was_guessed_and_for_nothing_that_was_said(desk):
    complain(desk)
    assert {"产品名称", "客户名称"} <= to_check(desk)
    assert not {"产品编号", "不良批次", "交货数量", "不良数量", "不良现象", "联系人"} & to_check(desk)


def test_a_form_leaves_nothing_of_the_mail_to_check(desk):
    complain(desk, FORM.format(bad=30, symptom=SLIGHT))
    assert to_check(desk) <= {"质量工程师", "投诉类别", "投诉等级", "责任部门"}


def test_what_is_typed_in_its_cell_is_confirmed(desk):
    complain(desk)
    with paper(desk.ledger.content) as (page, saved):
        page[NUMBER, "客户名称"] = "北方电机制造有限公司"
    desk.ledger.save(saved.getvalue())
    desk.tick()
    fact = desk.desk.store.case_numbered(NUMBER).facts["customer"]
    assert (fact.value, fact.certainty) == ("北方电机制造有限公司", Certainty.CONFIRMED)
    assert "客户名称" not in to_check(desk)
    assert "产品名称" in to_check(desk)


def test_what_quality_answers_is_confirmed_though_it_says_the_same(desk):
    complain(desk)
    desk.reply(WANG, desk.last(WANG, "核实"), "产品名称：前端盖\n客户名称：北方电机制造有限公司")
    facts = desk.desk.store.case_numbered(NUMBER).facts
    assert {facts[key].certainty for key in ("product_name", "customer")} == {Certainty.CONFIRMED}
    assert not {"产品名称", "客户名称"} & to_check(desk)


def test_our_mails_ask_quality_and_whoever_complained_to_check(desk):
    complain(desk)
    ours, theirs = desk.last(WANG, "核实").text.splitlines(), desk.last(LI).text.splitlines()
    assert {"产品名称：前端盖（系统推断，请核对）", "不良数量：35"} <= set(ours)
    assert {"产品名称：前端盖（请核对）", "不良数量：35"} <= set(theirs)


def test_the_case_remembers_where_the_mail_says_it(desk):
    case = complain(desk)
    place = case.facts["quantity_defective"].place
    assert (place.part, place.words) == (Part.TEXT, "三十五")
    (registered, *_) = desk.desk.store.events(case.id)
    assert registered.data["facts"]["quantity_defective"][3] == [Part.TEXT, place.start, place.end, "三十五"]
    assert case.facts["severity"].place is None


def test_what_stands_beside_a_label_of_the_profile_has_its_place_too(desk):
    case = complain(desk, FORM.format(bad=30, symptom=SLIGHT).replace("订单号", "客户日用量：2000件\n订单号"))
    assert (case.fact("daily_use"), case.facts["daily_use"].place.words) == (2000, "2000")
