"""A complaint whose facts stand in a file that is attached: the ledger holds them as if they stood in the mail."""

import pytest

from tests.cast import LI, LIN, QUALITY, WANG
from tests.intake import files
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
