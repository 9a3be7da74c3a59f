"""Complaint forms attached to a mail: what they state fills what the mail leaves empty."""

import io
import zipfile
from datetime import date

import pytest

from daemon.intake import grid, pdf, sheets
from daemon.intake.read import read
from daemon.intake.reading import Intent, MailKind
from daemon.understanding import explained
from tests.intake import files
from tests.intake.conftest import NOTICE, WORKER

POINTS = "您好，附件为质量投诉单，请查收并尽快处理，谢谢！\n\n李娜"
SAID = {
    "customer": "北方电机制造有限公司",
    "product_name": "前端盖",
    "part_no": "BF-2207",
    "batch_no": "20261020-02",
    "order_no": "PO88120045",
    "quantity_delivered": 3000,
    "quantity_defective": 30,
    "defect_rate": 0.01,
}
BESIDE = (
    ["质量投诉单 Quality complaint", None, None, None],
    ["客户名称\nCustomer", "北方电机制造有限公司", "客诉编号", "KS-88"],
    ["产品名称 Part name", "前端盖", "产品型号：", "BF-2207"],
    ["批次号", "20261020-02", "投诉性质", "□批量 ☑个别"],
    ["交货数量", 3000, "不良数量", 30],
    ["订单号", "PO88120045", "不良率(%)", 0.01],
    ["问题描述 Problem description", None, None, None],
    ["轴承室内径偏大0.03mm，\n装配后轴承松动。", None, None, None],
    ["处理要求", "☑提供8D报告 □退货 ☑换货", None, None],
    ["要求回复时间", date(2026, 11, 16), "联系人", "李娜"],
)
MERGED = ("A1:D1", "A7:D7", "A8:D8", "B9:D9")


@pytest.fixture
def read_mail(directory, known):
    return lambda *args, **more: read(files.letter(*args, **more).as_bytes(), directory, known)


def test_a_form_in_excel_states_what_the_mail_leaves_to_it(read_mail):
    form = files.sheet(*BESIDE, merged=MERGED, formats=[("D6", "0.00%")], hidden=[["产品名称", "示例"]])
    found = read_mail("质量投诉", POINTS, ("客诉单.xlsx", form))
    assert {key: found.facts[key] for key in SAID} == SAID
    assert not found.unsure & {*SAID, "phenomenon", "demand", "customer_due"}
    assert found.facts["phenomenon"] == "轴承室内径偏大0.03mm，装配后轴承松动。"
    assert found.facts["demand"] == "提供8D报告、换货"
    assert f"{found.facts['customer_due']:%m-%d}" == "11-16"
    assert "    ← 附件 客诉单.xlsx “产品型号：BF-2207”" in list(explained(found, "zh-CN"))
    assert {key: found.places[key].part for key in SAID} == dict.fromkeys(SAID, "客诉单.xlsx")
    assert not found.unsure


def test_a_form_in_word_states_the_same(read_mail):
    rows = [[str(cell) if cell is not None else "" for cell in row] for row in BESIDE]
    rows[5][3] = "1%"
    whole_rows = [((row, 0), (row, 3)) for row in (0, 6, 7)] + [((8, 1), (8, 3))]
    form = files.word(*rows, merged=whole_rows)
    found = read_mail("质量投诉", POINTS, ("客诉单.docx", form))
    assert {key: found.facts[key] for key in SAID} == SAID
    assert "轴承松动" in found.facts["phenomenon"]
    assert found.facts["demand"] == "提供8D报告、换货"


def test_a_letter_in_word_is_read_as_a_form_too(read_mail):
    form = files.word(
        paragraphs=["投诉函", "产品名称：前端盖", "料号：BF-2207", "不良数量：30", "问题描述：", "内径偏大"]
    )
    found = read_mail("投诉", "见附件", ("投诉函.docx", form)).facts
    assert (found["part_no"], found["quantity_defective"], found["phenomenon"]) == ("BF-2207", 30, "内径偏大")


def test_a_form_in_pdf_states_the_same(read_mail):
    form = files.pdf(
        *((200, 800, "质量投诉单"), (50, 760, "客户名称"), (150, 760, SAID["customer"])),
        *((50, 740, "产品名称"), (160, 740, "前端盖"), (320, 740, "产品型号"), (420, 740, "BF-2207")),
        *((50, 720, "批次号"), (150, 720, "20261020-02"), (320, 720, "不良数量"), (430, 720, "30")),
        *((50, 700, "问题描述"), (150, 700, "轴承室内径偏大0.03mm，"), (150, 685, "装配后轴承松动。")),
        fields=[("订单号", "PO88120045")],
    )
    found = read_mail("质量投诉", POINTS, ("客诉单.pdf", form)).facts
    said = {key: value for key, value in SAID.items() if key not in {"quantity_delivered", "defect_rate"}}
    assert {key: found[key] for key in said} == said
    assert found["phenomenon"] == "轴承室内径偏大0.03mm，装配后轴承松动。"


