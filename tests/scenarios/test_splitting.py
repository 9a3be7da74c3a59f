"""One mail about several products or departments becomes several cases, by a word of quality's."""

import pytest

from daemon.demo.people import Writer
from daemon.seams import Shelf
from tests.cast import COMPLAINTS, LI, LIN, MILLER, PRODUCTION, QUALITY, SUN, WANG
from tests.desk import SHANGHAI
from tests.scenarios.letters import FORM, SLIGHT
from tests.scenarios.test_default_profile import CASE, complain

SECOND, THIRD = "2611002", "2611003"
PARTS = """拆分：
1. 产品编号：BF-3310，不良数量：7，不良现象：接线盒盖缺螺钉，部门：物流部
2、产品名称：后端盖；产品编号：BF-2299；不良批次：20261021-A，部门：技术部
"""
WEEKLY = """各位好，本周驻线情况如下：

产品名称：前端盖
产品编号：BF-2207
不良数量：12
不良现象：轴承室内径偏大，装配后松动

产品名称：接线盒
产品编号：JX-118
不良数量：5
不良现象：外壳有划痕

产品名称：风扇罩
产品编号：FS-09
不良数量：3
不良现象：包装破损
"""


def told(desk, number):
    store = desk.desk.store
    return [event.type.value for event in store.events(store.case_numbered(number).id)]


def test_quality_splits_a_mail_and_each_case_goes_its_own_way(desk):
    complain(desk, SLIGHT)
    desk.forget()
    desk.reply(WANG, desk.last_ever(WANG, "核实"), PARTS)
    assert list(desk.rows) == [CASE, SECOND, THIRD]
    first, second, third = (desk.row(number) for number in (CASE, SECOND, THIRD))
    assert (first["part_no"], first["quantity_defective"]) == ("BF-2207", 30), "the first case stays as it was"
    assert (second["part_no"], second["quantity_defective"], second["phenomenon"], second["department"]) == (
        "BF-3310", 7, "接线盒盖缺螺钉", "物流部"
    )  # fmt: skip
    assert (third["product_name"], third["part_no"], third["batch_no"], third["department"]) == (
        "后端盖", "BF-2299", "20261021-A", "技术部"
    )  # fmt: skip
    assert (second["customer"], second["received_at"]) == (first["customer"], first["received_at"])
    assert (second["status"], third["status"]) == ("待核实", "待核实")
    assert desk.last("logistics@hongyuan.example", SECOND).attachments == (f"8D-{SECOND}-r1.docx",)
    assert desk.last("engineering@hongyuan.example", THIRD).attachments == (f"8D-{THIRD}-r1.docx",)
    assert told(desk, CASE)[-1] == "split"
    assert desk.desk.store.case_numbered(SECOND).split_from == CASE
    assert desk.desk.store.case_numbered(CASE).split_into == (SECOND, THIRD)
    assert (first["related"], second["related"]) == (f"拆分出 {SECOND}、{THIRD}", f"拆分自 {CASE}")


def test_the_customer_gets_one_mail_that_names_all_numbers(desk):
    complain(desk, SLIGHT)
    desk.forget()
    desk.reply(WANG, desk.last_ever(WANG, "核实"), PARTS)
    (mail,) = desk.to(LI)
    assert all(number in mail.text for number in (CASE, SECOND, THIRD))
    assert "接线盒盖缺螺钉" in mail.text
    assert "物流部" not in mail.text, "a customer does not read whose fault it is"
    done = desk.last(WANG, "拆分为几个案件")
    assert all(number in done.text for number in (CASE, SECOND, THIRD))


def test_the_line_of_this_case_corrects_it(desk):
    complain(desk, SLIGHT)
    desk.reply(
        WANG, desk.last(WANG, "核实"), "拆分：\n本案：不良数量：20，部门：技术部\n产品编号：BF-3310，不良数量：10"
    )
    assert (desk.row(CASE)["quantity_defective"], desk.row(CASE)["department"]) == (20, "技术部")
    assert (desk.row(SECOND)["quantity_defective"], desk.row(SECOND)["part_no"]) == (10, "BF-3310")


