"""People write into old threads: what tells of another product or symptom is a complaint of its own."""

import pytest

from tests.cast import LI, LIN, QUALITY, WANG
from tests.scenarios.test_default_profile import CASE, complain

NEW = "2611002"
OTHER_PART = """另外，昨天到货的编码器盖也有问题：
产品名称：编码器盖
产品型号：EC-1180
批次号：20261102-01
不良数量：25
问题描述：卡扣开裂，无法装配
请一并处理。"""
OTHER_SYMPTOM = "王工，你好：这次又发现新的问题，前端盖 20261020-02 批有 15 件表面生锈，请尽快处理。"
NO_OTHER = [
    "问题描述补充：轴承室内径偏大，复测 12 件不良，前端盖需要全检。",
    "更正：产品型号应为 BF-2208，轴承室偏大。",
    "请问什么时候能给 8D？产线等着用。",
    "又收到 300 件，轴承室内径还是偏大，非常不满意。",
    "补充：同批还有 20 件在途。",
    "不接受！原因和上次一模一样，轴承室划伤的照片也没有。另外 2600 元返工费到现在没有答复。",
    "10月20日出货三台，合同约定保修两年，之前没有投诉。",
    "另外，请把检验记录和包装标签的照片也发给我们。",
]


@pytest.mark.parametrize(("text", "wrong"), [(OTHER_PART, "开裂"), (OTHER_SYMPTOM, "生锈")])
def test_what_a_customer_writes_of_another_trouble_in_an_old_thread_is_a_case_of_its_own(desk, text, wrong):
    complain(desk)
    receipt = desk.last(LI)
    desk.forget()
    desk.reply(LI, receipt, text)
    assert wrong in desk.row(NEW)["phenomenon"]
    assert wrong not in desk.row(CASE)["phenomenon"]
    assert CASE in desk.row(NEW)["related"]
    assert NEW in desk.last(LI).subject
    assert CASE in desk.last(WANG, NEW).text


@pytest.mark.parametrize("text", NO_OTHER)
def test_more_of_the_same_is_no_case_of_its_own(desk, text):
    complain(desk)
    desk.reply(LI, desk.last(LI), text)
    assert list(desk.rows) == [CASE]


def test_what_a_salesperson_passes_on_in_an_old_thread_is_a_case_of_its_own_too(desk):
    complain(desk)
    desk.reply(LIN, desk.last(LI), OTHER_PART)
    assert "开裂" in desk.row(NEW)["phenomenon"]


def test_what_a_department_writes_of_another_product_is_its_answer(desk):
    complain(desk)
    desk.press(WANG, desk.last(WANG, "核实"), "成立")
    desk.reply(
        QUALITY, desk.last(QUALITY), "D3 临时措施：库存编码器盖 EC-1180 一并检查 120 件，卡扣开裂 2 件，已隔离。"
    )
    assert list(desk.rows) == [CASE]