def test_what_the_mail_states_itself_wins(read_mail):
    text = "附件为投诉单。更正：批次号：20261021-05，有 35 件端盖卡扣开裂。\n产品型号：BF-2209"
    found = read_mail("质量投诉", text, ("客诉单.xlsx", files.sheet(*BESIDE, merged=MERGED))).facts
    assert (found["batch_no"], found["part_no"], found["quantity_defective"]) == ("20261021-05", "BF-2209", 35)
    assert "开裂" in found["phenomenon"]
    assert "松动" not in found["phenomenon"]
    assert (found["product_name"], found["order_no"]) == ("前端盖", "PO88120045")
    assert "defect_rate" not in found  # the form's goes with the form's number of bad pieces


def test_a_guess_of_the_subject_gives_way_to_what_the_form_states(read_mail):
    found = read_mail("Complaint QN-2026-118, NOK parts", "Please find attached our complaint form.",
                      ("SCAR.xlsx", files.sheet(*BESIDE, merged=MERGED)))  # fmt: skip
    assert found.facts["part_no"] == "BF-2207"
    assert "松动" in found.facts["phenomenon"]


def test_a_table_of_several_products_gives_items(read_mail):
    form = files.sheet(
        ["客户名称", "北方电机制造有限公司"],
        ["序号", "料号", "品名", "批次", "不良数", "不良现象"],
        [1, "BF-2207", "前端盖", "B1", 30, "内径偏大"],
        [2, "EC-1180", "编码器盖", "B2", 25, "卡扣开裂"],
    )
    found = read_mail("质量投诉", "见附件", ("不良明细.xlsx", form))
    assert [(one.product_name, one.part_no, one.batch_no, one.quantity_defective) for one in found.items] == [
        ("前端盖", "BF-2207", "B1", 30),
        ("编码器盖", "EC-1180", "B2", 25),
    ]
    assert found.facts["part_no"] == "BF-2207"


def test_a_line_of_totals_is_no_product(read_mail):
    form = files.sheet(
        ["No.", "Part No", "Part Name", "Lot", "Qty NG", "Defect"], [1, "A-100", "bracket", "L1", 5, "cracked"],
        [2, "A-200", "clip", "L2", 7, "bent"], ["Total", None, None, None, 12, None],
    )  # fmt: skip
    found = read_mail("complaint", "see attachment", ("complaint list.xlsx", form))
    assert [(one.part_no, one.quantity_defective) for one in found.items] == [("A-100", 5), ("A-200", 7)]


def test_a_request_for_corrective_action_that_has_yet_to_be_answered(read_mail):
    form = files.sheet(
        ["SUPPLIER CORRECTIVE ACTION REQUEST"],
        ["SCAR No.", "SCAR-2026-118", "Issue date", "2026-11-02"],
        ["Part Number:", "HC-310", "Part Description:", "connector housing"],
        ["Qty Received", "500", "pcs", "Qty Rejected", "47", "pcs"],
        ["1. Problem Description (to be filled in by customer)", None, None, None],
        ["47 of 500 pieces are cracked at the latch.", None, None, None],
        ["2. Containment action (to be filled in by supplier)", None, None, None],
        ["Reply due date", "2026-11-20", "Issued by", "Jane Miller"],
        merged=["A1:D1", "A5:D5", "A6:D6", "A7:D7"],
    )
    found = read_mail("SCAR-2026-118", "Please find attached the SCAR.", ("SCAR-118.xlsx", form)).facts
    assert (found["part_no"], found["product_name"]) == ("HC-310", "connector housing")
    assert (found["quantity_delivered"], found["quantity_defective"]) == (500, 47)
    assert found["phenomenon"] == "47 of 500 pieces are cracked at the latch."
    assert f"{found['customer_due']:%m-%d}" == "11-20"
    assert "demand" not in found