def test_files_are_shared(desk):
    writer = Writer("李娜", LI, COMPLAINTS, desk.clock.now().astimezone(SHANGHAI), 900)
    picture = b"\x89PNG\r\n\x1a\n" + b"0" * 20_000
    desk.put(writer.write("投诉：前端盖划痕", FORM.format(bad=30, symptom=SLIGHT), [("划痕.png", picture)]))
    desk.reply(WANG, desk.last(WANG, "核实"), PARTS)
    assert "划痕.png" in desk.last("engineering@hongyuan.example", THIRD).attachments
    assert (desk.desk.shelf / "附件" / SECOND / "划痕.png").read_bytes() == picture


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("拆分：\n1. 产品编号：BF-1\n2. 第二个产品也不行", "第 2 行“第二个产品也不行”"),
        ("拆分：\n1. 产品编号：BF-1，部门：火星部", "第 1 行“产品编号：BF-1，部门：火星部”"),
        ("拆分：\n1. 不良数量：很多", "第 1 行“不良数量：很多”"),
        ("拆分：\n1. 等级：特级", "第 1 行“等级：特级”"),
        ("拆分", "每个新案件写一行"),
        ("拆分：\n本案：不良数量：3", "每个新案件写一行"),
    ],
)
def test_a_line_that_cannot_be_read_is_told_and_nothing_is_split(desk, text, says):
    complain(desk, SLIGHT)
    desk.reply(WANG, desk.last(WANG, "核实"), text)
    assert says in desk.last(WANG, "没有生效").text
    assert list(desk.rows) == [CASE]
    assert desk.row(CASE)["quantity_defective"] == 30
    complain(desk, SLIGHT)
    assert list(desk.rows) == [CASE, SECOND], "a refused wish uses no number up"


def test_only_quality_splits(desk):
    complain(desk, SLIGHT)
    desk.press(WANG, desk.last(WANG, "核实"), "无需应急", reason="有库存")
    notice = desk.last(QUALITY, CASE)
    desk.reply(LI, desk.last(LI), PARTS)
    assert list(desk.rows) == [CASE]
    assert not desk.to(LI, "没有生效")
    complain(desk, "焊接不良，焊点脱落。")
    desk.reply(SUN, desk.last(PRODUCTION, SECOND), PARTS)
    assert "“拆分”须由" in desk.last(SUN, "没有生效").text
    assert list(desk.rows) == [CASE, SECOND]
    assert notice


def test_the_weekly_report_of_a_resident_is_split_by_a_single_word(desk):
    desk.mail(f"林佳怡 <{LIN}>", "驻线周报 第45周", WEEKLY)
    asked = desk.last(WANG, "核实")
    assert "拆分" in asked.text, "quality is told that the mail is about several products"
    desk.reply(WANG, asked, "拆分")
    assert [row["part_no"] for row in desk.rows.values()] == ["BF-2207", "JX-118", "FS-09"]
    assert [row["quantity_defective"] for row in desk.rows.values()] == [12, 5, 3]
    assert "装配后松动" in str(desk.row(CASE)["phenomenon"])
    assert "划痕" in str(desk.row(SECOND)["phenomenon"])
    (mail,) = desk.to(LIN, THIRD)
    assert all(number in mail.text for number in (CASE, SECOND, THIRD))


def test_a_split_of_an_english_complaint_is_told_in_english(desk):
    text = "Dear team, lot 26W43 of HC-310: 4 of 500 pieces have scratches.\nCustomer: Northwind Automotive Inc.\n"
    desk.mail(f"Jane Miller <{MILLER}>", "Scratches on HC-310", text)
    desk.reply(WANG, desk.last(WANG, "核实"), "拆分：\n产品编号：HC-311，不良数量：2")
    mail = desk.last(MILLER, SECOND)
    assert "registered as" in mail.text
    assert CASE in mail.text


def test_the_same_mail_read_again_splits_nothing_twice(desk):
    complain(desk, SLIGHT)
    desk.reply(WANG, desk.last(WANG, "核实"), PARTS)
    desk.mailbox.put(desk.mailbox.shelves[Shelf.DONE][-1])
    desk.tick()
    assert list(desk.rows) == [CASE, SECOND, THIRD]
    assert desk.desk.store.broken_chain(desk.desk.store.case_numbered(SECOND).id) is None
