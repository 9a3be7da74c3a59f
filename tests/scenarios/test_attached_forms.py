"""A complaint whose facts stand in a file that is attached: the ledger holds them as if they stood in the mail."""

import sys

import pytest

from tests.cast import LI, LIN, QUALITY, WANG
from tests.intake import files, outlook
from tests.scenarios.test_default_profile import CASE

FORM = files.sheet(
    ["客诉单", None, None, None],
    ["客户名称", "北方电机制造有限公司", "收货工厂", "沈阳一厂"],
    ["产品名称", "前端盖", "产品型号", "BF-2207"],
    ["批次号", "20261020-02", "订单号", "PO88120045"],
    ["交货数量", 3000, "不良数量", 30],
    ["问题描述", "轴承室内径偏大0.03mm，装配后轴承松动。", None, None],
    ["处理要求", "请提供8D报告。", "联系人", "李娜"],
    merged=["A1:D1", "B6:D6"],
)
ROW = {
    "customer": "北方电机制造有限公司", "site": "沈阳一厂", "product_name": "前端盖", "part_no": "BF-2207",
    "batch_no": "20261020-02", "order_no": "PO88120045", "quantity_delivered": 3000, "quantity_defective": 30,
    "phenomenon": "轴承室内径偏大0.03mm，装配后轴承松动。", "demand": "请提供8D报告。", "contact_name": "李娜",
}  # fmt: skip


@pytest.mark.parametrize("sender", [f"李娜 <{LI}>", f"林佳怡 <{LIN}>"])
def test_a_complaint_that_stands_only_in_an_attached_form_is_a_full_row(desk, sender):
    desk.put(
        files.letter("质量投诉", "您好：\n\n详见附件，请尽快处理。", ("客诉单.xlsx", FORM), sender=sender).as_bytes()
    )
    row = desk.row(CASE)
    assert {key: row[key] for key in ROW} == ROW
    assert "轴承松动" in desk.last(QUALITY).text
    assert "BF-2207" in desk.last(WANG, "核实").text


SAVED = outlook.msg(
    {outlook.HEADERS: f"From: 李娜 <{LI}>\r\nSubject: 质量投诉\r\n\r\n", outlook.BODY: "您好，详见附件，请尽快处理。"},
    {outlook.LONG_NAME: "客诉单.xlsx", outlook.DATA: FORM},
)


def forwarded(desk):
    file = ("质量投诉.msg", SAVED)
    desk.put(files.letter("转发：质量投诉", "请处理客户投诉。", file, sender=f"林佳怡 <{LIN}>").as_bytes())


def test_a_saved_mail_that_a_colleague_attaches_is_the_customers_complaint(desk):
    forwarded(desk)
    row = desk.row(CASE)
    assert {key: row[key] for key in ROW} == ROW
    assert (row["contact_email"], CASE in desk.last(LIN).subject) == (LI, True)
    assert [file.name for file in desk.desk.store.case_numbered(CASE).evidence] == ["质量投诉.msg", "客诉单.xlsx"]


def test_a_saved_mail_that_cannot_be_opened_is_told_and_kept(desk, monkeypatch):
    monkeypatch.setitem(sys.modules, "olefile", None)  # as if the extra were not installed
    forwarded(desk)
    told = [one.text for one in desk.happened if one.event == "mail.closed"]
    assert len(told) == 1
    assert "质量投诉.msg" in told[0]
    assert "kesu[outlook]" in told[0]