def test_two_labels_in_one_and_labels_that_begin_their_own_cell(read_mail):
    form = files.sheet(
        ["反馈单位：江淮汽车有限公司", None, "编号：QF-26-118", None],
        ["零件名称/图号", "前端盖/BF-2207", "供应商名称", "宏远精密部件有限公司"],
        ["批次/数量", "20261020-02 / 30件", "嚴重度", "□ 重大 ■ 一般"],
        ["质量问题描述：\n轴承室内径偏大，\n装配后松动。", None, None, None],
        merged=["A1:B1", "C1:D1", "A4:D4"],
    )
    found = read_mail("反馈", "见附件", ("质量信息反馈单.xlsx", form)).facts
    assert (found["customer"], found["product_name"]) == ("江淮汽车有限公司", "前端盖")
    assert (found["part_no"], found["batch_no"]) == ("BF-2207", "20261020-02")
    assert found["phenomenon"] == "轴承室内径偏大，装配后松动。"
    assert "quantity_delivered" not in found


def test_an_8d_that_only_its_first_steps_fill_states_the_complaint(read_mail):
    form = files.sheet(
        ["8D Report", None, None], ["D0", "产品名称", "前端盖"], [None, "产品编号", "BF-2207"],
        ["D2 问题描述", "What 什么问题", "轴承室内径偏大"], [None, "When 何时", "2026-11-01"],
        [None, "How many 多少", "30件"], ["D3 临时措施", None, None],
    )  # fmt: skip
    found = read_mail("8D", "见附件", ("8D.xlsx", form)).facts
    assert (found["part_no"], found["quantity_defective"]) == ("BF-2207", 30)
    assert found["phenomenon"] == "轴承室内径偏大"


def test_values_stand_below_their_labels(read_mail):
    form = files.sheet(
        ["客户名称", "产品名称", "料号", "批次", "不良数"], ["北方电机制造有限公司", "前端盖", "BF-2207", "B1", 30],
        ["不良现象"], ["内径偏大，装配后松动，无法使用"],
    )  # fmt: skip
    found = read_mail("质量投诉", "见附件", ("客诉.xlsx", form)).facts
    assert (found["customer"], found["part_no"], found["quantity_defective"]) == (SAID["customer"], "BF-2207", 30)
    assert "松动" in found["phenomenon"]


def test_an_empty_field_takes_nothing_from_beside_it():
    cells = [row for table in sheets.tables_of(files.sheet(
        ["产品名称", None, "投诉性质", "一般"], ["批次号", None, "产品型号", None], ["问题描述", "□外观 □尺寸"],
        ["客户名称", "GM公司"],
    )) for row in table]  # fmt: skip
    assert grid.pairs_of(cells) == ["投诉性质：一般", "客户名称：GM公司"]


def test_shared_strings_are_read_without_what_says_how_they_are_spoken(read_mail):
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    strings = (
        f"<sst {main}><si><t>产品名称</t></si><si><r><t>前端</t></r><r><t>盖</t></r><rPh><t>ゼン</t></rPh></si>"
        "<si><t>不良现象</t></si><si><t>开裂</t></si></sst>"
    )
    cells = '<row><c t="s"><v>0</v></c><c t="s"><v>1</v></c></row><row><c t="s"><v>2</v></c><c t="s"><v>3</v></c></row>'
    form = files.with_part(files.sheet(["x"]), "xl/sharedStrings.xml", strings)
    form = files.with_part(
        form, "xl/worksheets/sheet1.xml", f"<worksheet {main}><sheetData>{cells}</sheetData></worksheet>"
    )
    assert read_mail("投诉", "见附件", ("客诉单.xlsx", form)).facts["product_name"] == "前端盖"


def test_measurements_are_no_complaint_form(read_mail):
    form = files.sheet(["料号", "批次", "测量值", "判定"], *(["BF-9", f"B{n}", n / 7, "NG"] for n in range(50)))
    found = read_mail("内径偏大", "前端盖 BF-2207 共 30 件内径偏大，见附件。", ("测量数据.xlsx", form))
    assert not found.forms
    assert found.facts["part_no"] == "BF-2207"


def test_a_colleague_passes_a_form_on_without_a_word_of_it(read_mail):
    form = files.sheet(*BESIDE, merged=MERGED)
    sales = "林佳怡 <lin.jiayi@hongyuan.example>"
    found = read_mail("客户客诉单", "请登记附件，谢谢。", ("客诉单.xlsx", form), sender=sales)
    assert (found.kind, found.facts["customer"], found.contact.name) == (MailKind.COMPLAINT, SAID["customer"], "李娜")
    assert found.facts["part_no"] == "BF-2207"


ANSWER = (
    ["8D报告", None, None], ["D1", "团队", "孙大鹏"], ["D2", "问题描述", "内径偏大"],
    ["D3", "临时措施", "库存1200件全检"], ["D4", "发生原因", "补正值输错"], [None, "流出原因", "首件漏检"],
    ["D5", "永久纠正措施", "补正值自动回传"], ["D6", "实施与验证", "连续3批无不良"],
    ["D7", "预防再发", "更新作业指导书"],
)  # fmt: skip


@pytest.mark.parametrize("name", ["8D_2611003.xlsx", "8D_2611003.docx", "8D_2611003.pdf"])
def test_an_8d_in_any_file_is_an_answer(read_mail, name):
    rows = [[cell or "" for cell in row] for row in ANSWER]
    places = [(60, 200, 300)[column] for column in range(3)]
    pieces = [
        (x, 800 - 20 * n, text) for n, row in enumerate(rows) for x, text in zip(places, row, strict=True) if text
    ]
    made = {"xlsx": files.sheet(*ANSWER), "docx": files.word(*rows), "pdf": files.pdf(*pieces)}[name[-4:].strip(".")]
    found = read_mail("答复: [客诉 2611003] 请处理", "8D见附件", (name, made), sender=WORKER, In_Reply_To=NOTICE).reply
    assert found.intent is Intent.ANSWER
    assert found.sections == {
        "D3": "库存1200件全检", "D4_occurrence": "补正值输错", "D4_escape": "首件漏检", "D5": "补正值自动回传",
        "D6": "连续3批无不良", "D7": "更新作业指导书",
    }  # fmt: skip


@pytest.mark.parametrize("ending", ["xlsx", "docx", "pdf"])
@pytest.mark.parametrize("data", [b"", b"PK\x03\x04 cut", b"%PDF-1.7 cut", files.sheet(["a"])[:-40], files.pdf()[:300]])
def test_a_damaged_file_states_nothing_and_the_mail_counts(read_mail, ending, data):
    found = read_mail("投诉", "前端盖 BF-2207 有 30 件开裂，见附件。", (f"客诉单.{ending}", data))
    assert (found.facts["part_no"], found.forms) == ("BF-2207", ())
    assert [one.name for one in found.evidence] == [f"客诉单.{ending}"]


def test_a_scanned_pdf_states_nothing():
    assert pdf.lines_of(files.pdf()) == []


ENTITIES = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaaaaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'


@pytest.mark.parametrize(
    "content",
    [ENTITIES, ENTITIES.encode("utf-16"), "<worksheet>" + " " * 50_000_000, "<worksheet><c>", "<worksheet/>"],
    ids=["entities", "entities in UTF-16", "a bomb", "cut", "empty"],
)
def test_a_hostile_part_of_a_form_states_nothing(read_mail, content):
    form = files.with_part(files.sheet(*BESIDE), "xl/worksheets/sheet1.xml", content)
    found = read_mail("投诉", "前端盖有 30 件开裂，见附件。", ("客诉单.xlsx", form))
    assert (found.forms, found.facts["quantity_defective"]) == ((), 30)


def test_a_form_of_more_members_than_office_writes_is_not_opened():
    out = io.BytesIO(files.sheet(*BESIDE))
    with zipfile.ZipFile(out, "a") as archive:
        for number in range(3000):
            archive.writestr(f"xl/{number}", b"")
    assert sheets.tables_of(out.getvalue()) == []


def test_a_pdf_is_read_no_further_than_a_form_goes():
    many = [(n % 500, 800 - n // 50, "断裂") for n in range(9000)]
    assert pdf.lines_of(files.pdf(*many)) == []
    assert pdf.lines_of(files.pdf((50, 700, "断裂"))) == ["断裂"]


def test_our_own_form_that_comes_back_is_no_complaint(read_mail):
    ours = "<dc:identifier>0b51ca6b-0000-4000-8000-000000000000/internal/2</dc:identifier>"
    form = files.word(["产品名称", "前端盖"], ["问题描述", "内径偏大"])
    assert read_mail("投诉", "见附件", ("8D.docx", form)).forms
    core = f'<?xml version="1.0"?><p xmlns:dc="http://purl.org/dc/elements/1.1/">{ours}</p>'
    assert not read_mail("投诉", "见附件", ("8D.docx", files.with_part(form, "docProps/core.xml", core))).forms
